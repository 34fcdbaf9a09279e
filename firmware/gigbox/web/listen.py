"""The listen bus, or another, as PCM for a WebSocket: 48 kHz stereo, int16 little-endian, about 20 ms a message, from the newest on."""

from __future__ import annotations

import numpy as np

from gigbox.web import meters
from gigbox.web.meters import Floats, Meters

CHUNK = 960              # frames: 20 ms
BUSES = tuple(name.replace("/", "_") for name in meters.BUSES)      # listen: what is soloed, else what box/listen says
BEHIND = 9600            # frames: whoever is further behind than 200 ms is skipped to the newest


class Bus:
    """The tap of the rack, read once for all listeners of a bus."""

    def __init__(self, meters: Meters, name: str = BUSES[0]) -> None:
        self._meters, self._columns = meters, columns(name)
        self._frame: int | None = None

    def next(self) -> bytes:
        """What was played since the last time, once that is a message's worth; nothing before, and while no engine runs."""
        rack = self._meters.rack()
        if rack is None:
            self._frame = None
            return b""
        newest = rack.frames
        if self._frame is None or not self._frame <= newest <= self._frame + BEHIND:
            self._frame = newest
        if newest - self._frame < CHUNK:
            return b""
        sound, self._frame = rack.listen(self._frame, self._columns)
        return pcm(sound)

    def rest(self) -> None:
        """Nobody listens: the next one begins with what is played then."""
        self._frame = None


def columns(bus: str) -> tuple[int, int]:
    """Left and right of a bus in the rack's tap."""
    return meters.BUSES[bus.replace("_", "/")]


def pcm(sound: Floats) -> bytes:
    """(n, 2) float32, 1 = full scale, as interleaved int16; what is not a number is silence."""
    return (np.clip(np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0) * 32767.0).round().astype("<i2").tobytes()
