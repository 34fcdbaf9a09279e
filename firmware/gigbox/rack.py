"""The rack seen from Python: one shared-memory file with commands, values, meters, features and audio taps.

Layout and meaning are native/include/gigbox.h; here every field is a numpy view of the very same bytes.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gigbox import params
from gigbox._core import ffi, lib
from gigbox.errors import RackError
from gigbox.loudness import K_OFFSET_DB

RATE: int = lib.GB_RATE
QUANTUM: int = lib.GB_QUANTUM
CHANNELS: int = lib.GB_CHANNELS
OUTPUTS: int = lib.GB_OUTPUTS
METER_FRAMES: int = lib.GB_METER_FRAMES
TAP_FRAMES: int = lib.GB_TAP_FRAMES
FEATURE_HOPS: int = lib.GB_FEATURE_HOPS
HOP: int = lib.GB_HOP
BANDS: int = lib.GB_BANDS
FINE_BANDS: int = lib.GB_FINE_BANDS
BRIEF_BANDS: int = lib.GB_BRIEF_BANDS
SIZE: int = ffi.sizeof("gb_rack")
OWNERS = ("engine", "brain", "desk")      # of the sections, as gb_owner counts them
CARD_EVENTS: int = lib.GB_CARD_EVENTS
CARD_WORDS = {"load": "a period took longer to mix than the card waits", "late": "the machine woke the audio thread too late", "card": "the card says so",
              "suspended": "the machine slept", "stood": "the card stood still", "gone": "it was unplugged"}
CARD_CAUSES = tuple(CARD_WORDS)                                          # as gb_card_cause counts them
CARD_STATES = ("none", "running", "muted", "unplugged")                   # as gb_card_state counts them
RTA_HZ = tuple(20 * 2 ** (n / 6) for n in range(lib.GB_RTA_BANDS))      # centres of the analysers' bands
NOTCH_STATES = ("free", "testing", "live", "lifting")               # as gb_notch_state counts them
NOTCH_CAUSES = ("none", "grew", "howled", "rang", "told")           # as gb_notch_cause counts them
FLOAT_DB = -120.0   # what silence reads
FULL_SCALE = 10 ** (-0.3 / 20)      # a converter's, as near as matters

Floats = npt.NDArray[np.float32]
File = tuple[int, int]      # device and number: which file it is


def decibels(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Power to dB, silence at FLOAT_DB."""
    return np.asarray(10.0 * np.log10(np.maximum(np.asarray(power, float), 10 ** (FLOAT_DB / 10))))


