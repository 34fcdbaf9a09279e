"""The one structure: what the engine tells, what the machine tells, what the desk adds, and the troubles in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gigbox.health.words import troubles


def health(sound: Mapping[str, Any] | None, machine: Mapping[str, Any], desk: Mapping[str, Any] | None) -> dict[str, Any]:
    """`sound` None: no engine runs; `desk` None: no desk answers."""
    told: dict[str, Any] = {"sound": sound, "machine": machine, "desk": desk}
    return {**told, "troubles": troubles(told)}
