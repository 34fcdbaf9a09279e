"""How the console's numbers mean what is heard: faders, lines, logarithms, switches, choices, each on the console's own grid of steps.

`wire` is what goes over the network (a float 0..1, a whole number, a text), `heard` what THE table means by it, a token what a line of a scene file has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gigbox.params import OFF_DB
from gigbox.remote import fader_law
from gigbox.remote.osc.wire import Arg
from gigbox.texts import printable

Wire = int | float | str
Number = float | str
LONGEST = 32                 # characters of a name, as in THE table


class Law(Protocol):
    """`wired`: what a client sent, on the grid, whatever type it has; ValueError where it means nothing. `wire` and `heard` have one number for each path
    that the law is about; None is what this box has no own for."""

    def wired(self, arg: Arg) -> Wire: ...
    def wire(self, heard: Sequence[Number]) -> Wire: ...
    def heard(self, wire: Wire) -> tuple[Number | None, ...]: ...
    def token(self, wire: Wire) -> str: ...
    def read(self, token: str) -> Wire: ...


def _number(arg: Arg) -> float:
    """Whole numbers stand for floats, and texts for numbers: clients send both."""
    if arg is None or isinstance(arg, bytes) or not math.isfinite(value := float(arg)):
        raise ValueError("expected a number")
    return value


@dataclass(frozen=True)
class Scale:
    """A float 0..1 in so many steps, along a curve: `at` its value at a position, `position` the way back, `write` a token, `times` what one of it is here."""

    steps: int
    at: Callable[[float], float]
    position: Callable[[float], float]
    write: Callable[[float], str]
    times: float = 1.0

    def wired(self, arg: Arg) -> float:
        return self._snapped(_number(arg))

    def wire(self, heard: Sequence[Number]) -> float:
        return self._snapped(self.position(float(heard[0]) / self.times))

    def heard(self, wire: Wire) -> tuple[float]:
        return (self.at(float(wire)) * self.times,)

    def token(self, wire: Wire) -> str:
        return self.write(self.at(float(wire)))

    def read(self, token: str) -> float:
        return self._snapped(self.position(_spoken(token)))

    def _snapped(self, position: float) -> float:
        return round(min(max(position, 0.0), 1.0) * (self.steps - 1)) / (self.steps - 1)


def fader(steps: int) -> Scale:
    return Scale(steps, fader_law.decibels, fader_law.way, lambda db: f"{'-oo' if db <= OFF_DB else f'{db:.1f}':>5}")


def linear(steps: int, low: float, high: float, form: str = ".1f", times: float = 1.0) -> Scale:
    return Scale(steps, lambda f: low + (high - low) * f, lambda value: (value - low) / (high - low), lambda value: format(value, form), times)


def log(steps: int, low: float, high: float, write: Callable[[float], str]) -> Scale:
    """Also downwards, where `high` is less."""
    least = min(low, high)
    return Scale(steps, lambda f: low * (high / low) ** f, lambda value: math.log(max(value, least) / low) / math.log(high / low), write)


def hertz(value: float) -> str:
    """124.7, 1k97, 10k02."""
    return f"{value:.1f}" if value < 999.95 else f"{value / 1000:.2f}".replace(".", "k")


def milliseconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _spoken(token: str) -> float:
    if token.strip() == "-oo":
        return OFF_DB
    whole, k, rest = token.partition("k")
    return _number(f"{whole}.{rest or 0}") * 1000 if k else _number(token)


@dataclass(frozen=True)
class Switch:
    """`turned`: the console says ON where the box says mute."""

    turned: bool = False

    def wired(self, arg: Arg) -> int:
        if isinstance(arg, str) and arg.upper() in ("ON", "OFF"):
            return int(arg.upper() == "ON")
        return int(_number(arg) >= 0.5)

    def wire(self, heard: Sequence[Number]) -> int:
        return int((float(heard[0]) > 0) != self.turned)

    def heard(self, wire: Wire) -> tuple[float]:
        return (float(bool(wire) != self.turned),)

    def token(self, wire: Wire) -> str:
        return "ON" if wire else "OFF"

    def read(self, token: str) -> int:
        return self.wired(token)


@dataclass(frozen=True)
class Choice:
    """A whole number with a name. `hears`: what each means here. `tells`: which one a value here is; where it says none, the nearest."""

    names: tuple[str, ...]
    hears: tuple[float | None, ...] = ()
    tells: Mapping[float, int] = field(default_factory=dict)

    def wired(self, arg: Arg) -> int:
        if isinstance(arg, str) and arg in self.names:
            return self.names.index(arg)
        return min(max(round(_number(arg)), 0), len(self.names) - 1)

    def wire(self, heard: Sequence[Number]) -> int:
        value = float(heard[0])
        if value in self.tells:
            return self.tells[value]
        return min((abs(each - value), n) for n, each in enumerate(self.hears) if each is not None)[1]

    def heard(self, wire: Wire) -> tuple[float | None]:
        return (self.hears[int(wire)],)

    def token(self, wire: Wire) -> str:
        return self.names[int(wire)]

    def read(self, token: str) -> int:
        return self.wired(token)


@dataclass(frozen=True)
class Bits:
    """One bit for each of several switches."""

    count: int = 4

    def wired(self, arg: Arg) -> int:
        return min(max(round(_number(arg)), 0), (1 << self.count) - 1)

    def wire(self, heard: Sequence[Number]) -> int:
        return sum(1 << n for n, each in enumerate(heard) if float(each) > 0)

    def heard(self, wire: Wire) -> tuple[float, ...]:
        return tuple(float(int(wire) >> n & 1) for n in range(self.count))

    def token(self, wire: Wire) -> str:
        return f"%{int(wire):0{self.count}b}"

    def read(self, token: str) -> int:
        return self.wired(int(token.removeprefix("%"), 2))


class AnyOf(Bits):
    """Whether one of several switches is on; off clears them all."""

    def wired(self, arg: Arg) -> int:
        return int(_number(arg) >= 0.5)

    def wire(self, heard: Sequence[Number]) -> int:
        return int(any(float(each) > 0 for each in heard))

    def heard(self, wire: Wire) -> tuple[float | None, ...]:          # type: ignore[override]
        return (None if wire else 0.0,) * self.count


@dataclass(frozen=True)
class Text:
    """A name: what cannot be seen is taken out of it, and what is too long cut."""

    longest: int = LONGEST

    def wired(self, arg: Arg) -> str:
        if arg is None or isinstance(arg, bytes):
            raise ValueError("expected a text")
        return "".join(letter for letter in str(arg) if printable(letter))[:self.longest].strip()

    def wire(self, heard: Sequence[Number]) -> str:
        return str(heard[0])

    def heard(self, wire: Wire) -> tuple[str]:
        return (str(wire),)

    def token(self, wire: Wire) -> str:
        return '"{}"'.format(str(wire).replace('"', "'"))

    def read(self, token: str) -> str:
        return self.wired(token)


@dataclass(frozen=True)
class Whole:
    """A whole number that means nothing here."""

    low: int = 0
    high: int = 127

    def wired(self, arg: Arg) -> int:
        return min(max(round(_number(arg)), self.low), self.high)

    def wire(self, heard: Sequence[Number]) -> int:
        return int(float(heard[0]))

    def heard(self, wire: Wire) -> tuple[float]:
        return (float(wire),)

    def token(self, wire: Wire) -> str:
        return str(wire)

    def read(self, token: str) -> int:
        return self.wired(token)
