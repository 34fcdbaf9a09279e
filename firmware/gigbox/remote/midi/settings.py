"""midi.toml of the state folder: what a device speaks, where its name does not say so, and what a controller or note moves beyond the table.

    [[device]]
    name = "X-TOUCH MINI"       # a part of its name
    speaks = "mcu"              # mcu, extender, plain, or off

    [[map]]
    note = 60                   # or cc = 60
    channel = 10                # 1 to 16; 1 where it is left out
    path = "box/tap"
    how = "press"               # absolute, toggle, hold or press
    low = 0                     # values of both ends; the parameter's own where they are left out
    high = 1
    name = "FS-6"               # a part of the device's name; every device where it is left out
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gigbox import params
from gigbox.errors import ParamError, RequestError
from gigbox.remote.midi import tongues
from gigbox.remote.midi.aims import HOWS, Aim, Source
from gigbox.texts import read_text, reason

FILE = "midi.toml"
MOST = 256                # lines of a kind
SHAPES: Mapping[str, Mapping[str, type]] = {
    "device": {"name": str, "speaks": str},
    "map": {"name": str, "channel": int, "cc": int, "note": int, "path": str, "how": str, "low": float, "high": float},
}
EXPECTED = {str: "a text", int: "a whole number", float: "a number"}


@dataclass(frozen=True)
class Settings:
    """`devices`: part of a name, and what it speaks; `maps`: part of a name, and what moves what."""

    devices: tuple[tuple[str, str], ...] = ()
    maps: tuple[tuple[str, Source, Aim], ...] = ()

    def speaks(self, name: str) -> str | None:
        """What the file says of a device; None where it says nothing."""
        return next((tongue for part, tongue in self.devices if part.casefold() in name.casefold()), None)

    def aims(self, name: str) -> dict[Source, Aim]:
        return {source: aim for part, source, aim in self.maps if part.casefold() in name.casefold()}


def load(path: Path) -> Settings:
    """Of the file; RequestError with a line for each fault. No file says nothing."""
    try:
        return read(read_text(path))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as e:
        raise RequestError(f"{FILE}: {reason(e)}") from None


def read(text: str) -> Settings:
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        raise RequestError(f"{FILE}: {reason(e)}, expected TOML") from None
    faults = [f"{FILE}: {fault}" for fault in _faults(told)]
    if faults:
        raise RequestError("\n".join(faults))
    return Settings(tuple((each["name"], each["speaks"]) for each in told.get("device", ())),
                    tuple((each.get("name", ""), _source(each), _aim(each)) for each in told.get("map", ())))


def _faults(told: Mapping[str, Any]) -> Iterator[str]:
    for word, rows in told.items():
        if word not in SHAPES:
            yield f"{word}: not known, expected [[device]] or [[map]]"
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f"{word}: expected [[{word}]]"
        elif len(rows) > MOST:
            yield f"{word}: {len(rows)} of them, expected {MOST} at most"
        else:
            for number, row in enumerate(rows, 1):
                shape = list(_shape(row, SHAPES[word]))
                for fault in shape or (_device(row) if word == "device" else _map(row)):
                    yield f"{word} {number}: {fault}"


def _shape(row: Mapping[str, Any], shape: Mapping[str, type]) -> Iterator[str]:
    for key, value in row.items():
        if key not in shape:
            yield f"{key}: not known, expected one of {', '.join(shape)}"
        elif type(value) is not shape[key] and not (shape[key] is float and type(value) is int):
            yield f"{key}: {value!r}, expected {EXPECTED[shape[key]]}"


def _device(row: Mapping[str, Any]) -> Iterator[str]:
    if not row.get("name"):
        yield "has no name, expected a part of the device's"
    if row.get("speaks") not in tongues.TONGUES:
        yield f"speaks {row.get('speaks')!r}, expected one of {', '.join(tongues.TONGUES)}"


def _map(row: Mapping[str, Any]) -> Iterator[str]:
    if ("cc" in row) == ("note" in row):
        yield "expected cc or note, one of them"
    for key, low, high in (("channel", 1, 16), ("cc", 0, 127), ("note", 0, 127)):
        if not low <= row.get(key, low) <= high:
            yield f"{key}: {row[key]} is not in {low}..{high}"
    if row.get("how", HOWS[0]) not in HOWS:
        yield f"how: {row['how']!r} is not one of {', '.join(HOWS)}"
    try:
        param = params.find(path := row.get("path", "")).param
        for key in ("low", "high"):
            param.check(row.get(key, param.low), f"{path} ({key})")
    except ParamError as e:
        yield str(e)


def _source(row: Mapping[str, Any]) -> Source:
    return Source("cc" if "cc" in row else "note", row.get("channel", 1) - 1, row.get("cc", row.get("note")))


def _aim(row: Mapping[str, Any]) -> Aim:
    param = params.find(row["path"]).param
    return Aim(row["path"], float(row.get("low", param.low)), float(row.get("high", param.high)), row.get("how", HOWS[0]))
