"""A line check of recordings: the very same ears as in the box, on an engine without a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gigbox.brain.linecheck.report import SECONDS, LineCheck, Recogniser, Report
from gigbox.brain.who.names import role_of as role_of_name
from gigbox.engine.core import Engine
from gigbox.engine.pieces import cut
from gigbox.engine.player import Player
from gigbox.engine.song import Song, Track
from gigbox.errors import GigboxError
from gigbox.rack import METER_FRAMES, RATE, Floats


def check(song: Song, seconds: float = SECONDS, at: float = 0.0, recogniser: Recogniser | None = None,
          role_of: Callable[[str], str] = lambda name: "", progress: Callable[[float], None] = lambda seconds: None) -> Report:
    """What `seconds` of the song from `at` on tell of its channels; it is looped to fill them. The same input gives the same report.

    GigboxError where the song has no such place. `progress` is told how many seconds were heard.
    """
    if not 0 <= at < song.seconds:
        raise GigboxError(f"--at: {at:g} s is not in the song, expected 0 to {song.seconds:.1f}")
    line_check = LineCheck([_role(t) for t in song.tracks], [t.name for t in song.tracks], seconds, recogniser, role_of)
    skip = round(at * RATE)
    with Player(song) as player, Engine(player.channels) as engine:
        for piece in cut(_after(player.pieces(skip + round(seconds * RATE)), skip), METER_FRAMES, METER_FRAMES):
            engine.process(piece)
            line_check.hear(engine.rack)
            progress(min(line_check.progress * seconds, seconds))
            if line_check.done:
                break
    return line_check.report()


def _role(track: Track) -> str:
    """What a person said of it, or what it is called."""
    guess = None if track.said else role_of_name(track.name)
    return guess.role if guess and guess.sure else track.role


def _after(pieces: Iterable[Floats], skip: int) -> Iterator[Floats]:
    """What comes `skip` frames later than the top."""
    for piece in pieces:
        yield piece[skip:]
        skip = max(skip - len(piece), 0)
