"""Whether the box may be replaced now, and by what: never during a show, only by a bundle that RAUC trusts, and only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gigbox.commands import ended
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError

RAUC = "rauc"


def refuse_during_show(what: str, client: Callable[[], Client]) -> None:
    """GigboxError where the desk says that a show is on. A box whose desk does not answer may be mended."""
    try:
        with client() as desk:
            mode = desk.get("box/mode")["box/mode"].value
    except MachineError:
        return
    if mode == "show":
        raise GigboxError(f"{what}: a show is on, expected box/mode soundcheck")


def install(bundle: Path, run: Callable[[Sequence[str]], tuple[int, str, str]] = lambda command: ended(command, None)) -> str:
    """What RAUC says at its end; MachineError, with why, where the other slot was not written whole. The slot that runs is never touched."""
    if not bundle.is_file():
        raise GigboxError(f"{bundle}: not a file, expected a bundle (.raucb)")
    code, said, complained = run([RAUC, "install", str(bundle.resolve())])
    last = [line.strip() for line in (said + complained).splitlines() if line.strip()]
    if code:
        raise MachineError(f"{bundle}: not installed: {next((line for line in reversed(last) if 'rror' in line), last[-1] if last else 'rauc said nothing')}")
    return last[-1] if last else ""
