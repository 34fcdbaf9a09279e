"""A controller without a language of its own: controllers and program changes as the X Air family takes them, and what midi.toml maps.

Source: guide 5b and the X32 MIDI implementation (2014: fader 95 is 0 dB, mute 127 on, pan 64 middle). Strips 17 to 32 are ours. All is told back, so that
motor faders and lamps follow. What has no motor takes hold of a value as it passes it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from mido import Message

from gigbox import params
from gigbox.remote import fader_law
from gigbox.remote.midi import mcu
from gigbox.remote.midi.console import recall
from gigbox.remote.midi.grip import GREETING_S, RESTS_S, PickUp
from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.outbox import Outbox
from gigbox.remote.mirror import Mirror

TOP, ZERO, MIDDLE = 127, 95, 64
STEP = 0.5 / ZERO * fader_law.ZERO_DB + 1e-6      # half a step of a controller
FADER, MUTE, PAN = range(3)                       # channels, from 0
PROGRAMS = 64
WAITS_S = 0.03            # a switch waits so long whether it is one of many: no hand turns over
WAITING = 64
MANY = 6                  # of them at once, but a controller that was switched on does
BLOCKS = (                # channel, first controller, template, how many
    (FADER, 0, "strip/{n}/level", 16), (FADER, 17, "fx/{n}/level", 2), (FADER, 21, "monitor/{n}/level", 6), (FADER, 31, "main/level", 1),
    (FADER, 32, "group/{n}/level", 4),
    (MUTE, 0, "strip/{n}/mute", 16), (MUTE, 17, "fx/{n}/mute", 2), (MUTE, 21, "monitor/{n}/mute", 6), (MUTE, 31, "main/mute", 1),
    (MUTE, 32, "group/{n}/mute", 4), (MUTE, 36, "group/{n}/mute", 4),
    (PAN, 0, "strip/{n}/pan", 16),
)
OURS, FROM = 40, 17       # and strips from the seventeenth on are at controller 40 and up


HOWS = ("absolute", "toggle", "hold", "press")       # as it stands; each press turns over; `high` while it is down; each press puts it to `high`


@dataclass(frozen=True)
class Source:
    """What a controller has under a finger: a controller or a note of a channel, from 0."""

    kind: str                 # cc or note
    channel: int
    number: int


@dataclass(frozen=True)
class Aim:
    """What it moves. `low` and `high`: the values of both ends; `how`: one of HOWS."""

    path: str
    low: float
    high: float
    how: str = "absolute"

    @property
    def switch(self) -> bool:
        return bool(params.find(self.path).param.choices) or self.how != "absolute"

    def way(self, value: float) -> float:
        """0..1, of what is heard."""
        param = params.find(self.path).param
        if param.taper == "fader":
            start, end = fader_law.way(self.low), fader_law.way(self.high)
            at = fader_law.way(value)
        else:
            start, end, at = (param.position(param.clamp(each)) for each in (self.low, self.high, value))
        return min(max((at - start) / (end - start), 0.0), 1.0) if end != start else 0.0

    def value(self, way: float) -> float:
        param = params.find(self.path).param
        if param.taper == "fader":
            start, end = fader_law.way(self.low), fader_law.way(self.high)
            return fader_law.decibels(start + way * (end - start))
        start, end = param.position(param.clamp(self.low)), param.position(param.clamp(self.high))
        return param.at(start + way * (end - start))


def whole(path: str, how: str = "absolute") -> Aim:
    """Over the parameter's own range."""
    param = params.find(path).param
    return Aim(path, param.low, param.high, how)


def table() -> dict[Source, Aim]:
    """What the X Air family has, and our own strips beyond it."""
    found = {Source("cc", channel, first + n - 1): whole(template.format(n=n)) for channel, first, template, count in BLOCKS for n in range(1, count + 1)}
    strips = ((FADER, "strip/{n}/level"), (MUTE, "strip/{n}/mute"), (PAN, "strip/{n}/pan"))
    return found | {Source("cc", channel, OURS + n - FROM): whole(template.format(n=n)) for channel, template in strips
                    for n in range(FROM, params.COUNTS["strip"] + 1)}


def number(aim: Aim, value: float) -> int:
    """0..127, of what is heard."""
    way = aim.way(value)
    if aim.path.endswith("/pan"):
        return min(max(MIDDLE + round((way - 0.5) * 2 * (TOP - MIDDLE)), 1), TOP)
    if params.find(aim.path).param.taper == "fader":
        return fader_law.steps(way, ZERO, TOP)
    return round(way * TOP)


def way(aim: Aim, number: int) -> float:
    """The other way round: where it stands, 0..1."""
    if aim.path.endswith("/pan"):
        return min(max(0.5 + (number - MIDDLE) / (TOP - MIDDLE) / 2, 0.0), 1.0)
    if params.find(aim.path).param.taper == "fader":
        return fader_law.of_steps(number, ZERO, TOP)
    return number / TOP


