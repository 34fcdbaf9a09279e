"""A scene: who stands at which strip and plays what when, how loud it comes in, who leaks into whom, and what hands do meanwhile.

All strips hear clean recordings at one loudness, turned by `gain`; a microphone also hears all others, `leak` dB below its own source.
`parts` are what the figures are about: a strip, or one of two lives of it: before and after its instrument was changed, and, of music that
gives way, under speech and between.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from gigbox.engine.song import Track
from tests.measures.loudness import HOP, RATE, active, k_power
from tests.measures.recordings import Recording, choose

VOICES = ("lead_vocal", "backing_vocal", "speech")
FRONT = ("lead_vocal", "speech")
WIRED = ("bass", "keys", "synth", "playback")
LEAK_DB, PEAK, FADE_S = -30.0, 0.95, 0.05
FOR_EVER = 1e9
GAP_S, BACK_S = 3.0, 2.0      # a pause of a speaker is no end of the speech; and what gave way is back so long after one


class Missing(Exception):
    """No recording does for a strip."""


@dataclass(frozen=True)
class Take:
    """From `start` to `end` (seconds) the strip plays `what` (see recordings.py; `= NAME`: what that strip plays), `gain` dB louder than else.
    `role`: where that differs."""

    what: str
    start: float = 0.0
    end: float = FOR_EVER
    gain: float = 0.0
    role: str = ""

    @property
    def kind(self) -> str:
        """What it is, as places have it."""
        return self.role or self.what.split()[0]


@dataclass(frozen=True)
class Strip:
    """`name`: as somebody wrote it on the desk. `gain`: dB at the preamplifier. `leak`: dB of all others, None for none; of some of them by
    their names. `role`: what the strip is, else what it plays first; `told`: what the box is told instead where roles are given."""

    name: str
    takes: tuple[Take, ...]
    gain: float = 0.0
    leak: float | Mapping[str, float] | None = None
    role: str = ""
    told: str = ""


def strip(name: str, *plays: str | Take, gain: float = 0.0, leak: float | Mapping[str, float] | str | None = "as usual", role: str = "",
          told: str = "") -> Strip:
    """As a scene says it: `strip("Git", "acoustic_guitar")`. Whatever has a microphone hears the others by LEAK_DB."""
    takes = tuple(Take(p) if isinstance(p, str) else p for p in plays)
    is_ = role or (takes[0].kind if takes else "unused")
    usual = None if is_ in WIRED else LEAK_DB
    return Strip(name, takes, gain, usual if isinstance(leak, str) else leak, is_, told)


@dataclass(frozen=True)
class Hand:
    """At `at` seconds somebody says what the strip called `name` carries, `role`, or what it is; `given`: only where roles are given at all."""

    at: float
    name: str
    role: str = ""
    given: bool = False


@dataclass(frozen=True)
class Scene:
    name: str
    strips: tuple[Strip, ...]
    hands: tuple[Hand, ...] = ()
    seconds: float = 66.0
    style: str = "pop"

    def index(self, name: str) -> int:
        return next(n for n, s in enumerate(self.strips) if s.name == name)

    @property
    def last(self) -> float:
        """When the last thing happens, seconds."""
        return max([0.0, *(take.start for s in self.strips for take in s.takes), *(hand.at for hand in self.hands)])


@dataclass(frozen=True)
class Part:
    """`strip`: 0-based. `on`: (ticks,) when it plays as this; `under`: it is music under speech."""

    strip: int
    role: str
    on: np.ndarray
    under: bool = False


@dataclass(frozen=True)
class Staged:
    """A scene with sounds. `own`: (frames, strips) float32 what each strip's own source gives; `dry`: with what leaks in."""

    scene: Scene
    own: np.ndarray
    dry: np.ndarray

    @property
    def ticks(self) -> int:
        return len(self.own) // HOP

    @cached_property
    def own_powers(self) -> np.ndarray:
        """K-weighted, (ticks, strips)."""
        return np.stack([k_power(x[:, None]) for x in self.own.T], axis=1)

    @cached_property
    def plays(self) -> np.ndarray:
        """(ticks, strips): whose own source sounds."""
        return np.stack([active(power, -70.0) for power in self.own_powers.T], axis=1)

    @cached_property
    def speaks(self) -> np.ndarray:
        """(ticks,): somebody talks, pauses for breath included."""
        return _closed(self._sounds("speech"), round(GAP_S * RATE / HOP))

    @cached_property
    def talked(self) -> np.ndarray:
        """(ticks,): somebody talks, and nobody sings."""
        return self.speaks & ~self._sounds("lead_vocal")

    def _sounds(self, kind: str) -> np.ndarray:
        return np.any([self._during(n, [t for t in s.takes if t.kind == kind]) for n, s in enumerate(self.scene.strips)], axis=0)

    def _during(self, n: int, takes: Sequence[Take]) -> np.ndarray:
        return self.plays[:, n] & np.any([np.zeros(self.ticks, bool), *(_within(self.ticks, t.start, t.end) for t in takes)], axis=0)

    @cached_property
    def parts(self) -> list[Part]:
        """Of all strips that carry something. Who sings and talks is one, whatever else is played on one strip are several."""
        found = []
        for n, s in enumerate(self.scene.strips):
            takes: dict[str, list[Take]] = {}
            for take in s.takes if s.role not in ("unused", "noise") else ():
                takes.setdefault("voice" if take.kind in FRONT else take.what, []).append(take)
            for mine in takes.values():
                found += self._lives(n, s.role if len(takes) == 1 else mine[0].kind, self._during(n, mine))
        return found

    def _lives(self, n: int, role: str, on: np.ndarray) -> list[Part]:
        """Music that gives way is two things: under speech, and between. What else sounds under speech is not asked where it belongs."""
        if role != "playback" or not self.speaks.any():
            return [Part(n, role, on if role in FRONT else on & ~self.talked)]
        late = np.convolve(self.speaks, np.ones(round(BACK_S * RATE / HOP) + 1))[:self.ticks] > 0
        early = np.convolve(self.speaks, np.concatenate([np.zeros(10), np.ones(1)]))[:self.ticks] > 0      # a second to give way
        return [Part(n, role, on & ~late), Part(n, role, on & self.speaks & early, under=True)]

    def tracks(self, roles: str) -> list[Track]:
        """For a session. `roles`: given; named, where strips have their names alone; heard, where they have not even these."""
        given = [s.told or s.role for s in self.scene.strips]
        return [Track(Path(s.name), 0, "" if roles == "heard" else s.name, role if roles == "given" else "unused", "given" if roles == "given" else "none")
                for s, role in zip(self.scene.strips, given, strict=True)]


