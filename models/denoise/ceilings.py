"""What a filter of the core could reach if its gains knew the answer: the knee of bands, taps, spectrum and fade, before anything is trained.

    python -m models.denoise.ceilings --data DIR [--every 3] [--jobs 2] [--only WORD ...]

Each variant plays the noisy speech of the validation set through filters made of Wiener gains of the true spectra around each hop, floor 18 dB. Its row is
the most that a model behind such a filter can reach; what is left between a row and the box's own is what a model has to learn.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from models.denoise.features import FINE, HOP, RATE, WHOLE, Look, band_hz, fine_hz
from models.denoise.measures import Sound, pesq_wb, si_sdr, stoi
from models.denoise.validation import SPEECH, Pair, kind_of, pairs

FLOOR = 10 ** (-18 / 20)
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Filter:
    """`ahead` frames of look-ahead and `taps` behind them, designed with spectra of `size`, cross-faded over `fade` frames of each hop.

    `linear`: zero phase, windowed; else what of the log gain is slower than the look-ahead stays zero-phase and the rest is minimum-phase.
    `split`: taps from this one on run at a quarter of the rate, and are faded over `slow_fade` frames; 0: none do.
    """

    name: str
    look: Look
    centres: Array
    ahead: int
    taps: int
    size: int = 2048
    fade: int = 64
    linear: bool = False
    split: int = 0
    slow_fade: int = 64


def fine(name: str, ahead: int, taps: int, **more: int) -> Filter:
    return Filter(name, FINE, fine_hz(), ahead, taps, **more)


VARIANTS = (
    Filter("32 bands, linear 256", WHOLE, band_hz(), 128, 128, linear=True),
    Filter("32 bands, minimum 128", WHOLE, band_hz(), 0, 128),
    *(fine(f"fine, mixed 128 + {taps}", 128, taps) for taps in (256, 512, 768, 1024)),
    *(fine(f"fine, mixed 128 + 1024, spectra of {size}", 128, 1024, size=size) for size in (4096, 8192)),
    *(fine(f"fine, mixed 128 + 1024, fade {frames}", 128, 1024, fade=frames) for frames in (32, 128, 256)),
    fine("fine, mixed 128 + 1024, from 128 on slow", 128, 1024, split=128),
    fine("fine, mixed 128 + 1024, from 128 on slow, fade 192: the core", 128, 1024, split=128, slow_fade=192),
    fine("fine, mixed 128 + 1024, from 256 on slow, fade 192", 128, 1024, split=256, slow_fade=192),
    *(fine(f"fine, minimum {taps}", 0, taps) for taps in (512, 1024)),
    fine("fine, minimum 1024, from 128 on slow, fade 192: the core", 0, 1024, split=128, slow_fade=192),
    fine("fine, mixed 256 + 1024, from 128 on slow, fade 192", 256, 1024, split=128, slow_fade=192),
)


def ideal(pair: Pair, f: Filter) -> Array:
    """(hops, bands) Wiener gains of Hann windows centred on each hop, as long as the look's; none below FLOOR."""
    window, hops = np.hanning(len(f.look.window)), len(pair.clean) // HOP
    at = len(window) + HOP // 2 - len(window) // 2 + HOP * np.arange(hops)[:, None] + np.arange(len(window))
    wanted, unwanted = (np.abs(fft.rfft(np.pad(x.astype(float), len(window))[at] * window, f.look.size)[:, :-1]) ** 2 @ f.look.bands
                        for x in (pair.clean, pair.noisy - pair.clean))
    return np.maximum(wanted / (wanted + unwanted + 1e-20), FLOOR)


