"""Words of the console's table: nodes and leaves, how many there are of each, and the laws and choices by which they are read."""

from __future__ import annotations

from dataclasses import dataclass

from gigbox.remote.osc.laws import Bits, Choice, Law, Switch, Text, Whole, Wire, fader, hertz, linear, log, milliseconds


@dataclass(frozen=True)
class Leaf:
    """`paths`: what it is here; of those of `either`, the first that this box has. `start`: of a constant. `fixed`: it stays so, whoever writes: it would be
    believed and not be true. `hidden`: not in the node's line."""

    name: str
    law: Law
    paths: tuple[str, ...] = ()
    start: Wire = 0
    either: bool = False
    fixed: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Node:
    template: str
    leaves: tuple[Leaf, ...]


def leaf(name: str, law: Law, *paths: str, start: Wire = 0, either: bool = False, fixed: bool = False, hidden: bool = False) -> Leaf:
    """Paths that are empty are none."""
    return Leaf(name, law, tuple(filter(None, paths)), start, either, fixed, hidden)


# `rtn` and `silent` are the returns of effects that the box has, and has not; `ha` the preamps beyond its channels.
COUNTS = {"ch": range(1, 17), "bus": range(1, 7), "rtn": range(1, 3), "silent": range(3, 5), "fx": range(1, 5), "dca": range(1, 5), "ha": range(17, 25),
          "usb": range(1, 19)}

FADER, LEVEL, PAN = fader(1024), fader(161), linear(101, -100, 100, "+.0f", 0.01)
ON, OUT = Switch(), Switch(turned=True)
NAME, MASK = Text(), Bits()
COLOUR = Choice(tuple(map(str, range(16))), (0, 1, 5, 4, 7, 2, 6, 9) * 2, {0: 0, 1: 1, 2: 5, 3: 3, 4: 3, 5: 2, 6: 6, 7: 4, 8: 5, 9: 7})      # 8 to 15: inverted
SHADE = Whole(0, 15)                                                               # of what has no colour here
FREQUENCY, GAIN, Q = log(201, 20, 20000, hertz), linear(121, -15, 15, "+.2f"), log(72, 10, 0.3, "{:.1f}".format)
SLIDER = linear(61, -15, 15)
HPF = log(101, 20, 400, "{:.0f}".format)
ATTACK, HOLD, RELEASE = linear(121, 0, 120, ".0f"), log(101, 0.02, 2000, milliseconds), log(101, 5, 4000, "{:.0f}".format)
GATE_DB, RANGE_DB, COMP_DB, MAKEUP_DB, MIX = linear(161, -80, 0), linear(58, 3, 60), linear(121, -60, 0), linear(49, 0, 24, ".2f"), linear(21, 0, 100, ".0f")
KNEE = linear(6, 0, 5, ".0f", 24 / 5)                                              # 24 dB here is 5 there
WEIGHT, TRIM, HEADAMP = linear(49, -12, 12, "+.1f"), linear(145, -18, 18, "+.1f"), linear(145, -12, 60, "+.1f")
PARAMETER = linear(1001, 0, 1, ".3f")
KIND = Choice(("LCut", "LShv", "PEQ", "VEQ", "HShv", "HCut"), (1, 1, 0, 0, 2, 2), {0: 2, 1: 1, 2: 4})       # bell, low_shelf, high_shelf
EQ_MODE = Choice(("PEQ", "GEQ", "TEQ"))
GATE = Choice(("EXP2", "EXP3", "EXP4", "GATE", "DUCK"), (2, 3, 4, 100, None))      # by ratio
COMP, DETECTOR, ENVELOPE = Choice(("COMP", "EXP")), Choice(("PEAK", "RMS")), Choice(("LIN", "LOG"))
RATIO = Choice(("1.1", "1.3", "1.5", "2.0", "2.5", "3.0", "4.0", "5.0", "7.0", "10", "20", "100"), (1.1, 1.3, 1.5, 2, 2.5, 3, 4, 5, 7, 10, 20, 100))
TAPS = ("IN", "PREEQ", "POSTEQ", "PRE", "POST", "GRP")
TAP = Choice(TAPS, (2, 2, 0, 0, 1, None), {0: 3, 1: 4, 2: 0})                      # pre, post, input
NO_TAP = Choice(TAPS)
SHARE = Choice(("OFF", "X", "Y"), (0, 1, 1), {0: 0, 1: 1})
SOURCE = Choice(("OFF", *(f"In{n:02}" for n in range(1, 17)), "L", "R"))
USB = Choice(tuple(f"U{n:02}" for n in range(1, 19)))
USB_PAIR = Choice(tuple(f"U{n:02}{n + 1:02}" for n in range(1, 19, 2)))
KEY = Choice(("SELF", *(f"Ch{n:02}" for n in range(1, 17)), *(f"Bus{n}" for n in range(1, 7))))
SLOT = Choice(("OFF", *(f"Fx{n}{side}" for n in range(1, 5) for side in "AB")))
FILTER = Choice(("LC6", "LC12", "HC6", "HC12", "1.0", "2.0", "3.0", "5.0", "10.0"))
PHONES = Choice(("OFF", "LR", "LRPFL", "LRAFL", "AUX", "U1718", *(f"Bus{n}" for n in range(1, 7)), "Bus12", "Bus34", "Bus56"))
FOLD = Choice(("PFL", "AFL"))
TAPE = Choice(("STOP", "PPAUSE", "PLAY", "RPAUSE", "REC", "FF", "REW"), (0, None, None, None, 1, None, None))
ROUTED, POSITION = Whole(0, 55), Choice(("AIN", "AIN+M", "IN", "IN+M", "PREEQ", "PREEQ+M", "POSTEQ", "POSTEQ+M", "PRE", "PRE+M", "POST"))
SLIDERS = ("20", "25", "31.5", "40", "50", "63", "80", "100", "125", "160", "200", "250", "315", "400", "500", "630", "800", "1k", "1k25", "1k6", "2k", "2k5",
           "3k15", "4k", "5k", "6k3", "8k", "10k", "12k5", "16k", "20k")          # thirds, as GEQ_HZ
