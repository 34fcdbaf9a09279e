"""No parameter clicks, however it is moved: one loop over the whole of THE table.

A 997 Hz sine is on strip 1 and the left, a 103 Hz sine on strip 2 and the right, both at -18 dBFS. What is above 8 kHz in an output while a
parameter moves, and is not there while it rests before and after, is a click. Loud inserts go over full scale: then their peak counts as 0 dB.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from gigbox._core import ffi, lib
from scipy.signal import firwin, oaconvolve

from gigbox import params
from gigbox.engine.core import Engine
from gigbox.params import Param
from gigbox.rack import CHANNELS, FINE_BANDS, HOP, OUTPUTS

from .sounds import PLAIN, RATE, db, sine

REST, GLIDE, SWEEP, TICK = 9600, 7200, 19200, 480        # frames: between moves, of which the sound may follow; a fader sweep, its steps
HIGH_PASS = firwin(191, 8000, window=("kaiser", 9), pass_zero=False, fs=RATE)
ON = {**{f"strip/*/gate/{word}": {"gate/on": 1, "gate/threshold": -6, "gate/range": 40, "gate/attack": 100, "gate/hold": 0, "gate/release": 10}
         for word in ("on", "range", "ratio")},
      "strip/*/gate": {"gate/on": 1, "gate/threshold": -30, "gate/range": 40, "gate/attack": 10, "gate/hold": 0, "gate/release": 30},
      "strip/*/hpf": {"hpf/on": 1}, "strip/*/hum": {"hum/on": 1},
      "strip/*/eq": {f"eq/{b}/gain": 12 for b in (1, 2, 3, 4)},
      "strip/*/deess": {"deess/on": 1, "deess/threshold": -24, "deess/frequency": 4000},
      "strip/*/comp": {"comp/on": 1, "comp/threshold": -30, "comp/ratio": 4, "comp/attack": 5, "comp/release": 30, "comp/makeup": 6},
      "strip/*/share": {"share/on": 1}, "strip/*/duck": {"duck/level": 12, "duck/bell": 6},
      "strip/*/send": {"send/1/level": -6, "send/2/level": -6, "level": -12},
      "strip/*/denoise": {"denoise/amount": 12}, "box/denoise": {"denoise/amount": 12}, "box/lookahead": {"denoise/amount": 12},
      "box/duck": {"duck/level": 12, "duck/bell": 6}, "box/share": {"share/on": 1},
      "main/limiter": {"trim": 24}, "monitor/*/limiter": {"trim": 24},
      "strip/*/send/*/pan": {"send/1/level": -6, "send/2/level": -6}, "strip/*/mute_safe": {}, "strip/*/solo_safe": {},
      "group": {"group/1/on": 1, "group/2/on": 1}, "monitor/*/ambience": {"role": params.ROLES.index("ambience")}, "monitor/*/solo": {"solo": 1},
      "monitor/*/loudness": {}, "monitor/*/talk": {"talk": 1}, "box/talk": {"talk": 1},
      **{path: {"fxsend/1/level": -6, "fxsend/2/level": -6} for path in ("fx", "fx/*/send", "box/tempo")}}
REVERB_AND_DELAY = {"fx/1/type": 1, "fx/2/type": 2, "fx/2/division": 0, "fx/2/time": 100, "fx/1/level": -12, "fx/2/level": -12}
BOX = {**{path: {"box/denoise": 1} for path in ("strip/*/denoise", "box/denoise", "box/lookahead")}, "box/share": {"strip/2/share/weight": -15},
       "monitor/*/loudness": {f"monitor/{m}/loudness/{word}": value for m in (1, 2) for word, value in (("on", 1), ("most", -40))},
       "strip/*/group": {"group/1/level": -12, "group/2/level": -20}, "strip/*/mute_safe": {"box/mute_all": 1}, "strip/*/solo_safe": {"strip/3/solo": 1},
       "strip/*/send/*/pan": {"monitor/1/link": 1}, "monitor/*/ambience": {"monitor/1/link": 1},
       **dict.fromkeys(("strip/*/fxsend", "fx", "fx/*/send", "box/tempo"), REVERB_AND_DELAY),
       "main/eq": {f"main/eq/{b}/gain": 6 for b in (1, 2, 3, 4)},
       "main/notch": {f"main/notch/{b}/gain": -12 for b in (1, 2)}, "monitor/*/notch": {f"monitor/{m}/notch/{b}/gain": -12 for b in (1, 2) for m in (1, 2)},
       "main/geq": {f"main/geq/{b}/gain": 6 for b in (1, 2, 18)}, "monitor/*/geq": {f"monitor/{m}/geq/{b}/gain": 6 for b in (1, 2, 18) for m in (1, 2)},
       "main/guard": {"main/guard/on": 1}, "monitor/*/guard": {"monitor/1/guard/on": 1, "monitor/2/guard/on": 1},
       "monitor/*/eq": {f"monitor/{m}/eq/{b}/gain": 6 for b in (1, 2, 3, 4) for m in (1, 2)}}


def stage(param: Param) -> dict[str, float]:
    """Values that give the parameter something to do. Strip 3 is a silent key for ducking."""
    group = param.path if param.path in ON else param.path.rsplit("/", 1)[0].removesuffix("/*")
    far = {"main/level": -24, "monitor/1/level": -24, "monitor/2/level": -24} if param.path.startswith("strip") else {}      # so that no limiter acts
    values = PLAIN | far | {"strip/1/pan": -1, "strip/2/pan": 1, "strip/3/mute": 1, "strip/3/duck/key": 1, "strip/1/send/1/level": 0, "strip/2/send/2/level": 0}
    for path, value in ON.get(group, {}).items():
        values |= {f"strip/{n}/{path}": value for n in (1, 2)}
    return values | BOX.get(group, {})


def addresses(param: Param) -> Iterator[list[str]]:
    """What is moved together: the two strips or monitors, for each kind of band the equaliser starts with."""
    owners = ("1", "2") if param.path.startswith(("strip", "monitor", "fx")) else ("",)
    inner = param.path.count("*") - (owners != ("",))
    for number in {0: ("",), 1: ("1", "2", "4") if "/eq/" in param.path else ("1", "2")}[inner]:
        paths = [param.path.replace("*", owner, 1) if owner else param.path for owner in owners]
        yield [path.replace("*", number) for path in paths]


def moves(param: Param) -> list[list[float]]:
    """Each move is a list of values, one a tick: a jump has one, a sweep many."""
    if param.choices:
        first = params.instances(param).__next__().default
        return [[value] for choice in range(len(param.choices)) for value in (float(choice), first)]
    sweep = [param.at(k / (SWEEP // TICK)) for k in range(SWEEP // TICK + 1)]
    return [[param.high], [param.low], [param.default_of(1)], [param.low], sweep, sweep[::-1]]


def run(values: dict[str, float], paths: list[str], plan: list[list[float]]) -> tuple[list[int], np.ndarray]:
    """Where each move begins and ends, and every output: stems of the two strips, main, monitors 1 and 2, what the listen bus carries."""
    frames = (1 + len(plan)) * REST + TICK * sum(len(m) for m in plan)
    sound = np.zeros((frames, 3), np.float32)
    sound[:, 0], sound[:, 1], sound[:, 2] = sine(997, frames / RATE, 0.125), sine(103, frames / RATE, 0.125), sine(300, frames / RATE, 0.125)
    heard, marks, at = [], [], 0
    with Engine(3, values) as engine:
        def go(n: int) -> None:
            nonlocal at
            out, stems = engine.process(sound[at : at + n], stems=True)
            assert stems is not None
            listen = engine.rack.view("tap_out")[np.arange(at, at + n) % 65536, OUTPUTS:]
            heard.append(np.column_stack([stems[:, 0], stems[:, 1], out[:, :4], listen]))
            at += n
        for move in plan:
            go(REST)
            marks.append(at)
            for value in move:
                for path in paths:
                    engine.set(path, value)
                go(TICK)
            marks.append(at)
        go(REST)
    return marks, np.vstack(heard)


def click_db(marks: list[int], heard: np.ndarray) -> float:
    """The loudest click in dB: peaks above 8 kHz while moving, less those at rest on either side."""
    edge = len(HIGH_PASS) // 2 + 1
    sharp = np.abs(oaconvolve(heard, HIGH_PASS[:, None], "same", axes=0))
    worst = 0.0
    for begin, end in zip(marks[::2], marks[1::2], strict=True):
        before = sharp[begin - REST + GLIDE : begin - edge].max(0)
        after = sharp[end + GLIDE : end + REST - edge].max(0)
        moving = sharp[begin - edge : end + GLIDE].max(0)
        full = np.maximum(1, np.abs(heard[begin - REST : end + REST]).max(0))
        worst = max(worst, float(((moving - np.maximum(before, after)) / full).max()))
    return 20 * np.log10(worst + 1e-9)


def test_the_measure_hears_a_click_at_60_db() -> None:
    tone = np.column_stack([sine(1000, 1, 0.25)])
    tone[24000:] += 4 * db(-60)
    assert click_db([24000, 24480], tone) > -60


@pytest.mark.parametrize("param", params.TABLE, ids=lambda p: p.path)
def test_no_parameter_clicks(param: Param) -> None:
    for paths in addresses(param):
        marks, heard = run(stage(param), paths, moves(param))
        assert click_db(marks, heard if param.path.startswith("strip") else heard[:, 4:]) < -60, paths      # stems know no fade of the whole box


def test_a_quick_parameter_hurries_no_slow_one() -> None:
    """An attack time takes effect at once; a make-up gain on its way, of this strip or its neighbour, goes on gliding."""
    values = stage(params.find("strip/1/comp/makeup").param)
    heard, marks = [], [REST, REST + 96]
    sound = np.column_stack([sine(997, 3 * REST / RATE, 0.125), sine(103, 3 * REST / RATE, 0.125), np.zeros(3 * REST)]).astype(np.float32)
    with Engine(3, values) as engine:
        for at in range(0, len(sound), 32):
            if at == REST:
                for n in (1, 2):
                    engine.set(f"strip/{n}/comp/makeup", 24)
                    engine.set(f"strip/{n}/comp/attack", 6)
            if at == REST + 64:
                engine.set("strip/1/comp/release", 40)
                engine.set("strip/3/comp/attack", 50)
            stems = engine.process(sound[at : at + 32], stems=True)[1]
            assert stems is not None
            heard.append(np.column_stack([stems[:, 0], stems[:, 1]]))
    assert click_db(marks, np.vstack(heard)) < -60


def test_a_whole_scene_at_once_does_not_click() -> None:
    rng = np.random.default_rng(11)
    rows = [p for p in params.TABLE if p.path.startswith("strip") and p.taper != "step" and not p.path.endswith(("attack", "hold", "threshold"))]
    scene = [(f"strip/{n}/{p.path.removeprefix('strip/*/').replace('*', '1')}", p.at(rng.uniform(0.3, 0.6))) for p in rows for n in (1, 2)]
    frames = 3 * REST
    sound = np.column_stack([sine(997, frames / RATE, 0.125), sine(103, frames / RATE, 0.125), np.zeros(frames)]).astype(np.float32)
    with Engine(3, stage(params.find("strip/1/trim").param)) as engine:
        heard = [engine.process(sound[:REST])[0]]
        for path, value in scene:
            engine.set(path, value)
        heard.append(engine.process(sound[REST:])[0])
    assert click_db([REST, REST + TICK], np.vstack(heard)[:, :4]) < -60


@pytest.mark.parametrize("row", ["bleed", "voice"])
def test_what_the_brain_takes_apart_does_not_click(row: str) -> None:
    """The same moves, with a brain that wants all of two strips gone."""
    gains, param = np.ones((FINE_BANDS, CHANNELS), np.float32), params.find(f"strip/1/{row}").param
    gains[:, :2] = 1e-3
    plan, heard, marks = moves(param)[:4], [], []
    frames = (1 + 2 * len(plan)) * REST
    sound = np.column_stack([sine(997, frames / RATE, 0.125), sine(103, frames / RATE, 0.125), np.zeros(frames)]).astype(np.float32)
    with Engine(3, stage(param) | {"box/denoise": 0}) as engine:
        for at in range(0, frames, 32):
            if at % (2 * REST) == REST:
                marks += [at, at + TICK]
                for n in (1, 2):
                    engine.set(f"strip/{n}/{row}", plan[at // (2 * REST)][0])
            stems = engine.process(sound[at:at + 32], stems=True)[1]
            assert stems is not None
            heard.append(np.column_stack([stems[:, 0], stems[:, 1]]))
            lib.gb_give_gains(engine.rack.c, engine.rack.frames // HOP, ffi.from_buffer("float[]", gains))
    assert click_db(marks, np.vstack(heard)) < -60
