"""What a singer's priority takes off those who give way, as it is heard: a bell around the voice and a little level (native/src/duck.h)."""

from __future__ import annotations

import numpy as np

from gigbox import params
from gigbox.brain.arrays import Array
from gigbox.brain.hear.bands import HZ, LOUD
from gigbox.brain.roles.sources import Source

FREQUENCY, Q = (params.find(f"box/duck/{name}").default for name in ("frequency", "q"))
APART = np.square(Q * (HZ / FREQUENCY - FREQUENCY / HZ))


def given(source: Source, spectrum: Array) -> float:
    """dB of loudness that it gives to a voice; `spectrum`: (BANDS,) powers."""
    bell, level = source.role.gives_way if source.role else (0.0, 0.0)
    whole = float(spectrum @ LOUD)
    if not bell or whole <= 0:
        return level
    least = 10 ** (-bell / 10)
    left = float(spectrum @ (LOUD * (least + APART) / (1 + APART)))
    return float(level - 10 * np.log10(left / whole))
