"""However long the recordings are, the same memory will do: a piece of them is held at a time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from engine.sounds import noise, song_folder

from gigbox.engine.song import Song
from gigbox.render.denoise import Options as Cleaning
from gigbox.render.denoise import denoise
from gigbox.render.recognise import recognise
from gigbox.render.render import Options, render

SHORT, LONG = 2, 12      # seconds
MOST = 100_000           # bytes a second: one array of all samples takes 192 000


def cleaned(folder: Path) -> None:
    list(denoise(folder / "a.wav", folder / "out.wav", Cleaning(denoise="off")))


def named(folder: Path) -> None:
    list(recognise(folder / "a.wav"))


def mixed(folder: Path) -> None:
    render(Song.open(folder, {1: "keys"}), folder / "out", Options(denoise="off"))


def peak(work: Callable[[Path], None], folder: Path) -> int:
    """Bytes that were held at once."""
    tracemalloc.start()
    try:
        work(folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("work", [cleaned, named, mixed])
def test_what_takes_longer_takes_no_more_memory(tmp_path: Path, work: Callable[[Path], None]) -> None:
    for seconds in (SHORT, LONG):
        song_folder(tmp_path / f"{seconds}", {"a.wav": np.tile(noise(SHORT, 0.1), seconds // SHORT)}, 44100)
    work(tmp_path / f"{SHORT}")                       # what is loaded once
    growth = (peak(work, tmp_path / f"{LONG}") - peak(work, tmp_path / f"{SHORT}")) / (LONG - SHORT)
    assert growth < MOST
