"""What comes out depends on the frames that went in, never on how they were cut, nor on which lane a channel happens to be."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from gigbox.engine.core import Engine

from .sounds import PLAIN, RATE, noise, voice

ON = {"hpf/on": 1, "hum/on": 1, "denoise/amount": 12, "gate/on": 1, "deess/on": 1, "deess/threshold": -24, "comp/on": 1, "comp/threshold": -30, "duck/level": 6,
      "duck/bell": 6, "eq/1/gain": 4, "eq/2/gain": -3, "eq/3/gain": 5, "eq/4/gain": -6, "send/1/level": -6,
      "fxsend/1/level": -10, "fxsend/2/level": -10}
BUSES = {"main/eq/2/gain": 4, "monitor/1/eq/4/gain": -3, "main/level": 6, "box/denoise": 1, "fx/1/type": 1, "fx/2/type": 2, "fx/2/division": 0, "fx/2/time": 50,
         "fx/2/pingpong": 1, "fx/1/send/1/level": -6, "monitor/1/link": 1, "monitor/1/loudness/on": 1,
         "monitor/1/loudness/most": -30}
COMMANDS = {3200: [("strip/1/level", -6), ("strip/2/eq/2/gain", 9)], 6400: [("strip/1/mute", 1), ("box/lookahead", 0)],
            9600: [("strip/1/delay", 7), ("main/eq/1/q", 3), ("fx/1/decay", 4), ("fx/2/time", 70)],
            12800: [("fx/1/type", 2), ("fx/2/type", 0)]}


def everything(channels: int) -> dict[str, float]:
    values = {f"strip/{n}/{path}": value for n in range(1, channels + 1) for path, value in ON.items()} | BUSES
    return values | {"strip/1/duck/key": 1} | {f"strip/{n}/share/on": 1 for n in range(1, min(channels, 3) + 1)}


def sounds(channels: int, seconds: float = 0.5) -> np.ndarray:
    return np.stack([voice(seconds, 0.2, n) + noise(seconds, 0.01, n) for n in range(channels)], 1).astype(np.float32)


def in_chunks(x: np.ndarray, lengths: list[int], values: dict[str, float], commands: dict[int, list[tuple[str, float]]]) -> np.ndarray:
    """Outputs and stems side by side. A command falls on a frame that is a chunk's first in every case."""
    parts, at = [], 0
    with Engine(x.shape[1], values) as engine:
        while at < len(x):
            for path, value in commands.get(at, []):
                engine.set(path, value)
            following = min((frame for frame in commands if frame > at), default=len(x))
            n = min(lengths[len(parts) % len(lengths)], following - at)
            out, stems = engine.process(x[at : at + n], stems=True)
            assert stems is not None
            parts.append(np.hstack([out, stems.reshape(n, -1)]))
            at += n
    return np.vstack(parts)


@pytest.mark.parametrize("commands", [{}, COMMANDS], ids=["at rest", "with commands"])
@pytest.mark.parametrize("lengths", [[64], [128], [32, 256, 96, 1024, 160, 64, 512]], ids=str)
def test_output_does_not_depend_on_the_block_size(lengths: list[int], commands: dict[int, list[tuple[str, float]]]) -> None:
    x = sounds(9)
    np.testing.assert_array_equal(in_chunks(x, lengths, everything(9), commands), in_chunks(x, [32], everything(9), commands))


def stems_of(x: np.ndarray, values: dict[str, float]) -> np.ndarray:
    with Engine(x.shape[1], values) as engine:
        stems = engine.process(x, stems=True)[1]
    assert stems is not None
    return stems


def alone(channels: int) -> dict[str, float]:
    """Everything on but what strips do to each other."""
    return {path: value for path, value in everything(channels).items() if "share" not in path and "duck/key" not in path}


def test_every_lane_and_channel_count_gives_the_same_bits() -> None:
    one = sounds(1, 0.4)
    wanted = stems_of(one, alone(1))[:, 0]
    assert np.abs(wanted).max() > 0.1
    for channels in range(1, 33):
        stems = stems_of(np.repeat(one, channels, 1), alone(channels))
        for n in range(channels):
            np.testing.assert_array_equal(stems[:, n], wanted, f"strip {n + 1} of {channels}")


def test_a_strip_does_not_hear_its_neighbours() -> None:
    x = sounds(12)
    loud = x * 0 + noise(len(x) / RATE, 0.5, 99)[:, None].astype(np.float32)
    loud[:, 4] = x[:, 4]
    np.testing.assert_array_equal(stems_of(loud, alone(12))[:, 4], stems_of(x, alone(12))[:, 4])


def test_a_strip_does_not_feel_its_neighbours_knobs() -> None:
    """Within rounding: a block in motion is computed in another order than one at rest."""
    x = sounds(8, 0.3)
    mine = [("strip/5/trim", 12.0), ("strip/5/comp/makeup", 9.0), ("strip/5/eq/2/gain", 9.0), ("strip/5/level", -20.0)]
    turned = {"trim": 3.0, "comp/attack": 0.5, "eq/2/q": 5.0, "gate/ratio": 2.0, "level": 3.0}
    theirs = [(f"strip/{n}/{path}", value) for n in (4, 6) for path, value in turned.items()]
    calm = in_chunks(x, [32], alone(8), {3200: mine})[:, 8:]
    busy = in_chunks(x, [32], alone(8), {3200: mine, **{3200 + 32 * k: theirs for k in range(1, 40)}})[:, 8:]
    assert np.abs(busy[:, 8:10]).max() > 0.1
    np.testing.assert_allclose(busy[:, 8:10], calm[:, 8:10], atol=2e-6)


def test_a_decaying_sound_costs_no_more_than_a_loud_one() -> None:
    """Denormal numbers would cost a hundredfold. Measured in time, so leniently: the best of many blocks."""
    block = np.zeros((4800, 8), np.float32)
    strips = range(1, 9)
    narrow = {f"strip/{n}/eq/{b}/q": 10 for n in strips for b in (1, 2, 3, 4)}
    values = alone(8) | narrow | {f"strip/{n}/send/{m}/level": 0 for n in strips for m in range(1, 7)}
    with Engine(8, PLAIN | values) as engine:
        def second() -> float:
            best = 1.0
            for _ in range(10):
                begin = perf_counter()
                engine.process(block)
                best = min(best, perf_counter() - begin)
            return best

        engine.process(np.ones((32, 8), np.float32))
        times = [second() for _ in range(30)]
    assert times[-1] < 2 * times[0]
