"""The card's preamplifiers: rows where the card has them, one truth between desk and card, and Re-Gain, so that a turned gain is not heard in the mix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gigbox.desk.client import Change, Client
from gigbox.desk.journal import Journal
from gigbox.desk.knobs import Knobs
from gigbox.desk.reports import Reports
from gigbox.desk.requests import Reader, Requests
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk, Outcome
from gigbox.devices.cards import found
from gigbox.devices.choice import Device, choose
from gigbox.devices.panel import Panel
from gigbox.devices.preamps import Knob
from gigbox.errors import ParamError
from tests.devices.fakes import FakeAlsa, FakeCard, FakeControl, scarlett
from tests.live_box import eventually

from .fakes import Box, Inline

GAIN, PHANTOM, PAD, TRIM, SOURCE = "strip/1/input/gain", "strip/1/input/phantom", "strip/1/input/pad", "strip/1/trim", "strip/1/input/source"


class Stage:
    """A desk, a card and what lies between them, in one thread and with one clock."""

    def __init__(self, card: FakeCard | None = None) -> None:
        self.alsa = FakeAlsa(card or scarlett())
        self.desk = Desk(lambda: self.now)
        self.now = 0.0
        self.device: Device | None = choose(found(self.alsa))
        self.warnings: list[str] = []
        self.knobs = Knobs(lambda: self.device, lambda device: Panel(self.alsa, device), self.warnings.append, Inline)
        self.outcomes: list[Outcome] = []

    def go(self, seconds: float = 1.0) -> None:
        for _ in range(round(seconds / 0.1)):
            self.now += 0.1
            if outcome := self.knobs.step(self.desk, self.now, self.now):
                self.outcomes.append(outcome)

    def set(self, values: dict[str, object]) -> None:
        self.desk.set(values, "ann", self.now)

    def control(self, name: str) -> FakeControl:
        return next(control for control in self.alsa.here[0].controls if control.name == name)

    def told(self, path: str) -> object:
        return self.desk.layer(path, "hand")


@pytest.fixture
def stage() -> Stage:
    """A Scarlett that stands at 30 dB on input 1, found by the desk."""
    stage = Stage()
    stage.control("Line In 1 Gain").values[0] = 3000
    stage.go()
    return stage


def test_without_such_a_card_the_rows_are_neither_shown_nor_taken() -> None:
    desk = Desk()
    for path in (GAIN, PHANTOM, PAD):
        assert not desk.serves(path)
        with pytest.raises(ParamError, match=f"^{path}: the card has none$"):
            desk.set({path: 0}, "ann", 0)


def test_what_the_card_has_is_taken_over_when_it_is_first_seen_and_the_mix_stays(stage: Stage) -> None:
    assert (stage.told(GAIN), stage.told("strip/2/input/gain"), stage.told(PHANTOM), stage.told(TRIM)) == (30.0, 0.0, 0.0, None)
    assert stage.desk.serves(GAIN)
    assert not stage.desk.serves("strip/3/input/gain")
    assert stage.control("Line In 1 Gain").wrote == []


def test_a_gain_that_is_set_is_turned_at_the_card_in_the_very_next_turn(stage: Stage) -> None:
    stage.set({GAIN: 36.0, PAD: True})
    stage.knobs.step(stage.desk, stage.now, stage.now)
    assert stage.control("Line In 1 Gain").values == [3600]
    assert stage.control("Line In 1 Pad").values == [1]


@pytest.mark.parametrize("gain", [36.0, 24.0, 31.0])
def test_what_a_gain_changes_is_taken_back_in_trim(stage: Stage, gain: float) -> None:
    stage.set({TRIM: 2.0})
    stage.set({GAIN: gain})
    stage.go()
    assert stage.told(TRIM) == pytest.approx(2.0 - (gain - 30.0))


def test_trim_takes_back_as_much_as_it_can(stage: Stage) -> None:
    stage.set({GAIN: 60.0})
    assert stage.told(TRIM) == -24.0


def test_who_sets_the_trim_too_means_it(stage: Stage) -> None:
    stage.set({GAIN: 36.0, TRIM: 1.0})
    assert stage.told(TRIM) == 1.0


def test_undo_takes_gain_and_trim_back_together(stage: Stage) -> None:
    stage.set({GAIN: 36.0})
    stage.go()
    stage.desk.undo("ann", stage.now)
    stage.go()
    assert (stage.told(GAIN), stage.told(TRIM), stage.control("Line In 1 Gain").values) == (30.0, None, [3000])


def test_a_gain_stands_where_the_cards_steps_allow(stage: Stage) -> None:
    stage.set({GAIN: 36.4})
    assert (stage.told(GAIN), stage.told(TRIM)) == (36.0, -6.0)


def test_a_hand_on_the_cards_own_knob_is_told_and_taken_back_and_no_undo_brings_it_back(stage: Stage) -> None:
    stage.control("Line In 1 Gain").values[0] = 3500
    stage.go()
    assert (stage.told(GAIN), stage.told(TRIM)) == (35.0, -5.0)
    event, *_ = stage.outcomes[-1].events
    assert (event.by, event.kind, event.why) == ("card", "card", "as the card has it")
    assert stage.desk.undoable.last(None, lambda key: stage.desk.layer(*key)) is None


def test_a_card_that_does_not_stand_where_it_was_turned_is_believed(stage: Stage) -> None:
    stage.control("Line In 1 Gain").step = 4.0           # unlike what it told: the hardware rounds
    stage.set({GAIN: 33.0})
    stage.go()
    assert stage.told(GAIN) == 32.0
    assert stage.told(TRIM) == pytest.approx(-2.0)
    assert len(stage.control("Line In 1 Gain").wrote) == 1


def test_a_gain_beyond_the_card_is_refused_by_its_range() -> None:
    stage = Stage(FakeCard("USB", "x", " at usb-1", scarlett().capture, scarlett().playback, [FakeControl("Mic 1", db=(10, 40), values=[2000])]))
    stage.go()
    with pytest.raises(ParamError, match=f"^{GAIN}: 50 dB is above 40 dB, the most of the card$"):
        stage.set({GAIN: 50.0})
    with pytest.raises(ParamError, match=f"^{GAIN}: 5 dB is below 10 dB, the least of the card$"):
        stage.set({GAIN: 5.0})


def test_one_switch_for_two_inputs_is_told_for_both(stage: Stage) -> None:
    stage.set({"strip/2/input/phantom": True})
    stage.go()
    assert (stage.told(PHANTOM), stage.control("Line In 1-2 Phantom Power").values) == (1.0, [1])


def test_two_strips_of_one_input_share_its_preamp_and_both_take_it_back(stage: Stage) -> None:
    stage.set({"strip/5/input/source": "1"})
    stage.go()
    assert stage.told("strip/5/input/gain") == 30.0
    stage.set({"strip/5/input/gain": 33.0})
    stage.go()
    assert (stage.told(GAIN), stage.told(TRIM), stage.told("strip/5/trim")) == (33.0, -3.0, -3.0)


def test_a_strip_follows_the_patch_to_the_preamp_of_another_input(stage: Stage) -> None:
    stage.set({SOURCE: "2"})
    stage.set({GAIN: 12.0})
    stage.go()
    assert (stage.control("Line In 2 Gain").values, stage.control("Line In 1 Gain").values) == ([1200], [3000])


def test_after_a_start_the_card_is_put_where_the_desk_had_it(stage: Stage) -> None:
    stage.set({GAIN: 36.0})
    stage.go()
    stage.control("Line In 1 Gain").values[0] = 0             # it lost its power
    again = Knobs(lambda: stage.device, lambda device: Panel(stage.alsa, device), stage.warnings.append, Inline)
    stage.knobs = again
    stage.go()
    assert (stage.told(GAIN), stage.told(TRIM), stage.control("Line In 1 Gain").values) == (36.0, -6.0, [3600])


def test_a_card_that_goes_is_told_once_and_found_again(stage: Stage) -> None:
    gone = stage.alsa.here.pop()
    for control in gone.controls:
        control.broken = True
    stage.go(5)
    assert len(stage.warnings) == 1
    assert stage.warnings[0].startswith("card USB: ")
    assert not stage.desk.serves(GAIN)
    for control in gone.controls:
        control.broken = False
    stage.alsa.here.append(gone)
    stage.go(5)
    assert stage.desk.serves(GAIN)
    assert stage.told(GAIN) == 30.0


@pytest.mark.parametrize("error", [IndexError("list index out of range"), StopIteration(), TypeError("unhashable")])
def test_a_driver_that_does_what_nobody_expects_does_not_end_the_desk(stage: Stage, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def strange(panel: Panel) -> dict[Knob, float]:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Panel, "read", strange)
        stage.go(5)
        assert stage.warnings == [f"card USB: {error or type(error).__name__}, its preamps are left as they are"]
    stage.go(5)
    stage.set({GAIN: 12.0})
    stage.go()
    assert stage.control("Line In 1 Gain").values == [1200]


def test_the_simulated_card_has_no_preamps() -> None:
    stage = Stage()
    stage.device = choose([])
    stage.go()
    assert not stage.desk.serves(GAIN)
    assert stage.warnings == []


def test_a_scene_without_gains_leaves_them_and_one_with_them_sets_gain_and_trim(stage: Stage) -> None:
    empty = Desk().scene()
    stage.set({GAIN: 36.0})
    held = stage.desk.scene()
    stage.desk.recall(empty, "ann", stage.now, "scene empty")
    assert (stage.told(GAIN), stage.told(TRIM)) == (36.0, None)
    stage.set({GAIN: 20.0})
    stage.desk.recall(held, "ann", stage.now, "scene held")
    assert (stage.told(GAIN), stage.told(TRIM)) == (36.0, -6.0)


def test_hands_off_never_turn_a_gain(stage: Stage) -> None:
    stage.desk.release([GAIN, "strip/1"], "ann", stage.now)
    assert stage.told(GAIN) == 30.0


def test_links_leave_each_microphone_its_own_gain(stage: Stage) -> None:
    stage.set({"strip/1/link": True})
    stage.set({GAIN: 40.0})
    assert (stage.told("strip/2/input/gain"), stage.told("strip/2/trim")) == (0.0, None)


def test_the_journal_keeps_gain_and_trim(stage: Stage, tmp_path: Path) -> None:
    def journal(desk: Desk | None = None) -> Journal:
        return Journal(tmp_path, print, desk=desk or Desk(lambda: 0.0), threads=Inline, boot="b")

    first = journal(stage.desk)
    first.load()
    stage.device = choose(found(stage.alsa))
    stage.knobs = Knobs(lambda: stage.device, lambda device: Panel(stage.alsa, device), print, Inline)
    stage.go()
    first.write(stage.desk.set({GAIN: 36.0}, "ann", 1).events, 1.0)
    first.close(2.0)
    again = journal().load()
    assert again.layer(TRIM, "hand") == stage.told(TRIM)
    assert again.layer(GAIN, "hand") == 36.0


def test_a_client_is_shown_the_rows_that_there_are(stage: Stage, tmp_path: Path) -> None:
    requests, reader = Requests(stage.desk, Scenes(tmp_path), Reports(tmp_path), lambda: 0.0), Reader()
    answer = requests.answer(b'{"get": "strip/*/input/gain"}', reader)
    assert isinstance(answer, tuple)
    assert answer[0]["ok"] == {GAIN: {"hand": 30.0, "auto": None, "value": 30.0}, "strip/2/input/gain": {"hand": 0.0, "auto": None, "value": 0.0}}
    refused = requests.answer(b'{"get": "strip/7/input/gain"}', reader)
    assert isinstance(refused, tuple)
    assert refused[0]["error"] == "strip/7/input/gain: the card has none"


def test_who_watches_a_strip_hears_of_a_gain_that_the_card_brings_later(box: Box, connect: Callable[..., Client]) -> None:
    box.stop()
    alsa = FakeAlsa(scarlett())
    box.knobs = Knobs(lambda: choose(found(alsa)), lambda device: Panel(alsa, device), box.warnings.append)
    seen: list[Change] = []
    box.start()
    client = connect()
    client.watch("strip/1", seen.append)
    eventually(lambda: any(GAIN in change.values for change in seen), 5, "the gain")
    client.set({GAIN: 12.0})
    assert client.get(TRIM)[TRIM].value == -12.0
