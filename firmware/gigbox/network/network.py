"""The box among networks: opens its hotspot, or joins what it was told to where that is near; says where it can be reached."""

from __future__ import annotations

from pathlib import Path

from gigbox.errors import MachineError
from gigbox.network import survey
from gigbox.network.manager import Manager
from gigbox.network.settings import Settings

SERIAL = Path("/proc/device-tree/serial-number")


def serial(path: Path = SERIAL) -> str:
    try:
        return path.read_text().strip("\0\n ")
    except OSError:
        return ""


def start(settings: Settings, manager: Manager) -> str:
    """What was done, as a line."""
    radios = manager.radios()
    if not radios:
        return "no radio: the page is reached by an Ethernet cable"
    device = radios[0]
    if settings.country:
        manager.obey(settings.country)
    heard = manager.heard(device)
    near = {name for name, _ in heard}
    for name, password in settings.join.items():
        if name in near:
            try:
                manager.join(device, name, password)
                return f"joined {name}"
            except MachineError:        # wrong password, or gone again: a gig needs the hotspot then
                pass
    channel = survey.choose((each for _, each in heard), settings.country, manager.has_five(device))
    manager.open_hotspot(device, settings.name, settings.key, channel)
    return f"hotspot {settings.name} on channel {channel}, {len(heard)} networks are heard"


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
