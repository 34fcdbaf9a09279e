"""The notebook of ideas as it lies in memory: one program writes it, page, panel and commands read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gigbox.errors import MachineError

FRESH_S = 5.0              # a page that is older was left by a program that is away


def read(file: Path, now: float) -> dict[str, Any]:
    """What stands in it at `now` of the monotonic clock; MachineError where nobody writes it."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or not isinstance(at := found.get("at"), (int, float)) or (found.get("on") and not abs(now - at) <= FRESH_S):
        raise MachineError("ideas: the program that listens is away, expected gigbox ideas to run")
    return found
