"""The listen bus as PCM over a WebSocket: 48 kHz stereo, int16 little-endian, about 20 ms a message, from the newest on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gigbox.web.meters import Floats, Meters

CHUNK = 960              # frames: 20 ms
BEHIND = 9600            # frames: a listener further behind than 200 ms is skipped to the newest
WAIT_S = 0.005           # between two looks for the next chunk
AWAY_S = 0.1             # and while no engine runs


def stream(ws: Any, meters: Meters, pause: Callable[[float], object]) -> None:
    """Until the listener goes."""
    frame: int | None = None
    while ws.connected:
        rack = meters.rack()
        if rack is None:
            frame = None
            pause(AWAY_S)
            continue
        newest = rack.frames
        if frame is None or not frame <= newest <= frame + BEHIND:
            frame = newest
        if newest - frame < CHUNK:
            pause(WAIT_S)
            continue
        sound, frame = rack.listen(frame)
        ws.send(pcm(sound))


def pcm(sound: Floats) -> bytes:
    """(n, 2) float32, 1 = full scale, as interleaved int16; what is not a number is silence."""
    return (np.clip(np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0) * 32767.0).round().astype("<i2").tobytes()
