"""The engine process: owns the audio. Here it plays a song through the simulated HAT, in real time, looped, for ever."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from gigbox import params, places
from gigbox._core import ffi, lib
from gigbox.engine.core import Engine
from gigbox.engine.player import Player
from gigbox.engine.song import Song
from gigbox.errors import GigboxError, MachineError
from gigbox.pulse import Pulse
from gigbox.rack import RATE, Floats, Rack
from gigbox.stopping import Stopping

PRIORITY = 80                  # SCHED_FIFO, where the system grants it
PERIODS = (32, 64, 128)
AHEAD = 4 * RATE               # frames the ring holds: this process may stall for that long and nobody hears it
STEP = RATE // 10
LOOK_S = 0.05                  # between two looks whether the audio thread goes on


def run(song: Song, rack_path: Path, period: int = 64) -> None:
    """Play until SIGTERM or SIGINT. Starts from the values that the rack holds, in 50 ms from silence."""
    check_period(period)
    stopping = Stopping().watch_signals()
    lock = _only_one(rack_path)
    with Player(song) as player, Engine(player.channels, rack=_silent_if_fresh(Rack(rack_path, player.channels))) as engine:
        _play(player, engine, period, stopping)
    os.close(lock)


def _silent_if_fresh(rack: Rack) -> Rack:
    """After a power cut nothing is heard until the desk has told what everybody had set: mutes, levels, all of it."""
    if rack.fresh:
        for address in params.addresses():
            if address.param.path in ("main/mute", "monitor/*/mute"):
                rack.values()[address.index] = 1
    return rack


def check_period(period: int) -> None:
    """GigboxError for frames a period that the engine does not work in."""
    if period not in PERIODS:
        raise GigboxError(f"--period: {period} is not one of {', '.join(map(str, PERIODS))}")


def _play(player: Player, engine: Engine, period: int, stopping: Stopping) -> None:
    hat = lib.gb_hat_new(engine.c, engine.rack.c, player.channels, period, AHEAD)
    if hat == ffi.NULL:
        raise MachineError(f"engine: no memory for {player.channels} channels")
    try:
        pieces = player.pieces(None)
        _feed(hat, next(pieces), stopping)
        error = lib.gb_hat_start(hat, PRIORITY)
        if error:
            raise MachineError(f"engine: no audio thread ({os.strerror(error)})")
        threading.Thread(target=_beat, args=(engine.rack, stopping), name="pulse", daemon=True).start()
        while not stopping.is_set():
            _feed(hat, next(pieces), stopping)
    finally:
        lib.gb_hat_free(hat)


def _beat(rack: Rack, stopping: Stopping) -> None:
    """The pulse is the audio thread's: the one that fills its ring may stall and nobody hears it."""
    beat, before = Pulse().part(), 0
    while not stopping.wait(LOOK_S):
        before, moved = rack.frames, rack.frames != before
        if moved:
            beat()


def _feed(hat: object, piece: Floats, stopping: Stopping) -> None:
    """All of a piece into the ring, as room comes."""
    done = 0
    while done < len(piece) and not stopping.is_set():
        taken = lib.gb_hat_write(hat, ffi.from_buffer("float[]", piece[done:]), len(piece) - done)
        done += taken
        if not taken:
            stopping.wait(STEP / RATE)


def _only_one(rack_path: Path) -> int:
    """A lock beside the rack; MachineError where another engine holds it."""
    handle = os.open(rack_path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return places.hold(handle, f"engine: already running on {rack_path}")
