"""The voice of a stereo source, out or alone: what both sides have alike is in the middle, and there a record has its singer.

A mask of the door for linked strips: of each fine band how much of it is in the middle, (1 - |L - R| / (|L| + |R|))^2 as powers of the dry sides have it,
within the range of a voice. It knows no voice from a snare in the middle, and a record in mono is all middle: then nothing can be told apart, and it is left
alone. Delay: none but the look-ahead of the filter; the window looks 20 ms back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigbox import params
from gigbox._core import ffi, lib
from gigbox.brain.hear.leak_paths import LOUDEST
from gigbox.rack import CHANNELS, FINE_BANDS, HOP, RATE, Floats, Rack

AMOUNT, LINK = params.FIRST["strip/*/voice"], params.FIRST["strip/*/link"]
FRAME = 2048
RANGE_HZ = (120.0, 180.0, 9000.0, 13000.0)      # a voice begins and ends
DEEPEST_DB = 24.0                                # at 100 %, as the core has it
WIDE = 0.01                                      # of a record's power at its sides: with less it is mono
FORGETS = 0.01 ** (HOP / (60.0 * RATE))          # a minute, until one that was wide is mono
OPEN, CLOSE = 0.6, 0.35                          # of the way a mask goes in a hop, up and down
QUIET, LEAST = 1e-3, 1e-12      # a spectrum that is worth a look: -90 dBFS


class Voice:
    """Gains for every pair of linked strips that wants it."""

    def __init__(self) -> None:
        self._gains = np.ones((FINE_BANDS, CHANNELS), np.float32)
        self._middle = np.zeros((FINE_BANDS, CHANNELS), np.float32)
        self._wide = np.zeros(CHANNELS)
        self._window = np.hanning(FRAME).astype(np.float32)[:, None]
        hz = np.zeros(FINE_BANDS)
        lib.gb_fine_hz(ffi.from_buffer("double[]", hz))
        edges = np.searchsorted(np.arange(FRAME // 2 + 1) * RATE / FRAME, np.sqrt(hz[1:] * hz[:-1]))
        self._edges = np.concatenate([[1], np.maximum(edges, np.arange(2, FINE_BANDS + 1))])
        self._band = np.interp(hz, RANGE_HZ, [0, 1, 1, 0]).astype(np.float32)

    def gains(self, rack: Rack, values: Floats, newest: Any, began_anew: bool) -> Floats | None:
        """None where no pair wants it."""
        amounts, links = values[AMOUNT:AMOUNT + rack.channels - 1], values[LINK:LINK + rack.channels - 1]
        wanted = np.flatnonzero((amounts != 0) & (links > 0.5))
        if not len(wanted) or (frames := rack.newest(FRAME)) is None:
            return None
        self._gains[:] = 1
        for n in map(int, wanted):
            middle, amount = self._hear(n, frames[:, n:n + 2]), float(amounts[n]) / 100
            if self._wide[n] < WIDE:
                continue
            kept = 1 + amount * middle if amount < 0 else 1 - amount * (1 - middle)
            self._gains[:, n] = self._gains[:, n + 1] = np.maximum(kept, 10 ** (-DEEPEST_DB * abs(amount) / 20))
        return self._gains

    def _hear(self, n: int, sides: Floats) -> Floats:
        """(FINE_BANDS,), 0..1: what of the pair is a voice in the middle."""
        left, right = np.fft.rfft(np.clip(np.nan_to_num(sides), -LOUDEST, LOUDEST) * self._window, axis=0).T
        power = [np.add.reduceat(np.square(np.abs(x)), self._edges) for x in (left, right, left - right)]
        apart = np.sqrt(power[2] / (np.square(np.sqrt(power[0]) + np.sqrt(power[1])) + LEAST))
        whole = float((power[0] + power[1]).sum())
        self._wide[n] = max(self._wide[n] * FORGETS, float(power[2].sum()) / 2 / whole if whole > QUIET else 0.0)
        wanted = np.square(np.clip(1 - apart, 0, 1)) * self._band
        here = self._middle[:, n]
        here += np.where(wanted > here, OPEN, CLOSE) * (wanted - here)
        return here
