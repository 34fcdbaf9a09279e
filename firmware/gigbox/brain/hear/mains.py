"""The comb of the mains in a spectrum: the inputs at 1500 Hz, looked at in their pauses, and 50 or 60 Hz with the harmonics that stand out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.rack import RATE, TAP_FRAMES, Floats, Rack

STEP, TAPS = 32, 256                     # hum is looked for at 1500 Hz: one frame of 32, behind a low-pass
WINDOW = 4096                            # of those: 2.7 s, bins of 0.37 Hz
BIN_HZ = RATE / STEP / WINDOW
PAUSE = 128                              # slow frames, 85 ms
BLOCK = 32                               # bins, 12 Hz: what "local" means
HARMONICS = 12
MAINS = np.concatenate([np.arange(49.5, 50.505, 0.02), np.arange(59.5, 60.505, 0.02)])      # Hz, where the fundamental may be
LEAST_HARMONICS, STANDS_DB = 4, 10.0     # so many must stand so far over the local median
ALONE_DB, SIDE_DB = 6.0, 2.0             # and over whatever else is within 6 Hz, but for side lines of the window, with a margin
WRONG = 1e4                              # no input is as loud
OFF_HZ = 0.15                            # a harmonic so far from its place is none

BINS = int((HARMONICS * 60.5 + 8) / BIN_HZ)
ORDERS = np.arange(1, HARMONICS + 1)
PLACES = np.rint(MAINS[:, None] * ORDERS / BIN_HZ).astype(int)
AROUND = np.concatenate([np.arange(-round(6 / BIN_HZ), -round(1.5 / BIN_HZ)), np.arange(round(1.5 / BIN_HZ) + 1, round(6 / BIN_HZ) + 1)])      # bins
HANN = np.hanning(WINDOW) * np.sqrt(2) / np.hanning(WINDOW).sum()      # the peak of a sine reads its power


@dataclass(frozen=True)
class Comb:
    """Mains as one look hears them: `hz` of the fundamental, and which harmonics (of 1..12) stand out alone."""

    hz: float
    stands: Flags


@dataclass(frozen=True)
class Look:
    """One look: spectrum and local median in dBFS a bin (the peak of a sine reads its power), the comb, and whether it is most of what sounds."""

    spectrum: Array
    floor: Array
    comb: Comb | None
    alone: bool


class Slow:
    """The inputs at 1500 Hz, the last 2.7 s: `channels` columns. Reads what is new in the rack's dry tap."""

    def __init__(self, channels: int) -> None:
        self.past = np.zeros((WINDOW, channels), np.float32)
        self.filled, self._frame = 0, -1

    def read(self, rack: Rack) -> None:
        end = rack.frames // STEP * STEP
        begin = self._frame if 0 <= end - self._frame <= TAP_FRAMES // 2 else -1
        if begin < TAPS:                        # the first time, or too late: what is left would not join
            begin, self.filled = max(end - TAP_FRAMES // 2, TAPS), 0
        self._frame = end
        if end <= begin:
            return
        first, last = (begin - TAPS) % TAP_FRAMES, (end - 1) % TAP_FRAMES + 1
        tap = rack.view("tap_in")[:, : self.past.shape[1]]
        fresh = slow_down(tap[first:last] if first < last else np.concatenate([tap[first:], tap[:last]]))
        self.past = np.concatenate([self.past, fresh])[-WINDOW:]
        self.filled = min(self.filled + len(fresh), WINDOW)


def slow_down(frames: Floats) -> Floats:
    """(TAPS + n * STEP, channels) at 48 kHz to (n, channels) at 1500 Hz, behind a low-pass (-1 dB at 600 Hz, -25 at 1020, -60 at 1200)."""
    blocks = frames.reshape(-1, STEP, frames.shape[1])
    with np.errstate(invalid="ignore", over="ignore"):
        parts = np.matmul(LOW_PASS, blocks)                  # (blocks, pieces of the filter, channels)
    parts = np.where(np.abs(parts) < WRONG, parts, 0)        # a bad sample is no sound, and must not stay in the memory
    count = len(blocks) - len(LOW_PASS)
    return np.asarray(sum(parts[1 + k: 1 + k + count, k] for k in range(len(LOW_PASS))), np.float32)


def pauses(past: Floats) -> Array:
    """(WINDOW,) weights that look into the pauses of a source: each 85 ms by how much it is louder than the quietest fifth."""
    loud = np.sqrt(np.mean(np.square(past).reshape(-1, PAUSE, past.shape[1]), axis=(1, 2))) + 1e-9
    weight = np.minimum(1.0, np.partition(loud, len(loud) // 5)[len(loud) // 5] / loud)
    return np.asarray(np.interp(np.arange(WINDOW), np.arange(len(loud)) * PAUSE + PAUSE / 2, weight))


def look_at(past: Floats, weight: Array) -> Look:
    """A look at (WINDOW, 1 or 2) frames of 1500 Hz, weighted."""
    window = HANN * weight * (HANN.sum() / (HANN @ weight))      # so that what is steady reads the same
    power = np.mean(np.abs(np.fft.rfft(past * window[:, None], axis=0)[:BINS]) ** 2, axis=1)
    spectrum = 10 * np.log10(power + 1e-16)
    whole = BINS // BLOCK * BLOCK
    middle = np.partition(spectrum[:whole].reshape(-1, BLOCK), (BLOCK // 2 - 1, BLOCK // 2), axis=1)[:, BLOCK // 2 - 1: BLOCK // 2 + 1].mean(axis=1)
    floor = np.interp(np.arange(BINS), np.arange(len(middle)) * BLOCK + BLOCK / 2, middle)
    comb = find_comb(spectrum, floor, window)
    return Look(spectrum, floor, comb, comb is not None and _is_alone(power, comb))


def company(window: Array) -> Array:
    """What may lie AROUND a harmonic that is alone, dB against it: side lines that the window's own weights make of it, or ALONE_DB less."""
    own = 20 * np.log10(np.abs(np.fft.rfft(window)[: AROUND.max() + 2]) / window.sum() + 1e-9)
    own[1:-1] = np.maximum(own[1:-1], np.maximum(own[:-2], own[2:]))      # it need not lie on a bin
    return np.asarray(np.maximum(own[np.abs(AROUND)] + SIDE_DB, -ALONE_DB))


def find_comb(spectrum: Array, floor: Array, window: Array) -> Comb | None:
    """The mains whose harmonics stand out best, or None where fewer than four do."""
    out = (spectrum - floor)[PLACES]
    score = np.where(out > STANDS_DB, np.sqrt(np.maximum(out, STANDS_DB)), 0.0)      # many harmonics weigh more than a strong one
    best = int(np.argmax(score.sum(axis=1)))
    if np.count_nonzero(score[best]) < LEAST_HARMONICS:
        return None
    return _refined(spectrum, floor, company(window), float(MAINS[best]))


def _refined(spectrum: Array, floor: Array, around: Array, near_hz: float) -> Comb | None:
    """The frequency by all harmonics together; a harmonic that is off its place or has company is none."""
    near = np.rint(ORDERS * near_hz / BIN_HZ).astype(int)[:, None] + np.arange(-2, 3)
    peak = near[np.arange(HARMONICS), np.argmax(spectrum[near], axis=1)]
    below, at, above = spectrum[peak - 1], spectrum[peak], spectrum[peak + 1]
    bend = np.minimum(below - 2 * at + above, -1e-9)
    hz = (peak + np.clip(0.5 * (below - above) / bend, -0.5, 0.5)) * BIN_HZ
    alone = (spectrum[peak[:, None] + AROUND] < at[:, None] + around).all(axis=1)
    stands = (at >= below) & (at >= above) & (at - floor[peak] > STANDS_DB) & alone
    mains = near_hz
    for off in (2 * OFF_HZ, OFF_HZ):
        stands = stands & (np.abs(hz - ORDERS * mains) < off)
        if np.count_nonzero(stands) < LEAST_HARMONICS:
            return None
        mains = float(np.sum((ORDERS * hz)[stands]) / np.sum((ORDERS ** 2)[stands]))        # least squares of hz = order * mains
    return Comb(mains, stands) if np.abs(MAINS - mains).min() < 0.02 else None


def at_harmonics(spectrum: Array, hz: float) -> Array:
    """(HARMONICS,) of a spectrum, where the harmonics of `hz` are, a bin more or less."""
    place = np.rint(ORDERS * hz / BIN_HZ).astype(int)
    return np.asarray(np.maximum(np.maximum(spectrum[place - 1], spectrum[place + 1]), spectrum[place]))


def _is_alone(power: Array, comb: Comb) -> bool:
    """The source is silent but for the comb: that is most of what lies between 40 Hz and the highest harmonic."""
    places = np.rint(ORDERS * comb.hz / BIN_HZ).astype(int)
    mine = float(power[places[:, None] + np.arange(-3, 4)].sum())
    return mine > 0.5 * float(power[int(40 / BIN_HZ):].sum())


def _low_pass() -> Floats:
    """(pieces, STEP): a windowed sinc of TAPS, cut into blocks of STEP, first block first."""
    t = np.arange(TAPS) - (TAPS - 1) / 2
    h = np.sinc(2 * 800 / RATE * t) * np.kaiser(TAPS, 5.65)
    return np.asarray((h / h.sum()).reshape(-1, STEP), np.float32)


LOW_PASS = _low_pass()
