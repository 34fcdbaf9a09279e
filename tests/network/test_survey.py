"""The hotspot goes where least is, on a channel that the country allows."""

from __future__ import annotations

import pytest

from gigbox.network.survey import FIVE, TWO, Heard, allowed, choose


def test_five_ghz_only_where_the_country_was_told() -> None:
    assert allowed("", True) == TWO
    assert allowed("DE", False) == TWO
    assert allowed("DE", True) == FIVE
    assert 149 in allowed("US", True)
    assert not {*range(52, 145)} & {*allowed("US", True)}      # a radar would silence it in mid-show


@pytest.mark.parametrize(("heard", "country", "five", "channel"), [
    ([], "DE", True, 36), ([Heard(36, 80), Heard(40, 10)], "DE", True, 44),
    ([Heard(36, 80), Heard(40, 30), Heard(44, 50), Heard(48, 10)], "DE", True, 48),
    ([Heard(1, 80), Heard(6, 20)], "DE", False, 11), ([Heard(3, 90)], "", False, 11), ([Heard(1, 50), Heard(10, 50)], "", True, 6),
    ([Heard(36, 99)], "", True, 1),
])
def test_the_least_busy_channel(heard: list[Heard], country: str, five: bool, channel: int) -> None:
    assert choose(heard, country, five) == channel
