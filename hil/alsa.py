"""The far end of a cable of snd-aloop, through libasound: what goes in and what comes out, counted from the same frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import cffi
import numpy as np

from gigbox.errors import CardError
from hil.bench import RATE, Sound, nothing

PLAYBACK, CAPTURE, S32, INTERLEAVED = 0, 1, 10, 3      # of alsa/pcm.h
FULL = 2 ** 31
BUFFER_US, AHEAD = 500_000, RATE // 5                  # and frames that are laid in before it begins
LEAD = RATE // 5                                       # of silence first: what was played before may be on its way yet
TICK_S, LOOK_S = 0.001, 0.02                           # of the card's clock; and between two looks, where nothing is to be done to the tick
PATIENCE_S = 10.0                                      # a card that stands for so long is none

ffi = cffi.FFI()
ffi.cdef("""
typedef struct snd_pcm snd_pcm_t;
int snd_pcm_open(snd_pcm_t **pcm, const char *name, int stream, int mode);
int snd_pcm_set_params(snd_pcm_t *pcm, int format, int access, unsigned channels, unsigned rate, int resample, unsigned latency_us);
int snd_pcm_link(snd_pcm_t *one, snd_pcm_t *other);
int snd_pcm_prepare(snd_pcm_t *pcm);
int snd_pcm_start(snd_pcm_t *pcm);
int snd_pcm_drop(snd_pcm_t *pcm);
int snd_pcm_close(snd_pcm_t *pcm);
long snd_pcm_avail(snd_pcm_t *pcm);
long snd_pcm_writei(snd_pcm_t *pcm, const void *frames, unsigned long count);
long snd_pcm_readi(snd_pcm_t *pcm, void *frames, unsigned long count);
const char *snd_strerror(int error);
""")


class Cable:
    """Open as long as it lives, so that the box finds its channels and formats. Both directions start in one tick."""

    def __init__(self, name: str, inputs: int, outputs: int) -> None:
        """`inputs` of the box, which are played here; `outputs` are heard."""
        self._lib: Any = ffi.dlopen("libasound.so.2")
        self.name, self.outputs = name, outputs
        self._play, self._hear = (self._open(stream, channels) for stream, channels in ((PLAYBACK, inputs), (CAPTURE, outputs)))
        self._done(self._lib.snd_pcm_link(self._play, self._hear))

    def through(self, sound: Sound, at: int = 0, meanwhile: Callable[[], None] = nothing) -> Sound:
        """As Bench.play: frame f of the answer was heard when frame f of `sound` went in."""
        sent = np.zeros((LEAD + len(sound) + 2 * AHEAD, sound.shape[1]), np.int32)
        sent[LEAD:LEAD + len(sound)] = np.clip(sound.astype(np.float64) * FULL, -FULL, FULL - 1)
        heard, at = np.zeros((LEAD + len(sound), self.outputs), np.int32), LEAD + at
        self._done(self._lib.snd_pcm_prepare(self._play))
        written, read, done = self._write(sent[:AHEAD]), 0, meanwhile is nothing
        self._done(self._lib.snd_pcm_start(self._play))
        moved = time.monotonic()
        while read < len(heard):
            time.sleep(TICK_S if not done and at - read < 2 * LOOK_S * RATE else LOOK_S)
            if there := min(self._done(self._lib.snd_pcm_avail(self._hear)), len(heard) - read):
                read += self._done(self._lib.snd_pcm_readi(self._hear, ffi.from_buffer(heard[read:read + there]), there))
                moved = time.monotonic()
            elif time.monotonic() - moved > PATIENCE_S:
                raise CardError(f"{self.name}: stands, expected a frame within {PATIENCE_S:g} s")
            room = self._done(self._lib.snd_pcm_avail(self._play))
            written += self._write(sent[written:written + room])
            if read >= at and not done:
                done = True
                meanwhile()
        self._done(self._lib.snd_pcm_drop(self._play))
        return (heard[LEAD:] / FULL).astype(np.float32)

    def close(self) -> None:
        for pcm in (self._play, self._hear):
            self._lib.snd_pcm_close(pcm)

    def _open(self, stream: int, channels: int) -> Any:
        made = ffi.new("snd_pcm_t **")
        self._done(self._lib.snd_pcm_open(made, self.name.encode(), stream, 0))
        self._done(self._lib.snd_pcm_set_params(made[0], S32, INTERLEAVED, channels, RATE, 0, BUFFER_US))
        return made[0]

    def _write(self, frames: Any) -> int:
        return self._done(self._lib.snd_pcm_writei(self._play, ffi.from_buffer(np.ascontiguousarray(frames)), len(frames))) if len(frames) else 0

    def _done(self, answer: int) -> int:
        if answer < 0:
            raise CardError(f"{self.name}: {ffi.string(self._lib.snd_strerror(answer)).decode()}")
        return answer
