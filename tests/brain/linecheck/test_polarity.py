"""Two microphones on one source: the sign is told where it is sure, never where it is not; and only of neighbours that hear the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy import signal

from gigbox.brain.linecheck.polarity import Alignment, Polarity, reach_ms
from gigbox.engine.core import Engine
from gigbox.params import ROLES

RATE, TICK = 48000, 4800
Signal = npt.NDArray[np.float64]


def at(s: float) -> Signal:
    return np.arange(round(s * RATE)) / RATE


def hits(s: float = 10, hz: float = 180, seed: int = 1) -> Signal:
    """A drum: a tone that falls and a rattle, at moments and levels that are not all the same."""
    rng, x = np.random.default_rng(seed), np.zeros(round(s * RATE))
    for begin in np.arange(0.2, s - 0.6, 0.45):
        t = at(0.5)
        hit = np.sin(2 * np.pi * hz * t + 8 * np.exp(-t / 0.01)) * np.exp(-t / 0.09) + 0.3 * rng.normal(0, 1, len(t)) * np.exp(-t / 0.06)
        place = round((begin + rng.uniform(0, 0.1)) * RATE)
        x[place:place + len(t)] += rng.uniform(0.4, 1) * hit
    return 0.3 * x / np.abs(x).max()


def strings(s: float = 10, seed: int = 2, low: float = 82.0) -> Signal:
    """Plucked notes (Karplus and Strong) one after the other."""
    rng, notes = np.random.default_rng(seed), []
    for _ in range(round(s / 0.4)):
        period = round(RATE / (low * 2 ** (rng.integers(0, 20) / 12)))
        burst = np.zeros(round(0.4 * RATE))
        burst[:period] = rng.normal(0, 1, period)
        notes.append(signal.lfilter([1], [1, *[0] * (period - 1), -0.498, -0.498], burst))
    x = np.concatenate(notes)
    return np.asarray(0.3 * x / np.abs(x).max())


def microphone(x: Signal, seed: int, late_ms: float) -> Signal:
    """Another place, another microphone: delay, colour, a little room, its own hiss."""
    rng = np.random.default_rng(seed)
    y = signal.lfilter(*signal.butter(1, [rng.uniform(40, 100), rng.uniform(6000, 14000)], "band", fs=RATE), x)
    y = y + rng.uniform(-0.4, 0.8) * signal.lfilter(*signal.iirpeak(rng.uniform(200, 4000), 1.0, fs=RATE), y)
    room = np.zeros(4800)
    room[round(late_ms * RATE / 1000)] = 1
    for _ in range(4):
        room[round((late_ms + rng.uniform(2, 15)) * RATE / 1000)] += rng.uniform(-0.2, 0.2)
    return np.asarray(signal.fftconvolve(y, room)[: len(x)] + rng.normal(0, 1e-4, len(x)))


def amplifier(x: Signal, late_ms: float) -> Signal:
    y = signal.lfilter(*signal.butter(2, [60, 5000], "band", fs=RATE), np.tanh(3 * x / np.abs(x).max()))
    return np.asarray(0.3 * np.concatenate([np.zeros(round(late_ms * RATE / 1000)), y])[: len(x)])


def heard(first: Signal, second: Signal, role: str, neighbour: str = "") -> Alignment | None:
    with Engine(2) as engine:
        polarity, frames = Polarity([role, neighbour or role]), np.stack([first, second], axis=1).astype(np.float32)
        for begin in range(0, len(frames), TICK):
            engine.process(frames[begin:begin + TICK])
            polarity.hear(engine.rack)
        return polarity.verdicts().get(1)


PAIRS: dict[str, tuple[str, Callable[[], tuple[Signal, Signal]], float]] = {
    "snare top and bottom": ("snare", lambda: (microphone(hits(), 1, 0.1), microphone(hits(), 2, 0.5)), 0.4),
    "kick in and out": ("kick", lambda: (microphone(hits(hz=60), 3, 0.1), microphone(hits(hz=60), 4, 1.5)), 1.4),
    "bass DI and amplifier": ("bass", lambda: (strings(low=41), amplifier(strings(low=41), 2.0)), 2.0),
    "two on a guitar": ("acoustic_guitar", lambda: (microphone(strings(), 5, 0.5), microphone(strings(), 6, 2.0)), 1.5),
    "overheads": ("hihat_overhead", lambda: (microphone(hits(), 7, 1.0), microphone(hits(), 8, 0.2)), -0.8),
}


@pytest.mark.parametrize("turned", [False, True], ids=["as it should be", "turned"])
@pytest.mark.parametrize("name", PAIRS)
def test_sign_and_delay_of_two_on_one_source_are_told(name: str, turned: bool) -> None:
    role, make, late_ms = PAIRS[name]
    first, second = make()
    verdict = heard(first, -second if turned else second, role)
    assert verdict is not None
    assert verdict.turned == turned
    assert verdict.late_ms == pytest.approx(late_ms, abs=0.15)


def test_digital_silence_between_hits_spoils_nothing() -> None:
    open_for = np.convolve(np.abs(hits()) > 0.01, np.ones(2400))[: 10 * RATE] > 0
    verdict = heard(open_for * microphone(hits(), 1, 0.1), open_for * microphone(hits(), 2, 0.5), "snare")
    assert verdict is not None
    assert verdict.late_ms == pytest.approx(0.4, abs=0.15)


@pytest.mark.parametrize("role", ["snare", "bass", "acoustic_guitar", "electric_guitar"])
def test_of_strangers_nothing_is_said(role: str) -> None:
    make = hits if role == "snare" else strings
    assert heard(make(seed=1), make(seed=9), role) is None


@pytest.mark.parametrize(("hz", "late_ms"), [(330, 3.0), (400, 2.0), (400, 2.5)])
def test_what_is_heard_from_further_away_than_the_two_could_be_gives_no_verdict(hz: float, late_ms: float) -> None:
    """A snare in the microphone of another one: within the millisecond of top and bottom only its ring is found, with either sign."""
    first = microphone(hits(6, hz), 1, 0.1)
    assert heard(first, 0.5 * microphone(first, 2, late_ms), "snare") is None


def test_one_note_that_fits_either_way_gives_no_verdict() -> None:
    """A sine a quarter of its period late is as near to the one sign as to the other."""
    x = 0.2 * np.sin(2 * np.pi * 110 * at(10))
    assert heard(x, np.roll(x, round(RATE / 110 / 4)), "bass") is None


def test_a_sign_that_changes_with_the_frequency_gives_no_verdict() -> None:
    """The lows turned, the rest not: as with a crossover between two loudspeakers."""
    x = hits()
    low = signal.sosfilt(signal.butter(4, 300, "low", fs=RATE, output="sos"), x)
    high = signal.sosfilt(signal.butter(4, 300, "high", fs=RATE, output="sos"), x)
    assert heard(x, high - low, "snare") is None


def test_a_stereo_chorus_is_not_taken_for_a_turned_side() -> None:
    """Its voice comes with the other sign on the right."""
    x = strings(seed=4)
    late = np.interp(at(10) - (3 + np.sin(2 * np.pi * 0.8 * at(10))) / 1000, at(10), x)
    verdict = heard(x + late, x - late, "electric_guitar")
    assert verdict is None or not verdict.turned


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_a_dead_or_quiet_neighbour_gives_no_verdict(level: float) -> None:
    assert heard(hits(), level * hits(), "snare") is None


def test_a_few_hits_are_not_enough() -> None:
    assert heard(hits(1.2), microphone(hits(1.2), 2, 0.3), "snare") is None


def test_wrong_numbers_give_no_verdict_and_no_error() -> None:
    broken = hits()
    broken[::4000] = np.nan
    assert heard(hits(), broken, "snare") is None


def test_only_roles_that_hear_one_source_are_compared() -> None:
    same = {role for role in ROLES if reach_ms(role, role)}
    assert same == {"kick", "snare", "bass", "electric_guitar", "acoustic_guitar", "hihat_overhead"}
    assert all(reach_ms(a, b) == 0 for a in ROLES for b in ROLES if a != b)
    assert heard(hits(), -hits(), "tom") is None
    assert heard(hits(), -hits(), "lead_vocal") is None


def test_what_was_heard_of_a_pair_stays_while_its_roles_do() -> None:
    polarity = Polarity(["snare", "snare", "bass"])
    first = polarity.pairs[1]
    polarity.expect(["snare", "snare", "bass", "bass"])
    assert polarity.pairs[1] is first
    assert sorted(polarity.pairs) == [1, 3]
    polarity.expect(["snare", "tom", "bass", "bass"])
    assert sorted(polarity.pairs) == [3]
