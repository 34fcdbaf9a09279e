"""The denoiser in the brain: it answers each hop once, for the strips that want it, each by itself; a strip that carries something new is a stranger."""

from __future__ import annotations

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox import params
from gigbox.brain.denoise.denoiser import (
    BANDS,
    BRIEF,
    BRIEF_BANDS,
    CLIP,
    ENERGY,
    FINE,
    INPUTS,
    MINIMUM,
    MINIMUM_PHASE_DEPTH,
    REFERENCE_FALLS,
    REFERENCE_LEAST,
    SMOOTH,
    Denoiser,
    Reference,
    role_flags,
    standardise,
)
from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FINE_BANDS, HOP, RATE, Floats, Rack

VOICE, KICK = params.ROLES.index("lead_vocal"), params.ROLES.index("kick")


def sound(hops: int, channels: int, seed: int = 1) -> Floats:
    return (0.05 * np.random.default_rng(seed).standard_normal((hops * HOP, channels))).astype(np.float32)


def engine(channels: int, **more: float) -> Engine:
    values = {f"strip/{n}/{name}": value for n in range(1, channels + 1) for name, value in (("denoise/amount", 18.0), ("role", float(VOICE)))}
    return Engine(channels, values | {"box/denoise": 2.0} | {k.replace("__", "/"): v for k, v in more.items()})


def gains(rack: Rack) -> Floats:
    """(FINE_BANDS, channels) that were given last."""
    newest = rack.c.gains[(rack.c.gain_sets - 1) % lib.GB_GAIN_SETS].gain
    return np.frombuffer(ffi.buffer(newest), np.float32).reshape(FINE_BANDS, CHANNELS)[:, : rack.channels].copy()


def hear(playing: Engine, denoiser: Denoiser, x: Floats) -> list[Floats]:
    """Gains after each hop."""
    found = []
    for at in range(0, len(x), HOP):
        playing.process(x[at:at + HOP])
        denoiser.hear(playing.rack)
        found.append(gains(playing.rack))
    return found


def features_of(**parts: float) -> Floats:
    """(FINE.stop, 1) dB, the same in all bands of a part."""
    heard = np.full((FINE.stop, 1), -120, np.float32)
    for part, at in (("energy", ENERGY), ("smooth", SMOOTH), ("minimum", MINIMUM), ("brief", BRIEF), ("fine", FINE)):
        heard[at] = parts.get(part, -120.0)
    return heard


def test_each_number_goes_where_the_model_expects_it() -> None:
    heard, flags = features_of(energy=-35, smooth=-43, minimum=-59, brief=-60, fine=-75), np.float32([[1, 0, 1]])
    x = standardise(heard, np.float32([-30]), flags)
    assert x.shape == (1, INPUTS)
    assert x.dtype == np.float32
    for at, wanted in ((0, -10 / 20), (FINE_BANDS, 25 / 20), (FINE_BANDS + BANDS, 3 / 14), (FINE_BANDS + 2 * BANDS, 0.0)):
        np.testing.assert_allclose(x[0, at:at + BRIEF_BANDS], wanted, rtol=1e-6)
    np.testing.assert_array_equal(x[0, -3:], [1, 0, 1])
    assert np.abs(standardise(features_of(fine=200), np.float32([-90]), flags)).max() == CLIP


def test_a_gain_before_the_box_says_nothing() -> None:
    """The same sound 30 dB softer is the same to the model."""
    x, found = sound(30, 1), []
    for gain in (1.0, 10 ** -1.5):
        with engine(1) as playing:
            found.append(np.array(hear(playing, Denoiser(), x * np.float32(gain))))
    np.testing.assert_allclose(found[0], found[1], atol=0.03)


def test_the_reference_is_the_loudest_band_of_late() -> None:
    reference, first = Reference(), np.zeros(1, np.intp)
    loud, soft = np.full((BANDS, 1), -20, np.float32), np.full((BANDS, 1), -60, np.float32)
    loud[1:] = -50
    assert reference.hear(loud.max(axis=0), first) == -20
    hops = RATE // HOP
    for _ in range(hops):
        fallen = reference.hear(soft.max(axis=0), first)
    assert fallen == pytest.approx(-20 - REFERENCE_FALLS * hops * HOP / RATE, abs=0.01)
    for _ in range(20 * hops):
        fallen = reference.hear(np.float32([-120]), first)
    assert fallen == REFERENCE_LEAST


def test_roles_tell_voices_from_instruments_and_some_tell_nothing() -> None:
    flags = dict(zip(params.ROLES, role_flags().tolist(), strict=True))
    assert flags["speech"] == [1, 0]
    assert flags["brass_sax"] == [0, 1]
    assert flags["unused"] == flags["playback"] == [0, 0]


def test_each_hop_is_answered_once() -> None:
    with engine(1) as playing:
        denoiser = Denoiser()
        assert not denoiser.hear(playing.rack)
        playing.process(sound(1, 1))
        assert denoiser.hear(playing.rack)
        assert not denoiser.hear(playing.rack)
        assert int(playing.rack.c.gain_sets) == 1


