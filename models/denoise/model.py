"""From what is heard of a strip to 128 gains, one hop of 256 frames (5.3 ms) at a time; the state is all it remembers.

Two paths meet: a dense layer and two GRUs that know what is going on in the whole spectrum and for how long; and small convolutions over
neighbouring bands, the same for all of them, that see where a harmonic stands out from what is beside it.

`python -m models.denoise.model` prints parameters and multiplications, and checks that it hears only the past.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.denoise.looks import FINE, HOP, INPUTS, RATE

SIZE, LOCAL, HEADS = 208, 8, 3


class Denoiser(nn.Module):
    """Whole sequences, for training. x: (hops, batch, INPUTS) as Looks.inputs gives them; out: (hops, batch, FINE) roots of gains, 0..1."""

    def __init__(self, size: int = SIZE, dropout: float = 0.0, *, local: bool = True) -> None:
        super().__init__()
        self.size = size
        self.local = Local(size) if local else None
        self.dense = nn.Linear(INPUTS, size)
        self.first, self.second = nn.GRU(size, size), nn.GRU(size, size)
        self.gains = nn.Linear(3 * size, (HEADS if local else 1) * FINE)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """`state`: (2, batch, size)."""
        hops, batch, _ = x.shape
        near = self.local.see(x[..., :FINE].flatten(0, 1)) if self.local else None
        a = self.dense(x)
        a = torch.tanh(a + self.local.tell(near).view(hops, batch, -1) if self.local else a)
        b, h1 = self.first(self.dropout(a), state[:1])
        c, h2 = self.second(self.dropout(b), state[1:])
        wide = self.gains(self.dropout(torch.cat([a, b, c], -1)))
        if self.local:
            wide = self.local.say(wide.flatten(0, 1).view(-1, HEADS, FINE), near).view(hops, batch, FINE)
        return torch.sigmoid(wide), torch.cat([h1, h2])


class Alike(nn.Module):
    """What convolutions over the bands have in common: `fewer` and `told` tell the whole what they see, `join` and `out` say what comes of both."""

    def tell(self, near: Tensor) -> Tensor:
        return self.told(torch.relu(self.fewer(near)).flatten(1))

    def say(self, wide: Tensor, near: Tensor) -> Tensor:
        first = nn.functional.conv1d(wide, self.first_alone)
        return (self.out(torch.relu(self.join(torch.cat([near, wide], 1)))) + first)[:, 0]


class Local(Alike):
    """What is done alike for all fine bands. (rows, channels, bands)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv1d(1, LOCAL, 7, padding=3), nn.Conv1d(LOCAL, LOCAL, 5, padding=2)
        self.fewer = nn.Conv1d(LOCAL, LOCAL, 4, stride=4)
        self.told = nn.Linear(LOCAL * FINE // 4, size)
        self.join, self.out = nn.Conv1d(LOCAL + HEADS, 12, 5, padding=2), nn.Conv1d(12, 1, 5, padding=2)
        self.register_buffer("first_alone", torch.eye(HEADS)[:1, :, None], persistent=False)          # a cut that knows no rows

    def see(self, x: Tensor) -> Tensor:
        return torch.relu(self.second(torch.relu(self.first(x[:, None]))))


class Step(nn.Module):
    """One hop with the weights of a Denoiser, of operations that TFLite has. All (batch, .)."""

    def __init__(self, model: Denoiser) -> None:
        super().__init__()
        self.local = model.local
        self.dense = nn.ModuleList([columns_of(model.dense, slice(0, FINE), bias=True), columns_of(model.dense, slice(FINE, INPUTS), bias=False)])
        self.cells = nn.ModuleList([Cell(model.first), Cell(model.second)])
        whole = (slice(n * model.size, (n + 1) * model.size) for n in range(3))           # of a concatenation: each part has its own range
        self.parts = nn.ModuleList(columns_of(model.gains, part, bias=part.start == 0) for part in whole)

    def forward(self, fine: Tensor, x: Tensor, h1: Tensor, h2: Tensor) -> dict[str, Tensor]:
        """fine, x: the first FINE numbers of a hop and the others, apart, since TFLite does not cut rows of any number."""
        near = self.local.see(fine) if self.local else None
        a = self.dense[0](fine) + self.dense[1](x)
        a = torch.tanh(a + self.local.tell(near) if self.local else a)
        h1 = self.cells[0](a, h1)
        h2 = self.cells[1](h1, h2)
        wide = self.parts[0](a) + self.parts[1](h1) + self.parts[2](h2)
        if self.local:
            wide = self.local.say(wide.view(-1, HEADS, FINE), near)
        return {"gains": torch.sigmoid(wide), "h1": h1, "h2": h2}
class Cell(nn.Module):
    """A GRU step (Cho et al. 2014, as PyTorch has it) for int8: h' = h + u (n - h), n = tanh(W x + r (U h + b)), with u = 1 - z for PyTorch's gate z.

    A unit that remembers for long has u near 0. TFLite's sigmoid gives multiples of 1/256, 255/256 at most: so 0 is there and it keeps for ever what
    it should, while a z near 1 would be 255/256 and forget in 1.4 s. No slices, so that rows may be many.
    """

    def __init__(self, gru: nn.GRU) -> None:
        super().__init__()
        self.of_x = nn.ModuleList(_linear(gru, "ih", part) for part in range(3))
        self.of_h = nn.ModuleList(_linear(gru, "hh", part) for part in range(3))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        r = torch.sigmoid(self.of_x[0](x) + self.of_h[0](h))
        u = torch.sigmoid(self.of_x[1](x) + self.of_h[1](h))
        n = torch.tanh(self.of_x[2](x) + r * self.of_h[2](h))
        return h + u * (n - h)


def columns_of(whole: nn.Linear, columns: slice, *, bias: bool) -> nn.Linear:
    """What a layer makes of some of its inputs."""
    weight = whole.weight[:, columns].detach().clone()
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight = nn.Parameter(weight)
    layer.bias = nn.Parameter(whole.bias.detach().clone() if bias else torch.zeros_like(whole.bias))
    return layer


def _linear(gru: nn.GRU, which: str, part: int) -> nn.Linear:
    """Reset gate, update gate with its sign turned (1 - z is the sigmoid of the opposite), new state."""
    rows, sign = slice(part * gru.hidden_size, (part + 1) * gru.hidden_size), -1 if part == 1 else 1
    weight, bias = getattr(gru, f"weight_{which}_l0")[rows], getattr(gru, f"bias_{which}_l0")[rows]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight, layer.bias = nn.Parameter(sign * weight.detach()), nn.Parameter(sign * bias.detach())
    return layer


@torch.no_grad()
def main() -> None:
    torch.manual_seed(1)
    model = Denoiser().eval()
    parameters = sum(p.numel() for p in model.parameters())
    alike = sum(layer.weight.numel() * FINE // layer.stride[0] for layer in model.modules() if isinstance(layer, nn.Conv1d))
    dense = sum(p.numel() for layer in model.modules() if isinstance(layer, nn.Linear | nn.GRU) for p in layer.parameters() if p.dim() > 1)
    print(f"{parameters} parameters, {(dense + alike) * RATE / HOP / 1e6:.0f} M multiplications a second and channel")
    x, still = torch.randn(60, 1, INPUTS), torch.zeros(2, 1, model.size)
    other = x.clone()
    other[30:] = torch.randn(30, 1, INPUTS)
    whole = model(x, still)[0]
    same = torch.equal(whole[:30], model(other, still)[0][:30])
    step, state, worst = Step(model), {"h1": torch.zeros(1, model.size), "h2": torch.zeros(1, model.size)}, 0.0
    for hop in range(60):
        out = step(x[hop, :, :FINE], x[hop, :, FINE:], state["h1"], state["h2"])
        state = {"h1": out["h1"], "h2": out["h2"]}
        worst = max(worst, float((out["gains"] - whole[hop]).abs().max()))
    print(f"changing what comes later changes nothing before: {same}; step against sequence: {worst:.1e}")


if __name__ == "__main__":
    main()
