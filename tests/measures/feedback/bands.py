"""Bands and soloists without any loop: whatever is notched of them is wrong. A band plays into main and six monitors at once, each with its own mix."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from gigbox import params
from gigbox.engine.core import Engine
from gigbox.engine.player import Reel
from gigbox.rack import RATE
from tests.measures.feedback.sounds import PLAYERS, levelled, played

STEP = 12000      # frames
OUTPUTS = 1 + params.COUNTS["monitor"]
GUARDED = {"main/guard/on": 1.0, "box/denoise": 0.0} | {f"monitor/{m}/guard/on": 1.0 for m in range(1, OUTPUTS)}
SPEEDS = ((1, 1), (17, 16), (15, 16))      # as it is, a semitone higher and lower: other pitches, and other hops that notes begin in
SOLOISTS = {"singing": ("vocal/*", "singing/*"), "strings": ("strings/*",), "organ": ("keys/*organ*", "keys/harmonium*"),
            "electric guitar": ("electric_guitar/*",), "brass and saxophone": ("brass_sax/*",), "synth": ("synth/*",)}
HALVES = ("A", "B")


@dataclass
class Heard:
    """What the guard made of it: minutes, trials, false notches, and where those were (Hz, dB a second, seconds)."""

    minutes: float = 0
    trials: int = 0
    notches: int = 0
    where: list[tuple[float, float, float]] = field(default_factory=list)

    def __add__(self, more: Heard) -> Heard:
        return Heard(self.minutes + more.minutes, self.trials + more.trials, self.notches + more.notches, self.where + more.where)


def listen(x: np.ndarray, values: Mapping[str, float]) -> list[Heard]:
    """x: (n, strips) float32, straight through the box with the guard on; main's, then the monitors'."""
    heard = [Heard(len(x) / RATE / 60) for _ in range(OUTPUTS)]
    with Engine(x.shape[1], GUARDED | dict(values)) as engine:
        guard = engine.rack.c.guard
        for at in range(0, len(x) // STEP * STEP, STEP):
            engine.process(x[at:at + STEP])
            for o, mine in enumerate(heard):
                if guard.confirmed[o] > mine.notches:
                    mine.where += [(n.hz, n.growth, n.since / RATE) for n in guard.live[o] if n.state and n.since >= at - RATE]
                mine.trials, mine.notches = int(guard.tests[o]), int(guard.confirmed[o])
    return heard


def band(folder: Path) -> Iterator[np.ndarray]:
    """(n, strips): a song's stems, all of them as microphones, each as loud as the others, at each of the speeds."""
    song = tomllib.loads((folder / "song.toml").read_text())
    stems = np.stack([levelled(_read(folder / strip["file"])) for strip in song["channel"]], axis=1)
    yield from (np.asarray(resample_poly(stems, *speed, axis=0), np.float32) for speed in SPEEDS)


def mixes(strips: int, seed: int) -> dict[str, float]:
    """A mix for main and one for each monitor: somebody's own strip loud, the rest up to 16 dB below it, a few not at all."""
    rng, values = np.random.default_rng(seed), dict[str, float]()
    for n in range(1, strips + 1):
        values[f"strip/{n}/level"] = float(rng.uniform(-6, 3) - 10 * np.log10(strips))
        values[f"strip/{n}/pan"] = float(rng.uniform(-0.7, 0.7))
        for m in range(1, OUTPUTS):
            own = n == (seed + m) % strips + 1
            values[f"strip/{n}/send/{m}/level"] = -3.0 if own else -90.0 if rng.random() < 0.25 else float(rng.uniform(-15, -3) - 4)
    return values


def hear_band(folder: Path, seed: int) -> tuple[Heard, Heard]:
    """Main, and the monitors."""
    heard = [listen(x, mixes(x.shape[1], seed + 10 * number)) for number, x in enumerate(band(folder))]
    return sum((main for main, *_ in heard), Heard()), sum((one for _, *monitors in heard for one in monitors), Heard())


def hear_alone(recordings: list[np.ndarray]) -> Heard:
    """Each by itself into a monitor of its own, six at a time."""
    total = Heard()
    for first in range(0, len(recordings), OUTPUTS - 1):
        some = recordings[first:first + OUTPUTS - 1]
        x = np.zeros((max(map(len, some)), len(some)), np.float32)
        for column, recording in enumerate(some):
            x[: len(recording), column] = recording
        values = {f"strip/{n}/send/{m}/level": 0.0 if n == m else -90.0 for n in range(1, len(some) + 1) for m in range(1, OUTPUTS)}
        for heard, recording in zip(listen(x, values | {"main/guard/on": 0.0})[1:], some, strict=False):
            total += replace(heard, minutes=len(recording) / RATE / 60)
    return total


def soloists(name: str, folder: Path, half: str, most_s: float) -> list[np.ndarray]:
    """Recordings of it in this half: a maker's are all in one, so that what is chosen on A is told by others in B."""
    files = sorted({file for pattern in SOLOISTS[name] for file in folder.rglob(pattern) if file.suffix in (".flac", ".wav", ".ogg")})
    makers = sorted({_maker(file) for file in files})
    mine, have = list[np.ndarray](), 0.0
    for file in files:
        if HALVES[makers.index(_maker(file)) % 2] != half or have > most_s:
            continue
        mine.append(levelled(_read(file)))
        have += len(mine[-1]) / RATE
    return mine


def made(name: str, minutes: float, half: str) -> list[np.ndarray]:
    """Six melodies by formula."""
    return [played(name, 60 * minutes / (OUTPUTS - 1), seed=100 * HALVES.index(half) + n) for n in range(OUTPUTS - 1)] if name in PLAYERS else []


def songs(folders: list[Path]) -> list[tuple[str, Path]]:
    """(half, folder): every second one."""
    found = sorted({file.parent for folder in folders for file in folder.rglob("song.toml")}, key=lambda path: path.name)
    return [(HALVES[n % 2], path) for n, path in enumerate(found)]


def _maker(file: Path) -> str:
    words = file.stem.split("_")
    return words[1].split("-stem")[0] if words[0] == "evremix" else words[0]


def _read(file: Path) -> np.ndarray:
    reel = Reel(file)
    x = reel.read(reel.frames).mean(axis=1)
    reel.close()
    return np.asarray(x)
