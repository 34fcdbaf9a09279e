"""Ringing out an output before the audience comes: find what rings first, and notch it for good.

Loud: the output is raised slowly; whatever begins to ring the guard takes out, and each of its notches is kept as a fixed one. It ends with eight of them,
or 6 dB above the first ring, or at the end of the way; then the output goes back, and the gain in hand is told.
Quiet: a sweep of 3 s at -20 dBFS or less plays from that output, each microphone's response is measured, and the highest peaks that a loop would come round
in phase at are notched before anything has rung.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gigbox import params
from gigbox.brain.feedback.loop_gain import peaks
from gigbox.desk.client import Client, Value
from gigbox.rack import Notch, Rack

WATCHED = ["box/generator"]
FROM_DB, TO_DB, RISE_DB_S, BEYOND_DB = -20.0, 12.0, 1.0, 6.0
TICK_S, SWEEP_S = 0.1, 3.5      # a step; a sweep and the room's answer to it


class RingOut:
    """One output at a time; `step` every 100 ms."""

    def __init__(self, desk: Client) -> None:
        self._desk = desk
        self._out, self._how = "", ""
        self._boost, self._first, self._ticks, self._began, self._at = FROM_DB, 0.0, 0, 0, 0
        self._kept: list[Notch] = []
        self._played: list[np.ndarray] = []
        self._heard: list[np.ndarray] = []

    def step(self, rack: Rack, known: Mapping[str, Value]) -> None:
        wanted = next(((owner, how) for owner in _owners() if (how := _choice(known, f"{owner}/guard/ringout")) != "off"), ("", ""))
        if wanted != (self._out, self._how):
            self._leave()
            self._begin(*wanted, rack)
        elif self._how == "loud":
            self._rise(rack, known)
        elif self._how == "quiet":
            self._measure(rack, known)

    def _begin(self, owner: str, how: str, rack: Rack) -> None:
        self._out, self._how = owner, how
        self._boost, self._first, self._ticks, self._kept = FROM_DB, TO_DB, 0, []
        self._began = self._at = rack.frames
        self._played, self._heard = [], []
        if how == "loud":
            self._desk.set({f"{owner}/guard/boost": FROM_DB, f"{owner}/guard/on": True}, "ringing out")
        if how == "quiet":
            bus = "main_left" if owner == "main" else owner.replace("/", "_")
            self._desk.set({"box/generator/output": bus, "box/generator/level": -20.0, "box/generator/kind": "sweep"}, "ringing out")

    def _leave(self) -> None:
        """Broken off by a hand, or another output is asked for."""
        if self._how == "loud":
            self._desk.set({f"{self._out}/guard/boost": 0.0}, "ringing out ended")
        if self._how == "quiet":
            self._desk.set({"box/generator/kind": "off", "box/generator/output": "none"}, "ringing out ended")
        self._out = self._how = ""

    def _rise(self, rack: Rack, known: Mapping[str, Value]) -> None:
        new = [n for n in rack.notches() if n.owner == self._out and n.state == "live" and n.frame >= self._began]
        if len(new) > len(self._kept):
            self._first = min(self._first, self._boost)
            self._kept = new
        self._boost = round(self._boost + RISE_DB_S * TICK_S, 2)
        if len(self._kept) >= len(params.FIXED) or self._boost > min(self._first + BEYOND_DB, TO_DB):
            self._end(known, [(n.hz, n.depth_db, n.q) for n in self._kept], self._first)
        else:
            self._desk.set({f"{self._out}/guard/boost": self._boost}, "ringing out")

    def _measure(self, rack: Rack, known: Mapping[str, Value]) -> None:
        self._ticks += 1
        if self._ticks < 2 + round(SWEEP_S / TICK_S):
            self._listen(rack)
            return
        played, heard = np.concatenate(self._played), np.concatenate(self._heard)
        weights = [_send(known, self._out, n) for n in range(1, rack.channels + 1)]
        loop = (heard[:, : rack.channels] * weights).sum(axis=1)
        found, margin = peaks(played, loop)
        self._end(known, found, margin)

    def _listen(self, rack: Rack) -> None:
        """Takes what came and went since the last step out of the rack's taps, which hold little more than a second."""
        end = rack.frames
        index = np.arange(self._at, end) % len(rack.view("tap_in"))
        column = 0 if self._out == "main" else 1 + int(self._out[-1])
        self._played.append(rack.view("tap_out")[index, column].copy())
        self._heard.append(rack.view("tap_in")[index].copy())
        self._at = end

    def _end(self, known: Mapping[str, Value], found: list[tuple[float, float, float]], margin: float) -> None:
        """Fixed notches, the report, and all as before. `found`: Hz, depth in dB, Q."""
        owner, how = self._out, self._how
        free = [n for n in params.FIXED if not (value := known.get(f"{owner}/notch/{n}/gain")) or not value.value]
        values: dict[str, object] = {}
        for place, (hz, depth, q) in zip(free, found, strict=False):
            values |= fixed(owner, place, hz, depth, q)
        if how == "loud" and values:
            values[f"{owner}/guard/kill"] = params.LIVE[-1] + 1
        self._desk.set({**values, f"{owner}/guard/ringout": "off"}, f"{owner.replace('/', ' ')}: rung out, {min(len(found), len(free))} notches")
        says = [f"{hz:.0f} Hz: {depth:.0f} dB" for hz, depth, _ in found] or ["nothing rang"]
        self._desk.post("ringout", {"out": owner, "how": how, "margin_db": round(margin, 1), "says": says,
                                    "notches": [{"hz": round(hz, 1), "depth_db": round(depth, 1), "q": round(q, 2)} for hz, depth, q in found]})
        self._leave()


def fixed(owner: str, place: int, hz: float, depth_db: float, q: float) -> dict[str, float]:
    """A hand's notch in that place."""
    return {f"{owner}/notch/{place}/{word}": number for word, number in (("frequency", round(hz, 1)), ("gain", round(-depth_db, 1)), ("q", round(q, 2)))}


def _owners() -> list[str]:
    return ["main", *(f"monitor/{n}" for n in range(1, params.COUNTS["monitor"] + 1))]


def _choice(known: Mapping[str, Value], path: str) -> str:
    return str(known[path].value or "off") if path in known else "off"


def _send(known: Mapping[str, Value], owner: str, strip: int) -> float:
    """How loud a strip is in that output, linear; main takes all alike."""
    path = f"strip/{strip}/send/{owner[-1]}/level"
    db = 0.0 if owner == "main" else float(known[path].value or 0) if path in known else params.OFF_DB
    return 0.0 if db <= params.OFF_DB else float(10 ** (db / 20))
