"""Imports go one way: cli, to the programs, to what all share. Any other edge is a failure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).parents[1] / "firmware"
SHARED = {"blas", "boot", "rack", "recordings", "people", "devices", "health", "doctor", "commands", "reset", "texts", "params", "errors", "places", "files",
          "loudness", "ports", "pulse", "stopping", "streams", "sight", "tuner", "idea_book", "network", "takes", "_core", "_alsa", "__init__"}
PROGRAMS = {"engine", "desk", "brain", "panel", "web", "remote", "tape", "render", "run", "update", "ideas"}
# Rooms of the brain, and what each may ask for in the others: what hears knows no rule, and rules know no line check.
ROOMS = {
    "arrays": set(), "tflite": set(), "desk_view": set(), "roles": set(),
    "hear": {"arrays", "roles"}, "auto": {"hear"}, "denoise": {"arrays", "tflite", "hear"}, "who": {"arrays", "tflite", "roles", "hear", "auto"},
    "mix": {"arrays", "roles", "hear", "auto", "desk_view"}, "linecheck": {"arrays", "hear"}, "taste": {"desk_view"}, "feedback": set(),
    "brain": {"arrays", "desk_view", "roles", "hear", "auto", "who", "mix"},
    "worker": {"arrays", "desk_view", "roles", "hear", "auto", "who", "mix", "denoise", "linecheck", "taste", "feedback", "brain"}}
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
    if here == there == "brain":
        return inner_fault(name, asked)
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


def inner_fault(name: str, asked: str) -> str:
    """Why a room of the brain may not ask for another, or nothing."""
    here, there = name.split(".")[2], asked.split(".")[2] if asked.count(".") > 1 else "__init__"
    if here in ("__init__", there) or there == "__init__":
        return ""
    if here not in ROOMS:
        return f"{name}: is in no room of the brain, expected one of {', '.join(sorted(ROOMS))}"
    return "" if there in ROOMS[here] else f"{name}: asks for {asked}, but {here} may only ask for {', '.join(sorted(ROOMS[here])) or 'nothing'}"


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
    assert {("parser.py", "gigbox.params"), ("worker.py", "gigbox.desk.client"), ("introduction.py", "gigbox.desk.client"),
            ("core.py", "gigbox._core.ffi")} <= edges


@pytest.mark.parametrize(("file", "line"), [
    ("web/app.py", "from gigbox.engine.core import Engine"),
    ("brain/worker.py", "import gigbox.web.app"),
    ("brain/worker.py", "from gigbox.desk import state"),
    ("brain/worker.py", "from ..engine import core"),
    ("desk/state.py", "def later():\n    from gigbox.brain.mix.automix import Automix"),
    ("engine/core.py", "from gigbox import run"),
    ("rack.py", "from gigbox.desk.client import Client"),
    ("params.py", "from gigbox.engine import core"),
    ("render/render.py", "from gigbox.web.app import run"),
    ("run/programs.py", "from gigbox.brain.worker import run"),
    ("tape/tape.py", "from gigbox.cli import main"),
    ("new.py", "import json"),
    ("web/app.py", "from gigbox.nowhere import x"),
    ("brain/hear/activity.py", "from gigbox.brain.mix.stage import Stage"),
    ("brain/hear/bands.py", "from gigbox.brain import auto"),
    ("brain/linecheck/line.py", "from gigbox.brain.mix.hum_notches import HumNotches"),
    ("brain/mix/faders.py", "from gigbox.brain.brain import Brain"),
    ("brain/auto.py", "from gigbox.brain.desk_view import View"),
    ("brain/stage.py", "from gigbox.brain.hear.bands import HZ"),
])
def test_a_forbidden_edge_is_found(tmp_path: Path, file: str, line: str) -> None:
    place = tmp_path / "gigbox" / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(line)
    assert len(faults(tmp_path)) == 1


@pytest.mark.parametrize(("file", "line"), [
    ("cli/x.py", "from gigbox.brain.worker import run"),
    ("web/app.py", "from gigbox.desk.client import Client"),
    ("web/app.py", "from . import serve"),
    ("brain/worker.py", "from gigbox import params, places"),
    ("render/session.py", "from gigbox.brain.mix.automix import Automix"),
    ("run/programs.py", "from gigbox.engine.song import Song"),
    ("render/report.py", "from gigbox import __version__"),
    ("web/app.py", "from flask import Flask"),
    ("brain/mix/stage.py", "from gigbox.brain.hear.activity import Activity"),
    ("brain/worker.py", "from gigbox.brain.taste.file import TasteFile"),
])
def test_an_allowed_edge_is_let_through(tmp_path: Path, file: str, line: str) -> None:
    place = tmp_path / "gigbox" / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(line)
    assert faults(tmp_path) == []
