"""An emulated machine of the box's kind: Debian's Python for arm64 with the pinned wheels, run by qemu-user. Made once, in build/arm64.

LiteRT asks /proc/cpuinfo what it runs on, and qemu shows the host's: so the emulated machine has one of its own, of a Raspberry Pi 4.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build/arm64"
WANTED = ("python3-minimal", "libpython3-stdlib", "libstdc++6")
WHEELS = ("numpy", "ai-edge-litert")
CPU = "\n".join(f"processor\t: {n}\nFeatures\t: fp asimd evtstrm crc32 cpuid\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\n"
                f"CPU part\t: 0xd08\nCPU revision\t: 3\n" for n in range(4))


class NotHere(Exception):
    """Why there is no emulated machine, in one line with the remedy."""


def python(script: Path, *arguments: str | Path, timeout: float = 120) -> None:
    """Run a script on the emulated machine; its own folder and the root are the host's."""
    system = _machine()
    command = [_need("qemu-aarch64-static", "qemu-user-static"), "-cpu", "cortex-a72", "-L", str(system), "-E", f"PYTHONPATH={PLACE / 'site'}",
               "-E", f"PYTHONHOME={system / 'usr'}", str(_interpreter(system)), str(script), *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise NotHere(f"{script.name} on arm64: not done after {timeout:g} s") from None
    if done.returncode:
        raise NotHere(f"{script.name} on arm64: exit code {done.returncode}: {_last_line(done.stderr)}")


def _machine() -> Path:
    """The root of its file system; made anew when a pinned version is another."""
    system, ready, made_of = PLACE / "system", PLACE / "ready", "\n".join((*WANTED, *_pins()))
    if not ready.exists() or ready.read_text() != made_of:
        for program in ("apt-get", "apt-cache", "dpkg"):
            if not shutil.which(program):
                raise NotHere(f"{program}: not here; the arm64 machine is made of Debian's packages: run this test on Debian or Ubuntu")
        shutil.rmtree(PLACE, ignore_errors=True)
        (system / "proc").mkdir(parents=True)
        (system / "proc/cpuinfo").write_text(CPU)
        _unpack_system(system)
        _unpack_wheels(_interpreter(system).name.removeprefix("python"))
        ready.write_text(made_of)
    return system


def _unpack_system(system: Path) -> None:
    """Debian's packages, fetched beside the host's own and never installed."""
    state = PLACE / "apt"
    (state / "lists/partial").mkdir(parents=True)
    (state / "debs").mkdir()
    options = ["-oAPT::Architecture=arm64", "-oAPT::Architectures=arm64", f"-oDir::State::Lists={state / 'lists'}", f"-oDir::Cache={state}", "-qq"]
    _do(["apt-get", *options, "update"], "apt-get update for arm64")
    said = _do(["apt-cache", *options, "depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces",
                "--no-enhances", *WANTED], "apt-cache depends")
    names = sorted({line.strip() for line in said.splitlines() if line[:1].isalnum() and "<" not in line} - {"debconf", "dpkg", "tar", "perl-base"})
    _do(["apt-get", *options, "download", *names], "apt-get download of Debian's Python for arm64", state / "debs")
    for deb in (state / "debs").glob("*.deb"):
        _do(["dpkg", "-x", str(deb), str(system)], f"dpkg -x {deb.name}")
    for folder in ("lib", "lib64", "bin", "sbin"):       # what a merged /usr has as links
        if not (system / folder).exists() and (system / "usr" / folder).exists():
            (system / folder).symlink_to(Path("usr") / folder)
    shutil.rmtree(state)


def _unpack_wheels(version: str) -> None:
    wheels = PLACE / "wheels"
    platforms = [word for name in ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014") for word in ("--platform", f"{name}_aarch64")]
    _do([sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--only-binary=:all:", "--no-deps", "--python-version", version,
         *platforms, "-c", str(ROOT / "constraints.txt"), "-d", str(wheels), *WHEELS], "pip download of the arm64 wheels")
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(PLACE / "site")
    shutil.rmtree(wheels)


def _interpreter(system: Path) -> Path:
    return next(p for p in sorted((system / "usr/bin").glob("python3.*")) if p.name.replace(".", "").removeprefix("python").isdigit())


def _pins() -> list[str]:
    return [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line.split("==")[0].lower() in WHEELS]


def _last_line(said: str) -> str:
    return said.strip().splitlines()[-1] if said.strip() else "it said nothing"


def _need(program: str, package: str) -> str:
    found = shutil.which(program)
    if not found:
        raise NotHere(f"{program}: not installed; type: sudo apt-get install {package}")
    return found


def _do(command: list[str], what: str, folder: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode:
        raise NotHere(f"{what}: failed ({_last_line(done.stderr)}); is there a network?")
    return done.stdout
