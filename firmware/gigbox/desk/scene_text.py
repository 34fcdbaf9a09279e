"""A scene as a file that a person reads, changes and keeps: TOML, a table for each strip and bus, and what the box had moved under `auto`."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from gigbox.desk.paths import PATHS, TEXTS
from gigbox.errors import SceneError
from gigbox.texts import decoded

FORMAT = 2                    # as of the scenes' own files
LONGEST = 256_000             # bytes
DEEPEST = 8                   # words of a path
HEAD = ("# A scene of a gigbox: what hands set, and under `auto` what the box had moved. Lines may be changed and left out; what is left out\n"
        "# is as a new box has it.\n")
LINE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)

Layers = dict[str, dict[str, Any]]


def to_text(name: str, scene: Mapping[str, Mapping[str, Any]], saved: float) -> str:
    """`scene` as Desk.scene() has it; `saved` is of the wall clock, for people."""
    hand = {path: value for layer in ("texts", "hand") for path, value in scene[layer].items()}
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(saved)) if saved else "unknown"
    parts = [f"{HEAD}# {name}, saved {day}", f"format = {FORMAT}", *_tables(hand, ""), *_tables(scene["auto"], "auto.")]
    return "\n".join(parts) + "\n"


def from_text(name: str, text: str) -> Layers:
    """hand, auto and texts by path, not yet held against the table. SceneError says in which line what is wrong."""
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise SceneError(f"scene {name!r}: longer than {LONGEST} bytes")
    try:
        found = tomllib.loads(decoded(text.encode("utf-8", "surrogatepass")))
    except tomllib.TOMLDecodeError as e:
        where = LINE.fullmatch(str(e))
        line, what = (where[2] or text.count("\n") + 1, where[1]) if where else (1, str(e))
        raise SceneError(f"scene {name!r}: line {line}: {_line(what)}, expected TOML") from None
    except (ValueError, RecursionError) as e:
        raise SceneError(f"scene {name!r}: {_line(str(e))}") from None
    if (version := found.pop("format", FORMAT)) != FORMAT:
        raise SceneError(f"scene {name!r}: format {version!r:.20}, expected {FORMAT}")
    auto = found.pop("auto", {})
    if not isinstance(auto, dict):
        raise SceneError(f"scene {name!r}: auto: {auto!r:.20}, expected a table")
    said = dict(_leaves(name, found, ()))
    return {"hand": {path: value for path, value in said.items() if path not in TEXTS}, "auto": dict(_leaves(name, auto, ())),
            "texts": {path: value for path, value in said.items() if path in TEXTS}}


def _tables(values: Mapping[str, Any], root: str) -> Iterator[str]:
    """A table for each strip, bus or the like, in the order of THE table."""
    tables: dict[str, list[str]] = {}
    for path in filter(values.__contains__, PATHS):
        words = path.split("/")
        depth = 2 if len(words) > 2 and words[1].isdecimal() else 1
        tables.setdefault(".".join(words[:depth]), []).append(f"{'.'.join(words[depth:])} = {_value(values[path])}")
    for table, lines in sorted(tables.items(), key=lambda item: [(not word.isdecimal(), word.zfill(4)) for word in item[0].split(".")]):
        yield f"\n[{root}{table}]"
        yield from lines


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, bool)) else repr(round(float(value), 6))


def _leaves(name: str, table: Mapping[str, Any], words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if len(words) > DEEPEST:
        raise SceneError(f"scene {name!r}: {'/'.join(words)[:60]}: no such parameter")
    for key, value in table.items():
        path = "/".join((*words, key))
        if isinstance(value, dict):
            yield from _leaves(name, value, (*words, key))
        elif isinstance(value, (str, bool, int, float)):
            yield path, value
        else:
            raise SceneError(f"scene {name!r}: {path[:60]}: {_line(str(value))[:30]}, expected a number, a name, true or false")


def _line(text: str) -> str:
    return " ".join(text.split())[:120]
