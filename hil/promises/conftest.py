"""One bench for all promises of a run: `--bench hil.toml` names a real one. What was measured goes into out/hil/: results.json, and results.html for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hil import results
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
        ROWS.append({**results.figure(request.node.name, what, figure, unit, promised), "bench": bench.name})
    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call" or report.failed:
        ROWS.append(results.outcome(item.name, report))
    return report


def pytest_sessionfinish() -> None:
    results.write(OUT, ROWS)
