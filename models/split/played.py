"""Voice and backing of a record, each behind the very gains that the record gets, at both ends of the knob: the core's strips and their filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from gigbox._core import ffi, lib

from gigbox.brain.denoise.voice import DEEPEST_DB, Splits
from gigbox.engine.core import Engine
from gigbox.rack import CHANNELS, FINE_BANDS, QUANTUM, RATE, Rack
from gigbox.render.hops import play
from models.split.songs import Song

LOOKAHEAD = 128
FLOOR = np.float32(10 ** (-DEEPEST_DB / 20))
STRIPS = 10                # the record; voice and backing as only voice has them; and as no voice has them
Array = npt.NDArray[np.float64]
Shares = Callable[[Rack], npt.NDArray[np.float32] | None]      # (FINE_BANDS, 1 or 2) of the voice in the record, on strips 1 and 2; None: not yet, or not at all


@dataclass(frozen=True)
class Figures:
    """SI-SDR of what is to stay, before and after; dB by which what is to go is down, and what is to stay."""

    before: float
    after: float
    taken: float
    stays: float


def asked(by: Splits) -> Shares:
    """What is said of the record, as the brain asks for it."""
    by.forget(0)
    share: npt.NDArray[np.float32] | None = None

    def shares(rack: Rack) -> npt.NDArray[np.float32] | None:
        nonlocal share
        newest = rack.c.features[(int(rack.c.hops) - 1) % lib.GB_FEATURE_HOPS]
        if int(newest.hop) % by.pace == 0 and (frames := rack.newest(by.frames)) is not None:
            found = by.share(0, frames[:, :2])
            share = None if found is None else found[:, None].copy()
        return share
    return shares


def through(song: Song, shares: Shares) -> Array:
    """(frames, 4, 2): voice and backing of only voice, voice and backing of no voice, aligned with what went in."""
    parts = [song.voice + song.backing, song.voice, song.backing, song.voice, song.backing]
    sound = np.pad(np.concatenate(parts, axis=1), ((QUANTUM, QUANTUM + LOOKAHEAD), (0, 0)))
    given = np.ones((FINE_BANDS, CHANNELS), np.float32)

    def hear(rack: Rack) -> None:
        share = shares(rack)
        given[:, 2:6] = 1.0 if share is None else np.tile(np.broadcast_to(np.maximum(share, FLOOR), (FINE_BANDS, 2)), 2)
        given[:, 6:10] = 1.0 if share is None else np.tile(np.broadcast_to(np.maximum(1 - share, FLOOR), (FINE_BANDS, 2)), 2)
        newest = rack.c.features[(int(rack.c.hops) - 1) % lib.GB_FEATURE_HOPS]
        lib.gb_give_gains(rack.c, int(newest.hop), ffi.from_buffer("float[]", given))

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


def figures(song: Song, shares: Shares) -> tuple[Figures, Figures]:
    """Of only voice, and of no voice; without the first half second, for a record begins from cold."""
    out = through(song, shares)[RATE // 2:]
    voice, backing = (x[RATE // 2:].astype(float) for x in (song.voice, song.backing))

    def of(a: Array, b: Array, stays: Array, goes: Array) -> Figures:
        down = [db(float(np.sum(x ** 2)) / float(np.sum(dry ** 2))) for x, dry in ((b, goes), (a, stays))]
        return Figures(si_sdr(voice + backing, stays), si_sdr(a + b, stays), *down)
    return of(out[:, 0], out[:, 1], voice, backing), of(out[:, 3], out[:, 2], backing, voice)
