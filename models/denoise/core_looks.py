"""The C core's windows and bands, asked of it and written down for machines that have no core."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gigbox._core import ffi, lib

from gigbox.brain.hear.bands import band_hz

SIZES = {"whole": (0, 960, 1024, 32), "brief": (1, 256, 256, 16), "fine": (2, 1920, 2048, 128)}


def look(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The window, and (bins, bands) weights of powers."""
    which, frames, size, bands = SIZES[name]
    window, weights = np.empty(frames, np.float32), np.empty((size // 2, bands), np.float32)
    lib.gb_look(which, ffi.from_buffer("float[]", window), ffi.from_buffer("float[]", weights))
    return window, weights


def fine_hz() -> np.ndarray:
    """Centres of the fine bands, from the core's own weights: where each weighs most."""
    centres = np.empty(lib.GB_FINE_BANDS, np.float64)
    lib.gb_fine_hz(ffi.from_buffer("double[]", centres))
    return centres


def write(path: Path) -> None:
    arrays = {}
    for name in SIZES:
        arrays[f"{name}_window"], arrays[f"{name}_bands"] = look(name)
    np.savez_compressed(path, whole_hz=band_hz(), fine_hz=fine_hz(), **arrays)
