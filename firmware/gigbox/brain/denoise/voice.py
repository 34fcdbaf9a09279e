"""The voice of a stereo source, out or alone: a mask of the door for linked strips. A model says which share of each fine band is a voice, or, where there is
none, the middle of the record does. Delay: none but the look-ahead of the filter; the windows look back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from gigbox import params
from gigbox.brain.denoise.centre import Centre
from gigbox.brain.denoise.splitter import Splitter
from gigbox.brain.hear.leak_paths import LOUDEST
from gigbox.errors import GigboxError
from gigbox.rack import CHANNELS, FINE_BANDS, Floats, Rack

AMOUNT, LINK = params.FIRST["strip/*/voice"], params.FIRST["strip/*/link"]
DEEPEST_DB = 24.0                                # at 100 %, as the core has it


class Splits(Protocol):
    """Who tells a voice from all else. `pace`: hops from one answer to the next; `frames`: how many of the newest it hears."""

    pace: int
    frames: int

    def forget(self, pair: int) -> None:
        """This pair begins anew."""

    def share(self, pair: int, sides: Floats) -> Floats | None:
        """(frames, 2) of a pair that was begun to the voice's share of each fine band, 0..1; None: it cannot be told."""


def splits(path: Path | None = None, say: Callable[[str], None] = lambda line: None) -> Splits:
    """The model, another than the released one if `path` names it; where it cannot run, the middle."""
    try:
        return Splitter(path)
    except GigboxError as e:
        say(f"{e}; the middle of a record is taken for its voice")
        return Centre()


class Voice:
    """Gains for every pair of linked strips that wants it."""

    def __init__(self, by: Splits | None = None) -> None:
        self._by = by or splits()
        self._gains = np.ones((FINE_BANDS, CHANNELS), np.float32)
        self._pairs: list[int] = []

    def gains(self, rack: Rack, values: Floats, newest: Any, began_anew: bool) -> Floats | None:
        """None where no pair wants it."""
        amounts, links = values[AMOUNT:AMOUNT + rack.channels - 1], values[LINK:LINK + rack.channels - 1]
        wanted = np.flatnonzero((amounts != 0) & (links > 0.5)).tolist()
        if wanted != self._pairs or began_anew:
            for pair in set(wanted) - set(() if began_anew else self._pairs):
                self._by.forget(pair)
            self._pairs = wanted
            self._gains[:] = 1
        hop = int(newest.hop)
        due = [pair for n, pair in enumerate(wanted) if (hop + n) % self._by.pace == 0]
        if due and (frames := rack.newest(self._by.frames)) is not None:
            for pair in due:
                sides = np.clip(np.nan_to_num(frames[:, pair:pair + 2]), -LOUDEST, LOUDEST)
                self._gains[:, pair:pair + 2] = self._kept(self._by.share(pair, sides), float(amounts[pair]) / 100)[:, None]
        return self._gains if wanted else None

    def _kept(self, share: Floats | None, amount: float) -> Floats:
        """(FINE_BANDS,): of the record, where `share` of it is a voice. No voice is what is left of only voice."""
        if share is None:
            return np.ones(FINE_BANDS, np.float32)
        kept = 1 + amount * share if amount < 0 else 1 - amount * (1 - share)
        return np.maximum(kept, np.float32(10 ** (-DEEPEST_DB * abs(amount) / 20)))