def heard(message: Any) -> tuple[Source | None, int]:
    """What moved, and where it stands now; a note that ends is at 0."""
    if message.type == "control_change":
        return Source("cc", message.channel, message.control), message.value
    if message.type in ("note_on", "note_off"):
        return Source("note", message.channel, message.note), message.velocity if message.type == "note_on" else 0
    return None, 0


def said(source: Source, value: int) -> bytes:
    """As the controller itself says it."""
    message = Message("control_change", channel=source.channel, control=source.number, value=value) if source.kind == "cc" else \
        Message("note_on", channel=source.channel, note=source.number, velocity=value)
    return bytes(message.bytes())


class Plain:
    """One controller on its cable. Of one that nobody knows (`known`) it is asked whether it is a surface, and nothing is told to it before it moved something:
    it may be a synthesiser."""

    def __init__(self, write: Callable[[bytes], int], aims: Mapping[Source, Aim], mirror: Mirror, by: str, levels: Levels, now: float,
                 say: Callable[[str], None] = lambda line: None, known: bool = True) -> None:
        self.outbox = Outbox(write)
        self._aims, self.mirror, self.by, self.levels = aims, mirror, by, levels
        self._greeted, self._say, self._known = now, say, known
        self._words: dict[Hashable, bytes] = {} if known else {("query", unit): mcu.sysex(unit, mcu.QUERY) for unit in (mcu.MAIN, mcu.XT)}
        self._pick_ups: dict[Source, PickUp] = {}
        self._waiting: deque[tuple[float, Source, Aim, bool]] = deque(maxlen=WAITING)

    def takes(self, message: Any) -> bool:
        """Whether this moves something here."""
        source, _ = heard(message)
        return source in self._aims

    def hear(self, message: Any, now: float) -> None:
        source, value = heard(message)
        if source and (aim := self._aims.get(source)):
            self._moved(source, aim, value, now)
        elif message.type == "program_change" and message.channel == 0 and message.program < PROGRAMS and now - self._greeted >= GREETING_S:
            recall(self.mirror, message.program, self.by, self._say)

    def turn(self, now: float) -> None:
        """Call often: switches that waited are turned over, where no more than a hand's came with them."""
        if not self._waiting or now - self._waiting[0][0] < WAITS_S:
            return
        if len({source for _, source, _, _ in self._waiting}) >= MANY:
            self._waiting.clear()
            return
        while self._waiting and now - self._waiting[0][0] >= WAITS_S:
            _, _, aim, down = self._waiting.popleft()
            self._switched(aim, down)

    def show(self, now: float) -> None:
        """Where everything is, back to where it comes from."""
        wanted = dict(self._words)
        for source, aim in self._aims.items() if self._known else ():
            pick_up = self._pick_ups.get(source)
            if aim.how in ("absolute", "toggle") and self._here(aim.path) and not (pick_up and now - pick_up.at < RESTS_S):       # else it is in a hand
                wanted[source] = said(source, number(aim, self.mirror.value(aim.path)))
        self.outbox.show(wanted)

    def meter(self, now: float) -> None:
        """It has none."""

    def shows_for(self, now: float) -> float:
        return now + 1.0

    def _moved(self, source: Source, aim: Aim, value: int, now: float) -> None:
        if not self._here(aim.path):
            return
        self._known = True
        told = self.outbox.told(source)
        greeting, content = now - self._greeted < GREETING_S, said(source, value)
        self.outbox.mark(source, content)                 # it stands there by itself
        if aim.switch:
            if not greeting:
                self._waiting.append((now, source, aim, value > TOP // 2))
            return
        pick_up = self._pick_ups.setdefault(source, PickUp())
        at = way(aim, value)
        if greeting or (told == content and not pick_up.holds):       # where it stands, or what it was told itself
            pick_up.stand(at)
        elif (to := pick_up.move(at, aim.way(self.mirror.value(aim.path)), now, STEP)) is not None:
            self.mirror.set({aim.path: aim.value(to)}, self.by)

    def _switched(self, aim: Aim, down: bool) -> None:
        if aim.how == "press":
            if down:
                self.mirror.ask(lambda desk: desk.set({aim.path: aim.high}, by=self.by), self._say)      # each counts, however fast
            return
        is_on = aim.way(self.mirror.value(aim.path)) >= 0.5
        if aim.how == "toggle":
            if down:
                self.mirror.set({aim.path: aim.low if is_on else aim.high}, self.by)
        elif is_on != down or aim.how == "hold":
            self.mirror.set({aim.path: aim.high if down else aim.low}, self.by)

    def _here(self, path: str) -> bool:
        """Whether the box has it: strips beyond its own are none."""
        words = path.split("/")
        return self.mirror.served(path) and (words[0] != "strip" or int(words[1]) <= self.levels.strips)

