"""Where the programs meet and what they keep: the runtime folder (rack, socket), the state folder (journal, scenes, taste), the cache.

Each is the first of a list that will do. What $GIGBOX_RUN or $GIGBOX_STATE names is taken or refused, never passed over. Where the box runs as services
of this user, a shell means that box. Other variables count where they hold whole paths (XDG base directory specification); a home is that of $HOME, then
that of the user's line in passwd, if there are such things.
"""

from __future__ import annotations

import fcntl
import os
import pwd
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from gigbox.errors import MachineError

SOCKET_BYTES = 107        # of a socket's path: the system has room for 108, with the zero behind it (unix(7))
SERVICES = (Path("/run/gigbox"), Path("/var/lib/gigbox"))        # where the units of systemd have runtime and state; the first is gone at the next start
SHARED = (Path("/dev/shm"), Path("/tmp"), Path("/var/tmp"))       # anybody may have made a folder there

Fault = Callable[[Path], str]


def runtime_dir() -> Path:
    """In memory, for this user alone: $GIGBOX_RUN, or that of the services, or in $XDG_RUNTIME_DIR, /dev/shm or /tmp. MachineError where none will do."""
    usual = [base / _user() for base in (*_named("XDG_RUNTIME_DIR"), *SHARED[:2])]
    return _first("GIGBOX_RUN", "rack and socket", [*_of_services(SERVICES[0]), *usual], lambda path: _fault(path) or _socket_fault(path / "panel.sock"))[0]


def state_dir(say: Callable[[str], None] = lambda line: None) -> Path:
    """On disk: $GIGBOX_STATE, or that of the services, or gigbox in $XDG_STATE_HOME or ~/.local/state, or in /var/tmp, or else with the rack. MachineError
    where none will do.

    `say` is told where it is none that people would look into.
    """
    homes = [base / "gigbox" for base in (*_named("XDG_STATE_HOME"), *(home / ".local/state" for home in _homes()))]
    usual = [*_of_services(SERVICES[1]), *homes]
    path, faults = _first("GIGBOX_STATE", "journal, scenes and taste", chain(usual, [SHARED[2] / _user()], _with_the_rack("state")), _state_fault)
    if faults or (path not in usual and not os.environ.get("GIGBOX_STATE")):
        lost = " and lost with the power" if path.name == "state" else ""
        say(f"{path}: journal, scenes and taste are here{lost} ({'; '.join(faults) or 'there is no home folder'})")
    return path


def cache_dir() -> Path:
    """For what can be made again: gigbox in $XDG_CACHE_HOME or ~/.cache, or else with the rack."""
    usual = [base / "gigbox" for base in (*_named("XDG_CACHE_HOME"), *(home / ".cache" for home in _homes()))]
    return _first("", "what can be made again", chain(usual, _with_the_rack("cache")), _fault)[0]


def rack_path() -> Path:
    return runtime_dir() / "rack"


def socket_path() -> Path:
    """The desk's; MachineError where the folder's name is too long for one."""
    return _socket("desk.sock")


def ideas_path() -> Path:
    """The notebook of ideas, in memory: written by one program, read by page and panel."""
    return runtime_dir() / "ideas.json"


def panel_socket_path() -> Path:
    """Where the panel's viewers find it."""
    return _socket("panel.sock")


def _socket(name: str) -> Path:
    path = runtime_dir() / name
    if (size := len(os.fsencode(path))) > SOCKET_BYTES:
        raise MachineError(f"{path}: {size} bytes, expected {SOCKET_BYTES} at most for a socket; choose another folder with GIGBOX_RUN")
    return path


def check_socket(path: Path) -> Path:
    """The path; MachineError where no socket can lie there."""
    if fault := _socket_fault(path):
        raise MachineError(f"{path}: {fault}")
    return path


def user_name() -> str:
    """Who this is; the number of one whom nobody knows, as in a container."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def only_one(lock: Path, taken: str) -> int:
    """A file that lies there for this process alone, however it ends; MachineError `taken` where another one has it."""
    return hold(os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), taken)


def hold(handle: int, taken: str) -> int:
    """Locks an open file or folder for this process, however it ends; MachineError `taken` where another one holds it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise MachineError(taken) from None
    return handle


def _with_the_rack(name: str) -> Iterator[Path]:
    """Not looked for before it is asked for."""
    yield runtime_dir() / name


def _first(variable: str, what: str, paths: Iterable[Path], fault: Fault) -> tuple[Path, list[str]]:
    """The first that will do, and what was wrong with those before it."""
    if named := os.environ.get(variable):
        paths = [Path(named).absolute()]
    faults: list[str] = []
    for path in paths:
        if not (why := fault(path)):
            return path, faults
        faults.append(f"{path}: {why}")
    raise MachineError("; ".join(faults) + (f"; name a folder for {what} with {variable}" if variable else ""))


def _of_services(path: Path) -> list[Path]:
    """The folder, where the box has run as services of this user since the machine started; root means that box, too."""
    try:
        return [path] if SERVICES[0].stat().st_uid == os.getuid() or not os.getuid() else []
    except OSError:
        return []


def _fault(path: Path, rights: int = os.R_OK | os.W_OK | os.X_OK) -> str:
    """Why it is no folder to write into, or nothing. It is made if missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.parent in SHARED and (path.is_symlink() or path.stat().st_uid != os.getuid()):
            return "is somebody else's"
    except OSError as e:
        return (e.strerror or str(e)).lower()
    return "" if os.access(path, rights) else "cannot be written"


def _state_fault(path: Path) -> str:
    """On a disk that can only be read, what is kept there is read: better the scenes of yesterday than none."""
    return _fault(path, 0) if os.access(path / "journal", os.R_OK | os.X_OK) else _fault(path)


def _socket_fault(path: Path) -> str:
    count = len(os.fsencode(path))
    return "" if count <= SOCKET_BYTES else f"{count} bytes with {path.name}, expected {SOCKET_BYTES} at most for a socket"


def _named(variable: str) -> list[Path]:
    base = os.environ.get(variable, "")
    return [Path(base)] if os.path.isabs(base) else []


def _homes() -> list[Path]:
    homes = [os.environ.get("HOME", "")]
    with suppress(KeyError):           # nobody knows this user, as in a container
        homes.append(pwd.getpwuid(os.getuid()).pw_dir)
    return [Path(home) for home in dict.fromkeys(homes) if os.path.isabs(home)]


def _user() -> str:
    return f"gigbox-{os.getuid()}"
