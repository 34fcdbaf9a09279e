"""Voice and backing of a record, each behind the very gains that the record gets, at both ends of the knob: the core's strips and their filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from gigbox._core import ffi, lib

from gigbox.brain.denoise.voice import AMOUNT, DEEPEST_DB, Voice
from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FINE_BANDS, QUANTUM, RATE, Floats, Rack
from gigbox.render.hops import play
from models.split.songs import Song
from models.split.splitter import FRAMES, PACE, Splitter

LOOKAHEAD = 128
FLOOR = np.float32(10 ** (-DEEPEST_DB / 20))
STRIPS = 10                # the record; voice and backing as only voice has them; and as no voice has them
Array = npt.NDArray[np.float64]
Ends = Callable[[Rack], tuple[Floats, Floats] | None]      # gains of only voice and of no voice, (FINE_BANDS, 1 or 2), of the record on strips 1 and 2


@dataclass(frozen=True)
class Figures:
    """SI-SDR of what is to stay, before and after; dB by which what is to go is down, and what is to stay."""

    before: float
    after: float
    taken: float
    stays: float


def by_share(share: Floats) -> tuple[Floats, Floats]:
    """Only voice, and no voice, which is what that leaves."""
    return np.maximum(share, FLOOR), np.maximum(1 - share, FLOOR)


def by_model(splitter: Splitter) -> Ends:
    """Every PACE hops, as soon as there is enough to hear."""
    said: tuple[Floats, Floats] | None = None

    def ends(rack: Rack) -> tuple[Floats, Floats] | None:
        nonlocal said
        if int(_newest(rack).hop) % PACE == 0 and (frames := rack.newest(FRAMES)) is not None:
            said = by_share(splitter.share(frames[:, :2])[:, None])
        return said
    return ends


def by_centre() -> Ends:
    """The box's own mask, once for each end."""
    masks = (Voice(), 100.0), (Voice(), -100.0)

    def ends(rack: Rack) -> tuple[Floats, Floats] | None:
        said = []
        for mask, amount in masks:
            values = rack.values().copy()
            values[AMOUNT:AMOUNT + STRIPS] = [amount] + [0.0] * (STRIPS - 1)
            gains = mask.gains(rack, values, None, False)
            said.append(np.ones((FINE_BANDS, 2), np.float32) if gains is None else gains[:, :2].copy())
        return said[0], said[1]
    return ends


def _newest(rack: Rack) -> Any:
    return rack.c.features[(int(rack.c.hops) - 1) % lib.GB_FEATURE_HOPS]


def through(song: Song, ends: Ends) -> Array:
    """(frames, 4, 2): voice and backing of only voice, voice and backing of no voice, aligned with what went in."""
    parts = [song.voice + song.backing, song.voice, song.backing, song.voice, song.backing]
    sound = np.pad(np.concatenate(parts, axis=1), ((QUANTUM, QUANTUM + LOOKAHEAD), (0, 0)))
    given = np.ones((FINE_BANDS, CHANNELS), np.float32)

    def hear(rack: Rack) -> None:
        for at, gains in zip((2, 6), ends(rack) or (), strict=False):
            given[:, at:at + 4] = np.tile(np.broadcast_to(gains, (FINE_BANDS, 2)), 2)
        lib.gb_give_gains(rack.c, int(_newest(rack).hop), ffi.from_buffer("float[]", given))

    values = {"box/denoise": 0.0, "box/lookahead": 1.0} | {f"strip/{n}/link": 1.0 for n in range(1, STRIPS, 2)}
    values |= {f"strip/{n}/{row}": value for n in range(1, STRIPS + 1) for row, value in (("voice", 100.0), ("pan", -1.0))}
    with Engine(STRIPS, values) as engine:
        engine.rack.want(1 << 60)
        _, stems = play(engine, sound, hear, stems=True)
    assert stems is not None
    return stems[QUANTUM + LOOKAHEAD:][:len(song.voice), 2:, 0].astype(float).reshape(-1, 4, 2)


def db(ratio: float) -> float:
    return 10 * float(np.log10(max(ratio, 1e-12)))


def si_sdr(estimate: Array, truth: Array) -> float:
    """dB (Le Roux et al. 2019), both sides as one."""
    a, b = estimate.ravel(), truth.ravel()
    scaled = b * (a @ b) / (b @ b)
    return db(float(scaled @ scaled) / float(np.sum((a - scaled) ** 2)))


def figures(song: Song, ends: Ends) -> tuple[Figures, Figures]:
    """Of only voice, and of no voice; without the first half second, for a record begins from cold."""
    out = through(song, ends)[RATE // 2:]
    voice, backing = (x[RATE // 2:].astype(float) for x in (song.voice, song.backing))

    def of(a: Array, b: Array, stays: Array, goes: Array) -> Figures:
        down = [db(float(np.sum(x ** 2)) / float(np.sum(dry ** 2))) for x, dry in ((b, goes), (a, stays))]
        return Figures(si_sdr(voice + backing, stays), si_sdr(a + b, stays), *down)
    return of(out[:, 0], out[:, 1], voice, backing), of(out[:, 3], out[:, 2], backing, voice)
