"""What the rack tells of the strips, as the mixing rules want it: loudness, peaks, spectra, and what dynamics take away. Once every 100 ms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigbox import params
from gigbox._core import ffi
from gigbox.brain.arrays import Array
from gigbox.rack import BANDS, CHANNELS, FEATURE_HOPS, METER_FRAMES, RATE, Rack, decibels, lufs

TICK_S = METER_FRAMES / RATE     # from one look to the next
DEPTH = params.FIRST["box/depth"]
TRIM, MUTE, COMP_ON, THRESHOLD = (params.FIRST[f"strip/*/{name}"] for name in ("trim", "mute", "comp/on", "comp/threshold"))


@dataclass(frozen=True)
class Heard:
    """One look at the meters, an entry a strip, what hands added to the trims still in it: LUFS behind the inserts, over 400 and 100 ms, before
    what gain sharing and ducking take, and before the fader; peaks behind the trim, dBFS; mean squares there, dBFS, over 300 ms; what the compressor takes, dB;
    (strips, BANDS) mean powers of the last 100 ms behind the trim; the trims as they are heard, `hands` what of them is people's, dB;
    which strips are muted; thresholds of compressors as they are heard, dBFS, NaN where a compressor is off; how much of auto is heard, %."""

    momentary: Array
    latest: Array
    peaks: Array
    hands: Array
    squares: Array | None = None
    taken: Array | None = None
    bands: Array | None = None
    trims: Array | None = None
    muted: Array | None = None
    thresholds: Array | None = None
    depth: float = 100.0


class Meters:
    """Looks at a rack; keeps only where it was in the features."""

    def __init__(self) -> None:
        self._hop = 0

    def hear(self, rack: Rack, auto: Array) -> Heard:
        """`auto`: what the box holds of each trim, dB. Whatever else a trim is, hands made it so, or the depth."""
        n = rack.channels
        trims = np.array(rack.values()[TRIM:TRIM + n], float)
        hands = trims - auto
        momentary, latest = (lufs(rack.view(f"strips.{name}")[:n]) for name in ("momentary", "k_block"))
        return Heard(momentary, latest, decibels(rack.view("strips.in_peak")[:n] ** 2), hands, decibels(rack.view("strips.in_square")[:n]),
                     -decibels(rack.view("strips.comp_gain")[:n] ** 2), self._bands(rack), trims,
                     np.array(rack.values()[MUTE:MUTE + n] > 0.5), self._thresholds(rack), float(rack.values()[DEPTH]))

    def _thresholds(self, rack: Rack) -> Array:
        n, values = rack.channels, rack.values()
        return np.where(values[COMP_ON:COMP_ON + n] > 0, values[THRESHOLD:THRESHOLD + n].astype(float), np.nan)

    def _bands(self, rack: Rack) -> Array | None:
        """Mean power since the last look; None when there is nothing new."""
        hops = rack.hops
        first = self._hop if 0 <= hops - self._hop < FEATURE_HOPS else max(hops - FEATURE_HOPS // 2, 0)
        self._hop = hops
        if first == hops:
            return None
        rows = [np.frombuffer(ffi.buffer(rack.c.features[hop % FEATURE_HOPS].energy), np.float32) for hop in range(first, hops)]
        level = np.stack(rows).reshape(-1, BANDS, CHANNELS)[..., : rack.channels]
        return np.asarray((10.0 ** (level / 10)).mean(axis=0).T, float)

