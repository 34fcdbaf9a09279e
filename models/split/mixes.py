"""Records that never were: a voice and a band out of single takes, placed, with rooms, compressors and width, and what the model hears of them, on disk.

    PYTHONPATH=firmware:. python -m models.split.mixes --pack FOLDER --out POOL --minutes 30 [--seed 1]

Lots of LOT records of 6 s; training takes what is there, and finds more as they come.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from scipy import signal

from models.split.looks import RATE, Ears
from models.split.recordings import KINDS, Sound

FRAMES, LOT = 6 * RATE // 512 * 512, 24
OCTAVES = {"voice": 0.35, "drums": 0.2, "bass": 0.25, "other": 0.25}      # faster and higher, slower and lower, by so much
Random = np.random.Generator


class Takes:
    """What pack.py wrote."""

    def __init__(self, folder: Path) -> None:
        self.rows = np.load(folder / "index.npz")["rows"]      # first frame, frames, kind, group, hz
        self.wave = np.memmap(folder / "wave.f16", np.float16, "r")
        self.groups = {kind: np.unique(self.rows[self.rows[:, 2] == n, 3]) for n, kind in enumerate(KINDS)}

    def draw(self, rng: Random, kind: str) -> tuple[list[Sound], float]:
        """All pieces of a group, each (FRAMES,) of unit RMS while it sounds, and the highest Hz they can hold."""
        rows = self.rows[(self.rows[:, 3] == rng.choice(self.groups[kind])) & (self.rows[:, 2] == KINDS.index(kind))]
        speed, late = 2 ** rng.uniform(-OCTAVES[kind], OCTAVES[kind]), rng.uniform(0, 1.5 * RATE) if rng.random() < 0.3 else 0.0
        offset = rng.uniform(0, max(rows[0, 1] - FRAMES * speed, 0))
        return [self._read(row, offset, speed, int(late)) for row in rows], float(rows[0, 4]) * min(speed, 1)

    def _read(self, row: np.ndarray, offset: float, speed: float, late: int) -> Sound:
        sound = np.asarray(self.wave[int(row[0]):int(row[0] + row[1])], np.float32)
        at = offset + speed * np.arange(FRAMES - late)
        played = np.interp(at % (len(sound) + RATE / 2), np.arange(len(sound)), sound, right=0)       # over and over, with a rest
        out = np.concatenate([np.zeros(late), played])
        power = out[np.abs(out) > 1e-3]
        return np.asarray(out / (np.sqrt(np.mean(power ** 2)) if len(power) > RATE / 8 else 1.0), np.float32)


def placed(mono: Sound, place: float) -> Sound:
    """(2, FRAMES): -1 left, 1 right, equal power."""
    angle = (place + 1) * np.pi / 4
    return np.stack([mono * np.float32(np.cos(angle)), mono * np.float32(np.sin(angle))])


def roomy(rng: Random, stereo: Sound) -> Sound:
    """With a room around it, other on each side."""
    count = int(rng.uniform(0.1, 0.9) * RATE)
    t = np.arange(count) / RATE
    tail = rng.standard_normal((2, count)) * 10 ** (-3 * t / t[-1]) * (t > rng.uniform(0, 0.03))
    tail = signal.lfilter([1], [1, -rng.uniform(0, 0.8)], tail)
    wet = signal.oaconvolve(stereo.mean(axis=0)[None], tail, axes=1)[:, :FRAMES]
    return stereo + np.float32(10 ** (rng.uniform(-26, -5) / 20) * np.sqrt(np.mean(stereo ** 2) / (np.mean(wet ** 2) + 1e-12))) * wet.astype(np.float32)


def levelled(stereo: Sound, by: Sound, ratio: float) -> Sound:
    """Compressed by the level of `by`, over its mean."""
    block = 480
    power = np.square(by).mean(axis=0)[:FRAMES // block * block].reshape(-1, block).mean(axis=1)
    level = 10 * np.log10(signal.lfilter([0.15], [1, -0.85], power) + 1e-9)
    over = np.maximum(level - 10 * np.log10(power.mean() + 1e-9), 0)
    gain = np.interp(np.arange(FRAMES), np.arange(len(over)) * block, 10 ** (-over * (1 - 1 / ratio) / 20))
    return stereo * gain.astype(np.float32)


def voices(rng: Random, takes: Takes) -> tuple[Sound, float]:
    (lead, *_), limit = takes.draw(rng, "voice")
    middle = 0.0 if rng.random() < 0.7 else rng.uniform(-0.5, 0.5)
    out = placed(lead, middle)
    if rng.random() < 0.15:                                     # sung twice
        late = int(rng.uniform(0.01, 0.035) * RATE)
        out = out * 0.6 + sum(placed(np.roll(lead, n * late), side) for n, side in ((1, -0.8), (2, 0.8))) * np.float32(0.5)
    for _ in range(int(rng.integers(1, 4)) if rng.random() < 0.35 else 0):
        (other, *_), hz = takes.draw(rng, "voice")
        out, limit = out + np.float32(10 ** (rng.uniform(-15, -2) / 20)) * placed(other, rng.uniform(-0.9, 0.9)), min(limit, hz)
    if rng.random() < 0.6:
        out = levelled(out, out, rng.uniform(1.5, 5))
    return (roomy(rng, out) if rng.random() < 0.75 else out), limit


def band(rng: Random, takes: Takes) -> Sound:
    out = np.zeros((2, FRAMES), np.float32)
    if rng.random() < 0.8:
        pieces, _ = takes.draw(rng, "drums")
        for n, piece in enumerate(pieces):
            out += np.float32(10 ** (rng.uniform(-9, 3) / 20)) * placed(piece, rng.uniform(-0.1, 0.1) if n < 2 else rng.uniform(-0.8, 0.8))
        if rng.random() < 0.5:
            out = roomy(rng, out)
    if rng.random() < 0.8:
        out += np.float32(10 ** (rng.uniform(-4, 6) / 20)) * placed(takes.draw(rng, "bass")[0][0], rng.uniform(-0.1, 0.1))
    for _ in range(int(rng.integers(1, 5))):
        (sound, *_), _hz = takes.draw(rng, "other")
        part = placed(sound, 0.0 if rng.random() < 0.3 else rng.uniform(-1, 1))
        if rng.random() < 0.3:                                  # wide: a little later on one side
            part[int(rng.integers(2))] = np.roll(part[0], int(rng.uniform(0.002, 0.025) * RATE))
        out += np.float32(10 ** (rng.uniform(-10, 4) / 20)) * (roomy(rng, part) if rng.random() < 0.3 else part)
    return out


def record(rng: Random, takes: Takes) -> tuple[Sound, Sound, float]:
    """(2, FRAMES) of a voice and of a band, and the highest Hz at which the voice says anything."""
    voice, limit = voices(rng, takes)
    backing = band(rng, takes)
    voice *= np.float32(10 ** (rng.uniform(-10, 6) / 20) * np.sqrt(np.mean(backing ** 2) / (np.mean(voice ** 2) + 1e-9)))
    lot = rng.random()
    if lot < 0.06:
        voice = voice * 0
    elif lot < 0.1:
        backing = backing * np.float32(1e-3)
    if rng.random() < 0.5:
        ratio, by = rng.uniform(1.3, 4), voice + backing
        voice, backing = levelled(voice, by, ratio), levelled(backing, by, ratio)
    wide = 0.0 if rng.random() < 0.08 else rng.uniform(0.5, 1.3)
    tilt = rng.uniform(-0.4, 0.4)
    level = np.float32(10 ** (rng.uniform(-45, -10) / 20) / (np.sqrt(np.mean((voice + backing) ** 2)) + 1e-9))
    return _bus(voice, wide, tilt) * level, _bus(backing, wide, tilt) * level, limit


def _bus(stereo: Sound, wide: float, tilt: float) -> Sound:
    middle, side = stereo.mean(axis=0), np.float32(wide / 2) * (stereo[0] - stereo[1])
    return np.asarray(signal.lfilter([1, tilt], [1], np.stack([middle + side, middle - side]), axis=1), np.float32)


@torch.no_grad()
def lot(rng: Random, takes: Takes, ears: Ears) -> dict[str, np.ndarray]:
    """LOT records as the model hears them, at half the numbers' size: x (LOT, steps, LAYERS, FINE), record and share (LOT, steps, FINE), limit (LOT,)."""
    found = []
    for _ in range(LOT):
        voice, backing, limit = record(rng, takes)
        heard = ears.hear(torch.from_numpy(voice)[None], torch.from_numpy(backing)[None])
        found.append((heard.x[:, 0], heard.record[:, 0].clamp(max=6e4), heard.share[:, 0], torch.tensor(limit)))
    return {name: torch.stack(parts).half().numpy() for name, parts in zip(("x", "record", "share", "limit"), zip(*found, strict=True), strict=True)}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pack", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, required=True)
    p.add_argument("--most", type=int, default=80, help="lots, of about 40 MB each")
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    torch.set_num_threads(1)
    o.out.mkdir(parents=True, exist_ok=True)
    rng, takes, ears, begin = np.random.default_rng(o.seed), Takes(o.pack), Ears(o.pack / "looks.npz"), time.monotonic()
    for n in range(o.most):
        if time.monotonic() - begin > 60 * o.minutes:
            break
        part = o.out / f"{o.seed}-{n:04d}.part.npz"
        np.savez(part, **lot(rng, takes, ears))
        part.rename(o.out / f"{o.seed}-{n:04d}.npz")
        print(f"{time.monotonic() - begin:6.0f} s  {n + 1} lots", flush=True)


if __name__ == "__main__":
    main()
