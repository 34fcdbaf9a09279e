"""Kinds of what a scene holds: a recall may be of some of them alone, and each can be made safe from all recalls, as a whole strip or bus can."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from gigbox.desk.paths import INDEX
from gigbox.errors import RequestError
from gigbox.params import SCENE_KINDS as KINDS

NAMES = ("name", "role", "colour")
INPUTS = ("input", "trim", "polarity", "delay", "link")
FADERS = ("level", "pan", "mute", "solo", "group", "mute_safe", "solo_safe")
STRIP = {**dict.fromkeys(NAMES, "names"), **dict.fromkeys(INPUTS, "inputs"), **dict.fromkeys(FADERS, "faders"), "send": "sends", "fxsend": "effects"}
HEADS = {"monitor": "monitors", "fx": "effects", "out": "inputs", "group": "faders", "box": "box", "main": "main"}


@functools.lru_cache(maxsize=8192)
def kind_of(path: str) -> str:
    """One of KINDS."""
    head, *rest = path.split("/")
    what = rest[1] if len(rest) > 1 else rest[0]
    if head == "strip":
        return STRIP.get(what, "processing")
    if head == "main":
        return "faders" if rest[0] in FADERS else "main"
    return "names" if what in NAMES and head != "box" else HEADS.get(head, "box")


def checked(kinds: object) -> frozenset[str]:
    """Of a request; None are all."""
    if kinds is None:
        return frozenset(KINDS)
    wanted = kinds if isinstance(kinds, list) else [kinds]
    for kind in wanted or [[]]:
        if kind not in KINDS:
            raise RequestError(f"kinds: {ascii(kind)[:40]}, expected some of {', '.join(KINDS)}")
    return frozenset(wanted)


def safe(values: Sequence[float]) -> Callable[[str], bool]:
    """Whether no recall may touch a path, by what is heard: `strip/3/safe`, `main/safe`, or `box/safe/sends` and the like."""
    kinds = frozenset(kind for kind in KINDS if values[INDEX[f"box/safe/{kind}"]] > 0)
    places = {path.removesuffix("/safe") for path, index in INDEX.items() if path.endswith("/safe") and values[index] > 0}
    return lambda path: kind_of(path) in kinds or (bool(places) and _place(path) in places)


def _place(path: str) -> str:
    """The strip or bus whose it is."""
    words = path.split("/")
    return "/".join(words[:2]) if len(words) > 1 and words[1].isdecimal() else words[0]
