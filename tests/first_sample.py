"""When a hand's move is first to be heard, to the sample: what a running box hands to its simulated card, against what it handed over a round before.

The song is noise that comes round every tenth of a second, and the box itself stands still, so that nothing changes in main but by somebody's hand.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path

import numpy as np
import soundfile

from gigbox.rack import RATE, TAP_FRAMES, Rack
from tests.live_box import PATIENCE_S, Box, eventually

ROUND = RATE // 10
STILL = RATE // 20        # frames before a move, in which nothing may change
WAIT = RATE * 3 // 10     # after it; a move that is later than this was lost
LEAST = 1e-6              # of full scale; a step of .1 dB moves a sample of this noise by 1e-4
LOOK_S = 0.0002
ON_TIME_S = 0.002         # a machine that wakes this watch later than that is busy with others
STANDS = {"box/freeze": True, "box/denoise": "off", "main/guard/on": False}


def box_of_rounds(folder: Path, channels: int = 2) -> Box:
    """Not yet started."""
    made, noise = Box(folder), np.random.default_rng(1)
    (folder / "song").mkdir()
    for number in range(channels):
        soundfile.write(folder / f"song/{number + 1:02}.wav", np.tile(0.02 * noise.standard_normal(ROUND), 20), RATE, "FLOAT")
    return made


def stand_still(box: Box) -> None:
    with box.client() as client:
        client.set(STANDS)

    def stands() -> bool:
        now = box.rack.frames
        return now > TAP_FRAMES and 0 <= apart(box.rack, now - ROUND, now).max() < LEAST

    eventually(stands, PATIENCE_S, "an output that stands still")


def apart(rack: Rack, begin: int, end: int) -> np.ndarray:
    """How far each sample of main is from the one a round before it, re full scale."""
    heard = rack.view("tap_out")[np.arange(begin - ROUND, end) % TAP_FRAMES, 0]
    return np.abs(heard[ROUND:] - heard[:-ROUND])


class Watch(threading.Thread):
    """Knows when each frame was handed to the card, at the latest, and how late the machine woke it meanwhile."""

    def __init__(self, rack: Rack) -> None:
        super().__init__(daemon=True)
        self._rack, self._over = rack, threading.Event()
        self._seen: deque[tuple[float, int]] = deque(maxlen=int(2 / LOOK_S))
        self.start()

    def run(self) -> None:
        while not self._over.is_set():
            self._seen.append((time.monotonic(), self._rack.frames))
            time.sleep(LOOK_S)

    def close(self) -> None:
        self._over.set()
        self.join()

    def heard(self, begin: float, since: int, late: int) -> tuple[float, bool]:
        """Seconds from `begin` to the first changed sample behind the frame `since`, and whether the machine was on time; infinite where there was none,
        no number where the card itself had begun anew (`late`: how often it had by then), which changes main, too."""
        eventually(lambda: self._rack.frames > since + WAIT, PATIENCE_S, "the engine")
        moved = apart(self._rack, since - STILL, since + WAIT)
        if int(self._rack.c.recoveries) != late or moved[:STILL].max() > LEAST:
            return float("nan"), False
        changed = np.flatnonzero(moved[STILL:] > LEAST)
        if not len(changed):
            return float("inf"), True
        looks = [(at, frames) for at, frames in list(self._seen) if at >= begin]
        there = next(at for at, frames in looks if frames > since + changed[0])
        times = [begin, *(at for at, _ in looks if at <= there)]
        return there - begin, float(np.diff(times).max()) < ON_TIME_S


def told(what: str, moves: list[tuple[float, bool]]) -> str:
    """Figures in a line: of all moves that the card did not spoil, and of those during which the machine was on time."""
    ms = np.array([1000 * took for took, _ in moves])
    fair, spoiled = ~np.isnan(ms), int(np.isnan(ms).sum())
    quiet = fair & np.array([on_time for _, on_time in moves])
    return (f"{what}: {figures(ms[fair])}; on time {figures(ms[quiet])}" + (f"; {spoiled} left out, the card began anew" if spoiled else ""))


def figures(ms: np.ndarray) -> str:
    return f"median {np.median(ms):.1f}, p99 {np.percentile(ms, 99):.1f}, worst {ms.max():.1f} ms of {len(ms)}" if len(ms) else "none"
