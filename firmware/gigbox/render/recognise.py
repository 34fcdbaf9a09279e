"""Recordings through the real engine, heard by the recogniser as the box hears its channels: what is each of them?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gigbox.brain.who.recogniser import Recogniser, Verdict
from gigbox.engine.core import Engine
from gigbox.engine.pieces import Counted, centred, cut, resampled
from gigbox.errors import SongError
from gigbox.files import as_text
from gigbox.rack import HOP, QUANTUM, RATE, Floats
from gigbox.recordings.folder import recordings, shown
from gigbox.recordings.recording import Recording, Tell, check
from gigbox.render.hops import play
from gigbox.streams import say

PIECE = 64 * HOP
Watched = Callable[[Iterable[Floats]], Iterable[Floats]]
SHORTEST_S = 1.2      # silence is added to less, so that there is a look


@dataclass(frozen=True)
class Recognised:
    """What a recording was taken for, at its end."""

    path: Path
    verdict: Verdict

    def line(self) -> str:
        """For a person."""
        v = self.verdict
        best = ", ".join(f"{name} {100 * share:.0f} %" for name, share in v.top) or "nothing was heard"
        return f"{shown(self.path)}: {v.name or 'unsure'} ({100 * v.confidence:.0f} %), after {v.seconds:.1f} s of playing; {best}"

    def row(self) -> dict[str, object]:
        """For a program: numbers 0..1."""
        v = self.verdict
        return {"path": as_text(self.path), "class": v.name or "unsure", "confidence": round(v.confidence, 4), "seconds": round(v.seconds, 2),
                "top": [{"class": name, "confidence": round(share, 4)} for name, share in v.top]}


def recognise(source: Path, model: Path | None = None, tell: Tell = say) -> Iterator[Recognised]:
    """Each recording of `source`, a file or a folder (all below it), in order. Two channels are heard as their mean."""
    if source.is_dir():
        files, notes = recordings(source, deep=True)
    elif not source.exists():
        raise SongError(f"{source}: no such file or folder, expected a recording or a folder of them")
    else:
        files, notes = [source], ()
    for note in notes + tuple(note for file in files for note in check(file)[2]):
        tell(note)
    for file in files:
        yield Recognised(file, heard(file, model, tell))


def hear(pieces: Iterable[Floats], model: Path | None = None) -> Verdict:
    """(n, 1) float32 at 48 kHz, in pieces, through one strip at its defaults; the verdict at its end."""
    recogniser, came = Recogniser(model), Counted(pieces)

    def filled() -> Iterator[Floats]:
        yield from centred(cut(came, PIECE), RATE)
        yield np.zeros((max(round(SHORTEST_S * RATE) - came.frames, 0), 1), np.float32)

    with Engine(1) as engine:
        for piece in cut(filled(), PIECE, QUANTUM):
            play(engine, piece, recogniser.hear)
    return recogniser.verdicts()[0]


def heard(file: Path, model: Path | None = None, tell: Tell = say, watched: Watched = iter) -> Verdict:
    """What one recording is taken for. Its pieces pass through `watched`, which may end it by an error."""
    with Recording(file, tell) as source:
        mono = (piece.mean(axis=1, keepdims=True) for piece in watched(source.blocks(PIECE)))
        return hear(resampled(mono, source.rate, RATE, "HQ"), model)
