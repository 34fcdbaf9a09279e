"""The program on a rack: it writes its notebook, sets nothing, and is silent where it is told to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigbox import idea_book, params
from gigbox.desk.client import Change, Value
from gigbox.engine.core import Engine
from gigbox.errors import MachineError
from gigbox.ideas.hear.mixdown import PIECE
from gigbox.ideas.offline import hear, lines, take_along
from gigbox.ideas.program import Worker, roles
from tests.ideas.band import ROLES, band

SONG = ["C", "Am", "F", "G"] * 2


def told(**values: Any) -> Change:
    """What the desk holds; paths with `__` for `/`."""
    known = {path: Value(None, None, params.find(path).default) for path in ("box/ideas/on", "box/ideas/seed", "box/depth")}
    known |= {f"strip/{n}/role": Value(None, role, None) for n, role in enumerate(ROLES, 1)}
    return Change({**known, **{path.replace("__", "/"): Value(value, None, value) for path, value in values.items()}})


class Desk:
    """A worker beside an engine, and the page that it wrote last."""

    def __init__(self, folder: Path) -> None:
        self.file, self.now = folder / "ideas.json", 0.0
        self.worker, self.engine = Worker(self.file, lambda: self.now), Engine(len(ROLES))

    def play(self, sound: np.ndarray) -> dict[str, Any]:
        for n in range(len(sound) // PIECE):
            self.engine.process(np.ascontiguousarray(sound[n * PIECE: (n + 1) * PIECE]))
            self.now += 0.1
            while self.worker.step(self.engine.rack):
                pass
        return dict(json.loads(self.file.read_text()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with made.engine:
        yield made


def test_what_is_played_stands_in_the_notebook(desk: Desk) -> None:
    desk.worker.changed(told(box__song="Our song"))
    page = desk.play(band(SONG, bpm=120))
    assert (page["on"], page["title"], page["key"]["name"], page["label"]) == (
        True, "Our song", "C major", "made by the box (gigbox): heard, not written; chords may be wrong")
    assert page["tempo"]["bpm"] == pytest.approx(120, rel=0.04)
    assert page["bar_count"] >= 5
    assert page["melody"]
    assert page["next"]
    assert idea_book.read(desk.file, desk.now) == page


@pytest.mark.parametrize(("values", "why"), [({"box__depth": 0.0}, "depth is 0"), ({"box__ideas__on": "off"}, "ideas are off"),
                                             ({"box__ideas__on": False}, "ideas are off")])
def test_it_is_silent_and_forgets_where_it_may_not_listen(desk: Desk, values: dict[str, Any], why: str) -> None:
    desk.worker.changed(told())
    assert desk.play(band(SONG[:2], bpm=120))["on"]
    desk.worker.changed(told(**values))
    page = desk.play(band(SONG[:1], bpm=120))
    assert (page["on"], page["why"], set(page)) == (False, why, {"at", "on", "why"})
    assert desk.worker.listener.memory.times == []


def test_it_listens_again_when_the_depth_comes_back(desk: Desk) -> None:
    desk.worker.changed(told(box__depth=0.0))
    desk.play(band(SONG[:1], bpm=120))
    desk.worker.changed(told())
    assert desk.play(band(SONG[:2], bpm=120))["on"]


def test_another_song_begins_a_new_chart(desk: Desk) -> None:
    desk.worker.changed(told(box__song="One"))
    first = desk.play(band(SONG, bpm=120))
    desk.worker.changed(told(box__song="Two"))
    second = desk.play(band(SONG[:1], bpm=120))
    assert second["title"] == "Two"
    assert second["seconds"] < first["seconds"]


def test_another_seed_is_another_idea_over_the_same_bars(desk: Desk) -> None:
    desk.worker.changed(told())
    first = desk.play(band(SONG, bpm=120))
    desk.worker.changed(told(box__ideas__seed=2.0))
    second = desk.play(band(SONG[:1], bpm=120))
    assert (first["seed"], second["seed"]) == (1, 2)
    assert first["melody"] != second["melody"]


def test_who_is_far_behind_goes_on_with_the_newest(desk: Desk) -> None:
    desk.worker.changed(told())
    desk.play(band(SONG[:1], bpm=120))
    desk.engine.process(np.zeros((96000, len(ROLES)), np.float32))
    assert not desk.worker.step(desk.engine.rack)
    assert desk.play(band(SONG[:1], bpm=120))["on"]


def test_roles_are_what_hands_say_else_what_was_heard() -> None:
    known = {"strip/1/role": Value("keys", "bass", "keys"), "strip/2/role": Value(None, "bass", "unused"), "strip/3/role": Value(None, None, "unused")}
    assert roles(known, 4) == ["keys", "bass", "unused", "unused"]


def test_a_notebook_that_nobody_writes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "ideas.json"
    for content in (None, "{", "[]", '{"on": true}', '{"on": true, "at": 1}', '{"on": true, "at": "x"}'):
        if content is not None:
            file.write_text(content)
        with pytest.raises(MachineError, match=r"^ideas: the program that listens is away, expected gigbox ideas to run$"):
            idea_book.read(file, 100.0)


def test_a_song_is_heard_offline_as_it_is_live(desk: Desk, tmp_path: Path) -> None:
    sound = band(SONG, bpm=120)
    desk.worker.changed(told(box__song="x"))
    live = desk.play(np.concatenate([np.zeros((PIECE, 3), np.float32), sound]))
    page = hear((sound[n * PIECE: (n + 1) * PIECE] for n in range(len(sound) // PIECE)), ROLES, "x")
    assert page["bars"][: len(live["bars"])] == live["bars"]
    take_along(page, tmp_path / "song.cho", tmp_path / "song.mid")
    assert (tmp_path / "song.cho").read_text() == page["chordpro"]
    assert (tmp_path / "song.mid").read_bytes()[:4] == b"MThd"
    assert next(lines(page)).startswith("x: 120.")
