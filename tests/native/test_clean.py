"""Who cleans the strips: the brain's gains while they come, then held, then opened, then the classical denoiser; never louder than it came in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FINE_BANDS, HOP, QUANTUM, Floats

from .sounds import noise, rms_db

MODEL, OPENED_HOPS = 2, 227
OFF, CLASSIC, BY_MODEL, HELD = range(4)
SOUND = noise(8, 0.05).astype(np.float32)


class Bench:
    """An engine whose brain is the test: `hop` plays one hop and gives gains for it, or none."""

    def __init__(self, channels: int = 1, **values: float) -> None:
        wanted = {f"strip/{n}/denoise/amount": 24.0 for n in range(1, channels + 1)} | {f"strip/{n}/pan": -1.0 for n in range(1, channels + 1)}
        self.engine = Engine(channels, wanted | {"box/denoise": MODEL, "box/lookahead": 0} | {k.replace("__", "/"): v for k, v in values.items()})
        self.at = 0

    @property
    def denoiser(self) -> int:
        return int(self.engine.rack.c.denoiser)

    def give(self, gain: float | Floats, late: int = 0) -> None:
        gains = np.ones((FINE_BANDS, CHANNELS), np.float32)
        gains[:, : self.engine.channels] = gain
        lib.gb_give_gains(self.engine.rack.c, int(self.engine.rack.c.hops) - late, ffi.from_buffer("float[]", gains))

    def hop(self, gain: float | Floats | None, hops: int = 1) -> Floats:
        """(frames, channels) of what the strips gave."""
        parts = []
        for _ in range(hops):
            piece = np.repeat(SOUND[self.at % len(SOUND):][:HOP, None], self.engine.channels, axis=1)
            self.at += HOP
            _, stems = self.engine.process(piece, stems=True)
            assert stems is not None
            parts.append(stems[:, :, 0])
            if gain is not None:
                self.give(gain)
        return np.concatenate(parts)

    def taken_db(self) -> float:
        return float(20 * np.log10(self.engine.rack.view("strips.denoise_gain")[0]))


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.engine.close()


def test_the_brains_gains_are_heard_from_the_next_quantum_but_one_on(bench: Bench) -> None:
    bench.hop(1.0, 8)
    bench.give(0.25)
    before = bench.hop(None)
    assert bench.denoiser == BY_MODEL
    assert bench.taken_db() == pytest.approx(-12.04, abs=0.1)
    after = bench.hop(0.25)
    source = SOUND[: bench.at]
    assert rms_db(before[:QUANTUM, 0]) == pytest.approx(rms_db(source[-2 * HOP:][:QUANTUM]), abs=3)       # still fading
    assert rms_db(after[:, 0]) == pytest.approx(rms_db(source[-HOP:]) - 12.04, abs=0.3)


def test_without_a_brain_the_classical_denoiser_cleans(bench: Bench) -> None:
    bench.hop(None, 4)
    assert bench.denoiser == CLASSIC


def test_a_late_brain_is_waited_for_two_hops_then_the_gains_open(bench: Bench) -> None:
    bench.hop(0.1, 6)
    bench.hop(None, 2)
    held = bench.taken_db()
    assert held == pytest.approx(-20, abs=0.1)
    bench.hop(None, 38)      # 0.2 s
    assert bench.denoiser == HELD
    assert bench.taken_db() - held == pytest.approx(20 * 0.2, abs=0.4)
    bench.hop(None, OPENED_HOPS)
    assert bench.denoiser == CLASSIC
    bench.hop(0.1, 2)
    bench.hop(None)
    assert bench.denoiser == BY_MODEL


def test_nothing_on_the_way_down_is_louder_than_the_sound_itself() -> None:
    """Brain gone in the middle of a passage, back after three seconds: no block of 1.3 ms is louder than the unprocessed one."""
    bench = Bench()
    rng = np.random.default_rng(3)
    parts = []
    for hop in range(900):
        gain = None if 200 < hop < 760 else rng.uniform(0, 1, (FINE_BANDS, 1)).astype(np.float32)
        parts.append(bench.hop(gain)[:, 0])
    out, source = np.concatenate(parts), SOUND[: bench.at]
    blocks = [np.sqrt(np.mean(x.reshape(-1, 64) ** 2, axis=1)) for x in (out, source)]
    assert (blocks[0][4:] < 1.15 * blocks[1][4:]).all()
    assert (blocks[0][4:] > 0.01 * blocks[1][4:]).all()
    bench.engine.close()


def test_gains_that_are_no_gains_are_taken_for_one(bench: Bench) -> None:
    for gain in (np.nan, np.inf, -1.0, 7.0):
        out = bench.hop(gain, 3)
        assert np.isfinite(out).all()
        assert bench.taken_db() == pytest.approx(0, abs=0.01)


def test_gains_for_a_hop_long_gone_or_still_to_come_are_left_alone(bench: Bench) -> None:
    bench.hop(1.0, 12)
    for late in (5, -5):
        bench.give(0.1, late=late)
        bench.hop(None)
        assert bench.taken_db() == pytest.approx(0, abs=0.01)


def test_left_and_right_of_one_source_share_a_mask() -> None:
    """The gentler of both, so that the image stands still."""
    bench = Bench(10, strip__8__link=1)       # strips 8 and 9 lie in different vectors
    gains = np.full((FINE_BANDS, 10), 0.5, np.float32)
    gains[:, 7], gains[:, 8] = 0.2, 0.7
    bench.hop(gains, 4)
    out = bench.hop(gains)
    np.testing.assert_allclose(out[:, 7], out[:, 8], atol=1e-7)
    assert rms_db(out[:, 7]) == pytest.approx(rms_db(SOUND[bench.at - HOP:bench.at]) + 20 * np.log10(0.7), abs=0.3)
    bench.engine.close()


@pytest.mark.parametrize("mode", ["classic", "model"])
def test_a_strip_without_an_amount_is_passed_bit_for_bit(mode: str) -> None:
    bench = Bench(2, strip__2__denoise__amount=0, box__denoise=1 if mode == "classic" else 2)
    bench.hop(0.3, 3)
    at = bench.at
    np.testing.assert_array_equal(bench.hop(0.3)[:, 1], SOUND[at:at + HOP])
    bench.engine.close()


def test_half_of_the_filters_are_designed_in_one_quantum_and_half_in_the_next() -> None:
    """So that none bears the work of all."""
    bench = Bench(32)
    bench.hop(1.0, 3)
    bench.give(0.25)
    for designed in (16, 32):
        bench.engine.process(np.repeat(SOUND[bench.at:][:QUANTUM, None], 32, axis=1))
        bench.at += QUANTUM
        assert (bench.engine.rack.view("strips.denoise_gain") < 0.3).sum() == designed
    bench.engine.close()


@pytest.mark.parametrize("denoiser", [OFF, CLASSIC, MODEL])
def test_bleed_is_taken_by_the_brains_gains_whoever_denoises(denoiser: int) -> None:
    bench = Bench(strip__1__denoise__amount=0, strip__1__bleed=12, box__denoise=denoiser)
    bench.hop(0.1, 6)
    assert bench.taken_db() == pytest.approx(-12, abs=0.1)       # and no further than it may be
    bench.hop(None, 2 + 250)
    assert bench.taken_db() == pytest.approx(0, abs=0.1)         # a brain that died takes nothing for long
    bench.engine.close()


def test_what_may_be_taken_of_noise_and_of_bleed_adds_up() -> None:
    bench = Bench(strip__1__denoise__amount=6, strip__1__bleed=9)
    bench.hop(0.01, 6)
    assert bench.taken_db() == pytest.approx(-15, abs=0.1)
    bench.engine.close()


@pytest.mark.parametrize("amount", [-50.0, 50.0])
def test_the_voice_of_a_record_may_go_by_24_db_at_100_per_cent(amount: float) -> None:
    bench = Bench(strip__1__denoise__amount=0, strip__1__voice=amount, box__denoise=OFF)
    bench.hop(0.001, 6)
    assert bench.taken_db() == pytest.approx(-12, abs=0.1)
    bench.engine.close()
