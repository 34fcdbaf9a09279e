"""The spectrum of a bus: in the bands of the strips, of what is played now, to whoever looks at it."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Ears, Site
from fake_stage import FakeRack

from gigbox.rack import RATE
from gigbox.web.meters import Meters
from gigbox.web.spectrum import FRAMES, WINDOW, bands

T = np.arange(RATE) / RATE
LOW, HIGH = (21.4 * np.log10(1 + 0.00437 * hz) for hz in (50, 20000))
CENTRES = (10 ** (np.linspace(LOW, HIGH, 32) / 21.4) - 1) / 0.00437      # Hz; Glasberg and Moore 1990


def tone(hz, peak=1.0):
    return np.repeat(peak * np.sin(2 * np.pi * hz * T)[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("band", [3, 10, 20, 30])
def test_a_tone_stands_in_its_band_and_falls_as_it_does(band):
    loud, soft = (bands(tone(CENTRES[band], peak)[:FRAMES]) for peak in (1.0, 0.01))
    assert int(np.argmax(loud)) == band
    assert loud[band] - soft[band] == pytest.approx(40, abs=0.1)
    assert -18 < loud[band] < 1


def test_silence_and_what_is_no_number_are_the_floor():
    assert bands(np.zeros((WINDOW, 2), np.float32)).max() == pytest.approx(-120)
    assert bands(np.full((WINDOW, 2), np.nan, np.float32)).max() == pytest.approx(-120)


def test_a_bus_that_has_not_played_long_enough_has_none_and_an_absent_engine_none_either():
    rack, now = FakeRack(sound=tone(440)), [0.0]
    meters = Meters(lambda: rack, lambda: now[0])
    meters.rack()
    rack.play(FRAMES - 1)
    assert meters.spectrum("listen") == []
    now[0] = 0.1
    rack.play(1)
    assert max(meters.spectrum("listen")) > -12
    assert max(meters.spectrum("main")) == -120
    now[0] = 0.7
    assert meters.spectrum("listen") == []


@pytest.mark.parametrize("of", ["listen", "main", "monitor/6", "strip/32"])
def test_a_page_may_look_at_each_bus(of):
    site = Site(tone(1000, 0.5))
    try:
        site.play()
        ears = Ears(site.socket())
        ears.hear("state")
        ears.say({"want": {"spectrum": of}, "id": 1})
        assert ears.hear("answer") == {"answer": 1, "ok": None}
        if of != "strip/32":
            told = ears.hear("spectrum")["spectrum"]
            assert (told["of"], len(told["db"])) == (of, 32)
            assert (max(told["db"]) > -20) == (of == "listen")
        ears.socket.close()
    finally:
        site.close()
