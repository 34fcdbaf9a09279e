"""Masks multiply at one door; bleed and voice go through it, whoever denoises, and what nobody wants to be touched is not."""

from __future__ import annotations

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.denoise.door import Door
from gigbox.brain.denoise.unbleed import Unbleed
from gigbox.brain.denoise.voice import Voice
from gigbox.brain.hear.leak_paths import Leaks
from gigbox.engine.core import Engine
from gigbox.rack import BANDS, CHANNELS, FINE_BANDS, RATE, Floats, Rack
from gigbox.render.hops import play

SECONDS = 3


class Always:
    """A mask of one gain for strip 1."""

    def __init__(self, gain: float | None) -> None:
        self.gain = gain
        self.read: list[Floats] = []

    def gains(self, rack: Rack, values: Floats, newest: object, began_anew: bool) -> Floats | None:
        self.read.append(values)
        made = np.ones((FINE_BANDS, CHANNELS), np.float32)
        if self.gain is None:
            return None
        made[:, 0] = self.gain
        return made


def given(rack: Rack) -> Floats:
    newest = ffi.addressof(rack.c.gains, (rack.gain_sets - 1) % lib.GB_GAIN_SETS)
    return np.frombuffer(ffi.buffer(newest.gain), np.float32).reshape(FINE_BANDS, CHANNELS)


def noise(channels: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(0, 0.05, (SECONDS * RATE, channels)).astype(np.float32)


def through(door: Door, sound: Floats, **values: float) -> Floats:
    """(frames, channels) behind the strips; the last second."""
    count = sound.shape[1]
    neutral = {f"strip/{n}/pan": -1.0 for n in range(1, count + 1)} | {"box/lookahead": 0.0}
    with Engine(count, neutral | {path.replace("__", "/"): value for path, value in values.items()}) as engine:
        engine.rack.want(1 << 60)
        _, stems = play(engine, sound, door.hear, stems=True)
    assert stems is not None
    return stems[-RATE:, :, 0]


def change(out: Floats, sound: Floats) -> Floats:
    """dB of each channel."""
    return np.asarray(10 * np.log10(np.mean(out ** 2, axis=0) / np.mean(sound[-RATE:] ** 2, axis=0)))


def leaks_of(db: float) -> Leaks:
    """Strip 1 hears strip 2."""
    leaks = Leaks()
    leaks.matrix = np.tile(np.eye(2, dtype=np.float32), (BANDS, 1, 1))
    leaks.matrix[:, 0, 1] = 10 ** (db / 10)
    return leaks


def test_masks_multiply() -> None:
    with Engine(1) as engine:
        door = Door(Always(0.5), Always(None), Always(0.5))
        engine.rack.want(1 << 60)
        play(engine, noise(1)[:2560], door.hear)
        np.testing.assert_allclose(given(engine.rack)[:, 0], 0.25)


def test_the_values_are_read_once_for_all_masks() -> None:
    masks = Always(0.5), Always(None), Always(1.0)
    with Engine(1) as engine:
        engine.rack.want(1 << 60)
        play(engine, noise(1)[:2560], Door(*masks).hear)
    assert masks[0].read
    for one, *others in zip(*(mask.read for mask in masks), strict=True):
        assert all(other is one for other in others)


def test_nothing_is_given_where_no_mask_takes_anything() -> None:
    with Engine(1) as engine:
        engine.rack.want(1 << 60)
        play(engine, noise(1)[:2560], Door(Always(None)).hear)
        assert engine.rack.gain_sets == 0


@pytest.mark.parametrize("denoise", [0, 1, 2])
def test_bleed_goes_down_whoever_denoises_and_a_source_of_its_own_stays(denoise: int) -> None:
    sound = noise(2)
    only_bleed = sound.copy()
    only_bleed[:, 0] = 0.1 * sound[:, 1]
    settings = {"strip__1__bleed": 12.0, "box__denoise": float(denoise)}
    taken = change(through(Door(Unbleed(leaks_of(-20))), only_bleed, **settings), only_bleed)
    assert taken[0] == pytest.approx(-12, abs=1.5)
    both = sound + only_bleed * [1, 0]
    np.testing.assert_allclose(change(through(Door(Unbleed(leaks_of(-20))), both.astype(np.float32), **settings), both), 0, atol=0.3)


def test_an_amount_of_nothing_passes_bit_for_bit() -> None:
    sound = noise(2)
    np.testing.assert_array_equal(through(Door(Unbleed(leaks_of(-10))), sound, box__denoise=0), sound[-RATE:])


def test_nothing_is_known_and_nothing_is_taken() -> None:
    sound = noise(2)
    np.testing.assert_allclose(change(through(Door(Unbleed(Leaks())), sound, strip__1__bleed=24, box__denoise=0), sound), 0, atol=0.01)


def test_where_two_masks_act_each_keeps_to_its_own_share() -> None:
    """Noise of 24 dB is taken by the denoiser's 6 alone, whatever bleed may take beside it."""
    sound = noise(2)
    sound[:, 0] *= 0.1
    out = through(Door(Denoiser(), Unbleed(leaks_of(-90))), sound, strip__1__denoise__amount=6, strip__1__bleed=18, strip__1__role=1, box__denoise=2)
    assert change(out, sound)[0] > -6.5


def record() -> tuple[Floats, Floats]:
    """A tone in the middle, and others at the sides: (frames, 2) each."""
    t = np.arange(SECONDS * RATE) / RATE
    middle = np.repeat(0.1 * np.sin(2 * np.pi * 1000 * t)[:, None], 2, axis=1)
    sides = 0.1 * np.stack([np.sin(2 * np.pi * 400 * t), np.sin(2 * np.pi * 2600 * t)], axis=1)
    return middle.astype(np.float32), sides.astype(np.float32)


def level(sound: Floats, hz: float) -> float:
    """dB of a tone in the last second, both sides."""
    turn = np.exp(-2j * np.pi * hz * np.arange(RATE) / RATE)
    return float(20 * np.log10(np.abs(turn @ sound[-RATE:]).max()))


@pytest.mark.parametrize(("amount", "middle", "side"), [(-100, -20, 0), (100, 0, -20), (-25, -2, 0)])
def test_the_voice_goes_or_stays_alone(amount: float, middle: float, side: float) -> None:
    parts = record()
    sound = parts[0] + parts[1]
    out = through(Door(Voice()), sound, strip__1__link=1, strip__1__voice=amount, strip__2__voice=amount, box__denoise=0)
    changes = [level(out, hz) - level(sound, hz) for hz in (1000, 400, 2600)]
    assert changes[0] < middle if middle else abs(changes[0]) < 1
    for found in changes[1:]:
        assert found < side if side else abs(found) < 1


@pytest.mark.parametrize("amount", [-100, 100])
def test_a_record_in_mono_is_left_alone(amount: float) -> None:
    sound = record()[0]
    out = through(Door(Voice()), sound, strip__1__link=1, strip__1__voice=amount, strip__2__voice=amount, box__denoise=0)
    np.testing.assert_allclose(change(out, sound), 0, atol=0.05)


def test_strips_that_are_no_pair_are_left_alone() -> None:
    sound = sum(record())
    out = through(Door(Voice()), sound, strip__1__voice=-100, strip__2__voice=-100, box__denoise=0)
    np.testing.assert_allclose(change(out, sound), 0, atol=0.05)
