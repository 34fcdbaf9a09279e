"""What is told of the sound is what the engine wrote into the rack: latency by path, load, causes, and whether anybody plays."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox import params
from gigbox.engine.core import Engine
from gigbox.health.sound import Sound, latency_ms, p999
from gigbox.rack import HOP, Rack


@pytest.fixture
def rack() -> Rack:
    """An engine's, half a minute old."""
    rack = Rack(None, 4)
    rack.c.frames, rack.c.period, rack.c.blocks, rack.c.card_state, rack.c.realtime = 1_440_000, 64, 22_500, 1, 1
    rack.c.card_inputs, rack.c.card_outputs, rack.c.card_periods = 8, 6, 2
    return rack


def play(rack: Rack, sound: Sound, now: float, frames: int = 48000) -> dict[str, object]:
    rack.c.frames += frames
    told = sound.look(rack, now)
    assert told is not None
    return told


def test_latency_is_the_cards_own_delay_and_what_the_mix_waits_for(rack: Rack) -> None:
    rack.c.latency_card, rack.c.latency_main, rack.c.latency_monitor = 171, 176, 0
    assert latency_ms(rack) == {"main": 7.23, "monitor": 3.56}


def test_latency_of_the_mix_is_what_the_engine_measured() -> None:
    with Engine(2, {"box/lookahead": 0}) as engine:
        assert latency_ms(engine.rack) == {"main": 1.0, "monitor": 0.0}


def test_an_engine_whose_heart_stands_does_not_run(rack: Rack) -> None:
    sound = Sound()
    assert sound.look(None, 0) is None
    play(rack, sound, 1.0)
    assert sound.look(rack, 1.2) is not None
    assert sound.look(rack, 2.0) is None
    assert play(rack, sound, 3.0)["strips"] == 4


def test_a_rack_that_no_engine_has_played_from_is_none(rack: Rack) -> None:
    rack.c.frames = 0
    assert Sound().look(rack, 0) is None


def test_missed_periods_are_told_by_their_causes(rack: Rack) -> None:
    rack.c.xruns, rack.c.recoveries, rack.c.card_causes[1], rack.c.card_causes[5] = 3, 4, 3, 1
    told = play(rack, Sound(), 1.0)
    assert (told["xruns"], told["recoveries"]) == (3, 4)
    assert told["causes"] == {"load": 0, "late": 3, "card": 0, "suspended": 0, "stood": 0, "gone": 1}
    assert told["card"] == {"state": "running", "inputs": 8, "outputs": 6, "periods": 2}


def test_what_was_missed_within_a_minute_is_told_apart_from_what_was_long_ago(rack: Rack) -> None:
    sound = Sound()
    rack.c.xruns = 5
    lately = []
    for second in range(100):
        rack.c.xruns += 2 if second == 20 else 0
        lately.append(play(rack, sound, float(second))["xruns_lately"])
    assert (lately[0], lately[19], lately[20], lately[79], lately[99]) == (0, 0, 2, 2, 0)
    rack.c.blocks, rack.c.xruns = 10, 0                # another engine
    assert play(rack, sound, 100.0)["xruns_lately"] == 0


def test_load_is_told_as_mean_p999_and_worst(rack: Rack) -> None:
    sound = Sound()
    rack.c.load, rack.c.load_worst = 0.25, 0.9
    play(rack, sound, 1.0)
    rack.c.load_bins[16], rack.c.load_bins[40], rack.c.load_bins[57] = 9980, 15, 5
    assert play(rack, sound, 2.0)["load"] == {"mean": 25.0, "p999": 64.1, "worst": 90.0}


@pytest.mark.parametrize(("bins", "share"), [({0: 1000}, 1.6), ({0: 999, 127: 1}, 1.6), ({0: 998, 63: 2}, 100.0), ({}, None)])
def test_p999_is_what_999_of_1000_periods_needed_at_most(bins: dict[int, int], share: float | None) -> None:
    counted = np.zeros(128, np.uint32)
    for place, count in bins.items():
        counted[place] = count
    assert p999(counted) == share


def test_p999_is_of_the_last_minute_alone(rack: Rack) -> None:
    sound = Sound()
    rack.c.load_bins[127] = 1000                  # long ago
    for second in range(130):
        rack.c.load_bins[3] += 750
        told = play(rack, sound, float(second))
        if second == 20:
            rack.c.load_bins[100] += 750
        if second == 60:
            assert told["load"]["p999"] == 157.8  # type: ignore[index]
    assert told["load"]["p999"] == 6.2  # type: ignore[index]


def test_another_engine_begins_anew(rack: Rack) -> None:
    sound = Sound()
    rack.c.load_bins[3] = 5000
    play(rack, sound, 1.0)
    rack.c.blocks, rack.c.load_bins[3] = 10, 10
    play(rack, sound, 20.0)
    rack.c.load_bins[7] = 100
    assert play(rack, sound, 21.0)["load"]["p999"] == 12.5  # type: ignore[index]


def test_old_gains_are_told_with_their_age_and_counted_once_each_time(rack: Rack) -> None:
    sound = Sound()
    rack.values()[params.find("strip/1/denoise/amount").index] = 12
    rack.c.hops = 100_000                # of the engines before this one, too
    rack.c.denoiser, rack.c.gain_sets, rack.c.gains[0].hop = 2, 1, (rack.frames + 48000) // HOP - 2
    assert play(rack, sound, 1.0)["gains"] == {"age_ms": 10.7, "late": False, "late_times": 0}
    rack.c.denoiser = 3
    play(rack, sound, 2.0)
    assert play(rack, sound, 3.0)["gains"] == {"age_ms": 2010.7, "late": True, "late_times": 1}


def test_where_nobody_is_cleaned_no_gains_are_late(rack: Rack) -> None:
    rack.c.denoiser = 3
    assert play(rack, Sound(), 1.0)["gains"] == {"age_ms": None, "late": False, "late_times": 0}
