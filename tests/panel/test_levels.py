"""What the panel reads off the rack, whatever is in there."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.panel.sight.levels import FLOOR_DB, decibels


def test_what_is_no_number_or_no_sound_reads_silence_and_nothing_is_louder_than_it_can_be() -> None:
    assert decibels(np.array([np.nan, 0.0, -1.0, 1e-30], np.float32)) == (FLOOR_DB,) * 4
    assert decibels(np.array([1.0, 0.5, np.inf], np.float32)) == pytest.approx((0.0, -6.02, 20.0), abs=0.01)
