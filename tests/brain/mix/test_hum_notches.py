"""Hum is found within seconds, cut no deeper than needed, followed and let go; and music that sounds like it is left alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from gigbox.brain.auto import Move
from gigbox.brain.mix.hum_notches import HumNotches
from gigbox.brain.roles.sources import Source
from tests.harmonics import harmonics as harmonic_sum

RATE, TICK, TAP = 48000, 4800, 65536
Signal = npt.NDArray[np.float64]


class Tap:
    """The dry inputs of a rack: (n, channels), played 100 ms at a time."""

    def __init__(self, sound: Signal) -> None:
        self.sound, self.channels, self.frames = np.asarray(sound, np.float32), sound.shape[1], 0
        self.tap = np.zeros((TAP, 32), np.float32)

    def view(self, name: str) -> npt.NDArray[np.float32]:
        assert name == "tap_in"
        return self.tap

    def play(self, frames: int = TICK) -> None:
        piece = self.sound[self.frames : self.frames + frames]
        self.tap[(self.frames + np.arange(len(piece))) % TAP, : self.channels] = piece
        self.frames += len(piece)


class Stage:
    def __init__(self, sound: Signal, roles: Sequence[str], finder: HumNotches | None = None) -> None:
        self.rack = Tap(sound if sound.ndim == 2 else sound[:, None])
        self.finder = finder or HumNotches()
        self.sources = [Source((n,), f"strip {n}", role) for n, role in enumerate(roles, 1)]

    def run(self, seconds: float = 1e9) -> list[tuple[float, Move]]:
        """All moves with their time in seconds."""
        moves, until = [], min(self.rack.frames + seconds * RATE, len(self.rack.sound))
        while self.rack.frames < until:
            self.rack.play()
            moves += [(self.rack.frames / RATE, m) for m in self.finder.think(self.rack, self.sources)]     # type: ignore[arg-type]
        return moves


def seconds(s: float) -> Signal:
    return np.arange(round(s * RATE)) / RATE


def hiss(s: float, rms: float = 3e-5, seed: int = 1) -> Signal:
    return np.random.default_rng(seed).normal(0, rms, round(s * RATE))


def series(hz: float | Signal, s: float, harmonics: int, fall: float = 1.0) -> Signal:
    """Harmonics, each `fall` dB below the one before, of a frequency that may move; the whole at an RMS of 1."""
    turn = 2 * np.pi * np.cumsum(np.broadcast_to(hz, round(s * RATE))) / RATE
    x = harmonic_sum(turn, harmonics, lambda k: 10 ** (-fall * k / 20), lambda k: k * k)
    return np.asarray(x / np.sqrt(np.mean(x**2)))


def hum(hz: float | Signal, s: float, db: float = -50, harmonics: int = 20) -> Signal:
    return 10 ** (db / 20) * series(hz, s, harmonics)


def played(x: Signal, spans: Sequence[tuple[float, float]]) -> Signal:
    """Only within these spans of seconds, with 20 ms to begin and 100 ms to end."""
    t = seconds(len(x) / RATE)
    return x * np.max([np.clip(np.minimum((t - a) / 0.02, (b - t) / 0.1), 0, 1) for a, b in spans], axis=0)


def voice(s: float, pauses: bool = True) -> Signal:
    """A pitch that glides through 150 Hz, in syllables; without pauses it only breathes a quarter of a second at a time."""
    t = seconds(s)
    x = 0.05 * series(160 + 30 * np.sin(2 * np.pi * 0.7 * t), s, 24, 2) * np.maximum(0, np.sin(2 * np.pi * 1.8 * t)) ** 0.5
    return x * (t % 8 < 5) if pauses else x


def plucked(s: float, seed: int = 3) -> Signal:
    """A guitar that never rests: three notes a second over two octaves."""
    rng, t, x = np.random.default_rng(seed), seconds(1), np.zeros(round(s * RATE))
    for start in np.arange(0, s - 1, 0.3):
        note = harmonic_sum(2 * np.pi * 82.4 * 2 ** (rng.integers(24) / 12) * t, 8, lambda k: 1 / k) * np.exp(-3 * t)
        x[round(start * RATE) :][:RATE] += 0.05 * note
    return x


def beats(bpm: float, s: float) -> Signal:
    """A drum machine: its hits make lines at every multiple of the tempo, some of them where hum has its own."""
    t, x = seconds(0.25), np.zeros(round(s * RATE))
    hit = 0.5 * np.exp(-t / 0.06) * np.sin(2 * np.pi * np.cumsum(50 + 100 * np.exp(-t / 0.02)) / RATE)
    for start in np.arange(0, s - 1, 60 / bpm):
        x[round(start * RATE) :][: len(hit)] += hit
    return x


def asked(moves: Sequence[tuple[float, Move]], word: str, strip: int = 1) -> list[float]:
    return [m.value for _, m in moves if m.path == f"strip/{strip}/hum/{word}"]


@pytest.mark.parametrize("hz", [49.52, 49.97, 50.31, 59.6, 60.02])
def test_the_mains_are_found_to_a_hundredth_of_a_hertz(hz: float) -> None:
    moves = Stage(hum(hz, 7) + hiss(7), ["lead_vocal"]).run()
    assert asked(moves, "on") == [1]
    assert asked(moves, "frequency") == [pytest.approx(hz, abs=0.01)]
    assert asked(moves, "harmonics") == [8]


@pytest.mark.parametrize(("source", "role", "within"), [(voice(20), "lead_vocal", 11), (voice(20, pauses=False), "lead_vocal", 12),
                                                        (plucked(20), "electric_guitar", 16), (hiss(20, 1e-3), "ambience", 7)],
                         ids=["voice", "voice without pauses", "guitar", "noise"])
def test_hum_is_found_under_what_is_played(source: Signal, role: str, within: float) -> None:
    moves = Stage(hum(49.97, 20) + source + hiss(20), [role]).run()
    assert asked(moves, "on") == [1]
    assert moves[0][0] <= within
    assert asked(moves, "frequency")[0] == pytest.approx(49.97, abs=0.01)


def test_the_reason_has_frequency_harmonics_and_depth() -> None:
    moves = Stage(hum(49.98, 7, harmonics=6) + hiss(7), ["lead_vocal"]).run()
    assert {m.why for _, m in moves} == {m.why for _, m in moves[:1]}
    assert moves[0][1].why.startswith("strip 1: hum at 49.98 Hz, 6 harmonics up to ")
    assert moves[0][1].why.endswith(" dB over the rest, notched by 24 dB")


def test_as_many_harmonics_are_cut_as_there_are() -> None:
    assert asked(Stage(hum(50.0, 7, harmonics=5) + hiss(7), ["keys"]).run(), "on") == []       # keys: not before they were heard for longer
    assert asked(Stage(hum(50.0, 12, harmonics=5) + hiss(12), ["keys"]).run(), "harmonics") == [5]


def test_it_cuts_as_deep_as_the_hum_stands_out_between_6_and_24_db() -> None:
    depths = [asked(Stage(hum(50.02, 9, db) + hiss(9, 1e-3), ["lead_vocal"]).run(), "depth")[-1] for db in (-84, -78, -72, -50)]
    assert depths == sorted(depths)
    assert 6 <= depths[0] < 13
    assert depths[-1] == 24


def test_the_notches_follow_the_mains_but_not_every_hair() -> None:
    hz = 50 + 0.06 * np.clip((seconds(60) - 15) / 30, 0, 1)
    moves = Stage(hum(hz, 60) + hiss(60), ["lead_vocal"]).run()
    steps = asked(moves, "frequency")
    assert steps[0] == pytest.approx(50, abs=0.005)
    assert steps[-1] == pytest.approx(50.06, abs=0.02)
    assert 3 <= len(steps) <= 6
    assert asked(Stage(hum(50 + 0.004 * np.sin(seconds(40)), 40) + hiss(40), ["lead_vocal"]).run(), "frequency")[1:] == []


def test_hum_that_is_gone_for_20_seconds_is_let_go() -> None:
    x = played(hum(49.97, 45), [(0, 15)]) + voice(45) + hiss(45)
    moves = Stage(x, ["lead_vocal"]).run()
    assert asked(moves, "on") == [1, 0]
    assert moves[-1][0] == pytest.approx(15 + 2.7 + 20, abs=3)
    assert moves[-1][1].why == "strip 1: hum at 49.97 Hz is gone for 20 s, its notches are out"


def test_hum_that_music_hides_is_not_gone() -> None:
    t = seconds(60)
    x = hum(49.97, 60, -60) + 0.3 * series(147 + 3 * np.sin(t), 60, 12) * (t > 10) + hiss(60)
    assert asked(Stage(x, ["electric_guitar"]).run(), "on") == [1]


NOTES = {"an organ on a low G": 0.1 * series(49.0, 30, 12, 3), "a B": 0.1 * series(61.74, 30, 12, 3),
         "an organ tuned to the mains": 0.1 * played(series(50.1, 30, 12, 3), [(2, 14), (16, 29)]), "a drone": 0.1 * series(50.0, 30, 12, 3),
         "quick notes on the mains": 0.003 * played(series(50.0, 30, 12, 3), [(2 * n, 2 * n + 1.2) for n in range(15)]),
         "a singer on 100 Hz": 0.05 * series(100 * (1 + 0.01 * np.sin(2 * np.pi * 5.5 * seconds(30))), 30, 8, 3),
         "a singer who holds 100 Hz": 0.05 * played(series(100.1, 30, 8, 3), [(3, 11), (14, 22)]),
         "a voice": voice(30), "a guitar": plucked(30), "a drum machine at 120": beats(120, 30), "a drum machine at 125": beats(125, 30),
         "a drum machine at 150": beats(150, 30), "noise": hiss(30, 0.01)}


@pytest.mark.parametrize("name", NOTES)
@pytest.mark.parametrize("role", ["electric_guitar", "synth", "bass"])
def test_music_is_no_hum(name: str, role: str) -> None:
    assert Stage(NOTES[name] + hiss(30), [role]).run() == []


@pytest.mark.parametrize("role", ["bass", "kick", "drums", "tom"])
def test_a_low_instrument_is_cut_only_for_long_hum_in_its_silence(role: str) -> None:
    assert Stage(hum(49.97, 20) + plucked(20) + hiss(20), [role]).run() == []
    assert Stage(hum(49.97, 20, harmonics=5) + hiss(20), [role]).run() == []
    assert asked(Stage(hum(49.97, 20) + played(plucked(20), [(0, 5)]) + hiss(20), [role]).run(), "on") == [1]


def test_channels_share_the_mains() -> None:
    """What one has found makes the next one sure sooner, and another frequency is none of the mains."""
    t = seconds(30)
    late, other = hum(49.97, 30) * (t > 12) + plucked(30, 5), hum(50.3, 30) * (t > 12)
    x = np.stack([hum(49.97, 30), late, other], 1) + hiss(30)[:, None]
    moves = Stage(x, ["lead_vocal", "electric_guitar", "acoustic_guitar"]).run()
    alone = Stage(late + hiss(30), ["electric_guitar"]).run()
    assert asked(moves, "frequency", 2) == [pytest.approx(49.97, abs=0.005)]
    assert min(s for s, m in moves if "strip/2" in m.path) < alone[0][0]
    assert asked(moves, "on", 3) == []


def test_a_linked_pair_is_one_source() -> None:
    x = np.stack([hiss(12, 3e-5, 2), hum(60, 12)], 1) + hiss(12)[:, None]
    stage = Stage(x, ["keys"])
    stage.sources = [Source((1, 2), "Keys", "keys")]
    moves = stage.run()
    assert {m.path.split("/")[1] for _, m in moves} == {"1"}
    assert asked(moves, "on") == [1]


def test_a_finder_that_comes_back_goes_on_from_what_the_desk_holds() -> None:
    finder = HumNotches()
    for word, value in (("on", 1), ("frequency", 49.97), ("harmonics", 8), ("depth", 24)):
        finder.take(f"strip/1/hum/{word}", value)
    moves = Stage(played(hum(49.97, 45), [(0, 10)]) + hiss(45), ["lead_vocal"], finder).run()
    assert [(m.path, m.value) for _, m in moves] == [("strip/1/hum/on", 0)]


def test_a_move_that_was_refused_is_tried_again() -> None:
    stage = Stage(hum(49.97, 12) + hiss(12), ["lead_vocal"])
    assert asked(stage.run(6), "on") == [1]
    stage.finder.take("strip/1/hum/on", 0.0)
    assert asked(stage.run(3), "on")[:1] == [1]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_bad_samples_leave_no_trace(bad: float) -> None:
    x = hum(49.97, 20) + hiss(20)
    x[5000:6000] = bad
    assert asked(Stage(x, ["lead_vocal"]).run(), "frequency") == [pytest.approx(49.97, abs=0.01)]


def test_an_engine_that_begins_anew_and_ticks_that_are_missed_do_no_harm() -> None:
    stage = Stage(hum(49.97, 30) + hiss(30), ["lead_vocal"])
    stage.run(2)
    stage.rack.play(3 * RATE)
    moves = stage.run(2)
    assert moves == []
    stage.rack.frames = 0
    assert asked(stage.run(9), "frequency") == [pytest.approx(49.97, abs=0.01)]
