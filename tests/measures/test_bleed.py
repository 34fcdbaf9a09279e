"""On a small made-up stage the box finds who is heard where, takes it down, and leaves the same sounds alone where nobody hears anybody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gigbox.engine.song import Track
from gigbox.rack import RATE
from tests.measures.bleed import Scene, bring_bleed, rows
from tests.measures.room import heard, impulse

SECONDS = 16


def track(role: str) -> Track:
    return Track(Path(role), 0, role, role, "given")


def stage(reflects: float, bleeds: bool) -> Scene:
    """A singer of phrases with a microphone that hears drums and a horn; both have their own."""
    t, dice = np.arange(SECONDS * RATE) / RATE, np.random.default_rng(2)
    hits = dice.normal(0, 0.3, len(t)) * np.exp(-(t % 0.5) * 14)
    voice = sum(np.sin(2 * np.pi * 220 * k * t + 0.8 * k * np.sin(2 * np.pi * 5.5 * t)) / k for k in range(1, 12)) * 0.08 * (t % 3 < 1.8)
    tracks, sounds = [track(role) for role in ("lead_vocal", "snare")], [voice, hits]
    own, bleed = np.stack(sounds, axis=1), np.zeros((len(t), 2))
    if bleeds:
        bleed[:, 0] = 0.5 * heard(hits, impulse(np.array([7.0, 5, 3]), np.array([2.0, 2, 1]), np.array([4.0, 3, 1.5]), reflects))
    return Scene("made up", tracks, own.astype(np.float32), bleed.astype(np.float32), [True, True])


def test_bleed_goes_down_and_the_singer_stays() -> None:
    singer = rows(stage(0.5, True))[0]
    assert singer.amount == 12
    assert singer.sir_gain > 5
    assert singer.sdr_gain > -1
    assert singer.alone > 15


def test_what_nobody_hears_is_left_alone() -> None:
    assert [row.amount for row in rows(stage(0.5, False))] == [0, 0]


def test_an_image_source_is_as_late_and_as_faint_as_it_is_far() -> None:
    direct = impulse(np.array([7.0, 5, 3]), np.array([1.0, 2, 1]), np.array([4.0, 2, 1]), 0.0)
    assert int(np.argmax(direct)) == pytest.approx(3 / 343 * RATE, abs=1)
    assert direct.sum() == pytest.approx(1 / 3, rel=1e-3)


def test_a_recording_that_brings_bleed_of_its_own_is_known_by_song_toml(tmp_path: Path) -> None:
    said = ("", 'bleed = "ride -14 dB"', 'bleed = "sax -26 dB, brushes about -20 dB"', 'bleed = "drums -24 dB"', 'bleed = "none"')
    (tmp_path / "song.toml").write_text("".join(f'[[channel]]\nfile = "x.wav"\n{each}\n' for each in said), "utf-8")
    assert [bring_bleed(tmp_path, n) for n in range(len(said) + 1)] == [False, True, True, False, False, False]
