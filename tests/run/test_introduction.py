"""Another song is introduced to the desk once, whatever is killed meanwhile; its soundcheck ends, and only the one that began with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gigbox.desk.client import Value
from gigbox.engine.song import Song, Track
from gigbox.errors import MachineError
from gigbox.run.introduction import SOUNDCHECK_S, Introduction

SONG = Song("A song", Path("song"), (Track(Path("1.wav"), 0, "Kick", "kick", "given"), Track(Path("2.wav"), 0, "Two", "unused", "none")), 480000)


@dataclass
class Desk:
    """What a client is asked for; `dies` counts the calls until it is away for one."""

    values: dict[str, Any] = field(default_factory=lambda: {"box/song": "", "box/mode": "show"})
    events: list[dict[str, Any]] = field(default_factory=list)
    dies: int = -1
    asked: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)

    def get(self, path: str) -> dict[str, Value]:
        self._asked()
        return {path: Value(self.values[path], None, self.values[path])}

    def set(self, values: dict[str, Any], why: str = "", by: str = "run") -> None:
        self._asked()
        self.asked += values
        self.events += [{"path": path, "by": by, "new": value, "why": why} for path, value in values.items() if self.values.get(path) != value]
        self.values |= values

    def release(self, patterns: list[str]) -> None:
        self._asked()
        self.released += patterns

    def history(self, count: int) -> list[dict[str, Any]]:
        self._asked()
        return self.events[::-1]

    def _asked(self) -> None:
        self.dies -= 1
        if self.dies == -1:
            raise MachineError("desk: away")

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None: ...


@dataclass
class Waiting:
    """Stopping, on no clock."""

    waited: list[float] = field(default_factory=list)
    meanwhile: Any = None
    killed: bool = False

    def is_set(self) -> bool:
        return self.killed

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        if self.meanwhile and seconds == SOUNDCHECK_S:
            self.meanwhile()
        return self.killed


def introduce(desk: Desk, waiting: Waiting | None = None, denoise: str | None = None) -> Waiting:
    waiting = waiting or Waiting()
    Introduction(SONG, denoise, waiting, lambda: desk)._run()     # type: ignore[arg-type, return-value]
    return waiting


def test_another_song_is_introduced_and_has_a_soundcheck() -> None:
    desk = Desk()
    assert introduce(desk, Waiting(meanwhile=lambda: desk.set({"main/level": -1.0}, by="web:phone"))).waited == [SOUNDCHECK_S]
    assert desk.values == {"box/song": "A song", "box/mode": "show", "strip/1/name": "Kick", "strip/1/link": False, "strip/1/role": "kick",
                           "strip/2/name": "Two", "strip/2/link": False, "main/level": -1.0}


@pytest.mark.parametrize("room", [False, True])
def test_a_song_that_is_heard_in_a_room_leaves_its_main_fader_alone(room: bool) -> None:
    """What an engineer had turned down for a hall would be back at 0 dB."""
    desk = Desk()
    Introduction(SONG, None, Waiting(), lambda: desk, room)._run()     # type: ignore[arg-type, return-value]
    assert ("main" in desk.released, "strip" in desk.released) == (not room, True)


def test_the_same_song_is_left_as_it_was() -> None:
    desk = Desk({"box/song": "A song", "box/mode": "soundcheck"}, [{"path": "box/mode", "by": "web:phone", "new": "soundcheck"}])
    assert introduce(desk).waited == []
    assert desk.values == {"box/song": "A song", "box/mode": "soundcheck"}


@pytest.mark.parametrize("dies", range(9))
def test_a_desk_that_dies_at_any_point_is_introduced_to_all_the_same(dies: int) -> None:
    desk = Desk(dies=dies)
    introduce(desk, denoise="classic")
    assert (desk.values["box/song"], desk.values["strip/1/role"], desk.values["box/denoise"]) == ("A song", "kick", "classic")
    assert desk.asked.count("box/denoise") == 1         # a hand may have another one since
    assert desk.values["box/mode"] == "show"


def test_a_soundcheck_that_a_killed_run_began_is_ended_by_the_next() -> None:
    desk, killed = Desk(), Waiting()

    def kill() -> None:
        killed.killed = True

    killed.meanwhile = kill
    introduce(desk, killed)
    assert desk.values["box/mode"] == "soundcheck"
    introduce(desk)
    assert desk.values["box/mode"] == "show"


def test_a_soundcheck_that_a_hand_began_meanwhile_is_the_hands() -> None:
    desk = Desk()

    def again() -> None:
        desk.set({"box/mode": "show"}, by="web:phone")
        desk.set({"box/mode": "soundcheck"}, by="web:phone")

    introduce(desk, Waiting(meanwhile=again))
    assert desk.values["box/mode"] == "soundcheck"


def test_a_machine_without_a_thread_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    introduction = Introduction(SONG, None, Waiting(killed=True))      # type: ignore[arg-type]
    with monkeypatch.context() as full:
        full.setattr("threading.Thread.start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            introduction.begin()
    introduction.begin()
    assert (thread := introduction._thread) is not None
    introduction.begin()
    assert introduction._thread is thread


def refuse(_: object) -> None:
    raise RuntimeError("can't start new thread")
