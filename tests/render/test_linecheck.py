"""A line check of recordings: the demo gig's faults are found, a song is looped to fill it, and the same song says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine.sounds import RATE, noise, song_folder

from gigbox.engine.song import Song, parse_roles
from gigbox.errors import GigboxError
from gigbox.render.linecheck import check

DEMO = Path(__file__).resolve().parents[2] / "demo/gig"


def linecheck(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gigbox.cli", "linecheck", *map(str, arguments)], capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def demo() -> list[dict[str, Any]]:
    done = linecheck(DEMO, "--at", 12, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    channels: list[dict[str, Any]] = json.loads(done.stdout)["channels"]
    return channels


def test_everybody_of_the_demo_gig_is_heard(demo: list[dict[str, Any]]) -> None:
    assert [c["state"] for c in demo] == ["playing"] * 8
    assert [c["role"] for c in demo] == ["lead_vocal", "backing_vocal", "kick", "snare", "hihat_overhead", "bass", "electric_guitar", "keys"]


def test_the_hum_of_the_demo_gig_is_found_and_nothing_else_is_wrong(demo: list[dict[str, Any]]) -> None:
    assert [c["channel"] for c in demo if c["problems"]] == [7]
    assert demo[6]["hum_hz"] == pytest.approx(50, abs=0.1)
    assert demo[6]["problems"][0].startswith("hums at 50.0 Hz, -5")


def test_its_soft_channels_are_to_be_turned_up_most(demo: list[dict[str, Any]]) -> None:
    turns = {c["role"]: c["turn_db"] for c in demo}
    assert turns["backing_vocal"] > 15
    assert turns["keys"] > 10
    assert turns["kick"] == turns["lead_vocal"] == 0


def test_the_table_ends_with_what_is_wrong() -> None:
    done = linecheck(DEMO, "--seconds", 3)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "no channels with a problem, after 3 s"        # too soon for hum
    assert len(done.stdout.splitlines()) == 10


def test_the_same_song_says_the_same(tmp_path: Path) -> None:
    song = Song.open(song_folder(tmp_path / "song", {"1.wav": noise(2, 0.01), "2.wav": noise(2, 0.2) * (np.arange(2 * RATE) % RATE < 9000)}))
    assert check(song, 4).as_dict() == check(song, 4).as_dict()


def test_a_short_song_is_looped_and_a_pulled_cable_in_it_is_dead(tmp_path: Path) -> None:
    played = noise(1.5, 0.1) * (np.arange(round(1.5 * RATE)) % 12000 < 6000)
    song = Song.open(song_folder(tmp_path / "song", {"1.wav": played, "2.wav": 0 * played}), parse_roles("1=snare"))
    told = []
    report = check(song, 5, progress=told.append)
    assert [c.state for c in report.channels] == ["playing", "dead"]
    assert report.channels[0].line.played > 4
    assert (report.seconds, told[-1], len(told)) == (5.0, 5.0, 50)


def test_at_begins_later_in_the_song(tmp_path: Path) -> None:
    sound = np.concatenate([np.zeros(3 * RATE), noise(3, 0.1) * (np.arange(3 * RATE) % 12000 < 6000)])
    song = Song.open(song_folder(tmp_path / "song", {"1.wav": sound}))
    assert check(song, 2, at=0.0).channels[0].state == "dead"
    assert check(song, 2, at=3.5).channels[0].state == "playing"
    with pytest.raises(GigboxError, match=r"^--at: 6 s is not in the song, expected 0 to 6.0$"):
        check(song, 2, at=6.0)
