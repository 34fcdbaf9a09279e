"""One bench for all promises of a run: `--bench hil.toml` names a real one, `--bench uml` that of a kernel of its own.

What was measured goes into out/hil/: results.json, and results.html for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hil import results
from hil.bench import Bench, until
from hil.bench import sounds as box_sounds
from hil.breaks import BrokenBench
from hil.looped import LoopedBench
from hil.own import OwnPrograms
from hil.real import RealBench
from hil.simulated import SimulatedBench

Note = Callable[..., None]
ROWS: list[dict[str, object]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bench", default="", help="hil.toml of a real bench, or uml within `python -m hil.uml` (default: a simulated one)")
    parser.addoption("--break", default="", dest="broken", metavar="NAME", help="a simulated bench that breaks a promise (default: one that keeps all)")
    parser.addoption("--out", type=Path, default=Path("out/hil"), help="where what was measured goes (default: out/hil)")


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = _bench(request.config.getoption("--bench"), request.config.getoption("broken"), tmp_path_factory.mktemp("bench"))
    made.power_on()
    try:
        until(lambda: box_sounds(made), 60, "the first sound")
        yield made
    finally:
        made.pull_the_plug()


def _bench(told: str, broken: str, folder: Path) -> Bench:
    if broken:
        return BrokenBench(folder, broken)
    if told == LoopedBench.name:
        return LoopedBench(folder)
    return RealBench(Path(told), folder) if told else SimulatedBench(folder)


@pytest.fixture
def note(request: pytest.FixtureRequest, bench: Bench) -> Note:
    """Keeps a figure: note(what, figure, unit, promised)."""
    def keep(what: str, figure: float, unit: str, promised: str) -> None:
        ROWS.append({**results.figure(request.node.name, what, figure, unit, promised), "bench": bench.name})
    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed and isinstance(box := item.funcargs.get("bench"), OwnPrograms):
        report.sections.append(("what the box said", box.said()))
    if report.when == "call" or report.failed:
        ROWS.append(results.outcome(item.name, report))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    results.write(session.config.getoption("--out"), ROWS)
