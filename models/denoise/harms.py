"""What a musician would hear at once: a denoiser's harm, kind by kind, on recordings that training never hears. Each kind is a row.

    python -m models.denoise.harms --data DIR [--fold judge] [--systems model,rnnoise] [--lookahead 128,0]

Every sound goes through the path that a user hears. With the role said and without (rivals take none).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import signal

from models.denoise.measures import Sound, active, active_level, decibels, level_change, si_sdr
from models.denoise.recordings import FOLDS, RATE, Recording, find, load, of
from models.denoise.validation import mixed

SEED = 20261127
SECOND = RATE
LEVELS = (-60, -50, -40, -30, -20, -10)
HOW_MANY = 12
Denoise = Callable[[Sound, str], Sound]
Random = np.random.Generator


@dataclass(frozen=True)
class Case:
    """A sound that goes in, what it is, and what its figure is of what comes out."""

    row: str
    role: str
    sound: Sound
    figure: Callable[[Sound], float]


def cases(data: Path, fold: int) -> Iterator[Case]:
    """All of a fold, always the same."""
    found, rng = find(data), np.random.default_rng(SEED)
    voices, music, singing, noises = (sorted(of(found, kind, fold), key=lambda r: r.path.name) for kind in ("speech", "instrument", "singing", "noise"))
    for _n in range(HOW_MANY):
        voice, noise = _voiced(rng, voices), _noise(rng, noises)
        yield from _onset(voice, noise, rng)
        yield from _after_silence(voice)
        yield from _sweep(voice, noise)
        yield from _telephone(voice, noise)
        yield from _constant(voice, noise)
        yield from _held("held notes, sung", "lead_vocal", _longest(rng, singing))
        instrument = music[int(rng.integers(len(music)))]
        yield from _held("held notes, played", instrument.path.parent.name, _longest(rng, [instrument]))
        yield from _restart(instrument.path.parent.name, _longest(rng, [instrument]))
        yield from _crowd(_longest(rng, singing), [_voiced(rng, voices) for _ in range(6)])


def _onset(voice: Sound, noise: Sound, rng: Random) -> Iterator[Case]:
    """A word that begins all at once, 10 dB over steady noise that was there for 2 s: the first 20 ms."""
    at = 2 * SECOND
    word = np.concatenate([np.zeros(at, np.float32), voice])
    steady = _textured(rng, noise, len(word))
    x = mixed(word, steady, 10.0)
    yield Case("onset in noise, first 20 ms, dB", "speech", x, lambda y: _change(y, x, at, 0, 20))


def _after_silence(voice: Sound) -> Iterator[Case]:
    """A loud clean voice, cut open, after a second of true zeros."""
    at = SECOND
    x = np.concatenate([np.zeros(at, np.float32), _at(voice, -18)])
    yield Case("after silence, first 20 ms, dB", "speech", x, lambda y: _change(y, x, at, 0, 20))
    yield Case("after silence, 20 to 100 ms, dB", "speech", x, lambda y: _change(y, x, at, 20, 100))


def _sweep(voice: Sound, noise: Sound) -> Iterator[Case]:
    """A voice 5 dB over a noise, at six levels."""
    clean = _at(voice, -26)
    noisy = mixed(clean, _fill(noise, len(clean)), 5.0)
    for level in LEVELS:
        gain = np.float32(10 ** ((level + 26) / 20))
        yield Case(f"SI-SDRi at {level} dBFS", "speech", noisy * gain, _gain_over(clean * gain, noisy * gain))


def _telephone(voice: Sound, noise: Sound) -> Iterator[Case]:
    band = signal.butter(8, [300, 3400], "band", fs=RATE, output="sos")
    clean = np.asarray(signal.sosfilt(band, voice), np.float32)
    noisy = mixed(_at(clean, -26), np.asarray(signal.sosfilt(band, _fill(noise, len(clean))), np.float32), 5.0)
    yield Case("telephone, SI-SDRi", "speech", noisy, _gain_over(_at(clean, -26), noisy))


def _constant(voice: Sound, noise: Sound) -> Iterator[Case]:
    clean = _at(voice, -26)
    noisy = mixed(clean, _fill(noise, len(clean)), 5.0)
    yield Case("DC of 0.2, SI-SDRi", "speech", noisy + np.float32(0.2), _gain_over(clean, noisy))


def _held(row: str, role: str, sound: Sound) -> Iterator[Case]:
    """From the first moment on, as if cut in: whatever is taken is harm."""
    x = _at(sound, -24)
    yield Case(f"{row}, dB", role, x, lambda y: level_change(y, x))
    yield Case(f"{row}, SI-SDR", role, x, lambda y: si_sdr(y, x))


def _restart(role: str, sound: Sound) -> Iterator[Case]:
    x = _at(sound, -24)
    yield Case("begun in mid-song, first second, dB", role, x, lambda y: level_change(y[:SECOND], x[:SECOND]))


def _crowd(sung: Sound, others: list[Sound]) -> Iterator[Case]:
    """A singer 9 dB over a crowd."""
    crowd = np.asarray(sum(np.resize(np.roll(v, 7919 * n), len(sung)) for n, v in enumerate(others)), np.float32)
    clean = _at(sung, -24)
    noisy = mixed(clean, crowd, 9.0)
    yield Case("singer over a crowd, dB", "lead_vocal", noisy, lambda y: level_change(y, noisy))
    yield Case("singer over a crowd, SI-SDRi", "lead_vocal", noisy, _gain_over(clean, noisy))


def _gain_over(clean: Sound, noisy: Sound) -> Callable[[Sound], float]:
    before = si_sdr(noisy - np.mean(noisy), clean)
    return lambda y: si_sdr(y, clean) - before


def _change(y: Sound, x: Sound, at: int, first_ms: float, last_ms: float) -> float:
    part = slice(at + int(first_ms * RATE / 1000), at + int(last_ms * RATE / 1000))
    return decibels(float(np.mean(np.square(y[part], dtype=np.float64)))) - decibels(float(np.mean(np.square(x[part], dtype=np.float64))))


def _voiced(rng: Random, voices: list[Recording]) -> Sound:
    """3 s of one speaker, beginning in the middle of a sound."""
    while True:
        sound = load(voices[int(rng.integers(len(voices)))].path)
        loud = np.flatnonzero(active(sound) & (np.abs(sound) > 0.3 * np.max(np.abs(sound))))
        if len(loud):
            return np.asarray(np.resize(sound[int(loud[len(loud) // 4]):], 3 * SECOND), np.float32)


def _noise(rng: Random, noises: list[Recording]) -> Sound:
    long = [r for r in noises if r.seconds > 3]
    return load(long[int(rng.integers(len(long)))].path)


def _textured(rng: Random, noise: Sound, frames: int) -> Sound:
    """Steady noise of the spectrum of a recorded one."""
    _, power = signal.welch(noise, RATE, nperseg=2048)
    taps = signal.firwin2(1025, np.linspace(0, 1, len(power)), np.sqrt(power / power.max()))
    return np.asarray(signal.fftconvolve(rng.standard_normal(frames + 1024), taps, "valid"), np.float32)


def _longest(rng: Random, recordings: list[Recording]) -> Sound:
    """4 s in which a recording sounds most of the time."""
    sound = load(recordings[int(rng.integers(len(recordings)))].path)
    if len(sound) <= 4 * SECOND:
        return sound
    on = np.cumsum(np.concatenate([[0], active(sound)]))
    starts = np.arange(0, len(sound) - 4 * SECOND, SECOND // 4)
    best = int(starts[np.argmax(on[starts + 4 * SECOND] - on[starts])])
    return sound[best:best + 4 * SECOND]


def _fill(sound: Sound, frames: int) -> Sound:
    return np.asarray(np.resize(sound, frames), np.float32)


def _at(sound: Sound, level: float) -> Sound:
    return np.asarray(sound * np.float32(10 ** ((level - active_level(sound)) / 20)), np.float32)


def table(systems: dict[str, Denoise], found: list[Case]) -> str:
    """Markdown: mean (worst) of each row and system, role said | not said where a system takes roles."""
    lines = [f"| of {HOW_MANY} each | " + " | ".join(systems) + " |", "|---" * (len(systems) + 1) + "|"]
    for row in dict.fromkeys(case.row for case in found):
        cells = []
        for name, denoise in systems.items():
            told = [_mean_worst([c.figure(denoise(c.sound, role or c.role)) for c in found if c.row == row]) for role in _roles(name)]
            cells.append(" / ".join(told))
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _roles(system: str) -> tuple[str, ...]:
    return ("", "unused") if system.startswith("model") else ("",)


def _mean_worst(values: list[float]) -> str:
    return f"{np.mean(values):.1f} ({np.min(values):.1f})"


def main() -> None:
    from models.denoise.eval import systems_named

    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--fold", choices=FOLDS, default="choose", help="which recordings: those that choices are made on, or those that figures are told of")
    p.add_argument("--systems", default="model", type=lambda text: text.split(","))
    p.add_argument("--lookahead", default=[128, 0], type=lambda text: [int(part) for part in text.split(",")])
    p.add_argument("--model", type=Path)
    p.add_argument("--floor-db", default=18.0, type=float)
    o = p.parse_args()
    systems = {s.name: s.denoise for s in systems_named(o.systems, o.lookahead, o.floor_db, o.model)}
    print(table(systems, list(cases(o.data, FOLDS[o.fold]))))


if __name__ == "__main__":
    main()
