"""The standard job: the strip that every mixing engine has, on raw frames, so that engines can be compared."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from gigbox import params
from gigbox.engine.core import Engine
from gigbox.errors import GigboxError, MachineError
from gigbox.rack import OUTPUTS, QUANTUM, RATE, Floats
from gigbox.texts import read_text

PIECE = 900 * QUANTUM      # frames at a time: as with a device, what comes out stays in the cache


def job_values(job: dict[str, object], channels: int) -> dict[str, float]:
    """The job's numbers as the box's parameters, ParamError where one of them cannot be; channels are spread from left to right with constant power."""
    gate, comp, limiter = (_dict(job[name]) for name in ("gate", "comp", "limiter"))
    strip: dict[str, float] = {
        "hpf/on": 1, "hpf/frequency": _number(job["hpf_hz"]),
        "gate/on": 1, "gate/threshold": gate["threshold_db"], "gate/range": 80, "gate/ratio": 100,
        "gate/attack": gate["attack_ms"], "gate/hold": gate["hold_ms"], "gate/release": gate["release_ms"],
        "comp/on": 1, "comp/threshold": comp["threshold_db"], "comp/ratio": comp["ratio"], "comp/knee": 0,
        "comp/attack": comp["attack_ms"], "comp/release": comp["release_ms"], "comp/makeup": comp["makeup_db"],
        "level": _number(job["fader_db"]), **_eq_values(job["eq"]),
    }
    for number, db in enumerate(_list(job["aux_db"]), 1):
        strip[f"send/{number}/level"] = _number(db)
    values = {f"strip/{n}/{path}": value for n in range(1, channels + 1) for path, value in strip.items()}
    for n in range(1, channels + 1):
        values[f"strip/{n}/pan"] = (n - 0.5) / channels * 2 - 1
    values |= {f"main/{path}": value for path, value in _eq_values(job["master_eq"]).items()}
    values |= {"main/limiter/ceiling": limiter["ceiling_db"], "main/limiter/release": limiter["release_ms"], "box/lookahead": 0, "box/denoise": 0}
    return {path: params.find(path).param.check(value, path) for path, value in values.items()}


def run_job(job_file: Path, raw: Path, channels: int, out: Path | None) -> None:
    """Read interleaved float32, write L R aux1 aux2 as float32 aligned with the input, say on stderr what the engine cost."""
    try:
        values = job_values(json.loads(read_text(job_file)), channels)
        padded, frames = _read(raw, channels)
    except OSError as e:
        raise GigboxError(f"{e.filename}: cannot be read ({e.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as e:
        raise GigboxError(f"{job_file}: not a standard job ({e!r})") from None
    mixed, cpu = _mix(padded, frames, values)
    print(f"ENGINE cpu={cpu:.6f} audio={len(mixed) / RATE:.3f}", file=sys.stderr)
    if out:
        _write(out, mixed)


def _read(raw: Path, channels: int) -> tuple[Floats, int]:
    """The frames, with silence behind them for what the engine still holds, and how many they were."""
    size = raw.stat().st_size // 4
    if not size or size % channels:
        raise GigboxError(f"{raw}: {size} samples, expected a multiple of {channels} channels")
    frames = size // channels
    padded = np.zeros((-(-frames // QUANTUM) * QUANTUM + 8 * QUANTUM, channels), np.float32)
    with raw.open("rb") as file:
        file.readinto(padded.data.cast("B")[: size * 4])
    return padded, frames


def _write(out: Path, mixed: Floats) -> None:
    try:
        mixed.tofile(out)
    except OSError as e:
        if out.is_file():                 # half written; a device stays where it is
            out.unlink()
        raise MachineError(f"{out}: cannot be written ({e.strerror or e})") from None


def _mix(padded: Floats, frames: int, values: dict[str, float]) -> tuple[Floats, float]:
    """Through the engine, each output's latency taken off; CPU seconds of the engine alone."""
    cpu, out = 0.0, np.zeros((PIECE, OUTPUTS), np.float32)
    pairs, mixed = out.view(np.float64), np.zeros((len(padded), 2))      # left and right, aux 1 and 2: two floats moved as one
    with Engine(padded.shape[1], values) as engine:
        for at in range(0, len(padded), PIECE):
            piece = padded[at:at + PIECE]
            begin = time.process_time()
            engine.process(piece, into=out[: len(piece)])
            cpu += time.process_time() - begin
            for pair, late in enumerate((engine.latency_main, engine.latency_monitor)):
                skip = max(late - at, 0)
                mixed[at + skip - late:at + len(piece) - late, pair] = pairs[skip:len(piece), pair]
    return mixed[:frames].view(np.float32), cpu


def _eq_values(bands: object) -> dict[str, float]:
    values: dict[str, float] = {}
    for number, (hz, gain, q) in enumerate(_list(bands), 1):
        values |= {f"eq/{number}/type": 0, f"eq/{number}/frequency": hz, f"eq/{number}/gain": gain, f"eq/{number}/q": q}
    return values


def _dict(value: object) -> dict[str, float]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r:.40}, expected an object")
    return value


def _list(value: object) -> list[list[float]]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40}, expected a list")
    return value


def _number(value: object) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r:.40}, expected a number")
    return float(value)
