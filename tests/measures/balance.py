"""How well a render is balanced, from its stems and its automation alone: python -m tests.measures.balance SONG_DIR [SONG_DIR ...]

Renders each song with stems and prints one row a song. Nothing of the engine's own report is used:
  balance   mean and p95 over active source-seconds after 20 s of |L + G - T|: L the loudness before the fader, averaged over playing
            time (tau 10 s), G the fader and trim of automation.csv, T the role's place against the lead vocal; without a lead, against
            the level that fits all sources best
  swing     the same with the loudness of each single 3 s instead of the average: how far the music itself moves
  peak      dBTP of the mix, four times oversampled;   limiter   p99 of |sum of stems| over |mix|, dB
  riding    p95 of |d(trim + fader)/dt|, dB/s;          false rides   upward steps of a fader whose strip was silent
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import lfilter, resample_poly

from gigbox.engine.song import Song
from gigbox.render.render import Options, render

RATE, HOP = 48000, 4800
OFFSETS = {"lead_vocal": 0, "backing_vocal": -4, "speech": 2, "kick": -4, "snare": -4, "tom": -7, "hihat_overhead": -8, "drums": -2, "bass": -3,
           "electric_guitar": -5, "acoustic_guitar": -5, "keys": -6, "synth": -7, "strings": -7, "brass_sax": -5, "playback": -3, "ambience": -15}
K_SHELF = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585])
K_PASS = ([1, -2, 1], [1, -1.99004745483398, 0.99007225036621])


@dataclass(frozen=True)
class Balance:
    song: str
    mean_lu: float
    p95_lu: float
    swing_mean_lu: float
    peak_dbtp: float
    limiter_p99_db: float
    riding_p95_db_s: float
    false_rides: int


def k_power(x: np.ndarray) -> np.ndarray:
    """K-weighted power of (frames, channels) in blocks of 100 ms, channels summed."""
    y = lfilter(*K_PASS, lfilter(*K_SHELF, x, axis=0), axis=0)
    whole = len(y) // HOP * HOP
    return (y[:whole] ** 2).reshape(-1, HOP, x.shape[1]).mean(1).sum(1)


def windowed(power: np.ndarray, blocks: int) -> np.ndarray:
    """LUFS of the last `blocks` blocks."""
    padded = np.concatenate([np.zeros(blocks - 1), power])
    return 10 * np.log10(np.convolve(padded, np.full(blocks, 1 / blocks), "valid") + 1e-12) - 0.691


def gains(out: Path, ticks: int) -> dict[tuple[int, str], np.ndarray]:
    """What was heard of trim and level, per (strip, name), every 100 ms."""
    steps: dict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    with (out / "automation.csv").open() as file:
        for row in csv.DictReader(file):
            words = row["path"].split("/")
            if words[0] == "strip" and words[2:] in (["level"], ["trim"]):
                steps[int(words[1]), words[2]].append((float(row["t"]), float(row["value"])))
    curves = {}
    for key, points in steps.items():
        curve = np.zeros(ticks)
        for t, value in points:
            curve[round(t * 10):] = value
        curves[key] = curve
    return curves


def active(power: np.ndarray) -> np.ndarray:
    """Playing: above -62 LUFS (-50 before a fader at -12), within 10 LU of the average of that (BS.1770), and 6 LU over the floor."""
    m = windowed(power, 4)
    loud = m > -62
    if not loud.any():
        return loud
    floor = min(np.percentile(m, 10), np.percentile(m, 99) - 22)
    return loud & (m > max(10 * np.log10(np.mean(10 ** (m[loud] / 10)) + 1e-12) - 10, floor + 6))


def averaged(loudness_power: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Running loudness over playing time, tau 10 s, LUFS."""
    level, heard, out = 0.0, 0.0, np.full(len(on), np.nan)
    for i, (p, playing) in enumerate(zip(loudness_power, on, strict=True)):
        if playing:
            heard += 0.1
            level += 0.1 / min(heard, 10) * (p - level)
        out[i] = 10 * np.log10(level) - 0.691 if heard else np.nan
    return out


def measure(song: Song, out: Path) -> Balance:
    stems = sorted((out / "stems").glob("*.flac"))
    audio = [soundfile.read(f, always_2d=True)[0] for f in stems]
    mix = soundfile.read(out / "mix.flac", always_2d=True)[0]
    ticks = len(mix) // HOP
    curves = gains(out, ticks)
    placed, swinging, rides, false_rides = [], [], [], 0
    lead = None
    for n, track in enumerate(song.tracks, 1):
        if track.role not in OFFSETS or (n > 1 and song.tracks[n - 2].pair):
            continue
        sound = audio[n - 1] if not track.pair else np.concatenate([audio[n - 1], audio[n]], axis=1)
        power, on = k_power(sound)[:ticks], None
        on = active(power)
        level, trim = (curves.get((n, name), np.zeros(ticks)) for name in ("level", "trim"))
        total = level + trim
        rides.append(np.abs(np.diff(total)) * 10)
        up = np.flatnonzero(np.diff(level) > 1e-6) + 1
        near = windowed(power, 4)
        false_rides += sum(near[max(i - 5, 0):i + 2].max() < max(-62, np.percentile(near, 98) - 20) for i in up)
        before = averaged(power / 10 ** (total / 10), on) + total
        late = on & (np.arange(ticks) >= 200)
        role = OFFSETS[track.role]
        placed.append((before - role, late))
        swinging.append((windowed(power, 30) - role, late))
        if track.role == "lead_vocal" and lead is None:
            lead = len(placed) - 1
    errors, swings = _errors(placed, lead), _errors(swinging, lead)
    sum_ = np.sum(audio, axis=0)
    loud = np.abs(sum_) > 0.01
    reduction = 20 * np.log10(np.abs(sum_[loud]) / np.maximum(np.abs(mix[loud]), 1e-9))
    peak = np.abs(resample_poly(mix, 4, 1, axis=0)).max()
    return Balance(song.folder.name, errors.mean(), float(np.percentile(errors, 95)), swings.mean(), 20 * np.log10(peak),
                   float(np.percentile(reduction, 99)), float(np.percentile(np.concatenate(rides), 95)), int(false_rides))


def _errors(placed: list[tuple[np.ndarray, np.ndarray]], lead: int | None) -> np.ndarray:
    """Distances from the reference: the lead's own place while it plays late enough, else what fits all."""
    values = [np.where(late, place, np.nan) for place, late in placed]
    if lead is not None and placed[lead][1].any():
        reference = np.nanmean(values[lead])
    else:
        reference = np.nanmean([np.nanmean(v) for v in values if np.isfinite(v).any()])
    joined = np.concatenate([v[np.isfinite(v)] for v in values])
    return np.abs(joined - reference)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, help="loop each song for so long")
    options = parser.parse_args()
    print(f"{'song':16} {'balance LU':>16} {'swing':>6} {'peak dBTP':>10} {'limiter p99':>12} {'riding p95':>11} {'false rides':>12}")
    for folder in options.songs:
        song = Song.open(folder)
        with tempfile.TemporaryDirectory() as temp:
            render(song, Path(temp) / "out", Options(stems=True, seconds=options.seconds))
            b = Balance(**asdict(measure(song, Path(temp) / "out")))
        print(f"{b.song[:16]:16} {b.mean_lu:7.2f} {b.p95_lu:8.2f} {b.swing_mean_lu:6.2f} {b.peak_dbtp:10.2f} {b.limiter_p99_db:9.2f} dB"
              f" {b.riding_p95_db_s:6.2f} dB/s {b.false_rides:12d}", flush=True)


if __name__ == "__main__":
    main()
