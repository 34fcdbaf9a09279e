"""How each fault is done to a real box, with what this machine grants; and how it is undone."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gigbox.run.note import Process, started
from tests.chaos.course import RUNNER, Fault
from tests.live_box import Box

STATE_KB, RUN_KB = 8_000, 24_000          # of the small disks: what a box needs, and a little more
CGROUPS = Path("/sys/fs/cgroup")


class Faults:
    """Does them to one box. A context manager: all is undone at its end."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._hooks = box.folder / "hooks"
        self._mounts: list[Path] = []
        self._group: Path | None = None
        self._stopped: dict[str, Process] = {}

    def __enter__(self) -> Faults:
        """Before the box is started."""
        self._hooks.mkdir()
        self._box.environment |= {"GIGBOX_CHAOS": str(self._hooks), "PYTHONPATH": os.pathsep.join(
            filter(None, (str(Path(__file__).parent / "hooks"), os.environ.get("PYTHONPATH"))))}
        for name, size in (("state", STATE_KB), ("run", RUN_KB)):
            folder = self._box.folder / name
            folder.mkdir(mode=0o700)
            if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k,mode=0700", "none", str(folder)], capture_output=True).returncode == 0:
                self._mounts.append(folder)
        return self

    def __exit__(self, *_: object) -> None:
        """After the box was ended."""
        for folder in self._mounts:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        if self._group is not None:
            with contextlib.suppress(OSError):
                self._group.rmdir()

    def started(self) -> None:
        """The supervisor runs, and no program yet: what it starts is held by its group."""
        self._group = _group(self._runner())

    def ways(self) -> str:
        """What the machine grants, in words."""
        forks = "a control group" if self._group else "a limit on processes" if os.geteuid() else "taking the interpreter away"
        return f"full disk by {'small disks' if self._mounts else 'a limit on files'}, refused forks by {forks}"

    def begin(self, fault: Fault) -> None:
        match fault.kind:
            case "kill":
                self._signal(fault.victim, signal.SIGKILL)
            case "stop":
                if there := self._find(fault.victim):
                    self._stopped[fault.victim] = there
                    there.signal(signal.SIGSTOP)
            case "full disk":
                self._fill()
            case "slow card":
                (self._hooks / "card").write_text(str(fault.size))
            case "clock":
                (self._hooks / "clock").write_text(str(fault.size))
            case "no forks" | "no interpreter":
                self._refuse(fault.kind == "no forks")
                self._signal(fault.victim, signal.SIGKILL)

    def end(self, fault: Fault) -> None:
        match fault.kind:
            case "stop":
                if there := self._stopped.pop(fault.victim, None):
                    there.signal(signal.SIGCONT)
            case "full disk":
                self._empty()
            case "slow card":
                (self._hooks / "card").unlink()
            case "no forks" | "no interpreter":
                self._allow(fault.kind == "no forks")

    def _signal(self, name: str, number: int) -> None:
        if there := self._find(name):
            there.signal(number)

    def _find(self, name: str) -> Process | None:
        pid = self._runner() if name == RUNNER else self._box.pids().get(name, 0)
        return Process(pid, started(pid)) if pid and started(pid) >= 0 else None

    def _runner(self) -> int:
        assert self._box.process is not None
        return self._box.process.pid

    def _fill(self) -> None:
        for folder in self._mounts:
            with contextlib.suppress(OSError), (folder / "fill").open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(1024))
        if not self._mounts:
            self._limit(resource.RLIMIT_FSIZE, 0)

    def _empty(self) -> None:
        for folder in self._mounts:
            (folder / "fill").unlink()
        if not self._mounts:
            self._limit(resource.RLIMIT_FSIZE, resource.RLIM_INFINITY)

    def _refuse(self, forks: bool) -> None:
        if forks and self._group is not None:
            (self._group / "pids.max").write_text("0")
        elif forks and os.geteuid():
            resource.prlimit(self._runner(), resource.RLIMIT_NPROC, (1, resource.prlimit(self._runner(), resource.RLIMIT_NPROC)[1]))
        elif self._box.python.is_symlink():
            self._box.python.rename(self._box.python.with_name("away"))

    def _allow(self, forks: bool) -> None:
        if forks and self._group is not None:
            (self._group / "pids.max").write_text("max")
        elif forks and os.geteuid():
            hard = resource.prlimit(self._runner(), resource.RLIMIT_NPROC)[1]
            resource.prlimit(self._runner(), resource.RLIMIT_NPROC, (hard, hard))
        elif not self._box.python.is_symlink():
            self._box.python.with_name("away").rename(self._box.python)

    def _limit(self, what: int, value: int) -> None:
        """Of the supervisor, and so of all that it starts, and of those that run."""
        for pid in (self._runner(), *self._box.pids().values()):
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, what, (value, resource.prlimit(pid, what)[1]))


def _group(pid: int) -> Path | None:
    """A control group of its own for a process, where this user may make one that limits processes."""
    for parent in _parents():
        group = parent / f"gigbox-chaos-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / "pids.max").write_text("max")
            (group / "cgroup.procs").write_text(str(pid))
            return group
        except OSError:
            group.rmdir()
    return None


def _parents() -> Iterator[Path]:
    """Groups that may have one below them: of version 1, and of version 2."""
    yield CGROUPS / "pids"
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            if line.startswith("0::"):
                yield CGROUPS / line[3:].lstrip("/")

