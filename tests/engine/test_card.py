"""A card is opened as it is wished for, or refused in one line; what it says of itself is in the rack."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gigbox.engine.card import Card, CardWish
from gigbox.engine.core import Engine
from gigbox.engine.simulated import MMAP, MMAP_APART, NAME, READ, READ_APART, S16, S24, S24_3, S32, SimulatedCard
from gigbox.errors import CardError
from gigbox.rack import CARD_CAUSES, CARD_STATES, RATE
from tests.engine.cards import FOREVER, MAIN, PLAIN, playing, simulated
from tests.live_box import eventually


def refused(wish: CardWish) -> str:
    with pytest.raises(CardError) as told:
        Card(wish)
    return str(told.value)


@pytest.mark.parametrize("access", [MMAP, MMAP_APART, READ, READ_APART], ids=["mmap", "mmap apart", "read", "read apart"])
@pytest.mark.parametrize(("format", "bits"), [(S32, 24), (S24_3, 24), (S24, 24), (S16, 16)], ids=["S32", "S24_3", "S24", "S16"])
def test_samples_are_the_same_in_every_format_and_every_way_of_access(format: int, bits: int, access: int) -> None:
    card = simulated(3, 8, formats=(format,), accesses=(access,), granted=True, out_frames=RATE, in_frames=512)
    wave = np.random.default_rng(1).integers(-2 ** 12, 2 ** 12, card.input.shape).astype(np.int32)
    with playing(card, 3) as (opened, rack):
        card.input[:] = wave << 16
        card.grant(RATE // 2)
        eventually(lambda: card.now == RATE // 2, 5, "the card's time")
        latency, facts = 128 + rack.c.latency_main, opened.facts
    at = np.arange(RATE // 4, RATE // 4 + 400)
    wanted = (wave[(at - latency) % 512].sum(1) / 2 ** 15) * 0.5 ** 0.5
    assert facts.capture_mmap == facts.playback_mmap == (access in (MMAP, MMAP_APART))
    np.testing.assert_allclose(card.output[at, 0] / 2 ** 31, wanted, atol=2 ** (1 - bits))


@pytest.mark.parametrize("channels", [2, 10, 32])
@pytest.mark.parametrize(("period", "periods"), [(32, 2), (64, 2), (64, 3), (128, 2), (256, 3)])
def test_every_period_and_number_of_channels_is_had_as_asked(channels: int, period: int, periods: int) -> None:
    simulated(channels, channels)
    with Card(CardWish(NAME, period=period, periods=periods)) as card:
        facts = card.facts
    assert (facts.inputs, facts.outputs, facts.period, facts.periods, facts.rate) == (channels, channels, period, periods, RATE)
    assert (facts.name, facts.capture_format, facts.linked) == (NAME, "S32", False)


def test_the_best_format_is_taken_and_another_where_it_is_asked_for() -> None:
    simulated(formats=(S16, S24_3))
    with Card(CardWish(NAME)) as card:
        assert card.facts.capture_format == "S24_3"
    with Card(CardWish(NAME, format="S16")) as card:
        assert card.facts.playback_format == "S16"


def test_a_card_of_other_rates_is_refused_in_one_line() -> None:
    simulated(rates=(44100, 96000))
    assert refused(CardWish(NAME)) == "gigsim: 44100, 96000 Hz, expected 48000 Hz"


def test_two_devices_with_clocks_of_their_own_are_refused_in_one_line() -> None:
    card = simulated()
    text = card.config() + f'pcm.other {{ type gigsim card "{card.path}" }}\n'
    card.config = lambda: text     # type: ignore[method-assign]
    from gigbox.engine.simulated import only
    only(card)
    assert refused(CardWish(NAME, playback="other")) == "gigsim and other: two clocks, expected both directions of one card"


def test_a_card_that_is_not_there_or_taken_is_refused_in_one_line() -> None:
    simulated()
    assert refused(CardWish("hw:CARD=Nobody")) == "hw:CARD=Nobody: no card of this name with inputs"
    with Card(CardWish(NAME)):
        assert refused(CardWish(NAME)) == "gigsim: its inputs are taken by another program"


def test_periods_and_formats_that_cannot_be_are_refused_in_one_line() -> None:
    simulated(formats=(S16,))
    assert refused(CardWish(NAME, period=48)) == "gigsim: 2 periods of 48 frames, expected 2 to 8 of a multiple of 32"
    assert refused(CardWish(NAME, format="S32")) == "gigsim: none of its formats is known, expected S32_LE"
    simulated(40, 2, in_frames=64)
    assert refused(CardWish(NAME)) == "gigsim: 40 channels at least, expected 32 at most"


@pytest.mark.parametrize(("period", "periods", "converters"), [(64, 2, (0, 0)), (64, 3, (0, 0)), (32, 2, (12, 20)), (128, 2, (40, 9))])
def test_the_latency_of_a_path_is_what_the_card_says_of_its_delays(period: int, periods: int, converters: tuple[int, int]) -> None:
    card = simulated(granted=True, in_frames=64)
    card.c.delay_in, card.c.delay_out = converters
    with playing(card, period=period, periods=periods) as (_, rack):
        card.grant(FOREVER)
        eventually(lambda: rack.c.blocks > 70, 5, "periods")
        assert rack.c.latency_card == period * periods + sum(converters)


def test_the_latency_is_of_one_moment_however_long_a_period_takes() -> None:
    """Both directions are started one after the other: what lies between them is part of the way, on the machine's own clock."""
    card = simulated(in_frames=64)
    with playing(card, period=128, periods=4) as (_, rack):
        for _ in range(5):      # a machine that is busy may miss a period, and starts both anew
            begun, missed, told = int(rack.c.blocks), int(rack.c.xruns), set()
            exact = 512 + int(card.c.ways[1].began) - int(card.c.ways[0].began)
            while rack.c.blocks < begun + 8 * 64:
                if rack.c.blocks > begun + 2 * 64:
                    told.add(int(rack.c.latency_card))
                time.sleep(0.005)
            if rack.c.xruns == missed:
                break
    assert told == {exact}


