"""What is in a take: every strip's dry input bit by bit, main where the tracks are, and silence, told, where something is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.rack import TAP_FRAMES, Floats
from gigbox.takes import wave_head
from gigbox.takes.shelf import Shelf
from gigbox.takes.take import Take, open_take
from gigbox.tape import tracks
from gigbox.tape.program import Program
from tests.tape.stage import Desk, Stage, at, until

RATE = 48000


class Recording:
    """A program that records what a stage plays."""

    def __init__(self, folder: Path, channels: int = 3, reserve: int = 0) -> None:
        self.folder, self.stage, self.desk = folder, Stage(channels), Desk()
        self.program = Program(self.desk, self.stage.open_rack, at(folder), reserve, self.stage.clock)      # type: ignore[arg-type]
        self.program.recorder._tap._clock = self.stage.clock

    def begin(self) -> None:
        """From the next frame on that is played."""
        self.stage.play(960, self.program.listen)
        self.desk.set({"tape/record": True})
        self.program.round()
        self.stage.play(9600, self.program.listen, 960)
        self.stage.heard.clear()
        self.stage.mixed.clear()

    def play(self, frames: int) -> None:
        self.stage.play(frames, self.program.listen)

    def end(self) -> Take:
        """What came of it; the last frames are in it."""
        late = self.stage.engine.latency_main
        self.stage.play(-(-late // 32) * 32, self.program.listen)
        self.desk.set({"tape/record": False})
        self.program.round()
        until(lambda: self.program.listen() or self.program.recorder.run is None)
        self.program.round()
        found = Shelf(at(self.folder)).takes()
        assert found
        return found[0]


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "takes")
    yield made
    made.program.close()


def track(take: Take, file: str) -> Floats:
    found, rate = soundfile.read(take.folder / file, dtype="float32", always_2d=True)
    assert rate == RATE
    return np.asarray(found)


def since(take: Take, heard: list[Floats], strip: int = 1) -> tuple[Floats, Floats]:
    """A track from where the test's sound begins, and what was heard on that strip, as far as the take goes."""
    found, played = track(take, f"{strip:02d}.wav")[:, 0], np.concatenate(heard)[:, strip - 1]
    began = int(np.flatnonzero(found == played[0])[0])
    return found[began:], played[:len(found) - began]


