"""Meters: the console's blobs, and in dB for the box's own tree. What this box has no meter for is silent.

A blob is the number of values, 32 bits, and each value in 1/256 dB, 16 bits, both with the low byte first (guides of the console's clients).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gigbox import rack as racks
from gigbox.rack import Rack
from gigbox.sight import Sight

SILENT_DB, LOUDEST_DB = -128.0, 127.0
RTA_HZ = 20 * 1000 ** (np.arange(100) / 100)          # 20 Hz to 18.7 kHz
CHANNELS, BUSES = 16, 6

Values = npt.NDArray[np.float64]


def _db(linear: npt.ArrayLike) -> Values:
    finite = np.nan_to_num(np.asarray(linear, float), nan=0.0, posinf=1e6, neginf=0.0)
    return np.asarray(20 * np.log10(np.maximum(finite, 1e-9)))


class Meters:
    """Looks at the rack, which may be away: then all is silent."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._sight, self._clock = Sight(lambda: Rack(path)), clock

    def blob(self, kind: int, number: int) -> bytes | None:
        """The console's meters of a kind, 0 to 9; `number` is the channel, from 0, where one is meant. None where there are none."""
        make = KINDS.get(kind)
        if make is None:
            return None
        size, fill = make
        values = np.full(size, SILENT_DB)
        rack = self._look()
        if rack is not None:
            fill(rack, number, values)
        short = np.round(values.clip(SILENT_DB, LOUDEST_DB) * 256).astype("<i2")
        return struct.pack("<i", size) + short.tobytes()

    def strips(self) -> list[float]:
        """Peaks before the fader, dB re full scale; empty where there is no engine."""
        rack = self._look()
        return [] if rack is None else [round(float(db), 1) for db in _db(rack.view("strips.out_peak")[:rack.channels]).clip(SILENT_DB)]

    def outs(self) -> list[float]:
        """Peaks of main left and right and the monitors."""
        rack = self._look()
        return [] if rack is None else [round(float(db), 1) for db in _db(rack.view("buses.peak")).clip(SILENT_DB)]

    def _look(self) -> Rack | None:
        return self._sight.look(self._clock())


def _put(values: Values, at: int, found: Values, most: int) -> None:
    found = found[:most]
    values[at:at + len(found)] = found


def _strips(rack: Rack, name: str) -> Values:
    return _db(rack.view(f"strips.{name}")[:rack.channels])


def _buses(rack: Rack, name: str = "peak") -> tuple[Values, Values]:
    """Monitors, and main left and right."""
    found = _db(rack.view(f"buses.{name}"))
    return found[2:2 + BUSES], found[:2]


def _channel(rack: Rack, number: int, values: Values) -> None:
    """Before (left, right), gate, compressor, behind (left, right), keys of both."""
    if 0 <= number < rack.channels:
        before, gate, comp, behind = (float(_strips(rack, name)[number]) for name in ("in_peak", "gate_gain", "comp_gain", "out_peak"))
        values[:] = (before, before, gate, comp, behind, behind, before, before)


def _mix(rack: Rack, _: int, values: Values) -> None:
    """16 channels, aux (2), returns (8), 6 buses, sends (4), main (2), monitor (2)."""
    monitors, main = _buses(rack)
    _put(values, 0, _strips(rack, "out_peak"), CHANNELS)
    _put(values, 26, monitors, BUSES)
    _put(values, 36, main, 2)
    _put(values, 38, main, 2)


def _inputs(rack: Rack, _: int, values: Values) -> None:
    """16 preamps, aux (2), USB (18)."""
    _put(values, 0, _strips(rack, "in_peak"), CHANNELS)


def _analyser(rack: Rack, _: int, values: Values) -> None:
    """The box's first analyser, at the console's frequencies."""
    if rack.c.rta_sets:
        found = np.asarray(rack.view("rta")[0], float)
        values[:] = np.interp(np.log(RTA_HZ), np.log(np.asarray(racks.RTA_HZ)), np.nan_to_num(found, nan=SILENT_DB, neginf=SILENT_DB, posinf=0.0))


def _outputs(rack: Rack, _: int, values: Values) -> None:
    """6 aux outputs, main (2), and what a console has in digital ones."""
    monitors, main = _buses(rack)
    _put(values, 0, monitors, BUSES)
    _put(values, 6, main, 2)


def _reductions(rack: Rack, _: int, values: Values) -> None:
    """16 gates, 16 compressors, 6 buses, main: dB, 0 and less."""
    values[:] = 0.0
    monitors, main = _buses(rack, "limiter_gain")
    _put(values, 0, _strips(rack, "gate_gain"), CHANNELS)
    _put(values, 16, _strips(rack, "comp_gain"), CHANNELS)
    _put(values, 32, monitors, BUSES)
    values[38] = float(main.min())


def _shares(rack: Rack, _: int, values: Values) -> None:
    """What the speech group takes from each of 16 channels."""
    values[:] = 0.0
    _put(values, 0, _strips(rack, "share_gain"), CHANNELS)


def _nothing(_: Rack, __: int, ___: Values) -> None:
    """Effects, groups, a recorder: without meters here."""


Fill = Callable[[Rack, int, Values], None]
KINDS: Mapping[int, tuple[int, Fill]] = {0: (8, _channel), 1: (40, _mix), 2: (36, _inputs), 3: (56, _nothing), 4: (100, _analyser), 5: (44, _outputs),
                                         6: (39, _reductions), 7: (16, _shares), 8: (4, _nothing), 9: (4, _nothing)}
