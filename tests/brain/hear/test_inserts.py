"""What inserts take, over the same time as what comes in; and sooner once they were turned."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.brain.hear.inserts import Inserts

PLAYING = np.array([True])


def taken(inserts: Inserts, came: float, db: float, seconds: float, whole: bool = True) -> float:
    """After so long of a source that comes in at `came` and of which `db` are taken."""
    found = np.zeros(1)
    for _ in range(round(seconds * 10)):
        found = inserts.hear(np.array([came]), np.array([came - db]), PLAYING, whole)
    return float(found[0])


def test_a_soft_passage_of_which_less_is_taken_hides_nothing_of_a_loud_one() -> None:
    """A compressor takes 6 dB of a loud chorus and nothing of a verse 10 dB down: what ten seconds of both lose is nearly what the chorus does."""
    inserts = Inserts(1)
    taken(inserts, -20.0, 6.0, 5)
    assert taken(inserts, -30.0, 0.0, 5) == pytest.approx(10 * np.log10((1 + 0.1) / (10 ** -0.6 + 0.1)), abs=0.2)


def test_what_was_turned_is_known_within_seconds() -> None:
    slow, soon = Inserts(1), Inserts(1)
    for inserts in (slow, soon):
        taken(inserts, -20.0, 0.0, 20)
    soon.turned(0)
    assert taken(soon, -20.0, 8.0, 4) > taken(slow, -20.0, 8.0, 4) + 1.0


def test_what_was_never_heard_at_the_whole_depth_is_taken_as_it_is_and_learnt_within_seconds_then() -> None:
    inserts = Inserts(1)
    assert taken(inserts, -20.0, 3.0, 60, whole=False) == pytest.approx(3.0)
    assert taken(inserts, -20.0, 8.0, 8) > 5.5
    for db in (0.0, 4.0):
        known = taken(inserts, -20.0, 8.0, 60)
        assert taken(inserts, -20.0, db, 60, whole=False) == known
