"""NetworkManager, through nmcli: what it hears, and the connections that the box keeps there. As `-t` writes: `:` between cells, `\\` before one inside."""

from __future__ import annotations

import re

from gigbox.commands import Run, run
from gigbox.network.survey import Heard

HOTSPOT = "gigbox hotspot"
ADDRESS = "10.42.0.1/24"


class Manager:
    """`run` gives a command's stdout, or raises MachineError."""

    def __init__(self, run: Run = run) -> None:
        self._run = run

    def radios(self) -> list[str]:
        return [name for name, kind, _ in self.devices() if kind == "wifi"]

    def devices(self) -> list[tuple[str, str, str]]:
        """Name, kind and state of each."""
        return [(row[0], row[1], row[2]) for row in self._table("DEVICE,TYPE,STATE", "device") if row[1] in ("wifi", "ethernet")]

    def addresses(self, device: str) -> list[str]:
        lines = self._run(["nmcli", "-t", "-g", "IP4.ADDRESS", "device", "show", device]).splitlines()
        return [part.strip().partition("/")[0] for line in lines for part in line.split("|") if part.strip()]

    def has_five(self, device: str) -> bool:
        return self._run(["nmcli", "-t", "-g", "WIFI-PROPERTIES.5GHZ", "device", "show", device]).strip() == "yes"

    def heard(self, device: str) -> list[tuple[str, Heard]]:
        rows = self._table("SSID,CHAN,SIGNAL", "device", "wifi", "list", "ifname", device, "--rescan", "yes")
        return [(row[0], Heard(int(row[1]), int(row[2]))) for row in rows if row[1].isdigit() and row[2].isdigit()]

    def obey(self, country: str) -> str:
        """The country, to whose rules the radio keeps from now on; where none was told, to what is allowed everywhere."""
        if country:
            self._run(["iw", "reg", "set", country])
        return country

    def open_hotspot(self, device: str, name: str, key: str, channel: int) -> None:
        """Phones that are on it already stay, where nothing of it changes."""
        self._forget(HOTSPOT)
        self._run(["nmcli", "connection", "add", "type", "wifi", "con-name", HOTSPOT, "ifname", device, "autoconnect", "yes", "ssid", name,
                   "802-11-wireless.mode", "ap", "802-11-wireless.band", "a" if channel > 14 else "bg", "802-11-wireless.channel", str(channel),
                   "802-11-wireless.powersave", "2", "ipv4.method", "shared", "ipv4.addresses", ADDRESS, "ipv6.method", "disabled",
                   "wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.proto", "rsn", "wifi-sec.pairwise", "ccmp", "wifi-sec.psk", key])
        self._run(["nmcli", "connection", "up", "id", HOTSPOT])

    def join(self, device: str, name: str, password: str) -> None:
        self._forget(name)
        security = ["wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.psk", password] if password else []
        self._run(["nmcli", "connection", "add", "type", "wifi", "con-name", name, "ifname", device, "ssid", name, *security])
        self._run(["nmcli", "connection", "up", "id", name])

    def _forget(self, name: str) -> None:
        if any(row[0] == name for row in self._table("NAME", "connection")):
            self._run(["nmcli", "connection", "delete", "id", name])

    def _table(self, columns: str, *words: str) -> list[list[str]]:
        """Rows that have all their cells: a name with the end of a line in it is nobody's that we know."""
        rows = map(_cells, self._run(["nmcli", "-t", "-f", columns, *words]).split("\n"))
        return [row for row in rows if any(row) and len(row) == columns.count(",") + 1]


def _cells(line: str) -> list[str]:
    """Parted from the left, so that a backslash before a `:` is known for one that is a sign of its own."""
    parted = re.sub(r"((?:\\.|[^:\\])*):", "\\1\0", line)
    return [re.sub(r"\\(.)", r"\1", cell) for cell in parted.split("\0")]
