"""What the guard does in closed loops, as numbers: how soon it hears, how much more gain it gives, what it does to music, how it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.signal import welch

from gigbox.engine.core import Engine
from gigbox.rack import RATE
from tests.measures.feedback.loop import BLOCK, DRY, MONITOR, Stage, delay
from tests.measures.feedback.rooms import Room, moved, stable_limit

QUIET_DB, BEFORE_S, LOUD_DB = -50.0, 1.0, -9.0      # rms of the hiss in the microphone; how long a loop rests below its limit first; rms that hurts
GUARDED = 1                                          # output of the guard: monitor 1


@dataclass(frozen=True)
class Caught:
    """Seconds after the gain went up: until the first trial, the first notch (nan: none); how long it was loud; whether it was quiet in the end."""

    heard_s: float
    notched_s: float
    loud_s: float
    stable: bool
    notches: int
    most_db: float
    dip_db: float      # that the whole output is held down by in the end


def hiss(seconds: float, seed: int = 0, level_db: float = QUIET_DB) -> np.ndarray:
    n = round(seconds * RATE) // BLOCK * BLOCK
    return np.asarray(np.random.default_rng(seed).standard_normal(n) * 10 ** (level_db / 20), np.float32)


def catch(room: Room, over_db: float, seconds: float = 3.0, values: Mapping[str, float] = {}, output: int = MONITOR, dry: np.ndarray | None = None) -> Caught:
    """6 dB below the limit of the room, then `over_db` above it."""
    limit = stable_limit(room.response, delay(output))
    dry = hiss(BEFORE_S + seconds) if dry is None else dry
    stage = Stage(room.response * 10 ** ((limit - 6) / 20), values, output=output)
    guard, up = stage.engine.rack.c.guard, round(BEFORE_S * RATE) // BLOCK * BLOCK
    o = max(output - 1, 0)
    seen = [np.nan, np.nan]

    def each(at: int) -> None:
        if at == up:
            stage.air.jump(room.response * 10 ** ((limit + over_db) / 20))
        for i, count in enumerate((guard.tests[o], guard.confirmed[o])):
            if at > up and count and np.isnan(seen[i]):
                seen[i] = (at - up) / RATE

    out = stage.play(dry, each)
    level = levels(out[up:])
    live = [n for n in guard.live[o] if n.state]
    found = Caught(*seen, float((level > LOUD_DB).mean() * len(out[up:]) / RATE), stable(out), len(live),
                   max((-n.gain_db for n in live), default=0.0), float(guard.dip[o]))
    stage.close()
    return found


def levels(x: np.ndarray) -> np.ndarray:
    """dB rms of each 10 ms."""
    return np.asarray(10 * np.log10((x[: len(x) // 480 * 480].reshape(-1, 480).astype(float) ** 2).mean(axis=1) + 1e-12))


def stable(out: np.ndarray) -> bool:
    """Quiet over the last second: hiss and its ring, no howl."""
    return bool(levels(out[-RATE:]).mean() < -25)


def more_gain(room: Room, step_db: float = 1.0, most_db: float = 14.0, seconds: float = 10.0, guarded: bool = True) -> float:
    """dB above the limit of the room up to which a loop comes to rest within `seconds` by notches alone, the output not held down."""
    over = 0.0
    while over + step_db <= most_db:
        caught = catch(room, over + step_db, seconds, {} if guarded else {"monitor/1/guard/on": 0})
        if not caught.stable or caught.dip_db > 0.5:
            break
        over += step_db
    return over


@dataclass(frozen=True)
class Listened:
    """What the guard did to sound that does not howl: trials, notches, and how many minutes that was."""

    minutes: float
    trials: int
    notches: int
    out: np.ndarray


def listen(x: np.ndarray, room: Room | None = None, below_db: float = 6.0, values: Mapping[str, float] = {}) -> Listened:
    """Through the box alone, or with a room around it `below_db` below its limit."""
    x = x[: len(x) // BLOCK * BLOCK]
    if room is None:
        with Engine(1, DRY | dict(values)) as engine:
            out = np.concatenate([engine.process(x[at:at + RATE, None])[0][:, MONITOR] for at in range(0, len(x), RATE)])
            guard = engine.rack.c.guard
            return Listened(len(x) / RATE / 60, guard.tests[GUARDED], guard.confirmed[GUARDED], out)
    stage = Stage(room.response * 10 ** ((stable_limit(room.response, delay()) - below_db) / 20), values)
    out, guard = stage.play(x), stage.engine.rack.c.guard
    heard = Listened(len(x) / RATE / 60, guard.tests[GUARDED], guard.confirmed[GUARDED], out)
    stage.close()
    return heard


def damage(x: np.ndarray) -> tuple[float, float]:
    """What the guard changes of music: rms and most, dB, over thirds of an octave from 100 Hz to 10 kHz."""
    with_it, without = listen(x).out, listen(x, values={"monitor/1/guard/on": 0}).out
    a, b = (_thirds(y) for y in (with_it, without))
    off = 10 * np.log10(a / b)[b > 1e-5 * b.max()]      # where something sounds
    return float(np.sqrt((off ** 2).mean())), float(np.abs(off).max())


def _thirds(x: np.ndarray) -> np.ndarray:
    hz, power = welch(x, RATE, nperseg=16384)
    return np.array([power[(hz > f / 2 ** (1 / 6)) & (hz <= f * 2 ** (1 / 6))].sum() + 1e-15 for f in 1000 * 2 ** (np.arange(-10, 11) / 3)])


def recovery(room: Room, over_db: float = 2.0) -> float:
    """Seconds until it is quiet again after the microphone went elsewhere in one second, with the gain that far over the limit there; nan: not in 10 s."""
    there = moved(room, 1)
    here_limit, there_limit = (stable_limit(r.response, delay()) for r in (room, there))
    gain = 10 ** ((there_limit + over_db) / 20)
    stage = Stage(room.response * 10 ** ((min(here_limit - 3, there_limit + over_db)) / 20))
    at_rest, goes = 2 * RATE, round(1.0 * RATE)

    def each(at: int) -> None:
        if at == at_rest // BLOCK * BLOCK:
            stage.air.move(there.response * gain)

    out = stage.play(hiss(13), each)
    stage.close()
    loud = np.flatnonzero(levels(out[at_rest:]) > -25)
    last = (loud[-1] + 1) / 100 if len(loud) else goes / RATE
    return max(last - goes / RATE, 0.0) if last < 10.9 else float("nan")
