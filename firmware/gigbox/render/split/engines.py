"""Who takes a recording apart: one small interface, and which engine is there."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from gigbox.errors import GigboxError, ModelError
from gigbox.rack import Floats

STEMS = ("voice", "drums", "bass", "other")
OURS, DEMUCS = "gigbox", "demucs"
NAMES = (OURS, DEMUCS)


class Engine(Protocol):
    """`name`: with what made it, as song.toml says; `rate`: Hz of the sound it wants."""

    name: str
    rate: int

    def split(self, sound: Floats) -> Floats:
        """(n, 2) float32 to (4, n, 2), in the order of STEMS."""


def there(name: str) -> bool:
    """Whether such an engine can be used on this machine."""
    return name == OURS or find_spec("demucs") is not None


def engine(name: str = "", weights: Path | None = None) -> Engine:
    """`name`: one of NAMES, or nothing for the best that is there. `weights`: a file or folder of demucs' own, or nothing to have them fetched."""
    name = name or (DEMUCS if weights or there(DEMUCS) else OURS)
    if name not in NAMES:
        raise GigboxError(f"--engine: '{name}' is not one of {', '.join(NAMES)}")
    if name == OURS:
        if weights:
            raise GigboxError(f"--weights: {weights} is for the engine {DEMUCS}, expected none beside {OURS}")
        from gigbox.render.split.classic import Classic

        return Classic()
    if not there(DEMUCS):
        raise ModelError(f"--engine: {DEMUCS} is not installed, expected pip install 'gigbox[split]'; {OURS} needs nothing")
    from gigbox.render.split.by_demucs import ByDemucs

    return ByDemucs(weights)
