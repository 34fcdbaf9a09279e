"""The one structure: what the engine tells, what the machine tells, what the desk adds, and the troubles in words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gigbox.errors import RackError
from gigbox.health import machine
from gigbox.health.sound import Sound
from gigbox.health.words import troubles
from gigbox.rack import Rack

LOOK_S = 0.05


def health(sound: Mapping[str, Any] | None, of_machine: Mapping[str, Any], desk: Mapping[str, Any] | None) -> dict[str, Any]:
    """`sound` None: no engine runs; `desk` None: no desk answers."""
    told: dict[str, Any] = {"sound": sound, "machine": of_machine, "desk": desk}
    return {**told, "troubles": troubles(told)}


def without_desk(rack_path: Path, disk: Path) -> dict[str, Any]:
    """Of a box whose desk does not answer: the rack is looked at twice, to see whether its heart beats."""
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
