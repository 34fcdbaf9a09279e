"""Compressors and gates by what is heard: times by the crest factor, thresholds by what they are to take, gates between hits and bleed.

Times after Giannoulis, Massberg, Reiss 2013 (JAES 61(10)): attack 2 * 80 ms / C^2, release 2 * 1 s / C^2 less the attack, C^2 the power of
peaks over the mean. Make-up is left to the fader, which measures behind the compressor.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigbox.brain.auto import Move
from gigbox.brain.mix.compression import RANGE_DB, Compression
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.starting_points import KNEE_DB
from gigbox.brain.mix.telling import Said, listed
from gigbox.brain.roles.sources import TOLD, Source

ATTACK_MS, RELEASE_MS = (5.0, 80.0), (60.0, 1000.0)     # least and most
FIRST_S, HEARD_S = 1.5, 3.0    # of playing: right behind a trim, and else
LOOK_S = 10.0, 6.0             # how often soundcheck looks again, and when first: what is set together is told together
TIMES_CHANGE = 1.5             # a time is set again when it is off by this factor
RATE = 6.0                     # dB/s of a threshold
HEARD_DB = 0.5                 # a threshold that is not heard as it is held (hands, depth, off) tells nothing of itself
WORTH_DB, MOST_DB = 2.0, 6.0   # what it takes to move a threshold once more; and it never takes more than this on average
UNDER_PEAKS, PEAK_OVER_DB = 0.63, 12.0       # of how far peaks stand over the mean, the envelope is under them; and where that is not known
LACKS_DB = 1.0                 # what lacks so much at its limit is compressed by that much less
BELOW_HITS_DB, ABOVE_BLEED_DB, APART_DB = 16.0, 4.0, 24.0
HITS, BLEED = 70, 50           # percentiles of the peaks while it plays, and while it does not
MEMORY_TICKS, LEAST_TICKS = 200, 10


class Dynamics:
    """`think` once a tick. Thresholds and times are found in soundcheck, and once for what comes later; in a show they stay."""

    def __init__(self) -> None:
        self._fitted: set[tuple[int, str]] = set()
        self._said = Said()
        self._compressions: dict[int, Compression] = {}
        self._peaks: dict[int, tuple[list[float], list[float]]] = {}      # while playing, while not

    def go_on(self, stage: Stage) -> None:
        """All that plays in a show has been fitted by an earlier program."""
        self._fitted |= {_key(s) for s in stage.sources if s.trimmed}

    def think(self, stage: Stage) -> Iterator[Move]:
        known = [(i, s) for i, s in enumerate(stage.sources) if s.role is not None]
        for index, source in known:
            self._note(stage, index, source)
        values = {i: found for i, s in known if self._looks(stage, i, s) and (found := dict(self._fits(stage, i, s)))}
        begun = {i: why for i in values if _key(stage.sources[i]) not in self._fitted and (why := _told_before(stage, i))}
        self._fitted |= {_key(s) for i, s in known if self._looks(stage, i, s)}
        less = {i for i in set(values) - set(begun) if self._lacks(stage, stage.sources[i])}
        held = {i: why for i in set(values) - set(begun) - less if (why := self._held(stage, stage.sources[i], values[i]))}
        for mine, why in [*(({i}, why) for i, why in (begun | held).items()), *(({i}, "") for i in less), (set(values) - set(begun) - less - set(held), "")]:
            yield from self._fit(stage, {i: values[i] for i in values if i in mine}, why)
        for _, source in known:
            yield from stage.auto.go_on(source.path("comp/threshold"), RATE)

    def _held(self, stage: Stage, source: Source, values: dict[str, float]) -> str:
        """What was said when it was fitted: that it is fitted better by now is no news, but for a gate that comes or goes."""
        gate = values.get("gate/on", stage.auto[source.path("gate/on")])
        return "" if gate != stage.auto[source.path("gate/on")] else self._said.holds(_key(source), stage.ticks, 0.0, 1.0)

    def _looks(self, stage: Stage, index: int, source: Source) -> bool:
        """For the first time right behind its trim, and in soundcheck again; in a show what lacks what its compressor takes."""
        if source.trimming or not stage.lately(index):
            return False
        if _key(source) not in self._fitted:
            if stage.mode == "show":
                return bool(stage.heard[index] >= HEARD_S)
            return source.trimmed and (bool(stage.story(index)) or stage.every(FIRST_S)) and bool(stage.heard[index] >= FIRST_S)
        return stage.every(*LOOK_S) if stage.mode == "soundcheck" else self._lacks(stage, source) and bool(stage.taken[index] >= LACKS_DB)

    def _note(self, stage: Stage, index: int, source: Source) -> None:
        playing, trim = bool(stage.activity.foreground[index]), stage.auto[source.path("trim")]
        peak = float(stage.peaks[index]) - trim
        if source.role and source.role.gate:
            kept = self._peaks.setdefault(source.strips[0], ([], []))
            kept[not playing].append(peak)
            del kept[not playing][:-MEMORY_TICKS]
        if source.role and source.role.takes and playing and not source.trimming:
            held = stage.auto[source.path("comp/threshold")]
            known = abs(stage.thresholds[index] - held) <= HEARD_DB
            compression = self._compressions.setdefault(source.strips[0], Compression())
            compression.note(peak, float(stage.takes[index]), held - trim if known else np.nan)

    def _fits(self, stage: Stage, index: int, source: Source) -> Iterator[tuple[str, float]]:
        """What is to be set anew of it, by the last words of the path."""
        assert source.role is not None
        if source.role.takes:
            yield from self._threshold(stage, index, source)
            yield from self._times(stage, index, source)
        if source.role.gate:
            yield from self._gate(stage, source)

    def _lacks(self, stage: Stage, source: Source) -> bool:
        return stage.mode == "show" and source.short >= LACKS_DB

    def _threshold(self, stage: Stage, index: int, source: Source) -> Iterator[tuple[str, float]]:
        """Only what may be raised again is compressed."""
        path, compression = source.path("comp/threshold"), self._compressions.get(source.strips[0])
        assert source.role is not None
        if compression is None or not abs(stage.thresholds[index] - stage.auto[path]) <= HEARD_DB:
            return
        wish = source.role.takes + stage.balance.taste("comp", source.role_name, stage.style)
        if self._lacks(stage, source):
            wish = min(wish, float(stage.taken[index]) - source.short)
        wish = min(max(wish, 0.0), MOST_DB)
        usual = UNDER_PEAKS * float(np.nan_to_num(stage.peak_over[index], nan=PEAK_OVER_DB))
        trim = stage.auto[source.path("trim")]
        goal = min(max(compression.threshold(wish, source.role.ratio, KNEE_DB, usual) + trim, RANGE_DB[0]), RANGE_DB[1])
        if abs(goal - stage.auto.heading(path)) >= WORTH_DB:
            yield "comp/threshold", goal

    def _times(self, stage: Stage, index: int, source: Source) -> Iterator[tuple[str, float]]:
        over = float(stage.peak_over[index])
        if not np.isfinite(over):
            return
        crest = 10 ** (max(over, 3.0) / 10)
        attack = float(np.clip(2 * 80 / crest, *ATTACK_MS))
        release = float(np.clip(2 * 1000 / crest - attack, *RELEASE_MS))
        for rest, ms in (("comp/attack", attack), ("comp/release", release)):
            here = stage.auto[source.path(rest)]
            if not stage.auto.knows(source.path(rest)) or max(ms / here, here / ms) > TIMES_CHANGE:
                yield rest, ms

    def _gate(self, stage: Stage, source: Source) -> Iterator[tuple[str, float]]:
        """Below the hits, over the bleed; without a clear gap between them there is no gate."""
        playing, not_playing = self._peaks[source.strips[0]]
        if len(playing) < LEAST_TICKS:      # its role is new
            return
        trim = stage.auto[source.path("trim")]
        hits = float(np.percentile(playing, HITS)) + trim
        bleed = float(np.percentile(not_playing, BLEED)) + trim if len(not_playing) > LEAST_TICKS else -120.0
        if hits - bleed < APART_DB:
            if stage.auto[source.path("gate/on")]:
                yield "gate/on", 0.0
            return
        threshold = float(np.clip(max(hits - BELOW_HITS_DB, bleed + ABOVE_BLEED_DB), -80.0, 0.0))
        if not stage.auto[source.path("gate/on")] or abs(threshold - stage.auto[source.path("gate/threshold")]) > WORTH_DB:
            yield "gate/threshold", threshold
            yield "gate/on", 1.0

    def _fit(self, stage: Stage, fitted: dict[int, dict[str, float]], why: str) -> Iterator[Move]:
        why = why or self._reason(stage, fitted)
        for index, values in fitted.items():
            self._said.note(_key(stage.sources[index]), stage.ticks, 0.0, why)
            for rest, value in values.items():
                path = stage.sources[index].path(rest)
                if rest == "comp/threshold":
                    stage.auto.begin(path, value, why)
                else:
                    yield from stage.auto.put(path, value, why)

    def _reason(self, stage: Stage, fitted: dict[int, dict[str, float]]) -> str:
        """One sentence for all that are fitted together."""
        names = [stage.sources[i].name for i in fitted]
        if len(names) != 1:
            return "" if not names else listed(names, ": compressors and gates fitted to how loud and how fast they play")
        (index, values), = fitted.items()
        source = stage.sources[index]
        assert source.role is not None
        if "comp/threshold" in values and self._lacks(stage, source):
            return f"{source.name}: compressed less, since it may not be raised again by {source.short:.0f} dB"
        if values.get("gate/on") == 0:
            return f"{source.name}: no gate, its hits are too near to what it hears of the others"
        if "gate/on" in values:
            return f"{source.name}: a gate that opens at {values['gate/threshold']:.0f} dB, {BELOW_HITS_DB:.0f} dB under its hits"
        return f"{source.name}: compressor fitted to how loud and how fast it plays, takes {source.role.takes:g} dB"


def _told_before(stage: Stage, index: int) -> str:
    """What said of it that it is compressed: that it was trimmed, or else, where it was heard and needed no trim, who it is and how it is set up."""
    source = stage.sources[index]
    return stage.story(index) or ("" if source.trust == TOLD else source.named)


def _key(source: Source) -> tuple[int, str]:
    """What is fitted once: a strip, as what it carries."""
    return source.strips[0], source.role_name
