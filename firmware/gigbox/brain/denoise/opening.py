"""A model that begins opens first: of a strip that it never heard, or that comes out of digital silence, it cannot know yet what is noise.

What it would take then is as likely a held note, or the first word of an evening; a moment of noise harms nobody. And digital silence is not the noise
of a strip: it says nothing of what comes, so a strip begins anew behind it, and no minimum remembers it.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Indices
from gigbox.rack import BANDS, CHANNELS, HOP, RATE, Floats

SILENT_DB = -100.0          # no band is louder: no microphone is so quiet
SILENT_HOPS = 4             # so long
BEGIN_S, END_S = 0.06, 0.25 # after sound began nothing is taken for so long, and from here on all that the model says
UNHEARD_DB = 200.0


class Opening:
    """Of every strip how long it has sounded, and the least that was heard since."""

    def __init__(self, channels: int = CHANNELS) -> None:
        self._sounds, self._silent = np.zeros(channels, int), np.zeros(channels, int)
        self._least = np.full((BANDS, channels), UNHEARD_DB, np.float32)

    def forget(self, strips: Indices) -> None:
        """These strips begin anew."""
        self._sounds[strips] = self._silent[strips] = 0
        self._least[:, strips] = UNHEARD_DB

    def hear(self, loudest: Floats, smooth: Floats, strips: Indices) -> Indices:
        """One hop: (n,) dB of the loudest band and (BANDS, n) dB of all of these n strips; returns those of them that are digitally silent."""
        silent = loudest < SILENT_DB
        self._silent[strips] = np.where(silent, self._silent[strips] + 1, 0)
        self._sounds[strips] += ~silent
        self._least[:, strips] = np.minimum(self._least[:, strips], smooth)
        quiet = strips[self._silent[strips] >= SILENT_HOPS]
        self._sounds[quiet] = 0
        self._least[:, quiet] = UNHEARD_DB
        return quiet

    def minimum(self, minimum: Floats, smooth: Floats, strips: Indices) -> Floats:
        """(BANDS, n) dB: the tracked minimum of these strips without the silence that was before."""
        return np.where(minimum < SILENT_DB, np.minimum(self._least[:, strips], smooth), minimum)

    def share(self, strips: Indices) -> Floats:
        """(n,), 0..1: how much of what the model takes of these strips, in dB, may be taken."""
        seconds = self._sounds[strips] * np.float32(HOP / RATE)
        return np.asarray(np.clip((seconds - BEGIN_S) / (END_S - BEGIN_S), 0, 1), np.float32)
