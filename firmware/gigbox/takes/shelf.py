"""Where takes lie: on a stick where one is plugged in, else in the state folder; and what is done with them there by their names."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gigbox import places
from gigbox.errors import MachineError, TakeError
from gigbox.files import as_text, sync_to_disk
from gigbox.recordings.folder import shown
from gigbox.takes.patience import Patience
from gigbox.takes.take import MIX, Take, checked_name, is_held, open_take

MOUNTS = Path("/proc/self/mountinfo")
STICKS = ("/media/", "/run/media/", "/mnt/")      # below these systems mount what is plugged in
FOLDER = "gigbox takes"                          # on a stick
ACCESS_S, ACT_S = 1.0, 4.0     # for a look whether it can be written; for renaming and deleting
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Place:
    """A folder of takes; it is made when the first one begins."""

    folder: Path
    stick: bool = False

    def made(self) -> int:
        """The folder is there; what is free. OSError where the disk says no."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        return self.free()

    def free(self) -> int:
        """Bytes that may still be written. OSError where there is no such disk any longer."""
        folder = self.folder if self.folder.exists() else self.folder.parent
        found = os.statvfs(folder)
        return found.f_bavail * found.f_frsize


def places_of_takes(mounts: Path = MOUNTS, state: Callable[[], Path] = places.state_dir, patience: Patience | None = None) -> list[Place]:
    """Where takes may lie, best first: what $GIGBOX_TAKES names and nothing else; or sticks, and then the state folder."""
    if named := os.environ.get("GIGBOX_TAKES"):
        return [Place(Path(named).absolute())]
    return [Place(stick / FOLDER, True) for stick in sticks(mounts, patience or Patience())] + [Place(state() / "takes")]


def sticks(mounts: Path, patience: Patience) -> list[Path]:
    """What is plugged in, answers and can be written, in the order in which it was mounted."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:                                    # proc_pid_mountinfo(5): the mount point is the fifth word, its options the sixth
        words = line.split(" ")
        point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), words[4]) if len(words) > 5 else ""
        if point.startswith(STICKS) and "rw" in words[5].split(",") and _takes_files(point, patience):
            found.append(Path(point))
    return found


def _takes_files(point: str, patience: Patience) -> bool:
    try:
        return patience.ask(point, lambda: os.access(point, os.W_OK | os.X_OK), ACCESS_S)
    except OSError:
        return False


class Shelf:
    """All takes of all places. Names are looked up, never joined to a path: nothing outside is ever meant."""

    def __init__(self, where: Callable[[], list[Place]] | None = None) -> None:
        self._patience = Patience()
        self._where = where or (lambda: places_of_takes(patience=self._patience))

    def takes(self) -> list[Take]:
        """The newest first. What lies on a disk that does not answer is left out; MachineError where nothing is left then: that is not none."""
        takes, silent = self._look()
        if silent and not takes:
            raise MachineError(f"{silent[0]}: has not answered yet")
        return takes

    def find(self, name: str) -> Take:
        """TakeError where there is none, MachineError where it may be on a disk that does not answer."""
        takes, silent = self._look()
        for take in takes:
            if take.name == name:
                return take
        if silent:
            raise MachineError(f"{name[:80]}: not found, and {silent[0]} has not answered yet")
        raise TakeError(f"{name[:80]}: no such take")

    def rename(self, name: str, new: object) -> str:
        """What it is called from now on."""
        take, wanted = self.find(name), checked_name(new)
        self._do(take, lambda: _renamed(take, wanted))
        return wanted

    def delete(self, name: str) -> None:
        """It cannot be taken back."""
        take = self.find(name)
        self._do(take, lambda: _emptied(take.folder))

    def _look(self) -> tuple[list[Take], list[str]]:
        """The takes, and the places that do not answer."""
        found, silent = [], []
        for place in self._where():
            try:
                found += self._patience.ask(str(place.folder), partial(_takes_in, place.folder))
            except TimeoutError:
                silent.append(shown(as_text(place.folder)))
            except OSError:
                continue
        return sorted(found, key=lambda take: (take.began, take.name), reverse=True), silent

    def _do(self, take: Take, act: Callable[[], object]) -> None:
        def done() -> None:
            if is_held(take.folder):
                raise TakeError(f"{take.name}: is being recorded, expected it to be stopped first")
            act()
            sync_to_disk(take.folder.parent)

        try:
            self._patience.ask(str(take.folder.parent), done, ACT_S)
        except OSError as e:
            raise MachineError(f"{take.name}: {e.strerror}") from None


def _takes_in(folder: Path) -> list[Take]:
    folders = [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    return [take for folder in folders if (take := open_take(folder))]


def _renamed(take: Take, wanted: str) -> None:
    goal = take.folder.with_name(wanted)
    if wanted == take.name:
        return
    if goal.exists() and not take.folder.samefile(goal):       # another case of the same letters is the same folder on a stick
        raise TakeError(f"{wanted}: is there already, expected another name")
    take.folder.rename(goal)


def _emptied(folder: Path) -> None:
    """The mix, by which a take is known, goes last: what a power cut leaves is still listed, and can be deleted."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == MIX):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    folder.rmdir()
