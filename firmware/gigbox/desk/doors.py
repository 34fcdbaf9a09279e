"""Behind a mute, a switch that is off, an input that is not there, nobody hears where a value stands. What a scene opens has to be as it is wanted from the
first moment, and must not come down from where it was left unheard. So it is where a switch brings something else to a gain, or takes it elsewhere: the gain
was meant for what was there before."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence

from gigbox.desk.paths import ADDRESSES, INDEX
from gigbox.params import COUNTS

Values = Sequence[float]      # by the index of THE table
STRIPS, GROUPS, MONITORS = (range(1, COUNTS[kind] + 1) for kind in ("strip", "group", "monitor"))


def opened(indexes: Iterable[int], before: Values, after: Values) -> frozenset[int]:
    """Those whose door was shut and is open; switches themselves are none of them."""
    doors = {index: _doors(index) for index in indexes}
    open_now = {door for door in set(itertools.chain(*doors.values())) if _is_open(door, after) and not _is_open(door, before)}
    return frozenset(index for index, behind in doors.items() if not open_now.isdisjoint(behind))


def turned(indexes: Iterable[int], before: Values, after: Values) -> frozenset[int]:
    """Gains that go down and are another thing's now: another input, another way to a monitor, a member of another group. What goes up may take its time."""
    falling = {index: _turns(index) for index in indexes if ADDRESSES[index].param.unit == "dB" and after[index] < before[index]}
    other = {switch for switch in set(itertools.chain(*falling.values())) if before[INDEX[switch]] != after[INDEX[switch]]}
    return frozenset(index for index, switches in falling.items() if not other.isdisjoint(switches))


@functools.cache
def _turns(index: int) -> tuple[str, ...]:
    """What else than the gain itself says how loud something is behind it."""
    return tuple(switch for switch in _beside(ADDRESSES[index].path) if switch in INDEX and INDEX[switch] != index)


def _beside(path: str) -> Iterator[str]:
    head, number, *rest = path.split("/")
    yield from (f"{path.rpartition('/')[0]}/{word}" for word in ("type", "tap"))
    if head == "fx":
        yield f"fx/{number}/type"
    if head == "group":
        yield from (f"strip/{n}/group/{number}/on" for n in STRIPS)
    if head == "strip":
        yield from (f"strip/{number}/input/{word}" for word in ("source", "gain", "pad"))
    if head == "strip" and rest == ["level"]:
        yield from (f"strip/{number}/group/{g}/on" for g in GROUPS)
        yield from (f"strip/{number}/send/{m}/tap" for m in MONITORS)
    if rest[:1] == ["send"]:
        yield from (f"monitor/{m}/link" for m in (int(rest[1]) - 1, int(rest[1])))        # of a pair the right one hears what goes to the left


@functools.cache
def _doors(index: int) -> tuple[str, ...]:
    """The switches that a row lies behind."""
    param, path = ADDRESSES[index].param, ADDRESSES[index].path
    return () if param.taper == "step" else tuple(door for door in _behind(path, param.acts) if door in INDEX)


def _behind(path: str, acts: str) -> Iterator[str]:
    words = path.split("/")
    for place in itertools.accumulate(words[:-1], lambda before, word: f"{before}/{word}"):
        yield f"{place}/mute"
        if f"{place}/on" in INDEX and ADDRESSES[INDEX[f"{place}/on"]].param.acts == acts:
            yield f"{place}/on"
    if words[0] == "strip":
        yield f"strip/{words[1]}/input/source"
    if words[0] == "fx" or words[2:3] == ["fxsend"]:
        effect = words[1] if words[0] == "fx" else words[3]
        yield from (f"fx/{effect}/type", f"fx/{effect}/mute")
    if words[2:3] == ["send"]:
        yield f"monitor/{words[3]}/mute"
    elif words[0] != "monitor":
        yield "main/mute"


def _is_open(door: str, values: Values) -> bool:
    """As the core has it (routes.c): groups and the mute of all hold for strips that are not safe of them."""
    on = values[INDEX[door]] > 0.5
    words = door.split("/")
    if words[-1] != "mute":
        return on
    if words[0] != "strip" or on or values[INDEX[f"strip/{words[1]}/mute_safe"]] > 0.5:
        return not on
    others = ["box/mute_all", *(f"group/{g}/mute" for g in GROUPS if values[INDEX[f"strip/{words[1]}/group/{g}/on"]] > 0.5)]
    return not any(values[INDEX[other]] > 0.5 for other in others)
