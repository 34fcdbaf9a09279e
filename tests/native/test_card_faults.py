"""Whatever a card does, sound goes on: each fault is told once, as what it was, nothing is lost but around it, and no channel is ever another's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .test_c import raced

MMAP, MMAP_APART, READ, READ_APART = range(4)
S32, S24_3, S24, S16 = range(1, 5)


def played(builds: Path, *words: object, build: str = "faults", seed: int = 1) -> str:
    done = subprocess.run([builds / build, str(seed), *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_hundred_faults(builds: Path) -> None:
    """10 in, 10 out, 64 x 2: xruns of either direction, sleep, unplugged for 0.1 to 10 s, stalls of 1 to 50 periods, directions that stand or stay still."""
    told = played(builds, 100, 10, 10, 64, 2, S32, MMAP)
    print(told)
    assert "100 faults" in told
    assert " 0 lost" in told


@pytest.mark.parametrize("words", [
    (2, 8, 128, 2, S24, READ), (32, 32, 64, 3, S16, MMAP_APART), (8, 8, 32, 2, S24_3, READ_APART), (2, 2, 256, 3, S32, READ),
    (10, 10, 64, 2, S32, MMAP, "reopen"),
], ids=["read", "apart, S16", "read apart, S24_3", "256 x 3", "opened anew"])
def test_faults_in_every_way_of_access_and_format(builds: Path, words: tuple[object, ...]) -> None:
    played(builds, 21, *words, seed=2)


@pytest.mark.parametrize("access", [MMAP, MMAP_APART, READ, READ_APART])
def test_the_audio_thread_takes_nothing_from_the_heap(builds: Path, access: int) -> None:
    assert " 0 allocations" in played(builds, 0, 10, 10, 64, 2, S32, access)


@pytest.mark.parametrize(("access", "format"), [(MMAP, S32), (READ_APART, S24_3)])
def test_memory_and_arithmetic_are_clean_around_faults(builds: Path, access: int, format: int) -> None:
    played(builds, 14, 10, 10, 64, 2, format, access, build="faults_sane")


def test_threads_do_not_race_around_faults(builds: Path) -> None:
    done = raced(builds, "1", "14", "2", "2", "64", "2", str(S32), str(MMAP), program="faults_raced")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_thousand_faults(builds: Path, seed: int) -> None:
    print(played(builds, 1000, 10, 10, 64, 2 + seed % 2, S32, seed % 4, seed=seed))
