"""A voice with mains hum through the whole box: the hum is found, cut, and told; the voice stays."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import soundfile
from engine.sounds import RATE, noise, song_folder

from gigbox.engine.core import Engine
from gigbox.engine.song import Song, parse_roles
from gigbox.render.render import Options, render
from tests.harmonics import harmonics

HZ, SECONDS, SINGS = 49.97, 26, 18
REST = slice(20 * RATE, 26 * RATE)         # only hum is left


def sounds() -> tuple[np.ndarray, np.ndarray]:
    """Hum of 20 harmonics, and a voice that sings till 18 s with breaths of a quarter of a second."""
    t = np.arange(SECONDS * RATE) / RATE
    turn = 2 * np.pi * np.cumsum(210 + 30 * np.sin(2 * np.pi * 0.7 * t)) / RATE
    voice = harmonics(turn, 24, lambda k: 1 / k, lambda k: k) * np.maximum(0, np.sin(2 * np.pi * 1.8 * t)) ** 0.5 * 0.1
    hum = harmonics(2 * np.pi * HZ * t, 20, lambda k: 10 ** (-k / 20), lambda k: k * k) * 1.5e-3
    return hum + noise(SECONDS, 3e-5)[: len(t)].ravel(), voice * (t < SINGS)


def amplitude(x: np.ndarray, harmonic: int) -> float:
    t, window = np.arange(len(x)) / RATE, np.hanning(len(x))
    return float(2 * np.abs(np.sum(x * window * np.exp(-2j * np.pi * harmonic * HZ * t))) / window.sum())


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], np.ndarray]:
    folder = tmp_path_factory.mktemp("hum")
    song_folder(folder, {"1.wav": sum(sounds())}, subtype="PCM_24")
    render(Song.open(folder, parse_roles("1=lead_vocal")), folder / "out", Options(stems=True, denoise="off"))
    return json.loads((folder / "out/report.json").read_text())["channels"][0], soundfile.read(folder / "out/stems/01_lead_vocal.flac")[0][:, 0]


def test_hum_is_down_by_15_db_and_more(rendered: tuple[dict[str, Any], np.ndarray]) -> None:
    """Every harmonic that there is a notch for, against one above them that went through the same faders."""
    stem, came = rendered[1][REST], sounds()[0][REST]
    gain = amplitude(stem, 12) / amplitude(came, 12)
    cut = [20 * np.log10(amplitude(stem, k) / amplitude(came, k) / gain) for k in range(1, 9)]
    assert max(cut) < -15


def test_it_is_cut_within_twelve_seconds_and_the_reason_is_told(rendered: tuple[dict[str, Any], np.ndarray]) -> None:
    moves = [m for m in rendered[0]["moves"] if "/hum/on" in m["path"]]
    assert [m["to"] for m in moves] == [1]
    assert moves[0]["t"] <= 12
    assert "hum at 49.97 Hz, " in moves[0]["why"]


def test_the_voice_is_unharmed(rendered: tuple[dict[str, Any], np.ndarray]) -> None:
    """What the notches that were found take from the voice alone: less than half a dB."""
    last = {m["path"].rsplit("/", 1)[1]: m["to"] for m in rendered[0]["moves"] if "/hum/" in m["path"]}
    voice = sounds()[1][: 8 * RATE, None].astype(np.float32)
    power = []
    for on in (0, 1):
        with Engine(1, {f"strip/1/hum/{word}": value for word, value in {**last, "on": on}.items()} | {"box/denoise": 0}) as engine:
            power.append(float(np.mean(np.square(engine.process(voice)[0][:, 0], dtype=float))))
    assert 10 * np.log10(power[1] / power[0]) > -0.5
