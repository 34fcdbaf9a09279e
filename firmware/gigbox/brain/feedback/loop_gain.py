"""From what an output played and what came back by the microphones: where a loop would ring first."""

from __future__ import annotations

import numpy as np

from gigbox.rack import RATE, Floats

MOST, LOW_HZ, HIGH_HZ = 6, 100.0, 10000.0      # notches; between
SMOOTH_HZ, APART = 8.0, 1.12                    # a peak is at least so broad; a sixth of an octave lies between two


def response(played: Floats, heard: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Hz and the complex response heard / played, both (n,) at 48 kHz; what was not played counts as none."""
    size = 1 << (len(played) + RATE - 1).bit_length()
    out, back = np.fft.rfft(played, size), np.fft.rfft(heard, size)
    floor = 1e-4 * float(np.max(np.abs(out))) ** 2
    return np.fft.rfftfreq(size, 1 / RATE), back * np.conj(out) / (np.abs(out) ** 2 + floor)


def peaks(played: Floats, heard: Floats) -> tuple[list[tuple[float, float, float]], float]:
    """Notches (Hz, depth in dB, Q) for the highest peaks, and dB that the loop could be turned up before it howls at the highest.

    A loop comes round in phase every 1 / delay Hz, so that near each peak of a room there is such a place: the height decides.
    """
    hz, gain = response(played, heard)
    within = (hz > LOW_HZ) & (hz < HIGH_HZ)
    width = max(1, round(SMOOTH_HZ / hz[1]))
    db = 10 * np.log10(np.convolve(np.abs(gain) ** 2, np.ones(width) / width, "same") + 1e-12)
    level = float(np.median(db[within]))
    found: list[tuple[float, float, float]] = []
    for k in np.argsort(np.where(within, db, -np.inf))[::-1]:
        if len(found) == MOST or db[k] < level + 6:
            break
        if all(max(hz[k] / other, other / hz[k]) > APART for other, _, _ in found):
            found.append((float(hz[k]), float(min(max(db[k] - level - 6, 3), 12)), 14.5))
    return found, float(-db[within].max())
