"""All that the box remembers is to be forgotten: asked for here, by hand alone; the image's gigbox-reset does it, and starts the machine anew."""

from __future__ import annotations

from pathlib import Path

from gigbox.errors import MachineError
from gigbox.files import write_whole

FILE = "reset"                  # in the runtime folder, which only the box's own user reaches


def ask(folder: Path) -> None:
    """MachineError where that cannot be said."""
    try:
        write_whole(folder / FILE, b"")
    except OSError as e:
        raise MachineError(f"{folder / FILE}: {e.strerror}, expected the folder of a box that runs") from None
