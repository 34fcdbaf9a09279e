"""What each input is worth, whatever plays on it: dead, quiet, humming, noisy or played; whether it clips, and how far to turn its preamplifier.

All is taken from the dry tap, before trim: what a preamplifier does is not seen behind it. The trim's own gain (`strips.in_peak`) plays no part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gigbox.brain.arrays import Array, Flags, Indices
from gigbox.brain.hear.dry_tenths import Tenth, Tenths
from gigbox.brain.hear.mains import WINDOW, Look, Slow, look_at, pauses
from gigbox.brain.hear.steady_hum import KEPT, certain_comb, levels, steady_comb
from gigbox.brain.hear.steady_sound import has_moved, has_tones, is_mains
from gigbox.rack import Rack, decibels

STATES = ("dead", "quiet", "hum", "noise", "playing")
SECOND, MEMORY = 10, 20       # ticks
DEAD_DB, DEAD_TICKS = -80.0, 15      # no sample beyond it for so long: nothing but a converter's own noise
CUT_DB = -45.0                # peak of the last tenth before it: what dies away by itself is softer
DEAD_SPREAD_DB = 6.0          # which is as loud in every tenth; what is not so is a source that is turned all the way down
HEARD_DB = -60.0              # nothing that stays below is played on a line
RISE_DB, RISE_TICKS = 10.0, 2    # over the quietest tenth of the last second, for two tenths: hits, words, notes
FLICKER_DB = 5.0              # between the loudest and the quietest 25 ms of a second; steady noise has 1 to 2
HOLD_TICKS = 20               # a rest is part of playing
NOISE_DB = -65.0              # dBFS above 200 Hz; a good line in a quiet room is at -75 and below
BACK_DB = 3.0                 # and it is noise until it is so far below that
HUM_DB = -75.0                # dBFS of all harmonics; less is not heard
LOOKS, LOOK_TICKS = 3, 28     # looks of 2.7 s, one a second, that must agree on hum
DC = 0.01                     # of full scale
AIM_DB, HEADROOM_DB = -18.0, 12.0
FAINT_DB = -50.0              # RMS; what never gets louder is rather a neighbour or the room than somebody who plays into it
GOOD_DB = 2                   # no knob is turned for less
LOUDEST = 4                   # ticks: RMS over 400 ms, as a VU meter would show it
HEARD_TICKS = 5               # of playing, before a word is said about gain
POP_TICKS = 3                 # a plug's bang is over by then, and is neither sound nor clipping


@dataclass(frozen=True)
class Line:
    """One input, as it is now and as it was since `Lines` began. Levels are dBFS before trim.

    `state` is one of STATES. `clipped`: tenths of a second with a sample at full scale (-0.3 dBFS), `flat`: those in which the wave's top was
    cut off. `played`: seconds. `loudest`: RMS of the loudest 400 ms played, `peak`: the largest sample, both None before enough was played.
    `noise`: the quietest tenth above 200 Hz. `hum`: Hz and level, as last heard, or None. `dc`: of full scale. `pops`: bangs of plugs.
    `cut`: dead from one moment to the next, in the middle of a sound: recordings end otherwise.
    """

    state: str
    clipped: int
    flat: int
    played: float
    loudest: float | None
    peak: float | None
    noise: float
    hum: tuple[float, float] | None
    dc: float
    pops: int
    cut: bool

    @property
    def faint(self) -> bool:
        return self.loudest is not None and self.loudest < FAINT_DB

    @property
    def turn(self) -> int | None:
        """dB to turn the preamplifier by; 0: it is good; None: not enough was played, or too faintly to be meant.

        min(-18 - loudest, -6 - peak): played as loud as it gets, a channel shows -18 dBFS RMS and keeps 12 dB between that and its peaks, which
        then stay under -6 dBFS. Where both cannot be had the peaks decide. A wave whose top is cut off was larger than it looks: at least 6 dB down.
        """
        if self.loudest is None or self.peak is None or self.faint:
            return None
        more = min(AIM_DB - self.loudest, AIM_DB + HEADROOM_DB - self.peak)
        turn = round(min(more, -6.0) if self.clipped else more)
        return 0 if abs(turn) <= GOOD_DB else turn

    @property
    def advice(self) -> str:
        """`turn` as a sentence; empty where there is nothing to say."""
        if self.turn is None:
            return "turn down: clips" if self.clipped else f"faint, {self.loudest:.0f} dBFS: play up, or turn up" if self.faint else ""
        if not self.turn:
            return "good"
        return f"turn {'up' if self.turn > 0 else 'down'} by {abs(self.turn)} dB{': clips' if self.clipped else ''}"


class Lines:
    """Call `hear` every 100 ms. Time is counted in ticks of the rack, so a render and a box say the same."""

    def __init__(self, roles: Sequence[str] = ()) -> None:
        """`roles` of the inputs, in order, where they are known: hum is heard beneath a guitar, but a bass may only sound like it."""
        self._roles = tuple(roles)
        self._tenths, self._recent = Tenths(), deque[Tenth](maxlen=MEMORY)
        self._slow, self._looks, self._tick = Slow(0), list[deque[Look]](), 0
        self._begin(0)

    def _begin(self, channels: int) -> None:
        self._recent.clear()
        self._slow, self._looks = Slow(channels), [deque[Look](maxlen=KEPT) for _ in range(channels)]
        zeros = np.zeros(channels, int)
        self._clipped, self._flat, self._played, self._pops, self._bangs = (zeros.copy() for _ in range(5))
        self._rest, self._deaf, self._dead_for = zeros + HOLD_TICKS, zeros.copy(), zeros.copy()
        self._loudest, self._peak, self._noise = np.full(channels, -np.inf), np.full(channels, -np.inf), np.full(channels, np.inf)
        self._lastly = np.full(channels, -np.inf)
        self._noisy = np.zeros(channels, bool)
        self._apart = [deque[bool](maxlen=LOOKS) for _ in range(channels)]
        self._hums: list[tuple[float, float] | None] = [None] * channels
        self._counted = False

    def hear(self, rack: Rack) -> None:
        if len(self._looks) != rack.channels:
            self._begin(rack.channels)
        self._mark_bangs(rack.view("strips.pops")[: rack.channels].astype(int))
        self._slow.read(rack)
        for tenth in self._tenths.read(rack):
            self._take(tenth)
        self._tick += 1
        if self._slow.filled >= WINDOW:
            for n in range(self._tick % SECOND, rack.channels, SECOND):
                self._look(n)

    def lines(self) -> list[Line]:
        """Of every input, in order."""
        return [self._line(n) for n in range(len(self._looks))]

    def _line(self, n: int) -> Line:
        heard = self._played[n] >= HEARD_TICKS
        return Line(self._state(n), int(self._clipped[n]), int(self._flat[n]), float(self._played[n]) / SECOND, float(self._loudest[n]) if heard else None,
                    float(self._peak[n]) if heard else None, float(self._noise[n]) if self._recent else -120.0, self._hums[n],
                    float(np.mean([t.dc[n] for t in self._recent])) if self._recent else 0.0, int(self._bangs[n]),
                    bool(self._dead_for[n] >= DEAD_TICKS and self._lastly[n] > CUT_DB))

    def _state(self, n: int) -> str:
        if not self._recent or self._dead_for[n] >= DEAD_TICKS:
            return "dead"
        if self._rest[n] < HOLD_TICKS:
            return "playing"
        if self._hum_now(n):
            return "hum"
        return "noise" if self._noisy[n] else "quiet"

    def _hum_now(self, n: int) -> bool:
        return bool(self._hums[n]) and self._looks[n][-1].comb is not None

    def _mark_bangs(self, pops: Array) -> None:
        """Where the engine has muted a bang, what is heard now counts for nothing: it goes on as it was."""
        fresh = (pops > self._pops) if self._counted else np.zeros(len(pops), bool)
        self._pops, self._counted = pops, True
        self._bangs += fresh
        self._deaf = np.where(fresh, POP_TICKS, np.maximum(self._deaf - 1, 0))

    def _take(self, tenth: Tenth) -> None:
        for n in np.flatnonzero(self._deaf):
            if self._recent:
                tenth.take(int(n), self._recent[-1])
        self._recent.append(tenth)
        last = list(self._recent)
        level = np.array([t.level for t in last])
        still = (tenth.swing < DEAD_DB) & (np.ptp(level[-SECOND:], axis=0) < DEAD_SPREAD_DB)
        empty = tenth.swing <= -119.0                                # digital silence needs no company to be known by
        self._dead_for = np.where(still | empty, self._dead_for + 1, 0)
        self._lastly = np.where(still | empty, self._lastly, tenth.swing)
        self._clipped += tenth.full
        self._flat += tenth.flat
        self._noise = np.minimum(self._noise, tenth.hiss)
        if len(last) >= SECOND:
            self._noisy = np.min([t.hiss for t in last[-SECOND:]], axis=0) > np.where(self._noisy, NOISE_DB - BACK_DB, NOISE_DB)
        self._rest = np.where(self._sounds(last), 0, self._rest + 1)
        played = self._rest == 0
        self._played += played
        loudest = decibels(np.mean(10 ** (level[-LOUDEST:] / 10), axis=0))
        self._loudest = np.where(played & (len(last) >= LOUDEST), np.maximum(self._loudest, loudest), self._loudest)
        self._peak = np.maximum(self._peak, tenth.peak)

    def _sounds(self, last: list[Tenth]) -> Flags:
        """Whether the last second has what noise and hum do not have: levels that rise, a flicker, tones that are not the mains', or another
        spectrum than the second before."""
        second = last[-SECOND:]
        level = np.array([t.level for t in second])
        loud = np.max([t.swing for t in second], axis=0) > HEARD_DB
        rises = np.count_nonzero(level > level.min(axis=0) + RISE_DB, axis=0) >= RISE_TICKS
        flicker = np.concatenate([t.flickers for t in second])
        flickers = np.percentile(flicker, 95, axis=0) - np.percentile(flicker, 5, axis=0) > FLICKER_DB
        mains = np.array([not looks or is_mains(looks[-1]) for looks in self._looks], bool)
        whole = len(second) == SECOND
        sounds = loud & (rises | (whole & flickers))
        asked = np.flatnonzero(loud & ~sounds) if whole else np.array([], np.intp)
        if len(asked):
            sounds[asked] = has_tones(_mean(second, asked)) & ~mains[asked]
            if len(last) == MEMORY:
                sounds[asked] |= has_moved(_mean(second, asked), _mean(last[:SECOND], asked))
        return np.asarray(sounds)

    def _look(self, n: int) -> None:
        """For hum: it stands still in look after look, and is most of what sounds, or nothing was played meanwhile, or the hum finder is sure."""
        known, past = self._looks[n], self._slow.past[:, [n]]
        known.append(look_at(past, pauses(past)))
        self._apart[n].append(known[-1].alone or bool(self._rest[n] > LOOK_TICKS))
        looks = list(known)[-LOOKS:]
        comb = steady_comb(looks, LOOKS) if all(self._apart[n]) else None
        if comb is None and n < len(self._roles) and self._roles[n] != "unused":
            looks, comb = certain_comb(self._roles[n], known)
        if comb is not None:
            loud = float(decibels(np.sum(10 ** (levels(looks, comb.hz) / 10)[comb.stands])))
            if loud > HUM_DB:
                self._hums[n] = (comb.hz, loud)


def _mean(tenths: list[Tenth], channels: Indices) -> Array:
    return np.asarray(np.mean([t.spectrum[:, channels] for t in tenths], axis=0))
