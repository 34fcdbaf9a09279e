"""Engine and brain in step: after each hop of sound the brain answers before the next frame is played. So a render is the same every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gigbox.engine.core import Engine
from gigbox.rack import HOP, OUTPUTS, Floats, Rack


def play(engine: Engine, frames: Floats, hear: Callable[[Rack], object] | None, *, stems: bool = False) -> tuple[Floats, Floats | None]:
    """`Engine.process`, with `hear` called at the end of each hop; None: nobody listens."""
    if hear is None:
        return engine.process(frames, stems=stems)
    frames, out = np.ascontiguousarray(frames, np.float32), np.empty((len(frames), OUTPUTS), np.float32)
    strips = np.empty((len(frames), engine.channels, 2), np.float32) if stems else None
    at = 0
    while at < len(frames):
        end = min(at + HOP - engine.rack.frames % HOP, len(frames))
        _, part = engine.process(frames[at:end], stems=stems, into=out[at:end])
        if strips is not None and part is not None:
            strips[at:end] = part
        hear(engine.rack)
        at = end
    return out, strips
