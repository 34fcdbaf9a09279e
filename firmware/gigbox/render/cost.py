"""What the brain costs, on one core: cleaning by the model, with the engine's share (features, filter design, filter), and recognition and mixing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gigbox import params
from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.who.recogniser import Recogniser
from gigbox.engine.core import Engine
from gigbox.engine.song import Track
from gigbox.rack import HOP, METER_FRAMES, RATE, Floats, Rack
from gigbox.render.hops import play
from gigbox.render.session import Session

CHANNELS = (1, 2, 4, 8, 16, 32)
MIXING_S, SETTLED_S = 12, 4      # seconds of sound, and from where on they count
SECONDS, REPEATS = 2, 3      # the least of so many counts: a busy machine only ever adds


@dataclass(frozen=True)
class Cost:
    """CPU seconds for one second of sound; `engine` is what denoise adds to it."""

    channels: int
    brain: float
    engine: float


def denoise_cost(channels: int) -> Cost:
    """All strips cleaned at 18 dB, with look-ahead."""
    sound = (0.01 * np.random.default_rng(1).standard_normal((SECONDS * RATE // HOP * HOP, channels))).astype(np.float32)
    runs = [_run(sound, Denoiser()) for _ in range(REPEATS)]
    without = min(_run(sound, None)[1] for _ in range(REPEATS))
    return Cost(channels, min(brain for brain, _ in runs), max(min(engine for _, engine in runs) - without, 0))


def mixing_cost(channels: int) -> float:
    """CPU seconds for one second of sound, of all that thinks ten times a second: recognition, mixing rules, hum; every strip plays."""
    rng = np.random.default_rng(1)
    roles = [name for name in params.ROLES if name != "unused"]
    tracks = [Track(Path(f"{n}"), 0, f"strip {n}", roles[n % len(roles)], "given") for n in range(channels)]
    sound = rng.standard_normal((MIXING_S * RATE, channels)) * 10 ** (rng.uniform(-40, -20, channels) / 20)
    sound *= np.abs(np.sin(np.arange(len(sound))[:, None] / RATE * rng.uniform(1, 6, channels)))      # phrases, so that rules have something to do
    session = Session(tracks, {"box/mode": "soundcheck", "box/denoise": "off"}, None, Recogniser())
    costs = []
    for at in range(0, len(sound), METER_FRAMES):
        session.play(sound[at:at + METER_FRAMES].astype(np.float32))
        begin = time.thread_time()
        moves = session.brain.think(session.engine.rack, session, session.mode)
        costs.append(time.thread_time() - begin)
        if moves:
            session.take(session.desk.move({m.path: m.value for m in moves}, {m.path: m.why for m in moves}, "brain", session.now))
    session.close()
    seconds = np.array(costs).reshape(-1, RATE // METER_FRAMES).sum(axis=1)      # each second looks at each strip once
    return float(np.median(seconds[SETTLED_S:]))


def mixing_table() -> str:
    lines = [f"{n:8d} {100 * mixing_cost(n):9.2f} %" for n in CHANNELS]
    return "\n".join([f"{'channels':>8s} {'brain':>11s}   of one core: recognition, mixing, hum", *lines])


def table() -> str:
    rows = [denoise_cost(n) for n in CHANNELS]
    lines = [f"{c.channels:8d} {100 * c.brain:9.2f} % {100 * c.engine:9.2f} % {100 * (c.brain + c.engine):9.2f} %" for c in rows]
    return "\n".join([f"{'channels':>8s} {'brain':>11s} {'engine':>11s} {'both':>11s}   of one core", *lines])


def _run(sound: Floats, denoiser: Denoiser | None) -> tuple[float, float]:
    """Brain and engine, CPU seconds a second."""
    channels, spent = sound.shape[1], [0.0]
    by = "model" if denoiser else "off"
    values = {f"strip/{n}/denoise/amount": 18.0 for n in range(1, channels + 1)} | {"box/denoise": float(params.DENOISERS.index(by)), "box/lookahead": 1.0}
    with Engine(channels, values) as engine:
        play(engine, sound[: 8 * HOP], _timed(denoiser, spent))
        spent[0], begin = 0.0, time.thread_time()
        play(engine, sound, _timed(denoiser, spent))
        whole = time.thread_time() - begin
    seconds = len(sound) / RATE
    return spent[0] / seconds, (whole - spent[0]) / seconds


def _timed(denoiser: Denoiser | None, spent: list[float]) -> Callable[[Rack], object] | None:
    if denoiser is None:
        return None

    def hear(rack: Rack) -> None:
        begin = time.thread_time()
        denoiser.hear(rack)
        spent[0] += time.thread_time() - begin

    return hear
