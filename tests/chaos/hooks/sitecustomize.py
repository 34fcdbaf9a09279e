"""Loaded by every Python of a box under test: syncs take as long as the file `card` says, and the wall clock is off by what `clock` says, both in seconds."""

import os
import time
from pathlib import Path

FOLDER = Path(os.environ["GIGBOX_CHAOS"])
LOOK_S = 0.05

_wall, _monotonic, _sleep = time.time, time.monotonic, time.sleep
_off, _due = 0.0, 0.0


def _seconds(name):
    try:
        return float((FOLDER / name).read_text())
    except (OSError, ValueError):
        return 0.0


def _slow(sync):
    def slowly(handle):
        _sleep(_seconds("card"))
        return sync(handle)
    return slowly


def _shifted():
    global _off, _due
    if (now := _monotonic()) >= _due:
        _off, _due = _seconds("clock"), now + LOOK_S
    return _wall() + _off


os.fsync, os.fdatasync = _slow(os.fsync), _slow(os.fdatasync)
time.time, time.time_ns = _shifted, lambda: int(_shifted() * 1e9)
