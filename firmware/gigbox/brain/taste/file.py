"""Taste on disk: one JSON file that a person can read, and that the box and a command may both write."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gigbox import places
from gigbox.brain.taste.belief import KINDS, MOST, START_VARIANCE, Belief
from gigbox.brain.taste.song_end import SongEnd
from gigbox.brain.taste.taste import ALL, Taste, check_liking
from gigbox.desk.client import Change
from gigbox.errors import MachineError, TasteError
from gigbox.files import alone, free_name, write_whole
from gigbox.texts import read_text

FORMAT = 1
DIGITS = 9
LOOK_S = 1.0                  # between two looks whether somebody edited the file
EVERY = "all"                 # what the file calls the liking for all styles
ABOUT = "What corrections taught this box. Show, change, forget: gigbox taste --help. Never learn: set box/taste to off."


def taste_path() -> Path:
    """Where the box keeps it."""
    return places.state_dir() / "taste.json"


def told(taste: Taste) -> dict[str, Any]:
    """What the file holds. `says`: in words, by ROLE/KIND. `likes`: role, kind, style; `like` is what is believed and `applied` what comes of it, in
    the kind's unit; `sure` 0..1; `last` what the last song said, with the variance of its noise in steps."""
    likes: dict[str, Any] = {}
    for entry in taste.entries():
        belief, step = taste.beliefs[entry.kind, entry.role, entry.style], KINDS[entry.kind].step
        said = {"applied": round(entry.offset, 3), "like": round(belief.mean * step, DIGITS), "sure": round(belief.sure, DIGITS), "count": belief.count}
        if belief.last:
            said |= {"last": round(belief.last[0] * step, DIGITS), "last_noise": round(belief.last[1], DIGITS)}
        likes.setdefault(entry.role, {}).setdefault(entry.kind, {})[entry.style or EVERY] = said
    in_use: dict[str, Any] = {}
    for (kind, role), steps in sorted(taste.in_use.items()):
        in_use.setdefault(role, {})[kind] = round(steps * KINDS[kind].step, DIGITS)
    says: dict[str, list[str]] = {}
    for entry in taste.told():
        says.setdefault(f"{entry.role}/{entry.kind}", []).append(entry.sentence)
    return {"format": FORMAT, "about": ABOUT, "says": says, "likes": likes, "in_use": in_use}


def to_text(taste: Taste) -> str:
    return json.dumps(told(taste), indent=1, ensure_ascii=False) + "\n"


def from_text(text: str) -> Taste:
    """TasteError says what is wrong with it. What is only for people (`about`, `says`, `applied`) is not read."""
    try:
        saved = json.loads(text)
    except (ValueError, RecursionError):
        raise TasteError("not JSON, expected what `gigbox taste --json` writes") from None
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        found = saved.get("format") if isinstance(saved, dict) else None
        raise TasteError(f"format {found!r:.20}, expected {FORMAT}")
    taste = Taste()
    for role, kind, styles in _leaves(saved, "likes"):
        for style, said in _object(f"{role}/{kind}", styles).items():
            check_liking(kind, role, ALL if style == EVERY else style)
            taste.beliefs[kind, role, ALL if style == EVERY else style] = _belief(f"{role}/{kind}", said, KINDS[kind].step)
    for role, kind, value in _leaves(saved, "in_use"):
        check_liking(kind, role, ALL)
        taste.in_use[kind, role] = _number(f"{role}/{kind}", "in_use", value, -MOST, MOST, KINDS[kind].step)
    return taste


def read(path: Path) -> Taste:
    """TasteError where it is broken, OSError where it cannot be read."""
    try:
        return from_text(read_text(path))
    except (TasteError, ValueError) as e:
        raise TasteError(f"{path}: {e}") from None


def load(path: Path, say: Callable[[str], None]) -> Taste:
    """What is there; nothing learnt where there is no file. A broken one is told in one line and kept aside. OSError where it cannot be read: what is in it
    is nobody's to write over."""
    try:
        return read(path)
    except FileNotFoundError:
        pass
    except TasteError as e:
        aside = free_name(path)
        try:
            path.rename(aside)
            say(f"{e}; kept aside as {aside.name}, taste starts with nothing")
        except OSError:
            say(f"{e}; taste starts with nothing")
    return Taste()


