"""How long a period of 64 frames takes with everything on, for 8, 16 and 32 channels: what is promised of the longest, not of the mean.

Times are of this machine and of whoever else runs on it; instructions are the same everywhere that the core is built alike.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gigbox.engine.bench import VALGRIND, build, lines, total, wide
from gigbox.errors import MachineError
from gigbox.rack import RATE

CHANNELS = (8, 16, 32)
PERIOD = 64
TIMED, COUNTED = 60 * RATE // PERIOD, 64       # periods: a minute; and two rounds of the guard, which comes round most slowly

# Instructions of the longest period, about a tenth above what was measured. It is the first of a hop: in its two quanta all filters are designed anew.
BUDGETS = {8: 610_000, 16: 895_000, 32: 1_720_000}


@dataclass(frozen=True)
class Periods:
    """Microseconds; instructions of the mean and the longest period (None without valgrind)."""

    channels: int
    mean_us: float
    p999_us: float
    worst_us: float
    instructions: tuple[float, int] | None


def measured(channels: int) -> Periods:
    program = [str(build("periods.c")), str(channels)]
    took = np.array([int(ns) for ns, _ in lines([*program, str(TIMED)])]) / 1000
    return Periods(channels, float(took.mean()), float(np.quantile(took, 0.999)), float(took.max()), counted(channels) if shutil.which("valgrind") else None)


def counted(channels: int) -> tuple[float, int]:
    """Instructions of the mean and of the longest period."""
    if not shutil.which("valgrind"):
        raise MachineError(VALGRIND)
    with tempfile.TemporaryDirectory() as folder:
        counter = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--toggle-collect=measured", "--dump-after=measured",
                   f"--callgrind-out-file={folder}/count", "--log-file=/dev/null"]
        lines([*counter, str(build("periods.c")), str(channels), str(COUNTED)])
        counts = [total(Path(folder) / f"count.{n}") for n in range(1, COUNTED + 1)]
    return sum(counts) / len(counts), max(counts)


def table() -> str:
    rows = [f"{'channels':>8}  {'mean':>8}  {'p99.9':>8}  {'worst':>8}  of 1333 us   {'instructions':>12}  {'worst':>9}  {'budget':>9}"]
    for p in map(measured, CHANNELS):
        mean, worst = (f"{n:,.0f}" for n in p.instructions) if p.instructions else ("", "")
        shares = " ".join(f"{100 * us * RATE / PERIOD / 1e6:.0f}" for us in (p.mean_us, p.p999_us, p.worst_us))
        rows.append(f"{p.channels:8}  {p.mean_us:5.0f} us  {p.p999_us:5.0f} us  {p.worst_us:5.0f} us  {shares + ' %':11}  {mean:>12}  {worst:>9}  "
                     f"{BUDGETS[p.channels] if wide() else '':>9,}".rstrip())
    return "\n".join(rows)
