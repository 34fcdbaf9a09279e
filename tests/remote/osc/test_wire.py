"""Messages as small tools and big apps send them; all else is refused in one way."""

from __future__ import annotations

import contextlib
import logging
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.remote.osc import wire
from gigbox.remote.osc.wire import Message


@pytest.mark.parametrize("datagram", [b"/xinfo\0\0", b"/xinfo\0\0,\0\0\0", b"/xinfo\0\0\0\0\0\0"])
def test_a_message_without_arguments_may_have_type_tags_or_none(datagram: bytes) -> None:
    assert wire.read(datagram) == [Message("/xinfo")]


def test_what_is_written_is_read_as_it_was() -> None:
    assert wire.read(wire.write("/a/b", 1, 0.5, "Änna", b"\1\2\3\4")) == [Message("/a/b", (1, 0.5, "Änna", b"\1\2\3\4"))]


def test_booleans_are_numbers_and_bundles_are_their_messages() -> None:
    yes, name = b"/on\0,T\0\0", wire.write("/name", "Anna")
    bundle = wire.BUNDLE + b"\0" * 8 + struct.pack(">i", len(yes)) + yes + struct.pack(">i", len(name)) + name
    assert wire.read(bundle) == [Message("/on", (1,)), Message("/name", ("Anna",))]


def nested(depth: int) -> bytes:
    inner = wire.write("/a")
    for _ in range(depth):
        inner = wire.BUNDLE + b"\0" * 8 + struct.pack(">i", len(inner)) + inner
    return inner


@pytest.mark.parametrize("datagram", [b"", b"x", b"/open", b"/a\0\0,i\0\0", b"/a\0\0,zz\0", b"/a\0\0x\0\0\0", b"/\xff\xfe\0,\0\0\0", wire.BUNDLE,
                                      b"/a\0\0" + b"x" * 1500, wire.BUNDLE + b"\0" * 8 + struct.pack(">i", 99) + b"/a\0\0",
                                      wire.BUNDLE + b"\0" * 8 + struct.pack(">i", -4), nested(4),
                                      b"/a\0\0,f\0\0" + struct.pack(">f", math.nan), b"/a\0\0,f\0\0" + struct.pack(">f", math.inf),
                                      wire.BUNDLE + b"\0" * 8 + (struct.pack(">i", 4) + b"/a\0\0") * 65])
def test_what_is_no_message_is_a_value_error_and_nothing_on_standard_error(datagram: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), contextlib.suppress(ValueError):
        assert wire.read(datagram) == []          # an empty bundle is one
    assert not caplog.records


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: b"/a\0\0," + rest))
def test_no_bytes_do_worse_than_a_value_error(datagram: bytes) -> None:
    try:
        wire.read(datagram)
    except ValueError:
        return
