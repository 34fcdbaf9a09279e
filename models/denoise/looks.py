"""What the model hears, in torch: band powers of sounds through the C core's windows, and the numbers that the brain makes of them.

Windows and bands are the core's own: `pack.py` asks it for them, so that a machine without the core can train. Where there is one,

    python -m models.denoise.looks LOOKS.npz

plays a sound through the engine, and tells how far these numbers are from what the brain makes of its features.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

RATE, HOP = 48000, 256
FINE, BANDS, BRIEF_BANDS = 128, 32, 16
LEAST = 1e-12                       # added to every power before its logarithm, as in the core
MINIMUM_HOPS = 188                  # native/src/denoise.h
AHEAD = {0: 160, 128: 32}           # by look-ahead: frames behind the end of a hop where its gain is heard, on average
TARGET_FRAMES, SHORT_FRAMES = 1920, 640
WIDTHS = (FINE, BANDS, BANDS, BRIEF_BANDS)
FLAGS = 3                           # a voice, an instrument, with look-ahead
INPUTS = sum(WIDTHS) + FLAGS


@dataclass(frozen=True)
class Look:
    """A window and what it sums into bands. `bands`: (size / 2, n), each column a weighted mean over its bins; `end`: frames behind the hop."""

    window: Tensor
    size: int
    bands: Tensor
    end: int = 0

    def spectra(self, sound: Tensor) -> Tensor:
        """(n, frames) to (n, hops, bins) complex: hop k ends behind frame (k + 1) * HOP, or `end` later."""
        hops, before = sound.shape[-1] // HOP, len(self.window) - HOP - self.end
        padded = nn.functional.pad(sound, (max(before, 0), self.end + HOP))[..., max(-before, 0):]
        return torch.fft.rfft(padded.unfold(-1, len(self.window), HOP)[..., :hops, :] * self.window, n=self.size)[..., :-1]

    def power(self, sound: Tensor) -> Tensor:
        """(n, hops, bands)"""
        x = self.spectra(sound)
        return (x.real.square() + x.imag.square()) @ self.bands

    def moved(self, end: int) -> Look:
        return Look(self.window, self.size, self.bands, end)


class Looks:
    """All of them, on one device, and what is made of them."""

    def __init__(self, path: Path, device: torch.device | str = "cpu") -> None:
        file = np.load(path)
        self.standard, self.clip = file["standard"].tolist(), float(file["clip"])
        self.least, self.falls = float(file["reference_least"]), float(file["reference_falls"])
        self.hz = torch.from_numpy(file["fine_hz"].astype(np.float32)).to(device)
        self.band_hz = torch.from_numpy(file["whole_hz"].astype(np.float32)).to(device)
        self.fine, self.whole, self.brief = (Look(torch.from_numpy(file[f"{name}_window"]).to(device), size, torch.from_numpy(file[f"{name}_bands"]).to(device))
                                             for name, size in (("fine", 2048), ("whole", 1024), ("brief", 256)))
        self.target, self.short = _symmetric(self.fine, TARGET_FRAMES), _symmetric(self.whole, SHORT_FRAMES)
        self.spread = _spread().to(device)
        wide = self.hz.diff(prepend=2 * self.hz[:1] - self.hz[1:2])
        of_band = (self.band_hz[:, None] - self.hz).abs() <= 0.5 * (self.band_hz.diff(prepend=torch.zeros(1, device=device)))[:, None].clamp(min=30)
        share = of_band * wide
        self.to_bands = (share / share.sum(1, keepdim=True).clamp(min=1e-9)).T.contiguous()          # (FINE, BANDS): gains of fine bands in each band
        self.wide = wide / 1000

    def inputs(self, sound: Tensor, flags: Tensor) -> Tensor:
        """(n, frames) at 48 kHz and (n, FLAGS) to (hops, n, INPUTS)."""
        fine, whole, brief = (look.power(sound) for look in (self.fine, self.whole, self.brief))
        smooth, minimum = self.track(whole)
        fine, whole, brief, smooth, minimum = (10 * torch.log10(p + LEAST) for p in (fine, whole, brief, smooth, minimum))
        loud = self.reference(whole.amax(-1))[..., None]
        parts = (fine - loud, whole - loud, smooth - minimum, brief - loud)
        x = torch.cat([((part - mean) / deviation).clamp(-self.clip, self.clip) for part, (mean, deviation) in zip(parts, self.standard, strict=True)], -1)
        return torch.cat([x, flags[:, None].expand(-1, x.shape[1], -1)], -1).transpose(0, 1).contiguous()

    def track(self, power: Tensor) -> tuple[Tensor, Tensor]:
        """(n, hops, BANDS) to the smoothed power and its tracked minimum: the recursions of native/src/denoise.h, all hops at once."""
        n, hops, bands = power.shape
        around = (power @ self.spread + 0.5 * LEAST).transpose(0, 1)
        age = torch.arange(hops, device=power.device)[:, None] - torch.arange(hops, device=power.device)
        weight = torch.where(age >= 0, 0.12 * 0.88 ** age.clamp(min=0).double(), 0.0)
        weight[:, 0] = 0.88 ** torch.arange(hops, device=power.device).double()            # it begins with the first hop's power
        smooth = (weight.to(power.dtype) @ around.flatten(1)).view(hops, n, bands)
        turns = -(-hops // MINIMUM_HOPS)
        low = nn.functional.pad(smooth, (0, 0, 0, 0, 0, turns * MINIMUM_HOPS - hops), value=1e9).view(turns, MINIMUM_HOPS, n, bands)
        low = low.cummin(1).values
        low[1:] = torch.minimum(low[1:], torch.minimum(low[:-1, -1], low[1:, 0])[:, None])       # since the turn before the last
        return smooth.transpose(0, 1), low.flatten(0, 1)[:hops].transpose(0, 1)

    def reference(self, loudest: Tensor) -> Tensor:
        """(n, hops) dB of the loudest band to what everything is measured by: as loud as it was lately."""
        fallen = torch.arange(loudest.shape[-1], device=loudest.device) * (self.falls * HOP / RATE)
        return (loudest.clamp(min=self.least) + fallen).cummax(-1).values.sub(fallen).clamp(min=self.least)


def _symmetric(look: Look, frames: int) -> Look:
    """A Hann window for the loss, around where the gain is heard; the same bands, at the same level."""
    window = torch.hann_window(frames + 2, periodic=False, device=look.window.device)[1:-1]
    share = (look.window.square().sum() / window.square().sum()) ** 2
    return Look(window, look.size, look.bands * share)


def _spread() -> Tensor:
    spread = 0.5 * torch.eye(BANDS) + 0.25 * (torch.diag(torch.ones(BANDS - 1), 1) + torch.diag(torch.ones(BANDS - 1), -1))
    spread[0, 0] = spread[-1, -1] = 0.75
    return spread


def main() -> None:
    """The largest differences, in standard deviations: rounding of two spectra, and what is near to silence."""
    import sys

    from gigbox._core import ffi

    from gigbox.brain.denoise.denoiser import HEAD, Reference, standardise
    from gigbox.engine.core import Engine
    from gigbox.rack import CHANNELS, FEATURE_HOPS

    rng, t = np.random.default_rng(4), np.arange(3 * RATE // HOP * HOP) / RATE
    sound = (0.1 * 10 ** (-1.5 * (t * 2.3 % 1)) * rng.standard_normal(len(t)) + 0.01 * np.sin(2 * np.pi * 100 * t)).astype(np.float32)
    mine = Looks(Path(sys.argv[1])).inputs(torch.from_numpy(sound)[None], torch.tensor([[1.0, 0.0, 1.0]]))[:, 0].numpy()
    theirs, reference, first = [], Reference(), np.zeros(1, np.intp)
    with Engine(1, {"box/denoise": 2, "strip/1/denoise/amount": 18, "strip/1/role": 1}) as engine:
        for at in range(0, len(sound), HOP):
            engine.process(sound[at:at + HOP, None])
            newest = engine.rack.c.features[(int(engine.rack.c.hops) - 1) % FEATURE_HOPS]
            heard = np.frombuffer(ffi.buffer(ffi.addressof(newest)), np.float32)[HEAD:].reshape(-1, CHANNELS)[:, :1]
            theirs.append(standardise(heard, reference.hear(heard[:BANDS].max(axis=0), first), np.float32([[1, 0, 1]]))[0])
    apart = np.abs(mine - np.array(theirs))[8:]                  # a strip fades in over the first quantum
    print(f"{len(apart)} hops: {apart.max():.1e} at most, {apart.mean():.1e} on average")


if __name__ == "__main__":
    main()