def test_only_strips_with_an_amount_are_cleaned() -> None:
    with engine(3, strip__2__denoise__amount=0) as playing:
        last = hear(playing, Denoiser(), sound(60, 3))[-1]
    assert (last[:, 1] == 1).all()
    assert (last[:, [0, 2]] < 0.9).any(axis=0).all()


def test_a_strip_that_wants_it_no_more_is_left_alone_while_others_are_cleaned() -> None:
    with engine(2) as playing:
        denoiser = Denoiser()
        assert (hear(playing, denoiser, sound(40, 2))[-1][:, 0] < 1).any()
        playing.set("strip/1/denoise/amount", 0.0)
        last = hear(playing, denoiser, sound(20, 2))[-1]
    assert (last[:, 0] == 1).all()
    assert (last[:, 1] < 0.9).any()


def test_a_strip_keeps_its_own_state_when_strips_before_it_are_not_cleaned() -> None:
    """Strips 2 and 4 of four are what they are on boxes of their own."""
    x = sound(40, 4)
    with engine(4, strip__1__denoise__amount=0, strip__3__denoise__amount=0) as playing:
        both = np.array(hear(playing, Denoiser(), x))
    for strip in (1, 3):
        with engine(1) as playing:
            alone = np.array(hear(playing, Denoiser(), x[:, strip:strip + 1]))
        np.testing.assert_array_equal(both[:, :, strip], alone[:, :, 0])


def test_nobody_is_cleaned_while_another_denoiser_is_wanted() -> None:
    with engine(1, box__denoise=1) as playing:
        playing.process(sound(2, 1))
        Denoiser().hear(playing.rack)
        assert int(playing.rack.c.gain_sets) == 0


def test_strips_do_not_hear_each_other() -> None:
    x, other = sound(80, 2), sound(80, 2, 7)
    other[:, 0] = x[:, 0]
    other[:, 1] += 0.2 * np.sin(2 * np.pi * 440 * np.arange(len(other)) / RATE)
    found = []
    for heard in (x, other):
        with engine(2) as playing:
            found.append(np.array(hear(playing, Denoiser(), heard)))
    np.testing.assert_array_equal(found[0][:, :, 0], found[1][:, :, 0])
    assert (found[0][:, :, 1] != found[1][:, :, 1]).any()


@pytest.mark.parametrize("change", [("strip/1/role", float(params.ROLES.index("speech"))), ("strip/1/denoise/amount", 0.0)])
def test_a_strip_that_is_new_or_carries_something_else_begins_anew(change: tuple[str, float]) -> None:
    """Its gains are then those of a denoiser that never heard it before."""
    path, value = change
    x = sound(40, 1)
    with engine(1) as playing:
        old = Denoiser()
        hear(playing, old, x)
        playing.set(path, value)
        if path.endswith("amount"):
            hear(playing, old, x[:HOP])
            playing.set(path, 18.0)
        playing.process(x[:HOP])
        old.hear(playing.rack)
        after, fresh = gains(playing.rack), Denoiser()
        fresh.hear(playing.rack)
        np.testing.assert_array_equal(after, gains(playing.rack))


def test_an_engine_that_begins_again_is_answered() -> None:
    """As a stranger: what it gives is what a denoiser gives that never heard the engine before."""
    denoiser, rack, found = Denoiser(), Rack(None, 1), []
    for _ in range(2):
        with Engine(1, {"strip/1/denoise/amount": 18.0, "strip/1/role": float(VOICE), "box/denoise": 2.0}, rack) as playing:
            found.append(np.array(hear(playing, denoiser, sound(20, 1))))
    np.testing.assert_array_equal(found[0], found[1])


T = np.arange(40 * HOP)


@pytest.mark.parametrize("x", [0.0 * T, 0.0 * T + 1, np.sign(np.sin(T / 50)), 3 * np.random.default_rng(1).standard_normal(len(T))],
                         ids=["silence", "constant", "square", "far too loud"])
def test_whatever_comes_in_gains_are_gains(x: np.ndarray) -> None:
    with engine(1) as playing:
        found = np.array(hear(playing, Denoiser(), x[:, None].astype(np.float32)))
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_without_look_ahead_less_is_taken() -> None:
    """In dB, of what the model says of the same sound."""
    t = np.arange(90 * HOP)
    tone = 0.05 * np.sin(2 * np.pi * 440 * t / RATE) * (t > 60 * HOP)
    x, found = (sound(90, 1) * (1 - 0.7 * t / len(t))[:, None] + tone[:, None]).astype(np.float32), []
    for lookahead in (1, 0):
        with engine(1, box__lookahead=lookahead) as playing:
            found.append(np.log(np.array(hear(playing, Denoiser(), x))[-40:, :, 0]).mean())
    assert found[1] == pytest.approx(MINIMUM_PHASE_DEPTH * found[0], rel=0.15)
