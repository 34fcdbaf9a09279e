"""The tools: analysers against a reference, test sounds behind their fence, and how main's sides go together."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.engine.core import Engine
from gigbox.rack import RATE, RTA_HZ

from .sounds import PLAIN, noise, sine
from .test_clicks import click_db

BUSES = ["main_left", "main_right", *(f"monitor_{n}" for n in range(1, 7))]
LIMIT = {"box/lookahead": 0, "box/denoise": 0}


def tap(name: str) -> float:
    from gigbox.params import TAPS

    return float(TAPS.index(name))


def reference(x: np.ndarray) -> np.ndarray:
    """Levels of sixths of an octave by one long spectrum, dB re a full-scale sine."""
    window = np.hanning(len(x))
    power = np.abs(np.fft.rfft(x * window)) ** 2 * 8 / (len(x) * (window ** 2).sum()) / 2
    hz = np.fft.rfftfreq(len(x), 1 / RATE)
    return np.array([10 * np.log10(power[(hz >= f * 2 ** (-1 / 12)) & (hz < f * 2 ** (1 / 12))].sum() * 2 / 2 + 1e-12) for f in RTA_HZ])


def test_a_tone_reads_its_level_in_its_band_and_little_elsewhere() -> None:
    for hz in (50.4, 403.2, 1016.0, 5120.0):
        with Engine(2, PLAIN | LIMIT | {"box/rta/1/tap": tap("strip_2"), "box/rta/2/tap": tap("main_left")}) as engine:
            x = np.zeros((2 * RATE // 32 * 32, 2), np.float32)
            x[:, 1] = sine(hz, 2, 0.1)[: len(x)]
            engine.process(x)
            bands = engine.rack.view("rta")[0]
        mine = int(np.argmin(np.abs(np.log(np.array(RTA_HZ) / hz))))
        assert bands[mine] == pytest.approx(-20, abs=0.8)      # at 50 Hz a band is two bins wide
        assert max(bands[: mine - 3].max(initial=-120), bands[mine + 4:].max(initial=-120)) < -50


def test_noise_reads_as_by_a_reference_spectrum() -> None:
    x = np.column_stack([noise(8, 0.1, 5)]).astype(np.float32)
    with Engine(1, PLAIN | LIMIT | {"box/rta/1/tap": tap("strip_1")}) as engine:
        sums, sets = np.zeros(60), 0
        for at in range(0, len(x) // 2048 * 2048, 2048):
            engine.process(x[at:at + 2048])
            if at > RATE:
                sums, sets = sums + 10 ** (engine.rack.view("rta")[0] / 10), sets + 1
    off = 10 * np.log10(sums / sets) - reference(x[RATE:, 0].astype(float))
    assert np.abs(off[6:58]).max() < 1.5
    assert abs(off[6:58].mean()) < 0.3


def played(values: dict[str, float], seconds: float = 1.0) -> np.ndarray:
    with Engine(1, PLAIN | LIMIT | values) as engine:
        return engine.process(np.zeros((round(seconds * RATE) // 32 * 32, 1), np.float32))[0]


@pytest.mark.parametrize("bus", range(8), ids=BUSES)
def test_the_sine_plays_from_one_output_alone_at_its_level(bus: int) -> None:
    out = played({"box/generator/kind": 3, "box/generator/output": bus + 1, "box/generator/level": -30})
    assert 20 * np.log10(np.abs(out[RATE // 2:, bus]).max()) == pytest.approx(-30, abs=0.1)
    assert not np.delete(out, bus, axis=1).any()


@pytest.mark.parametrize("kind", [1, 2, 3, 5], ids=["pink", "white", "sine", "note"])
def test_no_test_sound_is_louder_than_the_fence_until_told_otherwise(kind: int) -> None:
    loud = {"box/generator/kind": kind, "box/generator/output": 3, "box/generator/level": 0}
    rms = [10 * np.log10((played(loud | {"box/generator/loud": on}, 4)[RATE:, 2].astype(float) ** 2).mean()) for on in (0, 1)]
    assert rms[0] < -22.5
    assert rms[1] > rms[0] + 12


@pytest.mark.parametrize("changes", [{"level": -60}, {"level": -20}, {"loud": 1}, {"output": 4}, {"output": 0}, {"kind": 0}, {"kind": 5}], ids=str)
def test_the_test_sound_comes_goes_and_moves_without_a_click(changes: dict[str, float]) -> None:
    values = {"box/generator/kind": 3, "box/generator/output": 3, "box/generator/level": -12, "box/generator/frequency": 997}
    heard = []
    with Engine(1, PLAIN | LIMIT | values) as engine:
        for at in range(4):
            if at == 2:
                for word, value in changes.items():
                    engine.set(f"box/generator/{word}", value)
            heard.append(engine.process(np.zeros((9600, 1), np.float32))[0][:, 2:4])
    assert click_db([19200, 19680], np.vstack(heard)) < -60


def test_pink_and_white_are_as_loud_as_the_sine() -> None:
    for kind in (1, 2):
        out = played({"box/generator/kind": kind, "box/generator/output": 3, "box/generator/level": -30}, 8)[RATE:, 2].astype(float)
        assert 10 * np.log10((out ** 2).mean()) == pytest.approx(-33, abs=0.7)


def test_pink_falls_three_db_an_octave() -> None:
    out = played({"box/generator/kind": 1, "box/generator/output": 3, "box/generator/level": -20}, 16)[RATE:, 2].astype(float)
    bands = reference(out)
    assert np.abs(np.polyfit(np.arange(8, 56), bands[8:56], 1)[0] * 6) < 0.5


def test_which_output_counts_its_pips_one_output_after_the_other() -> None:
    with Engine(1, PLAIN | LIMIT | {"box/generator/kind": 6}) as engine:
        shown, heard = [], []
        for _ in range(160):
            out = engine.process(np.zeros((4800, 1), np.float32))[0]
            shown.append(int(engine.rack.c.generator_output))
            heard.append(np.abs(out).max(axis=0).argmax() + 1 if out.any() else 0)
    assert [n for k, n in enumerate(shown) if n and n != shown[k - 1]][:8] == list(range(1, 9))
    assert all(h in (0, s, shown[max(k - 1, 0)]) for k, (s, h) in enumerate(zip(shown, heard, strict=True)))


@pytest.mark.parametrize(("pans", "polarity", "wanted"), [((0, 0), 0, 1.0), ((-1, 1), 0, 0.0), ((-1, 1), 1, -1.0)])
def test_the_correlation_of_main_is_what_it_is(pans: tuple[float, float], polarity: float, wanted: float) -> None:
    same = wanted != 0
    x = np.column_stack([noise(2, 0.1, 1), noise(2, 0.1, 1 if same else 2)]).astype(np.float32)
    with Engine(2, PLAIN | LIMIT | {"strip/1/pan": pans[0], "strip/2/pan": pans[1], "strip/2/polarity": polarity}) as engine:
        engine.process(x[: len(x) // 32 * 32])
        assert engine.rack.c.buses.correlation == pytest.approx(wanted, abs=0.05)
        assert abs(engine.rack.c.buses.balance) < 0.3
