"""Lines of the console's scene files: `/ch/01/mix ON -9.3 ON +0`. One node a line, read and written."""

from __future__ import annotations

import re

from gigbox.remote.osc import tree
from gigbox.remote.osc.console import Console
from gigbox.remote.osc.laws import Wire

_TOKEN = re.compile(r'"([^"]*)"?|(\S+)')


def line(console: Console, node: str) -> str | None:
    """A node's line, without an end; None where there is no such node."""
    leaves = tree.LINES.get(node.strip("/"))
    if leaves is None:
        return None
    words = [entry.law.token(told) for entry in leaves if (told := console.look(entry.address)) is not None]
    return " ".join((f"/{node.strip('/')}", *words))


def read(text: str) -> list[tuple[str, Wire]]:
    """What a line wants, by address; it may end early. ValueError where it is no line, or a token means nothing: then nothing of it is done."""
    node, _, rest = text.strip().partition(" ")
    leaves = tree.LINES.get(node.strip("/"))
    if leaves is None:
        raise ValueError(f"{ascii(node)[:40]}: no such node")
    tokens = [quoted if plain == "" else plain for quoted, plain in _TOKEN.findall(rest)]
    if len(tokens) > len(leaves):
        raise ValueError(f"/{node.strip('/')}: {len(tokens)} values, expected {len(leaves)} at most")
    return [(entry.address, entry.law.read(token)) for entry, token in zip(leaves, tokens, strict=False)]
