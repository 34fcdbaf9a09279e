"""A whole gig without a phone: pins are driven, the glass is read, and the desk and the sound are looked at. Real programs, wires of a test."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigbox.engine.song import Song
from gigbox.panel.pages import feedback, linecheck
from gigbox.takes.shelf import Place, Shelf
from gigbox.takes.take import Take
from tests.live_box import Box, eventually, running
from tests.panel.held import Held
from tests.panel.stage import Stage

LOUD_DB, QUIET_DB = -15.0, -35.0          # rms in a monitor: of a howl, and of hiss that rings but does not howl


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running(Stage(tmp_path_factory.mktemp("stage"))) as made:
        yield made


@pytest.fixture(scope="module")
def panel(box: Box) -> Iterator[Held]:
    held = Held(box.folder / "run", box.folder / "wires.sock")
    try:
        eventually(lambda: held.program.box.desk and held.glass.any(), 5, "the panel")
        yield held
    finally:
        held.close()


def value(box: Box, path: str) -> Any:
    with box.client() as client:
        return client.get(path)[path].value


def seen(path: Path) -> bool:
    """Whether a panel tells a viewer what it is made of."""
    try:
        with socket.socket(socket.AF_UNIX) as viewer:
            viewer.settimeout(1)
            viewer.connect(str(path))
            return b'"panel"' in viewer.recv(65536)
    except OSError:
        return False


def hand(box: Box, path: str) -> Any:
    with box.client() as client:
        return client.get(path)[path].hand or 0.0


def test_switch_on_shows_the_mix(box: Box, panel: Held) -> None:
    assert panel.reads("1")
    assert panel.machine.lit("strip_1")
    eventually(lambda: panel.machine.lit("auto"), 3, "the auto light")


def test_a_line_check_is_one_held_button_and_a_card_a_strip(box: Box, panel: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linecheck, "SECONDS", 1.5)
    panel.hold("auto")
    assert panel.reads("everybody plays")
    eventually(lambda: "linecheck" in panel.program.box.reports and not value(box, "box/linecheck"), 8, "the line check")
    assert panel.reads("1/2")


def test_a_vocal_is_raised_by_a_turned_pot(box: Box, panel: Held) -> None:
    panel.pot(1, 700)
    eventually(lambda: hand(box, "strip/1/level") > 2, 2, "the level")
    assert panel.reads("dB")
    assert panel.program.panel.where.strip == 1


def test_a_monitor_is_fixed_under_the_encoders(box: Box, panel: Held) -> None:
    panel.open("Monitors")
    assert panel.reads("Whose monitor?")
    panel.turn(1, 1)
    panel.push("encoder_1")
    before = value(box, "strip/1/send/2/level")
    panel.turn(2, 4)
    eventually(lambda: value(box, "strip/1/send/2/level") > before, 2, "the send")


def test_depth_is_turned_and_undone(box: Box, panel: Held) -> None:
    panel.open("Depth")
    panel.turn(2, -5)
    eventually(lambda: value(box, "box/depth") <= 95, 2, "depth")
    assert panel.reads("plain mixer")
    time.sleep(0.2)
    panel.open("Undo")
    panel.program._eyes.soon()
    assert panel.reads("take back")
    panel.push("encoder_2")
    assert panel.reads("taken back")
    eventually(lambda: value(box, "box/depth") == 100, 2, "undo")


def test_a_move_of_the_box_is_read_and_kept(box: Box, panel: Held) -> None:
    panel.push("auto")                      # the box holds still meanwhile
    eventually(lambda: value(box, "box/freeze"), 2, "freeze")
    with box.client() as client:
        client.set({"box/freeze": False})
        assert client.auto({"strip/2/level": -2.0}, "two -2.0 dB: covers one by 6 dB") == {}
    panel.program._eyes.soon()
    panel.open("Reasons")
    assert panel.reads("keep")
    eventually(lambda: any("covers one" in move.why for move in panel.program.box.moves), 3, "the card")
    way = 1                                  # the list may grow meanwhile: on, then back
    for click in range(60):
        if panel.reads("covers one", 0.15):
            break
        way = -1 if click > len(panel.program.box.moves) else 1
        panel.turn(1, way)
    panel.push("encoder_2")
    assert panel.reads("kept")
    with box.client() as client:
        eventually(lambda: client.get("strip/2/level")["strip/2/level"].hand not in (None, 0.0), 2, "kept")


def test_a_scene_is_saved_and_recalled(box: Box, panel: Held) -> None:
    panel.open("Scenes")
    assert panel.reads("+ save as scene 1")
    panel.push("encoder_1")
    assert panel.reads("scene 1 is saved")
    with box.client() as client:
        eventually(lambda: client.scenes() == ["scene 1"], 2, "saved")
        client.set({"main/level": -30.0})
    eventually(lambda: panel.program.box.scenes == ["scene 1"], 3, "the list")
    panel.turn(1, -2)
    panel.push("encoder_1")
    assert panel.reads("Recall scene 1")
    panel.push("encoder_1")
    assert panel.reads("is back")
    eventually(lambda: value(box, "main/level") != -30.0, 4, "recalled")


def test_a_howl_that_sounds_ends_by_two_pushes_and_its_cut_is_kept(box: Stage, panel: Held) -> None:
    """Somebody took the guard off, and Anna wants more of herself than her monitor bears."""
    turned_up_till_it_howls(box, panel)
    panel.open("Feedback")
    assert panel.reads("no guard")
    walk_to(panel, "monitor/1", held=False)
    panel.push("encoder_1")
    assert panel.reads("in Monitor 1")
    assert panel.reads("guard on")
    panel.push("encoder_1")
    box.within(lambda: box.loud_db() < QUIET_DB, 8, "the end of the howl")         # pitches of this room take turns, half a second to three
    assert panel.reads("held")
    walk_to(panel, "monitor/1", held=True)
    panel.push("encoder_1")
    assert panel.reads("keep")
    panel.push("encoder_1")
    eventually(lambda: hand(box, "monitor/1/notch/1/gain") < -1, 3, "the cut, a hand's now")
    box.within(lambda: box.loud_db(0.5) < QUIET_DB, 5, "quiet, by that cut")
    with box.client() as client:
        client.unlock("strip/1")
        client.set({"strip/1/send/1/level": -20.0, "strip/1/level": 0.0})
    box.room.dry = box.tones + box.hiss


def walk_to(panel: Held, out: str, held: bool) -> None:
    """On the page of feedback, to what the guard holds there first, or to the output itself."""
    rows = feedback.rows(panel.program.box)
    panel.walk(lambda: panel.program.panel.where.cursor["feedback"], next(n for n, row in enumerate(rows) if row.out == out and bool(row.notch) == held))


def turned_up_till_it_howls(box: Stage, panel: Held) -> None:
    """And goes on to; no compressor ends it."""
    box.room.dry = box.hiss
    with box.client() as client:
        client.lock("strip/1")
        client.set({"monitor/1/guard/on": False, "strip/1/level": -90.0, "strip/1/comp/on": False})
    panel.open("Monitors")
    panel.walk(lambda: panel.program.panel.where.monitor, 1)
    panel.push("encoder_1")
    assert not howls(box)
    for _ in range(40):
        if not howls(box):
            panel.turn(2, 2)
    eventually(lambda: howls(box), 5, "the howl")
    time.sleep(0.5)
    assert howls(box)


def howls(box: Stage) -> bool:
    return box.loud_db() > LOUD_DB


def test_the_gig_is_recorded_from_push_to_push(box: Box, panel: Held) -> None:
    def takes() -> list[Take]:
        return Shelf(lambda: [Place(box.folder / "state/takes")]).takes()

    panel.open("Record")
    assert panel.reads("start")
    panel.push("encoder_2")
    assert panel.reads("stop")
    eventually(lambda: takes() and takes()[0].seconds > 0.5, 8, "sound in the take")
    assert panel.reads("2 + mix", 5)
    panel.push("encoder_2")
    assert panel.reads("start")
    eventually(lambda: not takes()[0].grows, 5, "the end of the take")
    assert next((track.name, track.role) for track in Song.open(takes()[0].folder).tracks) == ("Anna", "lead_vocal")


def test_everything_is_muted_by_one_held_button_and_sounds_again(box: Box, panel: Held) -> None:
    def quiet() -> bool:
        return bool(np.abs(box.rack.view("tap_out")[(box.rack.frames - np.arange(1, 512)) % 65536, :8]).max() == 0.0)

    panel.hold("mute")
    eventually(quiet, 3, "silence")
    assert panel.reads("everything is muted")
    panel.hold("mute")
    eventually(lambda: not quiet(), 3, "sound")


def test_a_bus_that_fails_and_a_panel_that_is_killed_change_no_sample(box: Box, panel: Held) -> None:
    """Faders stand still; the engine misses nothing that it would not have missed, and the panel is back within 2 s."""
    before = box.rack.values().copy()
    panel.machine.bus.broken = True
    pid = box.pids()["panel"]
    os.kill(pid, signal.SIGKILL)
    took = eventually(lambda: seen(box.folder / "run/panel.sock"), 8, "another panel")
    assert box.pids()["panel"] != pid
    panel.machine.oled.memory[:] = 0
    panel.machine.bus.broken = False
    assert eventually(lambda: panel.glass.any(), 2, "the glass") < 2
    moved = [path for path, now in zip(range(len(before)), box.rack.values() - before, strict=True) if now]
    assert box.beats()
    assert len(moved) < 20, moved           # the brain may have moved something of its own
    print(f"another panel after {took:.2f} s")
