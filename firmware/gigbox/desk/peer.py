"""Which program is at the other end of the desk's socket: by the kernel's word (SO_PEERCRED), and what /proc says of that process."""

from __future__ import annotations

import os
import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

CREDENTIALS = struct.Struct("3i")           # pid, uid, gid: ucred of unix(7)
UNIT = re.compile(r"/gigbox-([a-z]+)\.service")
SCRIPT = "script"                            # whatever else this user runs
ROOT = 0


@dataclass(frozen=True)
class Peer:
    """`program`: as `gigbox` calls it, or SCRIPT."""

    user: int
    program: str = SCRIPT


def peer_of(sock: socket.socket, proc: Path = Path("/proc")) -> Peer:
    pid, user, _ = CREDENTIALS.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size))
    return Peer(user, program_of(pid, proc))


def program_of(pid: int, proc: Path = Path("/proc")) -> str:
    """By its unit, which only root can choose; without systemd by its command line."""
    try:
        if found := UNIT.search((proc / str(pid) / "cgroup").read_text("utf-8", "replace")):
            return found[1]
        words = (proc / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:              # gone already
        return SCRIPT
    for i, word in enumerate(words[:4]):         # an interpreter and its options stand before it
        if word == "gigbox.cli" or os.path.basename(word) == "gigbox":
            return words[i + 1] if words[i + 1:i + 2] and words[i + 1].isalpha() else SCRIPT
    return SCRIPT


def stranger(peer: Peer, own: int | None = None) -> str:
    """Why this desk does not listen to it, or nothing: it is for the user that it runs as, and for root."""
    own = os.getuid() if own is None else own
    return "" if peer.user in (own, ROOT) else f"desk: this client is of user {peer.user}, expected user {own}, whose box this is"
