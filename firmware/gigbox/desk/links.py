"""Two strips that are left and right of one source: what is set of one side is set of the other, pan mirrored. `values`: what is heard, by index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gigbox.desk import paths
from gigbox.desk.events import Setting
from gigbox.desk.paths import INDEX
from gigbox.params import COUNTS

LINKS = tuple((number, INDEX[f"strip/{number}/link"]) for number in range(1, COUNTS["strip"] + 1))


def pairs(values: Sequence[float], wanted: Iterable[str]) -> list[tuple[str, str]]:
    """Each path of a linked strip, with the same parameter of the other side."""
    linked = {number for number, index in LINKS if values[index] > 0}
    return [(path, side) for path in wanted if (side := paths.partner(path, linked))] if linked else []


def sides(values: Sequence[float], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the other sides of linked strips get."""
    return {side: -wanted[path] if path.endswith("/pan") and wanted[path] else wanted[path] for path, side in pairs(values, wanted)}


def joins(values: Sequence[float], auto: Sequence[float | None], wanted: Mapping[str, Any], why: str) -> Iterator[tuple[str, str, Setting, str]]:
    """Two strips that are linked now: what auto holds of the left goes for both, or the right would jump there with the next move."""
    for number, index in LINKS:
        if not wanted.get(f"strip/{number}/link") or values[index] > 0:
            continue
        for path in paths.matching(f"strip/{number}"):
            side = paths.partner(path, [number])
            if side and paths.mixed(path):
                moved = auto[INDEX[path]]
                yield side, "auto", -moved if moved and path.endswith("/pan") else moved, why
