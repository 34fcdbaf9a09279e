"""The command: everything that can be known to fail is looked at before anything starts; then the supervisor works until it is told to end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from pathlib import Path

from gigbox import places
from gigbox.devices.choice import Device
from gigbox.engine.program import check_period
from gigbox.engine.song import Song
from gigbox.errors import GigboxError, MachineError
from gigbox.people.pairing import INVITED_S, Pairing
from gigbox.ports import listen_on
from gigbox.run import note
from gigbox.run.beats import Beats
from gigbox.run.introduction import Introduction
from gigbox.run.programs import programs
from gigbox.run.supervisor import Supervisor
from gigbox.stopping import Stopping
from gigbox.streams import say


def run(song: Song | None, port: int, period: int, device: Device, denoise: str | None = None, model: Path | None = None) -> None:
    """The program; a song comes in by the simulated card, or in place of a real one's inputs.

    GigboxError before anything starts where the port is taken, another `gigbox run` is alive, or a folder cannot hold what it must.
    """
    check_period(period or device.period)
    folder = places.runtime_dir()
    _check_socket(places.socket_path())
    places.state_dir()
    lock = _only_one(folder)
    with contextlib.closing(Beats()) as beats:
        note.end(note.left(folder / "run.json"))       # of a `gigbox run` that was killed: its web may hold the port
        check_port(port)
        stopping = Stopping().watch_signals()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)   # a line to a terminal that breaks is nobody who says stop
        by = f" through {device.name}" if song and not device.simulated else ""
        plays = f"{song.title}: {len(song.tracks)} channels, {song.seconds:.0f} s, looped{by}" if song else f"{device.name}: {device.profile}, live"
        say(f"{plays}. The page is at http://localhost:{port} - stop with Ctrl-C")
        _invite(folder, port)
        begin = Introduction(song, denoise, stopping, room=not device.simulated).begin
        Supervisor(programs(song, port, period, model, device.wish), beats, note.Note(folder / "run.json"), begin).run(stopping)
    os.close(lock)


def _invite(folder: Path, port: int) -> None:
    """Who started the box is at it: the first phone, or a browser of another machine, comes in by a link that is good once."""
    with contextlib.suppress(GigboxError):         # a disk that is full plays music, too
        pairing = Pairing(folder)
        invitation = pairing.invite("engineer")
        say(f"A phone or another computer comes in by {pairing.link(invitation, port)} - once, within {INVITED_S / 60:.0f} minutes; more with: gigbox pair")


def check_port(port: int) -> None:
    """MachineError where somebody else listens there."""
    if not 1 <= port <= 65535:
        raise GigboxError(f"--port: {port} is not in 1..65535")
    listen_on("0.0.0.0", port).close()


def _check_socket(path: Path) -> None:
    """MachineError where the folder takes no sockets: the desk would never run."""
    probe = path.with_name("probe")
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            probe.unlink(missing_ok=True)
            sock.bind(str(probe))
            probe.unlink()
    except OSError as e:
        raise MachineError(f"{path.parent}: {e.strerror or e}, expected a folder for sockets; choose another with GIGBOX_RUN") from None


def _only_one(folder: Path) -> int:
    """The runtime folder, locked for as long as this process lives; MachineError where another runner holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    pid = note.runner(folder / "run.json")
    return places.hold(handle, f"gigbox run: already running {f'as process {pid}' if pid else f'in {folder}'}")
