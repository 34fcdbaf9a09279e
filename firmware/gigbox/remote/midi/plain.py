"""A controller without a language of its own: controllers and program changes as the X Air family takes them, and what midi.toml maps.

All is told back, so that motor faders and lamps follow. What has no motor takes hold of a value as it passes it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from gigbox.remote.midi import mcu
from gigbox.remote.midi.aims import STEP, TOP, Aim, Source, heard, number, said, way
from gigbox.remote.midi.console import recall
from gigbox.remote.midi.grip import GREETING_S, RESTS_S, PickUp
from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.outbox import Outbox
from gigbox.remote.mirror import Mirror

PROGRAMS = 64
WAITS_S = 0.03            # a switch waits so long whether it is one of many: no hand turns over
WAITING = 64
MANY = 6                  # of them at once, but a controller that was switched on does


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
        self._held: dict[str, float] = {}                 # what is put back when it is let go, by path

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

    def let_go(self) -> None:
        """Nobody holds it any more: it is unplugged, or switched off."""
        self._waiting.clear()
        if self._held:
            self.mirror.set(self._held, self.by)
            self._held = {}

    def show(self, now: float) -> None:
        """Where everything is, back to where it comes from."""
        wanted = dict(self._words)
        for source, aim in self._aims.items() if self._known else ():
            pick_up = self._pick_ups.get(source)
            if aim.how in ("absolute", "toggle") and self._here(aim.path) and not (pick_up and now - pick_up.at < RESTS_S):       # else it is in a hand
                step = number(aim, self.mirror.value(aim.path))
                wanted[source] = said(source, step)
                if not aim.switch:
                    self._pick_ups.setdefault(source, PickUp()).send(way(aim, step), now)
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
            if aim.how == "hold":
                self._held |= {aim.path: aim.low}
            if not down:
                self._held.pop(aim.path, None)
            self.mirror.set({aim.path: aim.high if down else aim.low}, self.by)

    def _here(self, path: str) -> bool:
        """Whether the box has it: strips beyond its own are none."""
        words = path.split("/")
        return self.mirror.served(path) and (words[0] != "strip" or int(words[1]) <= self.levels.strips)

