"""Where the pulses of all programs arrive: a datagram socket in the runtime folder, which the kernel tells the sender of."""

from __future__ import annotations

import contextlib
import socket
import struct
from pathlib import Path

from gigbox import places
from gigbox.errors import MachineError

CREDENTIALS = struct.Struct("3i")     # pid, uid, gid
MOST = 256                            # beats taken at a time: who sends without end holds nobody up


class Beats:
    """Listens at `path`; MachineError where it cannot. What an earlier one left there is replaced."""

    def __init__(self, path: Path) -> None:
        places.check_socket(path)
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            path.unlink(missing_ok=True)
            self._socket.bind(str(path))
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        except OSError as e:
            self._socket.close()
            raise MachineError(f"{path}: {e.strerror or e}, expected a place for a socket") from None

    def senders(self) -> set[int]:
        """The processes that beat since the last call."""
        found = set()
        with contextlib.suppress(BlockingIOError):
            for _ in range(MOST):
                words, notes, _, _ = self._socket.recvmsg(4096, socket.CMSG_SPACE(CREDENTIALS.size))
                if b"WATCHDOG=1" in words.split(b"\n"):
                    found |= {CREDENTIALS.unpack(data)[0] for level, kind, data in notes if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS)}
        return found

    def close(self) -> None:
        self._socket.close()
        self.path.unlink(missing_ok=True)
