"""What is worth saying of a channel's moves: how it was set up, and its largest moves, each in a few words with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gigbox import params

Move = Mapping[str, Any]
SETUP_S = 0.35       # what is moved so soon is where the role starts
PAUSE_S = 3.0        # moves of one parameter in one direction, nearer than this, are told as one
LEAST_DB = 0.5       # a smaller one is not worth a word
LABELS = {"level": "fader", "trim": "trim", "pan": "pan", "hpf/frequency": "low cut", "denoise/amount": "noise down", "bleed": "bleed down",
          "duck/key": "others give way",
          "duck/bell": "gives way near 2 kHz", "duck/level": "gives way", "gate/threshold": "gate", "comp/threshold": "compressor", "comp/ratio": "ratio",
          "comp/makeup": "make-up", "deess/threshold": "de-esser", "share/on": "shares gain",
          "hum/on": "hum notches", "hum/depth": "hum notches"}
SILENT = ("/q", "/type", "/attack", "/release", "/knee", "/hold", "/slope", "/harmonics", "deess/frequency", "hum/frequency", "gate/range", "gate/ratio")


@dataclass(frozen=True)
class Note:
    """`t`: seconds; `text`: what was done, and after a colon why."""

    t: float
    text: str


def notes(moves: Sequence[Move], most: int) -> tuple[list[Note], int]:
    """At most `most` notes in the order of time: the set-up and the largest moves; and how many moves are left out."""
    heard = [m for m in moves if not _silent(m["path"])]
    setup, later = [m for m in heard if m["t"] <= SETUP_S], _together(_joined([m for m in heard if m["t"] > SETUP_S]))
    large = sorted((group for group in later if _size(group) >= LEAST_DB), key=lambda group: -_size(group))[: most - bool(setup)]
    found = [Note(setup[0]["t"], f"start: {_done(setup)}")] if setup else []
    found += [Note(group[0]["t"], f"{_done(group)}: {_why(group[0])}") for group in later if group in large]
    return found, len(later) - len(large)


def _together(moves: Sequence[Move]) -> list[list[Move]]:
    """What was done at one time for one reason, in the order of time."""
    groups: dict[tuple[float, str], list[Move]] = {}
    for move in sorted(moves, key=lambda m: float(m["t"])):
        groups.setdefault((move["t"], move["why"]), []).append(move)
    return list(groups.values())


def _done(moves: Sequence[Move]) -> str:
    """`low cut 100 Hz, fader -4.0 dB`; a switch is not told beside what it switches on."""
    latest = {m["path"]: m for m in moves}
    told = [m for path, m in latest.items() if not (path.endswith("/on") and m["to"] and any(p.startswith(path[:-2]) for p in latest if p != path))]
    return ", ".join(dict.fromkeys(_words(m) for m in told))


def _why(move: Move) -> str:
    """Without the name that a reason begins with: it stands on the lane already."""
    return str(move["why"]).split(": ", 1)[-1]


def _words(move: Move) -> str:
    tail = _tail(move["path"])
    param, value = params.find(move["path"]).param, float(move["to"])
    label = LABELS.get(tail) or tail.replace("/", " ").removesuffix(" on").removesuffix(" gain")
    if param.choices == params.SWITCH:
        return label if value else f"{label} off"
    if tail == "pan":
        return "pan middle" if abs(value) < 0.005 else f"pan {abs(value) * 100:.0f} {'left' if value < 0 else 'right'}"
    if param.unit == "dB" and param.blend == "add":
        return f"{label} {value:+.1f} dB"
    return f"{label} {param.text(value).replace('.0 ', ' ')}"


def _joined(moves: Sequence[Move]) -> list[dict[str, Any]]:
    """Moves of one parameter that go on in the same direction after a short pause are one; what was reached and said last stays."""
    last: dict[str, dict[str, Any]] = {}
    out: list[dict[str, Any]] = []
    for move in moves:
        before = last.get(move["path"])
        if before and move["t"] - before["seen"] <= PAUSE_S and (move["to"] - move["from"]) * (before["to"] - before["from"]) > 0:
            before |= {"to": move["to"], "why": move["why"], "seen": move["t"]}
            continue
        last[move["path"]] = {**move, "seen": move["t"]}
        out.append(last[move["path"]])
    return out


def _size(moves: Sequence[Move]) -> float:
    """How much moves matter, in dB or what weighs as much: a switch or a frequency as 2 dB, the whole of a pan as 6."""
    return max(_weight(params.find(m["path"]).param, abs(float(m["to"]) - float(m["from"]))) for m in moves)


def _weight(param: params.Param, way: float) -> float:
    if param.unit == "dB":
        return way
    return (2.0 if way else 0.0) if param.choices or param.taper == "log" else 6 * way / (param.high - param.low)


def _silent(path: str) -> bool:
    return path.endswith(SILENT)


def _tail(path: str) -> str:
    return "/".join(path.split("/")[2:])
