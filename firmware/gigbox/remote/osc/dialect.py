"""What a client of the X Air family says, and what it is answered: discovery, reads and writes, subscriptions, nodes, snapshots.

An address that no such console has is passed over, as there.
"""

from __future__ import annotations

from collections.abc import Callable

from gigbox.remote.mirror import Mirror
from gigbox.remote.osc import identity, scene_lines, tree
from gigbox.remote.osc.clients import LASTS_S, RESTS_S, Clients, Stream, Where
from gigbox.remote.osc.console import Console
from gigbox.remote.osc.laws import Scale, Wire
from gigbox.remote.osc.meters import Meters
from gigbox.remote.osc.snapshots import Snapshots
from gigbox.remote.osc.wire import Arg, Message

LONGEST = 64                  # characters of an alias

Say = Callable[..., bool]     # where, address, arguments: whether it is on its way


class Dialect:
    def __init__(self, mirror: Mirror, snapshots: Snapshots, meters: Meters, clients: Clients, say: Say, own_address: Callable[[Where], str],
                 clock: Callable[[], float]) -> None:
        self.console = Console(mirror)
        self._mirror, self._snapshots, self._meters, self._clients = mirror, snapshots, meters, clients
        self._say, self._own_address, self._clock = say, own_address, clock
        self._verbs: dict[str, Callable[[Where, str, tuple[Arg, ...]], None]] = {
            "/xinfo": self._xinfo, "/info": self._info, "/status": self._status, "/xremote": self._xremote, "/xremotenfb": self._xremotenfb,
            "/meters": self._subscribe_meters, "/batchsubscribe": self._batch, "/subscribe": self._subscribe, "/renew": self._renew,
            "/unsubscribe": self._unsubscribe, "/node": self._node, "/": self._node, "/-action/clearsolo": self._clear_solo}

    def hear(self, where: Where, by: str, message: Message) -> None:
        """ValueError where an argument means nothing."""
        if (verb := self._verbs.get(message.address)) is not None:
            verb(where, by, message.args)
        elif message.args:
            self._set(where, by, message.address, message.args[0])
        elif (told := self.look(message.address)) is not None:
            self._say(where, message.address, told)
            if (client := self._clients.known(where)) is not None:
                client.told[message.address] = told

    def look(self, address: str) -> Wire | None:
        return self._snapshots.look(address) if address.startswith("/-snap/") else self.console.look(address)

    def stream(self, stream: Stream) -> bytes | Wire | None:
        """What is told of it now."""
        if stream.what.startswith("/meters/"):
            return self._meters.blob(_whole(stream.what.removeprefix("/meters/"), -1), stream.number)
        return self.look(stream.what)

    def _set(self, where: Where, by: str, address: str, arg: Arg) -> None:
        if address.startswith("/-snap/"):
            self._snapshots.set(address, arg, by)
            return
        if (client := self._clients.known(where)) and self.console.echoed(client, address, arg, self._clock()):
            return
        asked = self.console.set(address, arg, by)
        if asked is None:
            return
        entry = tree.ENTRIES.get(address)
        if client:
            client.told[address] = asked
            if client.echo:
                client.told.pop(address)
            client.fresh[address] = None
            if entry and entry.paths and isinstance(entry.law, Scale):
                client.resting[address] = self._clock() + RESTS_S
        if entry is None or not entry.paths:             # else the mirror tells
            self._clients.changed([address])

    def _xinfo(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._say(where, "/xinfo", self._own_address(where), identity.name(), *identity.model(self._mirror))

    def _info(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._say(where, "/info", identity.SERVER, identity.name(), *identity.model(self._mirror))

    def _status(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._say(where, "/status", "active", self._own_address(where), identity.name())

    def _xremote(self, where: Where, by: str, args: tuple[Arg, ...], echo: bool = True) -> None:
        client = self._clients.join(where)
        client.until, client.echo = self._clock() + LASTS_S, echo

    def _xremotenfb(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._xremote(where, by, args, echo=False)

    def _subscribe_meters(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        """`/meters ,si /meters/0 3`; ten seconds, each 50 ms."""
        what = _slashed(_text(args, 0))
        if what.startswith("/meters/"):
            self._clients.join(where).stream(what, what, _whole(_of(args, 1), 0), _whole(_of(args, 2), 1), self._clock())

    def _batch(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        """`/batchsubscribe ,ssiii alias /meters/0 3 0 1`: the last is a factor of 50 ms."""
        name, what = _text(args, 0), _slashed(_text(args, 1))
        if name and what:
            self._clients.join(where).stream(name, what, _whole(_of(args, 2), 0), _whole(_of(args, 4), 1), self._clock())

    def _subscribe(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        if what := _slashed(_text(args, 0)):
            self._clients.join(where).stream(what, what, 0, _whole(_of(args, 1), 1), self._clock())

    def _renew(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        if client := self._clients.known(where):
            client.renew(_text(args, 0), self._clock())

    def _unsubscribe(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        if client := self._clients.known(where):
            client.end(_text(args, 0))

    def _node(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        """A node's name is answered with its line; a line is done, or nothing of it."""
        text = str(_of(args, 0) or "")
        if " " in text.strip():
            for address, wire in scene_lines.read(text):
                self._set(where, by, address, wire)
        elif (line := scene_lines.line(self.console, text)) is not None:
            self._say(where, "/node", f"{line}\n")

    def _clear_solo(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._set(where, by, "/-stat/solo", 0)


def _of(args: tuple[Arg, ...], place: int) -> Arg:
    return args[place] if place < len(args) else None


def _text(args: tuple[Arg, ...], place: int) -> str:
    found = _of(args, place)
    return found if isinstance(found, str) and len(found) <= LONGEST and found.isprintable() else ""


def _slashed(what: str) -> str:
    return what if what.startswith("/") or not what else f"/{what}"


def _whole(arg: Arg, default: int) -> int:
    try:
        return default if arg is None or isinstance(arg, bytes) else int(float(arg))
    except (ValueError, OverflowError):
        return default
