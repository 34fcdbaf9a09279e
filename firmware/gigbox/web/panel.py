"""The WebSocket /panel: the simulated panel of the program `gigbox panel`. What that says goes to the page, what the page does goes there, word for word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gigbox.web.sockets import Paced, Room

AGAIN_S = 0.5             # between two looks for a panel that is away
BEHIND_S = 0.05           # a page that is behind is waited for; the panel then leaves frames out
LONGEST = 1 << 12         # bytes of a message of a page
LINE_BYTES = 1 << 16      # and of a line of the panel
AWAY = '{"panel":null}'


class PanelRoom(Room):
    """`panel_socket` tells where the panel listens."""

    def __init__(self, *given: Any, panel_socket: Callable[[], Path]) -> None:
        super().__init__(*given)
        self.panel_socket = panel_socket


class Panel(Paced):
    """A page that shows the panel: a viewer of its own, so that what it holds down is let go when it goes."""

    def initialize(self, room: Room) -> None:
        super().initialize(room)
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    def may_turn(self) -> bool:
        """Whether whoever is at this page may turn knobs."""
        return self.may("PUT", "/panel")

    def open(self, *_: str, **__: str) -> None:
        super().open()
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def on_close(self) -> None:
        super().on_close()
        if self._task is not None:
            self._task.cancel()

    def on_message(self, message: str | bytes) -> None:
        if not self.allowed() or self._writer is None or not self.may_turn():
            return
        data = message.encode() if isinstance(message, str) else message
        if len(data) <= LONGEST:
            self._writer.write(data.replace(b"\n", b" ") + b"\n")

    async def _follow(self) -> None:
        told = ""
        while True:
            with contextlib.suppress(OSError, ValueError):             # the panel went away, or says no lines
                reader, self._writer = await asyncio.open_unix_connection(self.room.panel_socket(), limit=LINE_BYTES)
                told = ""
                try:
                    await self._pass(reader)
                finally:
                    self._writer.close()
                    self._writer = None
            if not told:
                self.put(told := AWAY)
            await asyncio.sleep(AGAIN_S)

    async def _pass(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            while self.behind:
                await asyncio.sleep(BEHIND_S)
            self.put(line.decode().rstrip("\n"))
