"""Meters: the rack in dB, compact; and an engine that comes and goes."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import Ears, Site
from fake_stage import FakeRack, no_rack

from gigbox.web.access import Visitor
from gigbox.web.live import Nurse, Page
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


def parts(reading):
    """Strips as (field, strip) and buses as (field, bus), as the README of the web program has them."""
    kind, layout, n, m = reading[:4]
    body = np.frombuffer(reading[8:], np.uint8)
    assert (kind, layout, len(body)) == (1, 1, 9 * n + 3 * m)
    return body[: 9 * n].reshape(9, n), body[9 * n:].reshape(3, m), np.frombuffer(reading[4:8], "<i2") / 10


def level(code):
    return code / 2 - 115.5


def test_levels_are_told_to_half_a_db_and_reductions_to_a_quarter():
    rack = FakeRack(2)
    rack.fields["strips.in_peak"][:2] = 1.0, 0.5
    rack.fields["strips.out_peak"][:2] = 4.0, 0.0
    for n, name in enumerate(("gate", "deess", "comp", "share", "duck", "denoise")):
        rack.fields[f"strips.{name}_gain"][:2] = 10 ** (-(n + 1) / 20), 0.0
    rack.fields["buses.peak"][:8] = 0.5, np.nan, 1, 1, 1, 1, 1, np.inf
    rack.fields["buses.limiter_gain"][:2] = 1.0, 0.8
    rack.fields["buses.momentary"][:2] = 0.01, 0.01
    strips, buses, lufs = parts(running(rack)[0].reading())
    assert [level(code) for code in (*strips[0], *strips[1])] == [0.0, -6.0, 12.0, -115.5]
    assert strips[3:, 0].tolist() == [4, 8, 12, 16, 20, 24]
    assert strips[3:, 1].tolist() == [255] * 6
    assert (level(buses[0][0]), level(buses[0][1]), level(buses[0][2])) == (-6.0, -115.5, 0.0)
    assert buses[2][:2].tolist() == [0, 8]
    assert lufs[0] == pytest.approx(10 * np.log10(0.02) - 0.691, abs=0.05)


def test_silence_is_no_less_than_the_gate_of_loudness():
    assert parts(running(FakeRack())[0].reading())[2].tolist() == [-70.0, -70.0]


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
        ears = Ears(site.socket("/live?meters=20"))
        assert ears.hear("health")["health"] == {"engine": False}
        site.rack_there = True
        site.play()
        strips, buses, _ = parts(ears.hear("meters")["meters"])
        assert (strips.shape, buses.shape) == ((9, 8), (3, 8))
        before = site.rack.frames
        for _ in range(8):
            ears.hear("meters")
        assert 0.2 * 48000 < site.rack.frames - before < 1.2 * 48000
        ears.socket.close()
    finally:
        site.close()


def test_a_page_gets_as_many_meters_as_it_asks_for():
    rack, told = FakeRack(), {}
    meters, time = running(rack)
    nurse = Nurse(meters, time)
    pages = {hz: Page(Quiet(), Visitor("guest"), hz=hz) for hz in (0, 5, 20)}
    for step in range(100):
        time.now = step * 0.05
        rack.play(64)
        vitals = nurse.look()
        for hz, page in pages.items():
            told[hz] = told.get(hz, 0) + sum(isinstance(message, bytes) for message in page.vitals(nurse, vitals))
    assert told[0] == 0
    assert told[20] == pytest.approx(100, abs=1)
    assert told[5] == pytest.approx(25, abs=1)


def test_the_eleventh_page_gets_fewer_meters_and_no_page_is_dropped():
    site = Site()
    try:
        site.play()
        pages = [Ears(site.socket("/live?meters=20")) for _ in range(12)]
        for page in pages:
            page.hear("meters")
        counts = [0] * 12
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            for n, page in enumerate(pages):
                while (text := page.socket.receive(timeout=0)) is not None:
                    counts[n] += isinstance(text, bytes)
            time.sleep(0.01)
        assert max(counts[10:]) <= 8
        assert min(counts[:10]) > max(counts[10:])
        assert len(site.server.live.sockets) == 12
        for page in pages:
            page.socket.close()
    finally:
        site.close()


def test_the_spectrum_of_a_strip_comes_to_who_wants_it():
    site = Site()
    try:
        site.rack.hops = 3
        site.rack.c.features = [SimpleNamespace(smooth=[[-10.0 - band] * 32 for band in range(32)])] * 64
        site.play()
        ears = Ears(site.socket())
        ears.say({"want": {"spectrum": "strip/3"}})
        assert ears.hear("spectrum")["spectrum"] == {"of": "strip/3", "db": [-10.0 - band for band in range(32)]}
        ears.socket.close()
    finally:
        site.close()


class Quiet:
    """A desk line that has nothing to say."""

    alive = True
