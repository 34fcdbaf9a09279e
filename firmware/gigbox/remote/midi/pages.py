"""What faders, knobs and buttons of a Mackie Control surface stand for, as tables: {n} is a strip (or group, effect, monitor), {s} the selected strip, {m} the
monitor whose sends are on the faders."""

from __future__ import annotations

from dataclasses import dataclass

from gigbox.params import COUNTS
from gigbox.remote.midi import mcu


@dataclass(frozen=True)
class Layer:
    """A row of faders. Empty: the owner has no such thing. `word` names one that has no name."""

    owner: str
    word: str
    level: str
    mute: str
    solo: str = ""
    name: str = ""
    strips: bool = False          # those of the box, not of THE table


LAYERS = {
    mcu.INPUTS: Layer("strip", "Ch", "strip/{n}/level", "strip/{n}/mute", "strip/{n}/solo", "strip/{n}/name", strips=True),
    mcu.AUX: Layer("fx", "FX", "fx/{n}/level", "fx/{n}/mute"),
    mcu.BUSES: Layer("group", "Grp", "group/{n}/level", "group/{n}/mute", name="group/{n}/name"),
    mcu.OUTPUTS: Layer("monitor", "Mon", "monitor/{n}/level", "monitor/{n}/mute", name="monitor/{n}/name"),
}
FLIPPED = "strip/{n}/send/{m}/level"
MASTER, FLIPPED_MASTER = "main/level", "monitor/{m}/level"


@dataclass(frozen=True)
class Page:
    """What the knobs turn: one thing of each strip (`across`), or up to eight of the selected one (with what the upper row says of each)."""

    letters: str                  # of the assignment display
    across: str = ""
    knobs: tuple[tuple[str, str], ...] = ()


_BANDS = tuple((f"{word}{band}", f"strip/{{s}}/eq/{band}/{what}") for band in range(1, COUNTS["eq"] + 1)
               for word, what in (("Gain", "gain"), ("Freq", "frequency")))
PAGES = {
    mcu.PAN: Page("PN", across="strip/{n}/pan"),
    mcu.TRACK: Page("TR", across="strip/{n}/trim"),
    mcu.SEND: Page("SE", knobs=(*((f"Mon {m}", f"strip/{{s}}/send/{m}/level") for m in range(1, COUNTS["monitor"] + 1)),
                                *((f"FX {m}", f"strip/{{s}}/fxsend/{m}/level") for m in range(1, COUNTS["fx"] + 1)))),
    mcu.EQ: Page("EQ", knobs=_BANDS),
    mcu.INSTRUMENT: Page("DY", knobs=(("Lo cut", "strip/{s}/hpf/frequency"), ("Noise", "strip/{s}/denoise/amount"), ("Gate", "strip/{s}/gate/threshold"),
                                      ("Range", "strip/{s}/gate/range"), ("Comp", "strip/{s}/comp/threshold"), ("Ratio", "strip/{s}/comp/ratio"),
                                      ("Makeup", "strip/{s}/comp/makeup"), ("De-ess", "strip/{s}/deess/range"))),
    mcu.PLUGIN: Page("AU", knobs=(("Depth", "box/depth"), ("Mode", "box/mode"), ("Freeze", "box/freeze"), ("Style", "box/style"), ("Clean", "box/denoise"),
                                  ("Tempo", "box/tempo"), ("Recall", "box/recall"), ("Talk", "box/talk/level"))),
}


@dataclass(frozen=True)
class Toggle:
    """A button that turns a switch over, and is lit while that is `lit`."""

    path: str
    lit: float = 1.0


TOGGLES = {
    mcu.RECORD: Toggle("tape/record"),
    mcu.DROP: Toggle("box/mute_all"),
    mcu.READ: Toggle("box/freeze", lit=0.0),          # reads automation: the box mixes
    mcu.WRITE: Toggle("box/mode", lit=0.0),           # soundcheck, which may do more
}
PUTS = {mcu.STOP: {"tape/record": 0.0}, mcu.CLICK: {"box/tap": 1.0}}
SCENES = tuple(range(mcu.F1, mcu.F1 + 8))
