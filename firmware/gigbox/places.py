"""Where the programs meet: the runtime folder (rack, socket) and the state folder (journal, scenes, taste)."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from gigbox.errors import MachineError

SOCKET_BYTES = 107            # unix(7) takes no longer name


def runtime_dir() -> Path:
    """Memory-backed: $GIGBOX_RUN, or the session's runtime folder, or /dev/shm. Made if missing, for this user alone."""
    named = os.environ.get("GIGBOX_RUN")
    base = os.environ.get("XDG_RUNTIME_DIR") or "/dev/shm"
    path = Path(named) if named else Path(base) / f"gigbox-{os.getuid()}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def state_dir() -> Path:
    """On disk: $GIGBOX_STATE, or the user's state folder."""
    named = os.environ.get("GIGBOX_STATE")
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    path = Path(named) if named else Path(base) / "gigbox"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def rack_path() -> Path:
    return runtime_dir() / "rack"


def socket_path() -> Path:
    """The desk's; MachineError where the folder's name is too long for one."""
    path = runtime_dir() / "desk.sock"
    if (size := len(os.fsencode(path))) > SOCKET_BYTES:
        raise MachineError(f"{path}: {size} bytes, expected {SOCKET_BYTES} at most for a socket; choose another folder with GIGBOX_RUN")
    return path


def hold(handle: int, taken: str) -> int:
    """Locks an open file or folder for this process, however it ends; MachineError `taken` where another one holds it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise MachineError(taken) from None
    return handle
