"""A microphone, the real core, a loudspeaker and a room between: exact to the sample, in blocks of 64 frames as a card gives them, twice buffered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gigbox.engine.core import Engine
from gigbox.rack import RATE

BLOCK, BUFFERED = 64, 64      # frames; a second buffer of the card
MONITOR = 2                   # column of the outputs: monitor 1
DRY = {"strip/1/send/1/level": 0.0, "strip/1/level": 0.0, "strip/1/pan": -1.0, "box/denoise": 0.0, "monitor/1/guard/on": 1.0}


class Air:
    """Convolution with one response at a time (uniformly partitioned, overlap-save); another is cross-faded to in a second."""

    def __init__(self, response: np.ndarray) -> None:
        self._now, self._next, self._part = _partitions(response), None, 0.0
        self._past = np.zeros((1024, BLOCK + 1), np.complex64)
        self._two = np.zeros(2 * BLOCK, np.float32)
        self._at = 0

    def move(self, response: np.ndarray) -> None:
        self._next, self._part = _partitions(response), 0.0

    def jump(self, response: np.ndarray) -> None:
        self._now, self._next = _partitions(response), None

    def through(self, block: np.ndarray) -> np.ndarray:
        self._two = np.concatenate([self._two[BLOCK:], block])
        self._at = (self._at - 1) % len(self._past)
        self._past[self._at] = np.fft.rfft(self._two)
        heard = self._of(self._now)
        if self._next is None:
            return heard
        self._part += BLOCK / RATE
        heard = heard + min(self._part, 1.0) * (self._of(self._next) - heard)
        if self._part >= 1:
            self._now, self._next = self._next, None
        return heard

    def _of(self, parts: np.ndarray) -> np.ndarray:
        first = min(len(parts), len(self._past) - self._at)
        total = np.einsum("pk,pk->k", parts[:first], self._past[self._at:self._at + first])
        if first < len(parts):
            total = total + np.einsum("pk,pk->k", parts[first:], self._past[:len(parts) - first])
        return np.fft.irfft(total)[BLOCK:]


def _partitions(response: np.ndarray) -> np.ndarray:
    delayed = np.concatenate([np.zeros(BUFFERED), response])
    padded = np.pad(delayed, (0, -len(delayed) % BLOCK)).reshape(-1, BLOCK)
    return np.fft.rfft(np.pad(padded, ((0, 0), (0, BLOCK)))).astype(np.complex64)


class Stage:
    """One microphone before one monitor (or main). `play` gives the microphone `dry` besides what the room brings, and says what left the box."""

    def __init__(self, response: np.ndarray, values: Mapping[str, float] = {}, *, output: int = MONITOR) -> None:
        self.engine = Engine(1, DRY | dict(values))
        self.air, self.output = Air(response), output
        self._spoken = np.zeros(BLOCK, np.float32)

    def play(self, dry: np.ndarray, each: Callable[[int], object] = lambda frame: None) -> np.ndarray:
        """dry: (n,), a multiple of BLOCK. `each` is called before every block, with its first frame."""
        out = np.empty(len(dry), np.float32)
        frames = np.empty((BLOCK, 1), np.float32)
        for at in range(0, len(dry), BLOCK):
            each(at)
            frames[:, 0] = np.clip(dry[at:at + BLOCK] + self.air.through(self._spoken), -1, 1)
            self._spoken = self.engine.process(frames)[0][:, self.output]
            out[at:at + BLOCK] = self._spoken
        return out

    def close(self) -> None:
        self.engine.close()


def delay(output: int = MONITOR, lookahead: int = 128) -> int:
    """Frames that the box adds to the loop: a block on its way in, one of buffer, and on main what the limiter and the denoiser look ahead."""
    return BLOCK + BUFFERED + (0 if output >= MONITOR else lookahead + 48)
