"""What a share is judged by: the error that it leaves in the voice, which is the same that it leaves in all else, since both are shares of one record."""

from __future__ import annotations

import torch
from torch import Tensor

from models.split.looks import Ears

POWER = 0.3                     # of powers: what is compared is near to loudness
ZERO = 1e-5                     # power under which nothing matters; the mean of a record is 1
WHOLE = 0.02                    # of the error of a sequence as a whole, in dB, beside that of each band and step
BLIND = 0.02                    # above what a recording can hold


def loss(ears: Ears, share: Tensor, record: Tensor, wanted: Tensor, limit: Tensor) -> Tensor:
    """(steps, n, FINE) share that is said, power of the record, and share that the voice has; (n,) Hz. With a share g the error |g X - V|^2 is
    |X|^2 (g - w)^2 and what no share can mend; that of the rest, (1 - g) X - B, is the same."""
    weight = torch.where(limit[:, None] > ears.hz, torch.where(ears.hz > 8500, 0.5, 1.0), BLIND)
    apart = (share - wanted).square()
    local = (weight * (record + ZERO) ** POWER * apart).mean()
    wide = weight * ears.wide * record
    error, least = (wide * apart).sum((0, 2)), (wide * wanted * (1 - wanted)).sum((0, 2))
    of = torch.minimum((wide * wanted.square()).sum((0, 2)), (wide * (1 - wanted).square()).sum((0, 2))) + 0.03 * wide.sum((0, 2)) + ZERO
    return local + WHOLE * (10 * torch.log10((error + 0.3 * least) / of + 1e-3)).mean()
