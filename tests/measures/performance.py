"""Sound through the box as a gig goes: a session of its own, soundcheck for 20 s, then show, and hands at their time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.who.recogniser import Recogniser
from gigbox.engine.song import Track
from gigbox.rack import METER_FRAMES
from gigbox.render.render import SOUNDCHECK_S
from gigbox.render.session import TICK_S, Session


def perform(tracks: Sequence[Track], dry: np.ndarray, style: str, roles: str = "given",
            hands: Sequence[tuple[float, Mapping[str, object]]] = ()) -> Iterator[tuple[Session, np.ndarray]]:
    """After each 100 ms of `dry` (frames, channels): the session, and (frames, channels, 2) of it behind each strip's fader.

    `roles`: all but "given" has a recogniser; `hands`: (seconds, what is set then).
    """
    session = Session(tracks, {"box/mode": "soundcheck", "box/style": style}, Denoiser(), None if roles == "given" else Recogniser())
    left = sorted(hands, key=lambda hand: hand[0])
    try:
        for at in range(0, len(dry) - METER_FRAMES + 1, METER_FRAMES):
            if session.mode == "soundcheck" and session.now >= SOUNDCHECK_S - TICK_S / 2:
                session.set({"box/mode": "show"})
            while left and session.now >= left[0][0] - TICK_S / 2:
                session.set(left.pop(0)[1], "somebody")
            _, strips = session.play(dry[at:at + METER_FRAMES], stems=True)
            session.think()
            assert strips is not None
            yield session, strips
    finally:
        session.close()
