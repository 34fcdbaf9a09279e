"""A real box: a plug that a command switches, a card of the tester's wired to the box's sockets, its programs through ssh. See hil/README.md."""

from __future__ import annotations

import subprocess
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gigbox.errors import GigboxError
from hil.bench import RATE, Sound, nothing
from hil.viewer import Knob

FULL = 2 ** 31
KEYS = {"host", "key", "on", "off", "device", "inputs", "outputs"}
LEAD = RATE // 2              # frames of silence before, so that both directions run when it begins


class RealBench:
    """`told`: hil.toml. The tester's card has a channel more each way than the box: the last output is wired to the last input, and says when a frame left."""

    name = "real"

    def __init__(self, told: Path, folder: Path) -> None:
        try:
            rows = tomllib.loads(told.read_text())
        except (OSError, tomllib.TOMLDecodeError) as e:
            raise GigboxError(f"{told}: {e}, expected {', '.join(sorted(KEYS))}") from None
        if set(rows) - {"unplug", "plug", "turn"} != KEYS:
            raise GigboxError(f"{told}: {', '.join(sorted(set(rows) ^ KEYS))}, expected {', '.join(sorted(KEYS))}; unplug, plug and turn where that can be")
        self.inputs, self.outputs, self._told, self.folder = int(rows["inputs"]), int(rows["outputs"]), rows, folder
        self._tunnel: subprocess.Popen[bytes] | None = None
        self._knob = Knob()

    def power_on(self) -> None:
        self._switch("on")

    def pull_the_plug(self) -> None:
        self._switch("off")
        if self._tunnel:
            self._tunnel.kill()
            self._tunnel = None

    def desk_socket(self) -> Path:
        return self._socket("desk.sock")

    def panel_socket(self) -> Path:
        return self._socket("panel.sock")

    def play(self, sound: Sound, at: int = 0, meanwhile: Callable[[], None] = nothing) -> Sound:
        """When `meanwhile` begins is not known to the frame: aplay takes some time before the first one, so that what is done is done early."""
        frames = np.zeros((LEAD + len(sound) + LEAD, self.inputs + 1), np.float32)
        frames[LEAD:LEAD + len(sound), :self.inputs] = sound
        frames[LEAD, -1] = 0.5
        same = ["-q", "-D", str(self._told["device"]), "-t", "raw", "-f", "S32_LE", "-r", str(RATE)]
        record = subprocess.Popen(["arecord", *same, "-c", str(self.outputs + 1), "-d", str(len(frames) // RATE + 2)], stdout=subprocess.PIPE)
        play = subprocess.Popen(["aplay", *same, "-c", str(self.inputs + 1)], stdin=subprocess.PIPE)
        laid = threading.Thread(target=lambda: play.communicate((frames * (FULL - 1)).astype("<i4").tobytes()))
        laid.start()
        if meanwhile is not nothing:
            time.sleep((LEAD + at) / RATE)
            meanwhile()
        laid.join()
        heard = np.frombuffer(record.communicate()[0], "<i4").reshape(-1, self.outputs + 1).astype(np.float32) / FULL
        begin = int(np.argmax(np.abs(heard[:, -1])))
        if np.abs(heard[begin, -1]) < 0.1:
            raise GigboxError(f"{self._told['device']}: its last output is not heard at its last input, expected a cable between them")
        return heard[begin:begin + len(sound), :self.outputs]

    def turn(self, clicks: int) -> None:
        """By a command that moves the knob (`turn`, with {clicks} in it), or else as a viewer of the panel does it."""
        if "turn" in self._told:
            subprocess.run(["sh", "-c", str(self._told["turn"]).format(clicks=clicks)], check=True)
        else:
            self._knob.turn(self.panel_socket(), clicks)

    def kill(self, program: str) -> None:
        self._inside("systemctl", "kill", "--signal=SIGKILL", f"gigbox-{program}.service")

    def unplug_card(self) -> None:
        self._switch("unplug")

    def plug_card(self) -> None:
        self._switch("plug")

    def _switch(self, what: str) -> None:
        if what not in self._told:
            raise GigboxError(f"hil.toml: no '{what}', expected a command that does it")
        subprocess.run(["sh", "-c", self._told[what]], check=True)

    def _ssh(self) -> list[str]:
        return ["ssh", "-q", "-i", str(self._told["key"]), "-o", "ConnectTimeout=5", "-o", "ExitOnForwardFailure=yes", f"root@{self._told['host']}"]

    def _inside(self, *words: str) -> None:
        subprocess.run([*self._ssh(), *words], check=True)

    def _socket(self, name: str) -> Path:
        """The box's sockets as if they were here."""
        if self._tunnel is None or self._tunnel.poll() is not None:
            wires = []
            for each in ("desk.sock", "panel.sock"):
                (self.folder / each).unlink(missing_ok=True)
                wires += ["-L", f"{self.folder / each}:/run/gigbox/{each}"]
            self._tunnel = subprocess.Popen([*self._ssh()[:-1], *wires, "-N", self._ssh()[-1]])
        return self.folder / name
