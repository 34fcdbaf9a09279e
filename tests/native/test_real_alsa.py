"""The audio thread through the kernel's own ALSA: snd-aloop, in a kernel that runs as a program (`make uml` builds it once)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.uml import built, inside

__all__ = ["built"]          # a fixture
SECONDS = 4

pytestmark = pytest.mark.soak


def looped(kernel: Path, folder: Path, program: Path, *words: object) -> dict[str, int]:
    """What the program in the guest counted."""
    said = inside(kernel, folder, program, *words)
    print(line := next((line for line in said.splitlines() if line.startswith("Loopback")), said))
    return {word: int(count) for count, word in re.findall(r"(\d+) (good|bad|jumps|silent|recoveries)", line)} | {
        word: int(count) for word, count in re.findall(r"(linked|mmap|latency|load|late|card) (\d+)", line)}


@pytest.mark.parametrize("linked", [True, False], ids=["linked", "unlinked"])
@pytest.mark.parametrize("channels", [10, 32])
def test_every_sample_comes_back_at_the_latency_that_the_card_tells(kernel: Path, builds: Path, tmp_path: Path, channels: int, linked: bool) -> None:
    """256 x 3: its clock ticks in milliseconds. A machine that is busy may be late, which is told; then frames are missing."""
    told = looped(kernel, tmp_path, builds / "loop", channels, channels, 256, 3, SECONDS, *([] if linked else ["unlinked"]))
    assert (told["linked"], told["mmap"], told["latency"]) == (linked, 1, 768)
    assert told["bad"] <= 768 * told["recoveries"]      # where one direction stands the cable repeats what lies in it
    assert told["good"] > SECONDS * 48000 / 4
    assert told["load"] + told["late"] + told["card"] - told["recoveries"] in (0, 1)      # the end may come before the sound
    assert told["recoveries"] or told["jumps"] == 0


def test_a_thread_that_was_held_up_recovers(kernel: Path, builds: Path, tmp_path: Path) -> None:
    told = looped(kernel, tmp_path, builds / "loop", 8, 8, 256, 3, SECONDS, "stall")
    assert told["load"] >= 1
    assert told["load"] + told["late"] + told["card"] - told["recoveries"] in (0, 1)      # the end may come before the sound
    assert told["good"] > SECONDS * 48000 / 4
