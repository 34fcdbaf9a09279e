"""Dense, two GRUs, dense: from what is heard of a strip to 32 gains, one hop of 256 frames (5.3 ms) at a time; the state is all it remembers.

`python -m models.denoise.model` prints parameters and multiplications, and checks that it hears only the past.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.denoise import features

SIZE = 160
CLIP = 5.0                 # standardised inputs are kept within, as int8 will
INPUT_SCALE = CLIP / 127


class Denoiser(nn.Module):
    """Whole sequences, for training. x: (hops, batch, INPUTS) as features.inputs gives them; out: (hops, batch, BANDS) roots of gains, 0..1."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: int = SIZE) -> None:
        super().__init__()
        self.size = size
        self.dense = nn.Linear(features.INPUTS, size)
        self.first, self.second = nn.GRU(size, size), nn.GRU(size, size)
        self.gains = nn.Linear(3 * size, features.BANDS)
        self.register_buffer("mean", torch.zeros(features.INPUTS))
        self.register_buffer("deviation", torch.ones(features.INPUTS))

    def standardise(self, x: Tensor) -> Tensor:
        return ((x - self.mean) / self.deviation).clamp(-CLIP, CLIP)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`state`: (2, batch, size), None at the beginning."""
        h1, h2 = (None, None) if state is None else (state[:1], state[1:])
        a = torch.tanh(self.dense(self.standardise(x)))
        b, h1 = self.first(a, h1)
        c, h2 = self.second(b, h2)
        return torch.sigmoid(self.gains(torch.cat([a, b, c], -1))), torch.cat([h1, h2])


class Step(nn.Module):
    """One hop with the weights of a Denoiser, of operations that TFLite has; inputs are standardised already. All (batch, .)."""

    def __init__(self, model: Denoiser) -> None:
        super().__init__()
        self.dense, self.out = model.dense, model.gains
        self.cells = nn.ModuleList([_Cell(model.first), _Cell(model.second)])

    def forward(self, x: Tensor, h1: Tensor, h2: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        a = torch.tanh(self.dense(x))
        h1 = self.cells[0](a, h1)
        h2 = self.cells[1](h1, h2)
        return torch.sigmoid(self.out(torch.cat([a, h1, h2], -1))), h1, h2


class _Cell(nn.Module):
    """A GRU step (Cho et al. 2014, as PyTorch has it): h' = n + z (h - n), n = tanh(W x + r (U h + b))."""

    def __init__(self, gru: nn.GRU) -> None:
        super().__init__()
        size = gru.hidden_size
        self.gates_x, self.new_x = _linear(gru, "ih", slice(0, 2 * size)), _linear(gru, "ih", slice(2 * size, None))
        self.gates_h, self.new_h = _linear(gru, "hh", slice(0, 2 * size)), _linear(gru, "hh", slice(2 * size, None))
        self.size = size

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        gates = torch.sigmoid(self.gates_x(x) + self.gates_h(h))
        r, z = gates[:, : self.size], gates[:, self.size:]
        n = torch.tanh(self.new_x(x) + r * self.new_h(h))
        return n + z * (h - n)


def _linear(gru: nn.GRU, which: str, rows: slice) -> nn.Linear:
    weight, bias = getattr(gru, f"weight_{which}_l0")[rows], getattr(gru, f"bias_{which}_l0")[rows]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight, layer.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return layer


def main() -> None:
    torch.manual_seed(1)
    model = Denoiser()
    parameters = sum(p.numel() for p in model.parameters())
    weights = sum(p.numel() for p in model.parameters() if p.dim() > 1)
    print(f"{parameters} parameters, {weights * features.RATE / features.HOP / 1e6:.0f} M multiplications a second and channel")
    x = torch.randn(60, 1, features.INPUTS)
    other = x.clone()
    other[30:] = torch.randn(30, 1, features.INPUTS)
    same = torch.equal(model(x)[0][:30], model(other)[0][:30])
    step, state = Step(model), torch.zeros(2, 1, model.size)
    h1, h2, worst = state[0], state[1], 0.0
    whole = model(x)[0]
    for hop in range(60):
        gain, h1, h2 = step(model.standardise(x[hop]), h1, h2)
        worst = max(worst, float((gain - whole[hop]).abs().max()))
    print(f"changing what comes later changes nothing before: {same}; step against sequence: {worst:.1e}")


if __name__ == "__main__":
    main()
