"""Tables of what an evaluation measured, in Markdown: overall, by condition, and against the bars that we set ourselves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from models.denoise.validation import CLEAN, NOISE, SINGING, SPEECH, kind_of

Row = dict[str, str | float]            # one system on one pair: system, name, condition, role and what was measured
LINEAR, MINIMUM, BOTH = "-128", "-0", ""


def pick(rows: Iterable[Row], measure: str, belongs: Callable[[str], bool]) -> list[float]:
    """What was measured in the conditions that belong, without NaN."""
    values = [float(row[measure]) for row in rows if measure in row and belongs(str(row["condition"]))]
    return [v for v in values if not math.isnan(v)]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def farthest(values: Sequence[float]) -> float:
    """The one that is farthest from 0 dB."""
    return max(values, key=abs) if values else math.nan


def least(values: Sequence[float]) -> float:
    return min(values) if values else math.nan


@dataclass(frozen=True)
class Figure:
    """One number of a system. `measure`: column of a row; `of`: the conditions it is taken over; `fold`: many to one; `form`: how it is written."""

    measure: str
    of: Callable[[str], bool]
    fold: Callable[[Sequence[float]], float] = mean
    form: str = ".2f"

    def value(self, rows: Sequence[Row]) -> float:
        return self.fold(pick(rows, self.measure, self.of))

    def text(self, rows: Sequence[Row]) -> str:
        return written(self.value(rows), self.form)


def written(value: float, form: str) -> str:
    return "-" if math.isnan(value) else f"{value:{form}}"


def _kind(kind: str) -> Callable[[str], bool]:
    return lambda condition: kind_of(condition) == kind


def _named(*names: str) -> Callable[[str], bool]:
    return lambda condition: condition in names


CLEAN_VOICE = _named("clean-speech", "clean-singing")
CLEAN_MUSIC: Callable[[str], bool] = lambda condition: kind_of(condition) == CLEAN and not CLEAN_VOICE(condition)       # noqa: E731

OVERALL: dict[str, tuple[Figure, ...]] = {                  # a second figure is written in brackets
    "PESQ": (Figure("pesq", _kind(SPEECH)),),
    "STOI": (Figure("stoi", _kind(SPEECH), form=".3f"),),
    "SIG": (Figure("sig", _kind(SPEECH)),),
    "BAK": (Figure("bak", _kind(SPEECH)),),
    "OVRL": (Figure("ovrl", _kind(SPEECH)),),
    "SI-SDRi speech": (Figure("si_sdr_gain", _kind(SPEECH), form=".1f"),),
    "SI-SDRi singing": (Figure("si_sdr_gain", _kind(SINGING), form=".1f"),),
    "noise alone down dB": (Figure("attenuation", _kind(NOISE), form=".1f"),),
    "clean speech dB (worst)": (Figure("level", _named("clean-speech"), form=".1f"), Figure("level", _named("clean-speech"), farthest, ".1f")),
    "clean singing dB (worst)": (Figure("level", _named("clean-singing"), form=".1f"), Figure("level", _named("clean-singing"), farthest, ".1f")),
    "clean music dB (worst)": (Figure("level", CLEAN_MUSIC, form=".1f"), Figure("level", CLEAN_MUSIC, farthest, ".1f")),
    "SI-SDR clean voice (worst)": (Figure("si_sdr", CLEAN_VOICE, form=".0f"), Figure("si_sdr", CLEAN_VOICE, least, ".0f")),
    "SI-SDR clean music (worst)": (Figure("si_sdr", CLEAN_MUSIC, form=".0f"), Figure("si_sdr", CLEAN_MUSIC, least, ".0f")),
}


@dataclass(frozen=True)
class Bar:
    """What a figure must, should and would ideally reach. `paths`: the latency it is asked of. Level changes are compared by size, up to the bar."""

    name: str
    figure: Figure
    must: float
    good: float
    great: float
    paths: str = BOTH

    def grade(self, value: float) -> str:
        if math.isnan(value):
            return "-"
        for name, bar in (("great", self.great), ("good", self.good), ("must", self.must)):
            if (abs(value) <= abs(bar)) if self.figure.measure == "level" else (value >= bar):
                return name
        return "missed"


BARS = (
    Bar("PESQ-WB, noisy speech", Figure("pesq", _kind(SPEECH)), 1.80, 1.90, 2.00),
    Bar("PESQ-WB, dry speech, stationary noise", Figure("pesq", _named("speech-stationary")), 1.60, 1.73, 1.80),
    Bar("PESQ-WB, speech in rooms", Figure("pesq", _named("speech-room")), 2.10, 2.15, 2.3),
    Bar("SI-SDRi dB, speech in rooms", Figure("si_sdr_gain", _named("speech-room"), form=".1f"), 1.5, 2.5, 3.5, LINEAR),
    Bar("STOI, noisy speech", Figure("stoi", _kind(SPEECH), form=".3f"), 0.860, 0.870, 0.885),
    Bar("SI-SDRi dB, speech", Figure("si_sdr_gain", _kind(SPEECH), form=".1f"), 4.0, 5.0, 6.0, LINEAR),
    Bar("SI-SDRi dB, singing", Figure("si_sdr_gain", _kind(SINGING), form=".1f"), 2.5, 3.5, 4.5, LINEAR),
    Bar("SI-SDRi dB, speech", Figure("si_sdr_gain", _kind(SPEECH), form=".1f"), 0.0, 0.0, 0.0, MINIMUM),
    Bar("noise alone, dB down", Figure("attenuation", _kind(NOISE), form=".1f"), 11.0, 13.0, 15.0),
    Bar("clean voice level dB, mean", Figure("level", CLEAN_VOICE), -0.4, -0.3, -0.2),
    Bar("clean voice level dB, worst", Figure("level", CLEAN_VOICE, farthest), -0.8, -0.6, -0.4),
    Bar("clean voice SI-SDR dB, worst", Figure("si_sdr", CLEAN_VOICE, least, ".0f"), 25.0, 28.0, 32.0, LINEAR),
    Bar("clean voice SI-SDR dB, worst", Figure("si_sdr", CLEAN_VOICE, least, ".0f"), 18.0, 20.0, 22.0, MINIMUM),
    Bar("clean music level dB, mean", Figure("level", CLEAN_MUSIC), -1.5, -1.0, -0.5),
    Bar("clean music level dB, worst", Figure("level", CLEAN_MUSIC, farthest), -5.0, -3.0, -2.0),
)


def by_system(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """In the order in which the systems first come."""
    systems: dict[str, list[Row]] = {}
    for row in rows:
        systems.setdefault(str(row["system"]), []).append(row)
    return systems


def overall(systems: dict[str, list[Row]]) -> str:
    """A line a system."""
    lines = []
    for name, rows in systems.items():
        texts = [[figure.text(rows) for figure in figures] for figures in OVERALL.values()]
        lines.append([name, *(first + "".join(f" ({worst})" for worst in others) for first, *others in texts)])
    return table(["system", *OVERALL], lines)


def by_condition(systems: dict[str, list[Row]]) -> str:
    """A line a condition with noise in it: PESQ / SI-SDRi, for singing SI-SDRi alone, for noise alone what it is taken down by."""
    counts: dict[str, int] = {}
    for row in next(iter(systems.values()), []):
        counts[str(row["condition"])] = counts.get(str(row["condition"]), 0) + 1
    lines = []
    for condition, count in counts.items():
        if kind_of(condition) != CLEAN:
            lines.append([f"{condition} ({count})", *(_in_condition(rows, condition) for rows in systems.values())])
    return table(["condition (pairs)", *systems], lines)


def against_bars(systems: dict[str, list[Row]]) -> str:
    """A line a bar: what was asked and what each system reached, with the bar it has cleared."""
    lines = []
    for bar in BARS:
        path = {LINEAR: ", 2.7 ms path", MINIMUM: ", zero-delay path"}.get(bar.paths, "")
        lines.append([bar.name + path, *(f"{b:g}" for b in (bar.must, bar.good, bar.great)), *(_reached(bar, name, rows) for name, rows in systems.items())])
    lines += _path_gap(systems)
    return table(["bar", "must", "good", "great", *systems], lines)


def markdown(rows: Iterable[Row]) -> str:
    systems = by_system(rows)
    notes = ("PESQ-WB, STOI: all noisy speech. SIG, BAK, OVRL: DNSMOS P.835 on every third of it. Level and SI-SDR of clean sounds: mean (worst).\n"
             "Rooms: the reference is the reverberant voice, so what dereverberates is punished there. Read the conditions, not the mean alone.")
    return "\n\n".join(["## All", overall(systems), notes, "## By condition (PESQ / SI-SDRi dB)", by_condition(systems), "## Against the bars",
                        against_bars(systems)]) + "\n"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])


def _in_condition(rows: Sequence[Row], condition: str) -> str:
    kind, here = kind_of(condition), _named(condition)
    gain = Figure("si_sdr_gain", here, form=".1f").text(rows)
    return {SINGING: gain, NOISE: Figure("attenuation", here, form=".1f").text(rows)}.get(kind, f"{Figure('pesq', here).text(rows)} / {gain}")


def _reached(bar: Bar, system: str, rows: Sequence[Row]) -> str:
    """A system without a latency in its name is held to the bars of the linear path."""
    minimum = system.endswith(MINIMUM)
    if bar.paths and minimum != (bar.paths == MINIMUM):
        return "-"
    value = bar.figure.value(rows)
    return f"{written(value, bar.figure.form)} {bar.grade(value)}" if not math.isnan(value) else "-"


def _path_gap(systems: dict[str, list[Row]]) -> list[list[str]]:
    """PESQ of the zero-delay path less that of the linear one, where both were measured: within 0.03."""
    pesq, line = BARS[0].figure, []
    for name, rows in systems.items():
        linear = systems.get(name.removesuffix(MINIMUM) + LINEAR, []) if name.endswith(MINIMUM) else []
        gap = pesq.value(rows) - pesq.value(linear)
        line.append("-" if math.isnan(gap) else f"{gap:+.3f} {'must' if gap >= -0.03 else 'missed'}")
    return [["PESQ-WB, zero-delay path less 2.7 ms path", "-0.03", "-", "-", *line]] if set(line) != {"-"} else []
