"""A model that begins opens first: of a strip that it never heard, or that comes out of digital silence, it cannot know yet what is noise.

What it would take then is as likely a held note, or the first word of an evening; a moment of noise harms nobody.
"""

from __future__ import annotations

import numpy as np

from gigbox.brain.arrays import Indices
from gigbox.rack import CHANNELS, HOP, RATE, Floats

SILENT_DB = -100.0          # no band is louder: no microphone is so quiet
SILENT_HOPS = 4             # so long
BEGIN_S, END_S = 0.06, 0.25 # after sound began nothing is taken for so long, and from here on all that the model says


class Opening:
    """Of every strip how long it has sounded."""

    def __init__(self, channels: int = CHANNELS) -> None:
        self._sounds, self._silent = np.zeros(channels, int), np.zeros(channels, int)

    def forget(self, strips: Indices) -> None:
        """These strips begin anew."""
        self._sounds[strips] = self._silent[strips] = 0

    def share(self, loudest: Floats, strips: Indices) -> Floats:
        """One hop. loudest: (n,) dB of the loudest band of these n strips; returns (n,), 0..1: how much of what the model takes, in dB, may be taken."""
        silent = loudest < SILENT_DB
        self._silent[strips] = np.where(silent, self._silent[strips] + 1, 0)
        self._sounds[strips] = np.where(self._silent[strips] >= SILENT_HOPS, 0, self._sounds[strips] + ~silent)
        seconds = self._sounds[strips] * np.float32(HOP / RATE)
        return np.asarray(np.clip((seconds - BEGIN_S) / (END_S - BEGIN_S), 0, 1), np.float32)
