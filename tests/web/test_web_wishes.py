"""Words of a page: what a wish means to the desk, and one line for what cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gigbox.errors import RequestError
from gigbox.web.access import Visitor
from gigbox.web.wishes import VERBS, wish


class Desk:
    """What it was asked."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def past(self, at: float, of: str) -> dict[str, Any]:
        self.asked.append(at)
        return {}

    def back(self, at: float, of: str, by: str = "") -> int:
        self.asked.append(at)
        return 0


def done(message: object) -> list[float]:
    desk, (wanted, _) = Desk(), wish(json.dumps(message))
    VERBS[wanted.verb].do(desk, wanted, Visitor("engineer", "Ann"))       # type: ignore[arg-type]
    return desk.asked


@pytest.mark.parametrize(("when", "asked"), [({"at": 1.7e9}, 1.7e9), ({"at": 0}, 0.0), ({"ago": 600}, -600.0)])
@pytest.mark.parametrize("verb", ["past", "back"])
def test_a_time_is_of_the_day_or_so_long_ago_by_the_boxs_own_clock(verb: str, when: dict[str, float], asked: float) -> None:
    assert done({verb: when}) == [asked]


@pytest.mark.parametrize("when", [{}, {"at": -1}, {"ago": 0}, {"ago": -5}, {"at": 5, "ago": 5}, {"at": True}, {"at": "5"}, {"at": None}, 5, [5],
                                  {"at": 10 ** 400}, {"ago": 10 ** 400}, {"at": float("nan")}, {"ago": float("inf")}])
def test_a_time_that_there_is_not_is_one_line(when: object) -> None:
    with pytest.raises(RequestError, match=r'^past: expected an object such as \{"at": 1700000000\}.*or \{"ago": 600\}$'):
        done({"past": when})
