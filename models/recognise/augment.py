"""Windows drawn out of a pool, each time as another microphone, desk, stage and hand would give them. All in dB of bands, so it costs little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gigbox.brain.who.recogniser import BANDS, CLASSES, FRAME_S, FRAMES, standardise
from models.denoise.features import band_hz
from models.recognise.data import LOWEST_DB, STEP_DB, Entry, Pool
from models.recognise.folds import MADE

Array = npt.NDArray[np.float32]
Random = np.random.Generator
HZ = band_hz().astype(np.float32)
RICH = 600 * 47              # frames from which on more of a source does not make it likelier
INSTRUMENTS = 2.0            # by which what is made here of numbers is likelier: under one name there is another instrument in each recording
RECORDED = 3.0               # and what somebody recorded: strangers will be recordings
MIXES = ((("drums",), 0.7), (("bass",), 0.7), (("keys", "synth", "electric_guitar", "acoustic_guitar", "strings", "brass_sax"), 0.3), (("singing",), 0.5))
QUIET_DB = 35.0              # a window that never comes so near to the recording's loudest moments shows nothing of it


@dataclass(frozen=True)
class Strength:
    """How far augmentation goes: shares of windows, dB."""

    eq_db: float = 9.0
    bleed: float = 0.4
    noise: float = 0.55
    mask: float = 0.35
    gap: float = 0.15
    mixed: float = 0.3
    room: float = 0.3


def _likelier(source: str, entries: Sequence[Entry]) -> float:
    if source.startswith(MADE):
        return INSTRUMENTS
    return RECORDED if any(e.recorded for e in entries) else 1.0


class Windows:
    """Draws batches: a class, then one of its sources, then one of its recordings."""

    def __init__(self, pool: Pool, entries: Sequence[Entry], seed: int, strength: Strength | None = None) -> None:
        self.pool, self.rng, self.strength = pool, np.random.default_rng(seed), strength or Strength()
        self.flutter = (np.random.default_rng(seed).chisquare(12, (1 << 14, BANDS)) / 12).astype(np.float32)      # of noise, from frame to frame
        self.by_kind: dict[str, list[list[Entry]]] = {}
        self.shares: dict[str, Array] = {}
        for kind in (*CLASSES, "noise"):
            sources: dict[str, list[Entry]] = {}
            for entry in entries:
                if entry.kind == kind:
                    sources.setdefault(entry.source, []).append(entry)
            if sources:
                self.by_kind[kind] = list(sources.values())
                weights = np.array([np.sqrt(min(sum(e.count for e in some), RICH)) * _likelier(source, some) for source, some in sources.items()])
                self.shares[kind] = (weights / weights.sum()).astype(np.float32)
        self.loud = {entry: self._loud(entry) for entry in entries}

    def _loud(self, entry: Entry) -> float:
        return float(np.quantile(self.pool.frames[entry.start:entry.start + entry.count].max(axis=1), 0.95)) * STEP_DB + LOWEST_DB

    def batch(self, size: int) -> tuple[Array, Array, npt.NDArray[np.int64]]:
        """x, level, class numbers."""
        rng, kinds = self.rng, [kind for kind in CLASSES if kind in self.by_kind]
        chosen = rng.integers(len(kinds), size=size)
        db = np.stack([self._mix() if kinds[k] == "playback" and rng.random() < self.strength.mixed else self._window(kinds[k]) for k in chosen])
        db = self._dynamics(db)
        db = db + self._colour(size, self.strength.eq_db)[:, None, :]
        power = self._roomed(10 ** (db / 10))
        loudest = power.max(axis=(1, 2))
        power += self._bleed([kinds[k] for k in chosen], loudest)
        power += self._noise([kinds[k] for k in chosen], loudest)
        power *= (10 ** (rng.uniform(-42, 8, size) / 10)).astype(np.float32)[:, None, None]
        db = 10 * np.log10(power + np.float32(1e-12)) + self._colour(size, self.strength.eq_db / 2, cuts=True)[:, None, :]
        x, level = standardise(np.asarray(db, np.float32))
        return self._masked(x), level, np.array([CLASSES.index(kinds[k]) for k in chosen])

    def _pick(self, kind: str) -> Entry:
        sources = self.by_kind[kind]
        source = sources[self.rng.choice(len(sources), p=self.shares[kind] / self.shares[kind].sum())]
        return source[self.rng.integers(len(source))]

    def _window(self, kind: str) -> Array:
        """(FRAMES, BANDS) dB: faster or slower, bands moved as pitch or another body moves them, perhaps after silence."""
        rng, entry = self.rng, self._pick(kind)
        tempo = 2 ** rng.uniform(-0.45, 0.45)
        need = int(FRAMES * tempo) + 1
        for _ in range(4):
            start = int(rng.integers(0, max(entry.count - need, 0) + 1))
            index = np.minimum((np.arange(FRAMES) * tempo).astype(int), need - 1) + start
            rows = self.pool.frames[entry.start + index % entry.count]
            if rows.max() * STEP_DB + LOWEST_DB > self.loud[entry] - QUIET_DB:
                break
        db = rows.astype(np.float32) * np.float32(STEP_DB) + np.float32(LOWEST_DB)
        if rng.random() < 0.6:
            at = np.clip(np.arange(BANDS) + rng.normal(0, 0.9), 0, BANDS - 1.001)
            left = at.astype(int)
            part = (at - left).astype(np.float32)
            db = db[:, left] * (1 - part) + db[:, left + 1] * part
        if rng.random() < self.strength.gap:      # it has only just begun, or pauses
            length = int(rng.uniform(0.1, 0.7) * FRAMES)
            begin = 0 if rng.random() < 0.7 else int(rng.integers(0, FRAMES - length))
            db[begin:begin + length] = LOWEST_DB
        return db

    def _softer(self, kind: str, than: float, low_db: float, high_db: float) -> Array:
        """(FRAMES, BANDS) power of a window, at its loudest so much (drawn) under `than`."""
        power = 10 ** (self._window(kind) / 10)
        return np.asarray(power * (than / max(power.max(), 1e-12) * 10 ** (-self.rng.uniform(low_db, high_db) / 10)), np.float32)

    def _mix(self) -> Array:
        """(FRAMES, BANDS) dB: finished music that nobody made, of a rhythm, a bass, harmonies and a voice, some of them."""
        rng, power = self.rng, np.zeros((FRAMES, BANDS))
        for kinds, share in MIXES:
            for kind in [kind for kind in kinds if kind in self.by_kind]:
                if rng.random() < share:
                    power += self._softer(kind, 1.0, 0, 12)
        return np.asarray(10 * np.log10(power + 10 ** (LOWEST_DB / 10)), np.float32) if power.any() else self._window("playback")

    def _dynamics(self, db: Array) -> Array:
        """Compressors, gates, players with more or less of a hand: the envelope to a power."""
        size = len(db)
        level = db.max(axis=2)
        under = np.maximum(level - level.max(axis=1, keepdims=True), -60)
        power = np.where(self.rng.random(size) < 0.5, self.rng.uniform(0.5, 1.4, size), 1.0).astype(np.float32)
        return np.asarray(db + ((power - 1)[:, None] * under)[:, :, None], np.float32)

    def _roomed(self, power: Array) -> Array:
        """What a room leaves behind of each frame, shorter the higher; of some of them, near or far."""
        rng, chosen = self.rng, np.flatnonzero(self.rng.random(len(power)) < self.strength.room)
        t60_s = 10 ** rng.uniform(-0.8, 0.35, (len(chosen), 1)) * (HZ / 1000) ** -rng.uniform(0, 0.4, (len(chosen), 1))
        kept = (10 ** (-6 * FRAME_S / np.maximum(t60_s, 0.05))).astype(np.float32)
        wet = 10 ** (rng.uniform(-25, 0, (len(chosen), 1)) / 10) * (1 - kept)
        dry, tail = power[chosen], np.zeros(kept.shape, np.float32)
        for n in range(1, FRAMES):
            tail = kept * tail + dry[:, n - 1]
            power[chosen, n] += wet * tail
        return power

    def _colour(self, size: int, db: float, *, cuts: bool = False) -> Array:
        """(size, BANDS) dB: tilt and humps as microphones, rooms and equalisers have them; `cuts`: high- and low-passes too."""
        rng, at = self.rng, np.linspace(-1, 1, BANDS)
        curve = rng.normal(0, db / 3, (size, 1)) * at
        for _ in range(3):
            curve = curve + rng.normal(0, db / 2, (size, 1)) * np.exp(-0.5 * ((at - rng.uniform(-1, 1, (size, 1))) / rng.uniform(0.06, 0.5, (size, 1))) ** 2)
        if cuts:
            low = np.where(rng.random((size, 1)) < 0.5, 10 ** rng.uniform(np.log10(25), np.log10(260), (size, 1)), 1)
            high = np.where(rng.random((size, 1)) < 0.25, 10 ** rng.uniform(np.log10(3500), np.log10(18000), (size, 1)), 1e6)
            steep = rng.choice([1, 2, 4], (size, 1))
            curve = curve - 10 * np.log10(1 + (low / HZ) ** 4) - 10 * np.log10(1 + (HZ / high) ** (2 * steep))
        return np.asarray(curve, np.float32)

    def _bleed(self, kinds: list[str], loudest: Array) -> Array:
        """Power of what else is on the stage, one or two of them, 9 to 40 dB softer; none in lines on which nobody plays."""
        out = np.zeros((len(kinds), FRAMES, BANDS), np.float32)
        for n, kind in enumerate(kinds):
            if kind == "silence_noise" or self.rng.random() > self.strength.bleed:
                continue
            others = [k for k in self.by_kind if k not in (kind, "noise", "silence_noise")]
            for other in self.rng.choice(others, int(self.rng.choice([1, 1, 1, 2]))):
                out[n] += self._softer(str(other), loudest[n], 9, 40)
        return out

    def _noise(self, kinds: list[str], loudest: Array) -> Array:
        """Power of recorded and made noise, 15 to 70 dB softer, and of the line itself."""
        rng, size = self.rng, len(kinds)
        soft = (loudest * 10 ** (-rng.uniform(30, 85, size) / 10)).astype(np.float32)
        out = np.repeat((self._shaped(size) * soft[:, None])[:, None, :], FRAMES, axis=1)
        for n, at in enumerate(rng.integers(0, len(self.flutter) - FRAMES, size)):
            out[n] = out[n] * self.flutter[at:at + FRAMES]
        for n, kind in enumerate(kinds):
            if kind == "silence_noise" or rng.random() > self.strength.noise or "noise" not in self.by_kind:
                continue
            out[n] += self._softer("noise" if rng.random() < 0.7 else "silence_noise", loudest[n], 14, 60)
        return np.asarray(out, np.float32)

    def _shaped(self, size: int) -> Array:
        return np.asarray(10 ** (self._colour(size, 10.0) / 10), np.float32)

    def _masked(self, x: Array) -> Array:
        """Blocks of time or bands taken away (SpecAugment, Park et al. 2019)."""
        for n in np.flatnonzero(self.rng.random(len(x)) < self.strength.mask):
            for _ in range(2):
                if self.rng.random() < 0.5:
                    width = int(self.rng.integers(1, 5))
                    at = int(self.rng.integers(0, BANDS - width))
                    x[n, :, at:at + width] = -1
                else:
                    width = int(self.rng.integers(2, 25))
                    at = int(self.rng.integers(0, FRAMES - width))
                    x[n, at:at + width] = -1
        return x
