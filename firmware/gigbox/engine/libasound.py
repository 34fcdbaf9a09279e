"""The C module of sound cards, or the one line to type where its library is missing."""

from __future__ import annotations

from gigbox.errors import MachineError

try:
    from gigbox._alsa import ffi, lib
except ImportError as e:
    raise MachineError(f"engine: no sound without libasound ({e}); type: sudo apt-get install libasound2") from None

__all__ = ["ffi", "lib"]
