"""A made gig, 100 ms at a time: sounds, hands and verdicts as a script has them, with the contract watched over every event."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from contract.made import tenth
from contract.watch import Watch
from gigbox import params
from gigbox.brain.taste.taste import Taste
from gigbox.brain.who.recogniser import Verdict
from gigbox.desk.state import Outcome
from gigbox.engine.song import Track
from gigbox.errors import GigboxError
from gigbox.rack import Rack
from gigbox.render.session import Session

Action = tuple[Any, ...]


class FakeRecogniser:
    """Says what the script has it say."""

    def __init__(self, strips: int) -> None:
        self.said = [Verdict() for _ in range(strips)]

    def hear(self, rack: Rack) -> None:
        """It knows already."""

    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(self.said)

    def forget(self, channel: int) -> None:
        self.said[channel] = Verdict()


class Gig:
    """`roles`: by hand, empty: nobody said. `play` moves on by ticks of 100 ms; `act` is somebody's doing between two of them."""

    def __init__(self, roles: Sequence[str], sounds: Sequence[str], hand: dict[str, object] | None = None, *, taste: bool = False,
                 recognises: bool = True) -> None:
        self.sounds, self.tick, self.people = list(sounds), 0, 0
        self.recogniser = FakeRecogniser(len(roles))
        tracks = [Track(Path(role or "unknown"), 0, role or "unknown", role or "unused", "given" if role else "none") for role in roles]
        settings = {"box/mode": "soundcheck", "box/denoise": "off"} | (hand or {})
        self.session = Session(tracks, settings, None, self.recogniser if recognises else None, Taste() if taste else None)  # type: ignore[arg-type]
        self.scene = self.session.desk.scene()
        self.watch = Watch(self.session)

    def play(self, ticks: int) -> None:
        for _ in range(ticks):
            frames = np.stack([tenth(kind, self.tick) for kind in self.sounds], axis=1)
            out, _ = self.session.play(frames)
            assert np.isfinite(out).all()
            assert np.abs(out[:, :2]).max() <= 1
            self.session.think()
            self.tick += 1
            self.watch.look(frames)

    def act(self, action: Action) -> None:
        """Somebody does something, by a name of their own, so that no two are one gesture. What the desk refuses in words is as if not done."""
        self.people += 1
        with contextlib.suppress(GigboxError):
            self._do(action, f"hand {self.people}")
        self.watch.look()

    def _do(self, action: Action, by: str) -> None:
        kind, *what = action
        desk, now = self.session.desk, self.session.now
        if kind == "sound":
            self.sounds[what[0]] = what[1]
        elif kind == "verdict":
            self.recogniser.said[what[0]] = Verdict(what[1], what[2], ((what[1], what[2]),), 3.0)
        elif kind == "set":
            self.session.set({what[0]: what[1]}, by)
        elif kind == "save":
            self.scene = desk.scene()
        elif kind == "recall":
            self.session.take(desk.recall(self.scene, by, now, "scene"))
        elif kind == "release":
            self._release(what[0], by)
        elif kind == "keep":
            self._keep(what[0], by)
        else:
            calls = {"lock": lambda: desk.lock(what[0], by, now), "unlock": lambda: desk.unlock(what[0], by, now), "undo": lambda: desk.undo(by, now)}
            self.session.take(calls[kind]())

    def _release(self, pattern: str, by: str) -> None:
        desk = self.session.desk
        self.session.take(desk.release([pattern], by, self.session.now))
        assert not any(hand is not None for a, hand in zip(params.addresses(), desk.hand, strict=True) if a.path == pattern)

    def _keep(self, pattern: str, by: str) -> Outcome:
        desk, before = self.session.desk, list(self.session.desk.values)
        outcome = desk.keep([pattern], by, self.session.now)
        self.session.take(outcome)
        np.testing.assert_allclose(desk.values, before, atol=1e-6)
        assert not any(desk.auto[params.find(e.path).index] for e in outcome.events)
        return outcome

    def takes_back(self, action: Action) -> None:
        """What it did is undone at once: nothing is left of it."""
        before = self.state()
        count = len(self.session.events)
        self.act(action)
        if len(self.session.events) > count:
            self.act(("undo",))
            assert self.state() == before

    def state(self) -> tuple[object, ...]:
        desk = self.session.desk
        return list(desk.hand), list(desk.auto), list(desk.values), dict(desk.texts), set(desk.locks)

    def close(self) -> None:
        self.session.close()
