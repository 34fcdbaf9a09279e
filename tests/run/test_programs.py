"""The one description of the programs holds: the command line knows them all, and each beats from the loops that matter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from gigbox import cli
from gigbox.brain.denoise.hop_loop import HopLoop
from gigbox.engine import program
from gigbox.engine.song import Song, Track
from gigbox.run.programs import programs

SONG = Song("A song", Path("/songs/a song"), (Track(Path("1.wav"), 0, "Kick", "kick", "given"), Track(Path("2.wav"), 0, "Two", "bass", "song.toml")), 10.0)


class Looks:
    """Stopping, after so many looks; `each` is called before every one."""

    def __init__(self, count: int, each: Callable[[], None] = lambda: None) -> None:
        self.count, self.each = count, each

    def wait(self, _: float) -> bool:
        self.each()
        self.count -= 1
        return self.count < 0

    def is_set(self) -> bool:
        return self.wait(0)


class Beats:
    """A pulse that counts."""

    def __init__(self) -> None:
        self.count = self.parts = 0

    def part(self) -> Callable[[], None]:
        self.parts += 1
        return self._beat

    def _beat(self) -> None:
        self.count += 1


def test_the_command_line_knows_every_program() -> None:
    found = {each.name: cli.parser().parse_args(each.arguments) for each in programs(SONG, 8081, 128, Path("/m.tflite"))}
    assert list(found) == ["engine", "desk", "brain", "ideas", "web", "panel", "remote", "tape"]
    assert (found["engine"].song, found["engine"].period, found["engine"].roles) == (Path("/songs/a song"), 128, "1=kick")
    assert (found["brain"].model, found["web"].port, found["panel"].port) == ("/m.tflite", 8081, 8081)


def test_through_a_card_no_song_is_played() -> None:
    engine, *_ = programs(None, 8080, device="USB")
    options = cli.parser().parse_args(engine.arguments)
    assert (options.song, options.device, options.period) == (None, "USB", 0)


def test_every_program_may_stand_still_for_seconds_only() -> None:
    assert all(1 < each.still_s <= 5 < each.start_s <= 60 for each in programs(SONG, 8081, 64))
    assert programs(SONG, 8081, 64)[0].still_s == 2


@pytest.mark.parametrize(("moves", "beats"), [(True, 10), (False, 0)])
def test_the_engine_beats_while_its_audio_thread_plays(monkeypatch: pytest.MonkeyPatch, moves: bool, beats: int) -> None:
    counted, rack = Beats(), SimpleNamespace(frames=0)
    monkeypatch.setattr(program, "Pulse", lambda: counted)

    def play() -> None:
        rack.frames += 64 * moves

    program._watch(rack, lambda _: iter(()), Looks(10, play))     # type: ignore[arg-type]
    assert counted.count == beats


def test_the_brain_beats_with_its_hop_loop_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Beats()
    looks = HopLoop(tmp_path / "rack", Looks(5), pulse=counted)     # type: ignore[arg-type]
    monkeypatch.setattr(looks, "_look", lambda due: due)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("os.sched_setscheduler", lambda *_: None)
    monkeypatch.setattr("sys.setswitchinterval", lambda _: None)
    looks.run()
    assert (counted.parts, counted.count) == (1, 5)
