"""The voice of a stereo record without a model: what both sides have alike is in the middle, and there a record has its singer.

Of each fine band how much of it is in the middle, (1 - |L - R| / (|L| + |R|))^2 as powers of the dry sides have it, within the range of a voice. It knows no
voice from a snare in the middle, and a record in mono is all middle: then nothing can be told apart. The window looks 20 ms back.
"""

from __future__ import annotations

import numpy as np

from gigbox._core import ffi, lib
from gigbox.rack import FINE_BANDS, HOP, RATE, Floats

FRAME = 2048
RANGE_HZ = (120.0, 180.0, 9000.0, 13000.0)      # a voice begins and ends
WIDE = 0.01                                      # of a record's power at its sides: with less it is mono
FORGETS = 0.01 ** (HOP / (60.0 * RATE))          # a minute, until one that was wide is mono
OPEN, CLOSE = 0.6, 0.35                          # of the way a share goes in a hop, up and down
QUIET, LEAST = 1e-3, 1e-12      # a spectrum that is worth a look: -90 dBFS


class Centre:
    """How much of each fine band is a voice in the middle, for every pair that it is asked of."""

    pace, frames = 1, FRAME

    def __init__(self) -> None:
        self._middle: dict[int, Floats] = {}
        self._wide: dict[int, float] = {}
        self._window = np.hanning(FRAME).astype(np.float32)[:, None]
        hz = np.zeros(FINE_BANDS)
        lib.gb_fine_hz(ffi.from_buffer("double[]", hz))
        edges = np.searchsorted(np.arange(FRAME // 2 + 1) * RATE / FRAME, np.sqrt(hz[1:] * hz[:-1]))
        self._edges = np.concatenate([[1], np.maximum(edges, np.arange(2, FINE_BANDS + 1))])
        self._band = np.interp(hz, RANGE_HZ, [0, 1, 1, 0]).astype(np.float32)

    def forget(self, pair: int) -> None:
        """This pair begins anew."""
        self._middle[pair], self._wide[pair] = np.zeros(FINE_BANDS, np.float32), 0.0

    def share(self, pair: int, sides: Floats) -> Floats | None:
        """One hop of a pair that was begun. sides: its newest (frames, 2); returns (FINE_BANDS,), 0..1, or None where it is mono."""
        left, right = np.fft.rfft(sides * self._window, axis=0).T
        power = [np.add.reduceat(np.square(np.abs(x)), self._edges) for x in (left, right, left - right)]
        apart = np.sqrt(power[2] / (np.square(np.sqrt(power[0]) + np.sqrt(power[1])) + LEAST))
        whole = float((power[0] + power[1]).sum())
        self._wide[pair] = max(self._wide[pair] * FORGETS, float(power[2].sum()) / 2 / whole if whole > QUIET else 0.0)
        wanted = np.square(np.clip(1 - apart, 0, 1)) * self._band
        here = self._middle[pair]
        here += np.where(wanted > here, OPEN, CLOSE) * (wanted - here)
        return here if self._wide[pair] >= WIDE else None
