"""What the panel asks of a desk that is away: it is said, and not done long afterwards, when nobody expects it any more."""

from __future__ import annotations

from typing import Any

from gigbox.errors import MachineError
from gigbox.panel.sight.box import Box
from gigbox.panel.sight.hands import DeskHands
from tests.panel.test_soldered import within

ANSWER_S = 2.0            # a client waits so long for its desk
PUSHES = 20


class Desk:
    """Each request waits in vain while it is away."""

    def __init__(self) -> None:
        self.now, self.away, self.done, self.told = 0.0, True, list[Any](), list[str]()

    def act(self, what: Any) -> None:
        if self.away:
            self.now += ANSWER_S
            raise MachineError("desk: not there")
        self.done.append(what)


def test_what_was_pushed_while_the_desk_was_away_is_not_done_when_it_is_back() -> None:
    desk = Desk()
    hands = DeskHands(desk, Box(lambda: desk.now), desk.told.append, lambda: desk.now)      # type: ignore[arg-type]
    try:
        with hands._come:                                # all of it while nobody answers
            for n in range(PUSHES):
                hands.ask("undo", lambda _, n=n: desk.act(n), "taken back")      # type: ignore[misc]
        assert within(2, lambda: len(desk.told) == PUSHES)
        assert desk.told == ["desk: not there"] * 2 + ["undo: the desk was away, and it is not done any more"] * (PUSHES - 2)
        desk.away = False
        hands.ask("undo", lambda _: desk.act("now"), "taken back")
        assert within(2, lambda: desk.told[-1] == "taken back")
        assert desk.done == ["now"]
    finally:
        hands.close()
