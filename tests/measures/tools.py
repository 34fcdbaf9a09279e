"""How true the tools are: the graphic equaliser against its sliders, the analyser against a reference spectrum, the tuner on made and recorded notes.

    python -m tests.measures.tools [FOLDER ...]

Recordings are searched in each FOLDER as scenes do (tests/measures/recordings.py). Nobody wrote down how they are tuned: the tuner is held against what a
harmonic sum over a window three times as long finds around the same moment. Where that is another note one of both is wrong; it is counted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gigbox.engine.core import Engine
from gigbox.rack import RATE, Rack
from gigbox.tuner import HEARD, pitch
from tests.measures.recordings import Recording, find
from tests.native.sounds import PLAIN, noise
from tests.native.test_geq import CURVES, HZ, measured
from tests.native.test_tools import LIMIT, reference, tap
from tests.test_tuner import NOTES, string

SINGLE = ("bass", "acoustic_guitar", "electric_guitar", "strings", "lead_vocal", "backing_vocal")      # some of these recordings are of one voice
LONG, STEP, LONGEST_S = 3 * HEARD, RATE // 4, 20
STEADY_CENTS, ONE_VOICE = 50.0, 0.9        # what moves further within the window is no note to be tuned; a chord is less periodic
HARMONICS, OWN = 8, 0.01      # and the part of its power that a lower note has in harmonics of its own


def equaliser() -> str:
    at, between = [], []
    for sliders in CURVES.values():
        hz, db = measured("main", sliders)
        points = HZ[0] * 2 ** (np.arange(0, 361) / 36)
        at.append(np.abs(np.interp(HZ, hz, db) - sliders).max())
        between.append(np.abs(np.interp(points, hz, db) - np.interp(np.log(points), np.log(HZ), sliders)).max())
    return f"graphic equaliser, {len(CURVES)} curves: at most {max(at):.2f} dB off at a slider, {max(between):.2f} dB off the line between two"


def analyser() -> str:
    """Sixths of an octave, 30 Hz to 16 kHz, of noise that lasts for 8 s."""
    x = np.column_stack([noise(8, 0.1, 5)]).astype(np.float32)
    with Engine(1, PLAIN | LIMIT | {"box/rta/1/tap": tap("strip_1")}) as engine:
        sets = [_bands(engine.rack) for at in range(0, len(x) // 2048 * 2048, 2048) if engine.process(x[at:at + 2048]) is not None and at > RATE]
    off = (10 * np.log10(np.mean(sets, axis=0)) - reference(x[RATE:, 0].astype(float)))[6:58]
    return f"analyser on noise: {off.mean():+.2f} dB off a reference spectrum on the mean, at most {np.abs(off).max():.2f} dB in a band"


def _bands(rack: Rack) -> np.ndarray:
    return np.asarray(10 ** (rack.view("rta")[0] / 10))


def made_strings() -> str:
    off = [1200 * abs(np.log2(heard.hz / hz)) for hz in NOTES for seed in range(8) if (heard := pitch(string(hz, seed)))]
    lines = [f"tuner on made strings, {NOTES[0]:g} to {NOTES[-1]:g} Hz, 171 ms: {_spread(off)} cents off, {len(off)} of {8 * len(NOTES)} read"]
    ready = []
    for hz in NOTES:
        sound = np.concatenate([np.zeros(HEARD), string(hz, frames=RATE)])
        ready.append(next((n for n in range(0, RATE, 96) if (p := pitch(sound[n:n + HEARD])) and abs(1200 * np.log2(p.hz / hz)) < 1), RATE) / RATE)
    lines.append(f"tuner, from the pluck to within a cent: {1000 * np.median(ready):.0f} ms median, {1000 * max(ready):.0f} ms at most")
    return "\n".join(lines)


def recorded(recordings: list[Recording]) -> Iterator[str]:
    for role in SINGLE:
        found = [pair for r in recordings if r.role == role for pair in _read(r)]
        if not found:
            continue
        cents = np.array([1200 * np.log2(ours / theirs) for ours, theirs in found])
        near = np.abs(cents) < 50
        yield f"tuner, recorded {role}: {len(cents)} steady moments, {_spread(np.abs(cents[near]))} cents off; another note {(~near).mean():.1%}"


def _read(recording: Recording) -> Iterator[tuple[float, float]]:
    """Hz by the tuner and by the reference, wherever one voice holds a note."""
    sound = recording.read(round(min(recording.seconds, LONGEST_S) * RATE)).astype(float)
    for at in range(0, len(sound) - LONG, STEP):
        around = [pitch(sound[at + n * HEARD:at + (n + 1) * HEARD]) for n in range(3)]
        if all(p is not None and p.sure >= ONE_VOICE for p in around):
            hz = [p.hz for p in around if p is not None]
            if 1200 * np.log2(max(hz) / min(hz)) < STEADY_CENTS:
                yield hz[1], harmonic_sum(sound[at:at + LONG])


def harmonic_sum(x: np.ndarray) -> float:
    """The pitch whose harmonics stand out most (Hermes 1988), or the half or third of it where that has harmonics of its own: of a violin's lowest string the
    third may be ten times as strong as all others. To a fraction of a cent by the peaks of the harmonics, weighed by power."""
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(x * np.hanning(len(x)), size))
    bin_hz = RATE / size
    tried = 26.0 * 2 ** (np.arange(0, 12 * 6.3, 0.05) / 12)
    places = np.clip(np.round(tried[:, None] * np.arange(1, HARMONICS + 1) / bin_hz).astype(int), 0, len(spectrum) - 1)
    best = float(tried[np.argmax((np.sqrt(spectrum[places]) * 0.84 ** np.arange(HARMONICS)).sum(axis=1))])
    for part in (2, 3):
        lower = best / part / bin_hz
        powers = np.array([spectrum[round(_peak(spectrum, k * lower, reach=max(round(0.01 * k * lower), 2)))] ** 2 for k in range(1, HARMONICS + 2)])
        if powers[np.arange(1, HARMONICS + 2) % part > 0].sum() > OWN * powers.sum():
            best /= part
            break
    peaks = [(k, _peak(spectrum, k * best / bin_hz, reach=max(round(0.02 * k * best / bin_hz), 2))) for k in range(1, HARMONICS + 1) if k * best < 6000]
    weights = np.array([spectrum[round(p)] ** 2 for _, p in peaks])
    return float((weights * np.array([p * bin_hz / k for k, p in peaks])).sum() / weights.sum())


def _peak(spectrum: np.ndarray, near: float, reach: int) -> float:
    first = max(round(near) - reach, 1)
    n = first + int(np.argmax(spectrum[first:round(near) + reach + 1]))
    a, b, c = np.log(spectrum[n - 1:n + 2] + 1e-12)
    return n + 0.5 * (a - c) / (a - 2 * b + c - 1e-12)


def _spread(off: list[float] | np.ndarray) -> str:
    return f"{np.median(off):.2f} median, {np.quantile(off, 0.95):.2f} p95, {np.max(off):.2f} at most" if len(off) else "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    print(equaliser(), analyser(), made_strings(), *recorded(find(parser.parse_args().folders)), sep="\n")


if __name__ == "__main__":
    main()
