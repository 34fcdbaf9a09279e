"""Sound as an iterator of pieces, (n, sides) float32 each: of other lengths, at another rate. An hour takes no more room than a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from gigbox.rack import Floats

CONSTANT = 0.01      # of full scale, on average over the first piece: less is no fault of an input
TOLD_S = 0.2         # a shorter piece tells nothing of it
CORNER_HZ = 1.0      # below, what is taken off follows an offset that wanders


class Counted:
    """The same pieces; `frames`: how many have been asked for so far."""

    def __init__(self, pieces: Iterable[Floats]) -> None:
        self._pieces, self.frames = pieces, 0

    def __iter__(self) -> Iterator[Floats]:
        for piece in self._pieces:
            self.frames += len(piece)
            yield piece


def cut(pieces: Iterable[Floats], frames: int, least: int = 1) -> Iterator[Floats]:
    """The same sound in pieces of exactly `frames`; the last has what is left, and silence up to a multiple of `least`."""
    waiting, count = list[Floats](), 0
    for piece in pieces:
        waiting.append(piece)
        count += len(piece)
        if count >= frames:
            sound, whole = np.concatenate(waiting), count // frames * frames
            yield from (sound[at:at + frames] for at in range(0, whole, frames))
            waiting, count = [sound[whole:]], count - whole
    if count:
        yield np.pad(np.concatenate(waiting), ((0, -count % least), (0, 0)))


def resampled(pieces: Iterable[Floats], rate: int, wanted: int, quality: str = "VHQ") -> Iterator[Floats]:
    """The same sound at another rate (Hz); of soxr's `quality`. How it is cut makes no difference, not in a bit."""
    if rate == wanted:
        yield from pieces
        return
    stream, sides = None, 1
    for piece in pieces:
        sides = piece.shape[1]
        stream = stream or soxr.ResampleStream(rate, wanted, sides, dtype="float32", quality=quality)
        yield stream.resample_chunk(piece)
    if stream is not None:
        yield stream.resample_chunk(np.zeros((0, sides), np.float32), last=True)


def centred(pieces: Iterable[Floats], rate: int) -> Iterator[Floats]:
    """The same sound without a constant, as inputs of cards have none: of each side that has one in its first piece it is taken off from the first frame on,
    by a one-pole high-pass at CORNER_HZ that has settled. All others are left alone, in every bit."""
    share, constant, wrong = 2 * np.pi * CORNER_HZ / rate, np.zeros(0), np.zeros(0, bool)
    for piece in pieces:
        if len(piece) and not len(constant):
            constant = piece.mean(axis=0, dtype=float)
            wrong = (np.abs(constant) > CONSTANT) & (len(piece) >= TOLD_S * rate)
        if len(piece) and wrong.any():
            fallen = (1 - share) ** np.arange(1, len(piece) + 1)[:, None]
            low = fallen * (constant + share * np.cumsum(piece / fallen, axis=0))
            constant = low[-1]
            piece = np.asarray(np.where(wrong, piece - low, piece), np.float32)
        yield piece
