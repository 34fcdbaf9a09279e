"""Dry strips into the three sounds that are listened to, by role: what plays chords, what plays their roots, what beats time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigbox.rack import RATE, Floats

HARMONY = ("electric_guitar", "acoustic_guitar", "keys", "synth", "strings")
SECOND = ("playback", "brass_sax")                  # taken for harmony where nobody above plays
BASS = ("bass",)
BEAT = ("kick", "snare", "tom", "drums", "hihat_overhead")
PIECE = RATE // 10                                  # frames a step
DOWN = 4                                            # harmony and bass are listened to at 12 kHz
LOW_RATE = RATE // DOWN
TAPS = 64
HELD_S = 4.0                                        # a strip's level is remembered for about so long
QUIET = 10 ** (-60 / 20)                            # full scale: what is softer is not raised


class Mixdown:
    """`take` one piece; every strip of harmony counts alike, however loud its preamplifier is."""

    def __init__(self) -> None:
        self._level = np.zeros(0)
        self._tail = np.zeros((TAPS, 2), np.float32)
        n = np.arange(TAPS) - (TAPS - 1) / 2
        self._low = (np.sinc(n * 2 * 5000 / RATE) * np.hamming(TAPS) * 2 * 5000 / RATE).astype(np.float32)

    def take(self, dry: Floats, roles: Sequence[str]) -> tuple[Floats, Floats]:
        """(PIECE, strips) at 48 kHz: harmony and bass as (PIECE / DOWN, 2) at 12 kHz, and what beats time as (PIECE,) at 48 kHz."""
        x = np.nan_to_num(dry, nan=0.0, posinf=0.0, neginf=0.0)
        gains = self._gains(x)
        chordal = _of(roles, HARMONY) * (gains > 0)
        if not chordal.any():
            chordal = _of(roles, SECOND)
        bass, beat = _of(roles, BASS), _of(roles, BEAT)
        if not (beat * self._playing()).any():
            beat = np.maximum(_of(roles, HARMONY + SECOND), bass)
        mixed = x @ (np.stack([chordal, bass]) * gains).T.astype(np.float32)
        return self._decimated(mixed), x @ (beat * gains).astype(np.float32)

    def _gains(self, x: Floats) -> np.ndarray:
        now = np.sqrt((x.astype(np.float64) ** 2).mean(axis=0))
        if len(self._level) != len(now):
            self._level = now
        keep = np.exp(-0.1 / HELD_S)
        self._level = np.maximum(now, self._level * keep)
        return np.asarray(np.where(self._level > QUIET, 0.1 / np.maximum(self._level, QUIET), 0.0))

    def _playing(self) -> np.ndarray:
        return self._level > QUIET

    def _decimated(self, x: Floats) -> Floats:
        whole = np.concatenate([self._tail, x])
        self._tail = whole[-TAPS:]
        frames = np.lib.stride_tricks.sliding_window_view(whole, TAPS, axis=0)[DOWN:: DOWN]
        return np.asarray(frames @ self._low, np.float32)


def _of(roles: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    return np.array([role in wanted for role in roles], float)
