"""Takes on their way home: one file, or all of them as one archive, as fast as the other side takes it and never more than a piece of it in memory."""

from __future__ import annotations

import asyncio
import contextlib
import zipfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, unquote

from tornado.iostream import StreamClosedError

from gigbox.errors import GigboxError, MachineError, TakeError
from gigbox.takes.patience import beside
from gigbox.takes.shelf import Shelf
from gigbox.takes.take import Take, files
from gigbox.web.access import methods, refusal
from gigbox.web.headers import HEADERS
from gigbox.web.one_line import OneLine
from gigbox.web.visitors import Visitors

PATH = r"/api/takes/([^/]+)/(?:(zip)|files/([^/]+))"
PIECE = 1 << 18           # bytes read at once
MOST = 3                  # at the same time: a card that is written to has a show to keep up with
WAITING = 30              # who comes while so many wait is told to come later
DISK_S = 20.0             # a disk that takes longer over a piece ends the download: others wait for their turn
EARLIEST = (1980, 1, 1, 0, 0, 0)

Told = TypeVar("Told")


class Counter:
    """What all downloads share: the shelf, and whose turn it is."""

    def __init__(self, shelf: Shelf, visitors: Visitors) -> None:
        self.shelf, self.visitors, self.waiting = shelf, visitors, 0
        self.turn = asyncio.Semaphore(MOST)


class Download(OneLine):
    """One request. Whoever goes away ends it."""

    def initialize(self, counter: Counter) -> None:
        self._counter = counter

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Whose it is, and whether they may."""
        cookies = {name: cookie.value for name, cookie in self.cookies.items()}
        visitor = self._counter.visitors.of(cookies, self.request.headers, self.request.connection.context)      # type: ignore[union-attr]
        if refused := refusal(visitor, self.request.method or "", unquote(self.request.path)):
            self._refuse(refused.status, refused.why)

    async def get(self, name: str, whole: str | None, file: str | None) -> None:
        if self._counter.waiting >= WAITING:
            self._refuse(503, f"{unquote(name)[:80]}: {self._counter.waiting} downloads wait already, expected some to end first")
            return
        self._counter.waiting += 1
        try:
            async with self._counter.turn:
                await self._give(unquote(name), bool(whole), unquote(file or ""))
        finally:
            self._counter.waiting -= 1

    async def _give(self, name: str, whole: bool, file: str) -> None:
        try:
            take = await _beside(lambda: at_rest(self._counter.shelf, name))
            pieces = archive(take) if whole else await self._one(take, file)
            self._is_called(f"{take.name}.zip" if whole else f"{take.name} - {file}")
            await self._send(pieces)
        except GigboxError as e:
            self._refuse(404 if "no such" in str(e) else 503 if isinstance(e, MachineError) else 422, str(e))
        except OSError as e:
            self._refuse(503, f"{name[:80]}: {e.strerror or 'the disk has not answered yet'}")

    async def _one(self, take: Take, file: str) -> Generator[bytes, None, None]:
        path = take.file(file)
        self.set_header("Content-Length", str(await _beside(lambda: path.stat().st_size)))
        return whole_file(path)

    async def _send(self, pieces: Generator[bytes, None, None]) -> None:
        try:
            while (piece := await _beside(lambda: next(pieces, None))) is not None:
                self.write(piece)
                await self.flush()
        except (StreamClosedError, OSError):         # they went away, or the stick did: what was promised is not whole, and they see that
            with contextlib.suppress(AttributeError):
                self.request.connection.close()      # type: ignore[union-attr]
        finally:
            with contextlib.suppress(ValueError):    # a disk that hangs is asked for a piece still
                pieces.close()

    def _is_called(self, name: str) -> None:
        plain = "".join(c if " " <= c <= "~" and c not in '"\\' else "_" for c in name)
        self.set_header("Content-Disposition", f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}")
        self.set_header("Content-Type", "application/octet-stream")

    def _refuse(self, status: int, why: str) -> None:
        self.clear_header("Content-Length")
        if status == 405:
            self.set_header("Allow", ", ".join(methods(self.request.path)))
        self.set_status(status)
        self.finish({"error": why})


async def _beside(act: Callable[[], Told]) -> Told:
    """TimeoutError, an OSError, where the disk takes longer than DISK_S."""
    return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(beside(act))), DISK_S)


def at_rest(shelf: Shelf, name: str) -> Take:
    """A take that does not grow any more."""
    take = shelf.find(name)
    if take.grows:
        raise TakeError(f"{name[:80]}: is being recorded, expected it to be stopped first")
    return take


def whole_file(path: Path) -> Generator[bytes, None, None]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def archive(take: Take) -> Generator[bytes, None, None]:
    """All files of a take in a folder of its name, not packed: sound hardly gets smaller, and a phone opens it at once."""
    out = _Out()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:      # type: ignore[call-overload]
        for name, path in files(take.folder).items():
            with made.open(zipfile.ZipInfo(f"{take.name}/{name}", EARLIEST), "w", force_zip64=True) as entry:
                for piece in whole_file(path):
                    entry.write(piece)
                    yield from out.taken()
    yield from out.taken()


class _Out:
    """What an archive writes, until it is taken; it cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        if pieces:
            yield b"".join(pieces)
