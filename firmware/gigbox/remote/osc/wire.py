"""Datagrams to messages and back, by python-osc: short ones only, and of plain arguments. Tolerates messages without type tags, as small tools send them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pythonosc.osc_message import OscMessage, ParseError
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder
from pythonosc.parsing import osc_types

LONGEST = 1472                # bytes: what one frame of a network takes
MOST, DEEPEST = 64, 3         # messages of one datagram; bundles in each other
BUNDLE = b"#bundle\0"
TAGS = frozenset("ifsbhdTFN")

Arg = int | float | str | bytes | None


@dataclass(frozen=True)
class Message:
    """What was said. Booleans are 0 and 1, and no number is infinite or none."""

    address: str
    args: tuple[Arg, ...] = ()


def read(datagram: bytes) -> list[Message]:
    """The messages of a datagram, also of a bundle, whose time is now. ValueError where it is none, too long, or of arguments that nobody here knows."""
    if len(datagram) > LONGEST:
        raise ValueError(f"{len(datagram)} bytes, expected {LONGEST} at most")
    try:
        found = list(_messages(datagram, 0))
    except (ParseError, osc_types.ParseError, struct.error, IndexError) as e:
        raise ValueError(f"not OSC: {e}") from None
    if len(found) > MOST:
        raise ValueError(f"{len(found)} messages, expected {MOST} at most")
    return found


def write(address: str, *args: int | float | str | bytes) -> bytes:
    """A datagram; ValueError where that cannot be said."""
    builder = OscMessageBuilder(address)
    for arg in args:
        builder.add_arg(arg, "sbif"[(isinstance(arg, str), isinstance(arg, bytes), isinstance(arg, int), True).index(True)])
    try:
        return bytes(builder.build().dgram)
    except (BuildError, OverflowError, struct.error) as e:
        raise ValueError(str(e)) from None


def _messages(content: bytes, depth: int) -> Iterator[Message]:
    if content.startswith(BUNDLE):
        if depth >= DEEPEST:
            raise ParseError(f"bundles more than {DEEPEST} deep")
        at = len(BUNDLE) + 8
        while at < len(content):
            (size,) = struct.unpack_from(">i", content, at)
            if not 0 < size <= len(content) - at - 4:
                raise ParseError("a bundle with a wrong length in it")
            yield from _messages(content[at + 4:at + 4 + size], depth + 1)
            at += 4 + size
        return
    if not content.startswith(b"/"):
        raise ParseError("neither a message nor a bundle")
    address, at = osc_types.get_string(content, 0)
    tags = osc_types.get_string(content, at)[0] if at < len(content) else ""
    if not tags:
        yield Message(address)
        return
    if not TAGS.issuperset(tags[1:]):          # which the library would tell on standard error, again and again
        raise ParseError(f"arguments {ascii(tags)[:40]}")
    yield Message(address, tuple(_plain(arg) for arg in OscMessage(content).params))


def _plain(arg: Arg) -> Arg:
    if isinstance(arg, bool):
        return int(arg)
    if isinstance(arg, float) and not math.isfinite(arg):
        raise ParseError(f"{arg} is not a number")
    return arg
