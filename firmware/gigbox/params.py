"""THE table: every parameter of the box, declared once. `python -m gigbox.params` writes it out for C and TypeScript.

A path is words and 1-based numbers (`strip/3/eq/2/gain`). A row's `*` stand for the numbers; COUNTS says how many there are.
All instances of all rows lie behind each other in one flat array of float32 (the rack's `values`), in table order:
rows are only ever appended, so that no index moves.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gigbox.errors import ParamError

COUNTS = {"strip": 32, "eq": 4, "send": 6, "fxsend": 2, "monitor": 6, "fx": 2, "notch": 16}
ROLES = ("unused", "lead_vocal", "backing_vocal", "speech", "kick", "snare", "hihat_overhead", "tom", "drums", "bass",
         "electric_guitar", "acoustic_guitar", "keys", "synth", "strings", "brass_sax", "playback", "ambience")
STYLES = ("pop", "rock", "country", "rap", "metal", "jazz", "worship", "singer_songwriter", "talk")
OFF_DB = -90.0      # the bottom of a fader: silence
SWITCH = ("off", "on")
DENOISERS = ("off", "classic", "model")
COLOURS = ("none", "red", "pink", "orange", "yellow", "green", "cyan", "blue", "purple", "white")


@dataclass(frozen=True)
class Param:
    """One row. `default` is one value, or one for each instance of the last `*`; `smooth_ms` is how long the sound takes to follow.

    taper: how a knob's way 0..1 maps to the value: linear, log, fader (dB, fine near 0) or step (one of `choices`).
    blend: add | override | hand, see DESIGN section 2 and `effective`.
    """

    path: str
    unit: str
    low: float
    high: float
    default: float | tuple[float, ...]
    taper: str
    smooth_ms: float
    blend: str
    about: str
    choices: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """How many instances each `*` of the path has, from left to right."""
        words = self.path.split("/")
        return tuple(COUNTS[words[i - 1]] for i, word in enumerate(words) if word == "*")

    @property
    def size(self) -> int:
        return math.prod(self.counts)

    def default_of(self, instance: int) -> float:
        """The default of the flat instance number (0-based)."""
        if isinstance(self.default, tuple):
            return self.default[instance % len(self.default)]
        return self.default

    def check(self, value: object, path: str) -> float:
        """A number or a choice's name as the parameter's float; ParamError names what was wrong."""
        if isinstance(value, str) and self.choices:
            if value not in self.choices:
                raise ParamError(f"{path}: '{value}' is not one of {', '.join(self.choices)}")
            return float(self.choices.index(value))
        if isinstance(value, bool) and self.choices == SWITCH:
            return float(value)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) > 1e30 or value != value:
            raise ParamError(f"{path}: {value!r} is not a number{' or one of ' + ', '.join(self.choices) if self.choices else ''}")
        if value < self.low:
            raise ParamError(f"{path}: {value:g}{self._unit()} is below {self.low:g}{self._unit()}")
        if value > self.high:
            raise ParamError(f"{path}: {value:g}{self._unit()} is above {self.high:g}{self._unit()}")
        if self.taper == "step" and value != round(value):
            raise ParamError(f"{path}: {value:g} is not a whole number{' or one of ' + ', '.join(self.choices) if self.choices else ''}")
        return float(value)

    def clamp(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def position(self, value: float) -> float:
        """The way of a knob, 0..1, at `value`."""
        if self.taper == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        if self.taper == "fader":
            return _fader_position(value, self.low, self.high)
        return (value - self.low) / (self.high - self.low)

    def at(self, position: float) -> float:
        """The value where a knob stands at `position`, 0..1."""
        position = min(max(position, 0.0), 1.0)
        if self.taper == "log":
            return float(self.low * (self.high / self.low) ** position)
        if self.taper == "fader":
            return _fader_value(position, self.low, self.high)
        value = self.low + position * (self.high - self.low)
        return float(round(value)) if self.taper == "step" else value

    def effective(self, hand: float | None, auto: float | None, depth: float, default: float) -> float:
        """What is heard: DESIGN section 2. `hand` None means never touched, `auto` None means no opinion; depth 0..1."""
        if self.blend == "add":
            base = default if hand is None else hand
            if self.taper == "fader" and base <= self.low:
                return self.low      # off is off
            return self.clamp(base + depth * (auto or 0.0))
        if hand is not None:
            return hand
        if self.blend == "hand" or auto is None or depth <= 0:
            return default
        if self.taper == "step":
            return auto
        start, end = self.position(default), self.position(auto)
        return self.clamp(self.at(start + depth * (end - start)))

    def text(self, value: float) -> str:
        """The value as a person reads it: `-3.0 dB`, `off`, `lead_vocal`."""
        if self.choices:
            return self.choices[int(value)]
        if self.taper == "fader" and value <= self.low:
            return "off"
        return f"{value:.0f}{self._unit()}" if abs(value) >= 100 else f"{value:.1f}{self._unit()}"

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


def _fader_position(db: float, low: float, high: float) -> float:
    """Half the way covers the top 20 dB, the rest squeezes towards silence."""
    knee = high - 20.0
    return 0.5 + (db - knee) / 40.0 if db >= knee else 0.5 * math.sqrt((db - low) / (knee - low))


def _fader_value(position: float, low: float, high: float) -> float:
    knee = high - 20.0
    return knee + (position - 0.5) * 40.0 if position >= 0.5 else low + (position * 2.0) ** 2 * (knee - low)


def _switch(path: str, default: float, blend: str, about: str, smooth_ms: float = 20) -> Param:
    return Param(path, "", 0, 1, default, "step", smooth_ms, blend, about, SWITCH)


def _choice(path: str, choices: tuple[str, ...], default: float | tuple[float, ...], blend: str, about: str) -> Param:
    return Param(path, "", 0, len(choices) - 1, default, "step", 20, blend, about, choices)


def _level(path: str, default: float, about: str) -> Param:
    return Param(path, "dB", OFF_DB, 10, default, "fader", 10, "add", about)


def _eq(owner: str) -> tuple[Param, ...]:
    return (
        _switch(f"{owner}/eq/on", 1, "override", "equaliser in or out"),
        _choice(f"{owner}/eq/*/type", ("bell", "low_shelf", "high_shelf"), (1, 0, 0, 2), "override", "what the band does"),
        Param(f"{owner}/eq/*/frequency", "Hz", 20, 20000, (100, 400, 2500, 8000), "log", 20, "override", "centre or corner of the band"),
        Param(f"{owner}/eq/*/gain", "dB", -18, 18, 0, "linear", 20, "add", "boost or cut of the band"),
        Param(f"{owner}/eq/*/q", "", 0.1, 10, 0.8, "log", 20, "override", "width of the band, as Q"),
    )


def _notches(owner: str) -> tuple[Param, ...]:
    return (
        Param(f"{owner}/notch/*/frequency", "Hz", 20, 20000, 1000, "log", 20, "override", "feedback notch: centre"),
        Param(f"{owner}/notch/*/gain", "dB", -24, 0, 0, "linear", 20, "add", "feedback notch: depth"),
        Param(f"{owner}/notch/*/q", "", 3, 120, 14.5, "log", 20, "override", "feedback notch: width, as Q"),
    )


TABLE: tuple[Param, ...] = (
    _choice("strip/*/role", ROLES, 0, "override", "what the channel carries"),
    Param("strip/*/input/gain", "dB", 0, 60, 0, "linear", 20, "hand", "preamplifier, where the hardware has one"),
    _switch("strip/*/input/phantom", 0, "hand", "48 V, where the hardware has it"),
    Param("strip/*/trim", "dB", -24, 24, 0, "linear", 20, "add", "digital gain at the top of the strip"),
    _switch("strip/*/polarity", 0, "hand", "turn the polarity"),
    Param("strip/*/delay", "ms", 0, 20, 0, "linear", 50, "override", "delay to align microphones"),
    _switch("strip/*/link", 0, "hand", "this strip and the next are left and right of one source"),
    _switch("strip/*/mute", 0, "hand", "silence the strip everywhere", 5),
    _switch("strip/*/solo", 0, "hand", "hear the strip on the listen bus", 5),
    _switch("strip/*/hpf/on", 0, "override", "high-pass in or out"),
    Param("strip/*/hpf/frequency", "Hz", 16, 400, 80, "log", 20, "override", "high-pass corner"),
    _choice("strip/*/hpf/slope", ("12", "24"), 0, "override", "high-pass slope, dB per octave"),
    _switch("strip/*/hum/on", 0, "override", "mains hum notches in or out"),
    Param("strip/*/hum/frequency", "Hz", 45, 65, 50, "linear", 20, "override", "mains frequency"),
    Param("strip/*/hum/harmonics", "", 1, 8, 8, "step", 20, "override", "how many harmonics are cut"),
    Param("strip/*/hum/depth", "dB", 0, 30, 18, "linear", 20, "override", "how deep the notches are"),
    Param("strip/*/denoise/amount", "dB", 0, 24, 0, "linear", 20, "override", "how far noise may be taken down"),
    _switch("strip/*/gate/on", 0, "override", "gate in or out"),
    Param("strip/*/gate/threshold", "dB", -90, 0, -45, "linear", 20, "override", "opens above; closes 3 dB lower"),
    Param("strip/*/gate/range", "dB", 0, 80, 20, "linear", 20, "override", "how far it closes"),
    Param("strip/*/gate/ratio", "", 1, 100, 100, "log", 20, "override", "below threshold: 2 is a gentle expander, 100 a gate"),
    Param("strip/*/gate/attack", "ms", 0.1, 100, 1, "log", 0, "override", "time to open"),
    Param("strip/*/gate/hold", "ms", 0, 1000, 50, "linear", 0, "override", "time it stays open below threshold"),
    Param("strip/*/gate/release", "ms", 5, 2000, 150, "log", 0, "override", "time to close"),
    *_eq("strip/*"),
    _switch("strip/*/deess/on", 0, "override", "de-esser in or out"),
    Param("strip/*/deess/frequency", "Hz", 4000, 10000, 6500, "log", 20, "override", "where the sibilance is"),
    Param("strip/*/deess/threshold", "dB", -30, 0, -12, "linear", 0, "override", "sibilance band against the whole voice"),
    Param("strip/*/deess/range", "dB", 0, 12, 8, "linear", 20, "override", "the most it takes away"),
    _switch("strip/*/comp/on", 0, "override", "compressor in or out"),
    Param("strip/*/comp/threshold", "dB", -60, 0, -20, "linear", 20, "override", "level where it begins"),
    Param("strip/*/comp/ratio", "", 1, 20, 2, "log", 20, "override", "dB in for one dB out"),
    Param("strip/*/comp/knee", "dB", 0, 24, 6, "linear", 20, "override", "width of the soft bend"),
    Param("strip/*/comp/attack", "ms", 0.1, 200, 10, "log", 0, "override", "time to clamp down"),
    Param("strip/*/comp/release", "ms", 5, 2000, 120, "log", 0, "override", "time to let go"),
    Param("strip/*/comp/makeup", "dB", 0, 24, 0, "linear", 20, "add", "gain after compression"),
    _switch("strip/*/comp/auto_makeup", 0, "override", "give back what is taken on average, 3 dB at most"),
    Param("strip/*/comp/mix", "%", 0, 100, 100, "linear", 20, "override", "compressed against dry: parallel compression"),
    _switch("strip/*/share/on", 0, "override", "member of the speech group that shares one gain"),
    Param("strip/*/share/weight", "dB", -15, 15, 0, "linear", 20, "add", "priority in the group"),
    _switch("strip/*/duck/key", 0, "override", "when this strip sounds, the others give way"),
    Param("strip/*/duck/level", "dB", 0, 24, 0, "linear", 20, "override", "how far this strip gives way, whole"),
    Param("strip/*/duck/bell", "dB", 0, 12, 0, "linear", 20, "override", "how far it gives way around the voice, 1 to 4 kHz"),
    _level("strip/*/level", 0, "the fader"),
    Param("strip/*/pan", "", -1, 1, 0, "linear", 10, "add", "-1 left, 1 right, constant power"),
    _level("strip/*/send/*/level", OFF_DB, "level to the monitor"),
    _choice("strip/*/send/*/tap", ("pre", "post"), 0, "hand", "before or after the fader"),
    _level("strip/*/fxsend/*/level", OFF_DB, "level to the effect"),
    _level("main/level", 0, "the main fader"),
    _switch("main/mute", 0, "hand", "silence the main outputs", 5),
    *_eq("main"),
    *_notches("main"),
    Param("main/limiter/ceiling", "dB", -12, 0, -1, "linear", 20, "hand", "no true peak above"),
    Param("main/limiter/release", "ms", 20, 500, 80, "log", 0, "hand", "time to let go"),
    _level("monitor/*/level", 0, "the monitor's fader"),
    _switch("monitor/*/mute", 0, "hand", "silence the monitor", 5),
    *_eq("monitor/*"),
    *_notches("monitor/*"),
    Param("monitor/*/limiter/ceiling", "dB", -24, 0, -1, "linear", 20, "hand", "no sample above"),
    Param("monitor/*/limiter/release", "ms", 20, 500, 80, "log", 0, "hand", "time to let go"),
    _choice("fx/*/type", ("off", "reverb", "delay"), 0, "hand", "what the effect is"),
    Param("fx/*/time", "ms", 0, 1000, 20, "linear", 50, "hand", "delay time, or pre-delay"),
    Param("fx/*/decay", "s", 0.1, 8, 1.6, "log", 20, "hand", "reverberation time, or how long echoes last"),
    Param("fx/*/tone", "Hz", 500, 16000, 5000, "log", 20, "hand", "treble of the effect"),
    _level("fx/*/level", OFF_DB, "return of the effect"),
    _switch("fx/*/mute", 0, "hand", "silence the effect", 5),
    Param("box/depth", "%", 0, 100, 100, "linear", 0, "hand", "how much of what the box wants is heard"),
    _switch("box/freeze", 0, "hand", "the box changes nothing more"),
    _choice("box/mode", ("soundcheck", "show"), 1, "hand", "fast and free, or slow and careful"),
    _choice("box/style", STYLES, 0, "hand", "what kind of night it is"),
    _choice("box/denoise", DENOISERS, 2, "hand", "who cleans the channels"),
    _choice("box/lookahead", ("0", "128"), 1, "hand", "frames main is delayed for a linear-phase denoise filter"),
    _choice("box/listen", ("main", *(f"monitor_{n}" for n in range(1, COUNTS["monitor"] + 1))), 0, "hand",
            "what the listen bus carries while nothing is soloed"),
    Param("box/duck/threshold", "dB", -70, 0, -30, "linear", 0, "hand", "a key strip sounds above this level"),
    Param("box/duck/attack", "ms", 1, 500, 30, "log", 0, "hand", "time to give way"),
    Param("box/duck/hold", "ms", 0, 2000, 250, "linear", 0, "hand", "time it stays after the key went"),
    Param("box/duck/release", "ms", 20, 4000, 400, "log", 0, "hand", "time to come back"),
    Param("box/duck/frequency", "Hz", 500, 6000, 2200, "log", 20, "hand", "centre of the bell"),
    Param("box/duck/q", "", 0.3, 3, 0.7, "log", 20, "hand", "width of the bell, as Q"),
    Param("box/share/depth", "dB", 6, 40, 20, "linear", 0, "hand", "the most gain sharing takes from a strip"),
    _switch("strip/*/pop/on", 1, "override", "mutes the bang of a plug or of phantom power"),
    _choice("strip/*/colour", COLOURS, 0, "override", "to find the strip by"),
    _switch("monitor/*/follow", 0, "hand", "the monitor follows what the box does with the faders"),
    _switch("main/mono/on", 0, "hand", "lows of main in the middle"),
    Param("main/mono/frequency", "Hz", 40, 250, 120, "log", 20, "hand", "below this nothing sits on one side"),
    _switch("box/taste", 1, "hand", "learn from corrections, and start from what was learnt"),
    Param("box/linecheck", "s", 0, 60, 0, "linear", 0, "hand", "listens so long what each line is worth; 0 again when that is told"),
)


@dataclass(frozen=True)
class Text:
    """A word or two that people set and the sound does not need; always `hand`."""

    path: str
    longest: int
    about: str


TEXTS = (Text("strip/*/name", 32, "what the strip is called"), Text("monitor/*/name", 32, "whose monitor it is"),
         Text("box/song", 64, "what is being played"),
         Text("box/forget", 48, "what of taste the brain is to forget: a role, ROLE/KIND or all; empty again when it has"))


@dataclass(frozen=True)
class Address:
    """One instance of a row: the path as said, and where its value lies."""

    path: str
    param: Param
    instance: int
    index: int

    @property
    def default(self) -> float:
        return self.param.default_of(self.instance)


FIRST: dict[str, int] = dict(zip((p.path for p in TABLE), itertools.accumulate((p.size for p in TABLE), initial=0), strict=False))
VALUES = sum(p.size for p in TABLE)
_ROWS = {p.path: p for p in TABLE}
_TEXT_ROWS = {t.path: t for t in TEXTS}
_NUMBER = re.compile(r"(?<=/)([1-9][0-9]{0,3})(?=/|$)")


@functools.lru_cache(maxsize=1 << 14)
def find(path: str) -> Address:
    """The address behind a path such as `strip/3/level`; ParamError if there is none."""
    pattern = _NUMBER.sub("*", path)
    param = _ROWS.get(pattern)
    if param is None or "*" in path:
        raise ParamError(f"{path}: no such parameter")
    numbers = [int(n) for n in _NUMBER.findall(path)]
    instance = 0
    for number, count in zip(numbers, param.counts, strict=True):
        if not 1 <= number <= count:
            raise ParamError(f"{path}: {number} is not in 1..{count}")
        instance = instance * count + number - 1
    return Address(path, param, instance, FIRST[pattern] + instance)


def find_text(path: str) -> Text | None:
    """The text row behind a path such as `strip/3/name`, or None."""
    text = _TEXT_ROWS.get(_NUMBER.sub("*", path))
    numbers = _NUMBER.findall(path)
    return text if text and "*" not in path and all(1 <= int(n) <= COUNTS[path.split("/")[0]] for n in numbers) else None


def instances(param: Param) -> Iterator[Address]:
    """Every address of a row, in the order of its values."""
    for instance, numbers in enumerate(itertools.product(*(range(1, c + 1) for c in param.counts))):
        path = param.path
        for number in numbers:
            path = path.replace("*", str(number), 1)
        yield Address(path, param, instance, FIRST[param.path] + instance)


@functools.lru_cache(maxsize=1)
def addresses() -> tuple[Address, ...]:
    """Every address of the box; `addresses()[i].index == i`."""
    return tuple(a for p in TABLE for a in instances(p))


def c_name(path: str) -> str:
    return "GB_" + path.replace("/*", "").replace("/", "_").upper()


def _defaults(param: Param) -> tuple[float, ...]:
    return param.default if isinstance(param.default, tuple) else (param.default,)


def c_header() -> str:
    """native/src/params.h: the first index of every row, and its range, default and smoothing."""
    enums = "\n".join(f"  {c_name(p.path)} = {FIRST[p.path]}," for p in TABLE)
    rows = "\n".join(f"  {{{FIRST[p.path]}, {p.size}, {p.low:.7g}, {p.high:.7g}, {p.smooth_ms:.7g}, {len(_defaults(p))}, "
                     f"{{{', '.join(f'{d:.7g}' for d in _defaults(p))}}}}},  // {p.path}" for p in TABLE)
    sizes = "\n".join(f"#define GB_{name.upper()}S {count}" for name, count in COUNTS.items())
    return f"""// params.h - written by gigbox.params from THE table; do not edit. Where each parameter lies, its range and its default.
