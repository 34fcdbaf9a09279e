"""Cables: ALSA's raw MIDI devices, as files. What was plugged in or unplugged is seen by looking at the folder; nothing waits for a device.

A USB device has one file with as many cables as it tells; each opening of it gets the next that is free (sound/core/rawmidi.c).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gigbox.texts import reason

DEV, PROC = Path("/dev/snd"), Path("/proc/asound")
FILE = re.compile(r"midiC(\d+)D(\d+)")
CABLES, PORTS = 16, 32        # of one device, and of all together
READ = 1024                   # bytes at once, so that no flood keeps the others waiting
LONGEST = 40                  # characters of a name
INFO = struct.Struct("IIiiI64s80s32s72x")       # snd_rawmidi_info of sound/asound.h
INFO_IOCTL = 0x80000000 | INFO.size << 16 | ord("W") << 8 | 0x01
LATER = (errno.EAGAIN, errno.EINTR)
ONE_WAY = (errno.ENXIO, errno.EINVAL)           # of a device without the other direction


@dataclass(frozen=True)
class Found:
    """A device's file, what ALSA calls it, and how many cables it has."""

    path: Path
    name: str
    cables: int


class Port:
    """One open cable. It is `gone` once the device was pulled out."""

    def __init__(self, fd: int, name: str) -> None:
        self.fd, self.name = fd, name
        self.gone = ""

    def fileno(self) -> int:
        return self.fd

    def read(self) -> bytes:
        """What has come, READ bytes at most."""
        try:
            content = os.read(self.fd, READ)
        except OSError as e:
            if e.errno not in LATER:
                self.gone = reason(e)
            return b""
        if not content:
            self.gone = "unplugged"
        return content

    def write(self, content: bytes) -> int:
        """How much of it the device takes now."""
        try:
            return os.write(self.fd, content)
        except OSError as e:
            if e.errno == errno.EBADF:           # it cannot be told anything
                return len(content)
            if e.errno not in LATER:
                self.gone = reason(e)
            return 0

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self.fd)


class Ports:
    """Finds and opens. What cannot be opened is said once, and tried again at each look."""

    def __init__(self, say: Callable[[str], None], dev: Path = DEV, proc: Path = PROC) -> None:
        self._say, self._dev, self._proc = say, dev, proc
        self._open: dict[Path, list[Port]] = {}
        self._faults: dict[Path, str] = {}

    def look(self, wanted: Callable[[str], bool] = lambda name: True) -> list[Port]:
        """Those that were opened now, of devices whose name is `wanted`."""
        here = {found.path: found for found in self.found() if wanted(found.name)}
        for path in [path for path in self._faults if path not in here]:
            del self._faults[path]
        opened: list[Port] = []
        for path, found in here.items():
            while len(self._open.get(path, ())) < found.cables and sum(map(len, self._open.values())) < PORTS:
                if (port := self._opened(found)) is None:
                    break
                self._open.setdefault(path, []).append(port)
                opened.append(port)
        return opened

    def found(self) -> list[Found]:
        """In the order of cards and devices."""
        try:
            names = [match for match in map(FILE.fullmatch, os.listdir(self._dev)) if match]
        except OSError:                      # no card was ever here
            return []
        return [self._found(match[0], int(match[1]), int(match[2])) for match in sorted(names, key=lambda match: (int(match[1]), int(match[2])))]

    def drop(self, port: Port) -> None:
        """It is gone, or nobody wants it."""
        port.close()
        for path, ports in tuple(self._open.items()):
            self._open[path] = [other for other in ports if other is not port]

    def close(self) -> None:
        for ports in self._open.values():
            for port in ports:
                port.close()
        self._open.clear()

    def _found(self, file: str, card: int, device: int) -> Found:
        """The first line of the device's own file in /proc is its name; each cable has a block there for each direction."""
        try:
            lines = (self._proc / f"card{card}" / f"midi{device}").read_text("utf-8", "replace").splitlines()
        except OSError:
            lines = []
        name = plain(lines[0]) if lines else ""
        cables = max(sum(line.startswith(way) for line in lines) for way in ("Input ", "Output "))
        return Found(self._dev / file, name or file, min(max(cables, 1), CABLES))

    def _opened(self, found: Found) -> Port | None:
        try:
            fd = _open(found.path, os.O_RDWR)
        except OSError as e:
            if e.errno in ONE_WAY:            # it only listens: nothing for us
                return None
            busy = e.errno in (errno.EAGAIN, errno.EBUSY)
            if busy and self._open.get(found.path):       # the rest of its cables are another program's
                return None
            if (fault := f"midi: {found.name}: {'another program has it' if busy else reason(e)}; it is tried again") != self._faults.get(found.path):
                self._faults[found.path] = fault
                self._say(fault)
            return None
        self._faults.pop(found.path, None)
        return Port(fd, _cable(fd) or found.name)


def _open(path: Path, how: int) -> int:
    """Both ways, or only to be heard where it cannot be told anything."""
    try:
        return os.open(path, how | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as e:
        if how == os.O_RDONLY or e.errno not in ONE_WAY:
            raise
        return _open(path, os.O_RDONLY)


def plain(name: str) -> str:
    """As it is told to people, and to the desk."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:LONGEST]


def _cable(fd: int) -> str:
    """What ALSA calls this cable; nothing where it is no device of ALSA's."""
    try:
        told = INFO.unpack(fcntl.ioctl(fd, INFO_IOCTL, INFO.pack(0, 0, 1, 0, 0, b"", b"", b"")))
    except OSError:
        return ""
    name, cable = (plain(text.split(b"\0")[0].decode("utf-8", "replace")) for text in (told[6], told[7]))
    return cable if name in cable else plain(f"{name} {cable}")
