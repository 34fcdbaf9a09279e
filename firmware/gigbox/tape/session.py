"""One take while it grows: its folder and lock, its files, its song.toml. A thread of its own keeps it safe from power cuts, since a sync may take long."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from gigbox.files import sync_to_disk
from gigbox.takes.shelf import Place
from gigbox.takes.take import GROWS, MIX, SONG, Track, as_name, write_song
from gigbox.takes.wave_head import RATE
from gigbox.tape.tap import Floats
from gigbox.tape.tracks import Tracks

SYNC_S = 0.5
DAY = "%Y-%m-%d %H.%M.%S"


class Session:
    """`cast`: who is on which strip, asked again when it ends: the box may have found out meanwhile. `first`: the run's frame that it begins with."""

    def __init__(self, place: Place, song: str, cast: Callable[[], Sequence[Track]], first: int = 0, wall: Callable[[], float] = time.time) -> None:
        """OSError where the disk says no."""
        self.place, self.first, self._cast, self._began = place, first, cast, wall()
        self.lost = self.gaps = 0
        self.marks: list[tuple[float, str]] = []
        self.fault: Exception | None = None         # of the syncs beside
        self._told: tuple[object, ...] = ()
        self.folder = _free(place, time.strftime(DAY, time.localtime(self._began)), song)
        self._lock = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._names = [track.file for track in cast()]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_safe, name="sync", daemon=True)
        try:
            self._begin()
        except BaseException:
            os.close(self._lock)         # what is half begun is cleared away with what is broken off
            raise

    def _begin(self) -> None:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        (self.folder / GROWS).touch()
        self._write_song()
        self.tracks = Tracks(self.folder, self._names)
        try:
            sync_to_disk(self.folder.parent)
            self._thread.start()
        except BaseException:
            self.tracks.shut()
            raise

    @property
    def frames(self) -> int:
        return self.tracks.frames

    @property
    def room(self) -> int:
        """Frames until its longest file is as long as a file may be."""
        return self.tracks.longest - self.frames

    def write(self, frame: int, sound: Floats, lost: int) -> None:
        """From the run's frame on, behind so many that nobody has."""
        self.tracks.write(frame - self.first, sound)
        self.lost += lost
        self.gaps += lost > 0

    def mark(self, frame: int, what: str) -> None:
        self.marks = [*self.marks, (max(frame - self.first, 0) / RATE, what)]

    def close(self) -> None:
        """Whole, and safe. OSError where the disk says no: it is repaired later, then."""
        self._ended.set()
        self._thread.join()
        try:
            self.tracks.close()
            if self.frames:
                self._write_song()
                (self.folder / GROWS).unlink()
            else:
                self._leave_nothing()
            sync_to_disk(self.folder.parent)
        finally:
            os.close(self._lock)

    def _keep_safe(self) -> None:
        while not self._ended.wait(SYNC_S):
            try:
                self.tracks.sync()
                if (self.marks, self.lost) != self._told:
                    self._write_song()
                self.fault = None
            except Exception as e:       # whatever it is: nobody goes on recording what is not kept safe
                self.fault = e
                return

    def _write_song(self) -> None:
        """With the files as they are called here, whatever the strips are called by now."""
        self._told = (self.marks, self.lost)
        cast = self._cast()
        tracks = [Track(file, track.name, track.role, track.pair) for file, track in zip(self._names, cast, strict=False)]
        write_song(self.folder, tracks, self._began, self.lost, self.marks)

    def _leave_nothing(self) -> None:
        for name in (*self._names, MIX, SONG, GROWS):
            (self.folder / name).unlink(missing_ok=True)
        self.folder.rmdir()


def _free(place: Place, day: str, song: str) -> Path:
    """A new folder; one that is there is nobody's to write into."""
    stem = f"{day} {as_name(song, 40)}".strip()
    place.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    for n in range(1, 1000):
        folder = place.folder / (stem if n == 1 else f"{stem} ({n})")
        try:
            folder.mkdir(mode=0o755)
            return folder
        except FileExistsError:
            continue
    raise FileExistsError(17, "a thousand takes of that name are there", str(place.folder / stem))
