"""Harmonic tones for many tests, made by turning one phasor on: thirty sines for the price of one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Signal = npt.NDArray[np.float64]


def harmonics(turn: Signal, count: int, amplitude: Callable[[int], float], phase: Callable[[int], float] = lambda k: 0.0) -> Signal:
    """The sum of amplitude(k) sin(k turn + phase(k)) for k = 1 to `count`; `turn` (n,): the phase of the first, in radians."""
    first = np.exp(1j * turn)
    now, sound = first.copy(), np.zeros(len(turn))
    for k in range(1, count + 1):
        sound += (now * (amplitude(k) * np.exp(1j * phase(k)))).imag
        now *= first
    return sound
