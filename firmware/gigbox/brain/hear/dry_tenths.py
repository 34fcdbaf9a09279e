"""What each 100 ms of the dry inputs measures: peaks, levels, how they flicker, and what the spectrum looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from gigbox.brain.arrays import Array, Flags
from gigbox.brain.hear.mains import WRONG
from gigbox.rack import FULL_SCALE, METER_FRAMES, RATE, TAP_FRAMES, Floats, Rack, decibels

PARTS = 4                     # of 25 ms
BIN_HZ = RATE / METER_FRAMES  # 10 Hz
BINS = 800                    # of the spectrum that is kept: what music moves lies below 8 kHz
HISS_HZ = 200                 # what is meant by noise lies above: rumble of feet and of stages is for the high-pass
BEHIND = TAP_FRAMES // METER_FRAMES - 1      # tenths that the tap still holds for sure


@dataclass(frozen=True)
class Tenth:
    """100 ms of all inputs, (channels,) where nothing else is said; dBFS, -120 for silence. `level`, `swing` and all below are without DC."""

    peak: Array               # largest sample, before trim
    swing: Array              # the same from the mean on
    level: Array              # RMS
    dc: Array                 # mean, linear
    flickers: Array           # (PARTS, channels): RMS of 25 ms each, of the first difference, so that bass notes and hum stand still in it
    hiss: Array               # RMS of what lies above 200 Hz
    spectrum: Floats          # (BINS of 10 Hz, channels): power, a sine reads its own
    full: Flags               # a sample at full scale
    flat: Flags               # three equal ones in a row there: the top of the wave is gone


    def take(self, channel: int, other: Tenth) -> None:
        """For this channel (0-based) it was as in another tenth."""
        for name in (f.name for f in fields(self)):
            getattr(self, name)[..., channel] = getattr(other, name)[..., channel]


class Tenths:
    """Reads what is new in the rack's dry tap, a tenth of a second at a time."""

    def __init__(self) -> None:
        self._next = -1

    def read(self, rack: Rack) -> Iterator[Tenth]:
        """Every whole tenth since the last call; the first call begins with the newest. What was overwritten meanwhile is left out."""
        end = rack.frames // METER_FRAMES
        begin = self._next if 0 <= self._next <= end else end - 1        # an engine that began anew counts from 0
        self._next = end
        tap = rack.view("tap_in")[:, : rack.channels]
        for number in range(max(begin, end - BEHIND, 0), end):
            yield measure(tap[np.arange(number * METER_FRAMES, (number + 1) * METER_FRAMES) % TAP_FRAMES])


def measure(frames: Floats) -> Tenth:
    """(METER_FRAMES, channels) float32."""
    with np.errstate(invalid="ignore"):
        sound = np.where(np.abs(frames) < WRONG, frames, 0)          # a bad sample is no sound
    dc = sound.mean(axis=0, dtype=np.float64)
    swing = sound - dc.astype(np.float32)
    size, steps = np.abs(sound), np.diff(swing, axis=0, prepend=swing[:1])
    loud = size >= FULL_SCALE
    same = loud[1:] & (sound[1:] == sound[:-1])
    flat = np.asarray((same[1:] & same[:-1]).any(axis=0))
    spectrum = np.square(np.abs(np.fft.rfft(swing * WINDOW[:, None], axis=0)))
    hiss = spectrum[round(HISS_HZ / BIN_HZ):].sum(axis=0) / NOISE_BINS
    parts = np.square(steps).reshape(PARTS, -1, frames.shape[1]).mean(axis=1, dtype=np.float64)
    return Tenth(decibels(size.max(axis=0) ** 2), decibels(np.abs(swing).max(axis=0) ** 2), decibels(np.square(swing).mean(axis=0, dtype=np.float64)), dc,
                 decibels(parts), decibels(hiss), spectrum[:BINS].astype(np.float32), np.asarray(loud.any(axis=0)), flat)


_HANN = np.hanning(METER_FRAMES)
WINDOW = (_HANN * np.sqrt(2) / _HANN.sum()).astype(np.float32)       # so that the peak of a sine reads its power
NOISE_BINS = 1.5                                                     # of a Hann window: what a sum over bins counts too much
