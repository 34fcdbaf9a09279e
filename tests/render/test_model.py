"""The model in the strip: how late the sound is with it, that it hears only the past, and what it does to a voice in noise."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from engine.sounds import RATE, noise
from engine.sounds import singer as sung
from gigbox._core import ffi, lib

from gigbox import params
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.engine.core import Engine
from gigbox.rack import HOP, Floats, Rack
from gigbox.render.denoise import Options, clean
from gigbox.render.hops import play

SECONDS = 6
Sound = npt.NDArray[np.float64]


@cache
def singer() -> Sound:
    return sung(SECONDS, 0.05)


@cache
def noisy() -> Sound:
    return singer() + noise(SECONDS, 0.01, 5)


def db(power_ratio: float) -> float:
    return float(10 * np.log10(power_ratio))


def si_sdr(estimate: Sound, reference: Sound) -> float:
    """dB; Le Roux et al. 2019."""
    scaled = reference * (estimate @ reference) / (reference @ reference)
    return db(np.sum(scaled**2) / np.sum((estimate - scaled) ** 2))


def cleaned(x: Sound, **options: object) -> Floats:
    """(n, sides) through a strip a side."""
    return np.concatenate(list(clean([x.astype(np.float32)], x.shape[1], Options(**options))))     # type: ignore[arg-type]


def through(x: Sound, **options: object) -> Sound:
    return cleaned(x[:, None], **options)[:, 0].astype(float)


class Replay:
    """Gains of one run given again in the next: so the strip is a linear filter that moves, and its responses can be measured."""

    def __init__(self) -> None:
        self._denoiser, self.kept, self._next = Denoiser(), list[bytes](), 0

    def record(self, rack: Rack) -> None:
        if self._denoiser.hear(rack):
            self.kept.append(bytes(ffi.buffer(rack.c.gains[(rack.c.gain_sets - 1) % lib.GB_GAIN_SETS].gain)))

    def again(self, rack: Rack) -> None:
        if int(rack.c.hops) > self._next:
            lib.gb_give_gains(rack.c, rack.c.hops, ffi.from_buffer("float[]", self.kept[self._next]))
            self._next += 1


def responses(lookahead: int) -> tuple[Sound, Sound]:
    """Responses (n, 512) of the strip with the model at work to single impulses, every 1000 frames; and the times they were sent at."""
    values = {"strip/1/pan": -1, "strip/1/denoise/amount": 18, "strip/1/role": params.ROLES.index("lead_vocal")}
    values |= {"box/denoise": params.DENOISERS.index("model"), "box/lookahead": lookahead > 0}
    x = np.pad(noisy(), (0, 1024)).astype(np.float32)[: SECONDS * RATE, None]
    x = x[: len(x) // HOP * HOP]
    at = np.arange(RATE, len(x) - 1024, 1000)
    spikes = x.copy()
    spikes[at] += 1
    replay, outputs = Replay(), []
    for sound, hear in ((x, replay.record), (x, replay.again), (spikes, replay.again)):
        replay._next = 0
        with Engine(1, values) as engine:
            _, stems = play(engine, sound, hear, stems=True)
        assert stems is not None
        outputs.append(stems[:, 0, 0].astype(float))
    np.testing.assert_array_equal(outputs[0], outputs[1])
    apart = outputs[2] - outputs[1]
    return np.array([apart[t:t + 512] for t in at]), at.astype(float)


def test_without_look_ahead_the_sound_is_hardly_delayed() -> None:
    """Energy delay of every response: mean at most 0.3 ms, 99 % within 1 ms."""
    found, _ = responses(0)
    energy = found**2
    late_ms = energy @ np.arange(energy.shape[1]) / energy.sum(1) / RATE * 1000
    assert late_ms.mean() <= 0.3
    assert np.percentile(late_ms, 99) <= 1.0


def test_with_look_ahead_it_is_128_frames_late() -> None:
    """The peak of every response exactly, its energy within 0.1 ms on the mean."""
    found, _ = responses(128)
    assert (np.argmax(np.abs(found), axis=1) == 128).all()
    energy = found**2
    late_ms = energy @ (np.arange(energy.shape[1]) - 128) / energy.sum(1) / RATE * 1000
    assert late_ms.mean() == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("lookahead", [0, 128])
def test_it_hears_only_the_past(lookahead: int) -> None:
    """Another future changes nothing before it."""
    cut = 3 * RATE + 77
    other = noisy().copy()
    other[cut:] = noise(SECONDS, 0.3, 9)[cut:]
    same, different = (through(x, lookahead=lookahead) for x in (noisy(), other))
    np.testing.assert_array_equal(same[: cut - lookahead], different[: cut - lookahead])
    assert np.abs(same[cut + 100:] - different[cut + 100:]).max() > 0.01


def test_a_voice_in_noise_comes_out_better_than_the_classical_denoiser_makes_it() -> None:
    late, x = slice(RATE, None), singer() + noise(SECONDS, 0.03, 5)
    before = si_sdr(x[late], singer()[late])
    by_model, classic = (si_sdr(through(x, denoise=name, role="lead_vocal")[late], singer()[late]) for name in ("model", "classic"))
    assert by_model > before + 2
    assert by_model > classic


def test_a_clean_voice_stays_as_it_is() -> None:
    out = through(singer(), role="lead_vocal")
    assert db(np.sum(out**2) / np.sum(singer() ** 2)) == pytest.approx(0, abs=0.6)
    assert si_sdr(out, singer()) > 18


def test_noise_alone_goes_down() -> None:
    x = noise(6, 0.01, 4)
    out = through(x, role="lead_vocal")
    assert db(np.mean(out[RATE:] ** 2) / np.mean(x[RATE:] ** 2)) < -10


def test_the_same_input_gives_the_same_output() -> None:
    np.testing.assert_array_equal(through(noisy()), through(noisy()))


def test_left_and_right_of_a_file_are_cleaned_alike() -> None:
    """A source in the middle stays in the middle, whatever lies beside it."""
    sides = np.stack([noisy(), noisy() + noise(SECONDS, 0.002, 8)], 1)
    out = cleaned(sides, role="lead_vocal")
    share: Floats = out[RATE:, 0] - out[RATE:, 1]
    assert db(float(np.mean(share**2) / np.mean(out[RATE:, 0] ** 2))) < db(float(np.mean((sides[:, 0] - sides[:, 1]) ** 2) / np.mean(sides[:, 0] ** 2))) + 6
