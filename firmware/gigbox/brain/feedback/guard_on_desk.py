"""The feedback guard as the desk knows it. The core cuts by itself, at once; what it did is told here, afterwards, as moves of `auto` with their reasons.

It also says which outputs are guarded (those that a microphone reaches) and which strips hear no room, and does what people ask: keep a notch, take one away.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

from gigbox import params
from gigbox.brain.feedback.ring_out import WATCHED as RUNG
from gigbox.brain.feedback.ring_out import RingOut, fixed
from gigbox.desk.client import Change, Client, Value
from gigbox.rack import Notch, Rack

OUTPUTS = ("main", *(f"monitor/{n}" for n in range(1, params.COUNTS["monitor"] + 1)))
LINES = frozenset(("playback", "keys", "synth", "bass"))      # roles that come by a cable, and hear no room
MICROPHONES = frozenset(params.ROLES) - LINES - {"unused"}
WATCHED = [*(f"{owner}/{row}" for owner in ("main", "monitor/*") for row in ("guard", "notch")),
           "strip/*/guard", "strip/*/send/*/level", "strip/*/role", *RUNG]
OURS = re.compile("|".join(("/notch/", "/guard", "/send/", "/role$")))
Wishes = dict[str, tuple[float, str]]      # path: what auto is to be, and why
ALL = params.LIVE[-1] + 1


class GuardOnDesk:
    """Tell it every change that the desk tells (`changed`, from any thread), and call `step` every 100 ms."""

    def __init__(self, desk: Client) -> None:
        self._desk = desk
        self._known: dict[str, Value] = {}
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()
        self._ring_out = RingOut(desk)

    def changed(self, change: Change) -> None:
        with self._lock:
            self._known.update({path: value for path, value in change.values.items() if OURS.search(path)})
            if not change.by:
                self._told = {}

    def step(self, rack: Rack, frozen: bool = False) -> None:
        with self._lock:
            known = dict(self._known)
        notches = rack.notches()
        self._obey(known, notches)
        if not frozen:
            self._tell(known, {**self._guarded(known, rack.channels), **self._notched(notches)})
        self._ring_out.step(rack, known)

    def _tell(self, known: Mapping[str, Value], moves: Wishes) -> None:
        """What the desk has not heard yet. What it leaves alone is not said twice."""
        new = {path: move for path, move in moves.items() if self._told.get(path, _auto(known, path)) != move[0]}
        if new:
            self._desk.auto({path: value for path, (value, _) in new.items()}, {path: why for path, (_, why) in new.items()})
            self._told.update({path: value for path, (value, _) in new.items()})

    def _obey(self, known: Mapping[str, Value], notches: list[Notch]) -> None:
        """What people asked for: the core has taken away already what is to be killed."""
        for owner in OUTPUTS:
            if kill := _number(known, f"{owner}/guard/kill"):
                what = "all notches" if kill == ALL else f"notch {kill:.0f}"
                self._desk.set({f"{owner}/guard/kill": 0}, f"{_said(owner)}: {what} taken away")
            if keep := _number(known, f"{owner}/guard/keep"):
                kept = [n for n in notches if n.owner == owner and keep in (n.slot, ALL)]
                keep_notches(self._desk, known, owner, kept)

    def _notched(self, notches: list[Notch]) -> Wishes:
        moves: Wishes = {}
        there = {(n.owner, n.slot): n for n in notches if n.state != "testing"}
        tested = {(n.owner, n.slot) for n in notches if n.state == "testing"}
        for owner in OUTPUTS:
            for slot in params.LIVE:
                place, notch = f"{owner}/notch/{slot}", there.get((owner, slot))
                if notch:
                    why = said(notch)
                    numbers = {"frequency": round(notch.hz, 1), "q": round(notch.q, 2), "gain": round(-notch.depth_db, 1)}
                    moves |= {f"{place}/{word}": (number, why) for word, number in numbers.items()}
                elif (owner, slot) not in tested and self._told.get(f"{place}/gain"):
                    moves[f"{place}/gain"] = (0.0, f"{_said(owner)}: a notch was lifted, nothing rings there")
        return moves

    def _guarded(self, known: Mapping[str, Value], channels: int) -> Wishes:
        roles = {n: str(known[path].value) for n in range(1, channels + 1) if (path := f"strip/{n}/role") in known}
        moves: Wishes = {f"strip/{n}/guard": (float(role not in LINES), f"{role.replace('_', ' ')} {'hears no' if role in LINES else 'may hear the'} room")
                         for n, role in roles.items() if role != "unused"}
        for m, owner in enumerate(OUTPUTS):
            heard = [n for n, role in roles.items() if role in MICROPHONES and (not m or _sent(known, n, m))]
            why = f"strip {heard[0]} is a microphone, and heard there" if heard else "no microphone is heard there"
            moves[f"{owner}/guard/on"] = (float(bool(heard)), why)
        return moves


def keep_notches(desk: Client, known: Mapping[str, Value], owner: str, notches: list[Notch]) -> None:
    """Live notches become hands', in the first fixed places that are free; the live ones are taken away."""
    free = [n for n in params.FIXED if not _number(known, f"{owner}/notch/{n}/gain")]
    values: dict[str, object] = {f"{owner}/guard/keep": 0}
    for place, notch in zip(free, notches, strict=False):
        values |= fixed(owner, place, notch.hz, notch.depth_db, notch.q)
        values[f"{owner}/guard/kill"] = notch.slot if len(notches) == 1 else ALL
    left = len(notches) - len(free)
    lost = f", {left} found no place: all eight are taken" if left > 0 else ""
    desk.set(values, f"{_said(owner)}: {len(notches) - max(left, 0)} of the guard's notches kept{lost}")


def said(notch: Notch) -> str:
    """Where, why and whose, in words."""
    where = f"feedback {_hertz(notch.hz)} in {_said(notch.owner)}"
    grew = f"grew {notch.growth_db_s:.0f} dB/s"
    how = {"grew": grew, "rang": f"{grew} soon after another", "howled": f"howled at {notch.level_db:.0f} dBFS"}.get(notch.cause)
    if how is None:
        return f"{where}: as it was before"
    whose = f", microphone of strip {notch.strip}" if notch.strip else ""
    return f"{where}: {how}{whose}; a cut of {notch.depth_db:.0f} dB " + ("is being lifted" if notch.state == "lifting" else "stopped it")


def _hertz(hz: float) -> str:
    return f"{hz / 1000:.2f} kHz" if hz >= 1000 else f"{hz:.0f} Hz"


def _said(owner: str) -> str:
    return owner.replace("/", " ")


def _sent(known: Mapping[str, Value], strip: int, monitor: int) -> bool:
    return _number(known, f"strip/{strip}/send/{monitor}/level", params.OFF_DB) > params.OFF_DB


def _auto(known: Mapping[str, Value], path: str) -> float:
    """What the desk holds of auto; where it holds nothing, what is as if it did."""
    held = known[path].auto if path in known else None
    param = params.find(path).param
    return param.check(held, path) if held is not None else 0.0 if param.blend == "add" else params.find(path).default


def _number(known: Mapping[str, Value], path: str, default: float = 0.0) -> float:
    value = known[path].value if path in known else None
    return float(value) if isinstance(value, (int, float)) else default
