"""The listen bus on the wire: the tap's own samples, in order, from the newest on, and never a growing queue."""

from __future__ import annotations

import numpy as np
from conftest import Site, wait_for
from fake_stage import FakeRack

from gigbox.web.listen import BEHIND, CHUNK, pcm, stream
from gigbox.web.meters import Meters

RAMP = np.stack([np.arange(30000) / 32767, -np.arange(30000) / 32767], axis=1).astype(np.float32)


class Wire:
    """A socket that takes what it is given; `then()` runs after each message."""

    def __init__(self, messages, then=lambda: None):
        self.left, self.then, self.got = messages, then, []

    @property
    def connected(self):
        return self.left > 0

    def send(self, data):
        self.left -= 1
        self.got.append(np.frombuffer(data, "<i2").reshape(-1, 2))
        self.then()


def listened(messages, step, then=lambda rack: None):
    """What a listener gets while the engine goes on by `step` frames whenever the stream pauses."""
    rack = FakeRack(sound=RAMP)
    meters = Meters(lambda: rack, lambda: 0.0)
    meters.rack()
    rack.play(5000)
    wire = Wire(messages, lambda: then(rack))
    stream(wire, meters, lambda _: rack.play(step))
    return wire.got


def test_the_taps_samples_come_exactly_and_in_order_from_the_newest_on():
    sound = np.concatenate(listened(12, 128))
    assert sound[0].tolist() == [5000, -5000]
    assert np.array_equal(sound[:, 0], np.arange(5000, 5000 + len(sound)))
    assert np.array_equal(sound[:, 1], -sound[:, 0])


def test_a_message_is_about_20_ms():
    assert all(CHUNK <= len(message) < CHUNK + 128 for message in listened(12, 128))


def test_a_slow_listener_is_skipped_forward():
    slept = iter([BEHIND + 500])
    first, second = listened(2, 128, then=lambda rack: rack.play(next(slept, 0)))
    gap = int(second[0, 0]) - int(first[-1, 0])
    assert gap > BEHIND


def test_what_is_beyond_full_scale_or_no_number_stays_in_range():
    sound = np.frombuffer(pcm(np.array([[2.0, -2.0], [np.nan, np.inf]], np.float32)), "<i2")
    assert sound.tolist() == [32767, -32767, 0, 32767]


def test_a_listener_hears_the_engine_over_a_socket_and_again_after_it_was_restarted():
    site = Site(RAMP)
    try:
        ear = site.socket("/listen")
        site.play()
        heard = np.concatenate([np.frombuffer(ear.receive(timeout=5), "<i2").reshape(-1, 2) for _ in range(5)])
        steps = np.diff(heard[:, 0].astype(int)) % 30000
        assert set(steps.tolist()) == {1}
        site.engine.stop()
        site.rack.frames = 0
        site.play()
        assert ear.receive(timeout=5) is not None
        ear.close()
        wait_for(lambda: not ear.connected)
    finally:
        site.close()
