"""The rack seen from Python: one shared-memory file with commands, values, meters, features and audio taps.

Layout and meaning are native/include/gigbox.h; here every field is a numpy view of the very same bytes.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gigbox import params
from gigbox._core import ffi, lib
from gigbox.errors import RackError

RATE: int = lib.GB_RATE
QUANTUM: int = lib.GB_QUANTUM
CHANNELS: int = lib.GB_CHANNELS
OUTPUTS: int = lib.GB_OUTPUTS
METER_FRAMES: int = lib.GB_METER_FRAMES
TAP_FRAMES: int = lib.GB_TAP_FRAMES
FEATURE_HOPS: int = lib.GB_FEATURE_HOPS
HOP: int = lib.GB_HOP
BANDS: int = lib.GB_BANDS
BRIEF_BANDS: int = lib.GB_BRIEF_BANDS
FLOAT_DB = -120.0   # what silence reads

Floats = npt.NDArray[np.float32]


def decibels(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Power to dB, silence at FLOAT_DB."""
    return np.asarray(10.0 * np.log10(np.maximum(np.asarray(power, float), 10 ** (FLOAT_DB / 10))))


def lufs(mean_square: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """K-weighted mean square to LUFS (ITU-R BS.1770-4)."""
    return decibels(mean_square) - 0.691


class Rack:
    """The mapped file; `c` is its `gb_rack`, `view` gives the fields as arrays."""

    def __init__(self, path: Path | None, channels: int = 0, *, write: bool = False) -> None:
        """Map `path` (None: private memory). `channels` > 0 formats it unless it is valid for as many channels already."""
        if lib.gb_table_hash() != params.table_hash():
            raise RackError("core: built from another table than params.py, expected params.h written anew and the core built again")
        self.path = path
        self.fresh = False        # formatted just now: nobody has told it a value yet
        self._attach(_map(path, create=not path, write=write or channels > 0, missing_ok=channels > 0), path)
        fault = "no rack" if self._memory is None else self._fault()
        if channels and (fault or self.channels != channels):      # others may still look at the old file: leave it to them
            fresh = path.with_suffix(".new") if path else None
            self._attach(_map(fresh, create=True, write=True), fresh)
            lib.gb_rack_format(self.c, channels)
            self.fresh = True
            if path and fresh:
                fresh.replace(path)
        elif fault:
            raise RackError(f"{path}: {fault}")

    def _attach(self, memory: mmap.mmap | None, path: Path | None) -> None:
        self._memory = memory
        self._inode = os.stat(path).st_ino if path and memory is not None else 0
        if memory is not None:
            self.c = ffi.cast("gb_rack *", ffi.from_buffer(memory))

    def _fault(self) -> str:
        fault = lib.gb_rack_fault(self.c)
        return "" if fault == ffi.NULL else str(ffi.string(fault).decode())

    def replaced(self) -> bool:
        """Whether the file on disk is another one by now: map it anew."""
        try:
            return self.path is not None and os.stat(self.path).st_ino != self._inode
        except OSError:
            return False

    @property
    def channels(self) -> int:
        return int(self.c.channels)

    @property
    def frames(self) -> int:
        """The engine's heartbeat: frames processed since it began."""
        return int(self.c.frames)

    def push(self, index: int, value: float) -> bool:
        """Tell the engine a value; False when its queue is full. One process may push: the desk."""
        return bool(lib.gb_push(self.c, index, value))

    def view(self, name: str) -> npt.NDArray[Any]:
        """A live array on `name`, such as `values`, `strips.in_peak`, `buses.momentary`, `tap_out`; shapes as in the header."""
        field: Any = self.c
        for word in name.split("."):
            field = getattr(field, word)
        shape, kind = [], ffi.typeof(field)
        while kind.kind == "array":
            shape.append(kind.length)
            kind = kind.item
        dtype = {"float": np.float32, "uint32_t": np.uint32, "uint64_t": np.uint64}[kind.cname]
        return np.frombuffer(ffi.buffer(field), dtype).reshape(shape)

    def values(self) -> Floats:
        """What the engine was last told, one float for each of params.addresses()."""
        return self.view("values")[: params.VALUES]

    def cleaned_by_model(self) -> npt.NDArray[np.intp]:
        """The strips, from 0, for which the denoising model is to give gains."""
        values, first = self.values(), params.FIRST["strip/*/denoise/amount"]
        by_model = values[params.FIRST["box/denoise"]] == params.DENOISERS.index("model")
        return np.flatnonzero((values[first:first + self.channels] > 0) & by_model)

    def listen(self, frame: int) -> tuple[Floats, int]:
        """Listen-bus frames from `frame` on as (n, 2) float32 and the frame to ask for next; skips what was overwritten."""
        end = self.frames
        start = max(frame, end - TAP_FRAMES // 2) if frame <= end else end
        index = np.arange(start, end) % TAP_FRAMES
        return self.view("tap_out")[index, OUTPUTS:], end


def _map(path: Path | None, *, create: bool, write: bool, missing_ok: bool = False) -> mmap.mmap | None:
    """The file's memory. `create` makes a new file in place of any old one; None where it is missing or of another size, and may be."""
    size = ffi.sizeof("gb_rack")
    if path is None:
        return mmap.mmap(-1, size)
    try:
        if create:
            path.unlink(missing_ok=True)
        handle = os.open(path, (os.O_RDWR if write else os.O_RDONLY) | (os.O_CREAT | os.O_EXCL if create else 0) | os.O_CLOEXEC, 0o600)
    except OSError as e:
        if missing_ok:
            return None
        raise RackError(f"{path}: {e.strerror}; is the engine running?") from None
    try:
        if create:
            os.posix_fallocate(handle, 0, size)
        found = os.fstat(handle).st_size
        if found != size and missing_ok:
            return None
        if found != size:
            raise RackError(f"{path}: {found} bytes, expected {size}; written by another version?")
        return mmap.mmap(handle, size, prot=mmap.PROT_READ | (mmap.PROT_WRITE if write else 0))
    except OSError as e:
        raise RackError(f"{path}: {e.strerror}, {size} bytes wanted") from None
    finally:
        os.close(handle)
