"""Instruction budgets: every block, and the whole standard job on x86-64-v3 and on aarch64. Seconds are only reported."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from gigbox.engine import bench, periods
from gigbox.errors import GigboxError, MachineError
from gigbox.rack import RATE, Floats

CHANNELS = 16
JOB: dict[str, object] = {
    "hpf_hz": 80, "fader_db": -9, "aux_db": [-12, -18],
    "gate": {"threshold_db": -45, "attack_ms": 1, "hold_ms": 10, "release_ms": 100},
    "eq": [[120, 3.0, 0.7], [500, -4.0, 1.4], [2500, 2.0, 1.0], [8000, 3.0, 0.7]],
    "comp": {"threshold_db": -24, "ratio": 3, "attack_ms": 5, "release_ms": 80, "makeup_db": 3},
    "master_eq": [[80, 1.0, 0.7], [400, -1.0, 1.0], [3000, 1.0, 1.0], [10000, 2.0, 0.7]],
    "limiter": {"ceiling_db": -1, "attack_ms": 1, "release_ms": 50},
}
LOOP = """
#include <stdlib.h>
int main(int count, char **words) {
  long turns = atol(words[count - 1]);
  __asm__ volatile("1: subs %0, %0, #1\\n\\tb.ne 1b" : "+r"(turns) : : "cc");
  return (int)turns;
}
"""


def plucked(channel: int, frames: int) -> Floats:
    """(frames,) float32: notes that die away, pauses between them, low noise under all."""
    rng = np.random.default_rng(channel)
    out = rng.standard_normal(frames) * 0.001
    start = 0
    while start < frames:
        length = min(int(RATE * rng.uniform(0.1, 0.4)), frames - start)
        t = np.arange(length) / RATE
        hz = 55 * 2 ** (rng.integers(0, 48) / 12)
        out[start:start + length] += 0.2 * np.exp(-6 * t) * sum(np.sin(2 * np.pi * hz * h * t) / h for h in range(1, 6))
        start += length + int(RATE * rng.choice([0, 0.05, 0.2]))
    return np.clip(out, -0.98, 0.98).astype(np.float32)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `values`, and `short` and `long`: half a second and a second of raw frames."""
    folder = tmp_path_factory.mktemp("job")
    bench.write_values(folder / "values", JOB, CHANNELS)
    frames = np.stack([plucked(channel, RATE) for channel in range(CHANNELS)], axis=1)
    frames[:RATE // 2].tofile(folder / "short")
    frames.tofile(folder / "long")
    return folder


def command(host: Path, job: Path, name: str) -> list[str]:
    return [str(host), str(job / "values"), str(job / name), str(CHANNELS), str(job / f"{name}.out-{host.name}")]


def test_every_block_keeps_its_budget() -> None:
    costs = bench.count_blocks()
    assert costs.keys() == bench.BUDGETS.keys()
    over = {block: round(count, 1) for block, count in costs.items() if count > bench.BUDGETS[block]}
    assert not bench.wide() or not over


def test_everything_at_once_costs_no_more_than_two_and_a_half_times_what_the_core_did_before_it_had_effects() -> None:
    assert bench.BUDGETS["engine all"] <= 2.5 * 6537


@pytest.mark.parametrize("channels", periods.CHANNELS)
def test_the_longest_period_keeps_its_budget(channels: int) -> None:
    mean, worst = periods.counted(channels)
    assert 0 < mean < worst
    assert not bench.wide() or worst <= periods.BUDGETS[channels]


def test_the_standard_job_keeps_its_budget(job: Path) -> None:
    host = bench.build("job.c")
    short, long = (bench.count_instructions(command(host, job, name)) for name in ("short", "long"))
    assert not bench.wide() or 2 * (long - short) <= bench.JOB_BUDGET


def test_the_standard_job_keeps_its_budget_on_aarch64_and_sounds_the_same(job: Path) -> None:
    here, there = bench.build("job.c"), bench.build("job.c", "aarch64-linux-gnu-gcc", static=True)
    short, long = (bench.count_instructions_arm(command(there, job, name)) for name in ("short", "long"))
    assert 2 * (long - short) <= bench.JOB_BUDGET_ARM
    subprocess.run(command(here, job, "long"), check=True, capture_output=True)
    ours, theirs = (np.fromfile(command(host, job, "long")[-1], np.float32).reshape(-1, 4) for host in (here, there))
    assert len(ours) == RATE
    assert np.abs(ours).max() > 0.05
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_aarch64_instructions_are_counted_exactly(tmp_path: Path) -> None:
    (tmp_path / "loop.c").write_text(LOOP)
    subprocess.run(["aarch64-linux-gnu-gcc", "-static", "-O2", "-o", "loop", "loop.c"], cwd=tmp_path, check=True)
    few, many = (bench.count_instructions_arm([str(tmp_path / "loop"), turns]) for turns in ("1000", "9000"))
    assert many - few == 2 * 8000


def test_the_table_is_aligned_and_says_what_is_over() -> None:
    text = bench.table([bench.Cost("gate", 4.5, 32.0, 36), bench.Cost("engine job", 50.0, 400.0, 375)])
    head, gate, rule, engine, total = text.splitlines()
    assert gate.endswith("ok")
    assert engine.endswith("over")
    assert head.index("instructions") + len("instructions") == gate.index("32.0") + 4 == engine.index("400.0") + 5
    assert set(rule) == {"-"}
    assert total == "engine job, noise that is limited: 19.2 million instructions a second of audio"


def test_without_valgrind_the_table_says_how_to_get_it() -> None:
    assert bench.table([bench.Cost("gate", 4.5, None, None)]).endswith("instructions need valgrind: apt-get install valgrind")


def test_an_installed_package_without_sources_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "NATIVE", tmp_path)
    with pytest.raises(GigboxError, match=r"bench: blocks.c is not here; it needs the source tree"):
        bench.build("blocks.c")


def test_a_missing_compiler_says_what_to_install() -> None:
    with pytest.raises(MachineError, match=r"bench: no-such-gcc is missing: apt-get install no-such-gcc"):
        bench.build("blocks.c", "no-such-gcc")


def test_a_broken_budget_is_told_by_the_exit_status(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for count, status in ((30.0, 0), (40.0, 1)):
        monkeypatch.setattr(bench, "bench_blocks", lambda progress, count=count: [bench.Cost("gate", 4.5, count, 36)])
        assert bench.main_bench() == status
    assert "over" in capsys.readouterr().out
