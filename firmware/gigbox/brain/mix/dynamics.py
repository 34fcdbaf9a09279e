"""Compressors and gates by what is heard: times by the crest factor, thresholds by what they take, gates between hits and bleed.

Times after Giannoulis, Massberg, Reiss 2013 (JAES 61(10)): attack 2 * 80 ms / C^2, release 2 * 1 s / C^2 less the attack, C^2 the power of
peaks over the mean. Make-up is left to the fader, which measures behind the compressor.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.auto import Move
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.sources import Source

ATTACK_MS, RELEASE_MS = (5.0, 80.0), (60.0, 1000.0)     # least and most
HEARD_S = 3.0
TIMES_CHANGE = 1.25            # a time is set again when it is off by this factor
RATE = 1.0                     # dB/s of a threshold
HEARD_DB = 0.5                 # a threshold that is not heard as it is held (hands, depth, off) tells nothing of itself
RANGE_DB = (-45.0, -8.0)       # of a compressor's threshold
NEAR_DB, MOST_DB = 0.7, 6.0    # how near to what it should take; and never more than this on average peaks
BELOW_HITS_DB, ABOVE_BLEED_DB, APART_DB = 16.0, 4.0, 24.0
HITS, BLEED = 70, 50           # percentiles of the peaks while it plays, and while it does not
MEMORY_TICKS, LEAST_TICKS = 200, 10


class Dynamics:
    """`think` once a tick. Thresholds and times are found in soundcheck, and once for what comes later; in a show they stay."""

    def __init__(self) -> None:
        self._settled: set[int] = set()
        self._peaks: dict[int, tuple[list[float], list[float]]] = {}      # while playing, while not

    def think(self, stage: Stage) -> Iterator[Move]:
        for index, source in enumerate(stage.sources):
            role = source.role
            if role is None:
                continue
            if role.gate:
                self._note_peak(stage, index, source)
            if (stage.mode == "show" and source.strips[0] in self._settled) or stage.heard[index] < HEARD_S or source.trimming:
                continue
            if role.takes and stage.activity.foreground[index]:
                yield from self._times(stage, index, source)
                yield from self._threshold(stage, index, source, role.takes)
            if role.gate and stage.ticks % 10 == 0:
                yield from self._gate(stage, source)

    def _times(self, stage: Stage, index: int, source: Source) -> Iterator[Move]:
        over = float(stage.peak_over[index])
        if not np.isfinite(over):
            return
        crest = 10 ** (max(over, 3.0) / 10)
        attack = float(np.clip(2 * 80 / crest, *ATTACK_MS))
        release = float(np.clip(2 * 1000 / crest - attack, *RELEASE_MS))
        for rest, ms, what in (("comp/attack", attack, "clamps down"), ("comp/release", release, "lets go")):
            here = stage.auto[source.path(rest)]
            if not stage.auto.knows(source.path(rest)) or max(ms / here, here / ms) > TIMES_CHANGE:
                yield from stage.auto.put(source.path(rest), ms, f"{source.name} {what} in {ms:.0f} ms: its peaks stand {over:.0f} dB over its mean")

    def _threshold(self, stage: Stage, index: int, source: Source, takes: float) -> Iterator[Move]:
        path, taken = source.path("comp/threshold"), float(stage.taken[index])
        if not abs(stage.thresholds[index] - stage.auto[path]) <= HEARD_DB:
            return
        wish = takes + stage.balance.taste("comp", source.role_name, stage.style)
        off = taken - min(max(wish, 0.0), MOST_DB)
        if abs(off) <= NEAR_DB:
            if stage.mode == "show":
                self._settled.add(source.strips[0])
            return
        goal = min(max(stage.auto[path] + off, RANGE_DB[0]), RANGE_DB[1])
        why = f"{source.name} from {goal:.0f} dB: takes {taken:.1f} dB on average, wanted {wish:.1f}"
        yield from stage.auto.toward(path, goal, RATE, why)

    def _note_peak(self, stage: Stage, index: int, source: Source) -> None:
        playing, not_playing = self._peaks.setdefault(source.strips[0], ([], []))
        (playing if stage.activity.foreground[index] else not_playing).append(float(stage.peaks[index]) - stage.auto[source.path("trim")])
        del playing[:-MEMORY_TICKS], not_playing[:-MEMORY_TICKS]

    def _gate(self, stage: Stage, source: Source) -> Iterator[Move]:
        """Below the hits, over the bleed; without a clear gap between them there is no gate."""
        playing, not_playing = self._peaks[source.strips[0]]
        if len(playing) < LEAST_TICKS:      # its role is new
            return
        trim = stage.auto[source.path("trim")]
        hits = float(np.percentile(playing, HITS)) + trim
        bleed = float(np.percentile(not_playing, BLEED)) + trim if len(not_playing) > LEAST_TICKS else -120.0
        if hits - bleed < APART_DB:
            if stage.auto[source.path("gate/on")]:
                near = f"hits at {hits:.0f} and bleed at {bleed:.0f} dBFS are too near for a gate"
                yield from stage.auto.put(source.path("gate/on"), 0.0, f"{source.name}: {near}")
            return
        threshold = float(np.clip(max(hits - BELOW_HITS_DB, bleed + ABOVE_BLEED_DB), -80.0, 0.0))
        if not stage.auto[source.path("gate/on")] or abs(threshold - stage.auto[source.path("gate/threshold")]) > 2:
            why = f"{source.name} opens at {threshold:.0f} dB: hits peak at {hits:.0f}, between them it hears {max(bleed, -90):.0f} dBFS"
            yield from stage.auto.put(source.path("gate/threshold"), threshold, why)
            yield from stage.auto.put(source.path("gate/on"), 1.0, why)
