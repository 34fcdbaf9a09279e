"""Recordings as they lie on a training machine: one long wave, and where in it who is to be heard."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.denoise.looks import RATE

FRAMES = 6 * RATE                        # of a pair
KINDS = ("speech", "instrument", "noise")
TRAIN, CHOOSE, JUDGE = 0, 1, 2           # folds: learnt from, chosen by, told


class Takes:
    """Takes of one kind. A speaker or source is drawn as likely as the square root of what there is of it."""

    def __init__(self, wave: Tensor, start: np.ndarray, frames: np.ndarray, key: np.ndarray, hz: np.ndarray) -> None:
        order = np.argsort(key, kind="stable")
        self.wave = wave
        self.start, self.frames = (torch.from_numpy(a[order].astype(np.int64)).to(wave.device) for a in (start, frames))
        self.hz = torch.from_numpy(hz[order].astype(np.float32)).to(wave.device)
        _, first, count = np.unique(key[order], return_index=True, return_counts=True)
        self.first, self.count = (torch.from_numpy(a.astype(np.int64)).to(wave.device) for a in (first, count))
        self.weight = torch.from_numpy(np.sqrt(np.add.reduceat(frames[order], first)).astype(np.float32)).to(wave.device)
        self.rms = torch.stack([wave[s:s + n].float().square().mean().sqrt() for s, n in zip(self.start.tolist(), self.frames.tolist(), strict=True)])

    def rows(self, n: int, speed: Tensor, begin: Tensor, gap: Tensor, *, vary_db: float, fade: int) -> tuple[Tensor, Tensor]:
        """(n, FRAMES): takes of one source after another, the first from frame `begin` (n,) on, `gap` (n, takes) frames between; and (n,) the highest
        Hz each can hold. Each take at unit RMS, up to `vary_db` louder or softer, faded over `fade` frames."""
        device, takes = self.wave.device, gap.shape[1]
        key = torch.multinomial(self.weight, n, replacement=True)
        take = self.first[key, None] + (torch.rand(n, takes, device=device) * self.count[key, None]).long()
        length = (self.frames[take] / speed[:, None]).floor().clamp(max=FRAMES)
        offset = torch.rand(n, takes, device=device).double() * (self.frames[take] - length * speed[:, None]).clamp(min=0)
        at = begin[:, None] + torch.cumsum(length + gap, 1) - (length + gap)
        gain = 10 ** (torch.empty(n, takes, device=device).uniform_(-vary_db, vary_db) / 20) / self.rms[take].clamp(min=1e-5)
        t = torch.arange(FRAMES, device=device, dtype=torch.float32).expand(n, -1).contiguous()
        which = (torch.searchsorted(at.contiguous(), t, right=True) - 1).clamp(min=0)
        local, long = t - at.gather(1, which), length.gather(1, which)
        sound = self._read(take.gather(1, which), offset.gather(1, which) + local.double() * speed.double()[:, None])
        edge = (long / 4).clamp(1, fade)
        sound *= ((local + 1) / edge).clamp(0, 1) * ((long - local) / edge).clamp(0, 1) * gain.gather(1, which)
        return sound, self.hz[take[:, 0]] * speed.clamp(max=1)

    def _read(self, take: Tensor, at: Tensor) -> Tensor:
        """Between frames by a cubic through four (Catmull and Rom 1974)."""
        whole, last, start = at.floor(), self.frames[take] - 1, self.start[take]
        f, whole = (at - whole).float(), whole.long()
        a, b, c, d = (self.wave[start + torch.minimum((whole + k).clamp(min=0), last)].float() for k in (-1, 0, 1, 2))
        return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))


@lru_cache(maxsize=1)
def _waves(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """All files of a pack as one float16 wave, and where each begins in it."""
    import soundfile

    files = sorted(folder.glob("*.ogg"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sounds = list(pool.map(lambda file: soundfile.read(file, dtype="float32")[0].astype(np.float16), files))
    return np.concatenate(sounds), np.cumsum([0] + [len(sound) for sound in sounds])


def read(folder: Path, device: torch.device, fold: int) -> tuple[dict[str, Takes], Tensor]:
    """What `pack.py` wrote: takes by kind, and (n, frames) rooms, of one fold."""
    index = np.load(folder / "index.npz")
    rows = index["rows"]                                   # file, first frame, frames, kind, key, hz, fold
    sounds, begin = _waves(folder)
    wave = torch.from_numpy(sounds).to(device)
    found = {}
    for n, kind in enumerate(KINDS):
        mine = rows[(rows[:, 3] == n) & (rows[:, 6] == fold)]
        found[kind] = Takes(wave, begin[mine[:, 0].astype(int)] + mine[:, 1], mine[:, 2], mine[:, 4], mine[:, 5])
    rooms = index["rooms"][index["room_fold"] == fold].astype(np.float32) / 32767
    return found, torch.from_numpy(rooms).to(device)
