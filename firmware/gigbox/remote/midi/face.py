"""What a Mackie Control unit shows of the console: lamps, rings, letters, colours and digits, each as the message that says it."""

from __future__ import annotations

from collections.abc import Hashable

from gigbox import params
from gigbox.remote import fader_law
from gigbox.remote.midi import mcu, pages
from gigbox.remote.midi.console import Console
from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.words import lettered, short, spelled

Wanted = dict[Hashable, bytes]
# A lamp for each of red (1), green (2) and blue (4).
COLOURS = {"none": 7, "red": 1, "pink": 5, "orange": 3, "yellow": 3, "green": 2, "cyan": 6, "blue": 4, "purple": 5, "white": 7}
PAGE_NOTES, LAYER_NOTES = tuple(pages.PAGES), tuple(pages.LAYERS)


class Face:
    """`first`: the place of its leftmost strip on the console."""

    def __init__(self, model: int, console: Console, levels: Levels, coloured: bool) -> None:
        self.model, self.console, self.levels, self._coloured, self.first = model, console, levels, coloured, 0

    def show(self, wanted: Wanted, held: frozenset[int]) -> None:
        """All but the faders; of strips whose fader is `held` its own value is read."""
        for number in range(mcu.STRIPS):
            self._strip(wanted, number, number in held)
        notice = lettered(self.console.notice) if self.first == 0 else ""
        for number in range(mcu.STRIPS) if notice else ():
            wanted["low", number] = mcu.cell(self.model, 1, number, notice[number * mcu.CELL:][:mcu.CELL])
        if self._coloured:
            wanted["colours"] = mcu.colours(self.model, [self._colour(number) for number in range(mcu.STRIPS)])
        if self.model == mcu.MAIN:
            self._middle(wanted)

    def _strip(self, wanted: Wanted, number: int, held: bool) -> None:
        """Lamps, ring and letters of one."""
        console, place = self.console, self.first + number
        owner, mirror = console.owner(place), console.mirror
        solo, mute = console.solo(place), console.mute(place)
        lamps = {mcu.REC: owner is not None and console.strips_shown and mirror.value("tape/record") > 0, mcu.SOLO: bool(solo) and mirror.value(solo) > 0,
                 mcu.SELECT: console.strips_shown and owner == console.selected}
        for row, lit in lamps.items():
            wanted["lamp", row + number] = mcu.led(row + number, mcu.ON if lit else mcu.OFF)
        wanted["lamp", mcu.MUTE + number] = mcu.led(mcu.MUTE + number, self._muted(owner, mute))
        knob = console.knob(place)
        wanted["ring", number] = self._ring(number, knob.path) if knob else mcu.dark_ring(number)
        high = console.name(place) if knob is None or not knob.label else knob.label
        low = short(knob.path, mirror.value(knob.path)) if knob else ""
        if held and (path := console.level(place)):
            high, low = console.name(place), short(path, mirror.value(path))
        wanted["high", number] = mcu.cell(self.model, 0, number, spelled(high))
        wanted["low", number] = mcu.cell(self.model, 1, number, low)

    def _muted(self, owner: int | None, mute: str) -> int:
        """Lit where its own mute is on; flashing where a group's, or that of all, silences it."""
        mirror = self.console.mirror
        if not mute or owner is None or mirror.value(mute) > 0:
            return mcu.ON if mute and owner is not None else mcu.OFF
        if not self.console.strips_shown or mirror.value(f"strip/{owner}/mute_safe") > 0:
            return mcu.OFF
        groups = (n for n in range(1, params.COUNTS["group"] + 1) if mirror.value(f"group/{n}/mute") > 0)
        return mcu.FLASH if mirror.value("box/mute_all") > 0 or any(mirror.value(f"strip/{owner}/group/{n}/on") > 0 for n in groups) else mcu.OFF

    def _ring(self, number: int, path: str) -> bytes:
        address, value = params.find(path), self.console.mirror.value(path)
        param = address.param
        two_sided = param.taper == "linear" and param.low < 0 < param.high
        way = fader_law.way(value) if param.taper == "fader" else param.position(value)
        return mcu.ring(number, way, mcu.BOOST if two_sided else mcu.DOT if param.choices else mcu.WRAP, abs(value - address.default) < 1e-3)

    def _colour(self, number: int) -> int:
        owner = self.console.owner(self.first + number)
        if owner is None:
            return 0
        return COLOURS[params.COLOURS[int(self.console.mirror.value(f"strip/{owner}/colour"))]] if self.console.strips_shown else COLOURS["white"]

    def _middle(self, wanted: Wanted) -> None:
        """Buttons with a lamp, and the digits."""
        console, mirror = self.console, self.console.mirror
        lit = {console.page, console.layer, *(note for note, toggle in pages.TOGGLES.items() if mirror.value(toggle.path) == toggle.lit)}
        lit |= {mcu.FLIP} if console.flipped else set()
        solos = any(mirror.value(f"strip/{n}/solo") > 0 for n in range(1, self.levels.strips + 1))
        lit |= {mcu.RUDE_SOLO, mcu.SOLO_CLEAR} if solos else set()
        for note in (*PAGE_NOTES, *LAYER_NOTES, mcu.FLIP, mcu.RUDE_SOLO, mcu.SOLO_CLEAR, *pages.TOGGLES):
            wanted["lamp", note] = mcu.led(note, mcu.ON if note in lit else mcu.OFF)
        text = console.letters + f"DEPTH{mirror.value('box/depth'):5.0f}"
        for place, letter in enumerate(reversed(text)):
            wanted["digit", place] = mcu.digit(place, letter)
