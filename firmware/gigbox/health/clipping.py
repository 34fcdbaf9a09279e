"""Which inputs clip: what comes in reaches the converter's full scale again and again, and no fader of the box can mend that."""

from __future__ import annotations

from collections import deque

import numpy as np

from gigbox.rack import FULL_SCALE, TAP_FRAMES, Floats, Rack

SPAN_S = 60.0                 # looks of so long count
OFTEN = 3                     # of them, before it is told: a dropped microphone or a pulled plug is over by then


class Clipping:
    """Look at least once a second: the rack holds little more of the dry inputs."""

    def __init__(self) -> None:
        self._frame = -1
        self._past: deque[tuple[float, Floats]] = deque()       # when, and which strips clipped since the look before

    def look(self, rack: Rack, now: float) -> list[int]:
        """Strips, from 1, that clip these days. `now`, s, is of the monotonic clock."""
        end, channels = rack.frames, rack.channels
        begin = max(self._frame, end - TAP_FRAMES + TAP_FRAMES // 8) if 0 <= self._frame <= end else end        # what is being written is left out
        self._frame = end
        if self._past and len(self._past[-1][1]) != channels:
            self._past.clear()
        self._past.append((now, _clipped(rack.view("tap_in")[:, :channels], begin, end)))
        while now - self._past[0][0] > SPAN_S:
            self._past.popleft()
        return [int(n) + 1 for n in np.flatnonzero(sum(clipped for _, clipped in self._past) >= OFTEN)]


def _clipped(tap: Floats, begin: int, end: int) -> Floats:
    """1 for each channel of the tap with a sample at full scale in these frames, else 0; bad samples are none."""
    found = np.zeros(tap.shape[1], np.float32)
    while begin < end:
        at = begin % TAP_FRAMES
        piece = tap[at: min(at + end - begin, TAP_FRAMES)]
        top, bottom = np.fmax.reduce(piece, axis=0), np.fmin.reduce(piece, axis=0)
        found[(top >= FULL_SCALE) | (bottom <= -FULL_SCALE)] = 1
        begin += len(piece)
    return found
