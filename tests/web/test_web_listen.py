"""The listen bus on the wire: the tap's own samples, in order, from the newest on, and never a growing queue."""

from __future__ import annotations

import socket

import numpy as np
from conftest import Site, wait_for
from fake_stage import FakeRack

from gigbox.web.listen import BEHIND, CHUNK, Bus, pcm
from gigbox.web.meters import Meters

RAMP = np.stack([np.arange(30000) / 32767, -np.arange(30000) / 32767], axis=1).astype(np.float32)



def heard(steps):
    """What a listener gets while the engine goes on by each of `steps` frames between two looks."""
    rack = FakeRack(sound=RAMP)
    meters = Meters(lambda: rack, lambda: 0.0)
    meters.rack()
    rack.play(5000)
    bus, got = Bus(meters), []
    assert bus.next() == b""
    for step in steps:
        rack.play(step)
        if sound := bus.next():
            got.append(np.frombuffer(sound, "<i2").reshape(-1, 2))
    return got


def test_the_taps_samples_come_exactly_and_in_order_from_the_newest_on():
    sound = np.concatenate(heard([128] * 100))
    assert sound[0].tolist() == [5000, -5000]
    assert np.array_equal(sound[:, 0], np.arange(5000, 5000 + len(sound)))
    assert np.array_equal(sound[:, 1], -sound[:, 0])


def test_a_message_is_about_20_ms():
    messages = heard([128] * 100)
    assert len(messages) == 12
    assert all(CHUNK <= len(message) < CHUNK + 128 for message in messages)


def test_who_looks_too_late_is_skipped_to_the_newest():
    first, second = heard([CHUNK, BEHIND + 500, CHUNK])
    assert int(second[0, 0]) - int(first[-1, 0]) > BEHIND


def test_a_listener_that_takes_nothing_misses_sound_and_nothing_piles_up():
    site = Site(RAMP)
    try:
        lazy, keen = site.socket("/listen"), site.socket("/listen")
        lazy.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wait_for(lambda: len(site.server.listeners.sockets) == 2)
        for each in site.server.listeners.sockets:
            each.waiting = 10                    # as if the network had taken none of them
        site.play()
        assert keen.receive(timeout=0.2) is None
        site.server.run_soon(lambda: [setattr(each, "waiting", 0) for each in site.server.listeners.sockets])
        assert keen.receive(timeout=60)
        lazy.close()
        keen.close()
    finally:
        site.close()


def test_what_is_beyond_full_scale_or_no_number_stays_in_range():
    sound = np.frombuffer(pcm(np.array([[2.0, -2.0], [np.nan, np.inf]], np.float32)), "<i2")
    assert sound.tolist() == [32767, -32767, 0, 32767]


def test_a_listener_hears_the_engine_over_a_socket_and_again_after_it_was_restarted():
    site = Site(RAMP)
    try:
        ear = site.socket("/listen")
        site.play()
        heard = np.concatenate([np.frombuffer(ear.receive(timeout=60), "<i2").reshape(-1, 2) for _ in range(5)])
        steps = np.diff(heard[:, 0].astype(int)) % 30000
        assert set(steps.tolist()) == {1}
        site.engine.stop()
        site.rack.frames = 0
        site.play()
        assert ear.receive(timeout=60) is not None
        ear.close()
        wait_for(lambda: not ear.connected)
    finally:
        site.close()
