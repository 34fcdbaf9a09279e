"""What the page shows of the rack: levels in dB, gain reduction, loudness, and whether the engine is alive. Looks, never writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gigbox.errors import RackError
from gigbox.loudness import K_OFFSET_DB

Floats = npt.NDArray[np.float32]
RATE = 48000           # frames a second, everywhere in the box
ALIVE_S = 0.5          # an engine whose heartbeat stands longer than this is not running
RETRY_S = 0.5          # between two looks for a rack
FRESH_S = 0.04         # pages that ask within this time share one reading
FLOOR_DB = -120.0
DENOISERS = ("off", "classic", "model", "model is late")      # gb_denoiser of the rack
UNPLUGGED = 3          # gb_card_state of the rack
SILENT_LUFS = -70.0    # absolute gate of BS.1770: nothing quieter is told


class Rack(Protocol):
    """The part of gigbox.rack.Rack that the page reads."""

    c: Any

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    def view(self, name: str) -> npt.NDArray[Any]: ...

    def listen(self, frame: int) -> tuple[Floats, int]: ...


class Meters:
    """One rack for all pages. Maps it when it appears, and again when its heartbeat stands: the file may have been replaced."""

    def __init__(self, rack_factory: Callable[[], Rack], clock: Callable[[], float] = time.monotonic) -> None:
        self._factory, self._clock = rack_factory, clock
        self._lock = threading.Lock()
        self._rack: Rack | None = None
        self._frames, self._moved, self._tried = -1, -ALIVE_S, -RETRY_S
        self._alive = False
        self._reading: dict[str, Any] | None = None
        self._read = -FRESH_S
        self._channels = 0

    def rack(self) -> Rack | None:
        """The rack of a living engine, or None."""
        with self._lock:
            return self._look()

    def channels(self) -> int:
        """How many strips the box has; the last known number while the engine is away, 0 before it was ever seen."""
        with self._lock:
            self._look()
            return self._channels

    def reading(self) -> dict[str, Any] | None:
        """`s`: input dB, output dB, reduction dB, noise taken dB of every strip in a row; `m`: left, right, limiter dB; `lufs`: momentary of main."""
        with self._lock:
            rack = self._look()
            if rack is None:
                return None
            now = self._clock()
            if self._reading is None or now - self._read >= FRESH_S:
                self._reading, self._read = _reading(rack), now
            return self._reading

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


def _reading(rack: Rack) -> dict[str, Any]:
    n = rack.channels
    strips = np.stack([_db(rack.view("strips.in_peak")[:n]), _db(rack.view("strips.out_peak")[:n]),
                       _db(rack.view("strips.gate_gain")[:n] * rack.view("strips.comp_gain")[:n]), _db(rack.view("strips.denoise_gain")[:n])], axis=1)
    main = _db(np.append(rack.view("buses.peak")[:2], rack.view("buses.limiter_gain")[:2].min()))
    square = float(rack.view("buses.momentary")[:2].sum())
    lufs = 10 * np.log10(max(square, 1e-12)) + K_OFFSET_DB
    return {"s": _short(strips.ravel()), "m": _short(main), "lufs": round(max(float(lufs), SILENT_LUFS), 1)}


def _ms(frames: Any) -> float:
    return round(int(frames) * 1000 / RATE, 1)


def _db(gain: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    finite = np.nan_to_num(np.asarray(gain, float), nan=0.0, posinf=1e3, neginf=0.0)
    db: npt.NDArray[np.float64] = 20 * np.log10(np.maximum(finite, 10 ** (FLOOR_DB / 20)))
    return db


def _short(db: npt.NDArray[np.float64]) -> list[float]:
    return [round(float(x), 1) + 0.0 for x in db]      # + 0.0: no -0.0
