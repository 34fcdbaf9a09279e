"""Four convolutions over time and bands, then what was there on the average and at the most: from 3 s of a strip to 16 classes.

`python -m models.recognise.model` prints parameters and multiplications.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from gigbox.brain.who.recogniser import BANDS, CLASSES, FRAMES

WIDTHS = (32, 64, 128, 160)
STRIDES = ((2, 2), (2, 2), (2, 2), (2, 1))      # of time and bands
LAST = 80                  # of a convolution over all bands that are left


class Recogniser(nn.Module):
    """x: (batch, FRAMES, BANDS, 1) and level: (batch, 1) as brain.who.recogniser.standardise gives them; out: (batch, classes) before the softmax."""

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for n, (width, stride) in enumerate(zip(WIDTHS, STRIDES, strict=True)):
            size = 3 if n else 5
            layers += [nn.Conv2d(WIDTHS[n - 1] if n else 1, width, size, stride, size // 2, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.Conv2d(WIDTHS[-1], LAST, (1, 4), bias=False), nn.BatchNorm2d(LAST), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.mean, self.most, self.level = nn.Linear(LAST, len(CLASSES)), nn.Linear(LAST, len(CLASSES), bias=False), nn.Linear(1, len(CLASSES), bias=False)

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        heard = self.body(x.permute(0, 3, 1, 2))
        most = functional.max_pool2d(heard, (heard.shape[2], 1)).mean((2, 3))      # a maximum that TFLite has in int8
        mean = heard.mean((2, 3))
        return self.mean(self.dropout(mean)) + self.most(self.dropout(most)) + self.level(level)


def multiplications(model: Recogniser) -> int:
    """A look."""
    count = 0

    def seen(layer: nn.Module, _: object, out: Tensor) -> None:
        nonlocal count
        if isinstance(layer, nn.Conv2d):
            count += out[0].numel() * layer.weight[0].numel()
        elif isinstance(layer, nn.Linear):
            count += layer.weight.numel()

    handles = [layer.register_forward_hook(seen) for layer in model.modules()]
    model.eval()(torch.zeros(1, FRAMES, BANDS, 1), torch.zeros(1, 1))
    for handle in handles:
        handle.remove()
    return count


def main() -> None:
    model = Recogniser()
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {multiplications(model) / 1e6:.2f} M multiplications a look")


if __name__ == "__main__":
    main()
