"""What is soldered where: one TOML file, looked at before anything is touched, with a line for each fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from gigbox.errors import PanelError
from gigbox.texts import read_text, reason

CHIPS = {"display": ("ssd1306", "ssd1309", "sh1106"), "pots": ("mcp3008",), "expanders": ("mcp23017",)}
STRIPS, POTS = 8, 8
CONTROLS = ("encoder_1", "encoder_2", "auto", "mute")
STATUS = ("signal", "clip", "muted", "auto")
OF_THE_CARD = frozenset((5, *range(18, 28)))      # DAC8x and ADC8x: I2S, and how they know each other
OF_BUSES = {2: "I2C", 3: "I2C", 7: "SPI", 8: "SPI", 9: "SPI", 10: "SPI", 11: "SPI"}
OUTPUT_ONLY = ("A7", "B7")                        # of an MCP23017, by its data sheet since 2022
GPIO = re.compile(r"gpio([0-9]|1[0-9]|2[0-7])")
OF_EXPANDER = re.compile(r"([a-z][a-z0-9_]*)\.([AB][0-7])")


@dataclass(frozen=True)
class Display:
    chip: str = "ssd1306"
    bus: str = "i2c"
    port: int = 1
    address: int = 0x3C
    select: int = 1
    dc: str = "gpio6"
    reset: str = ""
    turned: bool = False


@dataclass(frozen=True)
class Pots:
    chip: str = "mcp3008"
    port: int = 0
    select: int = 0
    inputs: tuple[int, ...] = tuple(range(POTS))
    reversed: bool = False


@dataclass(frozen=True)
class Expander:
    chip: str = "mcp23017"
    port: int = 1
    address: int = 0x20
    interrupt: str = ""


@dataclass(frozen=True)
class Encoder:
    a: str
    b: str
    push: str = ""
    quarters: int = 4


@dataclass(frozen=True)
class Board:
    """Everything that is named `lines` is gpioN or EXPANDER.XN."""

    display: Display | None = None
    pots: Pots | None = None
    expanders: dict[str, Expander] = field(default_factory=dict)
    encoders: dict[int, Encoder] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    strips: tuple[str, ...] = ()
    leds: dict[str, str] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)

    def inputs(self) -> dict[str, str]:
        """Every line that a hand moves, by what it is: `encoder_1/a`."""
        of_encoders = ((f"encoder_{n}/{word}", getattr(each, word)) for n, each in self.encoders.items() for word in ("a", "b", "push"))
        return {**{what: line for what, line in of_encoders if line}, **self.buttons}

    def outputs(self) -> dict[str, str]:
        """Every light's line, in the order of the lights."""
        return {**{f"strip_{n}": line for n, line in enumerate(self.strips, 1)}, **self.leds}


def reference() -> Board:
    return read((files(__package__) / "pins.toml").read_text("utf-8"), "pins.toml")


def load(path: Path) -> Board:
    """The board of a file; PanelError with all its faults."""
    try:
        text = read_text(path)
    except (OSError, ValueError) as e:
        raise PanelError(f"{path}: {reason(e)}, expected a file like pins.toml") from None
    return read(text, path.name)


def read(text: str, name: str) -> Board:
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        raise PanelError(f"{name}: {e}, expected TOML") from None
    faults = [f"{name}: {fault}" for fault in _shape(told)]
    if faults:
        raise PanelError("\n".join(faults))
    board = _board(told)
    faults = [f"{name}: {fault}" for fault in _sense(board)]
    if faults:
        raise PanelError("\n".join(faults))
    return board


def parts(line: str) -> tuple[str, str]:
    """Of `gpio12` ("gpio", "12"), of `x.A3` ("x", "A3"); ("", "") of what is no line."""
    if found := GPIO.fullmatch(line):
        return "gpio", found.group(1)
    found = OF_EXPANDER.fullmatch(line)
    return (found.group(1), found.group(2)) if found else ("", "")


NUMBER, TEXT, SWITCH = int, str, bool
SHAPES: dict[str, dict[str, type]] = {
    "display": {"chip": TEXT, "bus": TEXT, "port": NUMBER, "address": NUMBER, "select": NUMBER, "dc": TEXT, "reset": TEXT, "turned": SWITCH},
    "pots": {"chip": TEXT, "port": NUMBER, "select": NUMBER, "inputs": list, "reversed": SWITCH},
    "buttons": {"auto": TEXT, "mute": TEXT}, "leds": {"strips": list, **dict.fromkeys(STATUS, TEXT)}}
OF_EACH: dict[str, dict[str, type]] = {
    "expanders": {"chip": TEXT, "port": NUMBER, "address": NUMBER, "interrupt": TEXT}, "encoders": {"a": TEXT, "b": TEXT, "push": TEXT, "quarters": NUMBER}}


def _shape(told: dict[str, Any]) -> Iterator[str]:
    """What is not as the file has to be, whatever it means."""
    for word, value in told.items():
        if word not in (*SHAPES, *OF_EACH, "events"):
            yield f"{word}: no part of a panel, expected one of {', '.join((*SHAPES, *OF_EACH, 'events'))}"
        elif not isinstance(value, dict):
            yield f"{word}: {value!r}, expected a table"
        elif word in SHAPES:
            yield from _words(word, value, SHAPES[word])
        else:
            for key, inner in value.items():
                if word == "events":
                    if inner not in CONTROLS:
                        yield f"events: {key} is {inner!r}, expected one of {', '.join(CONTROLS)}"
                elif not isinstance(inner, dict):
                    yield f"{word}.{key}: {inner!r}, expected a table"
                else:
                    yield from _words(f"{word}.{key}", inner, OF_EACH[word])
    for key, inner in told.get("encoders", {}).items() if isinstance(told.get("encoders"), dict) else ():
        if key not in ("1", "2"):
            yield f"encoders.{key}: expected encoders.1, which walks, and encoders.2, which changes"
        elif isinstance(inner, dict) and not {"a", "b"} <= inner.keys():
            yield f"encoders.{key}: has no a or no b, expected both lines"


