"""What begins is heard whole, whatever the gains of the moment before; what only goes on, or is softer than what the strip is there for, is left to them."""

from __future__ import annotations

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FINE_BANDS, HOP, RATE

from .sounds import Signal, noise, rms_db, sine

TAKEN_DB, SECONDS, AT = -18.0, 2.0, RATE        # of the gains, always; where it begins
LOUD_DB, SOFT_DB = -20.0, -46.0


def hit(loud_db: float, at: int = AT) -> Signal:
    """20 ms of noise that begin at once."""
    x = np.zeros(round(SECONDS * RATE))
    x[at:at + RATE // 50] = noise(0.02, 10 ** (loud_db / 20), seed=at)
    return x


def under(x: Signal) -> Signal:
    """With steady noise beneath."""
    return np.asarray(x + noise(SECONDS, 10 ** (SOFT_DB / 20), seed=7))


def cleaned(x: Signal, lookahead: int, **values: float) -> Signal:
    """(frames, channels) or (frames,) behind strips whose gains stand at TAKEN_DB, as late as they came in."""
    sound = x[:, None] if x.ndim == 1 else x
    told = {f"strip/{n}/{path}": value for n in range(1, sound.shape[1] + 1) for path, value in (("denoise/amount", 24.0), ("pan", -1.0))}
    told |= {"box/denoise": 2.0, "box/lookahead": float(lookahead > 0)} | {path.replace("__", "/"): value for path, value in values.items()}
    gains, parts = np.full((FINE_BANDS, CHANNELS), 10 ** (TAKEN_DB / 20), np.float32), []
    with Engine(sound.shape[1], told) as engine:
        for at in range(0, len(sound) // HOP * HOP, HOP):
            _, stems = engine.process(sound[at:at + HOP].astype(np.float32), stems=True)
            assert stems is not None
            parts.append(stems[:, :, 0])
            lib.gb_give_gains(engine.rack.c, int(engine.rack.c.hops), ffi.from_buffer("float[]", gains))
    out = np.concatenate(parts)[lookahead:].astype(float)
    return out[:, 0] if x.ndim == 1 else out


def taken_db(out: Signal, x: Signal, first_ms: float, last_ms: float, at: int = AT) -> float:
    part = slice(at + round(first_ms * RATE / 1000), at + round(last_ms * RATE / 1000))
    return rms_db(out[part]) - rms_db(x[part])


@pytest.mark.parametrize(("lookahead", "first_ms"), [(128, 0.0), (0, 2.0)])
@pytest.mark.parametrize("frame", [0, 13, 31])
def test_what_begins_is_heard_whole(lookahead: int, first_ms: float, frame: int) -> None:
    x = under(hit(LOUD_DB, AT + frame))
    out = cleaned(x, lookahead)
    assert taken_db(out, x, first_ms, 5, AT + frame) == pytest.approx(0, abs=0.3)
    assert taken_db(out, x, -100, -5) == pytest.approx(TAKEN_DB, abs=1)
    assert taken_db(out, x, 60, 160) == pytest.approx(TAKEN_DB, abs=1)


def test_without_a_gain_below_one_it_changes_nothing() -> None:
    x = under(hit(LOUD_DB))
    plain = cleaned(x, 128, strip__1__denoise__amount=0.0)
    np.testing.assert_array_equal(plain[AT // 2:], x[AT // 2: AT // 2 + len(plain) - AT // 2].astype(np.float32))


@pytest.mark.parametrize("x", [noise(SECONDS, 0.03), sine(55, SECONDS, 0.1), sine(1000, SECONDS, 0.1), under(hit(SOFT_DB + 6))],
                         ids=["noise", "hum", "tone", "swell"])
def test_what_goes_on_or_hardly_rises_is_left_to_the_gains(x: Signal) -> None:
    assert taken_db(cleaned(x, 128), x, -500, 500) == pytest.approx(TAKEN_DB, abs=0.7)


def test_a_hit_that_is_softer_than_what_the_strip_is_there_for_is_left_to_the_gains() -> None:
    """Drums in the microphone of somebody who sings now and then."""
    x = under(hit(LOUD_DB, AT // 4) + hit(LOUD_DB - 9))
    out = cleaned(x, 128)
    assert taken_db(out, x, 0, 5, AT // 4) == pytest.approx(0, abs=0.3)
    assert taken_db(out, x, 0, 5) == pytest.approx(TAKEN_DB, abs=1.5)


def test_strips_begin_each_for_itself() -> None:
    x = np.stack([under(hit(LOUD_DB, at)) for at in (AT, AT + 4800, AT + 9600)], axis=1)
    out = cleaned(x, 128)
    for n, at in enumerate((AT, AT + 4800, AT + 9600)):
        assert taken_db(out[:, n], x[:, n], 0, 5, at) == pytest.approx(0, abs=0.3)
        others = [other for other in range(3) if other != n]
        assert taken_db(out[:, others], x[:, others], 0, 5, at) == pytest.approx(TAKEN_DB, abs=1.5)


@pytest.mark.parametrize("values", [{"strip__1__link": 1.0}, {"strip__1__voice": -50.0, "strip__2__voice": -50.0}], ids=["a pair", "a voice that is taken out"])
def test_sides_of_one_source_and_records_without_their_voice_are_left_to_the_gains(values: dict[str, float]) -> None:
    x = np.stack([under(hit(LOUD_DB)), under(hit(LOUD_DB - 3))], axis=1)
    assert taken_db(cleaned(x, 128, **values), x, 0, 5) == pytest.approx(TAKEN_DB, abs=1.5)


def test_nothing_is_louder_than_it_came_in_and_the_way_there_is_smooth() -> None:
    x = 0.3 * sine(200, SECONDS) * (np.arange(round(SECONDS * RATE)) >= AT) + noise(SECONDS, 1e-3)
    out = cleaned(x, 128)
    assert np.abs(out[AT:]).max() <= 1.02 * np.abs(x).max()
    assert np.abs(np.diff(out[AT + 5:])).max() < 1.5 * np.abs(np.diff(0.3 * sine(200, 1))).max() + 0.01
