"""The recorder on the small screen: it is started and stopped by a push, its time goes on between reports, and what is wrong is read there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from gigbox.desk.client import Value
from gigbox.panel.pages.page import Where
from gigbox.panel.pages.record import seconds
from gigbox.panel.walk import Panel
from tests.panel.test_pages import PICTURES, on_glass
from tests.panel.world import Wishes, gig

TOLD = {"on": False, "seconds": 0.0, "left_s": 11520, "lost_frames": 0, "stick": True, "tracks": 0, "trouble": ""}
RUNS = {**TOLD, "on": True, "seconds": 3905.2, "tracks": 8}
STATES: dict[str, tuple[bool, dict[str, Any]]] = {
    "record": (False, TOLD), "record-on": (True, RUNS), "record-begins": (True, {}), "record-lost": (True, RUNS | {"lost_frames": 24000, "seconds": 65.0}),
    "record-trouble": (False, TOLD | {"trouble": "/media/STICK/gigbox takes: the disk is full, the recording has ended"})}


class Paged:
    def __init__(self, on: bool, told: dict[str, Any]) -> None:
        self.box = gig()
        self.box._values["tape/record"] = Value(on, None, on)
        self.box.reports["tape"] = {"told": told}
        self.wishes = Wishes(self.box)
        self.panel = Panel(self.box, self.wishes, lambda: 0.0)
        self.panel.where = Where(page="record")


@pytest.mark.parametrize("name", STATES)
def test_the_recorder_is_on_the_glass_as_in_its_picture(name: str) -> None:
    wanted = np.asarray(Image.open(PICTURES / f"{name}.png").convert("L")) > 0
    assert np.array_equal(on_glass(Paged(*STATES[name]).panel), wanted)


@pytest.mark.parametrize(("passed", "told"), [(0.0, 10.0), (4.5, 14.5), (-3600.0, 10.0), (1e9, 18.0)])
def test_its_time_goes_on_between_reports_whatever_the_clock_on_the_wall_does(passed: float, told: float) -> None:
    assert seconds({"time": 1e9, "told": {"seconds": 10.0}}, 1e9 + passed) == told


@pytest.mark.parametrize(("on", "wish"), [(False, 1.0), (True, 0.0)])
def test_a_push_starts_and_another_one_stops(on: bool, wish: float) -> None:
    page = Paged(on, TOLD)
    page.panel._page().push(page.panel._scene(), 1)
    assert page.wishes.sets == [{"tape/record": wish}]


def draw_all() -> None:
    for name, state in STATES.items():
        Image.fromarray(on_glass(Paged(*state).panel)).save(PICTURES / f"{name}.png", optimize=True)