def save(taste: Taste, path: Path) -> None:
    """Whole or not at all; OSError where the disk says no."""
    write_whole(path, to_text(taste).encode())


class TasteFile:
    """A taste that lives in a file while the box runs: saved when something was learnt, read again when a person edited it, or when it can be read. `say`
    gets one line for each trouble.
    """

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path, self._say = path, say
        self.taste, self._seen, self._trouble = Taste(), (0, 0, 0), ""
        try:
            self.taste = load(path, say)
            self._seen = _stamp(path) or self._seen
        except OSError as e:
            self._tell(f"{path}: {e.strerror or e}; taste starts with nothing")
        self._looked = float("-inf")
        self._songs = SongEnd()

    def take(self, change: Change, now: float) -> None:
        """What a watch of `corrections.WATCHED` calls back with, in the order in which it does."""
        for path, value in change.values.items():
            self.taste.take(path, value, now, change.by, change.why)

    def tick(self, now: float, active: Sequence[bool]) -> None:
        """Call each 100 ms, after what the desk told was heard: learns, sees songs end, keeps the file. `active`: of each strip, whether it plays."""
        if not 0 <= now - self._looked < LOOK_S:
            self._looked = now
            self.look()
        learnt = self.taste.tick(now, active)
        if self._songs.tick(now, [self.taste.corrections.role(n) for n in range(1, len(active) + 1)], active):
            self.taste.song_ended()
            learnt = self.taste.on
        if learnt:
            self.save()

    def look(self) -> None:
        """Takes over what was edited. A file that is gone was not."""
        try:
            self._look()
        except OSError as e:
            if not self._trouble:
                self._tell(f"{self._path}: {e.strerror or e}; what was learnt stays")

    def _look(self) -> None:
        """OSError where it cannot be read: it is tried again."""
        stamp = _stamp(self._path)
        if stamp is None or stamp == self._seen:
            return
        try:
            self.taste.adopt(read(self._path))
        except FileNotFoundError:
            return
        except TasteError as e:
            self._say(f"{e}; what was learnt stays")
        self._seen = stamp

    def save(self) -> None:
        """What was learnt. An edit of the last moment comes first. Where the disk says no, it is told once and the box goes on."""
        try:
            with alone(self._path):
                self._look()
                self._keep()
                self._trouble = ""
        except OSError as e:
            self._tell(f"{self._path}: {e.strerror or e}; what is learnt now is lost with the power")

    def forget(self, what: str) -> int:
        """As Taste.forget, in the file too. TasteError for what there is not, MachineError where the disk says no."""
        try:
            with alone(self._path):
                self._look()
                gone = self.taste.forget(what)
                self._keep()
        except OSError as e:
            raise MachineError(f"{self._path}: cannot be written ({e.strerror or e})") from None
        return gone

    def _keep(self) -> None:
        save(self.taste, self._path)
        self._seen = _stamp(self._path) or self._seen

    def _tell(self, trouble: str) -> None:
        """Unless it is the last one again."""
        if trouble != self._trouble:
            self._say(trouble)
        self._trouble = trouble


def _leaves(saved: dict[str, Any], name: str) -> Iterator[tuple[str, str, Any]]:
    for role, kinds in _object(name, saved.get(name)).items():
        for kind, value in _object(f"{name}: {role}", kinds).items():
            yield role, kind, value


def _object(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TasteError(f"{where}: {value!r:.20}, expected an object")
    return value


def _belief(where: str, said: object, step: float) -> Belief:
    said = _object(where, said)
    mean = _number(where, "like", said.get("like"), -MOST, MOST, step)
    sure = _number(where, "sure", said.get("sure"), 0.0, 1.0)
    count = _number(where, "count", said.get("count", 0), 0, 1e9)
    last = None
    if "last" in said:
        last = _number(where, "last", said["last"], -MOST, MOST, step), _number(where, "last_noise", said.get("last_noise"), 0.01, 100.0)
    return Belief(mean, START_VARIANCE * (1 - sure), int(count), last)


def _number(where: str, name: str, value: object, low: float, high: float, step: float = 1.0) -> float:
    """In steps, within low..high."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise TasteError(f"{where}: {name} is {value!r:.20}, expected a number")
    if not low <= round(value / step, 9) <= high:
        raise TasteError(f"{where}: {name} is {value:g}, expected {low * step:g} to {high * step:g}")
    return min(max(value / step, low), high)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
