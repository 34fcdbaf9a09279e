"""The health of a box whose desk does not answer: rack and machine are looked at here."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from gigbox.errors import RackError
from gigbox.health import machine
from gigbox.health.health import health
from gigbox.health.sound import Sound
from gigbox.rack import Rack

LOOK_S = 0.05


def without_desk(rack_path: Path, disk: Path) -> dict[str, Any]:
    """The rack is looked at twice, to see whether the engine's heart beats."""
    sound, told = Sound(), None
    try:
        rack = Rack(rack_path)
    except RackError:
        rack = None
    if rack is not None:
        sound.look(rack, time.monotonic() - 1)
        time.sleep(LOOK_S)
        told = sound.look(rack, time.monotonic())
    return health(told, machine.look(disk), None)
