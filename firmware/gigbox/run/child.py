"""One program as it runs: started, felt for a pulse, killed where it stands still, and started again when it ended. Never an error, at most a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gigbox.run.programs import Program

QUICK_S, PATIENCE_S = 2.0, 5.0        # what dies younger than QUICK_S waits before it starts again, up to PATIENCE_S
REFUSED_S = 1.0       # the longest wait where the machine refuses to start it: that costs little


class Process(Protocol):
    """The part of subprocess.Popen that is used here."""

    pid: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


class Child:
    """`spawn` starts a program's process; OSError and the like where the machine refuses."""

    def __init__(self, program: Program, spawn: Callable[[Program], Process]) -> None:
        self.program = program
        self.process: Process | None = None
        self._spawn = spawn
        self._started = self._due = self._wait = 0.0
        self._ready = False           # it has beaten since it was started
        self._still = 0.0             # seconds that it was seen without a beat
        self._killed = False          # by us: how it ends is told already
        self._trouble = ""            # what was told of it last, until it fares well

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self.process.pid if self.process is not None else 0

    def look(self, now: float, passed: float, beaten: bool) -> str:
        """Call often; `passed` seconds were watched since the last look, `beaten`: a beat came in them. Tells what happened, or nothing."""
        if self.process is None:
            return self._start(now) if now >= self._due else ""
        code = self.process.poll()
        return self._feel(now, passed, beaten) if code is None else self._bury(code, now)

    def _start(self, now: float) -> str:
        try:
            self.process = self._spawn(self.program)
        except Exception as e:        # whatever it is, the others play on
            self._wait_longer(now, REFUSED_S)
            return self._once(f"cannot be started ({_reason(e)}), is tried again")
        self._started, self._ready, self._still, self._killed = now, False, 0.0, False
        return ""

    def _feel(self, now: float, passed: float, beaten: bool) -> str:
        if beaten:
            self._ready, self._still = True, 0.0
            if now - self._started >= QUICK_S:
                self._trouble = ""
            return ""
        self._still += passed
        if self._still <= (self.program.still_s if self._ready else self.program.start_s):
            return ""
        line = "" if self._killed else self._once(f"stands still for {self._still:.0f} s, is killed and starts again")
        self._still, self._killed = 0.0, True
        if self.process is not None:
            self.process.kill()
        return line

    def _bury(self, code: int, now: float) -> str:
        self.process = None
        if now - self._started < QUICK_S:
            self._wait_longer(now, PATIENCE_S)
        else:
            self._wait, self._due = 0.0, now
        if self._killed:
            return ""
        return self._once(f"ended ({f'signal {-code}' if code < 0 else f'exit code {code}'}), starts again")

    def _wait_longer(self, now: float, longest: float) -> None:
        self._wait = min(max(self._wait * 2, self.program.again_s), longest)
        self._due = now + self._wait

    def _once(self, trouble: str) -> str:
        """The line, unless it is the last one again."""
        told, self._trouble = self._trouble, trouble
        return "" if trouble == told else f"{self.program.name}: {trouble}"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error) or type(error).__name__
