"""The box among networks: opens its hotspot, or joins what it was told to where that is near; says where it can be reached."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gigbox.errors import MachineError
from gigbox.network import survey
from gigbox.network.manager import Manager
from gigbox.network.settings import Settings

SERIAL = Path("/proc/device-tree/serial-number")

T = TypeVar("T")


def serial(path: Path = SERIAL) -> str:
    try:
        return path.read_text().strip("\0\n ")
    except OSError:
        return ""


def start(settings: Settings, manager: Manager) -> str:
    """What was done, as a line. Only the hotspot itself has to succeed: a radio that does not look round, or obeys no country, opens one all the same."""
    radios = manager.radios()
    if not radios:
        return "no radio: the page is reached by an Ethernet cable"
    device, faults = radios[0], list[str]()
    country = _tried(lambda: manager.obey(settings.country), "", faults)
    heard: list[tuple[str, survey.Heard]] = _tried(lambda: manager.heard(device), [], faults)
    near = {name for name, _ in heard}
    for name, password in settings.join.items():
        if name in near:
            try:
                manager.join(device, name, password)
                return f"joined {name}"
            except MachineError:        # wrong password, or gone again: a gig needs the hotspot then
                pass
    channel = survey.choose((each for _, each in heard), country, _tried(lambda: manager.has_five(device), False, faults))
    manager.open_hotspot(device, settings.name, settings.key, channel)
    return "; ".join([f"hotspot {settings.name} on channel {channel}, {len(heard)} networks are heard", *faults])


def _tried(ask: Callable[[], T], otherwise: T, faults: list[str]) -> T:
    try:
        return ask()
    except MachineError as e:
        faults.append(str(e))
        return otherwise


def told(settings: Settings, manager: Manager) -> str:
    """For a person: how to get to the page."""
    rows = [("hotspot", settings.name), ("key", settings.key), ("country", settings.country or "not told; type: gigbox network --country DE"),
            ("joins", ", ".join(sorted(settings.join)) or "nothing"), ("page", "http://gigbox.local")]
    try:
        for device, kind, state in manager.devices():
            rows.append((f"{kind} {device}", ", ".join(f"http://{each}" for each in manager.addresses(device)) or state))
    except MachineError as e:
        rows.append(("here", str(e)))
    return "\n".join(f"{name:<16}{text}" for name, text in rows)
