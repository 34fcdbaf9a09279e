"""What is measured of a scene, each figure declared once with its goal. Places and errors are those of balance.py and places.py.

Who is in front of a scene without a lead vocal is its speech; where there is neither, places are measured from the level that fits all best.
Music under speech belongs 10 dB under it, and 2 dB more or less is no error; a second after it began, and until two after it ended, nobody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gigbox.brain.roles.roles import ROLES
from gigbox.render.render import SOUNDCHECK_S
from gigbox.render.report import told
from tests.measures.balance import false_rise, places, reference
from tests.measures.figures import ANY, NEAR_LU, Case, Figure, lar_error
from tests.measures.loudness import KMeter, decibels, windowed
from tests.measures.performance import perform
from tests.measures.places import LAR, LATE, OFFSETS, common_trim, lead_role, wanted
from tests.measures.scene import BACK_S, Part, Staged

NAN, NEVER = float("nan"), float("inf")
UNDER_DB, UNDER_TOLERANCE_DB = 10.0, 2.0
WINDOW, SHORT, LONG = 50, 10, 30      # ticks: what an error at a time is of; 1 s; 3 s
AGO_S = 1.0                           # a source is silent after so long
TIMES = (20, 40, 60, 180)


@dataclass(frozen=True)
class Played:
    """What the box did: (ticks, strips) K-weighted `powers` behind the faders, dB of trim and fader, what it took each strip for, whether it was
    unsure of that; `moves`: seconds of each sentence that was told, however much was moved for it."""

    powers: np.ndarray
    gain: np.ndarray
    roles: np.ndarray
    unsure: np.ndarray
    moves: list[float]


def play(staged: Staged, roles: str) -> Played:
    """The scene through the box, with roles `given`, `named` or `heard`."""
    scene, count = staged.scene, len(staged.scene.strips)
    meter = KMeter(2 * count)
    powers, gain = np.zeros((staged.ticks, count)), np.zeros((staged.ticks, count))
    taken, unsure = np.zeros((staged.ticks, count), int), np.zeros((staged.ticks, count), bool)
    hands = [(hand.at, {f"strip/{scene.index(hand.name) + 1}/role": hand.role}) for hand in scene.hands if roles == "given" or not hand.given]
    for t, (session, strips) in enumerate(perform(staged.tracks(roles), staged.dry, scene.style, roles, hands)):
        powers[t] = meter.take(strips.reshape(len(strips), -1))[0].reshape(-1, 2).sum(axis=1)
        for n in range(count):
            path = f"strip/{n + 1}"
            gain[t, n] = session.value(f"{path}/level") + session.value(f"{path}/trim")
            taken[t, n] = int(session.value(f"{path}/role"))
            verdict = session.brain.verdicts[n] if n < len(session.brain.verdicts) else None
            said = session.hand(f"{path}/role") is not None or n + 1 in session.brain.named
            unsure[t, n] = not said and not (taken[t, n] and verdict and verdict.name)
    return Played(powers, gain, taken, unsure, [float(line["t"]) for line in told(session)])


@dataclass(frozen=True)
class Material:
    """The parts of a scene as the other measures see a song's. `powers`: of what comes in, K-weighted."""

    roles: list[str]
    on: np.ndarray
    powers: np.ndarray

    @property
    def ticks(self) -> int:
        return len(self.on)


