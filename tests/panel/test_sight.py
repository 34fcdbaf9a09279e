"""The panel's threads at the desk outlive whatever goes wrong in one of their rounds: nobody else would start them again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from gigbox.errors import DiskError
from gigbox.panel.sight.box import Box
from gigbox.panel.sight.eyes import Eyes
from gigbox.panel.sight.hands import DeskHands


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.002)


class Desk:
    """Its first answers are nothing that anybody understands."""

    def __init__(self, faults: int = 1) -> None:
        self.faults, self.held = faults, dict[str, float]()

    def watch(self, *_: Any) -> None:
        pass

    def history(self, count: int) -> list[dict[str, Any]]:
        if self.faults:
            self.faults -= 1
            raise KeyError("layer")
        return []

    def scenes(self) -> list[str]:
        return ["rock"]

    def locks(self) -> list[str]:
        return []

    def report(self, name: str) -> dict[str, Any]:
        return {"told": {}}

    def set(self, values: dict[str, float]) -> None:
        self.held |= values


def test_eyes_that_stumbled_look_again() -> None:
    box, fault = Box(time.monotonic), [True]

    def also() -> None:
        if fault.pop() if fault else False:
            raise RuntimeError("no address")

    eyes = Eyes(Desk(), box, also)          # type: ignore[arg-type]
    until(lambda: len(box.messages) > 1)
    eyes.soon()
    until(lambda: box.scenes)
    eyes.close()
    assert list(box.messages) == ["panel: RuntimeError: no address", "panel: KeyError: 'layer'"]


def test_a_disk_that_cannot_be_read_takes_no_desk_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def bad_block(desk: Desk) -> list[str]:
        raise DiskError("card: Input/output error, expected one that can be read")

    monkeypatch.setattr(Desk, "scenes", bad_block)
    box = Box(time.monotonic)
    eyes = Eyes(Desk(faults=0), box)        # type: ignore[arg-type]
    until(lambda: box.messages)
    eyes.close()
    assert box.desk
    assert "tape" in box.reports
    assert box.messages[0] == "card: Input/output error, expected one that can be read"


def test_a_knob_counts_after_a_wish_that_went_wrong() -> None:
    desk, said = Desk(), list[str]()
    hands = DeskHands(desk, Box(time.monotonic), said.append)      # type: ignore[arg-type]
    hands.ask("tap", lambda client: [][0])
    hands.set({"strip/1/level": -3.0})
    until(lambda: desk.held)
    hands.close()
    assert said == ["panel: IndexError: list index out of range"]
    assert not any(thread.name == "hands" for thread in threading.enumerate())
