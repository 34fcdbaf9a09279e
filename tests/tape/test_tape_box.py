"""The recorder in a running box: real programs, the simulated card, a kill in the middle of a take."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

import numpy as np
import soundfile

from gigbox.engine.song import Song
from gigbox.takes.shelf import Place, Shelf
from gigbox.takes.take import Take
from tests.live_box import Box, eventually, live_box  # noqa: F401  (a fixture)


def report(box: Box) -> dict[str, Any]:
    with box.client() as client:
        return dict(client.report("tape")["told"])


def takes(box: Box) -> list[Take]:
    return Shelf(lambda: [Place(box.folder / "state/takes")]).takes()


def gigbox(box: Box, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(box.python), "-m", "gigbox.cli", *words], env=box.environment, capture_output=True, text=True, timeout=20)


def period(sound: np.ndarray) -> float:
    """Hz of a tone: how often it rises through nothing."""
    return float(np.count_nonzero((sound[:-1] < 0) & (sound[1:] >= 0)) * 48000 / len(sound))


def test_a_kill_in_the_middle_leaves_a_whole_take_and_the_next_one_goes_on(box: Box) -> None:
    assert gigbox(box, "tape", "start").stdout == "recording, until: gigbox tape stop\n"
    eventually(lambda: report(box)["on"] and takes(box) and takes(box)[0].seconds > 0.7, 8, "sound in the take")
    assert takes(box)[0].grows
    pid = box.pids()["tape"]
    os.kill(pid, signal.SIGKILL)
    first = takes(box)[0]
    assert Song.open(first.folder).seconds > 0.7             # as it lies there, before anybody repairs it
    eventually(lambda: len(takes(box)) == 2 and takes(box)[0].seconds > 0.5, 10, "another take")
    assert box.pids()["tape"] != pid
    assert gigbox(box, "tape", "stop").returncode == 0
    eventually(lambda: not any(take.grows for take in takes(box)) and not report(box)["on"], 5, "the end")
    found = takes(box)
    assert len(found) == 2
    for take in found:
        song = Song.open(take.folder)
        assert [track.file.name[:2] for track in song.tracks] == ["01", "02"]
        for track, hz in zip(song.tracks, (220, 330), strict=True):
            sound, _ = soundfile.read(track.file)
            assert abs(period(sound[: len(sound) // 480 * 480]) - hz) < 4
        assert take.lost == 0
        assert not (take.folder / ".growing").exists()


def test_what_there_is_can_be_listed(box: Box) -> None:
    lines = gigbox(box, "tape", "list").stdout.splitlines()
    assert len(lines) == 2
    assert " 2 tracks  " in lines[0]
    assert str(box.folder) in lines[0]
    assert report(box)["left_s"] > 0
