"""Values that stream into the box by its shell, and what a desk remembers of them: a level is set so often that it says how far the stream had come."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from gigbox.desk.client import Client
from image.machine import Machine
from image.tools import ToolError

PROMISED_S = 0.1              # of a hand's changes, at most so much is lost
STREAMED = "strip/1/level"
FIRST, STEP = -60.0, 0.01     # dB; a level is set so often that it says how far the stream had come
STREAM = f"""
import time
from gigbox.desk.client import Client
from gigbox import places
with Client(places.socket_path(), by='checks') as desk:
    desk.get('box/*')
    for n in range(6000):
        desk.set({{'{STREAMED}': round({FIRST} + {STEP} * n, 2)}})
        print(n, time.monotonic(), flush=True)
        time.sleep(0.02)
"""
LOOK = """
import json
from gigbox.desk.client import Client
from gigbox import places
with Client(places.socket_path(), by='checks') as desk:
    print(json.dumps({path: [s.hand, s.value] for path, s in desk.get('*').items()}))
"""
DESK = """
import sys
from pathlib import Path
from gigbox.desk.server import run
folder = Path(sys.argv[1])
run(folder / "state", folder / "desk.sock", folder / "rack")
"""
START_S = 30.0
Seen = dict[str, object]


class Stream:
    """Values into the box, by its shell; what it has answered."""

    def __init__(self, box: Machine) -> None:
        self.answered: list[tuple[int, float]] = []
        self._process = subprocess.Popen(box.shell_command("python3", "-u", "-c", STREAM), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            number, at = line.split()
            self.answered.append((int(number), float(at)))

    def ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(5)

    def at_least(self) -> int:
        """What must be remembered: the last that was answered so long before the last word from the box that the promise holds for it."""
        last = self.answered[-1][1]
        return max((n for n, at in self.answered if at <= last - PROMISED_S), default=-1)


def seen(box: Machine) -> tuple[Seen, int]:
    """What is heard of every parameter but the streamed one, and how far the stream had come by the hand's level; -1 before the first."""
    return _apart({path: tuple(both) for path, both in json.loads(box.says("python3", "-c", LOOK)).items()})


def remembered(state: Path, folder: Path) -> tuple[Seen, int]:
    """The same, by a desk of this host that starts on `state`, which is moved into `folder`, a new one."""
    folder.mkdir()
    state.rename(folder / "state")
    desk = subprocess.Popen([sys.executable, "-c", DESK, str(folder)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + START_S
        while not (folder / "desk.sock").exists():
            if desk.poll() is not None or time.monotonic() > end:
                raise ToolError(f"{folder}: no desk starts on what is remembered")
            time.sleep(0.02)
        with Client(folder / "desk.sock", by="checks") as client:
            return _apart({path: (s.hand, s.value) for path, s in client.get("*").items()})
    finally:
        desk.kill()
        desk.wait()


def _apart(both: dict[str, tuple[Any, Any]]) -> tuple[Seen, int]:
    hand = both[STREAMED][0]
    return {path: value for path, (_, value) in both.items() if path != STREAMED}, -1 if hand is None else round((hand - FIRST) / STEP)
