"""One gig in one process: a desk that holds the truth, an engine that plays it, a brain that thinks every 100 ms of sound."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from gigbox import params
from gigbox.brain.brain import Brain
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.denoise.door import Door
from gigbox.brain.denoise.unbleed import Unbleed
from gigbox.brain.denoise.voice import Voice
from gigbox.brain.desk_view import choice
from gigbox.brain.hear.leak_paths import Leaks
from gigbox.brain.taste.corrections import WATCHED
from gigbox.brain.taste.taste import Taste
from gigbox.brain.who.recogniser import Recogniser
from gigbox.desk.client import Value
from gigbox.desk.events import Event
from gigbox.desk.paths import matching_any
from gigbox.desk.state import Desk, Outcome
from gigbox.desk.telling import tell
from gigbox.engine.core import Engine
from gigbox.engine.song import HEARD, Track
from gigbox.rack import METER_FRAMES, RATE, Floats, Rack
from gigbox.render.hops import play

TICK_S = METER_FRAMES / RATE


class Session:
    """Feed it 100 ms at a time. `events` is the journal; `cpu` counts the seconds that engine and brain took."""

    def __init__(self, tracks: Sequence[Track], settings: Mapping[str, object], denoiser: Denoiser | None = None,
                 recogniser: Recogniser | None = None, taste: Taste | None = None) -> None:
        """`settings` are hand values by path, set before the sound begins; `denoiser` is the model that answers each hop; `recogniser`
        names what has no role; `taste` learns from the hands, and knows what others taught it."""
        self.desk, self.events, self.now = Desk(lambda: self.now), list[Event](), 0.0
        self.tracks = tracks
        pairs = [n for n, track in enumerate(tracks, 1) if track.pair]
        hand: dict[str, object] = {f"strip/{n}/role": track.role for n, track in enumerate(tracks, 1) if track.said}
        hand |= {f"strip/{n}/name": track.name[:32] for n, track in enumerate(tracks, 1) if track.role_source != HEARD}
        hand |= {f"strip/{n}/link": "on" for n in pairs} | dict(settings)
        begun = self.desk.set(hand, "render", 0.0)
        self.events += begun.events
        self._known = {path: self._told(path) for path in begun.paths}
        heard = {a.path: self.desk.values[a.index] for a in params.addresses() if self.desk.values[a.index] != a.default}
        self.engine = Engine(len(tracks), heard)
        self.engine.process(np.zeros((METER_FRAMES, len(tracks)), np.float32))      # an engine fades in: the song's first hit comes after that
        self.taste = taste or Taste(on=False)
        for path in matching_any(WATCHED) if taste else ():
            self.taste.take(path, self._told(path), 0.0)
        leaks = Leaks()
        self.brain = Brain(recogniser, self.taste.offset, leaks)
        self._door = Door(*([denoiser] if denoiser else []), Unbleed(leaks), Voice())
        self.cpu = {"engine": 0.0, "brain": 0.0}

    def play(self, frames: Floats, *, stems: bool = False) -> tuple[Floats, Floats | None]:
        """Through the engine; at the end of each 100 ms the brain has heard it and moved."""
        begin = time.thread_time()
        listening = self.cpu["brain"]
        played = play(self.engine, frames, self._hear, stems=stems)
        self.cpu["engine"] += time.thread_time() - begin - (self.cpu["brain"] - listening)
        self.now += len(frames) / RATE
        return played

    def think(self) -> None:
        begin = time.thread_time()
        moves = self.brain.think(self.engine.rack, self, self.mode)
        if moves:
            self.take(self.desk.move({m.path: m.value for m in moves}, {m.path: m.why for m in moves}, "brain", self.now))
        self.taste.tick(self.now, self.brain.automix.playing(len(self.tracks)))
        self.cpu["brain"] += time.thread_time() - begin

    def _hear(self, rack: Rack) -> None:
        begin = time.thread_time()
        self._door.hear(rack)
        self.cpu["brain"] += time.thread_time() - begin

    def set(self, values: Mapping[str, object], by: str = "render") -> None:
        self.take(self.desk.set(values, by, self.now))

    def take(self, outcome: Outcome) -> None:
        """Journal what a request did, tell the engine what sounds different, and the brain what it was refused."""
        self.events += outcome.events
        for path in outcome.paths:
            if params.find_text(path) is None:
                index = params.find(path).index
                self.engine.rack.push(index, self.desk.values[index])
        for first in outcome.events[:1]:
            for path in outcome.paths:
                told, before = self._told(path), self._known.get(path, Value(None, None, None))
                self._known[path] = told
                if self.taste.on:
                    self.taste.take(path, told, self.now, first.by, first.why)
                if first.kind != "auto":
                    self.brain.changed(path, before, told)
        for path in outcome.ignored:
            self.brain.take(path, self.auto(path))

    def _told(self, path: str) -> Value:
        return Value(**tell(self.desk, path))      # type: ignore[arg-type]

    @property
    def mode(self) -> str:
        return choice(self, "box/mode")

    def hand(self, path: str) -> float | None:
        return self.desk.hand[params.find(path).index]

    def auto(self, path: str) -> float | None:
        return self.desk.auto[params.find(path).index]

    def value(self, path: str) -> float:
        """What is heard of a parameter."""
        return self.desk.values[params.find(path).index]

    def text(self, path: str) -> str:
        return self.desk.texts.get(path, "")

    def close(self) -> None:
        self.engine.close()