def stage(scene: Scene, recordings: Sequence[Recording]) -> Staged:
    """The scene with recordings that do; Missing where there are none for a strip."""
    frames = round(scene.seconds * RATE) // HOP * HOP
    own = np.zeros((frames, len(scene.strips)), np.float32)
    taken: dict[tuple[str, str], Recording] = {}
    for n, s in enumerate(scene.strips):
        for take in s.takes:
            if take.what.startswith("="):
                taken[s.name, take.what] = taken[next(key for key in taken if key[0] == take.what[1:].strip())]
            elif (s.name, take.what) not in taken:
                found = choose(recordings, take.what, scene.name, list(taken.values()))
                if found is None:
                    raise Missing(f"{scene.name}: nothing to hear for '{s.name}', expected a recording of {take.what}")
                taken[s.name, take.what] = found
            own[:, n] += _faded(taken[s.name, take.what].read(frames), take)
    return Staged(_known(scene, taken), *_leaked(scene, own))


def _known(scene: Scene, taken: Mapping[tuple[str, str], Recording]) -> Scene:
    """With the role of the instrument that is heard, where another than the first choice stands in; a voice is what the scene makes of it."""
    strips = []
    for s in scene.strips:
        takes = tuple(t if t.kind in VOICES or t.role else replace(t, role=taken[s.name, t.what].role) for t in s.takes)
        strips.append(replace(s, takes=takes, role=takes[0].kind if takes and s.role == s.takes[0].kind else s.role))
    is_ = {s.name: s for s in strips}
    hands = tuple(h if h.role else replace(h, role=next((t.kind for t in is_[h.name].takes if t.start <= h.at < t.end), is_[h.name].role)) for h in scene.hands)
    return replace(scene, strips=tuple(strips), hands=hands)


def _leaked(scene: Scene, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each strip behind its preamplifier: alone, and with the others some milliseconds later. Nobody clips."""
    whole = own.copy()
    for n, s in enumerate(scene.strips):
        for m, other in enumerate(scene.strips):
            db = s.leak if not isinstance(s.leak, Mapping) else s.leak.get(other.name)
            if m != n and db is not None:
                late = round((0.003 + 0.002 * abs(m - n)) * RATE)
                whole[late:, n] += own[:-late, m] * np.float32(10 ** (db / 20))
    gains = np.array([10 ** (s.gain / 20) for s in scene.strips]) * np.ones(own.shape[1])
    gains = np.minimum(gains, PEAK / np.maximum(np.abs(whole).max(axis=0), 1e-6)).astype(np.float32)
    return own * gains, whole * gains


def _faded(sound: np.ndarray, take: Take) -> np.ndarray:
    t = np.arange(len(sound)) / RATE
    return sound * (np.clip((t - take.start) / FADE_S, 0, 1) * np.clip((take.end - t) / FADE_S, 0, 1) * 10 ** (take.gain / 20)).astype(np.float32)


def _within(ticks: int, start: float, end: float) -> np.ndarray:
    t = (np.arange(ticks) + 1) * HOP / RATE
    return (t > start) & (t <= end)


def _closed(on: np.ndarray, most: int) -> np.ndarray:
    """Gaps of up to so many ticks filled."""
    out, at = on.copy(), np.flatnonzero(on)
    for a, b in itertools.pairwise(at):
        out[a:b] |= b - a <= most
    return out