def _words(where: str, table: dict[str, Any], shape: dict[str, type]) -> Iterator[str]:
    for key, value in table.items():
        if key not in shape:
            yield f"{where}.{key}: not known, expected one of {', '.join(shape)}"
        elif type(value) is not shape[key]:
            yield f"{where}.{key}: {value!r}, expected {({int: 'a whole number', str: 'a text', bool: 'true or false', list: 'a list'})[shape[key]]}"


def _board(told: dict[str, Any]) -> Board:
    pots, leds = dict(told.get("pots", {})), dict(told.get("leds", {}))
    if "inputs" in pots:
        pots["inputs"] = tuple(pots["inputs"])
    strips = tuple(leds.pop("strips", ()))
    return Board(Display(**told["display"]) if "display" in told else None, Pots(**pots) if "pots" in told else None,
                 {name: Expander(**each) for name, each in told.get("expanders", {}).items()},
                 {int(n): Encoder(**each) for n, each in told.get("encoders", {}).items()},
                 dict(told.get("buttons", {})), strips, {word: leds[word] for word in STATUS if word in leds}, dict(told.get("events", {})))


def _sense(board: Board) -> Iterator[str]:
    """What cannot be built so."""
    yield from _chips(board)
    if board.pots and (len(board.pots.inputs) > POTS or any(type(n) is not int or not 0 <= n <= 7 for n in board.pots.inputs)):
        yield f"pots.inputs: {list(board.pots.inputs)}, expected at most {POTS} of 0 to 7"
    if len(board.strips) > STRIPS:
        yield f"leds.strips: {len(board.strips)} lights, expected {STRIPS} at most"
    for name, each in board.encoders.items():
        if each.quarters not in (2, 4):
            yield f"encoders.{name}.quarters: {each.quarters}, expected 2 or 4"
    used: dict[str, str] = {}
    for what, line in _lines(board):
        yield from _line(board, what, line, used)


def _chips(board: Board) -> Iterator[str]:
    display = board.display
    if display and display.bus not in ("i2c", "spi"):
        yield f"display.bus: {display.bus!r}, expected i2c or spi"
    named = {"display": display, "pots": board.pots, **{f"expanders.{name}": each for name, each in board.expanders.items()}}
    for where, part in named.items():
        if part is not None and part.chip not in (known := CHIPS[where.split(".")[0]]):
            yield f"{where}.chip: {part.chip!r}, expected one of {', '.join(known)}"
    taken: dict[tuple[str, int, int], str] = {}
    chips: list[tuple[str, tuple[str, int, int]]] = [(f"expanders.{name}", ("i2c", e.port, e.address)) for name, e in board.expanders.items()]
    chips += [("pots", ("spi", board.pots.port, board.pots.select))] if board.pots else []
    chips += [("display", ("i2c", display.port, display.address) if display.bus == "i2c" else ("spi", display.port, display.select))] if display else []
    for where, place in chips:
        if place[0] == "i2c" and not 0x03 <= place[2] <= 0x77:
            yield f"{where}.address: {place[2]:#x} is not in 0x03..0x77"
        if place in taken:
            yield f"{where}: sits where {taken[place]} does ({place[0]} {place[1]}, {place[2]:#x}), expected a place of its own"
        taken[place] = where


def _lines(board: Board) -> Iterator[tuple[str, str]]:
    yield from (*board.inputs().items(), *((f"leds/{n}", line) for n, line in board.outputs().items()))
    for name, expander in board.expanders.items():
        if expander.interrupt:
            yield f"expanders.{name}.interrupt", expander.interrupt
    if board.display and board.display.bus == "spi":
        yield "display.dc", board.display.dc
        if board.display.reset:
            yield "display.reset", board.display.reset


def _line(board: Board, what: str, line: Any, used: dict[str, str]) -> Iterator[str]:
    owner, place = parts(line) if isinstance(line, str) else ("", "")
    if not owner:
        yield f"{what}: {line!r} is no line, expected gpio0 to gpio27, or EXPANDER.A0 to .B7"
        return
    if owner == "gpio" and int(place) in OF_THE_CARD:
        yield f"{what}: {line} belongs to the sound card, expected another"
    elif owner == "gpio" and int(place) in OF_BUSES:
        yield f"{what}: {line} belongs to {OF_BUSES[int(place)]}, expected another"
    elif owner != "gpio" and owner not in board.expanders:
        yield f"{what}: {line}, but there is no expanders.{owner}"
    elif owner != "gpio" and (what.startswith(("expanders", "display"))):
        yield f"{what}: {line} is an expander's, expected a line of the Pi"
    elif place in OUTPUT_ONLY and not what.startswith("leds/"):
        yield f"{what}: {line} can only be an output, expected another"
    if line in used:
        yield f"{what}: {line} is {used[line]} already"
    used[line] = what
