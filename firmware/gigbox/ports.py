"""Taking a port of the machine, or saying in one line why it cannot be."""

from __future__ import annotations

import errno
import socket

from gigbox.errors import MachineError


def listen_on(host: str, port: int) -> socket.socket:
    """The port, taken; MachineError says why it cannot be."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=64)
    except OverflowError:
        raise MachineError(f"port {port}: not in 0..65535") from None
    except OSError as e:
        if e.errno == errno.EADDRINUSE:
            raise MachineError(f"port {port}: already in use, choose another with --port") from None
        if e.errno == errno.EACCES:
            raise MachineError(f"port {port}: not allowed for this user, choose one above 1023 with --port") from None
        raise MachineError(f"{host}:{port}: {e.strerror}") from None
