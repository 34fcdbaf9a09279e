"""One client's socket: lines in, lines out, never waiting. A slow client gets the newest state of each path, not every step to it."""

from __future__ import annotations

import json
import socket
from collections import deque
from collections.abc import Callable, Iterator

from gigbox.desk.access import Reader

LONGEST = 1 << 20             # bytes of a request
FULL = 1 << 16                # bytes not yet sent, above which changes are gathered per path
PILED = 1 << 20               # and above which the client's requests wait until it reads the answers
AT_ONCE = 100                 # requests of one client before the others have their turn
WAITING = 8                   # answers of one client that may wait for the card before it is heard again
STALLED_S = 10.0              # a client that reads nothing for so long is let go

Source = tuple[str, str, str]               # by, layer, why


class Gone(Exception):
    """The client hung up."""


class Connection:
    """`reader` is what the protocol knows of the client; `changes` what it has yet to be told."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.reader = Reader()
        self.changes: dict[str, Source] = {}
        self.events = 0           # what the selector looks for
        self._lines: deque[bytes] = deque()
        self._rest = b""          # the line that has not ended yet,
        self._skipping = False    # or is to be thrown away
        self._outbox = bytearray()
        self._waits_since: float | None = None
        self._waiting = 0         # answers that wait for the card,
        self._in_turn = False     # and whether one of them has no id, so that nothing may overtake it

    @property
    def wants_read(self) -> bool:
        return not self._lines and self._hears

    @property
    def waits(self) -> bool:
        """Whether a request has come that can be answered now."""
        return bool(self._lines) and self._hears

    @property
    def _hears(self) -> bool:
        return len(self._outbox) < PILED and not self._in_turn and self._waiting < WAITING

    def wait_for(self, named: bool) -> None:
        """An answer comes later; by its id, if it is `named`."""
        self._waiting += 1
        self._in_turn = not named

    def waited_for(self, named: bool) -> None:
        """It has come."""
        self._waiting -= 1
        self._in_turn &= named

    @property
    def wants_write(self) -> bool:
        return bool(self._outbox)

    def stalled(self, now: float) -> bool:
        """Whether it has read nothing for too long. Call each 100 ms."""
        if not self._outbox:
            self._waits_since = None
        elif self._waits_since is None:
            self._waits_since = now
        return self._waits_since is not None and now - self._waits_since > STALLED_S

    def receive(self) -> None:
        """Takes what has come; Gone at the end. A line that is too long is answered and skipped."""
        try:
            content = self.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            raise Gone from None
        if not content:
            raise Gone
        *lines, self._rest = (self._rest + content).split(b"\n")
        if self._skipping and lines:
            lines, self._skipping = lines[1:], False
        if self._skipping:
            self._rest = b""
        elif len(self._rest) > LONGEST:
            self._refuse()
            self._rest, self._skipping = b"", True
        for line in lines:
            if len(line) > LONGEST:
                self._refuse()
            elif line.strip():
                self._lines.append(line)

    def requests(self) -> Iterator[bytes]:
        """The next whole lines: some, and only while the client reads its answers."""
        for _ in range(AT_ONCE):
            if not self.waits:
                return
            yield self._lines.popleft()

    def _refuse(self) -> None:
        self.send({"error": f"request: longer than {LONGEST} bytes", "cause": "RequestError"})

    def send(self, answer: dict[str, object]) -> None:
        self._outbox += json.dumps(answer, separators=(",", ":")).encode() + b"\n"

    def note(self, path: str, source: Source) -> None:
        """A watched path is new; it is told with the next `tell`."""
        self.changes[path] = source

    def tell(self, told: Callable[[str], str]) -> None:
        """Puts what changed on its way, one line for each source; `told` gives a path's JSON. Not while much is still unread."""
        if not self.changes or len(self._outbox) > FULL:
            return
        sources: dict[Source, list[str]] = {}
        for path, source in self.changes.items():
            sources.setdefault(source, []).append(f'"{path}":{told(path)}')
        self.changes = {}
        for (by, layer, why), parts in sources.items():
            about = json.dumps({"by": by, "layer": layer, "why": why}, separators=(",", ":"))
            self._outbox += f'{{"changed":{{{",".join(parts)}}},{about[1:]}\n'.encode()

    def flush(self) -> None:
        """Sends what the socket takes; Gone where nobody is there any more."""
        while self._outbox:
            try:
                sent = self.sock.send(self._outbox)
            except BlockingIOError:
                return
            except OSError:
                raise Gone from None
            del self._outbox[:sent]
            self._waits_since = None
