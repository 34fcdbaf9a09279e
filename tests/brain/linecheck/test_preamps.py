"""The gain assistant offers to turn the card's preamps, and turns those that still stand where it saw them."""

from __future__ import annotations

from typing import Any

import pytest

from gigbox.brain.linecheck.preamps import OFFER, gains, turn, with_gains
from gigbox.brain.linecheck.report import table
from gigbox.desk.client import Value
from gigbox.errors import MachineError, ParamError


class FakeDesk:
    """Has gains of strips, refuses what is above `most`."""

    def __init__(self, gains: dict[int, float], most: float = 60) -> None:
        self.gains, self.most = gains, most
        self.why: list[str] = []

    def get(self, pattern: str) -> dict[str, Value]:
        if not self.gains:
            raise ParamError(f"{pattern}: the card has none")
        return {pattern.replace("*", str(n)): Value(gain, None, gain) for n, gain in self.gains.items()}

    def set(self, values: dict[str, float], why: str) -> None:
        (path, value), = values.items()
        if value > self.most:
            raise ParamError(f"{path}: {value:g} dB is above {self.most:g} dB, the most of the card")
        self.gains[int(path.split("/")[1])] = value
        self.why.append(why)


def report(*turns: int | None) -> dict[str, Any]:
    words = {"name": "a", "role": "keys", "state": "playing", "sentences": [], "problems": [], "advice": "", "suggested_role": "", "heard": ""}
    return {"seconds": 10, "channels": [{**words, "channel": n, "turn_db": turn} for n, turn in enumerate(turns, 1)]}


def told(*turns: int | None, **desk: Any) -> tuple[FakeDesk, dict[str, Any]]:
    fake = FakeDesk(**desk)
    return fake, with_gains(report(*turns), gains(fake))  # type: ignore[arg-type]


def test_the_report_says_from_where_to_where_each_preamp_is_to_be_turned() -> None:
    _, said = told(6, -4, None, 6, gains={1: 30.0, 2: 20.0, 3: 10.0})
    assert [(c["gain_db"], c["gain_to_db"]) for c in said["channels"]] == [(30, 36), (20, 16), (10, 10), (None, None)]


def test_no_preamp_is_asked_beyond_the_table() -> None:
    assert told(12, -12, gains={1: 55.0, 2: 5.0})[1]["channels"][0]["gain_to_db"] == 60
    assert told(12, -12, gains={1: 55.0, 2: 5.0})[1]["channels"][1]["gain_to_db"] == 0


def test_the_table_offers_it_where_something_can_be_turned() -> None:
    assert table(told(6, gains={1: 30.0})[1]).endswith(OFFER)
    for turns, has in ((0, {1: 30.0}), (6, {}), (None, {1: 30.0})):
        assert OFFER not in table(told(turns, gains=has)[1])
    assert OFFER not in table(report(6))           # of an older box, or of recordings


def test_it_turns_what_the_report_says_with_the_reason() -> None:
    desk, said = told(6, 0, -4, gains={1: 30.0, 2: 20.0, 3: 10.0})
    assert turn(desk, said) == ["strip 1: preamp from 30 to 36 dB", "strip 3: preamp from 10 to 6 dB"]  # type: ignore[arg-type]
    assert (desk.gains, desk.why) == ({1: 36, 2: 20, 3: 6}, ["line check: +6 dB", "line check: -4 dB"])


def test_what_somebody_turned_since_is_left_and_twice_is_once() -> None:
    desk, said = told(6, 6, gains={1: 30.0, 2: 20.0})
    desk.gains[2] = 25.0
    assert turn(desk, said)[1] == "strip 2: turned by somebody since the line check, left as it is"  # type: ignore[arg-type]
    turn(desk, said)  # type: ignore[arg-type]
    assert desk.gains == {1: 36.0, 2: 25.0}


def test_what_the_card_refuses_is_told_and_the_others_are_turned() -> None:
    desk, said = told(6, 6, gains={1: 38.0, 2: 20.0}, most=40.0)
    assert turn(desk, said) == ["strip/1/input/gain: 44 dB is above 40 dB, the most of the card", "strip 2: preamp from 20 to 26 dB"]  # type: ignore[arg-type]


def test_without_preamps_it_says_so() -> None:
    desk, said = told(6, gains={})
    with pytest.raises(MachineError, match="linecheck: the card has no preamps that can be turned from here, expected hands on it"):
        turn(desk, said)  # type: ignore[arg-type]


def test_where_all_stand_well_it_says_so() -> None:
    desk, said = told(0, None, gains={1: 30.0, 2: 20.0})
    assert turn(desk, said) == ["every preamp stands well"]  # type: ignore[arg-type]
