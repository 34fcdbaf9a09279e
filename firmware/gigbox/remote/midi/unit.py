"""One Mackie Control unit on its cable: what its faders, knobs and buttons say goes to the console, and what the console stands for is shown on it.

A hand's finger has its motor to itself; all else follows what is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from gigbox.remote import fader_law
from gigbox.remote.midi import mcu
from gigbox.remote.midi.console import Console
from gigbox.remote.midi.face import Face
from gigbox.remote.midi.grip import GREETING_S, RESTS_S, Grip, PickUp
from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.outbox import Outbox

MASTER = mcu.STRIPS           # the ninth fader
METERS_S, CLIP_S = 0.05, 2.0
TOUCH_S = 1.5                 # a value is read so long after the finger went


@dataclass
class Fader:
    grip: Grip = field(default_factory=Grip)
    pick_up: PickUp = field(default_factory=PickUp)
    shown_until: float = 0.0      # its value, in the place of the knob's


class Unit:
    """`model`: MAIN or XT. `coloured`: its scribble strips have lamps of three colours."""

    def __init__(self, write: Callable[[bytes], int], model: int, console: Console, levels: Levels, now: float, coloured: bool = False) -> None:
        self.outbox = Outbox(write)
        self.model, self.levels = model, levels
        self._face = Face(model, console, levels, coloured)
        self._faders = [Fader() for _ in range(mcu.STRIPS + (model == mcu.MAIN))]
        self._feels = False                      # whether it ever told of a finger
        self._clips: dict[int, float] = {}
        self._metered = -METERS_S
        self._begin(now, {"query": mcu.sysex(model, mcu.QUERY)})

    @property
    def console(self) -> Console:
        return self._face.console

    def stand(self, console: Console, place: int) -> None:
        """It is that console's, and which of its units, from the left."""
        self._face.console, self._face.first = console, place * mcu.STRIPS

    def _begin(self, now: float, words: dict[Hashable, bytes]) -> None:
        """It was plugged in or switched on: `words` and all else is told anew, and where its faders stand is no hand's."""
        self._greeted = now
        self._words: dict[Hashable, bytes] = dict(words)
        self._words.update((("meter mode", number), content) for number, content in enumerate(mcu.meter_modes(self.model)))
        self.outbox.forget()
        for fader in self._faders:
            fader.grip, fader.pick_up = Grip(), PickUp()

    # what comes

    def hear(self, message: Any, now: float) -> None:
        """A message of the surface."""
        if message.type == "sysex":
            self._asked(message, now)
        elif message.type == "pitchwheel" and message.channel < len(self._faders):
            self._slid(message.channel, mcu.at_way(message.pitch + 8192), now)
        elif message.type in ("note_on", "note_off") and message.channel == 0:
            self._pressed(message.note, message.type == "note_on" and message.velocity > 0, now)
        elif message.type == "control_change" and message.channel == 0:
            clicks = -(message.value & 0x3F) if message.value & 0x40 else message.value
            if mcu.POT <= message.control < mcu.POT + mcu.STRIPS:
                self.console.turn(self._place(message.control - mcu.POT), clicks)
            elif message.control == mcu.JOG:
                self.console.jog(clicks)

    def _asked(self, message: Any, now: float) -> None:
        asked = mcu.asked(message)
        if asked and asked[1] == mcu.ASKS:
            data = asked[2]
            self._begin(now, {"answer": mcu.sysex(self.model, mcu.ANSWER, *data[:7], *mcu.answer(data[7:11]))} if len(data) >= 11 else {})
        elif tuple(message.data)[:len(mcu.XCTL)] == mcu.XCTL:
            self._words["query"] = mcu.sysex(self.model, mcu.QUERY)
            self.outbox.forget(["query"])

    def _slid(self, number: int, at: float, now: float) -> None:
        fader = self._faders[number]
        path = self._path(number)
        if not path:
            return
        value = fader_law.way(self.console.mirror.value(path))
        if self._feels or fader.grip.touched:
            to = fader.grip.move(at, value) if fader.grip.touched else None
        elif now - self._greeted < GREETING_S:
            fader.pick_up.stand(at)
            to = None
        else:
            to = fader.pick_up.move(at, value, now)
            if to is not None:
                self.outbox.forget([("fader", number)])
        if to is not None:
            fader.shown_until = now + TOUCH_S
            self.console.put(path, fader_law.decibels(to))

    def _pressed(self, note: int, down: bool, now: float) -> None:
        if mcu.TOUCH <= note < mcu.TOUCH + len(self._faders):
            self._touched(note - mcu.TOUCH, down, now)
            return
        if note >= mcu.PUSH + mcu.STRIPS:
            self.console.press(note, down)
            return
        if not down:
            return
        row, place = note // mcu.STRIPS * mcu.STRIPS, self._place(note % mcu.STRIPS)
        if row == mcu.SELECT:
            self.console.select(place)
        elif row == mcu.PUSH:
            self.console.push(place)
        elif path := self.console.mute(place) if row == mcu.MUTE else self.console.solo(place) if row == mcu.SOLO else "":
            self.console.turn_over(path)

    def _touched(self, number: int, down: bool, now: float) -> None:
        fader, self._feels = self._faders[number], True
        if down:
            told = self.outbox.told(("fader", number))
            fader.grip.touch(mcu.at_way(told[1] | told[2] << 7) if told else None)
        else:
            fader.grip.release()
            self.outbox.forget([("fader", number)])       # the hand left it elsewhere
        fader.shown_until = now + (1e9 if down else TOUCH_S)
        self.console.news += 1

    def _place(self, number: int) -> int:
        """Of a strip of this unit, on the console."""
        return self._face.first + number

    def _path(self, number: int) -> str:
        """What a fader is now; empty where it is nothing."""
        return self.console.master if number == MASTER else self.console.level(self._place(number))

    # what is shown

    def show(self, now: float) -> None:
        """The newest state of all that it has, faders first."""
        wanted: dict[Hashable, bytes] = dict(self._words)
        for number, fader in enumerate(self._faders):
            path = self._path(number)
            if not fader.grip.touched and now - fader.pick_up.at >= RESTS_S:
                way = fader_law.way(self.console.mirror.value(path)) if path else 0.0
                wanted["fader", number] = mcu.fader(number, way)
                fader.pick_up.send(way, now)
        self._face.show(wanted, frozenset(number for number, fader in enumerate(self._faders) if now < fader.shown_until))
        self.outbox.show(wanted)

    def shows_for(self, now: float) -> float:
        """When something looks otherwise by itself: a value whose time is over."""
        return min((fader.shown_until for fader in self._faders if now < fader.shown_until < now + TOUCH_S), default=now + TOUCH_S)

    def meter(self, now: float) -> None:
        """Peaks fall by themselves on the surface, so they are told again and again."""
        if now - self._metered < METERS_S:
            return
        self._metered = now
        flares: dict[Hashable, bytes] = {}
        for number in range(mcu.STRIPS):
            owner = self.console.owner(self._place(number))
            db = -1e3 if owner is None else self.levels.strip(owner) if self.console.strips_shown else \
                self.levels.monitor(owner) if self.console.layer == mcu.OUTPUTS else -1e3
            if step := mcu.level(db):
                flares["meter", number] = mcu.meter(number, step)
            if db >= 0:
                flares["clip", number] = mcu.meter(number, mcu.CLIPPED)
                self._clips[number] = now
            elif now - self._clips.get(number, now) > CLIP_S:
                del self._clips[number]
                flares["clip", number] = mcu.meter(number, mcu.CLEARED)
        self.outbox.flare(flares)
