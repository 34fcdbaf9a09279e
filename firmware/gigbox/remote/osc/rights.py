"""What may be set by OSC, for which nobody needs a password: what makes a mix, and nothing that is not said here.

What protects ears and gear, what was patched, recordings, and who may come in stays with people at the box and on its page.
"""

from __future__ import annotations

import functools

from gigbox import params
from gigbox.errors import ParamError

# Not talk, which is held: who would let it go?
STRIP = ("role", "name", "colour", "input/gain", "trim", "polarity", "delay", "link", "mute", "solo", "hpf", "hum", "denoise", "gate", "eq", "deess", "comp",
         "share", "duck", "level", "pan", "send", "fxsend", "group", "mute_safe", "solo_safe", "bleed", "voice")
MONITOR = ("name", "level", "mute", "eq", "geq", "link", "ambience", "solo", "talk", "follow")
MAIN = ("level", "mute", "eq", "geq", "mono")
# Not mute_all, on as off: a stranger neither ends a concert nor a silence that somebody at the box wanted.
BOX = ("depth", "freeze", "style", "song", "tempo", "tap", "denoise", "listen", "talk/level", "duck", "share")
MAY = (*(f"strip/*/{what}" for what in STRIP), *(f"monitor/*/{what}" for what in MONITOR), *(f"main/{what}" for what in MAIN), *(f"box/{what}" for what in BOX),
       "fx", "group")


def may(path: str) -> bool:
    """Whether an app may set it; not where there is no such path."""
    if (text := params.find_text(path)) is not None:
        return _within(text.path)
    try:
        return _within(params.find(path).param.path)
    except ParamError:
        return False


@functools.lru_cache(maxsize=1024)
def _within(row: str) -> bool:
    return any(row == place or row.startswith(f"{place}/") for place in MAY)
