"""How well a render is balanced, from its stems and its automation alone: python -m tests.measures.balance SONG_DIR [SONG_DIR ...]

Renders each song with stems and prints one row a song. Nothing of the engine's own report is used:
  balance   mean and p95 over active source-seconds after 20 s of |L + G - T|: L the loudness before the fader, averaged over playing
            time (tau 10 s), G the fader and trim of automation.csv, T the role's place against the lead vocal; without a lead, against
            the level that fits all sources best. With --style all but the lead are also moved by the trim that makes the style's LAR
  by then   the same mean with that trim as it could be known at each moment, from what was heard until then: what of the balance is no hindsight
  swing     the same with the loudness of each single 3 s instead of the average: how far the music itself moves
  peak      dBTP of the mix, four times oversampled;   limiter   p99 of |sum of stems| over |mix|, dB
  riding    p95 of |d(trim + fader)/dt|, dB/s;          false rides   upward steps of a fader whose strip was silent
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

from gigbox.engine.song import Song
from gigbox.render.render import Options, render
from tests.measures.loudness import HOP, active, averaged, k_power, true_peak, windowed
from tests.measures.places import LAR, LATE, OFFSETS, common_trim, common_trim_by_then, lead_role, parts, wanted, wanted_by_then


@dataclass(frozen=True)
class Balance:
    song: str
    mean_lu: float
    p95_lu: float
    by_then_lu: float
    swing_mean_lu: float
    peak_dbtp: float
    limiter_p99_db: float
    riding_p95_db_s: float
    false_rides: int


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


def places(powers: np.ndarray, gain: np.ndarray, on: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(ticks, parts): the averaged loudness behind the faders less the wanted place, LU; NaN before a part was heard or where it has none.

    `powers`: K-weighted, behind the faders; `gain`: dB of trim and fader; `on`: playing; all (ticks, parts). `targets`: (parts,) or (ticks, parts) LU.
    """
    before = powers / 10 ** (gain / 10)
    return np.stack([averaged(before[:, i], on[:, i]) for i in range(gain.shape[1])], axis=1) + gain - targets


def reference(placed: np.ndarray, counted: np.ndarray, roles: Sequence[str]) -> float:
    """The level that places are measured from: where the lead vocals are while they are counted, else what fits all parts best."""
    values = np.where(counted, placed, np.nan)
    lead = values[:, [r == "lead_vocal" for r in roles]]
    if np.isfinite(lead).any():
        return float(np.nanmean(lead))
    return float(np.mean([np.nanmean(v) for v in values.T if np.isfinite(v).any()] or [np.nan]))


def errors(placed: np.ndarray, counted: np.ndarray, roles: Sequence[str]) -> np.ndarray:
    """|L + G - T| of every counted part and tick, LU, flat."""
    distance = np.abs(placed - reference(placed, counted, roles))[counted]
    return distance[np.isfinite(distance)]


def counted(roles: Sequence[str], on: np.ndarray) -> np.ndarray:
    """(ticks, parts): what counts: playing, after 20 s, and not under a speaker whom the band gives way to."""
    late = on & (np.arange(len(on)) >= LATE)[:, None]
    if lead_role(roles) == "speech":
        late &= ~on[:, [r == "speech" for r in roles]].any(axis=1)[:, None]
    return late


def false_rise(gain: np.ndarray, power: np.ndarray) -> np.ndarray:
    """dB a gain went up in each tick while its strip was silent: (ticks,). `power`: K-weighted, before that gain."""
    near = windowed(power, 4)
    silent = max(-62, np.percentile(near, 98) - 20)      # LUFS
    rise = np.maximum(np.diff(gain, prepend=gain[0]), 0)
    rise[rise <= 1e-6] = 0
    for i in np.flatnonzero(rise):
        rise[i] *= near[max(i - 5, 0):i + 2].max() < silent
    return rise


def measure(song: Song, out: Path, lar: float | None = None) -> Balance:
    """Read a render of `song` in `out`. `lar`: dB the lead should be over the accompaniment; None: the offsets alone."""
    found = [p for p in parts(song) if p.role in OFFSETS]
    roles = [p.role for p in found]
    audio = [soundfile.read(f, always_2d=True)[0] for f in sorted((out / "stems").glob("*.flac"))]
    mix = soundfile.read(out / "mix.flac", always_2d=True)[0]
    ticks = len(mix) // HOP
    curves = gains(out, ticks)
    level, trim = (np.stack([curves.get((p.channels[0] + 1, name), np.zeros(ticks)) for p in found], axis=1) for name in ("level", "trim"))
    powers = np.stack([k_power(np.concatenate([audio[c] for c in p.channels], axis=1))[:ticks] for p in found], axis=1)
    on = np.stack([active(power) for power in powers.T], axis=1)
    came = powers / 10 ** ((level + trim) / 10)
    targets = wanted(roles, 0.0 if lar is None else common_trim(roles, on, came, lar))
    by_then = targets if lar is None else wanted_by_then(roles, common_trim_by_then(roles, on, came, lar))
    late = counted(roles, on)
    placed = errors(places(powers, level + trim, on, targets), late, roles)
    known = errors(places(powers, level + trim, on, by_then), late, roles)
    swings = errors(np.stack([windowed(power, 30) for power in powers.T], axis=1) - targets, late, roles)
    sum_ = np.sum(audio, axis=0)
    rises = [false_rise(level[:, i], powers[:, i] / 10 ** (level[:, i] / 10)) for i in range(len(found))]
    return Balance(song.folder.name, placed.mean(), float(np.percentile(placed, 95)), known.mean(), swings.mean(), true_peak(mix), limiting(sum_, mix),
                   float(np.percentile(np.abs(np.diff(level + trim, axis=0)) * 10, 95)), int(sum((rise > 0).sum() for rise in rises)))


def limiting(sum_: np.ndarray, mix: np.ndarray) -> float:
    """p99 of what the limiter took, dB: the sum of the stems over the mix, (frames, 2) each, where it is loud enough to tell."""
    loud = np.abs(sum_) > 0.01
    return float(np.percentile(20 * np.log10(np.abs(sum_[loud]) / np.maximum(np.abs(mix[loud]), 1e-9)), 99)) if loud.any() else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, help="loop each song for so long")
    parser.add_argument("--style", choices=sorted(LAR), help="the lead should be over all else as this style has it")
    options = parser.parse_args()
    print(f"{'song':16} {'balance LU':>16} {'by then':>8} {'swing':>6} {'peak dBTP':>10} {'limiter p99':>12} {'riding p95':>11} {'false rides':>12}")
    for folder in options.songs:
        song = Song.open(folder)
        with tempfile.TemporaryDirectory() as temp:
            hand = {"box/style": options.style} if options.style else {}
            render(song, Path(temp) / "out", Options(stems=True, seconds=options.seconds, hand=hand))
            b = Balance(**asdict(measure(song, Path(temp) / "out", LAR.get(options.style))))
        print(f"{b.song[:16]:16} {b.mean_lu:7.2f} {b.p95_lu:8.2f} {b.by_then_lu:8.2f} {b.swing_mean_lu:6.2f} {b.peak_dbtp:10.2f} {b.limiter_p99_db:9.2f} dB"
              f" {b.riding_p95_db_s:6.2f} dB/s {b.false_rides:12d}", flush=True)


if __name__ == "__main__":
    main()
