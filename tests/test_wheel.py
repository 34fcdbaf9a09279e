"""The package stands alone: what is built from a checkout has all that it needs, away from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[1]
NOT_SOURCE = shutil.ignore_patterns(".git", ".venv", "build", "out", "*.egg-info", "*.so", "_core.c", "__pycache__", ".*_cache", ".hypothesis", "demo",
                                    "node_modules")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return built(sys.executable, folder)


def built(python: str, folder: Path) -> Path:
    """By this Python, which has setuptools and cffi."""
    shutil.copytree(ROOT, folder / "gigbox", ignore=NOT_SOURCE)
    pip = [python, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([*pip, "-w", str(folder), str(folder / "gigbox")], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def away(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it, and with the packages that it asks for from this one; no checkout is in sight."""
    folder = tmp_path_factory.mktemp("away")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = folder / f"lib/python{sysconfig.get_python_version()}/site-packages"
    zipfile.ZipFile(wheel).extractall(site)
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")       # of a path in there no other .pth is read
    return folder / "bin/python"


def gigbox(python: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIGBOX_MODELS", "PYTHON"))}
    return subprocess.run([str(python), "-m", "gigbox.cli", *map(str, arguments)], capture_output=True, text=True, cwd=python.parent, env=clean)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, t = tmp_path_factory.mktemp("song"), np.arange(3 * 48000) / 48000
    for name, hz in (("1-vox", 220), ("2-bass", 55)):
        soundfile.write(folder / f"{name}.wav", 0.1 * np.sin(2 * np.pi * hz * t) + 0.001 * np.random.default_rng(1).standard_normal(len(t)), 48000)
    return folder


def check(python: Path, song: Path, out: Path) -> None:
    """It knows its models, mixes with them, and has its page."""
    models = gigbox(python, "models")
    assert models.returncode == 0, models.stderr
    assert [line.split(":")[0] for line in models.stdout.splitlines() if line and not line.startswith(" ")] == ["denoise", "recognise"]
    rendered = gigbox(python, "render", song, "-o", out, "--roles", "1=lead_vocal,2=bass")
    assert (rendered.returncode, rendered.stderr) == (0, "")
    assert (out / "mix.flac").stat().st_size > 10000
    where = "from importlib.resources import files as f; s = f('gigbox') / 'web/static'; " \
        "print((s / 'index.html').is_file() and {p.suffix for p in (s / 'assets').iterdir()} >= {'.js', '.css', '.br'}, s)"
    page = subprocess.run([str(python), "-c", where], capture_output=True, text=True, cwd=python.parent)
    assert page.stdout.startswith("True ")
    assert str(ROOT) not in page.stdout


def test_a_wheel_has_tables_models_and_page(away: Path, song: Path, tmp_path: Path) -> None:
    check(away, song, tmp_path / "out")


def test_what_a_wheel_does_not_have_is_told_in_one_line(away: Path) -> None:
    told = gigbox(away, "run")
    assert (told.returncode, told.stderr) == (1, "gigbox: the demo gig is not here, expected demo/gig beside firmware/; name a folder with --song\n")
    told = gigbox(away, "bench")
    assert (told.returncode, told.stderr) == (2, "gigbox: bench: blocks.c is not here; it needs the source tree, not an installed package\n")


@pytest.mark.soak
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_a_wheel_and_what_it_asks_for_in_an_empty_environment(version: str, song: Path, tmp_path: Path) -> None:
    found = (f"python{version}", *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python")))
    runs = [p for p in found if shutil.which(p) and subprocess.run([p, "-c", ""], capture_output=True).returncode == 0]      # a shim of pyenv may not
    if not runs:
        pytest.skip(f"no Python {version} here")
    subprocess.run([runs[0], "-m", "venv", str(tmp_path / "v")], check=True)
    python = tmp_path / "v/bin/python"
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, "setuptools", "wheel", "cffi"], check=True)
    subprocess.run([*pip, str(built(str(python), tmp_path))], check=True)
    check(python, song, tmp_path / "out")
