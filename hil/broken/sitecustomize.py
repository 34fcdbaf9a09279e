"""Python reads this first where it is on PYTHONPATH: a program of the box that breaks a promise, as $HIL_BREAK says, so that it is seen which test notices."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOOK_S = 0.01
PROGRAM = next((words[3] for words in [sys.orig_argv] if words[1:3] == ["-m", "gigbox.cli"] and len(words) > 3), "")


def told_a_frame_too_much() -> None:
    from gigbox.health import sound

    true = sound.latency_ms
    sound.latency_ms = lambda rack: {path: ms + 1000 / 48000 for path, ms in true(rack).items()}


def nothing_is_remembered() -> None:
    from gigbox.desk.journal import Journal

    Journal._append = lambda *_: None  # type: ignore[method-assign]


def knob_is_slow() -> None:
    from gigbox.panel.program import Program

    true = Program._happened

    def happened(self: Program, *event: Any) -> None:
        time.sleep(0.15)
        true(self, *event)
    Program._happened = happened  # type: ignore[method-assign]


def meters_stand() -> None:
    from gigbox.panel.sight.levels import Levels, Meters

    Meters.look = lambda self, now: Levels()  # type: ignore[method-assign]


def engine_waits() -> None:
    """Before it is started again."""
    from gigbox.run import supervisor

    true, started = supervisor.start, []

    def start(program: Any, pulse: str) -> Any:
        if program.name == "engine" and started.count("engine"):
            time.sleep(4)
        started.append(program.name)
        return true(program, pulse)
    supervisor.start = start


def louder_anew() -> None:
    """An engine that is not the first of this box plays louder."""
    first = Path(os.environ["GIGBOX_STATE"]) / "first-engine"
    if first.exists():
        _later(lambda: time.sleep(1) or _keep("main/level", 6.0))
    first.parent.mkdir(exist_ok=True)
    first.touch()


def a_death_is_heard() -> None:
    """An engine that loses level where any program of the box dies."""
    _later(lambda: _await_death() or _keep("main/level", -6.0))


BREAKS: dict[str, tuple[str, Callable[[], None]]] = {
    "told": ("desk", told_a_frame_too_much), "forgets": ("desk", nothing_is_remembered),
    "slow-knob": ("panel", knob_is_slow), "meters": ("panel", meters_stand),
    "late-engine": ("run", engine_waits), "loud-engine": ("engine", louder_anew), "deaths": ("engine", a_death_is_heard),
}


def _later(act: Callable[[], object]) -> None:
    threading.Thread(target=act, daemon=True).start()


def _keep(path: str, value: float) -> None:
    """As a desk would tell it that never listens."""
    from gigbox import params, places
    from gigbox.errors import RackError
    from gigbox.rack import Rack

    while True:
        time.sleep(LOOK_S)
        with contextlib.suppress(RackError):          # there is none yet
            Rack(places.rack_path(), owner="desk").push(params.find(path).index, value)


def _await_death() -> None:
    """Of one that ran when all did."""
    import json

    note, known = Path(os.environ["GIGBOX_RUN"]) / "run.json", set()
    while True:
        time.sleep(LOOK_S)
        try:
            running = set(json.loads(note.read_text())["programs"])
        except (OSError, ValueError):
            continue
        if known - running:
            return
        known = running


if PROGRAM and os.environ.get("HIL_BREAK") in BREAKS:
    program, act = BREAKS[os.environ["HIL_BREAK"]]
    if program == PROGRAM:
        act()
