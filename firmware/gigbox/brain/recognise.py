"""Stand-in until the recogniser is merged."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gigbox.rack import Rack

CLASSES: tuple[str, ...] = ()
@dataclass(frozen=True)
class Verdict:
    name: str = ""
    confidence: float = 0.0
    top: tuple[tuple[str, float], ...] = ()
    seconds: float = 0.0
class Recogniser:
    def __init__(self, path: Path | None = None) -> None: ...
    def hear(self, rack: Rack) -> None: ...
    def verdicts(self) -> tuple[Verdict, ...]:
        return ()
    def forget(self, channel: int) -> None: ...
