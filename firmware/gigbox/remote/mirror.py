"""The box as a remote control sees it: one number a parameter, what is heard. A fader that is put to -5 dB is heard at -5 dB, whatever the box adds of its own.

What the box adds goes on moving; a motor follows, and so does an app. A hand is asked for in a thread of its own, and only its newest wish counts: nobody at a
fader waits for the desk.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gigbox import params
from gigbox.desk.client import Change, Client, Value
from gigbox.errors import GigboxError, ParamError

Number = float | str                  # a text where the path is one
Wishes = dict[str, dict[str, Number]]          # values by path, by whose hand
Job = tuple[Callable[[Client], None], Callable[[str], None]]
Listener = Callable[[Mapping[str, Number], str], None]
AIM_S = 0.4                           # so long what a hand asked for counts, before the desk's answer does: its own echo pulls nobody back
AWAY_S = 0.25
JOBS = 16                             # that may wait for the desk: scenes, undo
NOBODY = Value(None, None, None)


@dataclass(frozen=True)
class Aim:
    """What a hand asked for, till when it counts, and whose it was."""

    value: Number
    until: float
    by: str


@dataclass(frozen=True)
class Reason:
    """Why the box moved something, in its words; the clock's time of it."""

    at: float
    why: str


class Mirror:
    """Any thread may look, set and listen. Listeners are called in another thread than theirs, with what is heard by path, and by whom; they may not wait."""

    def __init__(self, desk: Client, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        """`say` is told of each refusal, in the desk's words."""
        self.desk = desk
        self._say, self._clock = say, clock
        self._lock = threading.RLock()
        self._values: dict[str, Value] = {}
        self._aims: dict[str, Aim] = {}
        self._listeners: list[Listener] = []
        self._waits: deque[Wishes | Job] = deque()               # for the desk, in the order they came
        self.news = 0                                            # grows with each thing that may look otherwise now
        self.reason: Reason | None = None                        # of the box's newest move
        self._come = threading.Condition(self._lock)
        self._watching = self._closed = self._known = False
        self._fault = ""
        self._thread = threading.Thread(target=self._run, name="hands", daemon=True)
        self._thread.start()

    @property
    def known(self) -> bool:
        """Whether the desk told all yet: nobody may write before that."""
        return self._known

    def served(self, path: str) -> bool:
        """Whether this box has it, now."""
        return path in self._values

    def value(self, path: str) -> float:
        """What is heard, or will be when the desk has done what was asked."""
        with self._lock:
            aim = self._aims.get(path)
            if aim and self._clock() < aim.until and not isinstance(aim.value, str):
                return aim.value
            told = _number(path, self._values.get(path, NOBODY).value)
        return params.find(path).default if told is None else told

    def text(self, path: str) -> str:
        with self._lock:
            aim = self._aims.get(path)
            said = aim.value if aim and self._clock() < aim.until else self._values.get(path, NOBODY).value
        return said if isinstance(said, str) else ""

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Until what is given back is called."""
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._unlisten(listener)

    def _unlisten(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = [other for other in self._listeners if other is not listener]

    def set(self, values: Mapping[str, Number], by: str) -> None:
        """A hand wants to hear that. Values out of range are taken to its end; ParamError where there is no such path."""
        wanted = {path: value if isinstance(value, str) else params.find(path).param.clamp(value) for path, value in values.items()}
        until = self._clock() + AIM_S
        with self._lock:
            self.news += 1
            self._aims.update({path: Aim(value, until, by) for path, value in wanted.items()})
            if not self._waits or not isinstance(self._waits[-1], dict):
                self._waits.append({})
            self._waits[-1].setdefault(by, {}).update(wanted)          # type: ignore[union-attr]
            self._come.notify()

    def ask(self, job: Callable[[Client], None], refused: Callable[[str], None]) -> None:
        """Something of the desk that takes its time, such as a scene, in its turn among all that is wanted. `refused` hears why not, in the hands' thread."""
        with self._lock:
            if sum(isinstance(wait, tuple) for wait in self._waits) < JOBS:
                self._waits.append((job, refused))
                self._come.notify()
                return
        refused(f"{JOBS} wishes wait for the desk already")

    def paths(self) -> tuple[str, ...]:
        """All that this box has, now."""
        with self._lock:
            return tuple(self._values)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._come.notify()
        self._thread.join(2)

    def _run(self) -> None:
        while not self._closed:
            try:
                if not self._watching:
                    self.desk.watch("*", self._hear)
                    self._watching = True
                with self._lock:
                    self._come.wait_for(lambda: self._closed or self._waits, AIM_S)
                    waits, self._waits = self._waits, deque()
                self._expire()
                for wait in waits:
                    if isinstance(wait, tuple):
                        self._do(*wait)
                    else:
                        for by, wanted in wait.items():
                            self._ask(by, wanted)
            except GigboxError:                    # the desk is away: it will be back, and tells everything anew
                time.sleep(AWAY_S)

    def _ask(self, by: str, wanted: Mapping[str, Number]) -> None:
        with self._lock:
            hands = {path: value if isinstance(value, str) else self._hand(path, value) for path, value in wanted.items()}
        try:
            self.desk.set(hands, by=by)
            self._fault = ""
        except GigboxError as e:
            with self._lock:
                self.news += 1
                for path in wanted:
                    self._aims.pop(path, None)
            if str(e) != self._fault:              # a hand that goes on is told once
                self._fault = str(e)
                self._say(str(e))
            self._tell({path: self._told(path) for path in wanted}, "")      # whoever shows it otherwise shows it rightly again

    def _do(self, job: Callable[[Client], None], refused: Callable[[str], None]) -> None:
        try:
            job(self.desk)
        except GigboxError as e:
            refused(str(e))

    def _hand(self, path: str, heard: float) -> float:
        """Where the hand has to be so that this is heard: DESIGN section 2."""
        param = params.find(path).param
        if param.blend != "add" or (param.taper == "fader" and heard <= param.low):
            return heard
        depth = _number("box/depth", self._values.get("box/depth", NOBODY).value) or 0.0
        return param.clamp(heard - depth / 100 * (_number(path, self._values.get(path, NOBODY).auto) or 0.0))

    def _hear(self, change: Change) -> None:
        with self._lock:
            self.news += 1
            if change.layer == "auto" and change.why:
                self.reason = Reason(self._clock(), change.why)
            before = self._values
            if change.by:
                self._values.update(change.values)
            else:                                  # all, of a desk that is back: most of it is as it was
                self._values = dict(change.values)
            paths = [path for path, value in change.values.items() if change.by or path in self._aims or before.get(path) != value]
            for path in paths:
                if not self._echo(path, change):
                    self._aims.pop(path, None)
        if paths and self._listeners:              # where nobody listens the box's moves cost nothing more
            self._tell({path: self._told(path) for path in paths}, change.by)
        self._known = True

    def _echo(self, path: str, change: Change) -> bool:
        """Whether that tells a hand what it asked for itself, maybe a while ago, or is the box's move that it has yet to answer: neither pulls it back."""
        aim = self._aims.get(path)
        return aim is not None and bool(change.by) and (change.by == aim.by or change.layer == "auto")

    def _expire(self) -> None:
        """What was asked for counts no longer; where the desk made something else of it, that is told."""
        with self._lock:
            over = [path for path, aim in self._aims.items() if self._clock() >= aim.until]
            others = {path: self._told(path) for path in over if self._aims.pop(path).value != self._told(path)}
            self.news += bool(others)
        if others:
            self._tell(others, "")

    def _told(self, path: str) -> Number:
        return self.text(path) if params.find_text(path) else self.value(path)

    def _tell(self, values: Mapping[str, Number], by: str) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(values, by)
            except Exception as e:                 # of one remote: the others are still told
                self._say(f"remote: {type(e).__name__}: {e}")


def _number(path: str, told: object) -> float | None:
    """A value as the desk tells it, as a number; None where it is none, or a choice of a newer desk."""
    try:
        return None if told is None else params.find(path).param.check(told, path)
    except ParamError:
        return None
