"""The patch: any input of the card feeds any strip, any bus any output; one to one until somebody says otherwise, and no click when somebody does."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.engine.core import Engine

from .sounds import FADE, PLAIN, RATE, Signal, db, quanta, rms_db, sine
from .test_blocks import alone, everything, in_chunks, sounds

N = 4800
LEFT = {"strip/1/pan": -1, "strip/2/pan": -1, "strip/3/pan": -1}
MOVES = {3200: [("strip/2/input/source", 5), ("out/3/bus", 1)], 4224: [("strip/2/input/source", 1), ("out/3/bus", 0)], 9600: [("strip/1/input/source", 0)]}


def levels(count: int, n: int = N) -> Signal:
    """(n, count): input k holds k / 100."""
    return np.tile(np.arange(1, count + 1) / 100, (n, 1))


def stems(values: dict[str, float], inputs: int, strips: int) -> Signal:
    """What each strip hears at last: (strips,), of inputs that hold k / 100."""
    with Engine(strips, PLAIN | {f"strip/{n}/pan": -1 for n in range(1, strips + 1)} | values, inputs=inputs) as engine:
        heard = engine.process(quanta(levels(inputs)), stems=True)[1]
    assert heard is not None
    return heard[-1, :, 0].astype(float)


def outputs(values: dict[str, float], count: int) -> Signal:
    """What leaves the card at last: (count,), with 0.01 in main left, 0.02 in main right and 0.03 in monitor 1."""
    stage = {"strip/1/pan": -1, "strip/2/pan": 1, "strip/3/level": -90, "strip/3/send/1/level": 0}
    with Engine(3, PLAIN | stage | values, outputs=count) as engine:
        return engine.process(quanta(levels(3)))[0][-1].astype(float)


def test_each_strip_hears_the_input_of_its_own_number_until_somebody_says_otherwise() -> None:
    assert stems({}, 12, 12) == pytest.approx(np.arange(1, 13) / 100)


def test_each_bus_leaves_by_the_output_of_its_own_number_until_somebody_says_otherwise() -> None:
    assert outputs({}, 8) == pytest.approx([0.01, 0.02, 0.03, 0, 0, 0, 0, 0], abs=1e-6)


@pytest.mark.parametrize("inputs", [1, 3, 8, 11, 32])
def test_any_input_feeds_any_strip_and_two_may_share_one(inputs: int) -> None:
    sources = [(7 * n) % inputs + 1 for n in range(9)]
    heard = stems({f"strip/{n}/input/source": source for n, source in enumerate(sources, 1)}, inputs, 9)
    assert heard == pytest.approx(np.array(sources) / 100)


def test_a_strip_without_an_input_and_one_whose_input_the_card_lacks_are_silent() -> None:
    assert stems({"strip/1/input/source": 0, "strip/2/input/source": 9}, 4, 3).tolist() == [0, 0, pytest.approx(0.03)]


@pytest.mark.parametrize("path", ["out/3/bus", "strip/3/input/source"])
def test_a_wire_told_again_while_it_moves_slowly_stays_between_what_it_carries(path: str) -> None:
    """The first fade goes along with the depth, for half a second; the second one would take 20 ms."""
    stage = {"strip/1/pan": -1, "strip/2/pan": 1, "strip/3/level": -90, "strip/3/send/1/level": 0}
    with Engine(3, PLAIN | stage) as engine:
        engine.process(quanta(levels(3)))
        engine.set("box/depth", 99)
        engine.set(path, 1)
        engine.process(quanta(levels(3)))
        engine.set(path, 2)
        heard = engine.process(quanta(levels(3, 2 * RATE)))[0][:, 2]
    assert heard.min() > 0.0099
    assert heard.max() < 0.0301
    assert heard[-1] == pytest.approx(0.02)


@pytest.mark.parametrize(("inputs", "strips"), [(10, 4), (4, 10), (10, 8), (32, 17)])
def test_a_card_may_have_more_inputs_or_fewer_than_there_are_strips(inputs: int, strips: int) -> None:
    assert stems({}, inputs, strips) == pytest.approx([n / 100 if n <= inputs else 0 for n in range(1, strips + 1)])


def test_main_leaves_by_two_pairs_and_a_monitor_by_two_outputs() -> None:
    values = {"out/3/bus": 1, "out/4/bus": 2, "out/5/bus": 3, "out/10/bus": 3}
    assert outputs(values, 10) == pytest.approx([0.01, 0.02, 0.01, 0.02, 0.03, 0, 0, 0, 0, 0.03], abs=1e-6)


@pytest.mark.parametrize("count", [2, 4, 8, 10, 32])
def test_a_card_may_have_more_outputs_or_fewer_than_there_are_buses(count: int) -> None:
    assert outputs({}, count) == pytest.approx(([0.01, 0.02, 0.03] + [0] * 29)[:count], abs=1e-6)


def test_an_output_that_carries_nothing_is_silent() -> None:
    assert outputs({"out/1/bus": 0, "out/2/bus": 3}, 2) == pytest.approx([0, 0.03])


def test_a_moved_wire_is_cross_faded_in_20_ms() -> None:
    with Engine(1, PLAIN | {"strip/1/pan": -1}, inputs=2) as engine:
        frames = quanta(levels(2))
        engine.process(frames)
        engine.set("strip/1/input/source", 2)
        moved = engine.process(frames, stems=True)[1]
    assert moved is not None
    way = moved[:, 0, 0]
    assert way[0] == pytest.approx(0.01, abs=1e-4)
    assert np.diff(way).max() < 1.2 * 0.01 / 960
    assert np.flatnonzero(way > 0.0199999)[0] == pytest.approx(960, abs=2)


def test_a_wire_that_is_moved_again_on_its_way_gets_there_without_a_jump() -> None:
    with Engine(1, PLAIN | {"strip/1/pan": -1}, inputs=3) as engine:
        engine.process(quanta(levels(3)))
        heard = []
        for source in (2, 3, 1, 3):
            engine.set("strip/1/input/source", source)
            part = engine.process(quanta(levels(3, 320)), stems=True)[1]
            assert part is not None
            heard.append(part[:, 0, 0])
        last = engine.process(quanta(levels(3)), stems=True)[1]
    assert last is not None
    way = np.concatenate([*heard, last[:, 0, 0]])
    assert np.abs(np.diff(way)).max() < 1.2 * 0.02 / 960
    assert way[-1] == pytest.approx(0.03)


def test_an_engine_begins_with_the_patch_as_it_is_left() -> None:
    frames = quanta(levels(2, 64))
    with Engine(1, PLAIN | {"strip/1/pan": -1, "strip/1/input/source": 2}, inputs=2) as engine, Engine(1, PLAIN | {"strip/1/pan": -1}) as plain:
        moved, wanted = engine.process(frames, stems=True)[1], plain.process(frames[:, 1:], stems=True)[1]
    assert moved is not None
    assert wanted is not None
    np.testing.assert_array_equal(moved, wanted)


def test_a_sine_whose_wire_is_moved_has_nothing_above_its_own_pitch() -> None:
    tone = np.column_stack([sine(997, 1, 0.25), sine(997, 1, 0.25, np.pi / 2)])
    with Engine(1, PLAIN | {"out/2/bus": 1}, inputs=2, outputs=2) as engine:
        engine.process(quanta(tone[:FADE * 2]))
        engine.set("strip/1/input/source", 2)
        engine.set("out/2/bus", 0)
        out = engine.process(quanta(tone[FADE * 2:]))[0].astype(float)
    for side in out.T:
        spectrum = np.abs(np.fft.rfft(side[:9600] * np.blackman(9600)))
        assert rms_db(spectrum[1600:]) - 20 * np.log10(spectrum.max()) < -90


@pytest.mark.parametrize("lengths", [[64], [128], [32, 256, 96, 1024]], ids=str)
def test_a_moved_patch_does_not_depend_on_the_block_size(lengths: list[int]) -> None:
    x, values = sounds(9), everything(9) | {"strip/4/input/source": 2}
    np.testing.assert_array_equal(in_chunks(x, lengths, values, MOVES), in_chunks(x, [32], values, MOVES))


def test_a_strip_sounds_the_same_whichever_input_and_lane_it_has() -> None:
    x = sounds(9, 0.3)
    straight = in_chunks(x, [64], alone(9), {})[:, 8:].reshape(-1, 9, 2)
    for turn in (1, 4, 8):
        values = alone(9) | {f"strip/{n + 1}/input/source": (n + turn) % 9 + 1 for n in range(9)}
        np.testing.assert_array_equal(in_chunks(x, [64], values, {})[:, 8:].reshape(-1, 9, 2), np.roll(straight, -turn, 1))


def test_moved_wires_stay_within_what_they_are_moved_between() -> None:
    rng = np.random.default_rng(3)
    with Engine(4, PLAIN | LEFT, inputs=4, outputs=8) as engine:
        for _ in range(200):
            engine.set(f"strip/{rng.integers(1, 5)}/input/source", float(rng.integers(0, 9)))
            engine.set(f"out/{rng.integers(1, 9)}/bus", float(rng.integers(0, 9)))
            out = engine.process(np.full((96, 4), db(-20), np.float32))[0]
            assert -1e-6 <= out.min() <= out.max() <= 0.4 + 1e-6
