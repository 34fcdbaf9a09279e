"""The C core by itself, in all its builds. What needs a tool says what to type when it is not there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gigbox.rack import RATE

from .conftest import need

WIDE = "avx2" in Path("/proc/cpuinfo").read_text() and os.uname().machine == "x86_64"


def output(command: list[str | Path]) -> np.ndarray:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return np.frombuffer(done.stdout, np.float32).reshape(-1, 8)


@pytest.mark.parametrize("channels", ["1", "12", "32"])
def test_every_build_gives_the_same_sound(builds: Path, channels: str) -> None:
    wanted = output([builds / "scenario_base", channels, "2"])
    assert np.abs(wanted[:, :2]).max() > 0.05
    for build in ("wide", "plain") if WIDE else ("plain",):
        np.testing.assert_allclose(output([builds / f"scenario_{build}", channels, "2"]), wanted, atol=1e-5, err_msg=build)


@pytest.mark.parametrize(("channels", "how", "seed"), [("12", "moving", "1"), ("3", "moving", "5"), ("5", "resting", "1"), ("9", "resting", "7"),
                                                       ("8", "moving", "4"), ("8", "resting", "13")])
def test_every_build_gives_the_same_sound_while_knobs_move(builds: Path, channels: str, how: str, seed: str) -> None:
    """Lanes know nothing of each other: what falls asleep and wakes, glides or limits beside a strip, or in the bus beside it, is not heard in it; and
    whichever quantum a strip's filter is designed in, all are of one moment. -94 dBFS."""
    wanted = output([builds / "scenario_base", channels, "1", how, seed])
    assert np.abs(wanted).max() > 0.05
    for build in ("wide", "plain") if WIDE else ("plain",):
        np.testing.assert_allclose(output([builds / f"scenario_{build}", channels, "1", how, seed]), wanted, atol=2e-5, err_msg=build)


@pytest.mark.parametrize("moving", [[], ["moving"]], ids=["at rest", "moving"])
def test_arm_gives_the_same_sound(builds: Path, moving: list[str]) -> None:
    """-100 dBFS. Knobs that turn at random 12000 times a second, 18 dB of every EQ among them, make more of the last bits: 1 to 14 millionths, by
    what is drawn, which every new row of the table changes."""
    qemu = need("qemu-aarch64-static", "qemu-user-static")
    wanted = output([builds / "scenario_base", "12", "1.5", *moving])
    np.testing.assert_allclose(output([qemu, builds / "scenario_arm", "12", "1.5", *moving]), wanted, atol=2e-5 if moving else 1e-5)


@pytest.mark.parametrize("channels", ["1", "5", "8", "16", "17", "32"])
@pytest.mark.parametrize("build", ["sane", "sane_wide"])
def test_memory_and_arithmetic_are_clean(builds: Path, build: str, channels: str) -> None:
    if build == "sane_wide" and not WIDE:
        build = "sane"
    assert np.isfinite(output([builds / f"scenario_{build}", channels, "0.6", "moving"])).all()


@pytest.mark.parametrize(("channels", "seed"), [("5", "14"), ("5", "18"), ("16", "17"), ("16", "18"), ("16", "21"), ("32", "2")])
def test_no_output_passes_its_ceiling_whatever_moves(builds: Path, channels: str, seed: str) -> None:
    """Every knob but the ceilings at random, wires, taps and links among them."""
    peak = np.abs(output([builds / "scenario_base", channels, "3", "moving", seed, "-12"])).max()
    assert 10 ** (-20 / 20) < peak <= 10 ** (-12 / 20) * (1 + 1e-6)


def quiet(builds: Path, sin: str = "") -> tuple[int, str]:
    done = subprocess.run([builds / "quiet", sin], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_processing_never_allocates_locks_or_enters_the_kernel(builds: Path) -> None:
    assert quiet(builds) == (0, "0 allocations, 0 locks, no system call\n")


@pytest.mark.parametrize(("sin", "code"), [("malloc", 3), ("lock", 4), ("call", 5)])
def test_an_allocation_a_lock_or_a_system_call_would_be_caught(builds: Path, sin: str, code: int) -> None:
    assert quiet(builds, sin)[0] == code


@pytest.fixture(scope="module")
def calm(builds: Path) -> np.ndarray:
    """Three seconds of an engine whose counters began at nothing."""
    return output([builds / "evening", "3"])


@pytest.mark.parametrize("bits", [31, 32, 39, 40, 63])
def test_no_counter_is_heard_when_it_overflows(builds: Path, calm: np.ndarray, bits: int) -> None:
    """12.4 h and 24.9 h of frames in 31 and 32 bits, 132 days of hops in 31: half a second before each, with undefined arithmetic trapped."""
    ahead = ((1 << bits) - RATE * 3 // 2) // 2048 * 2048
    assert np.abs(calm).max() > 0.05
    np.testing.assert_array_equal(output([builds / "evening", "3", str(ahead)]), calm)


@pytest.mark.soak
def test_a_day_and_an_hour_go_by_with_no_arithmetic_undefined(builds: Path) -> None:
    """25 h in fast motion, past 2^32 frames: half an hour of a core."""
    output([builds / "evening", str(25 * 3600)])


def raced(builds: Path, *words: str, program: str = "threads") -> subprocess.CompletedProcess[str]:
    """The box's threads under ThreadSanitizer, which wants its addresses where it expects them: without randomisation."""
    need("setarch", "util-linux")
    for place in (["setarch", "-R"], []):
        done = subprocess.run([*place, str(builds / program), *words], capture_output=True, text=True, check=False)
        cannot = [line for line in done.stderr.splitlines() if "unexpected memory mapping" in line or "failed to set personality" in line]
        if not cannot:
            return done
    pytest.skip(f"ThreadSanitizer cannot start here: {cannot[0]}")


def test_the_audio_thread_and_the_programs_around_it_never_race(builds: Path) -> None:
    done = raced(builds, "0.8")
    assert (done.returncode, done.stdout) == (0, "told answered looked\n"), done.stderr


def test_a_counter_read_plainly_would_be_caught(builds: Path) -> None:
    done = raced(builds, "0.2", "sin")
    assert done.returncode == 66
    assert "data race" in done.stderr
