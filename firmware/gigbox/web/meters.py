"""What the page shows of the rack: its meters, a spectrum, and whether the engine is alive. Looks, never writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gigbox.errors import RackError
from gigbox.params import COUNTS
from gigbox.rack import RATE
from gigbox.web.meter_bytes import packed
from gigbox.web.spectrum import FRAMES, bands

Floats = npt.NDArray[np.float32]
ALIVE_S = 0.5          # an engine whose heartbeat stands longer than this is not running
RETRY_S = 0.5          # between two looks for a rack
FRESH_S = 0.04         # pages that ask within this time share one reading
DENOISERS = ("off", "classic", "model", "model is late")      # gb_denoiser of the rack
SILENT_DB = -120.0
UNPLUGGED = 3          # gb_card_state of the rack
MONITORS = COUNTS["monitor"]
# Left and right of each bus in the rack's tap: main, the monitors, then the listen bus.
BUSES = {"listen": (2 + MONITORS, 3 + MONITORS), "main": (0, 1), **{f"monitor/{n}": (1 + n, 1 + n) for n in range(1, MONITORS + 1)}}
STRIPS = {f"strip/{n}": n - 1 for n in range(1, COUNTS["strip"] + 1)}
SPECTRA = frozenset((*STRIPS, *BUSES))


class Rack(Protocol):
    """The part of gigbox.rack.Rack that the page reads."""

    c: Any

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def view(self, name: str) -> npt.NDArray[Any]: ...

    @property
    def hops(self) -> int: ...

    def listen(self, frame: int, columns: tuple[int, int]) -> tuple[Floats, int]: ...


class Meters:
    """One rack for all pages. Maps it when it appears, and again when its heartbeat stands: the file may have been replaced."""

    def __init__(self, rack_factory: Callable[[], Rack], clock: Callable[[], float] = time.monotonic) -> None:
        self._factory, self._clock = rack_factory, clock
        self._lock = threading.Lock()
        self._rack: Rack | None = None
        self._frames, self._moved, self._tried = -1, -ALIVE_S, -RETRY_S
        self._alive = False
        self._reading: bytes | None = None
        self._read = -FRESH_S
        self._channels = 0
        self._spectra: dict[str, tuple[float, list[float]]] = {}       # when, and what

    def rack(self) -> Rack | None:
        """The rack of a living engine, or None."""
        with self._lock:
            return self._look()

    def channels(self) -> int:
        """How many strips the box has; the last known number while the engine is away, 0 before it was ever seen."""
        with self._lock:
            self._look()
            return self._channels

    def reading(self) -> bytes | None:
        """All meters, as meter_bytes has them."""
        with self._lock:
            rack = self._look()
            if rack is None:
                return None
            now = self._clock()
            if self._reading is None or now - self._read >= FRESH_S:
                self._reading, self._read = packed(rack), now
            return self._reading

    def spectrum(self, of: str) -> list[float]:
        """What a strip gets or a bus plays, of STRIPS and BUSES: dB re full scale of each band, 50 Hz to 20 kHz; empty where there is none."""
        with self._lock:
            rack, now = self._look(), self._clock()
            if rack is None:
                self._spectra.clear()
                return []
            told = self._spectra.get(of)
            if told is None or now - told[0] >= FRESH_S:
                told = self._spectra[of] = now, [round(min(max(float(db), SILENT_DB), 0.0), 1) for db in _spectrum(rack, of)]
            return told[1]

    def health(self) -> dict[str, Any]:
        """Load in %, latency in ms, and what has gone wrong so far."""
        with self._lock:
            rack = self._look()
            if rack is None:
                return {"engine": False}
            c = rack.c
            faults = int(rack.view("strips.faults")[: rack.channels].sum()) + int(c.buses.faults)
            return {"engine": True, "denoiser": DENOISERS[int(c.denoiser)], "xruns": int(c.xruns), "load": round(100 * float(c.load)), "faults": faults,
                    "unplugged": int(c.card_state) == UNPLUGGED,
                    "main_ms": _ms(c.latency_card + c.latency_main), "monitor_ms": _ms(c.latency_card + c.latency_monitor)}

    def _look(self) -> Rack | None:
        now = self._clock()
        frames = self._rack.frames if self._rack else self._frames
        if frames != self._frames:
            self._frames, self._moved = frames, now
            self._alive = True
        elif now - self._moved >= ALIVE_S:
            self._alive = False
        if not self._alive and now - self._tried >= RETRY_S:
            self._tried = now
            self._map()
        if not self._alive or self._rack is None:
            return None
        self._channels = self._rack.channels
        return self._rack

    def _map(self) -> None:
        self._reading = None
        try:
            self._rack = self._factory()
        except (RackError, OSError):
            self._rack = None
            return
        self._channels = self._rack.channels
        self._frames = self._rack.frames     # it has to move before it counts as alive


def _spectrum(rack: Rack, of: str) -> Iterable[float]:
    if of in BUSES:
        sound, _ = rack.listen(max(rack.frames - FRAMES, 0), BUSES[of])
        return bands(sound) if len(sound) >= FRAMES else []
    if not STRIPS[of] < rack.channels or rack.hops == 0:
        return []
    newest = rack.c.features[(rack.hops - 1) % len(rack.c.features)]
    return [band[STRIPS[of]] for band in newest.smooth]


def _ms(frames: Any) -> float:
    return round(int(frames) * 1000 / RATE, 1)

