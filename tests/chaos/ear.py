"""Listens to a box all along, as a person at the desk would: does it keep its pace, is there ever silence, how long was it away."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gigbox.errors import RackError
from gigbox.rack import OUTPUTS, RATE, TAP_FRAMES, Rack

LOOK_S = 0.03
BLOCK = RATE // 100               # 10 ms
FADE = RATE // 10                 # an engine that begins fades in over 50 ms
SILENT = 1e-4                     # peak; the softest that the box under test plays is a hundred times as much
SURE_S = 0.005                    # a look that took longer knows no time
AWAY_S = 0.4                      # an engine that lost so much between two looks was away


@dataclass(frozen=True)
class Look:
    at: float
    life: int                     # which engine, from 0
    frames: int


@dataclass
class Stretch:
    """One engine that plays without a pause."""

    begin: Look
    end: Look
    slowest: float = 1.0          # of all its seconds, pace as a share of RATE
    looks: list[Look] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.end.at - self.begin.at

    @property
    def lost(self) -> float:
        """Seconds that were not played."""
        return self.seconds - (self.end.frames - self.begin.frames) / RATE


class Ear(threading.Thread):
    """Runs until `stop`; then `stretches` and `silences` tell."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="ear", daemon=True)
        self._path = path
        self._rack: Rack | None = None
        self._ended = threading.Event()
        self._heard = 0
        self.looks: list[Look] = []
        self.silences: list[tuple[float, str]] = []       # when each was noticed, and where it is
        self.blocks = 0

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.wait(LOOK_S):
            try:
                if self._rack is None or self._rack.replaced():
                    self._rack = Rack(self._path)
                self._look(self._rack)
            except RackError:
                self._rack = None

    def _look(self, rack: Rack) -> None:
        before, frames, after = time.monotonic(), rack.frames, time.monotonic()
        last = self.looks[-1] if self.looks else Look(0.0, 0, 0)
        life = last.life + (frames < last.frames)
        if life != last.life or not self.looks:
            self._heard = 0 if self.looks else frames
        self._listen(rack, frames, life)
        if after - before < SURE_S:
            self.looks.append(Look(before, life, frames))

    def _listen(self, rack: Rack, end: int, life: int) -> None:
        begin = max(self._heard, FADE, end - TAP_FRAMES // 2) // BLOCK * BLOCK
        count = (end - begin) // BLOCK
        if count <= 0:
            return
        sound = np.abs(rack.view("tap_out")[np.arange(begin, begin + count * BLOCK) % TAP_FRAMES, OUTPUTS:]).max(1)
        if not end <= rack.frames < end + TAP_FRAMES // 4:           # another engine by now, or overwritten meanwhile
            return
        self._heard = begin + count * BLOCK
        self.blocks += count
        now = time.monotonic()
        self.silences += [(now, f"engine {life}, frame {begin + BLOCK * int(n)}, {rack.c.xruns} periods missed, {rack.c.underruns} without input")
                          for n in np.flatnonzero(sound.reshape(-1, BLOCK).max(1) < SILENT)]

    def stretches(self) -> list[Stretch]:
        """Of every engine, from its fade to its end, cut where it was away: stopped, or dead and started again."""
        found: list[Stretch] = []
        moved: Look | None = None
        for look in self.looks:
            if look.frames < FADE or (moved and look.frames == moved.frames and look.life == moved.life):
                continue
            if moved and look.life == moved.life and look.at - moved.at - (look.frames - moved.frames) / RATE < AWAY_S:
                found[-1].end = look
                found[-1].looks.append(look)
            else:
                found.append(Stretch(look, look, looks=[look]))
            moved = look
        for stretch in found:
            stretch.slowest = _slowest(stretch.looks)
        return [stretch for stretch in found if stretch.seconds > 0]


def _slowest(looks: list[Look]) -> float:
    """The least pace over a second or two."""
    at = np.array([look.at for look in looks])
    frames = np.array([look.frames for look in looks])
    later = np.searchsorted(at, at + 1.0)
    whole = later < len(at)
    if not whole.any():
        return 1.0
    begin, end = np.flatnonzero(whole), later[whole]
    return float(((frames[end] - frames[begin]) / ((at[end] - at[begin]) * RATE)).min())
