"""What the box is made of: every program, how it is started, watched, favoured and fenced in. `gigbox run` and the units of systemd are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gigbox.engine.song import Song


@dataclass(frozen=True)
class Program:
    """`arguments` follow `gigbox`. Each sends its pulse as gigbox.pulse says; `start_s` is for the first beat, which may take a slow card long.

    priority: of SCHED_FIFO, for the thread of it that asks for that; 0: of none. locked: no page of its memory is ever waited for.
    core: `last` is the machine's last one, which all `others` leave alone where there are CORES or more. again_s: before it is started again.
    sound, network, wires, midi, sticks: what of the machine it needs (wires: GPIO, I2C, SPI and input events; midi: surfaces; sticks: what is plugged in and
    mounted); all else is closed to it under systemd.
    """

    name: str
    arguments: tuple[str, ...]
    still_s: float
    start_s: float = 60.0
    about: str = ""
    priority: int = 0
    locked: bool = False
    core: str = "others"
    again_s: float = 0.25
    sound: bool = False
    network: bool = False
    wires: bool = False
    midi: bool = False
    sticks: bool = False


CORES = 4                     # with fewer no program has one for itself


def programs(song: Song | None, port: int, period: int = 0, model: Path | None = None, device: str = "") -> tuple[Program, ...]:
    """All of them, in the order in which they are started: the sound first. Without a song the engine plays through a card; `device` as of --device."""
    engine = (*(("--song", str(song.folder)) if song else ()), *(("--device", device) if device else ()), *(("--period", str(period)) if period else ()))
    return (Program("engine", ("engine", *engine, *(_roles(song) if song else ())), 2.0, about="the audio", priority=80, locked=True, core="last", sound=True),
            Program("desk", ("desk",), 5.0, about="the truth about every parameter", sound=True),       # a slow card may hold it up for seconds
            Program("brain", ("brain", *(("--model", str(model)) if model else ())), 3.0, about="listens and decides", priority=60),
            Program("ideas", ("ideas",), 5.0, about="hears tempo, key and chords, and has ideas"),
            Program("web", ("web", "--port", str(port)), 3.0, about="the page", network=True, sticks=True),
            Program("panel", ("panel", "--port", str(port)), 3.0, about="knobs, lights and the small screen", priority=20, network=True, wires=True),
            Program("remote", ("remote",), 3.0, about="apps and surfaces that people own", network=True, midi=True),
            Program("tape", ("tape",), 5.0, about="records", sticks=True))                             # a slow stick may hold it up, too


def cores(program: Program, count: int) -> set[int]:
    """Which of so many processors it may run on; all of them, where there are few."""
    if count < CORES:
        return set(range(count))
    return {count - 1} if program.core == "last" else set(range(count - 1))


def _roles(song: Song) -> tuple[str, ...]:
    given = [f"{n}={track.role}" for n, track in enumerate(song.tracks, 1) if track.role_source == "given"]
    return ("--roles", ",".join(given)) if given else ()
