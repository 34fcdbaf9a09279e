"""What a gain is judged by: the sound that comes out where it is heard, against the wanted one. All (hops, batch, bands) powers, 0 dB for a whole pair.

Losing what is wanted counts more than leaving noise: for voices somewhat, for instruments and what begins just now a lot.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.denoise.looks import AHEAD, LEAST, SHORT_FRAMES, TARGET_FRAMES, Looks
from models.denoise.pairs import INSTRUMENT, NONE, SUNG, VOICE, Mixture

POWER = 0.3                     # of powers: what is compared is near to loudness
ZERO = 1e-7                     # power under which nothing matters
ONSET, ONSET_HOPS = 12.0, 24    # a sound begins where it is so many times as strong as it was on average over so many hops before
CHUNK = 64                      # sequences looked at in one go


@dataclass(frozen=True)
class Weights:
    """Of the parts of the loss; `kept_*`: how much more it counts that something wanted is lost."""

    loudness: float = 1.0
    wiener: float = 1.0
    mask: float = 0.05
    short: float = 0.5
    distortion: float = 0.006
    kept_voice: float = 0.5
    kept_music: float = 3.0
    onset: float = 2.0


@dataclass
class Batch:
    """Model inputs; per fine band the powers of the mixture and of the wanted sound and the Wiener gain where the gain is heard; the same powers in
    32 bands of a short window; weights of bands, of hops, and of what is lost."""

    x: Tensor
    mixture: Tensor
    wanted: Tensor
    wiener: Tensor
    short_mixture: Tensor
    short_wanted: Tensor
    weight: Tensor
    onset: Tensor
    kept: Tensor

    def part(self, first: int, count: int) -> Batch:
        hops = len(self.x)
        return Batch(*(a[first:first + count] if len(a) == hops else a for a in vars(self).values()))


def look_at(looks: Looks, m: Mixture, lookahead: int) -> Batch:
    """What the model hears of mixtures, and what it should have said."""
    n, device = len(m.sound), m.sound.device
    flags = torch.stack([m.role == VOICE, m.role == INSTRUMENT, torch.full((n,), bool(lookahead), device=device)], 1).float()
    target, short = (look.moved(AHEAD[lookahead] + frames // 2) for look, frames in ((looks.target, TARGET_FRAMES), (looks.short, SHORT_FRAMES)))
    found: list[list[Tensor]] = []
    for at in range(0, n, CHUNK):
        some = slice(at, at + CHUNK)
        x, s = target.spectra(m.sound[some]), target.spectra(m.wanted[some])
        mixture, wanted, cross = ((a.real * b.real + a.imag * b.imag) @ target.bands for a, b in ((x, x), (s, s), (x, s)))
        brief = [short.power(sound[some]) for sound in (m.sound, m.wanted)]
        found.append([looks.inputs(m.sound[some], flags[some]), *(a.transpose(0, 1) for a in (mixture, wanted, cross, *brief))])
    x, mixture, wanted, cross, short_mixture, short_wanted = (torch.cat(parts, 1) for parts in zip(*found, strict=True))
    wiener = (cross / (mixture + LEAST)).clamp(0, 1)
    scale = m.scale[:, None]
    weight = torch.where(m.limit[:, None] > looks.hz, torch.where(looks.hz > 8500, 0.5, 1.0), 0.02)
    kept = torch.where(m.kind <= SUNG, 0.0, torch.where(m.kind == NONE, 0.0, 1.0))[:, None]
    voice = (m.kind <= SUNG).float()[:, None]
    return Batch(x, mixture * scale, wanted * scale, wiener, short_mixture * scale, short_wanted * scale, weight[None], _onsets(short_wanted * scale),
                 torch.stack([voice, kept]))


def _onsets(wanted: Tensor) -> Tensor:
    """(hops, batch, 1) of 1 where a wanted sound has just begun."""
    level = wanted.sum(-1).T[:, None]
    past = nn.functional.avg_pool1d(nn.functional.pad(level, (ONSET_HOPS, 0)), ONSET_HOPS, 1)[..., :-1]
    loud = level > 1e-3 * level.amax(-1, keepdim=True)
    return ((level > ONSET * past) & loud).float()[:, 0].T[..., None]


def loss(looks: Looks, root: Tensor, b: Batch, w: Weights) -> Tensor:
    """root: square roots of the gains. With a gain g constant over a band the error |g X - S|^2 is |X|^2 (g - w)^2 and what no gain can mend."""
    gain = root * root
    kept = 1 + (gain < b.wiener) * (w.kept_voice * b.kept[0] + w.kept_music * b.kept[1]) * 1.0
    loudness = ((gain * gain * b.mixture + ZERO) ** POWER - (b.wanted + ZERO) ** POWER) ** 2
    error = (b.mixture + ZERO) ** POWER * (gain - b.wiener) ** 2
    mask = (root - b.wiener.sqrt()) ** 2
    soon = 1 + w.onset * b.onset
    local = (b.weight * soon * (kept * (w.loudness * loudness + w.wiener * error) + w.mask * mask)).mean()
    total = local + w.distortion * distortion(looks, gain, b)
    return total + w.short * _short(looks, gain, b, w) if w.short else total


def _short(looks: Looks, gain: Tensor, b: Batch, w: Weights) -> Tensor:
    """Loudness over 13 ms in 32 bands."""
    power = (gain * gain) @ looks.to_bands * b.short_mixture
    apart = (power + ZERO) ** POWER - (b.short_wanted + ZERO) ** POWER
    lost = 1 + (apart < 0) * (w.kept_voice * b.kept[0] + w.kept_music * b.kept[1])
    return ((1 + w.onset * b.onset) * lost * apart**2).mean()


def distortion(looks: Looks, gain: Tensor, b: Batch) -> Tensor:
    """Error to wanted power of each sequence in dB, none below -30, mean over the batch."""
    wide = b.weight * looks.wide
    error = (wide * (b.mixture * (gain - b.wiener) ** 2 + (b.wanted - b.wiener**2 * b.mixture).clamp(min=0))).sum((0, 2))
    power = (wide * (b.wanted + 0.01 * b.mixture)).sum((0, 2)) + ZERO
    return 10 * torch.log10(error / power + 1e-3).mean()
