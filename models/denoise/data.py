"""Training pairs, made on the fly: a wanted and an unwanted sound, a room, a microphone; kept as band sums, so that each time a pair is taken out it
is mixed anew, at another level, ratio and colour.

    python -m models.denoise.data --data DIR --pool POOL --hours 12

fills POOL (one after the other, so that training can begin at once). `Mixer` takes batches out of it.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import signal

from models.denoise import features, noises
from models.denoise.recordings import INSTRUMENT, RATE, UNKNOWN, VOICE, Recording, Sound, find, load, of

HOPS = 1125                                     # 6 s
FRAMES = HOPS * features.HOP
B, H = features.BANDS, features.BRIEF_BANDS
WIDTH = 3 * (2 * B + H)                         # amplitudes of s and n and their correlation, for each of three looks
META = 8                                        # role, s level, n level, s limit Hz, wanted is there, unwanted is there, kind, 0
LOOKS = ((features.WHOLE, B), (features.BRIEF, H), (features.HEARD, B))

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """Two sounds of FRAMES frames; `limit`: Hz above which the wanted one says nothing; silence where there is none."""

    wanted: Sound
    unwanted: Sound
    role: float
    limit: float


class Maker:
    """Makes pairs from recordings, at random. `held_out`: from those kept apart."""

    def __init__(self, recordings: list[Recording], seed: int, *, held_out: bool = False) -> None:
        self.rng = np.random.default_rng(seed)
        self.kinds = {kind: of(recordings, kind, held_out=held_out) for kind in ("speech", "singing", "instrument", "noise", "room")}
        self._keys: dict[str, list[str]] = {kind: sorted({r.key for r in found}) for kind, found in self.kinds.items()}

    def pair(self) -> Pair:
        rng = self.rng
        kind = rng.choice(["speech", "singing", "instrument", "nothing"], p=[0.54, 0.18, 0.20, 0.08])
        if kind == "nothing":
            wanted, limit, key = np.zeros(FRAMES, np.float32), 20000.0, ""
        else:
            wanted, limit, key = self._wanted(kind)
        unwanted = self._unwanted(kind, key)
        if rng.random() < 0.4:
            room = self._room()
            wanted = _in_room(wanted, room)
            if rng.random() < 0.5:
                unwanted = _in_room(unwanted, self._room() if rng.random() < 0.7 else room)
        return Pair(wanted, unwanted, VOICE if kind in ("speech", "singing") else INSTRUMENT if kind == "instrument" else UNKNOWN, limit)

    def _pick(self, kind: str) -> Recording:
        """Each speaker or source as likely as the square root of what there is of it."""
        rng = self.rng
        weights = np.array([np.sqrt(sum(r.seconds for r in self.kinds[kind] if r.key == key)) for key in self._keys[kind]])
        key = rng.choice(self._keys[kind], p=weights / weights.sum())
        return self._of_key(kind, key)

    def _of_key(self, kind: str, key: str) -> Recording:
        same = [r for r in self.kinds[kind] if r.key == key]
        return same[self.rng.integers(len(same))]

    def _wanted(self, kind: str) -> tuple[Sound, float, str]:
        """Takes of one speaker, singer or source in a row, with pauses; most of them faster or slower, so higher or lower."""
        rng, first = self.rng, self._pick(kind)
        speed = 1.0 if rng.random() < 0.25 else 2 ** rng.uniform(-0.35, 0.35)
        sound, at = np.zeros(FRAMES, np.float32), 0 if rng.random() < 0.4 else int(rng.uniform(0, 1.5) * RATE)
        recording = first
        while at < FRAMES:
            piece = _level(self._slice(recording, FRAMES - at if kind != "instrument" else FRAMES, speed))
            piece = piece[: FRAMES - at]
            sound[at:at + len(piece)] = piece * 10 ** (rng.uniform(-4, 4) / 20)
            at += len(piece) + int(RATE * rng.choice([rng.uniform(0.05, 0.4), rng.uniform(0.4, 2)]))
            recording = self._of_key(kind, first.key)
        return sound * rng.choice([-1, 1]), first.hz * min(speed, 1.0), first.key

    def _slice(self, recording: Recording, frames: int, speed: float) -> Sound:
        sound = load(recording.path)
        need = int(frames * speed)
        start = int(self.rng.integers(0, max(len(sound) - need, 0) + 1))
        piece = sound[start:start + need].copy()
        ramp = min(480, len(piece) // 4)
        if ramp:
            fade = np.linspace(0, 1, ramp, dtype=np.float32)
            piece[:ramp] *= fade
            piece[-ramp:] *= fade[::-1]
        return piece if speed == 1.0 else np.interp(np.arange(0, len(piece) - 1, speed), np.arange(len(piece)), piece).astype(np.float32)

    def _unwanted(self, kind: str, key: str) -> Sound:
        rng = self.rng
        what = rng.choice(["recorded", "made", "babble", "bleed"], p=[0.42, 0.38, 0.12, 0.08])
        if what == "bleed" and kind in ("speech", "singing"):
            return self._fill("instrument", 1)
        if what == "babble":
            return self._babble(key)
        if what == "made":
            sound = noises.MADE[rng.integers(len(noises.MADE))](rng, FRAMES)
        else:
            sound = self._fill("noise", 1)
        if rng.random() < 0.5:
            other = self._fill("noise", 1) if rng.random() < 0.5 else noises.MADE[rng.integers(len(noises.MADE))](rng, FRAMES)
            sound = _level(sound) + _level(other) * np.float32(10 ** (rng.uniform(-15, 5) / 20))
        return sound

    def _fill(self, kind: str, gap: float) -> Sound:
        """One recording, repeated with cross-fades or gaps until the time is full."""
        rng, sound, at = self.rng, np.zeros(FRAMES, np.float32), 0
        recording, speed = self._pick(kind), 2 ** rng.uniform(-0.8, 0.8) if rng.random() < 0.8 else 1.0
        while at < FRAMES:
            piece = self._slice(recording, FRAMES, speed)[: FRAMES - at]
            sound[at:at + len(piece)] += piece
            at += max(len(piece) - 480, 480) if kind == "noise" else len(piece) + int(gap * RATE * rng.random())
        return sound

    def _babble(self, key: str) -> Sound:
        """Three to many other voices, near or in a room, and sometimes all of a crowd at once."""
        rng, sound = self.rng, np.zeros(FRAMES, np.float32)
        for _ in range(rng.integers(3, 9)):
            recording = self._pick("speech")
            while recording.key == key:
                recording = self._pick("speech")
            sound += np.roll(_level(self._fill_voice(recording)), rng.integers(FRAMES)) * np.float32(10 ** (rng.uniform(-8, 0) / 20))
        if rng.random() < 0.5:
            sound = sound + np.roll(sound[::-1], rng.integers(FRAMES)) + np.roll(sound, rng.integers(FRAMES))
        return _in_room(sound, self._room()) if rng.random() < 0.6 else sound

    def _fill_voice(self, recording: Recording) -> Sound:
        speed = 2 ** self.rng.uniform(-0.25, 0.25)
        piece = self._slice(recording, FRAMES, speed)
        return np.asarray(np.resize(np.concatenate([piece, np.zeros(int(self.rng.uniform(0, 0.5) * RATE), np.float32)]), FRAMES), np.float32)

    def _room(self) -> Sound:
        """A measured room, or a made one: a direct sound, a few reflections, and noise that decays, faster at the top."""
        rng = self.rng
        if rng.random() < 0.35 and self.kinds["room"]:
            room = load(self._pick("room").path)
            peak = int(np.argmax(np.abs(room)))
            room = room[max(peak - 24, 0):][: 2 * RATE].copy()
            room[96:] *= np.float32(10 ** (rng.uniform(-9, 3) / 20))
        else:
            seconds = rng.uniform(0.15, 1.4)
            t = np.arange(int(min(seconds, 1.2) * RATE)) / RATE
            tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / seconds)
            dark = signal.lfilter([1], [1, -0.6], tail * 10 ** (-3 * t / seconds * 0.3))
            room = np.where(t < rng.uniform(0.004, 0.02), 0, tail + dark)
            for _ in range(rng.integers(2, 9)):
                room[rng.integers(60, 2400)] += rng.uniform(-1, 1) * 6
            room *= 10 ** (-rng.uniform(-3, 14) / 20) / (np.sqrt(np.sum(room**2)) + 1e-9)
            room[0] = 1
        return np.asarray(room / np.sqrt(np.sum(np.square(room)) + 1e-9), np.float32)


def _in_room(sound: Sound, room: Sound) -> Sound:
    return np.asarray(signal.fftconvolve(sound, room)[:FRAMES], np.float32)


def _level(sound: Sound) -> Sound:
    return sound / (np.sqrt(np.mean(np.square(sound))) + np.float32(1e-9))


def active_level(power: Array) -> float:
    """dB of the mean over hops that lie less than 35 dB under the loudest; -120 for silence. power: (hops,)."""
    if power.max(initial=0) < 1e-11:
        return -120.0
    return float(10 * np.log10(power[power > power.max() * 10 ** -3.5].mean()))


def pack(pair: Pair) -> tuple[npt.NDArray[np.float16], Array]:
    """A pair as (HOPS, WIDTH) float16 (amplitudes at an RMS of 100, correlations -1..1) and META numbers."""
    columns, levels = [], []
    sounds = [s / max(float(np.sqrt(np.mean(np.square(s)))), 1e-9) * 100 for s in (pair.wanted, pair.unwanted)]
    for look, _ in LOOKS:
        s, n = (look.spectra(np.asarray(x, np.float32)) for x in sounds)
        ss, nn, sn = look.sums(s), look.sums(n), look.sums(s, n)
        columns += [np.sqrt(ss), np.sqrt(nn), sn / (np.sqrt(ss * nn) + 1e-9)]
        if look is features.WHOLE:
            levels = [active_level(p.mean(axis=1)) for p in (ss, nn)]
    there = [float(np.any(x)) for x in (pair.wanted, pair.unwanted)]
    meta = np.array([pair.role, *levels, pair.limit, *there, 0, 0], np.float32)
    return np.clip(np.concatenate(columns, axis=1), -60000, 60000).astype(np.float16), meta


class Pool:
    """Pairs in one memory-mapped file, and how many there are."""

    def __init__(self, folder: Path, room_for: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._count, sums, meta = folder / "count", folder / "sums.f16", folder / "meta.f32"
        if room_for and not sums.exists():
            np.memmap(sums, np.float16, "w+", shape=(room_for, HOPS, WIDTH))
            np.memmap(meta, np.float32, "w+", shape=(room_for, META))
            self._count.write_text("0")
        pairs = sums.stat().st_size // (2 * HOPS * WIDTH)
        self.sums = np.memmap(sums, np.float16, "r+", shape=(pairs, HOPS, WIDTH))
        self.meta = np.memmap(meta, np.float32, "r+", shape=(pairs, META))

    def __len__(self) -> int:
        return int(self._count.read_text())

    def put(self, pair: Pair) -> None:
        at = len(self)
        self.sums[at], self.meta[at] = pack(pair)
        new = self._count.with_suffix(".new")
        new.write_text(str(at + 1))
        new.replace(self._count)


@dataclass(frozen=True)
class Batch:
    """(hops, batch, .): model inputs; power of the mixture and of the wanted sound where the gain is heard; the Wiener gain there; band weights."""

    x: Array
    mixture: Array
    wanted: Array
    wiener: Array
    weight: Array


class Mixer:
    """Takes batches out of a pool, mixed anew each time."""

    def __init__(self, pool: Pool, seed: int) -> None:
        self.pool, self.rng = pool, np.random.default_rng(seed)

    def batch(self, size: int) -> Batch:
        rng = self.rng
        index = np.sort(rng.choice(len(self.pool), size, replace=len(self.pool) < size))
        rows = np.ascontiguousarray(self.pool.sums[index].transpose(1, 0, 2)).astype(np.float32)      # (hops, batch, WIDTH)
        meta = np.array(self.pool.meta[index])
        self._exchange(rows, meta)
        s_gain, n_gain = self._gains(meta)
        colours = [self._colour(size, db) * gain[:, None] for db, gain in ((5.0, s_gain), (10.0, n_gain))]
        both = self._colour(size, 4.0)
        looks, at = [], 0
        for _, count in LOOKS:
            s, n, r = (rows[..., at + i * count:at + (i + 1) * count] for i in range(3))
            at += 3 * count
            cs, cn, cb = (_at_bands(c, count) for c in (*colours, both))
            s, n = s * (cs * cb), n * (cn * cb)
            looks.append((s * s, s * s + n * n + 2 * r * s * n, s * n * r))
        floor = np.float32(10) ** rng.uniform(-11.5, -8.5, (size, 1)).astype(np.float32)                 # the microphone's own noise
        energy, brief = (np.maximum(looks[i][1], 0) + floor * rng.chisquare(6, looks[i][1].shape).astype(np.float32) / 6 for i in (0, 1))
        wanted, mixture, cross = looks[2]
        mixture = np.maximum(mixture, 0) + floor
        role = np.where(rng.random(size) < 0.3, UNKNOWN, meta[:, 0]).astype(np.float32)
        x = features.inputs(energy, brief, role)
        wiener = np.clip((wanted + cross) / mixture, 0, 1)
        # whatever the level, wanted and unwanted together are at 0 dB: no pair counts for more because it is loud
        scale = 1 / (np.square(s_gain) * 10 ** (meta[:, 1] / 10) + np.square(n_gain) * 10 ** (meta[:, 2] / 10) + 1e-12).astype(np.float32)[:, None]
        limit = meta[:, 3:4] > features.band_hz()
        weight = np.where(limit, np.where(features.band_hz() > 8500, 0.4, 1.0), 0.02).astype(np.float32)
        return Batch(x, mixture * scale, wanted * scale, wiener, np.broadcast_to(weight, wiener.shape))

    def _exchange(self, rows: Array, meta: Array) -> None:
        """Half of the pairs get the unwanted sound of another; its correlation with a strange sound is as random as with its own."""
        both = np.flatnonzero((meta[:, 4] > 0) & (meta[:, 5] > 0) & (self.rng.random(len(meta)) < 0.5))
        other, at = np.roll(both, 1), 0
        for _, count in LOOKS:
            unwanted = slice(at + count, at + 3 * count)
            rows[:, both, unwanted] = rows[:, other, unwanted]
            at += 3 * count
        meta[both, 2] = meta[other, 2]

    def _gains(self, meta: Array) -> tuple[Array, Array]:
        """Linear gains of the wanted and the unwanted sound: -50..-14 dBFS, -5..25 dB apart, one in ten nearly clean."""
        rng, size = self.rng, len(meta)
        ratio = np.where(rng.random(size) < 0.12, rng.uniform(28, 60, size), rng.uniform(-5, 25, size))
        level = rng.uniform(-50, -14, size)
        there = meta[:, 4] > 0
        s_gain = 10 ** ((level - meta[:, 1]) / 20)
        n_gain = 10 ** ((level - np.where(there, ratio, rng.uniform(0, 25, size)) - meta[:, 2]) / 20)
        return np.where(there, s_gain, 0.0).astype(np.float32), np.where(meta[:, 5] > 0, n_gain, 0.0).astype(np.float32)

    def _colour(self, size: int, db: float) -> Array:
        """(size, BANDS) linear: tilt and a hump or two, as microphones and equalisers make them."""
        rng, at = self.rng, np.linspace(-1, 1, B)
        curve = rng.normal(0, db / 2, (size, 1)) * at
        for _ in range(2):
            curve = curve + rng.normal(0, db / 2, (size, 1)) * np.exp(-0.5 * ((at - rng.uniform(-1, 1, (size, 1))) / rng.uniform(0.1, 0.5, (size, 1))) ** 2)
        return np.asarray(10 ** (curve / 20), np.float32)


def _at_bands(colour: Array, count: int) -> Array:
    """A curve over BANDS at the bands of another look."""
    if count == B:
        return colour
    left = np.minimum(features.BRIEF_AT.astype(int), B - 2)
    return np.asarray(colour[:, left] + (colour[:, left + 1] - colour[:, left]) * (features.BRIEF_AT - left), np.float32)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--hours", type=float, default=12)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--held-out", action="store_true", help="from the recordings that are kept apart")
    options = p.parse_args()
    pairs = int(options.hours * 3600 * RATE / FRAMES)
    pool, begin = Pool(options.pool, pairs), time.process_time()
    maker = Maker(find(options.data), options.seed + 1000 * len(pool), held_out=options.held_out)
    while len(pool) < pairs:
        pool.put(maker.pair())
        if len(pool) % 100 == 0:
            done = time.process_time() - begin
            print(f"{len(pool)} of {pairs} pairs, {done:.0f} CPU s, pid {os.getpid()}", flush=True)


if __name__ == "__main__":
    main()
