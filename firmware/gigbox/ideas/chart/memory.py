"""What was played, beat by beat: the chord of each, and from where chords change, which beat begins a bar."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gigbox.ideas.hear.chords import Chord, Heard
from gigbox.ideas.hear.key import Key

MOST = 10000               # beats, more than an hour: then another song begins whatever is played
TAIL = 96                  # beats that are looked at anew with each one, and as many more; the bars before stand
METRES = (4, 3)
LEAST = 6                  # changes of chord before a bar is anything but four beats
LEAD = 2.0                 # by how much three must fit better than four: in changes that fall on a one
SLIP = 4.0                 # what it costs that a beat was missed or counted twice, in the same
BEGINS = 2.0               # and what it is worth that the song begins with a bar
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
        self._counted, self._metre, self._bars = -1, METRES[0], tuple[Bar, ...]()
        self._stand, self._from = tuple[Bar, ...](), 0           # bars that stand, and the beat behind them

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
        if len(self.times) >= MOST:
            self.forget()
        self.times.append(start)
        self.chords.append(votes.most_common(1)[0][0])

    def chart(self, bpm: float, key: Key | None) -> Chart:
        """Whole bars only, from the first that something sounds in; where a beat was missed or counted twice, a bar is longer or shorter."""
        if self._counted != len(self.chords):
            self._counted, tail = len(self.chords), self.chords[self._from:]
            self._metre, places = placed(tail)
            ones = [n for n, place in enumerate(places) if place == 0]
            self._bars = self._stand + _bars(tail, ones, self._metre, bool(self._stand))
            if len(tail) > 2 * TAIL and (behind := next((n for n in ones if n >= TAIL), 0)):
                self._stand += _bars(tail[:behind], [n for n in ones if n < behind], behind - max(n for n in ones if n < behind), bool(self._stand))
                self._from += behind
        return Chart(self._metre, bpm, key, self._bars)


def placed(chords: Sequence[Chord | None]) -> tuple[int, list[int]]:
    """Beats of a bar, and the place of each beat in its bar."""
    moves = sum(a != b for a, b in pairwise(chords))
    (four, in_four), (three, in_three) = (_path(chords, metre) for metre in METRES)
    return (METRES[1], in_three) if moves >= LEAST and three > four + LEAD else (METRES[0], in_four)


def _path(chords: Sequence[Chord | None], metre: int) -> tuple[float, list[int]]:
    """The likeliest way through bars (Viterbi), and how likely it is."""
    first = next((n for n, chord in enumerate(chords) if chord), 0)
    scores, steps = [0.0] * metre, []
    for n, chord in enumerate(chords):
        best = max(range(metre), key=scores.__getitem__)
        froms = [(p - 1) % metre if scores[(p - 1) % metre] >= scores[best] - SLIP else best for p in range(metre)]
        move = n > 0 and chord != chords[n - 1]
        scores = [max(scores[(p - 1) % metre], scores[best] - SLIP) + _fits(p, metre, move) + (BEGINS if n == first and p == 0 else 0.0) for p in range(metre)]
        steps.append(froms)
    at = max(range(metre), key=scores.__getitem__)
    total, places = scores[at], [0] * len(chords)
    for n in range(len(chords) - 1, -1, -1):
        places[n], at = at, steps[n][at]
    return total, places


def _fits(place: int, metre: int, move: bool) -> float:
    """How well a change of chord, or none, goes with a place in the bar."""
    if not move:
        return 0.0 if place else -0.2
    return 1.0 if place == 0 else 0.2 if metre == 4 and place == 2 else -0.6


def _bars(chords: Sequence[Chord | None], starts: Sequence[int], metre: int, begun: bool) -> tuple[Bar, ...]:
    """`metre`: how long the last one is; `begun`: others are before them, so that a silent one counts."""
    bars: list[Bar] = []
    ends = [*starts[1:], starts[-1] + metre] if starts else []
    for start, end in zip(starts, ends, strict=True):
        row = chords[start:end]
        if end <= len(chords) and (begun or bars or any(row)):
            bars.append(Bar(len(row), tuple((beat, chord) for beat, chord in enumerate(row) if not beat or chord != row[beat - 1])))
    return tuple(bars)
