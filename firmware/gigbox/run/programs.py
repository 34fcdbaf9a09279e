"""What the box is made of: every program, how it is started, and how long it may stand still. Whoever starts programs reads it here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gigbox.engine.song import Song


@dataclass(frozen=True)
class Program:
    """`arguments` follow `gigbox`. Each sends its pulse as gigbox.pulse says; `start_s` is for the first beat, which may take a slow card long."""

    name: str
    arguments: tuple[str, ...]
    still_s: float
    start_s: float = 30.0


def programs(song: Song, port: int, period: int, model: Path | None = None) -> tuple[Program, ...]:
    """All of them, in the order in which they are started: the sound first."""
    return (Program("engine", ("engine", "--song", str(song.folder), "--period", str(period), *_roles(song)), 2.0, 10.0),
            Program("desk", ("desk",), 5.0),                   # a slow card may hold it up for seconds
            Program("brain", ("brain", *(("--model", str(model)) if model else ())), 3.0),
            Program("web", ("web", "--port", str(port)), 3.0))


def _roles(song: Song) -> tuple[str, ...]:
    given = [f"{n}={track.role}" for n, track in enumerate(song.tracks, 1) if track.role_source == "given"]
    return ("--roles", ",".join(given)) if given else ()
