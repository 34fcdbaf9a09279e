"""What every block of the core costs, in nanoseconds and instructions a frame of 16 channels, against its budget.

Instructions are counted, not sampled: they are the same on a busy machine. Budgets are for x86-64-v3 (8 lanes) alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

from gigbox import params, places
from gigbox.engine.job import job_values
from gigbox.errors import GigboxError, MachineError
from gigbox.rack import RATE

NATIVE = Path(__file__).resolve().parents[3] / "native"
VALGRIND = "instructions need valgrind: apt-get install valgrind"
COUNTED, TIMED, REPEATS = 2048, 4096, 50      # frames under the counter; frames of a timing, the least of so many counts

# Instructions a frame of 16 channels, about a tenth above what was measured. A change that breaks one says why it is worth it.
BUDGETS: dict[str, float] = {
    "input": 24, "hpf": 21, "hum": 112, "fir": 1390, "gate": 36, "eq": 57, "eq shelves": 97, "deess": 80, "comp": 38, "share": 85, "duck": 44,
    "strip meters": 27,
    "monitor strips": 270, "mix": 52, "reverb": 263, "delay": 147, "bus eq": 29, "geq": 210, "notches": 113, "guard": 560, "analysers": 225,
    "main limiter": 130, "loudness guard": 36, "monitor limiter": 20, "linked limiters": 60, "bus meters": 14,
    "analysis hop": 765, "denoise classic": 18, "fine hop": 1210, "mask": 2405,
    "engine job": 445, "engine all": 8900,
}
JOB_BUDGET = 16.4e6         # the standard job, 16 channels: instructions a second of audio on x86-64-v3
JOB_BUDGET_ARM = 42e6       # on aarch64


@dataclass(frozen=True)
class Cost:
    """One row: nanoseconds, instructions (None without valgrind) and the budget (None where it does not hold), all a frame."""

    block: str
    ns: float
    instructions: float | None
    budget: float | None

    @property
    def over(self) -> bool:
        return self.instructions is not None and self.budget is not None and self.instructions > self.budget


def main_bench() -> int:
    """Print the table; 1 when a budget is broken, else 0."""
    from tqdm import tqdm

    with tqdm(desc="bench", unit="block", leave=False, disable=None) as bar:
        costs = bench_blocks(lambda block: (bar.set_postfix_str(block), bar.update()))
    print(table(costs))
    return int(any(cost.over for cost in costs))


def bench_blocks(progress: Callable[[str], object] = lambda block: None) -> list[Cost]:
    """Build, time and count every block; `progress` hears the name of each that is done, twice."""
    program = build("blocks.c")
    ns = {name: float(value) for value, name in lines([str(program), "all", str(TIMED), str(REPEATS)], progress)}
    counts = count_blocks(progress) if shutil.which("valgrind") else {}
    holds = wide()
    return [Cost(name, value, counts.get(name), BUDGETS.get(name) if holds else None) for name, value in ns.items()]


def count_blocks(progress: Callable[[str], object] = lambda block: None) -> dict[str, float]:
    """Instructions of every block a frame of 16 channels; only what runs between start and stop of its measurement counts."""
    program = build("blocks.c")
    if not shutil.which("valgrind"):
        raise MachineError(VALGRIND)
    with tempfile.TemporaryDirectory() as folder:
        counter = ["valgrind", "--tool=callgrind", "--toggle-collect=measured", "--dump-after=measured",      # one file a block
                   f"--callgrind-out-file={folder}/count", "--log-file=/dev/null"]
        names = [name for _, name in lines([*counter, str(program), "all", str(COUNTED), "1"], progress)]
        return {name: total(Path(folder) / f"count.{number}") / COUNTED for number, name in enumerate(names, 1)}


def table(costs: Sequence[Cost]) -> str:
    """For a terminal: one line a block, whole engines last; load is the share of one core at 48 kHz."""
    title = "16 channels, a frame"
    broad = max(len(title), *(len(cost.block) for cost in costs))
    lines = [f"{title:{broad}}  {'ns':>8}  {'load':>7}  {'instructions':>12}  {'budget':>8}"]
    for cost in costs:
        if cost.block == "engine job":
            lines.append("-" * len(lines[0]))
        count = "" if cost.instructions is None else f"{cost.instructions:.1f}"
        budget = "" if cost.budget is None else f"{cost.budget:.0f}"
        verdict = "" if cost.budget is None or cost.instructions is None else "over" if cost.over else "ok"
        lines.append(f"{cost.block:{broad}}  {cost.ns:8.2f}  {cost.ns * RATE / 1e7:6.2f}%  {count:>12}  {budget:>8}  {verdict}".rstrip())
    job = next((cost for cost in costs if cost.block == "engine job" and cost.instructions), None)
    if job and job.instructions:
        lines.append(f"engine job, noise that is limited: {job.instructions * RATE / 1e6:.1f} million instructions a second of audio")
    if all(cost.instructions is None for cost in costs):
        lines.append(VALGRIND)
    return "\n".join(lines)


def wide() -> bool:
    """Whether this machine builds the core for x86-64-v3, where the budgets hold."""
    return "-march=x86-64-v3" in _core().FLAGS


def build(source: str, compiler: str = "gcc", *, static: bool = False) -> Path:
    """A program of native/bench with the core in it, compiled with the core's own flags; kept until anything of it changes."""
    main = NATIVE / "bench" / source
    if not main.exists():
        raise GigboxError(f"bench: {source} is not here; it needs the source tree, not an installed package")
    if not shutil.which(compiler):
        package = {"gcc": "gcc", "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"}.get(compiler, compiler)
        raise MachineError(f"bench: {compiler} is missing: apt-get install {package}")
    foreign = compiler != "gcc"
    core = _core()
    flags = [flag for flag in core.FLAGS if not (foreign and flag.startswith("-march="))] + ["-static"] * static
    sources = [main, *(NATIVE / "src" / name for name in core.SOURCES)]
    read = [*sources, *sorted((NATIVE / "src").glob("*.h")), NATIVE / "include/gigbox.h"]
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in read) + " ".join([compiler, *flags]).encode()).hexdigest()[:16]
    program = _cache_dir() / f"{main.stem}-{compiler}-{mark}"
    if program.exists():
        return program
    fresh = program.with_suffix(f".{os.getpid()}")
    command = [compiler, *flags, f"-I{NATIVE / 'include'}", f"-I{NATIVE / 'src'}", "-o", str(fresh), *map(str, sources), "-pthread", "-lm"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise MachineError(f"bench: {compiler} failed: {_first(done.stderr)}")
    fresh.rename(program)
    return program


def write_values(path: Path, job: dict[str, object], channels: int) -> None:
    """The job's parameters as job.c reads them: `index value` a line."""
    path.write_text("".join(f"{params.find(name).index} {value:.9g}\n" for name, value in job_values(job, channels).items()))


def count_instructions(command: Sequence[str]) -> int:
    """All that a program of this machine executes, start and end included."""
    if not shutil.which("valgrind"):
        raise MachineError(VALGRIND)
    with tempfile.TemporaryDirectory() as folder:
        lines(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/count", "--log-file=/dev/null", *command])
        return total(Path(folder) / "count")


def count_instructions_arm(command: Sequence[str]) -> int:
    """All that an aarch64 program executes, under qemu: it lists each block it translates and names each block it enters."""
    if not shutil.which("qemu-aarch64-static"):
        raise MachineError("bench: qemu-aarch64-static is missing: apt-get install qemu-user-static")
    read, write = os.pipe()
    with tempfile.TemporaryFile() as errors, open(read, "rb", buffering=0) as log:
        qemu = subprocess.Popen(["qemu-aarch64-static", "-d", "in_asm,exec,nochain", "-D", f"/dev/fd/{write}", *command],
                                pass_fds=[write], stdout=subprocess.DEVNULL, stderr=errors)
        os.close(write)
        total = _count_trace(log)
        if qemu.wait():
            errors.seek(0)
            raise MachineError(f"bench: qemu failed: {_first(errors.read().decode(errors='replace'))}")
    return total


def _count_trace(log: IO[bytes]) -> int:
    sizes: dict[bytes, int] = {}      # instructions of a block, by the line that says it is entered
    total = listed = 0
    rest = b""
    while piece := log.read(1 << 20):
        text = rest + piece
        *lines, rest = text.split(b"\n")
        if listed or text.startswith(b"0x") or b"\n0x" in text:
            for line in lines:
                if line.startswith(b"0x"):
                    listed += 1
                elif line.startswith(b"Trace"):
                    if listed:
                        sizes[line], listed = listed, 0
                    total += sizes[line]
        else:                             # nothing new translated: the common case, and the fast one
            total += sum(times * sizes[line] for line, times in Counter(lines).items() if line.startswith(b"Trace"))
    return total


def total(path: Path) -> int:
    """What callgrind counted in one dump."""
    found = re.search(r"^(?:totals|summary): (\d+)", path.read_text(), re.MULTILINE)
    if not found:
        raise MachineError(f"{path}: no total, expected one from valgrind")
    return int(found[1])


def lines(command: Sequence[str], progress: Callable[[str], object] = lambda word: None) -> list[tuple[str, str]]:
    """What a program prints, each line in two at its first space; `progress` hears the second part as it comes."""
    pairs: list[tuple[str, str]] = []
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as run:
            assert run.stdout
            for line in run.stdout:
                value, _, name = line.rstrip("\n").partition(" ")
                pairs.append((value, name))
                progress(name)
        if run.returncode:
            errors.seek(0)
            raise MachineError(f"bench: {Path(command[0]).name} failed ({run.returncode}): {_first(errors.read())}")
    return pairs


def _core() -> ModuleType:
    """What it is made of and with which flags, from the file that builds it."""
    path = NATIVE / "build_core.py"
    spec = importlib.util.spec_from_file_location("build_core", path) if path.exists() else None
    if not spec or not spec.loader:
        raise GigboxError("bench: build_core.py is not here; it needs the source tree, not an installed package")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cache_dir() -> Path:
    path = places.cache_dir() / "bench"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise MachineError(f"{path}: {e.strerror}") from None
    return path


def _first(text: str) -> str:
    return next((line for line in text.splitlines() if "error" in line), text.strip().splitlines()[0] if text.strip() else "no reason given")
