"""The part of the program: one loop over all cables. Nothing in it waits for a device, and none keeps the others waiting."""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gigbox import places
from gigbox.errors import GigboxError
from gigbox.rack import Rack
from gigbox.remote.midi import mcu, settings, tongues
from gigbox.remote.midi.aims import table
from gigbox.remote.midi.console import Console
from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.plain import Plain
from gigbox.remote.midi.ports import Port, Ports
from gigbox.remote.midi.settings import Settings
from gigbox.remote.midi.unit import Unit
from gigbox.remote.midi.wire import Wire
from gigbox.remote.mirror import Mirror
from gigbox.streams import say

LOOK_S = 1.0              # between two looks for devices
SHOW_S, STALE_S = 0.03, 0.25       # what is shown is made anew at most, and at least, so often
TURN_S = 0.25
MODELS = {tongues.MCU: mcu.MAIN, tongues.EXTENDER: mcu.XT}
WORDS = {tongues.MCU: "a surface", tongues.EXTENDER: "an extender", tongues.PLAIN: "a controller"}
TONGUE_OF = {model: tongue for tongue, model in MODELS.items()}


class Device:
    """A cable, and what is at its other end."""

    def __init__(self, port: Port, speaks: str | None, fixed: bool) -> None:
        """`speaks` is None where nobody knows. `fixed`: whatever the device says of itself from now on."""
        self.port, self.speaks, self.fixed, self.known = port, speaks or tongues.PLAIN, fixed, speaks is not None
        self.wire = Wire()
        self.by = f"midi:{port.name}"
        self.speaker: Unit | Plain | None = None
        self.mapped: Plain | None = None               # what the file maps on a surface
        self.shown, self.seen = -STALE_S, (-1, -1)
        self.complained = False                        # one line, till it is unplugged

    def let_go(self) -> None:
        for each in (self.speaker, self.mapped):
            if isinstance(each, Plain):
                each.let_go()


class Midi:
    """`ports` finds cables, `levels` is what the rack shows, `file` is midi.toml."""

    name = "midi"

    def __init__(self, mirror: Mirror, ports: Ports, levels: Levels, file: Path, tell: Callable[[str], None] = say,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._mirror, self._ports, self.levels, self._file, self._tell, self._clock = mirror, ports, levels, file, tell, clock
        self.devices: list[Device] = []
        self._settings, self._stamp = Settings(), (-1, -1)
        self._fault = ""
        self._looked = -LOOK_S
        self._poll = select.poll()

    def turn(self) -> None:
        """Waits till something comes or is due."""
        now = self._clock()
        self.levels.look(now)
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._look(now)
        ready = {fd for fd, _ in self._poll.poll(max((self._due(now) - now) * 1000, 0))}
        now = self._clock()
        for device in tuple(self.devices):
            if device.port.fd in ready:
                self._hear(device, now)
            self._show(device, now)
            if device.port.gone:
                self._drop(device, f"{device.port.name}: gone ({device.port.gone})")

    def close(self) -> None:
        for device in self.devices:
            self._poll.unregister(device.port.fd)
            device.let_go()
        self.devices.clear()
        self._ports.close()

    def _due(self, now: float) -> float:
        due = now + TURN_S
        for device in self.devices:
            speaker = device.speaker
            if speaker is not None:
                due = min(due, now + SHOW_S, *(each for each in (speaker.outbox.due(),) if each is not None))
        return due

    def _look(self, now: float) -> None:
        self._read()
        for port in self._ports.look(lambda name: self._settings.speaks(name) != tongues.OFF):
            speaks = self._settings.speaks(port.name)
            device = Device(port, speaks or tongues.tongue(port.name), speaks is not None)
            self.devices.append(device)
            self._poll.register(port.fd, select.POLLIN)
            self._meet(device, device.speaks, now)

    def _read(self) -> None:
        """The file, where it is another than it was. One that is wrong is said, and what held before still does."""
        try:
            stat = self._file.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            stamp = (0, 0)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._settings = settings.load(self._file)
        except GigboxError as e:
            for line in str(e).splitlines():
                self._tell(line)
            return
        for device in tuple(self.devices):
            self._drop(device, "")
        self._ports.close()

    def _meet(self, device: Device, speaks: str, now: float) -> None:
        """It speaks that from now on."""
        device.speaks, device.shown = speaks, -STALE_S
        mapped = self._settings.aims(device.port.name)
        if model := MODELS.get(speaks):
            console = Console(self._mirror, device.by, lambda: self.levels.strips, self._clock)
            device.speaker = Unit(device.port.write, model, console, self.levels, now, "touch" in device.port.name.casefold())
            device.mapped = Plain(len, mapped, self._mirror, device.by, self.levels, now, console.say) if mapped else None
        else:
            device.speaker = Plain(device.port.write, table() | mapped, self._mirror, device.by, self.levels, now, known=device.known)
        self._tell(f"midi: {device.port.name}: here, as {WORDS[speaks]}")
        self._group()

    def _group(self) -> None:
        """Extenders stand to the right of the first surface, and share its console."""
        units = [device.speaker for device in self.devices if isinstance(device.speaker, Unit)]
        mains = [unit for unit in units if unit.model == mcu.MAIN]
        together = [*mains[:1], *(unit for unit in units if unit.model == mcu.XT)]
        for place, unit in enumerate(together):
            unit.stand(together[0].console, place)
        for unit in mains[1:]:
            unit.stand(unit.console, 0)
            unit.console.width = mcu.STRIPS
        if together:
            together[0].console.width = mcu.STRIPS * len(together)
            together[0].console.news += 1

    def _hear(self, device: Device, now: float) -> None:
        for message in device.wire.feed(device.port.read()):
            self._said(device, message, now)

    def _said(self, device: Device, message: Any, now: float) -> None:
        asked = mcu.asked(message) if message.type == "sysex" and not device.fixed else None
        if asked and asked[1] in (mcu.ASKS, mcu.WELCOME) and device.speaks != (speaks := TONGUE_OF[asked[0]]):
            self._meet(device, speaks, now)
            device.fixed = True            # till it is unplugged
        if device.mapped and device.mapped.takes(message):
            device.mapped.hear(message, now)
        elif device.speaker:
            device.speaker.hear(message, now)

    def _show(self, device: Device, now: float) -> None:
        speaker = device.speaker
        if speaker is None:
            return
        for each in (speaker, device.mapped):
            if isinstance(each, Plain):
                each.turn(now)
        news = (self._mirror.news, 0)
        if isinstance(speaker, Unit):
            speaker.console.look(now)
            news = (self._mirror.news, speaker.console.news)
        age = now - device.shown
        if age >= STALE_S or (age >= SHOW_S and news != device.seen):
            device.shown, device.seen = now, news
            speaker.show(now)
        speaker.meter(now)
        speaker.outbox.send(now)
        if speaker.outbox.stuck and not device.complained:
            device.complained = True
            self._tell(f"midi: {device.port.name}: takes nothing, it is told all anew when it does")

    def _drop(self, device: Device, why: str) -> None:
        self._poll.unregister(device.port.fd)
        device.let_go()
        self.devices.remove(device)
        self._ports.drop(device.port)
        if why:
            self._tell(f"midi: {why}")
        self._group()


def make(mirror: Mirror, rack: Path) -> Midi:
    """On this machine's devices."""
    return Midi(mirror, Ports(say), Levels(lambda: Rack(rack)), places.state_dir() / settings.FILE)
