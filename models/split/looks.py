"""What the model hears of a record, every other hop, and what it should have said: powers of both sides and of what they share, in the core's fine bands.

Windows and bands are the core's own (`pack.py` asks it); what is made of their powers is `splitter.Ear`, written here for whole sequences:

    PYTHONPATH=firmware:. python -m models.split.looks PACK/looks.npz

tells how far the two are apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from gigbox.rack import FINE_BANDS, HOP, RATE
from models.denoise.looks import AHEAD, Looks
from models.split.splitter import CLIP, LATELY, LAYERS, LEAST, PACE, REFERENCE_FALLS, REFERENCE_LEAST, SILENT, STANDARD

__all__ = ["CLIP", "FINE", "LAYERS", "RATE", "STEP", "Ears", "Heard"]

FINE, STEP = FINE_BANDS, PACE * HOP
HEARD = AHEAD[128] + (PACE - 1) * HOP // 2      # frames behind the end of a step where its gain is heard, on average


@dataclass
class Heard:
    """(steps, n, LAYERS, FINE) inputs; (steps, n, FINE) power of the record where a gain is heard, and the voice's share of it; (n,) whole powers are 1."""

    x: Tensor
    record: Tensor
    share: Tensor


class Ears:
    """The windows, and all that is made of them."""

    def __init__(self, path: Path) -> None:
        looks = Looks(path)
        self.window, self.bands, self.hz = looks.fine.window, looks.fine.bands, looks.hz
        self.target, self.target_bands = looks.target.window, looks.target.bands
        self.wide = looks.wide

    def _spectra(self, sound: Tensor, window: Tensor, end: int) -> Tensor:
        """(n, frames) to (n, steps, bins): step k ends behind frame (k + 1) * STEP, or `end` later."""
        steps, before = sound.shape[-1] // STEP, len(window) - STEP - end
        padded = nn.functional.pad(sound, (max(before, 0), end + STEP))[..., max(-before, 0):]
        return torch.fft.rfft(padded.unfold(-1, len(window), STEP)[..., :steps, :] * window, n=2048)[..., :-1]

    def hear(self, voice: Tensor, backing: Tensor) -> Heard:
        """(n, 2, frames) each."""
        record = voice + backing
        left, right = (self._spectra(record[:, side], self.window, 0) for side in (0, 1))
        power = torch.stack([_power(left), _power(right), (left.real * right.real + left.imag * right.imag)]) @ self.bands
        parts = [torch.stack([self._spectra(part[:, side], self.target, HEARD + len(self.target) // 2) for side in (0, 1)]) for part in (voice, record)]
        whole = _power(parts[1]).sum(0) @ self.target_bands
        cross = (parts[0].real * parts[1].real + parts[0].imag * parts[1].imag).sum(0) @ self.target_bands
        scale = 1 / (whole.mean((1, 2), keepdim=True) + float(LEAST))
        share = (cross / (whole + float(LEAST))).clamp(0, 1)
        return Heard(self.inputs(power).transpose(0, 1).contiguous(), (whole * scale).transpose(0, 1), share.transpose(0, 1))

    def inputs(self, power: Tensor) -> Tensor:
        """(3, n, steps, FINE) powers of left, right and what they share to (n, steps, LAYERS, FINE)."""
        left, right, common = power
        both = left + right
        level = 10 * torch.log10(both + float(LEAST))
        reference = self._reference(level.amax(-1))[..., None]
        lately = _lately(level)
        layers = (level - reference, level - torch.cat([level[:, :1], level[:, :-1]], 1), level - lately, 2 * common / (both + float(SILENT)),
                  (left - right).abs() / (both + float(SILENT)))
        return torch.stack([((part - mean) / deviation).clamp(-CLIP, CLIP) for part, (mean, deviation) in zip(layers, STANDARD, strict=True)], 2)

    def _reference(self, loudest: Tensor) -> Tensor:
        fallen = torch.arange(loudest.shape[-1]) * REFERENCE_FALLS
        return (loudest.clamp(min=REFERENCE_LEAST) + fallen).cummax(-1).values.sub(fallen).clamp(min=REFERENCE_LEAST)


def _power(spectra: Tensor) -> Tensor:
    return spectra.real.square() + spectra.imag.square()


def _lately(level: Tensor) -> Tensor:
    """The average that each step is held against: of those before, begun with the first."""
    out, now = np.empty(level.shape, np.float32), level[:, 0].numpy().copy()
    for step, heard in enumerate(level.numpy().swapaxes(0, 1)):
        out[:, step] = now
        now += (1 - LATELY) * (heard - now)
    return torch.from_numpy(out)


def main() -> None:
    import sys

    from models.split.splitter import FRAMES, SIZE, Ear

    ears, ear, rng = Ears(Path(sys.argv[1])), Ear(), np.random.default_rng(4)
    t = np.arange(200 * STEP) / RATE
    sound = (0.1 * 10 ** (-1.5 * (t * 2.3 % 1)) * rng.standard_normal((2, len(t))) + 0.05 * np.sin(2 * np.pi * 220 * t)).astype(np.float32)
    mine = ears.hear(torch.from_numpy(sound)[None], torch.zeros(1, 2, len(t))).x[:, 0].numpy()
    before, apart = np.pad(sound, ((0, 0), (FRAMES, 0))), 0.0
    for n in range(len(mine)):
        left, right = np.fft.rfft(before[:, (n + 1) * STEP:][:, :FRAMES] * ears.window.numpy(), SIZE)[:, :-1]
        power = np.stack([np.abs(left) ** 2, np.abs(right) ** 2, (left * right.conj()).real]).astype(np.float32) @ ears.bands.numpy()
        apart = max(apart, float(np.abs(ear.hear(power) - mine[n]).max()))
    print(f"{len(mine)} steps: {apart:.1e} at most")


if __name__ == "__main__":
    main()
