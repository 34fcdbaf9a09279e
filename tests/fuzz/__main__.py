"""`python -m tests.fuzz [TARGET ...]`: looks for bytes that break a target, guided by the lines that they reach (atheris). `make fuzz` has the core's, too."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="of tests/fuzz/targets.py (default: all)")
    parser.add_argument("--minutes", type=float, default=10, help="for each (default: 10)")
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"), help="where inputs that reach something new are kept (default: out/fuzz)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return _fuzz(options.targets[0], options.out, options.minutes)
    names = options.targets or _names()
    same = ("--minutes", str(options.minutes), "--out", str(options.out))
    return max(subprocess.run([sys.executable, "-m", "tests.fuzz", "--one", name, *same], check=False).returncode for name in names)


def _names() -> list[str]:
    from tests.fuzz.targets import TARGETS

    return list(TARGETS)


def _fuzz(name: str, out: Path, minutes: float) -> int:
    import atheris

    with atheris.instrument_imports(include=["gigbox"]):
        from tests.fuzz.targets import TARGETS
    corpus = out / name
    corpus.mkdir(parents=True, exist_ok=True)
    atheris.Setup(["fuzz", f"-max_total_time={int(minutes * 60)}", "-max_len=16384", f"-artifact_prefix={out}/{name}-", "-print_final_stats=1", "-verbosity=0",
                   str(corpus)], TARGETS[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
