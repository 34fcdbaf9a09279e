"""Plays a song's files as frames of the box: decoded piece by piece, resampled to 48 kHz, padded to equal length, looped."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import numpy as np

from gigbox.engine.pieces import centred, resampled
from gigbox.engine.song import Song
from gigbox.rack import RATE, Floats
from gigbox.recordings.recording import Recording

PIECE = RATE      # frames decoded at a time: one second


class Reel:
    """A recording as a stream of 48 kHz frames (n, sides) float32; silence behind its end."""

    def __init__(self, file: Path) -> None:
        self._recording = Recording(file)
        self.sides = self._recording.channels
        self._ready: Floats = np.zeros((0, self.sides), np.float32)
        self._pieces = self._from_the_top()

    @property
    def frames(self) -> int:
        """Frames at 48 kHz."""
        return -(-self._recording.frames * RATE // self._recording.rate)

    def read(self, frames: int) -> Floats:
        """The next frames; silence when the recording is over."""
        while len(self._ready) < frames and (piece := next(self._pieces, None)) is not None:
            self._ready = np.concatenate([self._ready, piece]) if len(self._ready) else piece
        piece, self._ready = self._ready[:frames], self._ready[frames:]
        if len(piece) == frames:
            return piece
        return np.concatenate([piece, np.zeros((frames - len(piece), self.sides), np.float32)])

    def rewind(self) -> None:
        self._recording.rewind()
        self._ready, self._pieces = self._ready[:0], self._from_the_top()

    def close(self) -> None:
        self._recording.close()

    def _from_the_top(self) -> Iterator[Floats]:
        return centred(resampled(self._recording.blocks(self._recording.rate), self._recording.rate, RATE), RATE)


class Player:
    """All channels of a song together. Decodes one piece ahead, each file in its own task; a context manager."""

    def __init__(self, song: Song, *, workers: int = 2) -> None:
        files = list(dict.fromkeys(track.file for track in song.tracks))
        self._pool = ThreadPoolExecutor(workers, "decode")
        self._reels = list(self._pool.map(Reel, files))
        where = {file: i for i, file in enumerate(files)}
        self._sources = [(where[track.file], track.side) for track in song.tracks]
        self.frames = max(reel.frames for reel in self._reels)
        self.channels = len(song.tracks)

    def pieces(self, total: int | None) -> Iterator[Floats]:
        """(n, channels) float32 pieces of up to a second: `total` frames in all (None: for ever), from the top again when over."""
        if self.frames < PIECE:
            yield from self._again_and_again(total)
            return
        plan = self._plan(total)
        ahead = self._decode(next(plan, (0, False)))
        for step in plan:
            piece = self._join(ahead)
            ahead = self._decode(step)
            yield piece
        yield self._join(ahead)

    def _again_and_again(self, total: int | None) -> Iterator[Floats]:
        """A song of less than a piece is decoded once: from the top for each of its frames nobody could play it in real time."""
        loop = np.tile(self._join(self._decode((self.frames, True))), (-(-PIECE // self.frames), 1))
        left = total
        while left is None or left > 0:
            yield (piece := loop[:left])
            left = None if left is None else left - len(piece)

    def _plan(self, total: int | None) -> Iterator[tuple[int, bool]]:
        """How many frames to decode next, and whether to begin again first."""
        done = at = 0
        while total is None or done < total:
            again = at >= self.frames
            at = 0 if again else at
            frames = min(PIECE, self.frames - at, PIECE if total is None else total - done)
            done, at = done + frames, at + frames
            yield frames, again

    def _decode(self, step: tuple[int, bool]) -> list[Future[Floats]]:
        frames, again = step

        def read(reel: Reel) -> Floats:
            if again:
                reel.rewind()
            return reel.read(frames)

        return [self._pool.submit(read, reel) for reel in self._reels]

    def _join(self, ahead: list[Future[Floats]]) -> Floats:
        pieces = [future.result() for future in ahead]
        out = np.empty((len(pieces[0]), self.channels), np.float32)
        for n, (file, side) in enumerate(self._sources):
            out[:, n] = pieces[file][:, side]
        return out

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        for reel in self._reels:
            reel.close()

    def __enter__(self) -> Player:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
