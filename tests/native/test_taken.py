"""What the denoise filter takes from a strip, on the listen bus: the dry sound less the clean one, both as late, and nobody else hears a difference."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.rack import OUTPUTS, Floats

from .test_clean import BY_MODEL, SOUND, Bench

LATE = 128


def listened(bench: Bench, gain: float, hops: int) -> tuple[Floats, Floats, int]:
    """What the strips gave, what the listen bus carried, and the first frame of both."""
    first = bench.at
    strips = bench.hop(gain, hops)
    frames = np.arange(bench.engine.rack.frames - len(strips), bench.engine.rack.frames)
    return strips, bench.engine.rack.view("tap_out")[frames % 65536, OUTPUTS:].copy(), first


@pytest.mark.parametrize("lookahead", [0, 1])
def test_what_is_left_and_what_is_taken_are_the_whole(lookahead: int) -> None:
    bench = Bench(2, box__lookahead=lookahead, box__taken=2)
    bench.hop(0.2, 60)
    strips, taken, first = listened(bench, 0.2, 40)
    assert bench.denoiser == BY_MODEL
    dry = SOUND[first - LATE * lookahead:][: len(strips)]
    np.testing.assert_allclose(taken[:, 0] + strips[:, 1], dry, atol=1e-6)
    np.testing.assert_array_equal(taken[:, 0], taken[:, 1])
    assert np.sqrt(np.mean(taken ** 2)) > 0.5 * np.sqrt(np.mean(dry ** 2))


def test_nothing_is_taken_where_nobody_cleans() -> None:
    bench = Bench(1, box__denoise=0, box__lookahead=1, box__taken=1)
    bench.hop(None, 10)
    assert np.abs(listened(bench, 1.0, 4)[1]).max() == 0


def test_nobody_else_hears_that_somebody_listens() -> None:
    outs = []
    for taken in (0, 1):
        bench = Bench(2, box__taken=taken)
        bench.hop(0.3, 30)
        frames = np.arange(bench.engine.rack.frames - 4096, bench.engine.rack.frames)
        outs.append(bench.engine.rack.view("tap_out")[frames % 65536, :OUTPUTS].copy())
    np.testing.assert_array_equal(*outs)


def test_a_strip_that_the_box_has_not_is_nobody() -> None:
    bench = Bench(1, box__taken=9)
    bench.hop(0.2, 30)
    strips, heard, _ = listened(bench, 0.2, 4)
    assert np.abs(heard).max() > 0.1 * np.abs(strips).max()


def test_going_from_strip_to_strip_and_back_does_not_click() -> None:
    """A tone: no step from frame to frame is larger than the tone's own."""
    bench = Bench(2, strip__2__polarity=1, box__taken=1)
    tone = (0.1 * np.sin(2 * np.pi * 200 * np.arange(48000 * 3) / 48000)).astype(np.float32)
    steps, at = [], 0
    for hop in range(200):
        bench.engine.process(np.repeat(tone[at:at + 256, None], 2, axis=1))
        bench.give(0.2)
        at += 256
        if hop in (100, 130, 160):
            bench.engine.set("box/taken", {100: 2.0, 130: 0.0, 160: 1.0}[hop])
        if hop > 80:
            frames = np.arange(bench.engine.rack.frames - 257, bench.engine.rack.frames)
            steps.append(np.abs(np.diff(bench.engine.rack.view("tap_out")[frames % 65536, OUTPUTS])).max())
    assert max(steps) < 1.5 * 0.1 * 2 * np.pi * 200 / 48000