@dataclass(frozen=True)
class Mixed:
    powers: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class SceneCase(Case):
    """A scene that was played. Arrays are (ticks, parts) as in Case."""

    staged: Staged = None
    played: Played = None

    @classmethod
    def of(cls, staged: Staged, played: Played) -> SceneCase:
        strips = [p.strip for p in staged.parts]
        roles = [p.role for p in staged.parts]
        if lead_role(roles) == "speech":
            roles = ["lead_vocal" if role == "speech" else role for role in roles]
        on = np.stack([p.on for p in staged.parts], axis=1)
        twice = np.array([strips.count(n) > 1 for n in strips])
        music = np.array([p.role == "playback" for p in staged.parts])
        material = Material(roles, on, staged.own_powers[:, strips] * np.where(twice & ~music, on, True))
        mixed = Mixed(played.powers[:, strips] * np.where(twice, on, True), played.gain[:, strips])
        return cls(material, mixed, LAR[staged.scene.style], staged=staged, played=played)

    @property
    def parts(self) -> list[Part]:
        return self.staged.parts

    @cached_property
    def placed(self) -> np.ndarray:
        """LU from its place, but for what all have in common."""
        roles, under = self.material.roles, np.array([p.under for p in self.parts])
        once = [i for i in range(len(roles)) if not under[i]]
        b = common_trim([roles[i] for i in once], self.material.on[:, once], self.material.powers[:, once], self.lar)
        beside = OFFSETS["speech"] if "speech" in roles else 0.0          # where talkers stand beside a singer
        return places(self.mixed.powers, self.mixed.gain, self.material.on, wanted(roles, b) - under * (UNDER_DB - self.lar - beside))

    @cached_property
    def offs(self) -> np.ndarray:
        """LU that each part is over (+) or under (-) its place, NaN where it does not play; of music under speech only what is out of tolerance."""
        known, on = np.isfinite(self.placed), self.material.on
        front = np.array([role == "lead_vocal" for role in self.material.roles])
        seen = known & (front | on)
        level = np.array([reference(row[None], ok[None], self.material.roles) if ok.any() else NAN for row, ok in zip(self.placed, seen, strict=True)])
        off = self.placed - level[:, None]
        under = [p.under for p in self.parts]
        off[:, under] = np.sign(off[:, under]) * np.maximum(np.abs(off[:, under]) - UNDER_TOLERANCE_DB, 0)
        return np.where(on & known, off, NAN)

    def errors_at(self, seconds: float) -> np.ndarray:
        """LU of each part that counts in the 5 s from then on."""
        window = np.abs(self.offs[round(seconds * 10):round(seconds * 10) + WINDOW])
        return np.array([np.nanmean(column) for column in window.T if np.isfinite(column).sum() >= SHORT])


def mean_at(seconds: int) -> Callable[[SceneCase], float]:
    return lambda c: float(np.mean(c.errors_at(seconds))) if len(c.errors_at(seconds)) else NAN


def p95_at(seconds: int) -> Callable[[SceneCase], float]:
    return lambda c: float(np.percentile(c.errors_at(seconds), 95)) if len(c.errors_at(seconds)) else NAN


def converged(case: SceneCase) -> float:
    """Seconds after the last thing that happened until the mean error stays below 2 LU."""
    means = [mean_at(t)(case) for t in range(case.staged.ticks // 10 - WINDOW // 10 + 1)]
    far = [t for t, mean in enumerate(means) if mean >= NEAR_LU]
    if not far or len(case.parts) < 2:
        return 0.0 if len(case.parts) > 1 else NAN
    return NEVER if far[-1] == len(means) - 1 else max(far[-1] + 1 - case.staged.scene.last, 0.0)


def lar_off(case: SceneCase) -> float:
    return lar_error(case) if not any(p.under for p in case.parts) and case.lead.any() else NAN


def _silences(case: SceneCase) -> Iterator[tuple[int, slice]]:
    """Each strip's stretches in which nothing of its own sounds, a second after it ended."""
    for n in range(len(case.staged.scene.strips)):
        quiet = ~case.staged.plays[:, n]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int)))
        for a, b in zip(edges[::2], edges[1::2], strict=True):
            a += round(AGO_S * 10) if a else 0
            if b - a > LONG:
                yield n, slice(a, b)


def rise_in_silence(case: SceneCase) -> float:
    """dB that the gain of a strip went up while only bleed came in."""
    return max([0.0, *(float(case.played.gain[s, n].max() - case.played.gain[s.start, n]) for n, s in _silences(case))])


def false_rides(case: SceneCase) -> float:
    return float(max(false_rise(gain, power).sum() for gain, power in zip(case.played.gain.T, case.staged.own_powers.T, strict=True)))


def speech_over_music(case: SceneCase) -> float:
    """dB of the speakers over all music that gives way, while they talk, after soundcheck."""
    talks = case.staged.speaks & (np.arange(case.staged.ticks) >= LATE)
    music = [n for n, s in enumerate(case.staged.scene.strips) if s.role == "playback"]
    voices = [n for n, s in enumerate(case.staged.scene.strips) if any(take.kind == "speech" for take in s.takes)]
    under = talks & case.staged.plays[:, music].any(axis=1) & case.staged.plays[:, voices].any(axis=1)
    if not music or not voices or not under.any():
        return NAN
    return float(decibels(case.played.powers[under][:, voices].sum()) - decibels(case.played.powers[under][:, music].sum()))


