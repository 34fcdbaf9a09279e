"""What was played, beat by beat: the chord of each, and from where chords change, which beat begins a bar."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

import numpy as np

from gigbox.ideas.hear.chords import Chord, Heard
from gigbox.ideas.hear.key import Key

MOST = 4000                # beats: half an hour
METRES = (4, 3)
LEAST = 8                  # changes of chord before a bar is anything but four beats from the first
LEAD = 1.5                 # by how much three must be clearer than four: in standard deviations
QUIET_S = 10.0             # after such a silence another song begins


@dataclass(frozen=True)
class Bar:
    """`chords`: (beat within the bar from 0, chord), where it changes; a bar that goes on with the chord before says it again. None: nobody played."""

    beats: int
    chords: tuple[tuple[int, Chord | None], ...]


@dataclass(frozen=True)
class Chart:
    metre: int
    bpm: float
    key: Key | None
    bars: tuple[Bar, ...]

    def spans(self, last: int = 0) -> list[tuple[float, float, Chord]]:
        """Chords by beats from the beginning, or of the `last` bars from 0."""
        found: list[tuple[float, float, Chord]] = []
        at = 0
        for bar in self.bars[-last:]:
            for (beat, chord), (end, _) in zip(bar.chords, (*bar.chords[1:], (bar.beats, None)), strict=True):
                if chord and found and found[-1][2] == chord and found[-1][1] == at + beat:
                    found[-1] = (found[-1][0], float(at + end), chord)
                elif chord:
                    found.append((float(at + beat), float(at + end), chord))
            at += bar.beats
        return found


class Memory:
    """`take` every 100 ms."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, Chord | None]] = deque(maxlen=100)
        self.forget()

    def forget(self) -> None:
        """Another song."""
        self.times: list[float] = []
        self.chords: list[Chord | None] = []
        self.changes: list[Chord] = []
        self._coming: deque[float] = deque()
        self._quiet_s = 0.0

    def take(self, seconds: float, beats: list[float], heard_s: float, heard: Heard) -> None:
        """Beats as they come, and the chord that sounded at `heard_s`."""
        self._quiet_s = 0.0 if heard.chord else self._quiet_s + 0.1
        if self._quiet_s >= QUIET_S:
            if self.times:
                self.forget()
            self._quiet_s = QUIET_S
            return
        self._heard.append((heard_s, heard.chord))
        if heard.chord and heard.sure > 0.5 and (not self.changes or self.changes[-1] != heard.chord):
            self.changes = [*self.changes[-MOST:], heard.chord]
        self._coming.extend(beats)
        while len(self._coming) > 1 and self._coming[1] <= heard_s:
            self._settle(self._coming.popleft(), self._coming[0])

    def _settle(self, start: float, end: float) -> None:
        """The chord that most of a beat had."""
        votes = Counter(chord for at, chord in self._heard if start <= at < end)
        if not votes:
            return
        self.times = [*self.times[-MOST + 1:], start]
        self.chords = [*self.chords[-MOST + 1:], votes.most_common(1)[0][0]]

    def metre(self) -> tuple[int, int]:
        """Beats of a bar, and which beat, counted from the first, begins one."""
        first = next((n for n, chord in enumerate(self.chords) if chord), 0)
        moves = [n for n in range(1, len(self.chords)) if self.chords[n] != self.chords[n - 1]]
        if len(moves) < LEAST:
            return METRES[0], first % METRES[0]
        found = []
        for metre in METRES:
            counts = np.bincount(np.array([first, first, *moves]) % metre, minlength=metre)      # a song begins with a bar, unless it changes against it
            share = len(moves) / metre
            found.append((float((counts.max() - share) / np.sqrt(share * (1 - 1 / metre))), metre, int(counts.argmax())))
        four, three = found
        return three[1:] if three[0] > four[0] + LEAD else four[1:]

    def chart(self, bpm: float, key: Key | None) -> Chart:
        """Whole bars only, from the first that something sounds in."""
        metre, first = self.metre()
        bars: list[Bar] = []
        for at in range(first, len(self.chords) - metre + 1, metre):
            row = self.chords[at: at + metre]
            changes = tuple((beat, chord) for beat, chord in enumerate(row) if not beat or chord != row[beat - 1])
            if bars or any(row):
                bars.append(Bar(metre, changes))
        return Chart(metre, bpm, key, tuple(bars))
