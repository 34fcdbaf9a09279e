"""One bench for all promises of a run: `--bench hil.toml` names a real one. What was measured goes into out/hil/: results.json, and results.html for people."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hil.bench import Bench, until
from hil.bench import sounds as box_sounds
from hil.real import RealBench
from hil.simulated import SimulatedBench

OUT = Path("out/hil")
Note = Callable[..., None]
ROWS: list[dict[str, object]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bench", default="", help="hil.toml of a real bench (default: a simulated one)")


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    told, folder = request.config.getoption("--bench"), tmp_path_factory.mktemp("bench")
    made: Bench = RealBench(Path(told), folder) if told else SimulatedBench(folder)
    made.power_on()
    try:
        until(lambda: box_sounds(made), 60, "the first sound")
        yield made
    finally:
        made.pull_the_plug()


@pytest.fixture
def note(request: pytest.FixtureRequest, bench: Bench) -> Note:
    """Keeps a figure: note(what, figure, unit, promised)."""
    def keep(what: str, figure: float, unit: str, promised: str) -> None:
        ROWS.append({"promise": request.node.name, "bench": bench.name, "what": what, "figure": round(float(figure), 4), "unit": unit, "promised": promised})
    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call" or report.failed:
        ROWS.append({"promise": item.name, "kept": bool(report.passed), "why": "" if report.passed else str(report.longrepr).splitlines()[-1]})
    return report


def pytest_sessionfinish() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "results.json").write_text(json.dumps(ROWS, indent=1) + "\n")
    (OUT / "results.html").write_text(page(ROWS))


def page(rows: list[dict[str, object]]) -> str:
    """A table for a person: each promise, whether it was kept, and what was measured."""
    kept = {row["promise"]: row for row in rows if "kept" in row}
    lines = []
    for name, row in kept.items():
        figures = "; ".join(f"{r['what']} {r['figure']:g} {r['unit']} (promised: {r['promised']})" for r in rows if r["promise"] == name and "what" in r)
        words = str(name).removeprefix("test_").replace("_", " ")
        lines.append(f"<tr><td>{'kept' if row['kept'] else 'BROKEN'}<td>{html.escape(words)}<td>{html.escape(figures or str(row['why']))}")
    style = "body{font:16px sans-serif;margin:2em}td{padding:.3em .8em;border-top:1px solid #ccc}"
    return (f"<!doctype html><meta charset=utf-8><title>gigbox: promises</title><style>{style}</style><h1>Promises</h1><table>" + "".join(lines) + "</table>\n")
