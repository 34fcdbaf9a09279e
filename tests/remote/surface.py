"""A stage for MIDI: devices that are plugged in (each a terminal of the kernel's, so that bytes go through a real file), and a surface with a hand on it.

The surface is a model of its own, from what was published of the protocol: it knows nothing of the product.
"""

from __future__ import annotations

import os
import select
import tty
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.part import Midi
from gigbox.remote.midi.ports import Ports
from tests.live_box import eventually

if TYPE_CHECKING:
    from tests.remote.conftest import Stage


CHALLENGE = (0x12, 0x34, 0x56, 0x78)


class FakeRack:
    """Of an engine that plays so many strips."""

    def __init__(self, channels: int) -> None:
        self.channels, self._frames, self.stands = channels, 0, False
        self.arrays = {name: np.zeros(count, np.float32) for name, count in (("strips.in_peak", 32), ("strips.out_peak", 32), ("buses.peak", 10))}

    @property
    def frames(self) -> int:
        self._frames += 0 if self.stands else 64
        return self._frames

    def view(self, name: str) -> npt.NDArray[np.float32]:
        return self.arrays[name]

    def replaced(self) -> bool:
        return False


class Cable:
    """A device that is plugged in. `hear` gives what it was sent, `say` sends."""

    def __init__(self, dev: Path, proc: Path, card: int, name: str) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        self.path, self._info = dev / f"midiC{card}D0", proc / f"card{card}"
        self._info.mkdir(parents=True, exist_ok=True)
        (self._info / "midi0").write_text(f"{name}\n\nOutput 0\n  Tx bytes     : 0\nInput 0\n  Rx bytes     : 0\n")
        self.path.symlink_to(os.ttyname(self._slave))

    def say(self, *content: int) -> None:
        os.write(self.master, bytes(content))

    def hear(self, patience: float = 0.02) -> bytes:
        """Till nothing has come for so long: the kernel hands it over when it has time."""
        content = b""
        while select.select([self.master], [], [], patience)[0]:
            try:
                content += os.read(self.master, 65536)
            except OSError:          # pulled
                break
        return content

    def pull(self) -> None:
        self.path.unlink()
        os.close(self._slave)
        os.close(self.master)


class MidiStage:
    """The real part at a real desk, with a clock that goes as it is told."""

    def __init__(self, stage: Stage, folder: Path, strips: int = 12) -> None:
        self.stage, self.mirror = stage, stage.mirror
        self.dev, self.proc = folder / "snd", folder / "asound"
        self.dev.mkdir(), self.proc.mkdir()
        self.rack, self.file = FakeRack(strips), folder / "midi.toml"
        self.now = 1000.0
        self.said: list[str] = []
        self.midi = Midi(self.mirror, Ports(self.said.append, self.dev, self.proc), Levels(lambda: self.rack), self.file, self.said.append, lambda: self.now)
        self.surfaces: list[Surface] = []
        self._marks = 0

    def plug(self, name: str, card: int = 1) -> Cable:
        return Cable(self.dev, self.proc, card, name)

    def surface(self, name: str = "X-Touch", card: int = 1, model: int = 0x14, serial: bytes = b"") -> Surface:
        """Plugged in, greeted and at rest."""
        self.sync()
        found = Surface(self, self.plug(name, card), model, serial)
        self.surfaces.append(found)
        self.run(3.0)
        return found

    def sync(self) -> None:
        """Till the mirror knows all that the desk was told by now."""
        self._marks += 1
        self.stage.other.set({"box/song": f"mark {self._marks}"})
        eventually(lambda: self.mirror.text("box/song") == f"mark {self._marks}", 5, "the mirror knows")

    def run(self, seconds: float = 0.5) -> None:
        """So long by the clock of the part, in turns of 5 ms, or longer while nothing is plugged in."""
        until = self.now + seconds
        while self.now < until:
            self.midi._due = lambda now: now          # type: ignore[method-assign]          # nothing waits
            self.midi.turn()
            for surface in self.surfaces:
                surface.look()
            self.now += 0.005
        for surface in self.surfaces:
            surface.look(0.002)

    def has(self, **values: object) -> None:
        """Till the desk has these; `__` stands for a slash."""
        for word, value in values.items():
            path = word.replace("__", "/")
            self.settle(lambda: self.stage.other.get(path)[path].value == value, f"{path} is {value}")          # noqa: B023

    def settle(self, true: Callable[[], object], what: str) -> None:
        """Till the desk has done it and the surfaces show it."""
        def done() -> bool:
            self.run(0.05)
            return bool(true())
        eventually(done, 10, what)

    def close(self) -> None:
        self.midi.close()


