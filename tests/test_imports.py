"""Imports go one way: cli, to the programs, to what all share. Any other edge is a failure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).parents[1] / "firmware"
SHARED = {"rack", "params", "errors", "places", "files", "pulse", "saying", "loudness", "ports", "stopping", "_core", "__init__"}
PROGRAMS = {"engine", "desk", "brain", "panel", "web", "remote", "tape", "render", "run", "health"}
DRIVES = {"render": {"engine", "desk", "brain"}, "run": {"engine"}}     # whole programs in one process, and what starts them


def imports(source: str, name: str) -> Iterator[str]:
    """Every module of gigbox that a source asks for, as `gigbox.a.b`, also within functions; `name` is its own, for relative imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "gigbox")
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(name.split(".")[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            if module == "gigbox":
                yield from (f"gigbox.{alias.name}" for alias in node.names)
            elif module.split(".")[0] == "gigbox":
                yield from (f"{module}.{alias.name}" if module.count(".") == 1 else module for alias in node.names)


def fault(name: str, asked: str) -> str:
    """Why module `name` may not ask for `asked`, or nothing."""
    words = [*asked.split("."), "__init__"]
    here, there = name.split(".")[1], words[1] if words[1] != "__version__" else "__init__"
    if here == there or (there in SHARED and (here not in SHARED or here != "__init__")):
        return ""
    if there in SHARED:
        return f"{name}: the package itself asks for {asked}, expected nothing"
    if here in SHARED:
        return f"{name}: asks for {asked}, expected only {', '.join(sorted(SHARED))}"
    if there not in PROGRAMS:
        return f"{name}: asks for {asked}, which is no program and nothing shared"
    if here == "cli" or there in DRIVES.get(here, ()) or (here in PROGRAMS and words[1:3] == ["desk", "client"]):
        return ""
    return f"{name}: asks for {asked}, but programs meet only through desk.client and the rack"


def faults(firmware: Path) -> list[str]:
    found = set()
    for file in sorted((firmware / "gigbox").rglob("*.py")):
        parts = file.relative_to(firmware).with_suffix("").parts
        name = ".".join(parts)
        if parts[1] not in SHARED | PROGRAMS | {"cli"}:
            found.add(f"{name}: is neither a program nor shared nor cli")
        found |= {fault(name, asked) for asked in imports(file.read_text("utf-8"), name)} - {""}
    return sorted(found)


def test_imports_go_one_way() -> None:
    assert faults(FIRMWARE) == []


def test_the_walk_sees_the_edges_that_are_there() -> None:
    edges = {(p.name, a) for p in (FIRMWARE / "gigbox").rglob("*.py") for a in imports(p.read_text("utf-8"), "gigbox.x.y")}
    assert {("cli.py", "gigbox.params"), ("worker.py", "gigbox.desk.client"), ("introduction.py", "gigbox.desk.client"),
            ("core.py", "gigbox._core.ffi")} <= edges


@pytest.mark.parametrize(("file", "line"), [
    ("web/app.py", "from gigbox.engine.core import Engine"),
    ("brain/worker.py", "import gigbox.web.app"),
    ("brain/worker.py", "from gigbox.desk import state"),
    ("brain/worker.py", "from ..engine import core"),
    ("desk/state.py", "def later():\n    from gigbox.brain.automix import Automix"),
    ("engine/core.py", "from gigbox import run"),
    ("rack.py", "from gigbox.desk.client import Client"),
    ("params.py", "from gigbox.engine import core"),
    ("render/render.py", "from gigbox.web.app import run"),
    ("run/programs.py", "from gigbox.brain.worker import run"),
    ("tape/tape.py", "from gigbox.cli import main"),
    ("new.py", "import json"),
    ("web/app.py", "from gigbox.nowhere import x"),
])
def test_a_forbidden_edge_is_found(tmp_path: Path, file: str, line: str) -> None:
    place = tmp_path / "gigbox" / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(line)
    assert len(faults(tmp_path)) == 1


@pytest.mark.parametrize(("file", "line"), [
    ("cli.py", "from gigbox.brain.worker import run"),
    ("web/app.py", "from gigbox.desk.client import Client"),
    ("web/app.py", "from . import serve"),
    ("brain/worker.py", "from gigbox import params, places"),
    ("render/session.py", "from gigbox.brain.automix import Automix"),
    ("run/programs.py", "from gigbox.engine.song import Song"),
    ("render/report.py", "from gigbox import __version__"),
    ("web/app.py", "from flask import Flask"),
])
def test_an_allowed_edge_is_let_through(tmp_path: Path, file: str, line: str) -> None:
    place = tmp_path / "gigbox" / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(line)
    assert faults(tmp_path) == []
