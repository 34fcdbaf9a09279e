"""Begins and ends recordings as they are wanted, and feeds them from the tap. `listen` is called ten times a second by a thread that does nothing else."""

from __future__ import annotations

from collections.abc import Callable

from gigbox.tape.run import Run, State
from gigbox.tape.tap import Tap

EVERY_S = 0.1             # the rack holds fourteen times as much


class Recorder:
    """`start` makes a run for so many strips. `wanted` is set by whoever knows; `trouble` says why it went off by itself, once."""

    def __init__(self, tap: Tap, start: Callable[[int], Run]) -> None:
        self._tap, self._start = tap, start
        self.wanted = False
        self.trouble = ""
        self.run: Run | None = None
        self._last = State()                            # of the run before
        self._frame = 0                                 # of the run: the newest that was read

    def listen(self) -> None:
        if self.run is None:
            if self.wanted and self._tap.begin():
                self.run, self._frame = self._start(self._tap.strips), 0
        elif self.run.done:
            self.trouble, self._last = self.run.trouble, self.run.state
            self.wanted = self.wanted and not self.trouble
            self.run = None
        elif not self.wanted or self._tap.changed or self.run.trouble:
            self.run.reel.end()
        else:
            self._read(self.run)

    @property
    def state(self) -> State:
        """Of what is being recorded, or was last."""
        run = self.run
        return run.state if run is not None else self._last

    @property
    def strips(self) -> int:
        """Of the box, as far as is known."""
        return self._tap.strips or 8

    def mark(self, what: str) -> None:
        """Something begins now."""
        if self.run is not None:
            self.run.mark(self._frame, what)

    def close(self) -> None:
        """All that was read is written."""
        self.wanted = False
        if self.run is not None:
            self.run.reel.end()
            self.run.join()

    def _read(self, run: Run) -> None:
        while not run.reel.full and not run.reel.ended and (piece := self._tap.read()):
            self._frame = piece.first + len(piece.sound)
            run.reel.put(piece)
