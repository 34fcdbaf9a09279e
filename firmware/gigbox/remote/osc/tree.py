"""The console's tree written out: every address with its law and paths, the addresses of each path, and the lines of a scene file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gigbox.remote.osc.families import NODES
from gigbox.remote.osc.laws import Law, Wire
from gigbox.remote.osc.vocabulary import COUNTS, Node

_COUNTED = re.compile(r"\{(\w+)")
# What clients call otherwise. xair-api asks for the mute groups where it means automix.
ALIASES: Mapping[str, str] = {"/config/mute": "/config/amixenable"}


@dataclass(frozen=True)
class Entry:
    """One address; fields as of a Leaf."""

    address: str
    law: Law
    paths: tuple[str, ...]
    start: Wire
    either: bool
    fixed: bool


def _instances(node: Node) -> Iterator[tuple[str, dict[str, int]]]:
    counted = _COUNTED.search(node.template)
    for number in COUNTS[counted[1]] if counted else (0,):
        numbers = {counted[1]: number} if counted else {}
        yield node.template.format(**numbers), numbers


def _entries() -> Iterator[tuple[str, Entry, bool]]:
    for node in NODES:
        for place, numbers in _instances(node):
            for leaf in node.leaves:
                paths = tuple(path.format(**numbers) for path in leaf.paths)
                yield place, Entry(f"/{place}/{leaf.name}", leaf.law, paths, leaf.law.wired(leaf.start), leaf.either, leaf.fixed), leaf.hidden


ENTRIES: dict[str, Entry] = {}
LINES: dict[str, tuple[Entry, ...]] = {}                 # by node, without the slash before it: what its line has, in order
OF_PATH: dict[str, tuple[Entry, ...]] = {}
for _place, _entry, _hidden in _entries():
    ENTRIES[_entry.address] = _entry
    if not _hidden:
        LINES[_place] = (*LINES.get(_place, ()), _entry)
    for _path in _entry.paths:
        OF_PATH[_path] = (*OF_PATH.get(_path, ()), _entry)


def find(address: str) -> Entry | None:
    return ENTRIES.get(ALIASES.get(address, address))
