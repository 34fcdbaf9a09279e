"""Bytes of a cable: whatever comes, what is whole in it is heard, and nothing grows."""

from __future__ import annotations

import mido
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gigbox.remote.midi.outbox import APART_S, STUCK_S, Outbox
from gigbox.remote.midi.wire import LONGEST, Wire

data = st.integers(0, 127)
MESSAGES = st.one_of(
    st.builds(lambda c, n, v: mido.Message("note_on", channel=c, note=n, velocity=v), st.integers(0, 15), data, data),
    st.builds(lambda c, n, v: mido.Message("control_change", channel=c, control=n, value=v), st.integers(0, 15), data, data),
    st.builds(lambda c, p: mido.Message("pitchwheel", channel=c, pitch=p), st.integers(0, 15), st.integers(-8192, 8191)),
    st.builds(lambda c, p: mido.Message("program_change", channel=c, program=p), st.integers(0, 15), data),
    st.builds(lambda d: mido.Message("sysex", data=tuple(d)), st.lists(data, max_size=40)),
    st.just(mido.Message("songpos", pos=77)), st.just(mido.Message("tune_request")))


def cut(content: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(content) + 1) for place in places} | {len(content)})
    return [content[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def running(messages: list[mido.Message]) -> bytes:
    """As a thrifty sender writes them: a status that is the same again is left out."""
    out, before = bytearray(), 0
    for message in messages:
        content = message.bytes()
        out += bytes(content[1:] if content[0] == before and content[0] < 0xF0 else content)
        before = content[0]
    return bytes(out)


@settings(max_examples=60)
@given(st.lists(MESSAGES, max_size=12), st.lists(st.integers(0, 5000), max_size=10),
       st.lists(st.tuples(st.integers(0, 5000), st.integers(0xF8, 0xFF)), max_size=10))
def test_messages_are_heard_whole_cut_anywhere_with_running_status_and_clocks_in_between(
        messages: list[mido.Message], places: list[int], clocks: list[tuple[int, int]]) -> None:
    content = bytearray(running(messages))
    for place, byte in clocks:
        content.insert(place % (len(content) + 1), byte)
    wire = Wire()
    meant = [message for message in messages if message.type != "tune_request"]
    assert [message for piece in cut(bytes(content), places) for message in wire.feed(piece)] == meant


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_are_read_on_and_a_message_after_them_is_heard(pieces: list[bytes]) -> None:
    wire = Wire()
    for piece in pieces:
        for message in wire.feed(piece):
            mido.Message.from_bytes(message.bytes())
        assert len(wire._data) <= LONGEST
    note = mido.Message("note_on", note=60, velocity=1)
    assert note in wire.feed(bytes(note.bytes()))


def test_a_sysex_that_never_ends_is_forgotten_and_what_follows_is_heard() -> None:
    wire = Wire()
    assert wire.feed(b"\xf0" + b"\x01" * 100_000) == []
    assert len(wire._data) <= LONGEST
    assert wire.feed(b"\x02\xf7\x90\x10\x7f") == [mido.Message("note_on", note=16, velocity=127)]


def test_data_without_a_status_and_statuses_that_are_none_mean_nothing() -> None:
    assert Wire().feed(b"\x01\x02\xf4\x03\xf5\x04\xf7\x05") == []
    assert Wire().feed(b"\xf2\x01\x02\x03\x04") == [mido.Message("songpos", pos=0x101)]          # no running status


class Cable:
    """Takes so many bytes at once."""

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, bytearray()

    def write(self, content: bytes) -> int:
        took = content[:self.room]
        self.taken += took
        return len(took)


def told(outbox: Outbox, now: float, seconds: float = 0.2) -> float:
    for _ in range(round(seconds / APART_S)):
        outbox.send(now)
        now += APART_S * 1.001
    return now


def test_of_what_waits_the_newest_is_told_once() -> None:
    cable = Cable(0)
    outbox = Outbox(cable.write)
    for value in range(100):
        outbox.show({"fader": bytes((0xE0, 0, value)), "lamp": b"\x90\x01\x7f"})
        told(outbox, 1.0, 0.01)
    cable.room = 100
    told(outbox, 2.0)
    assert bytes(cable.taken).endswith(b"\x90\x01\x7f") or bytes(cable.taken).endswith(bytes((0xE0, 0, 99)))
    assert cable.taken.count(0xE0) <= 2
    outbox.show({"fader": bytes((0xE0, 0, 99)), "lamp": b"\x90\x01\x7f"})
    before = len(cable.taken)
    told(outbox, 3.0)
    assert len(cable.taken) == before


@settings(max_examples=50)
@example([1, 0, 0, 0, 0])
@given(st.lists(st.integers(0, 4), min_size=1, max_size=60))
def test_no_message_is_cut_by_a_device_that_takes_it_byte_by_byte(rooms: list[int]) -> None:
    cable, now = Cable(0), 1.0
    outbox = Outbox(cable.write)
    for step, room in enumerate(rooms):
        cable.room = room
        outbox.show({"a": bytes((0xE0, step, 1)), "b": bytes((0xE1, step, 2)), "c": bytes((0xF0, 5, 6, 7, step, 0xF7))})
        outbox.flare({"m": bytes((0xD0, step))})
        outbox.send(now)
        now += 0.7
    cable.room = 100
    now = told(outbox, now, 1.0)
    shown = {"a": b"\xe0\x00\x7f"}
    outbox.show(shown)
    told(outbox, now, 1.0)
    wire = Wire()
    messages = wire.feed(bytes(cable.taken))
    assert b"".join(bytes(message.bytes()) for message in messages) == bytes(cable.taken)
    assert bytes(cable.taken).endswith(shown["a"])


def test_messages_are_a_millisecond_apart_and_meters_wait_for_the_rest() -> None:
    cable = Cable(100)
    outbox = Outbox(cable.write)
    outbox.show({n: bytes((0x90, n, 127)) for n in range(5)})
    outbox.flare({"meter": b"\xd0\x05"})
    for n in range(10):
        outbox.send(1.0 + n * APART_S / 10)
    assert len(cable.taken) == 3
    for n in range(10, 100):
        outbox.send(1.0 + n * APART_S / 10)
    assert cable.taken.endswith(b"\xd0\x05")
    assert bytes(cable.taken[:15]) == bytes(byte for n in range(5) for byte in (0x90, n, 127))


def test_a_device_that_takes_nothing_for_long_is_told_all_anew() -> None:
    cable = Cable(100)
    outbox = Outbox(cable.write)
    outbox.show({"a": b"\x90\x01\x7f"})
    told(outbox, 1.0)
    cable.room = 0
    outbox.show({"a": b"\x90\x01\x7f", "b": b"\x90\x02\x7f"})
    now = told(outbox, 2.0, STUCK_S + 0.5)
    assert outbox.stuck
    cable.room = 100
    told(outbox, now)
    assert bytes(cable.taken) == b"\x90\x01\x7f" * 2 + b"\x90\x02\x7f"
    assert not outbox.stuck