def ends_alike(take: Take, heard: list[Floats]) -> bool:
    """Whether the last half second is what was played last, wherever in the take that is."""
    found, played = track(take, "01.wav")[-RATE // 2:, 0], np.concatenate(heard)[:, 0]
    began = int(np.flatnonzero(played == found[0])[0])
    return np.array_equal(played[began:began + len(found)], found)


def test_a_track_is_the_dry_input_bit_by_bit(recording: Recording) -> None:
    recording.stage.engine.set("strip/2/trim", 6)
    recording.begin()
    recording.play(3 * RATE)
    take = recording.end()
    for strip in (1, 2, 3):
        found, heard = since(take, recording.stage.heard, strip)
        assert np.array_equal(found, heard)
        assert len(found) > 3 * RATE - 64
    assert take.lost == 0


def test_main_lies_where_the_tracks_do(recording: Recording) -> None:
    recording.begin()
    recording.play(2 * RATE)
    take = recording.end()
    mix, late = track(take, "mix.wav"), recording.stage.engine.latency_main
    mixed = np.concatenate(recording.stage.mixed)
    first = track(take, "01.wav")[:, 0]
    began = np.flatnonzero(first == recording.stage.heard[0][0, 0])[0]      # the frame of the take where the test's sound begins
    assert np.abs(mix[began:began + RATE] - mixed[late:late + RATE]).max() <= 2 ** -23


def test_main_lies_where_the_tracks_do_after_the_look_ahead_was_changed_meanwhile(recording: Recording) -> None:
    recording.begin()
    recording.play(RATE)
    before = recording.stage.engine.latency_main
    recording.stage.engine.set("box/lookahead", 0)
    recording.play(2 * RATE)
    take = recording.end()
    late = recording.stage.engine.latency_main
    assert late < before
    mix, mixed = track(take, "mix.wav"), np.concatenate(recording.stage.mixed)
    began = np.flatnonzero(track(take, "01.wav")[:, 0] == recording.stage.heard[0][0, 0])[0]
    second = slice(2 * RATE, 3 * RATE - late)
    assert np.abs(mix[began:][second] - mixed[late:][second]).max() <= 2 ** -23
    assert np.abs(mixed[second]).max() > 0.01


def test_what_is_lost_is_silence_at_the_same_place_of_every_track(recording: Recording) -> None:
    recording.begin()
    recording.play(RATE)
    recording.stage.play(TAP_FRAMES + RATE)          # nobody listens for longer than the rack keeps
    recording.play(RATE)
    take = recording.end()
    heard = np.concatenate(recording.stage.heard)
    found = np.concatenate([track(take, f"{n:02d}.wav") for n in (1, 2, 3)], axis=1)
    began = np.flatnonzero(found[:, 0] == heard[0, 0])[0]
    heard = heard[:len(found) - began]
    silent = (found[began:] == 0).all(axis=1)
    assert np.array_equal(found[began:][~silent], heard[~silent])
    assert take.lost == silent.sum() == recording.desk.told[-1]["lost_frames"] > RATE
    assert np.ptp(np.flatnonzero(silent)) == silent.sum() - 1


def test_an_engine_that_dies_leaves_silence_as_long_as_it_was_away(recording: Recording) -> None:
    recording.begin()
    recording.play(RATE)
    recording.stage.clock.now += 2.0
    recording.stage.begin(3)
    recording.program.listen()
    first = recording.program.recorder._frame
    recording.play(RATE)
    take = recording.end()
    assert take.lost == pytest.approx(2 * RATE, abs=RATE // 8)
    assert take.seconds == pytest.approx((first + take.lost + RATE) / RATE, abs=0.2)
    assert ends_alike(take, recording.stage.heard)


def test_an_engine_that_was_away_for_longer_than_a_file_may_last_begins_another_take(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wave_head, "MOST", wave_head.BYTES + 3 * RATE * 6)
    recording.begin()
    recording.play(RATE)
    recording.stage.clock.now += 3600.0
    recording.stage.begin(3)
    recording.stage.heard.clear()
    recording.play(RATE)
    recording.end()
    before, after = sorted(Shelf(at(recording.folder)).takes(), key=lambda take: take.lost)
    assert (before.lost, after.lost) == (0, pytest.approx(3600 * RATE, abs=RATE // 8))
    assert max(before.seconds, after.seconds) < 2
    assert ends_alike(after, recording.stage.heard)


def test_an_engine_that_has_hardly_begun_shifts_nothing(recording: Recording) -> None:
    recording.begin()
    recording.play(RATE)
    recording.stage.clock.now += 0.3                 # it died and is back before anybody missed it
    old, recording.stage.rack = recording.stage.rack, None      # type: ignore[assignment]
    recording.stage.begin(3)
    old.c, recording.stage.rack.replaced = recording.stage.rack.c, lambda: False      # type: ignore[method-assign]
    recording.program.recorder._tap._inputs = recording.stage.rack.view("tap_in")
    recording.program.recorder._tap._outputs = recording.stage.rack.view("tap_out")
    recording.stage.play(32, recording.program.listen)          # fewer frames than main is late
    recording.play(RATE)
    take = recording.end()
    assert take.lost == pytest.approx(0.3 * RATE, abs=RATE // 50)
    assert ends_alike(take, recording.stage.heard)


def test_another_number_of_strips_is_another_take(recording: Recording) -> None:
    recording.begin()
    recording.play(RATE)
    recording.stage.clock.now += 1.0
    recording.stage.begin(2)
    until(lambda: recording.play(960) or (recording.program.recorder.strips == 2 and recording.program.recorder.run is not None))      # type: ignore[func-returns-value]
    recording.play(RATE)
    recording.end()
    assert sorted(take.tracks for take in Shelf(at(recording.folder)).takes()) == [2, 3]


def test_a_disk_that_stands_still_for_ten_seconds_loses_nothing(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    go, write = threading.Event(), tracks._write_all
    recording.begin()
    recording.play(RATE)
    monkeypatch.setattr(tracks, "_write_all", lambda *given: (go.wait(), write(*given)))
    recording.play(10 * RATE)
    go.set()
    take = recording.end()
    assert (take.lost, round(take.seconds)) == (0, 11)


def test_a_disk_that_stands_still_for_longer_loses_what_is_told_and_stays_in_place(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    go, write = threading.Event(), tracks._write_all
    recording.begin()
    recording.play(RATE)
    monkeypatch.setattr(tracks, "_write_all", lambda *given: (go.wait(), write(*given)))
    recording.play(18 * RATE)
    go.set()
    run = recording.program.recorder.run
    assert run is not None
    until(lambda: run.reel.frames < RATE)               # there is room for all that comes now
    recording.play(RATE)
    take = recording.end()
    assert 2 * RATE < take.lost < 6 * RATE
    assert take.seconds == pytest.approx(20, abs=0.2)
    found, heard = since(take, recording.stage.heard, 3)
    assert np.array_equal(found[-RATE // 2:], heard[-RATE // 2:])


def test_a_file_that_gets_too_long_goes_on_in_another_take_without_a_gap(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wave_head, "MOST", wave_head.BYTES + RATE * 6)
    recording.begin()
    for _ in range(30):
        recording.play(4800)
        until(lambda: recording.program.recorder.run is not None and recording.program.recorder.run.reel.frames < RATE // 2)
    recording.end()
    parts = sorted(Shelf(at(recording.folder)).takes(), key=lambda take: (take.name[:19], len(take.name), take.name))
    assert len(parts) > 2
    assert all(take.seconds <= 1 and take.lost == 0 for take in parts)
    found = np.concatenate([track(take, "02.wav")[:, 0] for take in parts])
    heard = np.concatenate(recording.stage.heard)[:, 1]
    began = np.flatnonzero(found == heard[0])[0]
    assert np.array_equal(found[began:began + 2 * RATE], heard[:2 * RATE])


@pytest.mark.parametrize(("value", "told"), [(1.0, 2 ** 23 - 1), (-1.0, -2 ** 23), (3.0, 2 ** 23 - 1), (np.nan, 0), (np.inf, 2 ** 23 - 1), (2 ** -23, 1)])
def test_24_bit_hold_what_there_is(value: float, told: int) -> None:
    assert int.from_bytes(tracks.packed(np.full((1, 1), value, np.float32)).tobytes(), "little", signed=True) == told


def test_a_take_that_never_had_sound_leaves_nothing(recording: Recording) -> None:
    recording.desk.set({"tape/record": True})
    recording.program.round()
    recording.program.listen()
    recording.stage.play(960)
    recording.program.listen()
    assert recording.program.recorder.run is not None
    recording.desk.set({"tape/record": False})
    recording.program.round()
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)
    assert list(recording.folder.iterdir()) == []
    assert open_take(recording.folder) is None
