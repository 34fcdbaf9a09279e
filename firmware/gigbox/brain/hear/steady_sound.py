"""What stands still and is no noise: tones, a spectrum that moves, and whether tones are those of the mains. Spectra are means of ten tenths."""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.dry_tenths import BINS
from gigbox.brain.hear.mains import BIN_HZ as LOOK_HZ
from gigbox.brain.hear.mains import Look, at_harmonics

TONE_DB, TONES = 9.0, 3       # so many bins so far over their neighbours, in the mean of a second: chords that stand still
BLOCK = 32                    # bins, 320 Hz: what neighbours are
BANDS, WIDTH, MOVED_DB = 30, 10, 1.1      # bands of 100 Hz from 100 Hz on; of one second of noise against another it is 0.65 +- 0.08
OTHER_DB, SIDE_DB, APART_HZ = 16.0, 40.0, 3.0      # in a look of 2.7 s noise stands 11 dB over its median at most


def is_mains(look: Look) -> bool:
    """Whether the tones of a look are those of the mains: no others stand out below 730 Hz that could not be side lines of theirs."""
    if look.comb is None or look.alone:
        return look.comb is not None
    hz = np.arange(len(look.spectrum)) * LOOK_HZ
    apart = np.abs(hz - np.rint(hz / look.comb.hz) * look.comb.hz) > APART_HZ
    loudest = at_harmonics(look.spectrum, look.comb.hz)[look.comb.stands].max()
    others = (look.spectrum > np.maximum(look.floor + OTHER_DB, loudest - SIDE_DB)) & apart & (hz > 40)
    return bool(np.count_nonzero(others) < TONES)


def has_tones(power: Array) -> Flags:
    """(BINS of 10 Hz, channels), the mean of a second, to (channels,): whether lines stand out of what is around them, from 100 Hz to 8 kHz."""
    db = 10 * np.log10(power + 1e-16)
    floor = BETWEEN @ np.median(db.reshape(-1, BLOCK, db.shape[1]), axis=1)
    return np.asarray(np.count_nonzero((db - floor > TONE_DB)[WIDTH:], axis=0) >= TONES)


def has_moved(power: Array, before: Array) -> Flags:
    """(BINS of 10 Hz, channels), means of a second each, to (channels,): whether the spectrum is another one, however loud. A wall of guitars is."""
    bands = [p[WIDTH: WIDTH * (BANDS + 1)].reshape(BANDS, WIDTH, -1).mean(axis=1) + 1e-16 for p in (power, before)]
    change = 10 * np.log10(bands[0] / bands[1])
    return np.asarray(np.abs(change - np.median(change, axis=0)).mean(axis=0) > MOVED_DB)


def _between(blocks: int) -> Array:
    """(blocks * BLOCK, blocks): from the middles of blocks to every bin, in straight lines."""
    at = (np.arange(blocks * BLOCK) + 0.5) / BLOCK - 0.5
    return np.asarray(np.maximum(1 - np.abs(np.clip(at, 0, blocks - 1)[:, None] - np.arange(blocks)), 0))


BETWEEN = _between(BINS // BLOCK)