class Surface:
    """A Mackie Control surface: what it shows, and a hand on it."""

    def __init__(self, stage: MidiStage, cable: Cable, model: int, serial: bytes = b"") -> None:
        """`serial`: it works for nobody who does not answer it."""
        self.stage, self.cable, self.model, self.serial = stage, cable, model, serial
        self.faders: dict[int, int] = {}
        self.moves: list[tuple[int, int]] = []
        self.lamps: dict[int, int] = {}
        self.controls: dict[int, int] = {}
        self.display = bytearray(b" " * 112)
        self.pressures: list[int] = []
        self.words: list[bytes] = []          # SysEx that is no display's
        self.messages = 0
        self._bytes = bytearray()

    def look(self, patience: float = 0.0) -> None:
        """All that it was told by now. A message without its own status would be a fault."""
        self._bytes += self.cable.hear(patience)
        while self._bytes:
            status = self._bytes[0]
            if status == 0xF0:
                if 0xF7 not in self._bytes:
                    return
                end = self._bytes.index(0xF7) + 1
                self._word(bytes(self._bytes[:end]))
            else:
                end = 2 if status & 0xF0 in (0xC0, 0xD0) else 3
                if len(self._bytes) < end:
                    return
                self._short(bytes(self._bytes[:end]))
            self.messages += 1
            del self._bytes[:end]

    def _word(self, word: bytes) -> None:
        assert word[:4] == bytes((0xF0, 0, 0, 0x66)), word
        if word[4] != self.model:          # another unit is meant
            return
        if word[5] == 0 and self.serial:
            self.ask()
        if word[5] == 0x12:
            self.display[word[6]:word[6] + len(word) - 8] = word[7:-1]
            assert len(self.display) == 112
        else:
            self.words.append(word)

    def _short(self, message: bytes) -> None:
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind == 0xE0:
            self.faders[channel] = message[1] | message[2] << 7
            self.moves.append((channel, self.faders[channel]))
        elif kind == 0x90:
            self.lamps[message[1]] = message[2]
        elif kind == 0xB0:
            self.controls[message[1]] = message[2]
        else:
            assert kind == 0xD0, message
            self.pressures.append(message[1])

    def ask(self) -> None:
        self.cable.say(0xF0, 0, 0, 0x66, self.model, 1, *self.serial, *CHALLENGE, 0xF7)

    # a hand

    def slide(self, number: int, pitch: int) -> None:
        self.cable.say(0xE0 | number, pitch & 0x7F, pitch >> 7)

    def touch(self, number: int) -> None:
        self.cable.say(0x90, 104 + number, 127)

    def release(self, number: int) -> None:
        self.cable.say(0x90, 104 + number, 0)

    def drag(self, number: int, pitch: int, steps: int = 12) -> None:
        """A finger takes the fader from where it stands, and stays on it."""
        start = self.faders[number]
        self.touch(number)
        for step in range(1, steps + 1):
            self.slide(number, start + (pitch - start) * step // steps)

    def press(self, note: int) -> None:
        self.cable.say(0x90, note, 127, 0x90, note, 0)
        self.stage.run(0.1)

    def turn(self, control: int, clicks: int) -> None:
        self.cable.say(0xB0, control, clicks if clicks > 0 else 64 - clicks)

    # what is read

    def upper(self, number: int) -> str:
        return self.display[number * 7:number * 7 + 7].decode().rstrip()

    def lower(self, number: int) -> str:
        return self.display[56 + number * 7:56 + number * 7 + 7].decode().rstrip()

    def row(self) -> str:
        return self.display[56:].decode().rstrip()

    def digits(self) -> str:
        """Twelve, from the left, assignment first."""
        codes = [self.controls.get(64 + place, 32) for place in reversed(range(12))]
        return "".join(chr(code if code >= 32 else code + 64) for code in codes)
