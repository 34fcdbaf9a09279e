"""What a person at a Mackie Control surface works on: which strips are under the faders, what the knobs turn, which strip is selected. One for a surface and
its extenders; nothing of it is the box's, so that two surfaces look at different things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gigbox import params
from gigbox.desk.client import Client
from gigbox.remote.midi import mcu, pages
from gigbox.remote.midi.words import short
from gigbox.remote.mirror import Mirror

CLICKS = 96               # of a knob, from end to end
NOTICE_S, QUIET_S, LOOKED_S = 3.0, 10.0, 2.0       # how long a notice stands; how often a move of the box is one; and how long none after a hand
STRIP_PAGES = (mcu.PAN, mcu.TRACK)


@dataclass(frozen=True)
class Knob:
    """`label` is empty where the strip's own name says what it is."""

    path: str
    label: str = ""


class Console:
    """`by` is whose hand it is; `strips` tells how many the box has."""

    def __init__(self, mirror: Mirror, by: str, strips: Callable[[], int], clock: Callable[[], float]) -> None:
        self.mirror, self.by, self._strips, self._clock = mirror, by, strips, clock
        self.layer, self.page = mcu.INPUTS, mcu.PAN
        self.first, self.width = 0, mcu.STRIPS
        self.selected, self.monitor = 1, 1
        self.flipped = self.shifted = False
        self.news = 0                            # grows with each thing that looks otherwise now
        self._notice = ("", 0.0)
        self._reason_shown = self._touched = -QUIET_S

    # what is under the fingers

    def owner(self, place: int) -> int | None:
        """The number of the strip (or what else) at a fader counted from the left; None where there is none."""
        number = self.first + place + 1
        return number if number <= self._count() else None

    def level(self, place: int) -> str:
        """The path of a fader; empty where there is none."""
        number = self.owner(place)
        return "" if number is None else (pages.FLIPPED if self.flipped else self._layer.level).format(n=number, m=self.monitor)

    def mute(self, place: int) -> str:
        number = self.owner(place)
        return "" if number is None else self._layer.mute.format(n=number)

    def solo(self, place: int) -> str:
        number = self.owner(place)
        return "" if number is None else self._layer.solo.format(n=number)

    @property
    def master(self) -> str:
        return (pages.FLIPPED_MASTER if self.flipped else pages.MASTER).format(m=self.monitor)

    @property
    def strips_shown(self) -> bool:
        return self._layer.strips

    def knob(self, place: int) -> Knob | None:
        """What a knob turns."""
        page = pages.PAGES[self.page]
        if page.across:
            number = self.owner(place) if self._layer.strips else None
            return None if number is None else Knob(page.across.format(n=number))
        if place >= len(page.knobs):
            return None
        label, template = page.knobs[place]
        return Knob(template.format(s=min(self.selected, max(self._strips(), 1))), label)

    def name(self, place: int) -> str:
        """What a fader is called; empty where there is none."""
        number = self.owner(place)
        if number is None:
            return ""
        layer = self._layer
        return (self.mirror.text(layer.name.format(n=number)) if layer.name else "") or f"{layer.word} {number}"

    @property
    def letters(self) -> str:
        """Of the assignment display."""
        return f"M{self.monitor}" if self.flipped else pages.PAGES[self.page].letters

    @property
    def notice(self) -> str:
        """A line for the whole lower row, as long as it stands."""
        text, until = self._notice
        return text if self._clock() < until else ""

    def say(self, text: str) -> None:
        """From any thread."""
        self._notice = (text, self._clock() + NOTICE_S)
        self.news += 1

    def look(self, now: float) -> None:
        """Call from time to time: what the box did, with its reason, where no hand is busy."""
        reason = self.mirror.reason
        if reason and reason.at > self._reason_shown + QUIET_S and now - self._touched > LOOKED_S and now - reason.at < NOTICE_S:
            self._reason_shown = reason.at
            self.say(reason.why)

    # what fingers do

    def put(self, path: str, value: float) -> None:
        self._touch()
        self.mirror.set({path: value}, self.by)

    def turn_over(self, path: str) -> None:
        """A switch."""
        self.put(path, 1.0 - self.mirror.value(path))

    def turn(self, place: int, clicks: int) -> None:
        """A knob, clockwise above 0."""
        if knob := self.knob(place):
            self._turn(knob.path, clicks)

    def jog(self, clicks: int) -> None:
        """The wheel turns how much of the box is heard."""
        self.put("box/depth", self.mirror.value("box/depth") + clicks)
        self.say(f"Depth {self.mirror.value('box/depth'):.0f} %")

    def push(self, place: int) -> None:
        """A knob goes back to where it is made; on sends of one strip it brings that monitor's sends to the faders."""
        if (knob := self.knob(place)) is None:
            return
        if self.page == mcu.SEND and place < params.COUNTS["monitor"] and self._layer.strips:
            self.flipped = not (self.flipped and self.monitor == place + 1)
            self.monitor = place + 1
            self._changed()
        elif (address := params.find(knob.path)).param.choices == params.SWITCH:
            self.turn_over(knob.path)
        else:
            self.put(knob.path, address.default)

    def select(self, place: int) -> None:
        number = self.owner(place)
        if number is not None and self._layer.strips:
            self.selected = number
            self._changed()

    def press(self, note: int, down: bool = True) -> None:
        """A button that is no strip's."""
        if note == mcu.SHIFT:
            self.shifted = down
        if not down:
            return
        if note in pages.TOGGLES:
            self.turn_over(pages.TOGGLES[note].path)
        elif note in pages.PUTS:
            self._touch()
            self.mirror.ask(lambda desk: desk.set(pages.PUTS[note], by=self.by), self.say)         # each tap counts, however fast
        elif note in pages.SCENES:
            self.recall(note - mcu.F1 + (len(pages.SCENES) if self.shifted else 0))
        elif note == mcu.UNDO:
            self.mirror.ask(lambda desk: desk.undo(by=self.by), self.say)
        elif note == mcu.SOLO_CLEAR:
            if solos := {path: 0.0 for n in range(1, self._strips() + 1) if self.mirror.value(path := f"strip/{n}/solo")}:
                self.mirror.set(solos, self.by)
        elif note == mcu.NAME_VALUE:
            self.say(self.mirror.reason.why if self.mirror.reason else "The box has moved nothing yet")
        else:
            self._walk(note)
            self._changed()

    def recall(self, number: int) -> None:
        """The scene at that place by name, from 0."""
        recall(self.mirror, number, self.by, self.say)

    # inside

    @property
    def _layer(self) -> pages.Layer:
        return pages.LAYERS[self.layer]

    def _count(self) -> int:
        return self._strips() if self._layer.strips else params.COUNTS[self._layer.owner]

    def _turn(self, path: str, clicks: int) -> None:
        param, value = params.find(path).param, self.mirror.value(path)
        self.put(path, value + (clicks > 0) - (clicks < 0) if param.taper == "step" else param.at(param.position(value) + clicks / CLICKS))
        self.say(short(path, self.mirror.value(path), 20)) if path.startswith("box/") else None

    def _walk(self, note: int) -> None:
        """To other strips, other knobs, another monitor."""
        count, monitors = self._count(), params.COUNTS["monitor"]
        if note in pages.LAYERS or note == mcu.GLOBAL:
            self.layer, self.first, self.flipped = note if note in pages.LAYERS else mcu.INPUTS, 0, False
            self.page = mcu.PAN if note == mcu.GLOBAL else self.page
        elif note in pages.PAGES:
            self.page = note
        elif note == mcu.FLIP:
            self.flipped = not self.flipped and self._layer.strips
        elif note in (mcu.LEFT, mcu.RIGHT) and self.flipped:
            self.monitor = (self.monitor - 1 + (1 if note == mcu.RIGHT else -1)) % monitors + 1
        elif note in (mcu.BANK_RIGHT, mcu.CHANNEL_RIGHT):
            step = self.width if note == mcu.BANK_RIGHT else 1
            self.first += step if self.first + self.width < count else 0
        elif note in (mcu.BANK_LEFT, mcu.CHANNEL_LEFT):
            self.first = max(self.first - (self.width if note == mcu.BANK_LEFT else 1), 0)

    def _changed(self) -> None:
        self._touch()
        self.news += 1

    def _touch(self) -> None:
        """A hand is busy here: no news of the box in its way."""
        self._touched = self._clock()
        if self.notice:
            self._notice = ("", 0.0)
            self.news += 1


def recall(mirror: Mirror, number: int, by: str, say: Callable[[str], None] = lambda line: None) -> None:
    """The scene at that place by name, from 0; `say` is told which that was."""
    def act(desk: Client) -> None:
        names = sorted(desk.scenes())
        if number < len(names):
            desk.recall(names[number], by=by)
        say(f"Scene: {names[number]}" if number < len(names) else f"There is no scene {number + 1}")

    mirror.ask(act, say)
