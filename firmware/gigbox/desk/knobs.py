"""Keeps the card's preamplifiers where the desk has them, and the desk where a hand on the card has them. In a thread beside: no hand waits for a card.

What the desk was told last and the card has not is turned; what the card has and nobody told it (its own knobs, its own steps) is told to the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Protocol

from gigbox.desk.card import beside
from gigbox.desk.paths import INDEX
from gigbox.desk.preamps import NEAR_DB, news
from gigbox.desk.state import Desk, Outcome
from gigbox.devices.choice import Device
from gigbox.devices.preamps import Knob
from gigbox.errors import GigboxError

LOOK_S = 0.5                  # between two looks at the card
RETRY_S = 2.0                 # after it was gone
BY = "card"


class Panel(Protocol):
    """As gigbox.devices.panel.Panel."""

    knobs: tuple[Knob, ...]

    def read(self) -> dict[Knob, float]: ...
    def turn(self, wanted: Mapping[Knob, float]) -> None: ...
    def close(self) -> None: ...


@dataclass
class Look:
    """What came of one turn at the card: the panel that is open now, where its knobs stand, or why there is none."""

    device: Device | None
    panel: Panel | None = None
    read: dict[Knob, float] = field(default_factory=dict)
    trouble: str = ""


class Knobs:
    """`in_use` gives the device that the engine plays through, `open_panel` its knobs (GigboxError where they cannot be had)."""

    def __init__(self, in_use: Callable[[], Device | None], open_panel: Callable[[Device], Panel], warn: Callable[[str], None],
                 make: Callable[[], Executor] = beside) -> None:
        self._in_use, self._open, self._warn = in_use, open_panel, warn
        self._executor = make()
        self._job: Future[Look] | None = None
        self._now = Look(None)
        self._told: dict[Knob, float] = {}       # what the card was told last
        self._due = 0.0
        self._trouble = ""

    def step(self, desk: Desk, wall: float, now: float) -> Outcome | None:
        """Call in each turn of the desk: what the card changed of it, if it did. `now` is of the monotonic clock."""
        outcome = self._collect(desk, wall, now)
        if self._job is not None:
            return outcome
        turned = {knob: value for knob, value in self._wanted(desk).items() if abs(self._told.get(knob, value) - value) >= NEAR_DB}
        if turned or now >= self._due:
            self._told |= turned
            self._job = self._executor.submit(self._look, self._now, turned)
        return outcome

    def close(self) -> None:
        self._executor.shutdown(wait=True)

    def _wanted(self, desk: Desk) -> dict[Knob, float]:
        return {knob: value for path, knob in desk.offer.items() if (value := desk.hand[INDEX[path]]) is not None}

    def _look(self, was: Look, turned: Mapping[Knob, float]) -> Look:
        """Beside."""
        device, panel = None, was.panel
        try:
            device = self._in_use()
            if panel is not None and device != was.device:
                panel.close()
                panel = None
            if panel is None and device is not None and device.card:
                panel = self._open(device)
            if panel is None:
                return Look(device)
            panel.turn(turned)
            return Look(device, panel, panel.read())
        except GigboxError as e:
            return Look(None, trouble=str(e))
        except Exception as e:           # whatever a driver does, the desk has more to do than to turn preamps
            name = device.card if device is not None else "?"
            return Look(None, trouble=f"card {name}: {e or type(e).__name__}, its preamps are left as they are")

    def _collect(self, desk: Desk, wall: float, now: float) -> Outcome | None:
        if self._job is None or not self._job.done():
            return None
        look, self._job = self._job.result(), None
        self._due = now + (RETRY_S if look.trouble else LOOK_S)
        if look.trouble and not self._trouble:           # once, however often it is looked for
            self._warn(look.trouble)
        self._trouble = look.trouble
        begins, self._now = look.panel is not self._now.panel, look
        desk.knobs = look.panel.knobs if look.panel else ()
        if begins:                        # what hands had set goes to the card, what nobody set is taken from it
            self._told = dict(look.read)
        told = news(desk.offer, desk.hand, {knob: at for knob, at in look.read.items() if self._is_news(desk, knob, at)})
        self._told |= {desk.offer[path]: look.read[desk.offer[path]] for path in told}
        return desk.found(told, BY, wall) if told else None

    def _is_news(self, desk: Desk, knob: Knob, at: float) -> bool:
        """Whether the card has it so of itself: nobody has set it, or the card was told so and stands otherwise now."""
        wanted = self._wanted(desk).get(knob)
        return wanted is None or abs(self._told.get(knob, at) - wanted) < NEAR_DB
