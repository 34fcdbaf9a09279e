"""THE table: every parameter of the box, declared once. `python native/params_header.py` writes it out for C.

A path is words and 1-based numbers (`strip/3/eq/2/gain`). A row's `*` stand for the numbers; COUNTS says how many there are.
All instances of all rows lie behind each other in one flat array of float32 (the rack's `values`), in table order.
Rows and choices are only ever appended: no index moves, and files that hold choices by number are read for ever. `table_hash` tells tables apart.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gigbox.errors import ParamError

COUNTS = {"strip": 32, "eq": 4, "send": 6, "fxsend": 2, "monitor": 6, "fx": 2, "notch": 16, "out": 32, "geq": 31, "rta": 2, "group": 4}
ROLES = ("unused", "lead_vocal", "backing_vocal", "speech", "kick", "snare", "hihat_overhead", "tom", "drums", "bass",
         "electric_guitar", "acoustic_guitar", "keys", "synth", "strings", "brass_sax", "playback", "ambience")
STYLES = ("pop", "rock", "country", "rap", "metal", "jazz", "worship", "singer_songwriter", "talk")
OFF_DB = -90.0      # the bottom of a fader: silence
SWITCH = ("off", "on")
DIVISIONS = ("free", "1/16", "1/8t", "1/8", "1/8d", "1/4t", "1/4", "1/4d", "1/2", "1/1")      # t: triplet, d: dotted
DENOISERS = ("off", "classic", "model")
PROGRAMS = ("engine", "desk", "brain", "web", "tape", "ideas", "remote")
INPUTS = ("none", *map(str, range(1, 33)))        # of the card, by number
BUSES = ("none", "main_left", "main_right", *(f"monitor_{n}" for n in range(1, COUNTS["monitor"] + 1)))
FIXED, LIVE = range(1, 9), range(9, 17)          # notches: hands', and the guard's
GEQ_HZ = tuple(1000 * 2 ** ((n - 17) / 3) for n in range(COUNTS["geq"]))      # 19.7 Hz to 20.2 kHz: thirds, as ISO 266 names them
OSC = ("off", "on", "console")
RINGOUTS = ("off", "loud", "quiet")
TAPS = ("off", *(f"strip_{n}" for n in range(1, COUNTS["strip"] + 1)), *BUSES[1:])
GENERATORS = ("off", "pink", "white", "sine", "sweep", "note", "which")
SCENE_KINDS = ("names", "inputs", "processing", "faders", "sends", "effects", "monitors", "main", "box")      # of what a scene holds
COLOURS = ("none", "red", "pink", "orange", "yellow", "green", "cyan", "blue", "purple", "white")


@dataclass(frozen=True)
class Param:
    """One row. `default` is one value, or one for each instance of the last `*`; `smooth_ms` is how long the sound takes to follow.

    acts: what follows the value. A block of the core, which is designed anew (gate: STRIP_GATE, in main and monitors BUS_GATE), or one of PROGRAMS,
    which read the value as it is.
    taper: how a knob's way 0..1 maps to the value: linear, log, fader (dB, fine near 0) or step (one of `choices`).
    blend: add | override | hand, see DESIGN section 2 and `effective`.
    hurries: no morph of the depth holds it up.
    of_card: shown and set only where the card that is played through has it (a preamplifier).
    """

    path: str
    acts: str
    unit: str
    low: float
    high: float
    default: float | tuple[float, ...]
    taper: str
    smooth_ms: float
    blend: str
    about: str
    choices: tuple[str, ...] = ()
    hurries: bool = False
    of_card: bool = False

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
                raise ParamError(f"{path}: {value!r} is not one of {', '.join(self.choices)}")
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


def _of_card(row: Param) -> Param:
    """A row that is the card's, not the box's."""
    return replace(row, of_card=True)


def _switch(path: str, acts: str, default: float, blend: str, about: str) -> Param:
    return Param(path, acts, "", 0, 1, default, "step", 20, blend, about, SWITCH)


def _mute(path: str, acts: str, about: str) -> Param:
    return Param(path, acts, "", 0, 1, 0, "step", 5, "hand", about, SWITCH, hurries=True)


def _choice(path: str, acts: str, choices: tuple[str, ...], default: float | tuple[float, ...], blend: str, about: str) -> Param:
    return Param(path, acts, "", 0, len(choices) - 1, default, "step", 20, blend, about, choices)


def _level(path: str, acts: str, default: float, about: str) -> Param:
    return Param(path, acts, "dB", OFF_DB, 10, default, "fader", 10, "add", about)


def _eq(owner: str) -> tuple[Param, ...]:
    return (
        _switch(f"{owner}/eq/on", "eq", 1, "override", "equaliser in or out"),
        _choice(f"{owner}/eq/*/type", "eq", ("bell", "low_shelf", "high_shelf"), (1, 0, 0, 2), "override", "what the band does"),
        Param(f"{owner}/eq/*/frequency", "eq", "Hz", 20, 20000, (100, 400, 2500, 8000), "log", 20, "override", "centre or corner of the band"),
        Param(f"{owner}/eq/*/gain", "eq", "dB", -18, 18, 0, "linear", 20, "add", "boost or cut of the band"),
        Param(f"{owner}/eq/*/q", "eq", "", 0.1, 10, 0.8, "log", 20, "override", "width of the band, as Q"),
    )


def _notches(owner: str) -> tuple[Param, ...]:
    return (
        Param(f"{owner}/notch/*/frequency", "notch", "Hz", 20, 20000, 1000, "log", 20, "override", "feedback notch: centre"),
        Param(f"{owner}/notch/*/gain", "notch", "dB", -24, 0, 0, "linear", 20, "add", "feedback notch: depth"),
        Param(f"{owner}/notch/*/q", "notch", "", 3, 120, 14.5, "log", 20, "override", "feedback notch: width, as Q"),
    )


def _guard(owner: str) -> tuple[Param, ...]:
    """Notches 1 to 8 are hands', 9 to 16 the guard's own: what the table says of those is what it did."""
    return (
        _switch(f"{owner}/guard/on", "guard", 0, "override", "feedback guard in or out"),
        Param(f"{owner}/guard/kill", "guard", "", 0, 17, 0, "step", 0, "hand", "takes away notch 9 to 16 of the guard, 17 all; 0 again by itself"),
        Param(f"{owner}/guard/keep", "brain", "", 0, 17, 0, "step", 0, "hand", "makes notch 9 to 16 a fixed one, 17 all; 0 again by itself"),
        _choice(f"{owner}/guard/ringout", "brain", RINGOUTS, 0, "hand", "finds what rings first, and notches it; off again when that is done"),
        Param(f"{owner}/guard/boost", "gain", "dB", -20, 12, 0, "linear", 50, "hand", "what ringing out adds to the output"),
        _switch(f"{owner}/geq/on", "geq", 1, "override", "graphic equaliser in or out"),
        Param(f"{owner}/geq/*/gain", "geq", "dB", -12, 12, 0, "linear", 20, "add", "boost or cut of a third of an octave, from 20 Hz to 20 kHz"),
    )


_GROUPS = (
    _switch("strip/*/group/*/on", "out", 0, "hand", "the strip is in the group"),
    _level("group/*/level", "sends", 0, "the fader of all strips in the group"),
    _mute("group/*/mute", "sends", "silence all strips in the group"),
    _mute("box/mute_all", "sends", "silence every strip; their own mutes stay as they are"),
    _switch("strip/*/mute_safe", "out", 0, "hand", "no group's mute reaches the strip, nor that of all"),
    _switch("strip/*/solo_safe", "out", 0, "hand", "heard on the listen bus while others are soloed"),
)
_IN_EARS = (
    _switch("monitor/*/link", "link", 0, "hand", "this monitor and the next are left and right of one mix, which goes by this one"),
    Param("strip/*/send/*/pan", "out", "", -1, 1, 0, "linear", 10, "add", "where it is in a linked pair, from where it is in main"),
    _level("monitor/*/ambience", "sends", OFF_DB, "ambience microphones in a linked pair"),
    _mute("strip/*/talk", "out", "while held the strip goes to the monitors that hear talkback, and nowhere else"),
    _switch("monitor/*/loudness/on", "loudness", 0, "hand", "guard of the ears in or out"),
    Param("monitor/*/loudness/most", "loudness", "LUFS", -50, 0, -18, "linear", 20, "hand", "no louder than this for long; a pair as one"),
    _switch("monitor/*/solo", "engine", 0, "hand", "the engineer's wedge: carries what is soloed, while anything is"),
    _switch("monitor/*/talk", "sends", 1, "hand", "hears talkback"),
    _level("box/talk/level", "sends", 0, "how loud talkback is in the monitors"),
)
_EFFECTS = (
    _choice("fx/*/division", "effect", DIVISIONS, DIVISIONS.index("1/4"), "hand", "time of a delay by the tempo; halved until it is 1.3 s at most"),
    _switch("fx/*/pingpong", "effect", 0, "hand", "echoes go from side to side"),
    Param("fx/*/width", "return", "%", 0, 100, 100, "linear", 20, "hand", "0: the same on both sides"),
    Param("fx/*/low_cut", "effect", "Hz", 20, 500, 120, "log", 20, "hand", "nothing below gets in"),
    _level("fx/*/send/*/level", "return", OFF_DB, "return of the effect to the monitor"),
    Param("box/tempo", "tempo", "bpm", 30, 300, 120, "linear", 20, "hand", "beats a minute"),
    _switch("box/tap", "desk", 0, "hand", "set at each beat: sets the tempo; off again at once"),
)
_TAPE = (
    _switch("tape/record", "tape", 0, "hand", "records every strip's dry input and main, as long as it is on"),
    _choice("box/taken", "engine", TAPS[:COUNTS["strip"] + 1], 0, "hand", "the strip of which the listen bus carries what denoising takes"),
)

TABLE: tuple[Param, ...] = (
    _choice("strip/*/role", "out", ROLES, 0, "override", "what the channel carries"),
    _of_card(Param("strip/*/input/gain", "desk", "dB", 0, 60, 0, "linear", 20, "hand", "preamplifier, where the hardware has one")),
    _of_card(_switch("strip/*/input/phantom", "desk", 0, "hand", "48 V, where the hardware has it")),
    Param("strip/*/trim", "input", "dB", -24, 24, 0, "linear", 20, "add", "digital gain at the top of the strip"),
    _switch("strip/*/polarity", "input", 0, "hand", "turn the polarity"),
    Param("strip/*/delay", "align", "ms", 0, 20, 0, "linear", 50, "override", "delay to align microphones"),
    _switch("strip/*/link", "desk", 0, "hand", "this strip and the next are left and right of one source"),
    _mute("strip/*/mute", "out", "silence the strip everywhere"),
    _mute("strip/*/solo", "out", "hear the strip on the listen bus"),
    _switch("strip/*/hpf/on", "hpf", 0, "override", "high-pass in or out"),
    Param("strip/*/hpf/frequency", "hpf", "Hz", 16, 400, 80, "log", 20, "override", "high-pass corner"),
    _choice("strip/*/hpf/slope", "hpf", ("12", "24"), 0, "override", "high-pass slope, dB per octave"),
    _switch("strip/*/hum/on", "hum", 0, "override", "mains hum notches in or out"),
    Param("strip/*/hum/frequency", "hum", "Hz", 45, 65, 50, "linear", 20, "override", "mains frequency"),
    Param("strip/*/hum/harmonics", "hum", "", 1, 8, 8, "step", 20, "override", "how many harmonics are cut"),
    Param("strip/*/hum/depth", "hum", "dB", 0, 30, 18, "linear", 20, "override", "how deep the notches are"),
    Param("strip/*/denoise/amount", "denoise", "dB", 0, 24, 0, "linear", 20, "override", "how far noise may be taken down"),
    _switch("strip/*/gate/on", "gate", 0, "override", "gate in or out"),
    Param("strip/*/gate/threshold", "gate", "dB", -90, 0, -45, "linear", 20, "override", "opens above; closes 3 dB lower"),
    Param("strip/*/gate/range", "gate", "dB", 0, 80, 20, "linear", 20, "override", "how far it closes"),
    Param("strip/*/gate/ratio", "gate", "", 1, 100, 100, "log", 20, "override", "below threshold: 2 is a gentle expander, 100 a gate"),
    Param("strip/*/gate/attack", "gate", "ms", 0.1, 100, 1, "log", 0, "override", "time to open"),
    Param("strip/*/gate/hold", "gate", "ms", 0, 1000, 50, "linear", 0, "override", "time it stays open below threshold"),
    Param("strip/*/gate/release", "gate", "ms", 5, 2000, 150, "log", 0, "override", "time to close"),
    *_eq("strip/*"),
    _switch("strip/*/deess/on", "deess", 0, "override", "de-esser in or out"),
    Param("strip/*/deess/frequency", "deess", "Hz", 4000, 10000, 6500, "log", 20, "override", "where the sibilance is"),
    Param("strip/*/deess/threshold", "deess", "dB", -30, 0, -12, "linear", 0, "override", "sibilance band against the whole voice"),
    Param("strip/*/deess/range", "deess", "dB", 0, 12, 8, "linear", 20, "override", "the most it takes away"),
    _switch("strip/*/comp/on", "comp", 0, "override", "compressor in or out"),
    Param("strip/*/comp/threshold", "comp", "dB", -60, 0, -20, "linear", 20, "override", "level where it begins"),
    Param("strip/*/comp/ratio", "comp", "", 1, 20, 2, "log", 20, "override", "dB in for one dB out"),
    Param("strip/*/comp/knee", "comp", "dB", 0, 24, 6, "linear", 20, "override", "width of the soft bend"),
    Param("strip/*/comp/attack", "comp", "ms", 0.1, 200, 10, "log", 0, "override", "time to clamp down"),
    Param("strip/*/comp/release", "comp", "ms", 5, 2000, 120, "log", 0, "override", "time to let go"),
    Param("strip/*/comp/makeup", "comp", "dB", 0, 24, 0, "linear", 20, "add", "gain after compression"),
    _switch("strip/*/comp/auto_makeup", "comp", 0, "override", "give back what is taken on average, 3 dB at most"),
    Param("strip/*/comp/mix", "comp", "%", 0, 100, 100, "linear", 20, "override", "compressed against dry: parallel compression"),
    _switch("strip/*/share/on", "share", 0, "override", "member of the speech group that shares one gain"),
    Param("strip/*/share/weight", "share", "dB", -15, 15, 0, "linear", 20, "add", "priority in the group"),
    _switch("strip/*/duck/key", "duck", 0, "override", "when this strip sounds, the others give way"),
    Param("strip/*/duck/level", "duck", "dB", 0, 24, 0, "linear", 20, "override", "how far this strip gives way, whole"),
    Param("strip/*/duck/bell", "duck", "dB", 0, 12, 0, "linear", 20, "override", "how far it gives way around the voice, 1 to 4 kHz"),
    _level("strip/*/level", "out", 0, "the fader"),
    Param("strip/*/pan", "out", "", -1, 1, 0, "linear", 10, "add", "-1 left, 1 right, constant power"),
    _level("strip/*/send/*/level", "out", OFF_DB, "level to the monitor"),
    _choice("strip/*/send/*/tap", "out", ("pre", "post", "input"), 0, "hand", "before or after the fader, or before gate, equaliser and dynamics"),
    replace(_level("strip/*/fxsend/*/level", "out", OFF_DB, "level to the effect, behind the fader"), blend="override"),      # so that auto is heard
    _level("main/level", "gain", 0, "the main fader"),
    _mute("main/mute", "gain", "silence the main outputs"),
    *_eq("main"),
    *_notches("main"),
    Param("main/limiter/ceiling", "limit", "dB", -12, 0, -1, "linear", 20, "hand", "no true peak above"),
    Param("main/limiter/release", "limit", "ms", 20, 500, 80, "log", 0, "hand", "time to let go"),
    _level("monitor/*/level", "gain", 0, "the monitor's fader"),
    _mute("monitor/*/mute", "gain", "silence the monitor"),
    *_eq("monitor/*"),
    *_notches("monitor/*"),
    Param("monitor/*/limiter/ceiling", "limit", "dB", -24, 0, -1, "linear", 20, "hand", "no sample above"),
    Param("monitor/*/limiter/release", "limit", "ms", 20, 500, 80, "log", 0, "hand", "time to let go"),
    _choice("fx/*/type", "effect", ("off", "reverb", "delay"), 0, "hand", "what the effect is"),
    Param("fx/*/time", "effect", "ms", 0, 1000, 20, "linear", 50, "hand", "pre-delay, or delay time while its division is free"),
    Param("fx/*/decay", "effect", "s", 0.1, 8, 1.6, "log", 20, "hand", "reverberation time, or how long echoes last"),
    Param("fx/*/tone", "effect", "Hz", 500, 16000, 5000, "log", 20, "hand", "where the decay is half; of a delay, the low-pass in its loop"),
    _level("fx/*/level", "return", 0, "return of the effect to main"),
    _mute("fx/*/mute", "return", "silence the effect, and what rings of it"),
    Param("box/depth", "engine", "%", 0, 100, 100, "linear", 0, "hand", "how much of what the box wants is heard"),
    _switch("box/freeze", "desk", 0, "hand", "the box changes nothing more"),
    _choice("box/mode", "brain", ("soundcheck", "show"), 1, "hand", "fast and free, or slow and careful"),
    _choice("box/style", "brain", STYLES, 0, "hand", "what kind of night it is"),
    _choice("box/denoise", "engine", DENOISERS, 2, "hand", "who cleans the channels"),
    _choice("box/lookahead", "lookahead", ("0", "128"), 1, "hand", "frames main is delayed, for a denoise filter of less phase"),
    _choice("box/listen", "engine", ("main", *(f"monitor_{n}" for n in range(1, COUNTS["monitor"] + 1))), 0, "hand",
            "what the listen bus carries while nothing is soloed"),
    Param("box/duck/threshold", "duck", "dB", -70, 0, -30, "linear", 0, "hand", "a key strip sounds above this level"),
    Param("box/duck/attack", "duck", "ms", 1, 500, 30, "log", 0, "hand", "time to give way"),
    Param("box/duck/hold", "duck", "ms", 0, 2000, 250, "linear", 0, "hand", "time it stays after the key went"),
    Param("box/duck/release", "duck", "ms", 20, 4000, 400, "log", 0, "hand", "time to come back"),
    Param("box/duck/frequency", "duck", "Hz", 500, 6000, 2200, "log", 20, "hand", "centre of the bell"),
    Param("box/duck/q", "duck", "", 0.3, 3, 0.7, "log", 20, "hand", "width of the bell, as Q"),
    Param("box/share/depth", "share", "dB", 6, 40, 20, "linear", 0, "hand", "the most gain sharing takes from a strip"),
    _switch("strip/*/pop/on", "pop", 1, "override", "mutes the bang of a plug or of phantom power"),
    _choice("strip/*/colour", "web", COLOURS, 0, "override", "to find the strip by"),
    _switch("monitor/*/follow", "brain", 0, "hand", "the monitor follows what the box does with the faders"),
    _switch("main/mono/on", "mono", 0, "hand", "lows of main in the middle"),
    Param("main/mono/frequency", "mono", "Hz", 40, 250, 120, "log", 20, "hand", "below this nothing sits on one side"),
    _switch("box/taste", "brain", 1, "hand", "learn from corrections, and start from what was learnt"),
    Param("box/linecheck", "brain", "s", 0, 60, 0, "linear", 0, "hand", "listens so long what each line is worth; 0 again when that is told"),
    _of_card(_switch("strip/*/input/pad", "desk", 0, "hand", "attenuator before the preamplifier, where the hardware has one")),
    _choice("strip/*/input/source", "patch", INPUTS, tuple(range(1, 33)), "hand", "the input of the card that feeds the strip"),
    _choice("out/*/bus", "patch", BUSES, (*range(1, len(BUSES)), *[0] * (COUNTS["out"] + 1 - len(BUSES))), "hand", "the bus that feeds the card's output"),
    *_guard("main"),
    *_guard("monitor/*"),
    _switch("strip/*/guard", "engine", 1, "override", "its tones may be feedback; off for a line that hears no room"),
    _choice("box/rta/*/tap", "engine", TAPS, 0, "hand", "what the analyser looks at"),
    _choice("box/generator/kind", "engine", GENERATORS, 0, "hand", "test sound; which: a soft burst from output after output"),
    _choice("box/generator/output", "engine", BUSES, 0, "hand", "the output that the test sound plays from"),
    Param("box/generator/level", "engine", "dB", -80, 0, -30, "linear", 20, "hand", "level of the test sound; -20 dB at most unless it may be loud"),
    _switch("box/generator/loud", "engine", 0, "hand", "the test sound may be louder than -20 dB"),
    Param("box/generator/frequency", "engine", "Hz", 20, 20000, 1000, "log", 20, "hand", "of the sine and the note"),
    *_GROUPS, *_IN_EARS, *_EFFECTS,
    # how scenes are recalled
    _switch("strip/*/safe", "desk", 0, "hand", "no scene changes the strip"),
    _switch("monitor/*/safe", "desk", 0, "hand", "no scene changes the monitor"),
    _switch("main/safe", "desk", 0, "hand", "no scene changes main"),
    *(_switch(f"box/safe/{kind}", "desk", 0, "hand", f"no scene changes of the {kind}") for kind in SCENE_KINDS),
    Param("box/recall", "desk", "s", 0, 10, 1, "linear", 0, "hand", "how long levels and the like take to where a scene has them"),
    *_TAPE,
    # ideas
    _switch("box/ideas/on", "ideas", 1, "hand", "listens for tempo, key and chords, and has ideas; at depth 0 it has none"),
    Param("box/ideas/seed", "ideas", "", 1, 999, 1, "step", 0, "hand", "which ideas: the same number gives the same ones"),
    # sources taken apart
    Param("strip/*/bleed", "denoise", "dB", 0, 24, 0, "linear", 20, "override", "how far what it hears of the others may be taken down"),
    Param("strip/*/voice", "denoise", "%", -100, 100, 0, "linear", 20, "hand", "of a stereo pair: -100 no voice, 100 only voice; goes by the left"),
    # what people own
    _choice("box/osc", "remote", OSC, 0, "hand", "apps may mix over the network, by OSC; console: they are told that it is one which they know"),
    _switch("box/midi", "remote", 1, "hand", "surfaces that are plugged in may mix, by MIDI"),
)


@dataclass(frozen=True)
class Text:
    """A word or two that people set and the sound does not need; always `hand`."""

    path: str
    longest: int
    about: str


TEXTS = (Text("strip/*/name", 32, "what the strip is called"), Text("monitor/*/name", 32, "whose monitor it is"),
         Text("group/*/name", 32, "what the group is called"),
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


def table_hash(rows: Iterable[Param] = TABLE) -> int:
    """32 bits that change with all that an index and its value mean: programs that agree on it may talk in indexes, and in numbers of choices."""
    return zlib.crc32(repr([(p.path, p.counts, p.unit, p.low, p.high, p.default, p.taper, p.blend, p.choices) for p in rows]).encode())
