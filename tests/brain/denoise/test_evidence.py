"""A model that begins opens first: what was never seen to pause, and is not surely noise, stays as it is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from engine.sounds import RATE, noise
from engine.sounds import singer as sung

from gigbox import params
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.denoise.evidence import EVERY, LOOK_S, QUIET_S, UNKNOWN_DB, Evidence
from gigbox.engine.core import Engine
from gigbox.rack import BANDS
from gigbox.render.denoise import Options, clean
from gigbox.render.hops import play

SECONDS = 8
T = np.arange(SECONDS * RATE) / RATE
Sound = np.ndarray


def notes(*hz: float, harmonics: int = 8, vibrato: float = 0.0, spread: int = 1) -> Sound:
    """Held for ever; `spread`: so many of each, a little apart, as in an ensemble."""
    chance, out = np.random.default_rng(3), np.zeros(len(T))
    for f in hz:
        for _ in range(spread):
            own = f * (1 + (0.004 * chance.standard_normal() if spread > 1 else 0))
            phase = 2 * np.pi * own * (T + vibrato * np.sin(2 * np.pi * chance.uniform(4, 6) * T) / (2 * np.pi * 5))
            out += sum(np.sin(h * phase + chance.uniform(0, 6)) / h for h in range(1, harmonics + 1))
    return out * 0.05 / np.sqrt(np.mean(out**2))


def bass() -> Sound:
    """Half a second a note, each decaying by 20 dB."""
    at = T % 0.5
    hz = np.array([55.0, 65.4, 49.0, 73.4])[(T / 0.5).astype(int) % 4]
    phase = np.cumsum(hz) / RATE * 2 * np.pi
    return 0.2 * np.minimum(at / 0.005, 1) * np.exp(-at * 4.6) * sum(np.sin(h * phase) / h for h in range(1, 9))


HELD = {"organ": lambda: notes(220.0, 277.2, 329.6), "pad": lambda: notes(220.0, 277.2, 329.6, spread=5),
        "choir": lambda: notes(262.0, 330.0, vibrato=0.006, spread=6),
        "strings": lambda: notes(196.0, 294.0, 392.0, harmonics=14, vibrato=0.004, spread=3), "bass": bass, "sine": lambda: notes(440.0, harmonics=1)}


def level(x: Sound, begin: float, end: float) -> float:
    return float(10 * np.log10(np.mean(x[round(begin * RATE):round(end * RATE)] ** 2) + 1e-15))


def through(x: Sound, role: str = "unused", lookahead: int = 128) -> Sound:
    return np.concatenate(list(clean([x[:, None].astype(np.float32)], 1, Options(role=role, lookahead=lookahead))))[:, 0]


@pytest.mark.parametrize("kind", HELD)
@pytest.mark.parametrize("role", ["unused", "keys"])
def test_what_is_held_from_the_first_moment_on_stays(kind: str, role: str) -> None:
    x = HELD[kind]()
    out = through(x, role)
    worst = min(level(out, at, at + 0.5) - level(x, at, at + 0.5) for at in np.arange(0, SECONDS - 0.5, 0.5))
    assert worst > -0.5


@pytest.mark.parametrize("role", ["unused", "lead_vocal"])
def test_steady_noise_is_taken_down_soon(role: str) -> None:
    x = noise(SECONDS, 0.01, 4)
    assert level(through(x, role), 3, 8) - level(x, 3, 8) < -9


@cache
def talk() -> Sound:
    return sung(SECONDS, 0.05)


def test_noise_that_pauses_leave_is_taken_down_without_a_role_and_the_voice_stays() -> None:
    """Two seconds of voice, then a second of its room, over and over."""
    voice = talk() * (T % 3 < 2)
    hiss = noise(SECONDS, 0.003, 5)
    out = through(voice + hiss)
    assert level(out, 5.2, 5.9) - level(hiss, 5.2, 5.9) < -6
    assert level(out, 6.2, 7.8) - level(voice + hiss, 6.2, 7.8) > -1


@pytest.mark.parametrize(("kind", "role"), [("choir", "backing_vocal"), ("bass", "bass"), ("organ", "keys")])
def test_a_brain_that_begins_anew_in_mid_song_takes_no_bite_out_of_it(kind: str, role: str) -> None:
    x = HELD[kind]()[:, None].astype(np.float32)
    values = {"strip/1/denoise/amount": 18.0, "strip/1/role": float(params.ROLES.index(role)), "box/denoise": 2.0, "strip/1/pan": -1.0}
    with Engine(1, values) as engine:
        play(engine, x[: 4 * RATE], Denoiser().hear)
        _, stems = play(engine, x[4 * RATE:], Denoiser().hear, stems=True)
    assert stems is not None
    first = stems[RATE // 20:RATE, 0, 0]                # the look-ahead, and the mask of before
    assert 10 * np.log10(np.mean(first**2) / np.mean(x[4 * RATE:5 * RATE] ** 2)) > -1.5


def test_evidence_is_of_each_strip_alone() -> None:
    x = np.stack([noise(2, 0.01, 4), HELD["organ"]()[: 2 * RATE]], axis=1).astype(np.float32)
    denoiser = Denoiser()
    with Engine(2, {f"strip/{n}/denoise/amount": 18.0 for n in (1, 2)} | {"box/denoise": 2.0}) as engine:
        play(engine, x, denoiser.hear)
    known = denoiser._evidence.noise[:, :2] > UNKNOWN_DB
    assert known[:, 0].all()
    assert not known[:, 1].any()


def test_noise_is_known_at_once_and_then_followed_slowly() -> None:
    """What is heard first is the best guess; one quiet look less or more moves it by little."""
    evidence, strips = Evidence(1), np.array([0])

    def hear(minimum: float, seconds: float) -> set[float]:
        level, noises = np.full((BANDS, 1), -60, np.float32), set[float]()
        for _ in range(round(seconds / LOOK_S) * EVERY):
            evidence.hear(level, level, np.full((BANDS, 1), minimum, np.float32), strips)
            noises.add(float(evidence.noise.max()))
        return noises

    evidence.hear_tones(np.zeros((BANDS, 1), np.float32), strips)
    assert hear(-62, 4) == {UNKNOWN_DB, -62}
    hear(-58, QUIET_S)
    assert evidence.noise == pytest.approx(-58 - 4 / np.e, abs=0.2)
