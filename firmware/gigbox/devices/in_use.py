"""Which card the engine plays through, told in the runtime folder: who turns its preamplifiers reads it there."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from gigbox.devices.choice import Device
from gigbox.files import write_whole

NAME = "device.json"          # beside the rack


def tell(rack_path: Path, device: Device) -> None:
    write_whole(rack_path.with_name(NAME), json.dumps(asdict(device)).encode())


def read(rack_path: Path) -> Device | None:
    """None where no engine has told, or one of another version."""
    try:
        return Device(**json.loads(rack_path.with_name(NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
