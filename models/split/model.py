"""From what is heard of a record to the voice's share of 128 bands, one step of 512 frames (10.7 ms) at a time; the state is all it remembers.

Small convolutions over neighbouring bands, the same for all of them, see where a partial stands out and what is in the middle; a dense layer and two GRUs
know what goes on in the whole spectrum and for how long (models/denoise/model.py, whose int8 GRU step it shares).

`python -m models.split.model` prints parameters and multiplications, and checks that it hears only the past.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.denoise.model import Alike, Cell, columns_of
from models.split.looks import FINE, LAYERS, RATE, STEP

SIZE, LOCAL, FEWER, HEADS = 64, 8, 8, 2


class Splitter(nn.Module):
    """Whole sequences, for training. x: (steps, batch, LAYERS, FINE); out: (steps, batch, FINE), 0..1."""

    def __init__(self, size: int = SIZE) -> None:
        super().__init__()
        self.size = size
        self.near = Near(size)
        self.first, self.second = nn.GRU(size, size), nn.GRU(size, size)
        self.shares = nn.Linear(3 * size, HEADS * FINE)

    def forward(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """`state`: (2, batch, size)."""
        steps, batch = x.shape[:2]
        near = self.near.see(x.flatten(0, 1))
        a = torch.tanh(self.near.tell(near)).view(steps, batch, -1)
        b, h1 = self.first(a, state[:1])
        c, h2 = self.second(b, state[1:])
        wide = self.shares(torch.cat([a, b, c], -1)).flatten(0, 1).view(-1, HEADS, FINE)
        return torch.sigmoid(self.near.say(wide, near)).view(steps, batch, FINE), torch.cat([h1, h2])


class Near(Alike):
    """What is done alike for all bands. (rows, channels, bands)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv1d(LAYERS, LOCAL, 7, padding=3), nn.Conv1d(LOCAL, LOCAL, 3, padding=1)
        self.fewer = nn.Conv1d(LOCAL, FEWER, 4, stride=4)
        self.told = nn.Linear(FEWER * FINE // 4, size)
        self.join, self.out = nn.Conv1d(LOCAL + HEADS, LOCAL, 3, padding=1), nn.Conv1d(LOCAL, 1, 3, padding=1)
        self.register_buffer("first_alone", torch.eye(HEADS)[:1, :, None], persistent=False)          # a cut that knows no rows

    def see(self, x: Tensor) -> Tensor:
        return torch.relu(self.second(torch.relu(self.first(x))))


class Step(nn.Module):
    """One step with the weights of a Splitter, of operations that TFLite has. All (batch, .)."""

    def __init__(self, model: Splitter) -> None:
        super().__init__()
        self.near = model.near
        self.cells = nn.ModuleList([Cell(model.first), Cell(model.second)])
        whole = (slice(n * model.size, (n + 1) * model.size) for n in range(3))           # of a concatenation: each part has its own range
        self.parts = nn.ModuleList(columns_of(model.shares, part, bias=part.start == 0) for part in whole)

    def forward(self, x: Tensor, h1: Tensor, h2: Tensor) -> dict[str, Tensor]:
        near = self.near.see(x)
        a = torch.tanh(self.near.tell(near))
        h1 = self.cells[0](a, h1)
        h2 = self.cells[1](h1, h2)
        wide = (self.parts[0](a) + self.parts[1](h1) + self.parts[2](h2)).view(-1, HEADS, FINE)
        return {"share": torch.sigmoid(self.near.say(wide, near)), "h1": h1, "h2": h2}


@torch.no_grad()
def main() -> None:
    torch.manual_seed(1)
    model = Splitter().eval()
    parameters = sum(p.numel() for p in model.parameters())
    alike = sum(layer.weight.numel() * FINE // layer.stride[0] for layer in model.modules() if isinstance(layer, nn.Conv1d))
    dense = sum(p.numel() for layer in model.modules() if isinstance(layer, nn.Linear | nn.GRU) for p in layer.parameters() if p.dim() > 1)
    print(f"{parameters} parameters, {(dense + alike) * RATE / STEP / 1e6:.0f} M multiplications a second and pair")
    x, still = torch.randn(60, 1, LAYERS, FINE), torch.zeros(2, 1, model.size)
    other = x.clone()
    other[30:] = torch.randn(30, 1, LAYERS, FINE)
    whole = model(x, still)[0]
    same = torch.equal(whole[:30], model(other, still)[0][:30])
    step, state, worst = Step(model), {"h1": torch.zeros(1, model.size), "h2": torch.zeros(1, model.size)}, 0.0
    for n in range(60):
        out = step(x[n], **state)
        state = {name: out[name] for name in state}
        worst = max(worst, float((out["share"] - whole[n]).abs().max()))
    print(f"changing what comes later changes nothing before: {same}; step against sequence: {worst:.1e}")


if __name__ == "__main__":
    main()
