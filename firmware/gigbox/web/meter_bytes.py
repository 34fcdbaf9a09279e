"""Meters as bytes for a socket: half a dB of level and a quarter of a dB of gain reduction are a byte each. The README has the layout."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gigbox.loudness import K_OFFSET_DB

KIND, LAYOUT = 1, 1
LEVELS = ("in_peak", "out_peak", "momentary")                                   # of a strip; momentary is a mean square
CUTS = ("gate_gain", "deess_gain", "comp_gain", "share_gain", "duck_gain", "denoise_gain")
FLOOR_DB, STEP_DB, CUT_STEP_DB = -115.5, 0.5, 0.25
SILENT_LUFS = -70.0    # absolute gate of BS.1770: nothing quieter is told


class Rack(Protocol):
    """What is read of gigbox.rack.Rack."""

    @property
    def channels(self) -> int: ...

    def view(self, name: str) -> npt.NDArray[Any]: ...


def packed(rack: Rack) -> bytes:
    """One reading of all strips and buses."""
    n = rack.channels
    strips = [_level(rack.view(f"strips.{name}")[:n], name) for name in LEVELS] + [_cut(rack.view(f"strips.{name}")[:n]) for name in CUTS]
    buses = [_level(rack.view("buses.peak"), "peak"), _level(rack.view("buses.momentary"), "momentary"), _cut(rack.view("buses.limiter_gain"))]
    loudness = np.array([_lufs(rack.view(f"buses.{name}")) * 10 for name in ("momentary", "short_term")]).round().astype("<i2")
    head = bytes((KIND, LAYOUT, n, len(buses[0])))
    return head + loudness.tobytes() + b"".join(part.tobytes() for part in (*strips, *buses))


def _level(linear: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    """0 is silence, 255 is +12 dB; of a K-weighted mean square in LUFS."""
    finite = np.nan_to_num(np.asarray(linear, float), nan=0.0, posinf=1e6, neginf=0.0)
    db = 20 * np.log10(np.maximum(finite, 1e-9)) if name.endswith("peak") else 10 * np.log10(np.maximum(finite, 1e-18)) + K_OFFSET_DB
    return _bytes((db - FLOOR_DB) / STEP_DB)


def _cut(gain: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """0 is no reduction, 255 is -63.75 dB and more."""
    finite = np.nan_to_num(np.asarray(gain, float), nan=1.0, posinf=1.0, neginf=0.0)
    return _bytes(-20 * np.log10(np.maximum(finite, 1e-9)) / CUT_STEP_DB)


def _bytes(steps: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    return np.asarray(steps.round().clip(0, 255), np.uint8)


def _lufs(squares: npt.NDArray[Any]) -> float:
    """Of main, left and right."""
    total = float(np.nan_to_num(squares[:2], nan=0.0, posinf=0.0, neginf=0.0).sum())
    return max(10 * float(np.log10(max(total, 1e-12))) + K_OFFSET_DB, SILENT_LUFS)