def test_the_rack_tells_how_long_periods_took() -> None:
    with playing(simulated(in_frames=64), periods=4) as (_, rack):
        eventually(lambda: rack.c.blocks > 100, 5, "periods")
        bins, blocks = rack.view("load_bins").copy(), int(rack.c.blocks)
        assert (rack.c.card_inputs, rack.c.card_outputs, rack.c.card_periods, CARD_STATES[rack.c.card_state]) == (2, 2, 4, "running")
    assert 0 <= blocks - int(bins.sum()) <= 2
    assert rack.c.load_worst > 0
    assert rack.c.load_worst * 64 >= np.flatnonzero(bins).max() or bins[-1]


def test_the_audio_thread_comes_before_everything_else_and_its_memory_stays() -> None:
    with playing(simulated(in_frames=64), periods=4) as (_, rack):
        threads = [int(task.name) for task in Path("/proc/self/task").iterdir()]
        urgent = [os.sched_getparam(thread).sched_priority for thread in threads if os.sched_getscheduler(thread) == os.SCHED_FIFO]
        locked = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmLck"))
        assert urgent == ([80] if rack.c.realtime else [])
    assert locked > 0 or os.geteuid()


def test_a_gap_ends_in_a_rise_of_5_ms_and_a_card_that_was_away_in_one_of_50_ms() -> None:
    card = simulated(granted=True, out_frames=2 * RATE, in_frames=64)
    card.fault("xrun", RATE // 2, 3)
    card.fault("unplug", RATE, RATE // 10)
    with playing(card, retry_ms=1) as (_, rack):
        card.grant(3 * RATE // 2)
        eventually(lambda: card.now == 3 * RATE // 2, 5, "the card's time")
        assert {cause: int(n) for cause, n in zip(CARD_CAUSES, rack.view("card_causes"), strict=True) if n} in (
            {"card": 1, "gone": 1}, {"late": 1, "gone": 1}, {"load": 1, "gone": 1})
        assert rack.c.recoveries == 2
    sound = card.output[:3 * RATE // 2, 0] / 2 ** 31
    assert np.abs(sound[RATE // 2 - 1000:RATE // 2] - MAIN).max() < 1e-6
    for begin, frames in ((RATE // 2, RATE // 200), (RATE, RATE // 20)):
        after = sound[begin:begin + RATE // 3]
        rise = after[np.flatnonzero(after)[0]:]
        assert np.flatnonzero(rise >= MAIN * 0.9999)[0] == pytest.approx(frames, abs=50)      # after the limiter's look-ahead
        assert np.diff(rise[:frames]).max() < 1.1 * MAIN / frames


def test_a_card_that_comes_back_with_other_channels_is_not_taken_until_it_is_the_same_again() -> None:
    card = simulated(4, 2, granted=True, in_frames=64)
    card.fault("unplug", RATE // 4, RATE // 10)
    with playing(card, 4, retry_ms=1) as (opened, rack):
        card.c.inputs = 3
        card.grant(FOREVER)
        eventually(lambda: opened.fault, 5, "a reason")
        assert opened.fault == "gigsim: came back with 3 inputs and 2 outputs, expected 4 and 2"
        assert CARD_STATES[rack.c.card_state] == "unplugged"
        frames = rack.frames
        eventually(lambda: rack.frames > frames + RATE // 20, 5, "the engine, which goes on in silence")
        card.c.inputs, card.c.turned = 4, 1
        eventually(lambda: "order" in opened.fault, 5, "another reason")
        assert opened.fault == "gigsim: came back with its channels in another order; pull it out and plug it in again"
        card.c.turned = 0
        eventually(lambda: CARD_STATES[rack.c.card_state] == "running", 5, "sound")
        assert opened.fault == ""


def test_the_cards_clock_is_the_only_one() -> None:
    """One that is off by a fifth shows who keeps time; nothing is missed but where the machine is late."""
    card = simulated(ppm=200000, in_frames=64)
    with playing(card, periods=4) as (_, rack):
        begin, played, passed = time.monotonic(), rack.frames, card.now
        eventually(lambda: card.now - passed > RATE, 5, "a second of its time")
        assert rack.frames - played == pytest.approx(card.now - passed, rel=0.05)
        assert rack.frames - played > 1.1 * RATE * (time.monotonic() - begin)
        assert rack.view("card_causes")[CARD_CAUSES.index("card"):].sum() == 0


def test_playback_that_drifts_against_capture_is_an_xrun_now_and_then_and_sound_goes_on() -> None:
    card = simulated(skew_ppm=2000, granted=True, in_frames=64)
    with playing(card) as (_, rack):
        card.grant(4 * RATE)
        eventually(lambda: card.now == 4 * RATE, 10, "the card's time")
        assert 2 <= rack.c.xruns <= 8         # 96 frames a second too fast, 128 lie in the buffer
        assert rack.c.xruns - rack.c.recoveries in (0, 1)


def test_a_song_that_stops_is_counted_and_heard_late_whole() -> None:
    card = SimulatedCard(1, 2, out_frames=RATE, granted=True)
    from gigbox.engine.simulated import only
    only(card)
    wave = np.linspace(0.1, 0.2, 4800, dtype=np.float32)[:, None]
    with Engine(1, PLAIN) as engine, Card(CardWish(NAME)) as opened:
        opened.play(engine)
        assert card.feed(wave[:2400]) == 2400
        card.grant(4800)
        eventually(lambda: card.now == 4800, 5, "time")
        card.feed(wave[2400:])
        card.grant(RATE // 2)
        eventually(lambda: card.now == RATE // 2, 5, "time")
    assert card.hungry == 2400 + RATE // 2 - 4800 - 2400
    late = card.output[4800 + 200:4800 + 2400, 0]
    assert np.diff(late).min() > 0


def test_without_libasound_the_engine_says_what_to_type() -> None:
    code = "import sys; sys.modules['gigbox._alsa'] = None; import gigbox.cli; sys.exit(gigbox.cli.main(['engine']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("gigbox: engine: no sound without libasound")
    assert done.stderr.endswith("; type: sudo apt-get install libasound2\n")
