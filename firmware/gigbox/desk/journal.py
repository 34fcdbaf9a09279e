"""The desk's memory: one checksummed JSON line for each request that changed something, and a snapshot where a file of them begins.

A line is in the file (in the machine's memory, where a killed desk leaves it) before the desk goes on; the card gets it beside: what hands
did within 100 ms, what the box did within 1 s. What a power cut or a bad card left unreadable is moved into a `.broken` file beside it;
all that lies before it is used.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from gigbox import places
from gigbox.boot import boot as this_boot
from gigbox.desk.card import Card, beside
from gigbox.desk.events import Event
from gigbox.desk.past import BROKEN, content_of, journal_of, numbers, path_of, replay, restore, tidy
from gigbox.desk.records import Shorthand, to_line, to_long_line
from gigbox.desk.state import Desk
from gigbox.errors import MachineError
from gigbox.files import free_name, sync_to_disk, write_whole

HANDS_S = 0.1                 # a power cut costs no more than this of what hands did,
AUTO_S = 1.0                  # and of what the box did
CARD_S = 0.02                 # of these, what is left to the card
RETRY_S = 5.0                 # after the disk said no
SEGMENT = 1_000_000           # bytes of a file before the next begins: start-up reads one or two of them


class Journal:
    """The journal in a folder. One process at a time may hold it; `warn` gets one line for each trouble. `now` is of the monotonic clock."""

    def __init__(self, folder: Path, warn: Callable[[str], None], segment: int = SEGMENT, desk: Desk | None = None,
                 threads: Callable[[], Executor] = beside, boot: str | None = None) -> None:
        self._guard = _guard(folder)
        self.folder = folder
        self._warn = warn
        self._segment = segment
        self._desk = desk or Desk()
        self._boot = this_boot() if boot is None else boot
        self._card, self._tidying = Card(warn, threads), threads()
        self._number = 1
        self._file = -1
        self._size = 0
        self._shorthand = Shorthand()
        self._due = math.inf      # when the next sync begins; never where there is nothing to sync
        self._synced = -math.inf  # when the last one began
        self._failed: float | None = None        # since when the disk says no; changes are then in memory only
        self.rebooted = False     # the machine was started anew since the desk that was read
        self._held: list[bytes] | None = None    # what is written as soon as the snapshot of a new beginning is on the card;
        self._overtaken = False   # or when that took so long that it is not enough

    def load(self) -> Desk:
        """The desk as it was last; from now on `write` goes on from there."""
        now = self._desk.monotonic()
        try:
            self._number = self._load_snapshot()
            self._replay_from(self._number)
            self._open(self._number)
        except OSError as e:
            self._fail(e, -math.inf)
        self.rebooted = self._desk.boot != self._boot
        self._desk.begin(self._boot, now)
        if self.rebooted and self._failed is None:
            self._append(to_line({"boot": self._boot, "at": now}), now, AUTO_S)
        if any(self._desk.strange.values()):
            self._warn(f"journal: of another version, kept but not heard: {_named(self._desk)}")
        return self._desk

    def write(self, events: tuple[Event, ...], now: float) -> None:
        """One request's events, at once. After a failure the desk goes on in memory and `tick` tries again."""
        if events and (self._failed is None or self._held is not None):
            self._append(to_line(self._shorthand.record(events)), now, AUTO_S if events[0].kind == "auto" else HANDS_S)

    def tick(self, now: float) -> None:
        """Call often, and at the latest in `wait_s`: syncs beside what is to be synced, and tries a disk again that said no."""
        self._collect(now)
        if self._card.busy:
            return
        if self._failed is not None:
            if now - self._failed >= RETRY_S:
                self._begin_anew(now)
        elif self._size >= self._segment:
            self._next_file(now)
        elif now >= self._due:
            self._synced, self._due = now, math.inf
            file = self._file
            self._card.start(lambda: os.fsync(file), now)

    def wait_s(self, now: float) -> float:
        """How long `tick` may wait."""
        return 0.01 if self._card.busy else max(self._due - now, 0.0)

    def told(self) -> dict[str, object]:
        """How the card does, for everybody to read."""
        state = "failing" if self._failed is not None else "slow" if self._card.slow else "well"
        return {"card": state, "slowest_s": round(self._card.slowest_s, 3)}

    def close(self, now: float) -> None:
        """All on disk; the folder is free for another desk."""
        self._card.close()
        self._collect(now)
        self._tidying.shutdown(wait=True)
        if self._failed is None and self._file >= 0:
            try:
                os.fsync(self._file)
            except OSError as e:
                self._fail(e, now)
        for handle in (self._file, self._guard):
            if handle >= 0:
                os.close(handle)
        self._file = self._guard = -1

    def _collect(self, now: float) -> None:
        """What came of the job beside."""
        if (job := self._card.collect(now)) is None:
            return
        if isinstance(error := job.exception(), OSError):
            self._fail(error, now)
        elif error is not None:
            raise error
        elif self._held is not None or self._overtaken:       # else it was a sync that was under way when writing failed
            self._go_on(job.result(), now)

    def _append(self, line: bytes, now: float, within: float) -> None:
        """Into the file, or behind the snapshot that is on its way."""
        if self._held is not None:
            self._held.append(line)
            self._size += len(line)
            if self._size > self._segment:        # the card takes for ever: it is tried again with the state of then
                self._held, self._overtaken = None, True
            return
        try:
            _write_all(self._file, line)
        except OSError as e:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            self._fail(e, now)
            return
        self._size += len(line)
        begun = self._synced if within < AUTO_S else now
        self._due = min(self._due, max(now, begun + within - CARD_S))

    def _fail(self, error: OSError, now: float) -> None:
        if self._failed is None:
            self._warn(f"journal: {error.strerror}; the desk goes on, but what is set from now on is lost with the power")
        self._failed, self._held, self._overtaken, self._due = now, None, False, math.inf

    def _next_file(self, now: float) -> None:
        """An empty file from here on; beside, the full one is synced, and the snapshot of now written, from which a start is quicker."""
        full, desk = self._file, self._desk.still()
        try:
            number = self._new_number()
            self._file = -1           # stays open until it is synced
            self._open(number, sync=False)
        except OSError as e:
            self._file = full
            self._fail(e, now)
            return
        self._shorthand, self._due = Shorthand(), math.inf
        self._card.start(lambda: self._end_file(full, number, desk), now)

    def _end_file(self, full: int, number: int, desk: Desk) -> None:
        """Beside. Until the snapshot is there, a start reads the full file and then the new one."""
        try:
            os.fsync(full)
        finally:
            os.close(full)
        write_whole(path_of(self.folder, number, "snapshot"), to_long_line(desk.snapshot()))
        self._tidying.submit(self._tidy, number)

    def _begin_anew(self, now: float) -> None:
        """After a failure: a whole snapshot and an empty file behind it, beside; what is done meanwhile is held for that file."""
        desk = self._desk.still()
        self._failed, self._held, self._size = now, [], 0
        self._shorthand = Shorthand()
        self._card.start(lambda: self._new_beginning(desk), now)

    def _new_beginning(self, desk: Desk) -> tuple[int, int]:
        """Beside: the new number and its open file."""
        number = self._new_number()
        write_whole(path_of(self.folder, number, "snapshot"), to_long_line(desk.snapshot()))
        return number, self._made(number)

    def _go_on(self, begun: tuple[int, int], now: float) -> None:
        if self._overtaken:
            os.close(begun[1])
            self._failed, self._overtaken = -math.inf, False
            return
        held, self._held, self._failed = self._held or [], None, None
        self._take(*begun)
        for line in held:
            self._append(line, now, HANDS_S)
        if self._failed is None:
            self._warn("journal: writing again, nothing that is set now is lost")
        self._tidying.submit(self._tidy, self._number)

    def _tidy(self, number: int) -> None:
        try:
            tidy(self.folder, number)
        except OSError as e:
            self._warn(f"journal: {e.strerror}; what is full is left as it is")

    def _new_number(self) -> int:
        return max([self._number, *numbers(self.folder, "snapshot", "journal", "journal.gz")]) + 1

    def _open(self, number: int, sync: bool = True) -> None:
        self._take(number, self._made(number, sync))

    def _made(self, number: int, sync: bool = True) -> int:
        """The open file of that number; none is left open where its name cannot be made to last."""
        file = _opened(path_of(self.folder, number, "journal"))
        try:
            if sync:
                sync_to_disk(self.folder)
        except OSError:
            os.close(file)
            raise
        return file

    def _take(self, number: int, file: int) -> None:
        """Goes on with this file."""
        if self._file >= 0:
            os.close(self._file)
        self._number, self._file, self._size = number, file, os.fstat(file).st_size

    def _load_snapshot(self) -> int:
        """Restores the newest whole snapshot and tells its number; the first file's where there is none."""
        for number in reversed(numbers(self.folder, "snapshot")):
            try:
                restore(self._desk, self.folder, number)
                return number
            except (OSError, *BROKEN):
                self._desk.clear()
                self._pass_over(path_of(self.folder, number, "snapshot"))
        return min(numbers(self.folder, "journal", "journal.gz"), default=1)

    def _pass_over(self, path: Path) -> None:
        """A disk that can only be read keeps it; the one before is used all the same."""
        try:
            self._set_aside(path)
        except OSError as e:
            self._warn(f"journal: {path.name} cannot be used, nor set aside: {e.strerror}")

    def _replay_from(self, first: int) -> None:
        """All files from the snapshot's on; what lies behind a broken place is set aside."""
        found = [n for n in numbers(self.folder, "journal", "journal.gz") if n >= first]
        for place, number in enumerate(found):
            self._number = number
            if not self._replay(journal_of(self.folder, number)):
                for later in found[place + 1:]:
                    self._set_aside(journal_of(self.folder, later))
                return

    def _replay(self, path: Path) -> bool:
        """Brings the file's events back. What cannot be read, and all behind it, is set aside; then False."""
        content, whole = content_of(path)
        good = replay(self._desk, content)
        if whole and good == len(content):
            return True
        broken = free_name(path)
        self._warn(f"journal: {path.name} is broken from byte {good} on; {len(content) - good} bytes set aside as {broken.name}")
        if path.suffix == ".gz":
            write_whole(path.with_suffix(""), content[:good])
            path.rename(broken)
        else:
            write_whole(broken, content[good:])
            os.truncate(path, good)
        return False

    def _set_aside(self, path: Path) -> None:
        broken = free_name(path)
        path.rename(broken)
        self._warn(f"journal: {path.name} cannot be used; set aside as {broken.name}")


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _write_all(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content):]


def _named(desk: Desk) -> str:
    """What of another version there is: some of it, in one line."""
    said = [f"{path} {value!r:.40}" if isinstance(value, str) else path for layer in desk.strange.values() for path, value in layer.items()]
    return ", ".join(said[:5]) + (f" and {len(said) - 5} more" if len(said) > 5 else "")


def _guard(folder: Path) -> int:
    """Holds the folder for this process; the kernel lets go of it however the process ends."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as e:
        raise MachineError(f"desk: {folder}: {e.strerror}, expected a folder that can be written") from None
    return places.hold(handle, f"desk: already running at {folder}")
