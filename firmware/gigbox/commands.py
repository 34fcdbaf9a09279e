"""Other programs of the box, run to their end; one line says why one did not do its work."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence

from gigbox.errors import MachineError

SECONDS = 30.0
Run = Callable[[Sequence[str]], str]


def run(command: Sequence[str], seconds: float = SECONDS) -> str:
    """Its stdout; MachineError, with its last words, where it does not end well or in time."""
    code, said, complained = ended(command, seconds)
    if code:
        raise MachineError(f"{command[0]}: {_last(complained) or _last(said) or f'ended with {code}'}")
    return said


def ended(command: Sequence[str], seconds: float | None = SECONDS) -> tuple[int, str, str]:
    """Exit code, stdout and stderr; MachineError where it is not there or not done in time."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise MachineError(f"{command[0]}: no answer in {seconds:g} s") from None
    except OSError as e:
        raise MachineError(f"{command[0]}: {e.strerror}, expected a box that was made by `make image`") from None
    return done.returncode, done.stdout, done.stderr


def _last(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
