"""One machine for all checks, since its start takes minutes. What was found goes beside the image: checks/results.json, results.html, and what each kept."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gigbox.files import write_whole
from hil import results
from image import bundle
from image.machine import Machine, machine
from image.tools import run

HERE = Path(__file__).resolve().parents[2]
BOOT_S = 1800.0                # an emulated processor, on a machine that others use, too
Note = Callable[..., None]
Kept = dict[Path, list[results.Row]]
KEPT: Kept = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--image", type=Path, default=HERE / "out/image", help="the folder of `make bundle` (default: out/image)")
    parser.addoption("--cuts", type=int, default=20, help="how often the plug is pulled (default: 20)")
    parser.addoption("--moments", type=int, default=200, help="how often it is looked at what a cut would leave (default: 200)")


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.config.getoption("--image")
    if not (folder / "gigbox.img").exists():
        pytest.skip(f"{folder}/gigbox.img: not there; type: make bundle")
    return folder


@pytest.fixture(scope="session")
def out(built: Path) -> Path:
    folder = built / "checks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def bundles(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with a good update, and with what nobody should take."""
    folder = tmp_path_factory.mktemp("bundles")
    stick, scrap = folder / "stick", folder / "scrap.img"
    stick.mkdir()
    scrap.write_bytes(random.Random(1).randbytes(1 << 20))
    certificate, key = bundle.keys(built / "keys")
    root, boot = built / "root.img", built / "boot.img"
    bundle.bundle(root, boot, "99.1", certificate, key, stick / "good.raucb")
    bundle.bundle(scrap, boot, "99.2", certificate, key, stick / "ruined.raucb")
    bundle.bundle(scrap, scrap, "0.0.1", certificate, key, stick / "older.raucb")
    bundle.bundle(scrap, scrap, "99.3", *bundle.keys(folder / "strangers"), stick / "strange.raucb")
    flipped = bytearray((stick / "good.raucb").read_bytes())
    flipped[len(flipped) // 2] ^= 1
    (stick / "flipped.raucb").write_bytes(flipped)
    run("mke2fs", "-q", "-t", "ext4", "-L", "stick", "-d", stick, folder / "stick.img", f"{sum(p.stat().st_size for p in stick.iterdir()) // 1024 + 65536}k")
    return folder / "stick.img"


@pytest.fixture(scope="session")
def box(built: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """On, its page there, a shell in it; where updates are checked, a stick beside the card."""
    wanted = any(item.path.stem == "test_updates" for item in request.session.items)
    stick = request.getfixturevalue("bundles") if wanted else None
    with machine(built / "gigbox.img", tmp_path_factory.mktemp("machine"), stick) as made:
        made.power_on()
        made.starts(BOOT_S)
        yield made


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Keeps a figure: note(what, figure, unit, promised)."""
    def keep(what: str, figure: float, unit: str, promised: str) -> None:
        KEPT.setdefault(request.path, []).append(results.figure(request.node.name, what, figure, unit, promised))
    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call" or report.failed:
        KEPT.setdefault(item.path, []).append(results.outcome(item.name, report))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each file's rows replace those of its last run; the page shows all files."""
    folder = session.config.getoption("--image") / "checks"
    if not folder.exists():
        return
    for path, rows in KEPT.items():
        write_whole(folder / f"{path.stem.removeprefix('test_')}.json", results.text(rows))      # others may be reading it: make check-card
    kept = [path for path in sorted(folder.glob("*.json")) if (HERE / f"image/checks/test_{path.stem}.py").exists()]
    results.write(folder, [row for path in kept for row in json.loads(path.read_text())])
