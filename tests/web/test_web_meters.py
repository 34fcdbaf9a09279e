"""Meters: the rack in dB, compact; and an engine that comes and goes."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Ears, Site
from fake_stage import FakeRack, no_rack

from gigbox.web.meters import Meters


class Time:
    now = 0.0

    def __call__(self):
        return self.now


def running(rack, time=None):
    """Meters that have seen the heartbeat move."""
    time = time or Time()
    meters = Meters(lambda: rack, time)
    meters.rack()
    rack.play(64)
    return meters, time


def test_levels_and_reduction_are_in_db_to_a_tenth():
    rack = FakeRack(2)
    rack.fields["strips.in_peak"][:2] = 1.0, 0.5
    rack.fields["strips.out_peak"][:2] = 0.25, 0.0
    rack.fields["strips.gate_gain"][0], rack.fields["strips.comp_gain"][0] = 0.5, 0.5
    rack.fields["strips.denoise_gain"][:2] = 0.5, 1.0
    rack.fields["buses.peak"][:2] = 0.5, np.nan
    rack.fields["buses.limiter_gain"][:2] = 1.0, 0.8
    rack.fields["buses.momentary"][:2] = 0.01, 0.01
    meters, _ = running(rack)
    assert meters.reading() == {"s": [0.0, -12.0, -12.0, -6.0, -6.0, -120.0, 0.0, 0.0], "m": [-6.0, -120.0, -1.9],
                                "lufs": pytest.approx(10 * np.log10(0.02) - 0.691, abs=0.05)}


def test_silence_is_no_less_than_the_gate_of_loudness():
    meters, _ = running(FakeRack())
    assert meters.reading()["lufs"] == -70.0


def test_health_tells_load_latency_and_faults():
    rack = FakeRack()
    rack.fields["strips.faults"][3] = 7
    meters, _ = running(rack)
    assert meters.health() == {"engine": True, "denoiser": "model", "xruns": 0, "load": 31, "faults": 7, "unplugged": False,
                               "main_ms": 7.3, "monitor_ms": 3.7}
    rack.c.card_state = 3
    assert meters.health()["unplugged"]


def test_a_heartbeat_that_stands_is_no_engine_until_it_moves_again():
    rack = FakeRack()
    meters, time = running(rack)
    assert meters.health()["engine"]
    time.now = 0.6
    assert meters.reading() is None
    assert meters.health() == {"engine": False}
    assert meters.channels() == 8
    rack.play(64)
    assert meters.health()["engine"]


def test_a_rack_that_was_replaced_is_mapped_again():
    old, new, time = FakeRack(8), FakeRack(16), Time()
    racks = [old]
    meters = Meters(lambda: racks[0], time)
    meters.rack()
    old.play(64)
    assert meters.channels() == 8
    racks[0] = new
    for now in (0.6, 1.2):
        time.now = now
        meters.rack()
        new.play(64)
    assert meters.rack() is new
    assert meters.channels() == 16


def test_without_a_rack_there_is_no_reading_and_no_fault():
    meters = Meters(no_rack, Time())
    assert (meters.reading(), meters.health(), meters.channels()) == (None, {"engine": False}, 0)


def test_an_engine_at_rest_counts_as_alive_only_after_it_moved():
    meters = Meters(lambda: FakeRack(), Time())
    assert meters.rack() is None


def test_a_page_hears_the_meters_many_times_a_second_and_picks_an_engine_up():
    site = Site()
    try:
        site.rack_there = False
        ears = Ears(site.socket())
        assert ears.hear("health")["health"] == {"engine": False}
        site.rack_there = True
        site.play()
        meters = ears.hear("meters")["meters"]
        assert (len(meters["s"]), len(meters["m"])) == (32, 3)
        before = site.rack.frames
        for _ in range(8):
            ears.hear("meters")
        assert 0.2 * 48000 < site.rack.frames - before < 1.2 * 48000
        ears.socket.close()
    finally:
        site.close()
