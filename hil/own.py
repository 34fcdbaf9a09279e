"""A box made of its own programs on this machine. Its plug is SIGKILL to all of them at once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from hil.bench import until

TOLD = 4000                   # letters of what was said, for whoever looks for a cause


class OwnPrograms:
    """`words`: of `gigbox run`, which card it plays through."""

    def __init__(self, folder: Path, words: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self.folder, self._words, self._port = folder, words, _free_port()
        (folder / "run").mkdir(mode=0o700, exist_ok=True)
        self._environment = os.environ | {"GIGBOX_RUN": str(folder / "run"), "GIGBOX_STATE": str(folder / "state"), **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def power_on(self) -> None:
        command = [sys.executable, "-m", "gigbox.cli", "run", *self._words, "--port", str(self._port)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, start_new_session=True)

    def pull_the_plug(self) -> None:
        """The supervisor first, so that it starts nothing again. A runtime folder is memory, and gone with the power."""
        if self._process is None:
            return
        pids = self._pids()
        for pid in (self._process.pid, *pids.values()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        until(lambda: not any(map(lives, pids.values())), 10, "the end of the programs")
        for left in (self.folder / "run").iterdir():
            left.unlink()
        self._process = None

    def desk_socket(self) -> Path:
        return self.folder / "run/desk.sock"

    def panel_socket(self) -> Path:
        return self.folder / "run/panel.sock"

    def said(self) -> str:
        """By its programs, since the bench was made; the end of it."""
        try:
            return (self.folder / "log").read_text(errors="replace")[-TOLD:]
        except OSError as e:
            return str(e)

    def kill(self, program: str) -> None:
        os.kill(self._pids()[program], signal.SIGKILL)

    def _pids(self) -> dict[str, int]:
        try:
            pids = json.loads((self.folder / "run/run.json").read_text())["programs"]
        except (OSError, ValueError):
            return {}
        words = {int(pid): _command(int(pid)) for pid in pids}
        return {line[3]: pid for pid, line in words.items() if len(line) > 3 and line[2] == "gigbox.cli"}


def lives(pid: int) -> bool:
    """0 does not; nor does what nobody has buried yet."""
    try:
        return pid > 0 and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
