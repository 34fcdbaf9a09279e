"""The ports of the box: which are open to others and what for; taking one, or saying in one line why it cannot be taken."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

from gigbox.errors import MachineError

PAGE, HTTP, SHELL = 8080, 80, 22           # the page's program has no rights, so that the wall of the image leads the second to the first
OSC, OSC_VARIABLE = 10024, "GIGBOX_OSC_PORT"


@dataclass(frozen=True)
class Open:
    """What the wall lets in."""

    kind: str
    port: int
    what: str


TABLE = (Open("tcp", HTTP, "the page, as browsers ask for it"), Open("tcp", PAGE, "the page"), Open("udp", 5353, "the name gigbox.local"),
         Open("udp", OSC, "apps, by OSC: closed while box/osc is off"),
         Open("udp", 67, "addresses on the hotspot"), Open("udp", 53, "names on the hotspot"), Open("tcp", 53, "names on the hotspot"),
         Open("tcp", SHELL, "a shell, once a key lies on the data partition"))


def wall() -> str:
    """What the wall of the image (nftables) calls them: it looks at the page and the shell more closely than at all others."""
    other = {kind: [str(each.port) for each in TABLE if each.kind == kind and each.port not in (HTTP, PAGE, SHELL)] for kind in ("udp", "tcp")}
    rows = {"page": str(PAGE), "http": str(HTTP), "shell": str(SHELL), **{f"other_{kind}": f"{{ {', '.join(found)} }}" for kind, found in other.items()}}
    return "".join(f"define {name} = {value}\n" for name, value in rows.items())


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
