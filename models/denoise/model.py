"""Dense, two GRUs, dense: from what is heard of a strip to 32 gains, one hop of 256 frames (5.3 ms) at a time; the state is all it remembers.

`python -m models.denoise.model` prints parameters and multiplications, and checks that it hears only the past.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.denoise import features

SIZE = 160


class Denoiser(nn.Module):
    """Whole sequences, for training. x: (hops, batch, INPUTS) as features.inputs gives them; out: (hops, batch, BANDS) roots of gains, 0..1."""

    def __init__(self, size: int = SIZE, dropout: float = 0.0) -> None:
        super().__init__()
        self.size = size
        self.dense = nn.Linear(features.INPUTS, size)
        self.first, self.second = Recurrent(size), Recurrent(size)
        self.gains = nn.Linear(3 * size, features.BANDS)
        self.dropout = nn.Dropout(dropout)

    def round(self, on: bool) -> None:
        """Whether states and gates are rounded as int8 will round them."""
        self.first.rounded = self.second.rounded = on

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`state`: (2, batch, size), None at the beginning."""
        h1, h2 = (None, None) if state is None else (state[0], state[1])
        a = torch.tanh(self.dense(x))
        b = self.first(self.dropout(a), h1)
        c = self.second(self.dropout(b), h2)
        return torch.sigmoid(self.gains(self.dropout(torch.cat([a, b, c], -1)))), torch.stack([b[-1], c[-1]])


class Recurrent(nn.GRU):
    """A GRU layer that can learn to live with int8: where `rounded`, state, update gate and their products are rounded as TFLite rounds them.

    Left alone, a GRU learns update gates so near to 1 that 256 steps cannot tell them from 1, and int8 then forgets too soon.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size, size)
        self.rounded = False

    def forward(self, x: Tensor, state: Tensor | None = None) -> Tensor:      # type: ignore[override]
        """x: (hops, batch, size), state: (batch, size); out: the state of every hop, (hops, batch, size)."""
        if not self.rounded:
            return super().forward(x, None if state is None else state[None])[0]
        h = x.new_zeros(x.shape[1], self.hidden_size) if state is None else state.to(x.dtype)
        from_x = nn.functional.linear(x, self.weight_ih_l0, self.bias_ih_l0)
        return _recur(from_x, h, self.weight_hh_l0, self.bias_hh_l0)


@torch.jit.script
def _recur(from_x: Tensor, h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    states: list[Tensor] = []
    for gx in from_x.unbind(0):
        r_x, z_x, n_x = gx.chunk(3, 1)
        r_h, z_h, n_h = torch.nn.functional.linear(h, weight, bias).chunk(3, 1)
        r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
        n = torch.tanh(n_x + r * n_h)
        z = torch.fake_quantize_per_tensor_affine(z, 1 / 256, 0, 0, 255)
        away = torch.fake_quantize_per_tensor_affine(z * torch.fake_quantize_per_tensor_affine(h - n, 2 / 128, 0, -128, 127), 2 / 128, 0, -128, 127)
        h = torch.fake_quantize_per_tensor_affine(n + away, 1 / 128, 0, -128, 127)
        states.append(h)
    return torch.stack(states)


class Step(nn.Module):
    """One hop with the weights of a Denoiser, of operations that TFLite has. All (batch, .)."""

    def __init__(self, model: Denoiser) -> None:
        super().__init__()
        self.dense = model.dense
        self.cells = nn.ModuleList([_Cell(model.first), _Cell(model.second)])
        self.parts = nn.ModuleList(_part(model.gains, part, 3) for part in range(3))      # of a concatenation, each with its own range

    def forward(self, x: Tensor, h1: Tensor, h2: Tensor) -> dict[str, Tensor]:
        a = torch.tanh(self.dense(x))
        h1 = self.cells[0](a, h1)
        h2 = self.cells[1](h1, h2)
        return {"gains": torch.sigmoid(self.parts[0](a) + self.parts[1](h1) + self.parts[2](h2)), "h1": h1, "h2": h2}


class _Cell(nn.Module):
    """A GRU step (Cho et al. 2014, as PyTorch has it): h' = n + z (h - n), n = tanh(W x + r (U h + b)). No slices, so that rows may be many."""

    def __init__(self, gru: nn.GRU) -> None:
        super().__init__()
        self.of_x = nn.ModuleList(_linear(gru, "ih", part) for part in range(3))
        self.of_h = nn.ModuleList(_linear(gru, "hh", part) for part in range(3))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        r = torch.sigmoid(self.of_x[0](x) + self.of_h[0](h))
        z = torch.sigmoid(self.of_x[1](x) + self.of_h[1](h))
        n = torch.tanh(self.of_x[2](x) + r * self.of_h[2](h))
        return n + z * (h - n)


def _part(whole: nn.Linear, part: int, parts: int) -> nn.Linear:
    width = whole.in_features // parts
    layer = nn.Linear(width, whole.out_features)
    layer.weight = nn.Parameter(whole.weight[:, part * width:(part + 1) * width].detach().clone())
    layer.bias = nn.Parameter(whole.bias.detach().clone() if part == 0 else torch.zeros_like(whole.bias))
    return layer


def _linear(gru: nn.GRU, which: str, part: int) -> nn.Linear:
    rows = slice(part * gru.hidden_size, (part + 1) * gru.hidden_size)
    weight, bias = getattr(gru, f"weight_{which}_l0")[rows], getattr(gru, f"bias_{which}_l0")[rows]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight, layer.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return layer


@torch.no_grad()
def main() -> None:
    torch.manual_seed(1)
    model = Denoiser()
    parameters = sum(p.numel() for p in model.parameters())
    weights = sum(p.numel() for p in model.parameters() if p.dim() > 1)
    print(f"{parameters} parameters, {weights * features.RATE / features.HOP / 1e6:.0f} M multiplications a second and channel")
    x = torch.randn(60, 1, features.INPUTS)
    other = x.clone()
    other[30:] = torch.randn(30, 1, features.INPUTS)
    whole = model(x)[0]
    same = torch.equal(whole[:30], model(other)[0][:30])
    step, state, worst = Step(model), {"h1": torch.zeros(1, model.size), "h2": torch.zeros(1, model.size)}, 0.0
    for hop in range(60):
        out = step(x[hop], state["h1"], state["h2"])
        state = {"h1": out["h1"], "h2": out["h2"]}
        worst = max(worst, float((out["gains"] - whole[hop]).abs().max()))
    print(f"changing what comes later changes nothing before: {same}; step against sequence: {worst:.1e}")


if __name__ == "__main__":
    main()
