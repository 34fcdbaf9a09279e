"""An input that clips again and again is told of by its strip; once is an accident."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.health.clipping import OFTEN, SPAN_S, Clipping
from gigbox.rack import CHANNELS, FULL_SCALE, RATE, TAP_FRAMES, Rack


@pytest.fixture
def rack() -> Rack:
    return Rack(None, 4)


def play(rack: Rack, clipping: Clipping, now: float, **tops: float) -> list[int]:
    """A second in which each `strip_N` reaches so high once, somewhere."""
    begin, tap = rack.frames, rack.view("tap_in")
    tap[(begin + np.arange(RATE)) % TAP_FRAMES] = 0.1
    for strip, top in tops.items():
        tap[(begin + RATE // 3) % TAP_FRAMES, int(strip.removeprefix("strip_")) - 1] = top
    rack.c.frames += RATE
    return clipping.look(rack, now)


def test_who_reaches_full_scale_again_and_again_is_told_until_a_minute_is_over(rack: Rack) -> None:
    clipping = Clipping()
    told = [play(rack, clipping, float(second), strip_2=-FULL_SCALE, strip_3=0.9) for second in range(OFTEN + 2)]
    assert told == [[]] * OFTEN + [[2], [2]]              # the first look begins with now
    assert play(rack, clipping, SPAN_S) == [2]
    assert play(rack, clipping, OFTEN + 2 + SPAN_S) == []


def test_once_is_an_accident_and_a_bad_sample_is_none(rack: Rack) -> None:
    clipping = Clipping()
    for second in range(10):
        assert play(rack, clipping, float(second), strip_1=1.0 if second == 5 else 0.2, strip_4=np.nan) == []


def test_what_the_box_has_no_input_for_is_not_looked_at(rack: Rack) -> None:
    clipping = Clipping()
    assert [play(rack, clipping, float(second), **{f"strip_{CHANNELS}": 1.0}) for second in range(5)] == [[]] * 5


def test_an_engine_that_begins_anew_is_looked_at_from_where_it_is(rack: Rack) -> None:
    clipping = Clipping()
    for second in range(3):
        play(rack, clipping, float(second))
    rack.view("tap_in")[:] = 1.0                          # of the engine before: nobody plays this
    rack.c.frames = 0
    assert clipping.look(rack, 4.0) == []
    assert [play(rack, clipping, 5.0 + second) for second in range(4)] == [[]] * 4
