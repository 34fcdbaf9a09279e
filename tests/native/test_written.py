"""THE table and the core: params.h is what native/params_header.py writes, each row acts on what it says, and nothing leans on the order of rows."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from gigbox._core import lib

from gigbox import params
from gigbox.errors import RackError
from gigbox.params import TABLE, Param
from gigbox.rack import Rack

ROOT = Path(__file__).resolve().parents[2]
# First indices as they were when first released: rows may only be appended behind the last.
RELEASED = {"strip/*/role": 0, "strip/*/input/gain": 32, "strip/*/trim": 96, "strip/*/mute": 224, "strip/*/hpf/on": 288, "strip/*/denoise/amount": 512,
            "box/depth": 2895, "box/lookahead": 2900, "box/duck/threshold": 2902, "box/share/depth": 2908}
NEW = (Param("strip/*/stars", "web", "", 0, 5, 0, "step", 20, "hand", "a row that was put in front"),
       Param("box/stars", "web", "", 0, 5, 0, "step", 20, "hand", "a row that was put in the middle"))
# Where a program reads the rows that act on it.
SOURCES = {"engine": ("native/src/*.c",), "desk": ("firmware/gigbox/desk/*.py",), "brain": ("firmware/gigbox/brain/**/*.py",),
           "ideas": ("firmware/gigbox/ideas/*.py",), "tape": ("firmware/gigbox/tape/*.py",), "remote": ("firmware/gigbox/remote/*.py",),
           "web": ("firmware/gigbox/web/*.py", "webui/src/pages/*.tsx", "webui/src/parts/*.tsx")}
# Rows that are read by what they have in common: those of all outputs, and safes.
ALIKE = ((r"^(main|monitor/.*?\))/", r"(\1|\\{owner\\})/"), (r"^box/safe/\w+$", r"box/safe/\\{kind\\}"), (r"^.*/safe$", '/safe"'))

header: Callable[..., str] = runpy.run_path(str(ROOT / "native/params_header.py"))["header"]


def test_the_c_header_is_what_the_table_says() -> None:
    assert (ROOT / "native/src/params.h").read_text() == header(), "params.h is stale, write it anew with python native/params_header.py"


def test_rows_keep_their_index() -> None:
    assert {path: params.FIRST[path] for path in RELEASED} == RELEASED


def test_appending_a_row_moves_nothing() -> None:
    ends = [params.FIRST[p.path] + p.size for p in TABLE]
    assert ends == [*(params.FIRST[p.path] for p in TABLE[1:]), params.VALUES]


def test_the_core_was_built_from_this_table() -> None:
    assert lib.gb_table_hash() == params.table_hash()


def test_a_core_of_another_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(params, "table_hash", lambda: 7)
    with pytest.raises(RackError, match=r"^core: built from another table than params.py, expected params.h written anew and the core built again$"):
        Rack(None, 2)


def differing(program: Path, rows: tuple[Param, ...] = TABLE) -> set[str]:
    """The rows of which native/tests/acts.c tells that they mark other blocks than they change."""
    firsts = {first: p.path for p, first in zip(rows, (sum(p.size for p in rows[:n]) for n in range(len(rows))), strict=True)}
    *lines, last = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    assert last == f"{len(rows)} rows"
    return {firsts[int(line.split()[0])] for line in lines}


def test_every_row_designs_the_block_that_it_acts_on_and_no_other(builds: Path) -> None:
    assert differing(builds / "acts") == set()


def test_the_core_leans_on_no_order_of_rows(builds: Path, tmp_path: Path) -> None:
    """Rows shuffled, with new ones among them: each acts as before, and the sound is the same to the last bit."""
    rows = [NEW[0], *Random(1).sample(TABLE, len(TABLE))]
    rows.insert(50, NEW[1])
    for folder in ("include", "src", "tests"):
        shutil.copytree(ROOT / "native" / folder, tmp_path / folder)
    (tmp_path / "src/params.h").write_text(header(rows))
    made = subprocess.run(["make", "-C", tmp_path / "tests", "-j2", f"OUT={tmp_path}", tmp_path / "acts", tmp_path / "scenario_base"],
                          capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert differing(tmp_path / "acts", tuple(rows)) == set()
    ours, theirs = (subprocess.run([place / "scenario_base", "5", "0.5"], capture_output=True, check=True).stdout for place in (builds, tmp_path))
    assert ours == theirs


@pytest.mark.parametrize(("row", "missing"), [
    (replace(params.find("main/notch/1/gain").param, acts="stars"), "BUS_STARS"),
    (replace(params.find("fx/1/time").param, acts="stars"), "FX_STARS"),
    (replace(NEW[0], acts="stars"), "STRIP_STARS"),
], ids=lambda x: x if isinstance(x, str) else "")
def test_a_row_whose_block_the_core_does_not_have_does_not_compile(tmp_path: Path, row: Param, missing: str) -> None:
    for place in ((ROOT / "native/src").glob("*.[ch]"), (ROOT / "native/include").glob("*.h")):
        for file in place:
            shutil.copy(file, tmp_path)
    (tmp_path / "params.h").write_text(header([row if p.path == row.path else p for p in TABLE] if row.path != NEW[0].path else [*TABLE, row]))
    made = subprocess.run(["cc", "-std=gnu11", "-fsyntax-only", "-Wall", "-Werror", tmp_path / "commands.c"], capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert missing in made.stderr


def test_every_row_that_a_program_reads_is_read_there() -> None:
    texts: dict[str, str] = {name: "\n".join(f.read_text() for pattern in patterns for f in sorted(ROOT.glob(pattern))) for name, patterns in SOURCES.items()}
    assert SOURCES.keys() == set(params.PROGRAMS)
    unread: list[Any] = []
    for p in TABLE:
        if p.acts in params.PROGRAMS:
            said = r"(\*|\$?\{[^}]*\})".join(map(re.escape, p.path.split("*")))
            for alike, how in ALIKE:
                said = re.sub(alike, how, said)
            name = r"\bGB_" + p.path.replace("/*", "").replace("/", "_").upper() + r"\b"
            unread += [p.path] if not re.search(name if p.acts == "engine" else said, texts[p.acts]) else []
    assert unread == []
