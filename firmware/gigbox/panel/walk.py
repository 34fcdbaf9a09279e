"""The panel as a person has it in hand: what turning and pushing do, which page is up, when the screen rests. No wires, no threads; the clock is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gigbox.panel.knobs.button import Button
from gigbox.panel.knobs.encoder import Speed
from gigbox.panel.knobs.pot import Hold
from gigbox.panel.leds import Leds
from gigbox.panel.pages.channel import Channel
from gigbox.panel.pages.depth import Depth
from gigbox.panel.pages.effects import Effects
from gigbox.panel.pages.feedback import Feedback
from gigbox.panel.pages.groups import Groups
from gigbox.panel.pages.health import Health
from gigbox.panel.pages.ideas import Ideas, SongChart
from gigbox.panel.pages.linecheck import LineCheck
from gigbox.panel.pages.menu import Menu
from gigbox.panel.pages.messages import Messages
from gigbox.panel.pages.mix import Mix
from gigbox.panel.pages.monitors import MONITORS, Monitors
from gigbox.panel.pages.network import Network
from gigbox.panel.pages.page import FLASH_S, POTS, Moving, Page, Scene, Where, value_at, way
from gigbox.panel.pages.pairing import PairingPage
from gigbox.panel.pages.reasons import Reasons
from gigbox.panel.pages.record import Record
from gigbox.panel.pages.remote import Remote
from gigbox.panel.pages.saver import Saver
from gigbox.panel.pages.scenes import Scenes
from gigbox.panel.pages.undo import Undo
from gigbox.panel.picture.canvas import HEIGHT, WIDTH, Canvas
from gigbox.panel.picture.letters import wrapped
from gigbox.panel.sight.box import Box
from gigbox.panel.sight.hands import Hands

REST_S, DIM_S = 300.0, 60.0        # without a touch: the screen rests; before that it goes darker
TOAST_S = 2.5
BUTTONS = ("encoder_1", "encoder_2", "auto", "mute")
BRIGHT, DARK = 0xCF, 0x10


class Panel:
    """One panel, whoever holds it: real knobs and those of any number of viewers turn the same."""

    def __init__(self, box: Box, hands: Hands, clock: Callable[[], float]) -> None:
        self.box, self.where, self._hands, self._clock = box, Where(), hands, clock
        pages = (Mix(), Channel(), Monitors(), Depth(), Reasons(), Undo(), LineCheck(), Feedback(), Effects(), Groups(), Ideas(), SongChart(), Scenes(),
                 Record(), Health(), Network(), Remote(), PairingPage(), Messages())
        self.menu = Menu(pages)
        self._pages: dict[str, Page] = {page.name: page for page in (*pages, self.menu)}
        self._saver = Saver()
        self._leds = Leds()
        self._speeds = {1: Speed(), 2: Speed()}
        self._buttons = {name: Button() for name in BUTTONS}
        self._holds = [Hold() for _ in range(POTS)]
        self._touched = clock()
        self._toast, self._toast_until = "", 0.0
        self._asking: set[Any] = set()
        self._woken = False                           # by this very press, which does nothing else

    def stand(self, pot: int, at: float) -> None:
        """A pot, from 1, was found there: nobody turned it."""
        self._holds[pot - 1].stand(at)

    def pot(self, number: int, to: float, real: bool = True) -> None:
        """A pot was turned. `real`: it stands where it was left; one that is drawn follows its value, and holds it at once."""
        self._touch()
        if not (path := self.paths()[number - 1]):
            return
        hold, at = self._holds[number - 1], way(path, self.box.put(path))
        put = hold.turn(to, at) if real else to
        if put is not None:
            self._hands.set({path: value_at(path, put)})
        self.where.moves(Moving(path, self._clock() + FLASH_S, None if put is not None else to))
        if path.startswith("strip/"):
            self.where.strip = int(path.split("/")[1])
        if self.where.page not in ("monitors", "groups"):
            self.where.page = "mix"

    def turn(self, encoder: int, clicks: int, at: float | None = None) -> None:
        """The first turn of a resting panel only wakes it. Here and below, `at` is when it was done, where that was before now: a busy machine hears late."""
        at = self._clock() if at is None else at
        steps = 0 if self._buttons[f"encoder_{encoder}"].busy(at) else self._speeds[encoder].steps(clicks, at)
        if not self._touch() and steps:
            scene = self._scene()
            self._page().walk(scene, steps) if encoder == 1 else self._page().change(scene, steps)

    def press(self, name: str, down: bool, at: float | None = None) -> None:
        """What a line says; bounce is no matter."""
        resting = self._touch()
        if down and not self._buttons[name].down:
            self._woken = resting
        self._pressed(name, self._buttons[name].see(down, self._clock() if at is None else at))

    def look(self) -> None:
        """Call often: holds, and what came up by itself."""
        for name, button in self._buttons.items():
            self._pressed(name, button.look(self._clock()))
        waiting = {each.id for each in self.box.asking}
        if waiting - self._asking and self.where.page in ("mix", "network"):
            self._touch()
            self.open("pairing")
        if self.where.page == "pairing" and not waiting:
            self.open("mix")
        self._asking = waiting
        self._page().settle(self._scene())

    def due(self) -> float | None:
        """When `look` has to be called next, at the latest."""
        times = [due for button in self._buttons.values() if (due := button.due()) is not None]
        return min(times, default=None)

    def open(self, name: str) -> None:
        self.where.page, self.where.moving, self.where.inside = name, None, False
        self._page().enter(self._scene())

    def say(self, message: str) -> None:
        """For a moment, over whatever is up."""
        self._toast, self._toast_until = message, self._clock() + TOAST_S

    def paths(self) -> list[str]:
        """What lies under the pots."""
        return self._page().pots(self.box, self.where)

    def ways(self) -> list[float]:
        """Where the pots would stand, had they motors."""
        return [round(way(path, self.box.put(path)), 3) if path else 0.5 for path in self.paths()]

    def labels(self) -> list[str]:
        names = {"group": self.box.group_name, "strip": self.box.name}
        return [names[path.split("/")[0]](int(path.split("/")[1])) if path else "" for path in self.paths()]

    def lights(self) -> tuple[bool, ...]:
        return self._leds.look(self.box, self.where.bank, self._clock())

    @property
    def resting(self) -> bool:
        return self._clock() - self._touched >= REST_S

    @property
    def contrast(self) -> int:
        return DARK if self._clock() - self._touched >= DIM_S else BRIGHT

    def draw(self) -> Canvas:
        canvas, now = Canvas(), self._clock()
        if self.resting and now >= self._toast_until:
            self._saver.draw(canvas, self._scene())
            return canvas
        self._page().draw(canvas, self._scene())
        if now < self._toast_until:
            rows = wrapped(self._toast, WIDTH - 8, 2)
            high = 3 + 10 * len(rows)
            canvas.fill(0, HEIGHT - high - 1, WIDTH, high + 1, ink=False)
            canvas.fill(0, HEIGHT - high, WIDTH, high)
            for n, row in enumerate(rows):
                canvas.write(row, 4, HEIGHT - high + 2 + 10 * n, ink=False)
        elif not self.box.desk:
            canvas.fill(0, HEIGHT - 11, WIDTH, 11)
            canvas.write("desk away; sound goes on", 2, HEIGHT - 9, ink=False)
        return canvas

    def _pressed(self, name: str, how: str) -> None:
        if not how or (self._woken and name.startswith("encoder")):      # who reaches for MUTE means it
            return
        {"encoder_1": self._push, "encoder_2": self._push, "auto": self._auto, "mute": self._mute}[name](name, how)

    def _push(self, name: str, how: str) -> None:
        scene, page = self._scene(), self._page()
        if how == "hold":
            if not page.back(scene):
                self.open("mix")
        elif isinstance(page, Menu):
            self.open(page.chosen(scene).name)
        elif page.name == "mix":
            self.open("menu" if name == "encoder_1" else "channel")
        else:
            page.push(scene, int(name[-1]))

    def _auto(self, _: str, how: str) -> None:
        """Tap: freeze or go on. Hold: line check."""
        if how == "hold":
            self.open("linecheck")
            if not self.box.value("box/linecheck"):
                self._page().push(self._scene(), 1)
            return
        frozen = self.box.on("box/freeze")
        self._hands.set({"box/freeze": 0.0 if frozen else 1.0})
        self.say("the box goes on" if frozen else "frozen: the box moves nothing")

    def _mute(self, _: str, how: str) -> None:
        """Tap: the selected strip. Hold: everything, and everything back."""
        if how == "hold":
            muted = self.box.on(self._all()[0])
            self._hands.set({path: 0.0 if muted else 1.0 for path in self._all()})
            self.say("sound again" if muted else "everything is muted")
            return
        path = f"strip/{self.where.strip}/mute"
        muted = self.box.on(path)
        self._hands.set({path: 0.0 if muted else 1.0})
        self.say(f"{self.box.name(self.where.strip)}: {'open' if muted else 'muted'}")

    def _all(self) -> list[str]:
        """The box's own switch, where it has one; else all that leaves it."""
        if self.box.served("box/mute_all"):
            return ["box/mute_all"]
        return ["main/mute", *(f"monitor/{n}/mute" for n in range(1, MONITORS + 1))]

    def _touch(self) -> bool:
        """Somebody is here; whether the screen was resting."""
        resting, self._touched = self.resting, self._clock()
        return resting

    def _page(self) -> Page:
        return self._pages[self.where.page]

    def _scene(self) -> Scene:
        return Scene(self.box, self.where, self._hands, self._clock())
