"""The card of the emulated machine tells the truth: what was flushed outlasts a cut, of the rest what chance has it; it speaks as QEMU hears it."""

from __future__ import annotations

import random
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from image.card import FLUSH, GO, GOODBYE, OPTION_MAGIC, PIECE, READ, REQUEST, THROUGH, WRITE, ZEROES, Card, _take

SIZE = 64 * PIECE


class Line:
    """What QEMU says, as far as the protocol's document has it."""

    def __init__(self, card: Card) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(card.served))
        assert _take(self._line, 18)[:8] == b"NBDMAGIC"
        self._line.sendall(struct.pack(">I", 3) + struct.pack(">QII", OPTION_MAGIC, 8, 0))       # structured replies: it has none
        assert struct.unpack(">QIII", _take(self._line, 20))[2] >> 31
        self._line.sendall(struct.pack(">QIIIH", OPTION_MAGIC, GO, 6, 0, 0))
        assert struct.unpack(">QIIIHQH", _take(self._line, 32))[5] == SIZE
        _take(self._line, 20)

    def ask(self, kind: int, offset: int = 0, length: int = 0, data: bytes = b"", flags: int = 0) -> bytes:
        self._line.sendall(struct.pack(">IHHQQI", REQUEST, flags, kind, 7, offset, length or len(data)) + data)
        _, error, name = struct.unpack(">IIQ", _take(self._line, 16))
        assert (error, name) == (0, 7)
        return _take(self._line, length) if kind == READ else b""

    def close(self) -> None:
        self._line.sendall(struct.pack(">IHHQQI", REQUEST, 0, GOODBYE, 0, 0, 0))
        self._line.close()


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    (tmp_path / "card.img").write_bytes(bytes(SIZE))
    made = Card(tmp_path / "card.img", tmp_path / "socket", random.Random(3))
    yield made
    made.close()


def test_what_is_written_is_read_again_across_pieces_and_within_them(card: Card) -> None:
    line = Line(card)
    line.ask(WRITE, 512, data=b"x" * 9000)
    line.ask(ZEROES, 1024, 512)
    assert line.ask(READ, 0, 10240) == bytes(512) + b"x" * 512 + bytes(512) + b"x" * 7976 + bytes(728)
    line.close()


def test_what_was_flushed_or_written_through_outlasts_a_cut(card: Card) -> None:
    line = Line(card)
    line.ask(WRITE, 0, data=b"a" * PIECE)
    line.ask(FLUSH)
    line.ask(WRITE, PIECE, data=b"b" * PIECE, flags=THROUGH)
    line.ask(WRITE, 0, data=b"c" * 3 * PIECE)
    line.close()
    assert card.cut(kept=0.0) == 3
    assert card.image.read_bytes()[:3 * PIECE] == b"a" * PIECE + b"b" * PIECE + bytes(PIECE)


def test_of_the_rest_chance_keeps_some_in_whole_pieces(card: Card) -> None:
    line = Line(card)
    line.ask(WRITE, 0, data=b"c" * SIZE)
    line.close()
    lost = card.cut(kept=0.5)
    left = card.image.read_bytes()
    pieces = [left[at:at + PIECE] for at in range(0, SIZE, PIECE)]
    assert set(pieces) == {b"c" * PIECE, bytes(PIECE)}
    assert pieces.count(bytes(PIECE)) == lost
    assert 16 < lost < 48


def test_after_a_cut_it_is_put_in_again(card: Card) -> None:
    Line(card).ask(WRITE, 0, data=b"d" * PIECE)
    card.cut(kept=1.0)
    line = Line(card)
    assert line.ask(READ, 0, PIECE) == b"d" * PIECE
    line.close()


def test_what_a_cut_would_leave_is_copied_and_the_machine_goes_on(card: Card, tmp_path: Path) -> None:
    line, begin, goal = Line(card), 8 * PIECE, tmp_path / "moment.img"
    line.ask(WRITE, 9 * PIECE, data=b"a" * PIECE)
    line.ask(FLUSH)
    line.ask(WRITE, 9 * PIECE, data=b"b" * PIECE)
    line.ask(WRITE, 0, data=b"c" * PIECE)
    assert card.as_cut(goal, begin, 0.0) == 2
    assert goal.read_bytes() == bytes(PIECE) + b"a" * PIECE + bytes(SIZE - begin - 2 * PIECE)
    assert card.as_cut(goal, begin, 1.0) == 0
    assert goal.read_bytes()[PIECE:2 * PIECE] == b"b" * PIECE
    assert line.ask(READ, 9 * PIECE, PIECE) == b"b" * PIECE
    line.close()
    assert card.cut(0.0) == 2                            # what was copied waits as before
