"""Bass in the middle: below the corner nothing of main sits on one side, above it and in the middle nothing changes."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.engine.core import Engine
from gigbox.rack import RATE

ASIDE = {"strip/1/pan": -0.6, "box/denoise": 0, "box/lookahead": 0}


def main_out(hz: float, **values: float) -> np.ndarray:
    """(frames, 2): a tone on the left, half a second after it began."""
    tone = (0.1 * np.sin(2 * np.pi * hz * np.arange(RATE) / RATE)).astype(np.float32)[:, None]
    with Engine(1, ASIDE | {path.replace("__", "/"): value for path, value in values.items()}) as engine:
        return np.array(engine.process(tone)[0][RATE // 2:, :2], float)


def side_db(out: np.ndarray) -> float:
    return float(10 * np.log10(np.mean((out[:, 0] - out[:, 1]) ** 2)))


@pytest.mark.parametrize(("hz", "change"), [(30, -24.1), (60, -12.3), (120, -3.0), (480, 0.0), (5000, 0.0)])
def test_the_side_is_high_passed_at_the_corner(hz: float, change: float) -> None:
    """Second-order Butterworth: -3 dB at the corner, 12 dB an octave below."""
    assert side_db(main_out(hz, main__mono__on=1)) - side_db(main_out(hz)) == pytest.approx(change, abs=0.3)


@pytest.mark.parametrize("hz", [40, 1000])
def test_what_is_in_the_middle_stays_as_it_is(hz: float) -> None:
    np.testing.assert_allclose(main_out(hz, main__mono__on=1, strip__1__pan=0), main_out(hz, strip__1__pan=0), atol=1e-6)


def test_the_sum_of_both_sides_never_changes() -> None:
    np.testing.assert_allclose(main_out(50, main__mono__on=1).sum(axis=1), main_out(50).sum(axis=1), atol=1e-6)


def test_switched_off_it_changes_not_one_bit() -> None:
    np.testing.assert_array_equal(main_out(50, main__mono__frequency=200), main_out(50))
