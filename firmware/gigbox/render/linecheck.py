"""A line check of recordings: the very same ears as in the box, on an engine without a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gigbox.brain.linecheck.report import SECONDS, LineCheck, Recogniser, Report
from gigbox.engine.core import Engine
from gigbox.engine.player import Player
from gigbox.engine.song import Song
from gigbox.errors import GigboxError
from gigbox.rack import METER_FRAMES, RATE, Floats


def check(song: Song, seconds: float = SECONDS, at: float = 0.0, recogniser: Recogniser | None = None,
          role_of: Callable[[str], str] = lambda name: "", progress: Callable[[float], None] = lambda seconds: None) -> Report:
    """What `seconds` of the song from `at` on tell of its channels; it is looped to fill them. The same input gives the same report.

    GigboxError where the song has no such place. `progress` is told how many seconds were heard.
    """
    if not 0 <= at < song.seconds:
        raise GigboxError(f"--at: {at:g} s is not in the song, expected 0 to {song.seconds:.1f}")
    line_check = LineCheck([t.role for t in song.tracks], [t.name for t in song.tracks], seconds, recogniser, role_of)
    with Player(song) as player, Engine(player.channels) as engine:
        for piece in _tenths(player, round(at * RATE), round(seconds * RATE)):
            engine.process(piece)
            line_check.hear(engine.rack)
            progress(min(line_check.progress * seconds, seconds))
            if line_check.done:
                break
    return line_check.report()


def _tenths(player: Player, skip: int, frames: int) -> Iterator[Floats]:
    """Pieces of exactly 100 ms, `skip` frames later than the top; silence where the last one is not whole."""
    rest = np.zeros((0, player.channels), np.float32)
    for piece in player.pieces(skip + frames):
        kept, skip = piece[skip:], max(skip - len(piece), 0)
        rest = np.concatenate([rest, kept])
        while len(rest) >= METER_FRAMES:
            yield rest[:METER_FRAMES]
            rest = rest[METER_FRAMES:]
    if len(rest):
        yield np.concatenate([rest, np.zeros((METER_FRAMES - len(rest), player.channels), np.float32)])