def music_back(case: SceneCase) -> float:
    """Seconds after a talk until the gain of all music is within 2 dB of where it stands when the next one begins, at worst."""
    music = [n for n, s in enumerate(case.staged.scene.strips) if s.role == "playback"]
    worst = []
    edges = np.flatnonzero(np.diff(np.concatenate([[True], case.staged.speaks, [True]]).astype(int)))
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if not music or a < LATE or b - a < 2 * LONG:
            continue
        before, after = (p[:, music].sum(axis=1) for p in (case.staged.own_powers, case.played.powers))
        gain = windowed(after, 5) - windowed(before, 5)
        far = np.flatnonzero(np.abs(gain[a:b] - np.median(gain[b - LONG:b])) >= NEAR_LU)
        worst.append((far[-1] + 1) / 10 if len(far) else 0.0)
    return max(worst) if worst else NAN


def heal(case: SceneCase, open_mic: bool) -> float:
    """Seconds after a hand said what a strip is until it stays within 2 LU of its place: of open microphones, whose trims rise slowly, or of all else."""
    found = [NAN]
    for hand in case.staged.scene.hands:
        at = round(hand.at * 10)
        mine = [i for i, p in enumerate(case.parts) if at and p.strip == case.staged.scene.index(hand.name) and p.on[at:].any()]
        for i in (i for i in mine if ROLES[case.parts[i].role].open_mic == open_mic):
            far = np.flatnonzero(np.abs(case.offs[at:, i]) >= NEAR_LU)
            heard = np.flatnonzero(np.isfinite(case.offs[at:, i]))
            found.append(NEVER if len(far) and len(heard) and far[-1] >= heard[-1] - SHORT else (far[-1] + 1) / 10 if len(far) else 0.0)
    return float(np.nanmax(found)) if len(found) > 1 else NAN


def over(case: SceneCase, unsure: bool) -> float:
    """LU over its place that a part is for 3 s, at worst: after soundcheck; or ever, while the box is unsure of it."""
    worst = []
    for i, part in enumerate(case.parts):
        off = np.where(case.played.unsure[:, part.strip] if unsure else np.arange(case.staged.ticks) >= LATE, case.offs[:, i], NAN)
        heard = off[part.on]
        if len(heard) > LONG:
            least = np.lib.stride_tricks.sliding_window_view(heard, LONG).min(axis=1)
            worst += [np.nanmax(least)] if np.isfinite(least).any() else []
    return float(max(worst)) if worst else NAN


def moves_a_minute(case: SceneCase, show: bool) -> float:
    end = case.staged.ticks / 10
    count = sum((t >= SOUNDCHECK_S) == show for t in case.played.moves)
    length = end - SOUNDCHECK_S if show else min(SOUNDCHECK_S, end)
    return count / length * 60 if length >= 5 else NAN


def figures(roles: str) -> list[Figure]:
    """Goals are stricter where roles are given."""
    mean, p95 = (1.0, 2.5) if roles == "given" else (1.5, 4.0)
    errors = [figure for t in TIMES for figure in (Figure(f"{t} s mean LU", -ANY, mean, 1, mean_at(t)), Figure("p95 LU", -ANY, p95, 1, p95_at(t)))]
    return [*errors,
            Figure("LAR off dB", -ANY, 1.0, 1, lar_off),
            Figure("converged s", -ANY, 15.0, 1, converged),
            Figure("false rides dB", -ANY, 0.0, 1, false_rides),
            Figure("rise in silence dB", -ANY, 0.0, 1, rise_in_silence),
            Figure("speech over music dB", 8.0, 12.0, 1, speech_over_music),
            Figure("music back s", -ANY, BACK_S, 1, music_back),
            Figure("heals s", -ANY, 10.0, 1, lambda c: heal(c, False)),
            Figure("open mics s", -ANY, 20.0, 1, lambda c: heal(c, True)),
            Figure("over for 3 s LU", -ANY, ANY, 1, lambda c: over(c, False)),
            Figure("unsure over LU", -ANY, 2.0, 1, lambda c: over(c, True)),
            Figure("moves/min soundcheck", -ANY, 40.0, 0, lambda c: moves_a_minute(c, False)),
            Figure("in a show", -ANY, 8.0, 0, lambda c: moves_a_minute(c, True))]
