"""What was read and is not yet written: so many seconds of sound may a slow card owe. Who reads puts, who writes takes; neither holds the other up."""

from __future__ import annotations

import threading
from collections import deque

from gigbox.tape.tap import Piece

SECONDS = 12.0


class Reel:
    """`most`: frames that it holds. A full one takes nothing: what then comes stays in the rack until it is written over, and is counted there."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: deque[Piece] = deque()
        self._come = threading.Condition()
        self.frames = 0
        self.ended = False

    @property
    def full(self) -> bool:
        return self.frames >= self._most

    def put(self, piece: Piece) -> None:
        with self._come:
            self._pieces.append(piece)
            self.frames += len(piece.sound)
            self._come.notify()

    def end(self) -> None:
        """Nothing comes any more."""
        with self._come:
            self.ended = True
            self._come.notify()

    def take(self, frames: int, longest_s: float) -> list[Piece]:
        """All that is there, once that is so many frames, or the end, or `longest_s` have passed; at most twice as many."""
        with self._come:
            self._come.wait_for(lambda: self.ended or self.frames >= frames, longest_s)
            taken: list[Piece] = []
            while self._pieces and sum(len(piece.sound) for piece in taken) < 2 * frames:
                taken.append(self._pieces.popleft())
            self.frames -= sum(len(piece.sound) for piece in taken)
            return taken
