"""A box made of its own programs on this machine, with a simulated card. Its plug is SIGKILL to all of them at once.

The card's time is granted, at the pace of this machine's clock: while others keep the machine busy it waits, so that what is missed was missed by the box.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from gigbox.engine.simulated import NAME, SimulatedCard
from hil.bench import RATE, Sound, until

FULL = 2 ** 31
AHEAD, AFTER = RATE // 5, RATE // 10      # frames: what is played is laid so far ahead of the card's clock, and looked at so long after
PACE_S, MOST_GRANTED = 0.002, RATE // 50       # how often time is granted, and how far ahead of a box that comes late
DEAD_S = 0.1                  # a box that takes no time for so long is dead, and time goes by without it
KEPT_S = 30                   # of what goes in and came out


class SimulatedBench:
    name = "simulated"

    def __init__(self, folder: Path, inputs: int = 8, outputs: int = 8) -> None:
        self.folder, self.inputs, self.outputs = folder, inputs, outputs
        self.card = SimulatedCard(inputs, outputs, path=folder / "card", in_frames=KEPT_S * RATE, out_frames=KEPT_S * RATE, looped=True, granted=True)
        self.card.input[:] = 0
        (folder / "asound.conf").write_text(self.card.config())
        (folder / "run").mkdir(mode=0o700, exist_ok=True)
        self._environment = os.environ | {"GIGBOX_RUN": str(folder / "run"), "GIGBOX_STATE": str(folder / "state"),
                                          "ALSA_CONFIG_PATH": str(folder / "asound.conf")}
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._pace, name="pace", daemon=True).start()

    def _pace(self) -> None:
        seen = granted = self.card.now
        last = moved = time.monotonic()
        while True:
            time.sleep(PACE_S)
            now = time.monotonic()
            passed = int((now - last) * RATE)
            last += passed / RATE
            if self.card.now != seen:
                seen, moved = self.card.now, now
            elif now - moved > DEAD_S:
                self.card.pass_by(int((now - moved) * RATE))
                seen, moved = self.card.now, now
            granted = min(max(granted, seen) + passed, seen + MOST_GRANTED)
            self.card.grant(granted)

    def power_on(self) -> None:
        command = [sys.executable, "-m", "gigbox.cli", "run", "--device", f"{NAME}:0", "--port", str(self._port)]
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
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids.values()), 10, "the end of the programs")
        for left in (self.folder / "run").iterdir():
            left.unlink()
        self._process = None

    def desk_socket(self) -> Path:
        return self.folder / "run/desk.sock"

    def panel_socket(self) -> Path:
        return self.folder / "run/panel.sock"

    def play(self, sound: Sound) -> Sound:
        """Laid into the ring that the card plays, ahead of its clock, so that each frame is known by its number; silence again afterwards."""
        begin = self.card.now + AHEAD
        places = np.arange(begin, begin + len(sound)) % len(self.card.input)
        self.card.input[places] = np.clip(sound.astype(np.float64) * FULL, -FULL, FULL - 1).astype(np.int32)
        until(lambda: self.card.now > begin + len(sound) + AFTER, len(sound) / RATE + 10, "the end of what is played")
        self.card.input[places] = 0
        return (self.card.heard(begin, begin + len(sound)) / FULL).astype(np.float32)

    def kill(self, program: str) -> None:
        os.kill(self._pids()[program], signal.SIGKILL)

    def unplug_card(self) -> None:
        self.card.fault("unplug", self.card.now + RATE // 100, 2 * RATE)

    def plug_card(self) -> None:
        """It comes back by itself, after two seconds of its clock."""

    def _pids(self) -> dict[str, int]:
        try:
            pids = json.loads((self.folder / "run/run.json").read_text())["programs"]
        except (OSError, ValueError):
            return {}
        words = {int(pid): _command(int(pid)) for pid in pids}
        return {line[3]: pid for pid, line in words.items() if len(line) > 3 and line[2] == "gigbox.cli"}


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
