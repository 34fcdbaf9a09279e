"""What every page has: a name, whether this box has what it shows, what the encoders do on it, which values lie under the pots, and its picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from gigbox import params
from gigbox.panel.picture.canvas import Canvas
from gigbox.panel.sight.box import Box
from gigbox.panel.sight.hands import Hands

POTS = 8
FAINT_DB = -60.0          # a fader opens here with the first click, and is off below
FLASH_S = 1.3             # a value that moved is shown large for so long after it stopped
ALONE_S = 0.3             # and alone for so long: of two knobs at once the first is read, not both by turns


@dataclass
class Moving:
    """The value that moves now. `pot`: where a pot stands that has not taken hold of it, 0..1."""

    path: str
    until: float
    pot: float | None = None


@dataclass
class Where:
    """Where the panel is: all that pages draw besides the box."""

    page: str = "mix"
    strip: int = 1                                          # the selected one
    monitor: int = 1
    cursor: dict[str, int] = field(default_factory=dict)    # of each page
    act: dict[str, int] = field(default_factory=dict)       # what a push does there, where there is a choice
    inside: bool = False                                    # of what a list shows
    asked: str = ""                                         # what a second push confirms
    card: str = ""                                          # the one that is shown of a list that grows by itself
    moving: Moving | None = None
    since: float = 0.0                                      # when something on this page began

    def moves(self, moving: Moving) -> None:
        """A value moves now; it comes up unless another one does, too."""
        if not (up := self.moving) or up.path == moving.path or moving.until - up.until >= ALONE_S:
            self.moving = moving

    @property
    def bank(self) -> int:
        """The first strip under the pots."""
        return (self.strip - 1) // POTS * POTS + 1


@dataclass
class Scene:
    """What a page works with."""

    box: Box
    where: Where
    hands: Hands
    now: float


class Page:
    """One page. Every verb may be left out."""

    name = ""
    title = ""

    def served(self, box: Box) -> bool:
        return True

    def enter(self, scene: Scene) -> None:
        """It comes up."""

    def settle(self, scene: Scene) -> None:
        """Before it is drawn: takes hold of what is to be shown, so that a list which grows meanwhile moves nothing under a finger."""

    def walk(self, scene: Scene, steps: int) -> None:
        """Encoder 1."""

    def change(self, scene: Scene, steps: int) -> None:
        """Encoder 2."""

    def push(self, scene: Scene, encoder: int) -> None:
        """Either encoder, 1 or 2, was pushed."""

    def back(self, scene: Scene) -> bool:
        """A long push: True where the page itself had something to leave."""
        return False

    def pots(self, box: Box, where: Where) -> list[str]:
        """The path under each pot, empty where there is none."""
        return [f"strip/{n}/level" if n <= box.strips else "" for n in range(where.bank, where.bank + POTS)]

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        raise NotImplementedError


def way(path: str, value: float) -> float:
    """Where a pot has to stand for a value: its default in the middle, where there is something on both sides of it."""
    address = params.find(path)
    at, middle = address.param.position(value), address.param.position(address.default)
    if not 0.0 < middle < 1.0:
        return at
    return at / middle / 2 if at < middle else 0.5 + (at - middle) / (1 - middle) / 2


def value_at(path: str, position: float) -> float:
    """The value where a pot stands."""
    address = params.find(path)
    middle = address.param.position(address.default)
    if 0.0 < middle < 1.0:
        position = position * 2 * middle if position < 0.5 else middle + (position - 0.5) * 2 * (1 - middle)
    return rounded(path, address.param.at(position))


def stepped(path: str, value: float, steps: int) -> float:
    """The value so many steps of an encoder further: half a dB, a per cent, a quarter tone, the next choice; what has no such step in fiftieths of its way."""
    param = params.find(path).param
    if param.taper == "step":
        return param.clamp(value + (steps if len(param.choices) > 2 or not param.choices else (1 if steps > 0 else -1)))
    if param.taper == "fader":
        stepped_to = rounded(path, param.at(param.position(max(value, FAINT_DB)) + (steps - (value < FAINT_DB < 0 < steps)) * 0.0125))
        return param.low if steps < 0 and stepped_to < FAINT_DB else stepped_to
    if param.taper == "log":
        return rounded(path, param.at(param.position(max(value, param.low)) + steps * (0.01 if param.unit == "Hz" else 0.02)))
    each = {"dB": 0.5, "%": 1.0}.get(param.unit, (param.high - param.low) / 50)
    return param.clamp(rounded(path, round(value / each + steps) * each))


def rounded(path: str, value: float) -> float:
    """To what a screen can show."""
    param = params.find(path).param
    if param.taper == "step":
        return param.clamp(round(value))
    return param.clamp(round(value, 2 if param.high - param.low <= 4 else 0 if abs(value) >= 200 else 1))
