"""The box's own tree, in real units and by name: `/gigbox/strip/3/level ,f -5.0`. It describes itself: `/gigbox/schema ,s strip/*/level`.

| address | what it does |
|---|---|
| `/gigbox/PATH` | without an argument is answered with what is heard; with one, sets it. Choices by name or number, switches as 0 and 1 |
| `/gigbox/PATTERN` | a pattern, or the beginning of paths: all that it means; 64 a question, then `/gigbox/more` says from where on to ask |
| `/gigbox/schema PATTERN` | path, unit, low, high, default, taper, choices, `rw` or `r`, what it is |
| `/gigbox/watch PATTERN`, `/gigbox/unwatch` | for ten seconds each change is told |
| `/gigbox/meters` | for ten seconds, ten times a second `/gigbox/meters/strips` and `/gigbox/meters/outs`, in dB |
| `/gigbox/undo` | takes back what this app did last |
| `/gigbox/scenes`, `/gigbox/scene/recall NAME`, `/gigbox/scene/save NAME` | a scene that is there is not overwritten |
| `/gigbox/info` | name, version |
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from gigbox import __version__, params
from gigbox.errors import GigboxError, ParamError
from gigbox.remote.mirror import Mirror
from gigbox.remote.osc import identity, rights
from gigbox.remote.osc.clients import Client, Clients, Where
from gigbox.remote.osc.laws import Number, Text, Wire
from gigbox.remote.osc.snapshots import Snapshots
from gigbox.remote.osc.wire import Arg, Message

ROOT = "/gigbox/"
AT_ONCE = 64                  # answers to one question
LONGEST = 96                  # characters of a pattern
METERS, METERS_FACTOR = f"{ROOT}meters", 2
ERROR = f"{ROOT}error"

Say = Callable[..., bool]                # where, address, arguments: whether it is on its way


class OwnTree:
    def __init__(self, mirror: Mirror, snapshots: Snapshots, clients: Clients, say: Say, later: Callable[..., None], clock: Callable[[], float]) -> None:
        """`say` answers at once, `later` from any thread."""
        self._mirror, self._snapshots, self._clients, self._say, self._later, self._clock = mirror, snapshots, clients, say, later, clock
        self._verbs: dict[str, Callable[[Where, str, tuple[Arg, ...]], None]] = {
            "schema": self._schema, "watch": self._watch, "unwatch": self._unwatch, "meters": self._meters, "undo": self._undo, "scenes": self._scenes,
            "scene/recall": self._recall, "scene/save": self._save, "info": self._info}

    def hear(self, where: Where, by: str, message: Message) -> None:
        """What is wrong is answered with `/gigbox/error`: the address, and why."""
        path = message.address.removeprefix(ROOT)
        try:
            if (verb := self._verbs.get(path)) is not None:
                verb(where, by, message.args)
            elif _is_one(path):
                self._one(where, by, path, message.args)
            else:
                self._many(where, path, message.args, lambda each: self._say(where, ROOT + each, self.look(each)), self._served(path))
        except (GigboxError, ValueError) as e:
            self._say(where, ERROR, message.address[:LONGEST], str(e)[:200])

    def look(self, path: str) -> Wire:
        """What is heard, in the words of THE table."""
        return _worded(path, self._mirror.text(path) if params.find_text(path) else self._mirror.value(path))

    def _one(self, where: Where, by: str, path: str, args: tuple[Arg, ...]) -> None:
        if not self._mirror.served(path):
            raise ParamError(f"{path}: this box has none")
        if args:
            if not rights.may(path):
                raise ParamError(f"{path}: is not set by OSC, expected a hand at the box or on its page")
            wanted, client = _meant(path, args[0]), self._clients.known(where)
            if client and self._echoed(client, path, _worded(path, wanted)):
                return
            self._mirror.set({path: wanted}, by)
            if client and any(means(pattern, path) for pattern in client.watching):
                client.told[ROOT + path] = _told(args[0])
                client.fresh[ROOT + path] = None            # only where it is not as it was asked for
        else:
            self._say(where, ROOT + path, self.look(path))

    def _echoed(self, client: Client, path: str, word: Wire) -> bool:
        """Whether that app only says back what it was told; of a switch or a name only what stands, where it changes nothing."""
        late = isinstance(word, float)
        return client.echoes(ROOT + path, word, self._clock(), late) and (late or word == self.look(path))

    def _many(self, where: Where, path: str, args: tuple[Arg, ...], tell: Callable[[str], bool], found: tuple[str, ...]) -> None:
        start = int(args[0]) if args and isinstance(args[0], (int, float)) else 0
        if not found:
            raise ParamError(f"{path}: no such parameter")
        for each in found[max(start, 0):][:AT_ONCE]:
            if not tell(each):               # that host was told too much
                return
        if start + AT_ONCE < len(found):
            self._say(where, f"{ROOT}more", path, start + AT_ONCE, len(found))

    def _served(self, pattern: str) -> tuple[str, ...]:
        return tuple(path for path in matching(pattern) if self._mirror.served(path))

    def _schema(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        pattern = _text(args)
        rows = tuple(dict.fromkeys(map(_row, matching(pattern))))
        self._many(where, pattern, args[1:], lambda row: self._say(where, f"{ROOT}schema", *_described(row)), rows)

    def _watch(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        pattern = _text(args)
        if not matching(pattern):
            raise ParamError(f"{pattern}: no such parameter")
        self._clients.join(where).watch(pattern, self._clock())

    def _unwatch(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        if client := self._clients.known(where):
            client.watching = {}

    def _meters(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._clients.join(where).stream(METERS, METERS, 0, METERS_FACTOR, self._clock())

    def _undo(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._mirror.ask(lambda desk: desk.undo(by, by=by), self._refused(where, "undo"))

    def _scenes(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._snapshots.names(lambda names: self._later(where, f"{ROOT}scenes", *names), self._refused(where, "scenes"))

    def _recall(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._snapshots.recall(_text(args), by, self._refused(where, "scene/recall"))

    def _save(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._snapshots.save(_text(args), by, self._refused(where, "scene/save"))

    def _refused(self, where: Where, verb: str) -> Callable[[str], None]:
        """Hears in another thread why the desk does not."""
        return lambda why: self._later(where, ERROR, ROOT + verb, why[:200])

    def _info(self, where: Where, by: str, args: tuple[Arg, ...]) -> None:
        self._say(where, f"{ROOT}info", identity.name(), __version__)


def _worded(path: str, value: Number) -> Wire:
    """A value as it is told."""
    if isinstance(value, str):
        return value
    param = params.find(path).param
    if param.choices:
        return int(value) if param.choices == params.SWITCH else param.choices[int(value)]
    return int(value) if param.taper == "step" else _told(value)


def _told(value: object) -> Wire:
    """Without what four bytes and a sum of hand and box leave of it."""
    return round(value, 4) if isinstance(value, float) else value if isinstance(value, (int, str)) else 0


def _text(args: tuple[Arg, ...]) -> str:
    if not args or not isinstance(args[0], str) or not args[0] or len(args[0]) > LONGEST:
        raise ParamError("expected a text")
    return args[0]


def _is_one(path: str) -> bool:
    try:
        return params.find_text(path) is not None or bool(params.find(path))
    except ParamError:
        return False


def _meant(path: str, arg: Arg) -> Number:
    """A number at the ends of its range where it is beyond; texts may be numbers, too."""
    if params.find_text(path):
        return Text(params.find_text(path).longest).wired(arg)       # type: ignore[union-attr]
    param = params.find(path).param
    if isinstance(arg, str) and arg in param.choices:
        return float(param.choices.index(arg))
    if arg is None or isinstance(arg, bytes):
        raise ParamError(f"{path}: expected a number{' or one of ' + ', '.join(param.choices) if param.choices else ''}")
    try:
        value = param.clamp(float(arg))
    except ValueError:
        raise ParamError(f"{path}: {ascii(arg)[:40]}, expected a number{' or one of ' + ', '.join(param.choices) if param.choices else ''}") from None
    return float(round(value)) if param.taper == "step" else value


def _all() -> Iterator[str]:
    yield from (address.path for address in params.addresses())
    for text in params.TEXTS:
        head = text.path.split("/")[0]
        yield from (text.path.replace("*", str(n)) for n in range(1, params.COUNTS[head] + 1)) if "*" in text.path else (text.path,)


@functools.lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((path, tuple(path.split("/"))) for path in _all())


@functools.lru_cache(maxsize=128)
def matching(pattern: str) -> tuple[str, ...]:
    """The paths that begin so, word by word; a `*` is any one word."""
    wanted = tuple(pattern.strip("/").split("/"))
    if wanted == ("*",):
        return tuple(path for path, _ in _words())
    return tuple(path for path, words in _words() if len(words) >= len(wanted) and all(want in ("*", word) for want, word in zip(wanted, words, strict=False)))


@functools.lru_cache(maxsize=128)
def _set(pattern: str) -> frozenset[str]:
    return frozenset(matching(pattern))


def means(pattern: str, path: str) -> bool:
    return path in _set(pattern)


def _row(path: str) -> str:
    return text.path if (text := params.find_text(path)) else params.find(path).param.path


def _described(row: str) -> tuple[str | float, ...]:
    access = "rw" if rights.may(row.replace("*", "1")) else "r"
    if text := next((text for text in params.TEXTS if text.path == row), None):
        return row, "text", 0.0, float(text.longest), "", "", "", access, text.about
    param = params.find(row.replace("*", "1")).param
    default = param.default_of(0)
    return (row, param.unit, float(param.low), float(param.high), param.choices[int(default)] if param.choices else float(default), param.taper,
            " ".join(param.choices), access, param.about)
