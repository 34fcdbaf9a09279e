"""Whether the box may be replaced now, and by what: never during a show, only by a bundle that RAUC trusts, and only when somebody asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from gigbox.commands import ended
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError

RAUC = "rauc"
RELEASE = Path("/etc/os-release")
Ended = Callable[[Sequence[str]], tuple[int, str, str]]


def refuse_during_show(what: str, client: Callable[[], Client]) -> None:
    """GigboxError where the desk says that a show is on. A box whose desk does not answer may be mended."""
    try:
        with client() as desk:
            mode = desk.get("box/mode")["box/mode"].value
    except MachineError:
        return
    if mode == "show":
        raise GigboxError(f"{what}: a show is on, expected box/mode soundcheck")


def refuse_older(there: str, release: Path = RELEASE) -> None:
    """GigboxError where version `there` of a bundle is not at least that of the image that runs; a system that is no image of ours takes any."""
    found = re.search(r'^IMAGE_VERSION="?([^"\n]*)', release.read_text(), re.MULTILINE)
    if not found:
        return
    if not there:
        raise GigboxError(f"update: the bundle names no version, expected {found[1]} or above")
    if _numbers(there) < _numbers(found[1]):
        raise GigboxError(f"update: version {there} is older than {found[1]}, which runs; expected a newer one")


def install(bundle: Path, run: Ended = lambda command: ended(command, None), release: Path = RELEASE) -> str:
    """What RAUC says at its end; MachineError, with why, where the other slot was not written whole. The slot that runs is never touched."""
    if not bundle.is_file():
        raise GigboxError(f"{bundle}: not a file, expected a bundle (.raucb)")
    refuse_older(_version(bundle, _rauc(bundle, run, "info", "--output-format=json")), release)
    last = _lines(_rauc(bundle, run, "install"))
    return last[-1] if last else ""


def _version(bundle: Path, told: str) -> str:
    """Of what `rauc info` said; empty where the bundle names none."""
    try:
        found = json.loads(told)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        said = next(iter(_lines(told)), "nothing")
        raise MachineError(f"{bundle}: not installed: rauc info said '{said[:60]}', expected JSON that names its version; see: rauc info {bundle}")
    version = found.get("version") or ""
    if not isinstance(version, str):
        raise MachineError(f"{bundle}: not installed: rauc info said version {json.dumps(version)[:60]}, expected text")
    return version


def _rauc(bundle: Path, run: Ended, *words: str) -> str:
    code, said, complained = run([RAUC, *words, str(bundle.resolve())])
    last = _lines(said + complained)
    if code:
        raise MachineError(f"{bundle}: not installed: {next((line for line in reversed(last) if 'rror' in line), last[-1] if last else 'rauc said nothing')}")
    return said


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
