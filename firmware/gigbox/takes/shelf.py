"""Where takes lie: on a stick where one is plugged in, else in the state folder; and what is done with them there by their names."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gigbox import places
from gigbox.errors import MachineError, TakeError
from gigbox.files import sync_to_disk
from gigbox.takes.take import MIX, Take, checked_name, files, is_held, open_take

MOUNTS = Path("/proc/self/mountinfo")
STICKS = ("/media/", "/run/media/", "/mnt/")      # below these systems mount what is plugged in
FOLDER = "gigbox takes"                          # on a stick
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Place:
    """A folder of takes; it is made when the first one begins."""

    folder: Path
    stick: bool = False

    def free(self) -> int:
        """Bytes that may still be written. OSError where there is no such disk any longer."""
        folder = self.folder if self.folder.exists() else self.folder.parent
        found = os.statvfs(folder)
        return found.f_bavail * found.f_frsize


def places_of_takes(mounts: Path = MOUNTS, state: Callable[[], Path] = places.state_dir) -> list[Place]:
    """Where takes may lie, best first: what $GIGBOX_TAKES names and nothing else; or sticks, and then the state folder."""
    if named := os.environ.get("GIGBOX_TAKES"):
        return [Place(Path(named).absolute())]
    return [Place(stick / FOLDER, True) for stick in sticks(mounts)] + [Place(state() / "takes")]


def sticks(mounts: Path = MOUNTS) -> list[Path]:
    """What is plugged in and can be written, in the order in which it was mounted."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:                                    # proc_pid_mountinfo(5): the mount point is the fifth word, its options the sixth
        words = line.split(" ")
        point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), words[4]) if len(words) > 5 else ""
        if point.startswith(STICKS) and "rw" in words[5].split(",") and os.access(point, os.W_OK | os.X_OK):
            found.append(Path(point))
    return found


class Shelf:
    """All takes of all places. Names are looked up, never joined to a path: nothing outside is ever meant."""

    def __init__(self, where: Callable[[], list[Place]] = places_of_takes) -> None:
        self._where = where

    def takes(self) -> list[Take]:
        """The newest first."""
        found = []
        for place in self._where():
            try:
                folders = [Path(entry.path) for entry in os.scandir(place.folder) if entry.is_dir(follow_symlinks=False)]
            except OSError:
                continue
            found += [take for folder in folders if (take := open_take(folder))]
        return sorted(found, key=lambda take: (take.began, take.name), reverse=True)

    def find(self, name: str) -> Take:
        """TakeError where there is none."""
        for take in self.takes():
            if take.name == name:
                return take
        raise TakeError(f"{name[:80]}: no such take")

    def rename(self, name: str, new: object) -> str:
        """What it is called from now on."""
        take, wanted = self._at_rest(name), checked_name(new)
        goal = take.folder.with_name(wanted)
        if wanted == name:
            return name
        if goal.exists() and not (take.folder.samefile(goal)):       # another case of the same letters is the same folder on a stick
            raise TakeError(f"{wanted}: is there already, expected another name")
        _tried(lambda: take.folder.rename(goal), take)
        return wanted

    def delete(self, name: str) -> None:
        """It cannot be taken back."""
        take = self._at_rest(name)
        _tried(lambda: _emptied(take.folder), take)

    def file(self, name: str, file: str) -> Path:
        """One file of a take; TakeError where there is none."""
        take = self.find(name)
        if (path := files(take.folder).get(file)) is not None:
            return path
        raise TakeError(f"{file[:80]}: no such file, in {take.name}")

    def _at_rest(self, name: str) -> Take:
        take = self.find(name)
        if is_held(take.folder):
            raise TakeError(f"{name}: is being recorded, expected it to be stopped first")
        return take


def _emptied(folder: Path) -> None:
    """The mix, by which a take is known, goes last: what a power cut leaves is still listed, and can be deleted."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == MIX):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    folder.rmdir()


def _tried(act: Callable[[], object], take: Take) -> None:
    try:
        act()
        sync_to_disk(take.folder.parent)
    except OSError as e:
        raise MachineError(f"{take.name}: {e.strerror}") from None
