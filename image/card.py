"""A card that tells the truth. What was written outlasts a cut where a flush came behind it; of the rest a cut leaves what chance has it, in pieces of 4 KB.

QEMU reaches it as a network block device (the protocol's document: github.com/NetworkBlockDevice/nbd, doc/proto.md), through a socket of this folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import socket
import struct
import threading
from pathlib import Path

PIECE = 4096
OPTION_MAGIC, OPTION_REPLY, REQUEST, REPLY = 0x49484156454F5054, 0x3E889045565A9, 0x25609513, 0x67446698
EXPORT_NAME, ABORT, INFO, GO = 1, 2, 6, 7
ACK, EXPORT, UNSUPPORTED = 1, 3, 1 << 31 | 1
READ, WRITE, GOODBYE, FLUSH, TRIM, ZEROES = 0, 1, 2, 3, 4, 6
THROUGH = 1                                     # a write that is on the card before it is answered
ABLE = 1 | 4 | 8 | 32 | 64                      # flush, through, trim, zeroes
INVALID = 22


class Card:
    """`image`: what is on it. `served`: the socket."""

    def __init__(self, image: Path, served: Path, chance: random.Random | None = None) -> None:
        self.image, self.served = image, served
        self._file = os.open(image, os.O_RDWR)
        self._size = os.fstat(self._file).st_size
        self._chance = chance or random.Random(1)
        self._waiting: dict[int, bytes] = {}    # pieces that no flush came behind yet, by number
        self._lock = threading.Lock()
        self._free = threading.Event()
        self._free.set()
        served.unlink(missing_ok=True)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(served))
        self._door.listen(1)
        threading.Thread(target=self._serve, name="card", daemon=True).start()

    def cut(self, kept: float) -> int:
        """The power is gone, and QEMU with it: of what waited so large a share is kept, by chance. How many pieces were lost."""
        self._free.wait(10)
        with self._lock:
            lost = self._settle(self._file, 0, kept)
            self._waiting.clear()
            return lost

    def as_cut(self, goal: Path, begin: int, kept: float) -> int:
        """What a cut just now would leave, from byte `begin` on, into a file of its own; the machine goes on. How many pieces it would cost."""
        with self._lock, goal.open("wb") as file:
            _copy(self._file, begin, file.fileno())
            return self._settle(file.fileno(), begin, kept)

    def _settle(self, file: int, begin: int, kept: float) -> int:
        """Of what waits so large a share into a file that holds the card from `begin` on, by chance; how many pieces were not."""
        lost = 0
        for number, piece in self._waiting.items():
            if self._chance.random() >= kept:
                lost += 1
            elif number * PIECE >= begin:
                os.pwrite(file, piece, number * PIECE - begin)
        return lost

    def close(self) -> None:
        self._door.close()
        self.served.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            self._free.clear()
            with line, contextlib.suppress(OSError, EOFError, struct.error):
                if self._greet(line):
                    while self._answer(line):
                        pass
            self._free.set()

    def _greet(self, line: socket.socket) -> bool:
        """Until the other side has chosen the one export that there is."""
        line.sendall(b"NBDMAGIC" + struct.pack(">QH", OPTION_MAGIC, 3))
        _take(line, 4)
        while True:
            magic, option, length = struct.unpack(">QII", _take(line, 16))
            _take(line, length)
            if magic != OPTION_MAGIC or option == ABORT:
                return False
            if option == EXPORT_NAME:
                line.sendall(struct.pack(">QH", self._size, ABLE))
                return True
            if option not in (INFO, GO):
                line.sendall(struct.pack(">QIII", OPTION_REPLY, option, UNSUPPORTED, 0))
                continue
            line.sendall(struct.pack(">QIIIHQH", OPTION_REPLY, option, EXPORT, 12, 0, self._size, ABLE) + struct.pack(">QIII", OPTION_REPLY, option, ACK, 0))
            if option == GO:
                return True

    def _answer(self, line: socket.socket) -> bool:
        magic, flags, kind, name, offset, length = struct.unpack(">IHHQQI", _take(line, 28))
        data = _take(line, length) if kind == WRITE else bytes(length) if kind == ZEROES else b""
        if magic != REQUEST or kind == GOODBYE:
            return False
        error, back = 0, b""
        with self._lock:
            if kind == READ:
                back = self._read(offset, length)
            elif kind in (WRITE, ZEROES):
                self._write(offset, data)
            elif kind not in (FLUSH, TRIM):
                error = INVALID
            if kind == FLUSH or flags & THROUGH:
                self._keep()
        line.sendall(struct.pack(">IIQ", REPLY, error, name) + back)
        return True

    def _read(self, offset: int, length: int) -> bytes:
        plain = bytearray(os.pread(self._file, length, offset).ljust(length, b"\0"))
        first, last = offset // PIECE, (offset + length - 1) // PIECE
        for number in range(first, last + 1) if self._waiting else ():
            if (piece := self._waiting.get(number)) is not None:
                begin, end = max(offset, number * PIECE), min(offset + length, (number + 1) * PIECE)
                plain[begin - offset:end - offset] = piece[begin - number * PIECE:end - number * PIECE]
        return bytes(plain)

    def _write(self, offset: int, data: bytes) -> None:
        for number in range(offset // PIECE, (offset + len(data) - 1) // PIECE + 1):
            at = number * PIECE
            begin, end = max(offset, at), min(offset + len(data), at + PIECE)
            piece = data[begin - offset:end - offset]
            if end - begin < PIECE:
                whole = bytearray(self._read(at, PIECE))
                whole[begin - at:end - at] = piece
                piece = bytes(whole)
            self._waiting[number] = piece

    def _keep(self) -> None:
        for number, piece in sorted(self._waiting.items()):
            os.pwrite(self._file, piece, number * PIECE)
        self._waiting.clear()


def _copy(source: int, begin: int, goal: int) -> None:
    """From byte `begin` to the end; holes stay holes."""
    size = os.fstat(source).st_size
    os.ftruncate(goal, size - begin)
    end = begin
    while (at := _written_from(source, end, size)) < size:
        end = os.lseek(source, at, os.SEEK_HOLE)
        os.lseek(goal, at - begin, os.SEEK_SET)
        while at < end:
            at += os.sendfile(goal, source, at, end - at)


def _written_from(file: int, at: int, size: int) -> int:
    """Where the next data are; `size` where there is a hole up to the end."""
    try:
        return os.lseek(file, at, os.SEEK_DATA)
    except OSError as e:
        if e.errno == errno.ENXIO:
            return size
        raise


def _take(line: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        part = line.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return bytes(found)
