"""gigbox and the wheels that constraints.txt pins, for the box's processor: compiled across, laid where Debian's Python looks for what is not Debian's."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from image.tools import run

HERE = Path(__file__).resolve().parents[1]
PYTHON = "3.13"                     # of the suite
TAGS = ("manylinux_2_17_aarch64", "manylinux2014_aarch64", "manylinux_2_27_aarch64", "manylinux_2_28_aarch64", "manylinux_2_34_aarch64", "linux_aarch64")
# There is no wheel of these for the box: Debian has them as packages.
OF_DEBIAN = {"pyalsaaudio": "python3-alsaaudio"}
OF_BUILD = {"setup.py", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "MANIFEST.in"}
PAGE = "firmware/gigbox/web/static"         # as `make` built it
OWN, LISTING = "usr/share/gigbox", "usr/share/gigbox/wheels.txt"
ORIGIN = "direct_url.json"
CROSS = "aarch64-linux-gnu-gcc"


def install(root: Path, log: Path, again: bool = False) -> None:
    """`again`: what is pinned lies there already, where nothing of it has changed; gigbox itself is always made anew."""
    goal, listing = _folder(root), root / LISTING
    wanted = "".join(f"{line}\n" for line in pinned())
    others = [] if again and listing.exists() and listing.read_text() == wanted else wanted.split()
    for old in (*(goal.glob("gigbox*") if not others else (goal,)), root / OWN):
        shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        own = wheel(root, Path(folder), log)
        run(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--no-deps", "--target", goal, "--only-binary=:all:",
            *(word for tag in TAGS for word in ("--platform", tag)), "--python-version", PYTHON, "--implementation", "cp",
            "--abi", f"cp{PYTHON.replace('.', '')}", "--abi", "abi3", "--abi", "none", own, *others, log=log)
    forget_origin(goal)
    shutil.rmtree(goal / "bin", ignore_errors=True)
    shutil.copytree(HERE / "demo/gig", root / OWN / "demo/gig")      # what a box plays that has no card yet
    listing.write_text(wanted)
    command = root / "usr/local/bin/gigbox"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text("#!/usr/bin/python3\nimport sys\n\nfrom gigbox.cli import main\n\nsys.exit(main())\n")
    command.chmod(0o755)


def forget_origin(goal: Path) -> None:
    """pip notes which file a wheel came from; ours came from a folder that has another name each time."""
    for note in goal.glob(f"*.dist-info/{ORIGIN}"):
        note.unlink()
        record = note.with_name("RECORD")
        record.write_text("".join(line for line in record.read_text().splitlines(keepends=True) if f"/{ORIGIN}," not in line))


def _folder(root: Path) -> Path:
    return root / f"usr/local/lib/python{PYTHON}/dist-packages"


def pinned(constraints: Path = HERE / "constraints.txt", project: Path = HERE / "pyproject.toml") -> list[str]:
    """What gigbox needs, and what that needs, as `name==version`; packages of Debian are left to it."""
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)$", constraints.read_text(), re.MULTILINE))
    by_name = {_plain(name): (name, version) for name, version in versions.items()}
    wanted = [re.split(r"[<>=!~ ;\[]", line)[0] for line in tomllib.loads(project.read_text())["project"]["dependencies"]]
    found: dict[str, str] = {}
    while wanted:
        key = _plain(wanted.pop())
        if key in found or key in OF_DEBIAN or key not in by_name:
            continue
        name, version = by_name[key]
        found[key] = f"{name}=={version}"
        wanted += _requires(name)
    return sorted(found.values())


def wheel(root: Path, folder: Path, log: Path) -> Path:
    """gigbox as a wheel of aarch64. libasound is the root's own, its headers are this machine's: they are the same for all processors."""
    tree = folder / "tree"
    tree.mkdir()
    for name in run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=HERE).split("\0"):
        if name.startswith(("firmware/", "native/", "models/release/")) or name in OF_BUILD:
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, tree / name)
    shutil.copytree(HERE / PAGE, tree / PAGE, dirs_exist_ok=True)
    libraries = folder / "lib"
    libraries.mkdir()
    (libraries / "libasound.so").symlink_to(next((root / "usr/lib/aarch64-linux-gnu").glob("libasound.so.2*")).resolve())
    headers = folder / "include"
    headers.mkdir()
    (headers / "alsa").symlink_to("/usr/include/alsa")
    environment = {"CC": CROSS, "LDSHARED": f"{CROSS} -shared", "_PYTHON_HOST_PLATFORM": "linux-aarch64", "CFLAGS": f"-I{headers}",
                   "LDFLAGS": f"-L{libraries} -Wl,--allow-shlib-undefined", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    run(sys.executable, "setup.py", "-q", "bdist_wheel", "--py-limited-api", "cp311", "--plat-name", "linux_aarch64", "--dist-dir", folder / "dist",
        cwd=tree, env=environment, log=log)
    return next((folder / "dist").glob("*.whl"))


def _requires(name: str) -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return []
    return [re.split(r"[<>=!~ ;\[(]", line)[0] for line in lines if "extra ==" not in line]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
