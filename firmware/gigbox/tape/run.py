"""One recording, from start to stop: what the ear put on the reel goes to the disk in a thread of its own. A file that gets too long ends its take, and the
next one goes on with the very next frame; so it does in another place where a stick fails, or is pulled out."""

from __future__ import annotations

import contextlib
import errno
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from gigbox.files import as_text
from gigbox.recordings.folder import shown
from gigbox.takes.shelf import Place
from gigbox.takes.wave_head import RATE
from gigbox.tape.reel import SECONDS, Reel
from gigbox.tape.session import Session
from gigbox.tape.tap import Floats, Piece

PIECE_S = 0.25            # written at once
WAIT_S = 0.5
LOOK_S = 1.0              # between two looks how much room there is
RESERVE = 64 << 20        # bytes of the disk that are left free: the box itself lives there, too
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class State:
    """What is told of a recording. `left_s`: until the disk is full, as far as is known; `trouble`: why it is not where it began."""

    name: str = ""
    folder: str = ""
    stick: bool = False
    since: float = 0.0
    seconds: float = 0.0
    bytes: int = 0
    left_s: float = 0.0
    lost: int = 0
    gaps: int = 0
    tracks: int = 0
    trouble: str = ""


class Run:
    """`open_session` begins a take at a frame, in none of the places that failed already. `state` and `trouble` may be read by any thread; `done` once
    nothing is open any more."""

    def __init__(self, open_session: Callable[[int, Collection[Place]], Session], reserve: int = RESERVE, clock: Callable[[], float] = time.monotonic,
                 reel_s: float = SECONDS) -> None:
        self.reel = Reel(round(reel_s * RATE))
        self.state, self.trouble, self.done = State(), "", False
        self._open, self._reserve, self._clock = open_session, reserve, clock
        self._since, self._looked = time.time(), -LOOK_S
        self._lost = self._gaps = self._bytes = 0              # of takes that ended before this one
        self._failed: list[Place] = []
        self._moved = ""
        self._session: Session | None = None
        self._marks: list[tuple[int, str]] = []
        self._thread = threading.Thread(target=self._record, name="write", daemon=True)
        self._thread.start()

    def mark(self, frame: int, what: str) -> None:
        self._marks.append((frame, what))

    def join(self) -> None:
        self._thread.join()

    def _record(self) -> None:
        try:
            self._session = self._open(0, ())
            while self._write():
                pass
        except Exception as e:           # whatever it is: what was recorded is kept
            self.trouble = reason(e)
        finally:
            self._close()
            self.done = True

    def _write(self) -> bool:
        """Some of what is there; False at the end."""
        assert self._session is not None
        pieces = self.reel.take(round(PIECE_S * RATE), WAIT_S)
        for group in joined(pieces):
            try:
                self._put(*group)
            except OSError as e:
                self._move(e, group[0])
                self._put(*group)
        while self._marks:
            self._session.mark(*self._marks.pop(0))
        try:
            if self._session.fault:
                raise self._session.fault
            self._look()
        except OSError as e:
            self._move(e, self._session.first + self._session.frames)
        return bool(pieces) or not self.reel.ended

    def _put(self, first: int, sound: Floats, lost: int) -> None:
        assert self._session is not None
        if self._session.room < len(sound) + lost:         # silence that no file could hold, of an engine that was away for hours, is in none
            self._go_on(first - lost if len(sound) + lost <= self._session.tracks.longest else first)
        self._session.write(first, sound, lost)

    def _look(self) -> None:
        """Tells what there is, and ends before the disk is full."""
        if (now := self._clock()) - self._looked < LOOK_S and not self.reel.ended:
            return
        self._looked, s = now, self._session
        assert s is not None
        owed = self.reel.frames * s.tracks.bytes_a_frame
        left = max(s.place.free() - self._reserve - owed, 0) / (s.tracks.bytes_a_frame * RATE)
        self.state = State(as_text(s.folder.name), as_text(s.folder), s.place.stick, self._since, (s.first + s.frames) / RATE,
                           self._bytes + s.tracks.bytes, left, self._lost + s.lost, self._gaps + s.gaps, len(s.tracks.channels) - 1, self._moved)
        if left <= 0:
            raise OSError(errno.ENOSPC, "", str(s.place.folder))

    def _go_on(self, first: int) -> None:
        """In another take."""
        assert self._session is not None
        self._count()
        self._session.close()
        self._session = self._open(first, self._failed)

    def _move(self, fault: OSError, first: int) -> None:
        """Somewhere else, from that frame on. OSError where there is nowhere, or the disk is full: that is no accident. What is on the stick is mended when
        it is back."""
        assert self._session is not None
        failed = self._session.place
        if fault.errno in FULL or not failed.stick:
            raise fault
        self._failed.append(failed)
        try:
            other = self._open(first, self._failed)
        except OSError:
            raise fault from None
        self._count()
        left, self._session, self._looked = self._session, other, -LOOK_S
        with contextlib.suppress(RuntimeError):          # a machine that refuses threads: it goes with this process
            threading.Thread(target=_let_go, args=(left,), name="let go", daemon=True).start()      # a stick that hangs may take minutes over it
        self._moved = f"{shown(as_text(failed.folder))}: {fault.strerror or fault}, the recording goes on in {shown(as_text(other.place.folder))}"

    def _count(self) -> None:
        """Of a take that ends before the recording does."""
        assert self._session is not None
        self._lost, self._gaps, self._bytes = self._lost + self._session.lost, self._gaps + self._session.gaps, self._bytes + self._session.tracks.bytes

    def _close(self) -> None:
        try:
            if self._session is not None:
                self._session.close()
        except Exception as e:
            self.trouble = self.trouble or reason(e)


def _let_go(session: Session) -> None:
    with contextlib.suppress(Exception):          # it is mended when its stick is back
        session.close()


def joined(pieces: Sequence[Piece]) -> list[tuple[int, Floats, int]]:
    """What follows each other as one: first frame, sound, and how much before it is lost."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        if piece.lost or not groups:
            groups.append([])
        groups[-1].append(piece)
    return [(group[0].first, np.concatenate([piece.sound for piece in group]), group[0].lost) for group in groups]


def reason(e: Exception) -> str:
    """Why a recording ended by itself, in one line."""
    if not isinstance(e, OSError):
        return f"{' '.join(str(e).split()) or type(e).__name__}, the recording has ended"
    where = f"{shown(as_text(e.filename))}: " if e.filename else ""
    return f"{where}the disk is full, the recording has ended" if e.errno in FULL else f"{where}{e.strerror or e}, the recording has ended"

