"""Held notes that nobody sang: harmonics of a glottal pulse through moving formants, with vibrato, breath, falsetto and growl; and pads of many voices.

Free recordings of singers are rare, and it is held notes that a denoiser takes for machines. Source and filter as in Fant (1960): a pulse train whose
spectrum falls by 6 to 18 dB an octave, four or five resonances of a vocal tract. All of a batch at once, on any device.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from models.denoise.looks import RATE

FRAMES_A_KNOT = 480                 # contours change within 10 ms at the fastest
VOWELS = torch.tensor([[730, 1090, 2440, 3400, 4500], [270, 2290, 3010, 3600, 4600], [300, 870, 2240, 3300, 4300], [530, 1840, 2480, 3500, 4500],
                       [570, 840, 2410, 3300, 4400], [660, 1720, 2410, 3400, 4500], [490, 1350, 1690, 3300, 4400]],
                      dtype=torch.float32)          # the lower three: Peterson and Barney 1952
HARMONICS = 64


def sung(n: int, frames: int, device: torch.device | str) -> Tensor:
    """(n, frames) of unit RMS: notes of 0.4 to 6 s in a row, at times with pauses."""
    knots = frames // FRAMES_A_KNOT + 2
    rand = lambda *shape, low=0.0, high=1.0: torch.empty(shape, device=device).uniform_(low, high)       # noqa: E731
    notes = 16
    length = torch.where(rand(n, 1) < 0.5, rand(n, notes, low=0.25, high=1.2), rand(n, notes, low=1.0, high=6.0)) * RATE / FRAMES_A_KNOT
    start = torch.cumsum(length, 1) - length - rand(n, 1, high=100)
    t = torch.arange(knots, device=device, dtype=torch.float32).expand(n, -1).contiguous()
    note = (torch.searchsorted(start.contiguous(), t, right=True) - 1).clamp(0, notes - 1)
    low = rand(n, 1, low=math.log2(80), high=math.log2(500))
    pitch = low + rand(n, notes, low=-0.7, high=0.7).mul(12).round() / 12
    pitch = _glide(pitch.gather(1, note), 8)
    vibrato = rand(n, 1, high=0.045) * (rand(n, 1) < 0.7) * torch.sin(2 * math.pi * torch.cumsum(rand(n, 1, low=4.2, high=7.0) * FRAMES_A_KNOT / RATE
                                                                                                + 0.02 * torch.randn(n, knots, device=device), 1))
    drift = _glide(0.03 * torch.randn(n, knots, device=device), 40)
    hz = 2 ** (pitch + vibrato + drift)
    local = t - start.gather(1, note)
    left = length.gather(1, note) - local
    legato = rand(n, 1) < 0.4
    attack, release = rand(n, 1, low=1, high=25), rand(n, 1, low=2, high=40)
    rest = rand(n, notes, high=0.5) * (rand(n, notes) < 0.35) * length
    envelope = torch.where(legato, 1.0, (local / attack).clamp(0, 1) * ((left - rest.gather(1, note)) / release).clamp(0, 1))
    swell = 10 ** (_glide(6 * torch.randn(n, knots, device=device), 60) * rand(n, 1, high=1.2) / 20)
    amplitude = envelope * swell
    formants = _formants(n, notes, note, rand, device)
    sound = _harmonics(hz, formants, rand(n, 1, 1, low=6, high=18), rand(n, 1, 1, high=1.0), frames)
    breath = 10 ** (rand(n, 1, low=-50, high=-18) / 20)
    growl = 1 + (rand(n, 1) < 0.12) * rand(n, 1, high=0.9) * torch.sin(math.pi * torch.cumsum(_frames(hz, frames), 1) / RATE)
    sound = (sound * growl + breath * torch.randn(n, frames, device=device)) * _frames(amplitude, frames)
    return sound / (sound.square().mean(-1, keepdim=True).sqrt() + 1e-9)


def pads(n: int, frames: int, device: torch.device | str) -> Tensor:
    """(n, frames) of unit RMS: chords of three to six held voices each: choirs, organs, strings."""
    voices = 4
    each = sung(n * voices, frames, device).view(n, voices, frames)
    gain = 10 ** (torch.empty(n, voices, 1, device=device).uniform_(-12, 0) / 20)
    sound = (each * gain).sum(1)
    return sound / (sound.square().mean(-1, keepdim=True).sqrt() + 1e-9)


def _formants(n: int, notes: int, note: Tensor, rand, device: torch.device | str) -> Tensor:
    """(n, knots, 5) Hz."""
    vowel = VOWELS.to(device)[torch.randint(len(VOWELS), (n, notes), device=device)]
    moved = vowel.gather(1, note[..., None].expand(-1, -1, 5)) * rand(n, 1, 1, low=0.85, high=1.25)
    return _glide(moved.transpose(1, 2).flatten(0, 1), 6).view(n, 5, -1).transpose(1, 2)


def _harmonics(hz: Tensor, formants: Tensor, tilt: Tensor, falsetto: Tensor, frames: int) -> Tensor:
    """Sum of harmonics below 18 kHz; tilt: dB an octave."""
    n, _knots = hz.shape
    phase = torch.cumsum(_frames(hz, frames).double(), 1) / RATE
    sound = torch.zeros(n, frames, device=hz.device)
    width = 60 + 0.06 * formants
    for k in range(1, HARMONICS + 1):
        f = hz * k
        far = (f[..., None] - formants) / width
        gain = (1 / (1 + far.square())).mul(torch.tensor([1, 0.6, 0.4, 0.3, 0.2], device=hz.device)).sum(-1) + 0.02
        gain = gain * 10 ** (-tilt[..., 0] * math.log2(k) / 20) * torch.where(falsetto[..., 0] < 0.2, 0.5 ** (k - 1), 1.0) * ((18000 - f) / 2000).clamp(0, 1)
        sound += _frames(gain, frames) * torch.sin(2 * math.pi * torch.remainder(phase * k, 1).float())
    return sound


def _frames(contour: Tensor, frames: int) -> Tensor:
    """(n, knots) to (n, frames), straight lines between."""
    return nn.functional.interpolate(contour[:, None], (contour.shape[1] - 1) * FRAMES_A_KNOT + 1, mode="linear", align_corners=True)[:, 0, :frames]


def _glide(contour: Tensor, knots: int) -> Tensor:
    """Smoothed over so many knots."""
    size = 2 * (knots // 2) + 1
    return nn.functional.avg_pool1d(nn.functional.pad(contour[:, None], (size // 2, size // 2), mode="replicate"), size, 1)[:, 0]