#pragma once
{sizes}
#define GB_VALUES {VALUES}
#define GB_ROWS {len(TABLE)}
enum gb_param {{
{enums}
}};
// The default of instance i is defaults[i % cycle].
typedef struct {{ int first, count; float low, high, smooth_ms; int cycle; float defaults[4]; }} gb_row;
static const gb_row gb_rows[GB_ROWS] = {{
{rows}
}};
"""


def typescript() -> str:
    """webui/src/params.ts: the same rows for the page."""
    rows = ",\n".join(
        f'  {{ path: "{p.path}", unit: "{p.unit}", low: {p.low:g}, high: {p.high:g}, '
        f'default: {list(p.default) if isinstance(p.default, tuple) else p.default}, '
        f'taper: "{p.taper}", blend: "{p.blend}", about: "{p.about}", choices: [{", ".join(chr(34) + c + chr(34) for c in p.choices)}] }}' for p in TABLE)
    return f"""// params.ts - written by gigbox.params from THE table; do not edit.
export interface Param {{
  path: string; unit: string; low: number; high: number; default: number | number[];
  taper: "linear" | "log" | "fader" | "step"; blend: "add" | "override" | "hand"; about: string; choices: string[];
}}
export const COUNTS: Record<string, number> = {{ {", ".join(f"{k}: {v}" for k, v in COUNTS.items())} }};
export const TABLE: Param[] = [
{rows},
];
"""


def outputs(root: Path) -> dict[Path, str]:
    """The files that are written from the table, with what must be in them."""
    return {root / "native/src/params.h": c_header(), root / "webui/src/params.ts": typescript()}


def main() -> None:
    for path, text in outputs(Path(__file__).resolve().parents[2]).items():
        path.write_text(text)


if __name__ == "__main__":
    main()
