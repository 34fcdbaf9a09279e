"""Where the pulses of all programs arrive: a datagram socket without a file, so that no disk can lose it. The kernel tells who sends."""

from __future__ import annotations

import contextlib
import socket
import struct

CREDENTIALS = struct.Struct("3i")     # pid, uid, gid
MOST = 256                            # beats taken at a time: who sends without end holds nobody up


class Beats:
    """Listens at `address`, which is made for $NOTIFY_SOCKET."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind("")                                                  # the kernel finds a free name, unix(7)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.address = "@" + self._socket.getsockname()[1:].decode()

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
