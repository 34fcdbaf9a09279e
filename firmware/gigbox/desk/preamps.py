"""The preamplifiers of the card, as rows of the strips that hear its inputs, and Re-Gain: what a gain changes is taken back in trim. No I/O here.

A knob may serve several inputs, and an input several strips: what is set of one goes for all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gigbox.desk.events import Setting
from gigbox.desk.paths import ADDRESSES, INDEX, OF_CARD
from gigbox.devices.preamps import Knob, nearest
from gigbox.errors import ParamError
from gigbox.params import COUNTS, FIRST

ROWS = {"gain": "strip/*/input/gain", "phantom": "strip/*/input/phantom", "pad": "strip/*/input/pad"}      # by kind of knob
SOURCE, TRIM = FIRST["strip/*/input/source"], FIRST["strip/*/trim"]
NEAR_DB = 0.05                # closer than any preamp's steps
_STRIP = re.compile(r"strip/(\d+)/input/(\w+)")


def offered(knobs: Sequence[Knob], values: Sequence[float]) -> dict[str, Knob]:
    """Which knob each row turns now, as the patch has it: `values` are what is heard."""
    heard: dict[int, list[int]] = {}
    for n in range(COUNTS["strip"]):
        heard.setdefault(int(values[SOURCE + n]), []).append(n + 1)
    return {ROWS[knob.kind].replace("*", str(n)): knob for knob in knobs for source in knob.inputs for n in heard.get(source, ())}


def checked(offer: Mapping[str, Knob], path: str, value: Setting) -> Setting:
    """The value, of a knob as near as it can stand; ParamError where the card has no such knob, or one that does not go so far."""
    if path not in OF_CARD:
        return value
    if (knob := offer.get(path)) is None:
        raise ParamError(f"{path}: the card has none")
    if knob.kind == "gain" and isinstance(value, float) and not knob.low <= value <= knob.high:
        beyond = f"below {knob.low:g} dB, the least" if value < knob.low else f"above {knob.high:g} dB, the most"
        raise ParamError(f"{path}: {value:g} dB is {beyond} of the card")
    return ADDRESSES[INDEX[path]].param.clamp(nearest(knob, value)) if isinstance(value, float) else value


def sides(offer: Mapping[str, Knob], wanted: Mapping[str, Setting]) -> dict[str, Setting]:
    """The same knob's rows of other strips."""
    turned = {offer[path]: value for path, value in wanted.items() if path in offer}
    return {path: turned[knob] for path, knob in offer.items() if knob in turned} if turned else {}


def regain(hand: Sequence[float | None], wanted: Mapping[str, Setting]) -> dict[str, Setting]:
    """The trims that take back what the gains change, as far as a trim goes. A gain that nobody knew before changes nothing."""
    back: dict[str, Setting] = {}
    for path, value in wanted.items():
        match = _STRIP.fullmatch(path)
        was = hand[INDEX[path]] if match else None
        if match is None or match[2] != "gain" or was is None or not isinstance(value, float) or abs(value - was) < NEAR_DB:
            continue
        index = TRIM + int(match[1]) - 1
        trim = ADDRESSES[index]
        back[trim.path] = trim.param.clamp((hand[index] or 0.0) - (value - was))
    return back


def news(offer: Mapping[str, Knob], hand: Sequence[float | None], read: Mapping[Knob, float]) -> dict[str, Setting]:
    """What the card has otherwise than the desk."""
    told: dict[str, Setting] = {}
    for path, knob in offer.items():
        was = hand[INDEX[path]]
        if knob in read and (was is None or abs(read[knob] - was) >= NEAR_DB):
            told[path] = ADDRESSES[INDEX[path]].param.clamp(read[knob])
    return {path: value for path, value in told.items() if value != hand[INDEX[path]]}
