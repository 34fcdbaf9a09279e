"""The box as a console of that family: reads and writes by its addresses, through the mirror. What this box has no own for is remembered."""

from __future__ import annotations

from collections.abc import Iterable

from gigbox import params
from gigbox.remote.mirror import Mirror
from gigbox.remote.osc import rights, tree
from gigbox.remote.osc.clients import Client
from gigbox.remote.osc.families import ROOMS
from gigbox.remote.osc.laws import Number, Scale, Wire
from gigbox.remote.osc.wire import Arg

KEPT, LONGEST = 2048, 64         # of the console's own household: how many, and characters of a text or an address
BIGGEST = 2 ** 31 - 1            # of a number: what four bytes hold


class Console:
    """One for all clients."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._kept: dict[str, Wire] = {}
        self._wishes: dict[str, tuple[Wire, Wire]] = {}

    def look(self, address: str) -> Wire | None:
        """What is there; None where a console has nothing either.

        A number that this box only comes near to (an attack of 110 ms, a colour turned round) is told as it was asked for, as long as what came of it stands.
        """
        entry = tree.find(address)
        if entry is None:
            return self._kept.get(address, 0) if address.startswith(tuple(f"/{room}" for room in ROOMS)) and len(address) <= LONGEST else None
        if not entry.paths:
            return self._kept.get(entry.address, entry.start)
        told = self._told(entry)
        asked, came = self._wishes.get(entry.address, (told, told))
        return asked if came == told else told

    def set(self, address: str, arg: Arg, by: str) -> Wire | None:
        """What was asked for, on the grid; None where there is no such address, ValueError where the argument means nothing to it.

        What may not be set stays as it is.
        """
        entry = tree.ENTRIES.get(address)
        if entry is None:
            return self._keep(address, arg)
        wire = entry.law.wired(arg)
        if not entry.paths:
            if not entry.fixed:
                self._kept[address] = wire
            return wire
        paths = (self._which(entry),) if entry.either else entry.paths
        wanted = {path: number for path, number in zip(paths, entry.law.heard(wire), strict=True) if number is not None}
        if not all(rights.may(path) and self._mirror.served(path) for path in paths):
            self._wishes.pop(address, None)
            return wire
        if wanted:
            self._mirror.set(wanted, by)
        self._wishes.pop(address, None)
        if (came := self._told(entry)) != wire:
            self._wishes[address] = (wire, came)
        return wire

    def echoed(self, client: Client, address: str, arg: Arg, now: float) -> bool:
        """Whether that app only says back what it was told. A fader's echo may be late; of all else only what stands is one, where it changes nothing."""
        entry = tree.ENTRIES.get(address)
        if entry is None or not entry.paths:
            return False
        wire, scale = entry.law.wired(arg), isinstance(entry.law, Scale)
        return client.echoes(address, wire, now, scale) and (scale or self.look(address) == wire)

    def of(self, paths: Iterable[str]) -> dict[str, None]:
        """The addresses that show these parameters."""
        return {entry.address: None for path in paths for entry in tree.OF_PATH.get(path, ())}

    def _told(self, entry: tree.Entry) -> Wire:
        paths = (self._which(entry),) if entry.either else entry.paths
        return entry.law.wire([self._number(path) for path in paths])

    def _number(self, path: str) -> Number:
        return self._mirror.text(path) if params.find_text(path) else self._mirror.value(path)

    def _which(self, entry: tree.Entry) -> str:
        return next((path for path in entry.paths if self._mirror.served(path)), entry.paths[-1])

    def _keep(self, address: str, arg: Arg) -> Wire | None:
        if not address.startswith(tuple(f"/{room}" for room in ROOMS)) or len(address) > LONGEST:
            return None
        if arg is None or isinstance(arg, bytes):
            raise ValueError("expected a number or a text")
        asked = arg[:LONGEST] if isinstance(arg, str) else min(max(arg, -BIGGEST), BIGGEST)
        if address in self._kept or len(self._kept) < KEPT:
            self._kept[address] = asked
        return asked