def lufs(mean_square: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """K-weighted mean square to LUFS (ITU-R BS.1770-4)."""
    return decibels(mean_square) + K_OFFSET_DB


@dataclass(frozen=True)
class Notch:
    """A notch of the feedback guard. `out`: 0 main, 1 to 6 monitors; `slot` 9 to 16, as in THE table; `frame`: since when; `strip`: 1-based, 0 unknown.

    `growth_db_s` and `level_db` (dB re a full-scale sine) are of the tone when it was heard; `cause` is one of NOTCH_CAUSES.
    """

    out: int
    slot: int
    hz: float
    depth_db: float
    q: float
    frame: int
    state: str
    growth_db_s: float
    level_db: float
    strip: int
    cause: str

    @property
    def owner(self) -> str:
        """The beginning of its paths."""
        return f"monitor/{self.out}" if self.out else "main"


class Rack:
    """The mapped file; `c` is its `gb_rack`, `view` gives the fields as arrays. Only the owner's section can be written."""

    def __init__(self, path: Path | None, channels: int = 0, *, owner: str | None = None) -> None:
        """Map `path` (None: private memory, of which all is its own). `owner`: whose section may be written, of OWNERS; None looks only.

        `channels` > 0 is the engine's: formats the file unless it is valid for as many channels already.
        """
        if lib.gb_table_hash() != params.table_hash():
            raise RackError("core: built from another table than params.py, expected params.h written anew and the core built again")
        self.path = path
        self.owner = "engine" if channels else owner
        self.fresh = False        # formatted just now: nobody has told it a value yet
        found = _map(path, write=self.owner is not None, missing_ok=channels > 0) if path else None
        fault = "no rack" if found is None else self._attach(*found)
        if channels and (fault or self.channels != channels):      # others may still look at the old file: leave it to them
            self.fresh = True
            fault = self._attach(*_formatted(path, channels))
        if fault:
            raise RackError(f"{path}: {fault}")

    def _attach(self, memory: mmap.mmap, file: File | None) -> str:
        """What is wrong with it, or nothing."""
        self._file, self._bytes = file, ffi.from_buffer(memory)      # which keeps the memory
        self._views: dict[str, npt.NDArray[Any]] = {}
        self.c = ffi.cast("gb_rack *", self._bytes)
        fault = lib.gb_rack_fault(self.c)
        if fault == ffi.NULL and file and self.owner:
            error = lib.gb_rack_own(self.c, OWNERS.index(self.owner))
            if error:
                raise RackError(f"{self.path}: cannot be written by the {self.owner} ({os.strerror(error)})")
        return "" if fault == ffi.NULL else str(ffi.string(fault).decode())

    def replaced(self) -> bool:
        """Whether the file on disk is another one by now: map it anew."""
        try:
            return self.path is not None and _identity(os.stat(self.path)) != self._file
        except OSError:
            return False

    def _counter(self, name: str) -> int:
        """As it is now; all that it counts is there to be read."""
        return int(lib.gb_load(ffi.addressof(self.c[0], name)))

    def _owns(self, field: str) -> bool:
        return self._file is None or OWNERS[_owner_of(field)] == self.owner

    def _must_own(self, field: str) -> None:
        if not self._owns(field):
            raise ValueError(f"rack: {field} belongs to the {OWNERS[_owner_of(field)]}, mapped by {self.owner or 'one that only looks'}")

    @property
    def channels(self) -> int:
        return int(self.c.channels)

    @property
    def frames(self) -> int:
        """The engine's heartbeat: frames processed since it began."""
        return self._counter("frames")

    @property
    def hops(self) -> int:
        """How many sets of features were written; the newest is `features[(hops - 1) % FEATURE_HOPS]`."""
        return self._counter("hops")

    @property
    def meter_blocks(self) -> int:
        """How often loudness was published."""
        return self._counter("meter_blocks")

    @property
    def gain_sets(self) -> int:
        """How many sets of denoise gains the brain gave."""
        return self._counter("gain_sets")

    def card_events(self, since: int) -> tuple[list[tuple[int, int]], int]:
        """What happened to the card: (gb_card_cause, frames lost) from event number `since` on, as far as they are kept, and the number of the next."""
        end = self._counter("card_events")
        events = [self.c.card_event[n % CARD_EVENTS] for n in range(max(since, end - CARD_EVENTS + 1), end)]
        return [(int(event.cause), int(event.lost)) for event in events], end

    def notches(self) -> list[Notch]:
        """All that the feedback guard holds now."""
        return [Notch(out, params.LIVE[slot], n.hz, -n.gain_db, n.q, int(n.since), NOTCH_STATES[n.state], n.growth, n.level, int(n.strip),
                      NOTCH_CAUSES[n.cause])
                for out, row in enumerate(self.c.guard.live) for slot, n in enumerate(row) if n.state]

    def push(self, index: int, value: float) -> bool:
        """Tell the engine a value; False when its queue is full. The desk's alone."""
        self._must_own("queue")
        return bool(lib.gb_push(self.c, index, value))

    def want(self, until: int) -> None:
        """The brain listens up to this frame: features are made also while nobody cleans."""
        self._must_own("wanted_until")
        lib.gb_want(self.c, until)

    def view(self, name: str) -> npt.NDArray[Any]:
        """A live array on `name`, such as `values`, `strips.in_peak`, `buses.momentary`, `tap_out`; shapes as in the header.

        Read-only unless its section is the rack's own.
        """
        if (known := self._views.get(name)) is not None:
            return known
        field: Any = self.c
        for word in name.split("."):
            field = getattr(field, word)
        shape, kind = [], ffi.typeof(field)
        while kind.kind == "array":
            shape.append(kind.length)
            kind = kind.item
        dtype = {"float": np.float32, "uint32_t": np.uint32, "uint64_t": np.uint64}[kind.cname]
        at = int(ffi.cast("uintptr_t", field)) - int(ffi.cast("uintptr_t", self.c))
        array = np.frombuffer(ffi.buffer(self._bytes), dtype, int(np.prod(shape)), at).reshape(shape)      # keeps the memory, too
        array.flags.writeable = self._owns(name.split(".")[0])
        self._views[name] = array
        return array

    def values(self) -> Floats:
        """What the engine was last told, one float for each of params.addresses()."""
        return self.view("values")[: params.VALUES]

    def cleaned_by_model(self) -> npt.NDArray[np.intp]:
        """The strips, from 0, for which the denoising model is to give gains."""
        values, first = self.values(), params.FIRST["strip/*/denoise/amount"]
        by_model = values[params.FIRST["box/denoise"]] == params.DENOISERS.index("model")
        return np.flatnonzero((values[first:first + self.channels] > 0) & by_model)

    def newest(self, count: int) -> Floats | None:
        """A copy of the newest dry inputs, (count, strips); None before so many were played. Where the engine is, is asked once: it goes on meanwhile."""
        end = self.frames
        return self.view("tap_in")[np.arange(end - count, end) % TAP_FRAMES, :self.channels] if end >= count else None

    def listen(self, frame: int, columns: tuple[int, int] = (OUTPUTS, OUTPUTS + 1)) -> tuple[Floats, int]:
        """Frames of the listen bus, or of two other columns of the tap, from `frame` on as (n, 2) float32 and the frame to ask for next; skips what was
        overwritten."""
        end = self.frames
        start = max(frame, end - TAP_FRAMES // 2) if frame <= end else end
        index = np.arange(start, end) % TAP_FRAMES
        return self.view("tap_out")[index[:, None], list(columns)], end


@lru_cache
def _owner_of(field: str) -> int:
    """Whose section of the rack a field lies in, as a place in OWNERS."""
    size, at = ffi.new("size_t *"), ffi.offsetof("gb_rack", field)
    return next(owner for owner in range(len(OWNERS)) if 0 <= at - lib.gb_section(owner, size) < size[0])


def _identity(stat: os.stat_result) -> File:
    return stat.st_dev, stat.st_ino


def _map(path: Path, *, write: bool, missing_ok: bool = False) -> tuple[mmap.mmap, File] | None:
    """The file's memory, read-only, and which file it is; with `write` a section may be made writable. None: missing or of another size, and may be."""
    try:
        handle = os.open(path, (os.O_RDWR if write else os.O_RDONLY) | os.O_CLOEXEC)
    except OSError as e:
        if missing_ok:
            return None
        raise RackError(f"{path}: {e.strerror}; is the engine running?") from None
    try:
        stat = os.fstat(handle)
        if stat.st_size != SIZE and missing_ok:
            return None
        if stat.st_size != SIZE:
            raise RackError(f"{path}: {stat.st_size} bytes, expected {SIZE}; written by another version?")
        return mmap.mmap(handle, SIZE, prot=mmap.PROT_READ), _identity(stat)
    except OSError as e:
        raise RackError(f"{path}: {e.strerror}, {SIZE} bytes wanted") from None
    finally:
        os.close(handle)


def _formatted(path: Path | None, channels: int) -> tuple[mmap.mmap, File | None]:
    """New memory with all defaults: private, or a whole new file in place of an old one."""
    if path is None:
        memory = mmap.mmap(-1, SIZE)
        lib.gb_rack_format(ffi.cast("gb_rack *", ffi.from_buffer(memory)), channels)
        return memory, None
    fresh = path.with_suffix(".new")
    try:
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(handle, 0, SIZE)
            with mmap.mmap(handle, SIZE) as memory:
                lib.gb_rack_format(ffi.cast("gb_rack *", ffi.from_buffer(memory)), channels)
        finally:
            os.close(handle)
        found = _map(fresh, write=True)
        fresh.replace(path)
    except OSError as e:
        raise RackError(f"{fresh}: {e.strerror}, {SIZE} bytes wanted") from None
    assert found is not None
    return found
