"""Who wants to be let in, and by which code: only while the screen shows it, and only those whom a push meant."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gigbox.panel.sight.visitors import Visitors
from tests.panel.world import asking, gig


class Pairing:
    """As gigbox.people has it."""

    def __init__(self, folder: Any) -> None:
        self.open, self.answers, self.waiting = False, [], [asking()]

    def shown(self, fresh: bool) -> SimpleNamespace:
        self.open = True
        return SimpleNamespace(spaced="4729 1385")

    def hide(self) -> None:
        self.open = False

    def link(self, invitation: Any) -> str:
        return "http://192.168.1.20:8080/pair#KEY"

    def asking(self) -> list[Any]:
        return self.waiting

    def approve(self, who: str, role: str, monitor: int = 0, strips: tuple[int, ...] = ()) -> None:
        self.answers.append((who, role, monitor))

    def refuse(self, who: str) -> None:
        self.answers.append((who, "no", 0))


@pytest.fixture
def visitors(monkeypatch: pytest.MonkeyPatch) -> Visitors:
    monkeypatch.setattr("gigbox.panel.sight.visitors.Pairing", Pairing)
    monkeypatch.setattr("gigbox.panel.sight.visitors.People", lambda folder: SimpleNamespace(fresh=False, settle=lambda: None))
    monkeypatch.setattr("gigbox.panel.sight.visitors.here", lambda: "192.168.1.20")
    return Visitors(gig(), 8080)


def test_a_code_is_open_only_while_it_is_shown(visitors: Visitors) -> None:
    visitors._box.code = visitors._box.link = ""
    visitors.look()
    assert not visitors._pairing.open
    visitors.showing = True
    visitors.look()
    assert (visitors._box.code, visitors._box.link) == ("4729 1385", "http://192.168.1.20:8080/pair#KEY")
    visitors.showing = False
    visitors.look()
    assert (visitors._pairing.open, visitors._box.code, visitors._box.link) == (False, "", "")


@pytest.mark.parametrize(("act", "answer"), [("let in", ("a", "musician", 2)), ("look", ("a", "guest", 0)), ("no", ("a", "no", 0))])
def test_whoever_waits_gets_what_was_pushed(visitors: Visitors, act: str, answer: tuple[str, str, int]) -> None:
    visitors.look()
    visitors.answer(visitors._box.asking[0], act)
    assert visitors._pairing.answers == [answer]
