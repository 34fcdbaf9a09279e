"""All that the box remembers is to be forgotten: asked for here, by hand alone; the image's gigbox-reset does it, and starts the machine anew."""

from __future__ import annotations

import os
from pathlib import Path

from gigbox import places
from gigbox.errors import MachineError
from gigbox.files import write_whole

FILE = "reset"                  # in the runtime folder, which only the box's own user reaches
DOES = Path(os.environ.get("GIGBOX_RESET", "/usr/lib/gigbox/reset"))      # of the image, or of a bench: what waits for that file


def check() -> None:
    """MachineError where nobody would do it."""
    if not DOES.exists():
        raise MachineError(f"reset: is for a box that was made by `make image`; here end the box, and remove {places.state_dir()}")


def ask(folder: Path) -> None:
    """MachineError where that cannot be said, or nobody would do it."""
    check()
    try:
        write_whole(folder / FILE, b"")
    except OSError as e:
        raise MachineError(f"{folder / FILE}: {e.strerror}, expected the folder of a box that runs") from None
