"""Which promises does no test hold? Changes one line of product code at a time, and runs the tests that should notice.

    python -m tests.mutate [--seed 1] [--each 1] [--rounds 9] [FILE ...]     each so many lines of every file named, or of all product code
    python -m tests.mutate --list                                which lines would be changed

Works on a copy of the checkout, so that nothing here is touched. What is changed is drawn by the seed: a comparison turned round, a sum made a difference, an
`and` made an `or`, a condition negated, a call left out; in C the same, by its text. First the test that mirrors the file is run, then all of its folder, then
what plays the whole box: so many rounds at most (one is quick, and asks more than need be). A line whose change no test notices survives; tests/README.md says
of each why.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "build", "out", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")
# Where the test of a file is not found by its name: what hears it.
HEARD_BY = {"firmware/gigbox/web": ["tests/web"], "firmware/gigbox/run": ["tests/run"], "firmware/gigbox/desk": ["tests/desk"],
            "firmware/gigbox/devices": ["tests/devices", "tests/desk"], "firmware/gigbox/health": ["tests/health"], "firmware/gigbox/doctor": ["tests/doctor"],
            "firmware/gigbox/engine": ["tests/engine", "tests/native"], "firmware/gigbox/render": ["tests/render"],
            "firmware/gigbox/recordings": ["tests/recordings"], "firmware/gigbox/brain": ["tests/brain", "tests/contract", "tests/render"]}
LASTLY = ["tests/render/test_render.py", "tests/test_cli.py", "tests/measures", "tests/run", "tests/test_linecheck_live.py"]
SLOW = ["test_faults.py", "test_denoise.py", "test_written.py", "test_c.py"]            # of the core's, in the order of their time
LEFT_OUT = {"__init__.py", "bench.py", "job.py", "parser.py", "params.h"}          # measured, not promised; or tried as a whole; or written
TURNED = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in", ast.NotIn: "in",
          ast.Is: "is not", ast.IsNot: "is"}
OPPOSITE = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}
IN_C = [(r" < ", " >= "), (r" > ", " <= "), (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " + "), (r" && ", " || "), (r" \|\| ", " && "),
        (r"lanes_max\(", "lanes_min("),
        (r"lanes_min\(", "lanes_max("), (r" == ", " != "), (r" >= ", " < "), (r"\+= ", "-= "), (r"(?<=[ (])1 - ", "1 + "), (r"0\.5f", "0.25f")]
SECONDS = 1200.0                # a round of tests that takes longer hangs
MEASURED = ("--ignore=tests/render/test_cost.py", "--ignore=tests/bench", "--ignore=tests/chaos",
            "--deselect=tests/render/test_render.py::test_engine_and_brain_cost_a_small_part_of_the_time")      # what a busy machine fails by itself


@dataclass(frozen=True)
class Mutation:
    """`file` under the checkout; `old` and `new` are whole lines."""

    file: str
    line: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.old.strip()}  ->  {self.new.strip()}"


def product() -> list[str]:
    """All files that hold promises."""
    found = [*(ROOT / "firmware/gigbox").rglob("*.py"), *(ROOT / "native/src").glob("*.[ch]")]
    return sorted(str(p.relative_to(ROOT)) for p in found if p.name not in LEFT_OUT)


def possible(file: str) -> list[Mutation]:
    """Every change of one line that this script knows."""
    text = (ROOT / file).read_text()
    return list(_in_python(file, text) if file.endswith(".py") else _in_c(file, text))


def _in_c(file: str, text: str) -> Iterator[Mutation]:
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        if code.strip().startswith(("#", "/*", "*")) or "_Static_assert" in code or "printf" in code:
            continue
        for found, becomes in IN_C:
            for match in re.finditer(found, code):
                yield Mutation(file, number, line, line[: match.start()] + becomes + line[match.end():])


def _in_python(file: str, text: str) -> Iterator[Mutation]:
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        for begin, end, new in _changes(node):
            number, at = begin
            if end[0] == number:
                line = lines[number - 1].encode()
                yield Mutation(file, number, line.decode(), (line[:at] + new.encode() + line[end[1]:]).decode())


Place = tuple[int, int]


def _changes(node: ast.AST) -> Iterator[tuple[Place, Place, str]]:
    """(line, byte) from where to where, and what stands there instead."""
    def of(part: ast.expr | ast.stmt) -> tuple[Place, Place]:
        return (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)

    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        yield *of(node), f"{ast.unparse(node.left)} {TURNED[type(node.ops[0])]} {ast.unparse(node.comparators[0])}"
    elif isinstance(node, ast.BinOp) and type(node.op) in OPPOSITE and not isinstance(node.left, ast.Constant | ast.JoinedStr):
        yield of(node.left)[1], of(node.right)[0], f" {OPPOSITE[type(node.op)]} "
    elif isinstance(node, ast.BoolOp):
        yield of(node.values[0])[1], of(node.values[1])[0], " or " if isinstance(node.op, ast.And) else " and "
    elif isinstance(node, ast.If | ast.While | ast.IfExp) and not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
        yield *of(node.test), f"not ({ast.unparse(node.test)})"
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield *of(node), "pass"


def drawn(files: Sequence[str], each: int, seed: int) -> Iterator[list[Mutation]]:
    """Of each file so many lines, and more behind them for those that do not compile."""
    for file in files:
        chance, all_of_it = random.Random(f"{seed} {file}"), possible(file)
        chance.shuffle(all_of_it)
        for n in range(min(each, len(all_of_it))):
            yield all_of_it[n::each][:4]


def tests_of(file: str) -> list[list[str]]:
    """Rounds of tests, the nearest first."""
    path = Path(file)
    if file.startswith("native"):
        quick = [str(p.relative_to(ROOT)) for p in (ROOT / "tests/native").glob("test_*.py") if p.name not in SLOW]
        slow = [f"tests/native/{name}" for name in SLOW]
        return [sorted(quick) + slow[:2], ["tests/models/test_features.py", "tests/render/test_render.py"], ["tests/models", "tests/engine"], slow[2:]]
    mirror = Path("tests", *path.parts[2:-1], f"test_{path.stem}.py")
    near = [str(mirror)] if (ROOT / mirror).exists() else [str(p.relative_to(ROOT)) for p in (ROOT / "tests").rglob(f"test_*{path.stem}*.py")][:2]
    room = str(mirror.parent)
    folder = next((tests for place, tests in HEARD_BY.items() if file.startswith(place)), ["tests/test_rack.py", "tests/desk", "tests/test_cli.py"])
    return [part for part in (near, [room] if room != "tests" and (ROOT / room).exists() else [], [t for t in folder if (ROOT / t).exists()], LASTLY) if part]


class Copy:
    """The checkout once more, to break."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "gigbox"
        shutil.copytree(ROOT, self.root, ignore=NOT_COPIED, symlinks=True)
        self._other_core = False        # what is built there is of a line that was changed
        self.environment = {**os.environ, "PYTHONPATH": f"{self.root / 'firmware'}", "PYTHONDONTWRITEBYTECODE": "1", "GIGBOX_EXAMPLES": "10"}

    def noticed(self, mutation: Mutation, rounds: int) -> str | None:
        """Which test fails; empty where none does, None where it does not compile."""
        path = self.root / mutation.file
        whole = path.read_text()
        lines = whole.split("\n")
        lines[mutation.line - 1] = mutation.new
        path.write_text("\n".join(lines))
        try:
            if mutation.file.endswith(".py") and not _parses("\n".join(lines)):
                return None
            if (self._other_core or not mutation.file.endswith(".py")) and not self._builds():
                return None
            return next((failed for tests in tests_of(mutation.file)[:rounds] if (failed := self._run(tests))), "")
        finally:
            path.write_text(whole)
            self._other_core = not mutation.file.endswith(".py")

    def _builds(self) -> bool:
        command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
        return subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True).returncode == 0

    def _run(self, tests: Sequence[str]) -> str:
        """The first test that fails."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *MEASURED, *tests]
        with subprocess.Popen(command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              start_new_session=True, preexec_fn=_heeding) as running:
            try:
                said = running.communicate(timeout=SECONDS)[0]
            except subprocess.TimeoutExpired:
                return "it hangs"
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)      # and all that its tests have left
        if running.returncode in (0, 5):
            return ""
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
        return failed[1] if failed else f"exit code {running.returncode}"


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _heeding() -> None:
    """Who works in the background of a shell was told to pass over Ctrl-C, and so would the programs that tests stop by it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> int:
    """0 where fewer than one in twenty survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="under the checkout (default: all product code)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=1, help="lines of each file")
    parser.add_argument("--rounds", type=int, default=9, help="of tests, the nearest first")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    batches = list(drawn(options.files or product(), options.each, options.seed))
    if options.list:
        print("\n".join(str(batch[0]) for batch in batches))
        return 0
    tried, survived = 0, list[Mutation]()
    with tempfile.TemporaryDirectory(prefix="gigbox-mutate-") as folder:
        copy = Copy(Path(folder))
        for batch in batches:
            for mutation in batch:
                begin, noticed = time.monotonic(), copy.noticed(mutation, options.rounds)
                if noticed is not None:
                    break
            else:
                continue
            tried += 1
            survived += [] if noticed else [mutation]
            print(f"{f'noticed by {noticed}' if noticed else 'SURVIVED'} ({time.monotonic() - begin:.0f} s): {mutation}", flush=True)
    print(f"{tried} lines changed, {len(survived)} survived", *survived, sep="\n")
    return int(len(survived) * 20 >= tried)


if __name__ == "__main__":
    sys.exit(main())