def taps_of(gains: Array, f: Filter) -> Array:
    """(hops, ahead + taps): straight lines in dB between the centres, and the phase that the look-ahead allows."""
    hz = np.arange(f.size // 2 + 1) * RATE / f.size
    log = np.stack([np.interp(hz, f.centres, row) for row in np.log(gains)])
    if f.linear:
        return np.roll(fft.irfft(np.exp(log)), f.ahead)[:, :f.ahead + f.taps] * signal.windows.hann(f.ahead + f.taps, sym=False) ** 0.35
    cepstrum, late = fft.irfft(log), np.arange(f.size)
    early = np.clip((f.ahead - np.minimum(late, f.size - late)) / max(f.ahead / 2, 1), 0, 1)
    fold = np.where(late == 0, 1, np.where(late < f.size // 2, 2, np.where(late == f.size // 2, 1, 0)))
    phase = fft.rfft(cepstrum * (1 - early) * fold).imag
    ends = np.ones(f.ahead + f.taps)
    ends[:f.ahead // 2] = np.sin(np.linspace(0, np.pi / 2, f.ahead // 2)) ** 2
    ends[-f.taps // 4:] = np.cos(np.linspace(0, np.pi / 2, f.taps // 4)) ** 2
    return np.roll(fft.irfft(np.exp(log + 1j * phase)), f.ahead)[:, :f.ahead + f.taps] * ends


def played(x: Array, taps: Array, fade: int, hop: int = HOP) -> Array:
    """x through a filter a hop, each faded in over the first `fade` frames of its hop while the one before fades out."""
    count, size = taps.shape[1], fft.next_fast_len(taps.shape[1] + hop + fade)
    padded, y = np.pad(x, (count, 2 * hop)), np.zeros(len(x) + 2 * hop)
    ramp = (np.arange(fade) + 1) / fade
    shape = np.concatenate([ramp, np.ones(hop - fade), 1 - ramp])
    at = np.arange(len(taps))[:, None] * hop + np.arange(count + hop + fade)
    parts = fft.irfft(fft.rfft(padded[np.minimum(at, len(padded) - 1)], size) * fft.rfft(taps, size), size)[:, count:count + hop + fade] * shape
    for k, part in enumerate(parts):
        y[k * hop:k * hop + hop + fade] += part
    return y[:len(x)]


LOW_PASS = signal.firwin(48, 6000, window=("kaiser", 5.0), fs=RATE)      # 23.5 frames late, down and up again 47


def slowly(x: Array, taps: Array, fade: int) -> Array:
    """x through every fourth tap, at a quarter of the rate."""
    thin = played(signal.lfilter(LOW_PASS, 1, x)[::4], 4 * taps[:, 47::4], fade // 4, HOP // 4)
    y = np.zeros(4 * len(thin))
    y[::4] = 4 * thin
    return np.asarray(signal.lfilter(LOW_PASS, 1, y)[:len(x)])


def through(pair: Pair, f: Filter) -> Sound:
    """The noisy sound, aligned with the clean one."""
    x, taps = np.pad(pair.noisy.astype(float), (0, f.ahead)), taps_of(ideal(pair, f), f)
    taps = np.concatenate([np.repeat(taps[:1], f.ahead // HOP, axis=0), taps])[:len(taps)]
    shift = f.ahead % HOP                                      # gains are of the hop that is heard, `ahead` frames late
    x = np.pad(x, (shift and HOP - shift, 0))
    if f.split:
        slow = np.sin(np.pi / 2 * np.clip((np.arange(taps.shape[1]) - f.ahead - f.split + 64) / 64, 0, 1)) ** 2
        y = played(x, (taps * (1 - slow))[:, :f.ahead + f.split], f.fade) + slowly(x, taps * slow, f.slow_fade)
    else:
        y = played(x, taps, f.fade)
    first = f.ahead + (shift and HOP - shift)
    return np.asarray(y[first:first + len(pair.clean)], np.float32)


def judged(task: tuple[Pair, Filter | None]) -> tuple[float, float, float]:
    pair, f = task
    y = np.pad(through(pair, f), (0, len(pair.clean)))[:len(pair.clean)] if f else pair.noisy
    return pesq_wb(y, pair.clean), stoi(y, pair.clean), si_sdr(y, pair.clean) - si_sdr(pair.noisy, pair.clean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with denoise/ and instruments/")
    parser.add_argument("--every", type=int, default=1, help="only each so many pairs")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[""], help="variants with any of these words in their names")
    options = parser.parse_args()
    found = [pair for pair in pairs(options.data) if kind_of(pair.condition) == SPEECH][::options.every]
    wanted = [None, *(f for f in VARIANTS if any(word in f.name for word in options.only))]
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        figures = pool.imap(judged, itertools.product(found, wanted))
        rows = np.array(list(figures)).reshape(len(found), len(wanted), 3).mean(axis=0)
    print(f"{len(found)} pairs\n\n| gains and filter | PESQ | STOI | SI-SDRi |\n|---|---|---|---|")
    for f, (quality, intelligibility, gain) in zip(wanted, rows, strict=True):
        print(f"| {f.name if f else 'noisy'} | {quality:.3f} | {intelligibility:.3f} | {gain:.1f} |")


if __name__ == "__main__":
    main()
