"""Other people's denoisers, to be compared with: RNNoise, WebRTC NS and Speex, as they are delivered.

Each takes and gives (frames,) float32 at 48 kHz, with its own delay taken off. Nothing of a rival lives here: they are called where a user has
installed them (requirements-eval.txt, libspeexdsp1), and left out where not.

    python -m models.denoise.rivals        # finds the delays below again
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import soxr

from models.denoise.measures import RATE, Sound, advance, find_delay

Denoiser = Callable[[Sound], Sound]

DELAY = {"rnnoise": 960, "webrtc": 287, "speex": 480}       # frames at 48 kHz that the output is late
SPEEX_NOISE_SUPPRESS, SPEEX_FLOOR_DB = 8, -18               # speex_preprocess.h; the same floor as our default


class Missing(Exception):
    """A rival is not installed here; the message says how it would be."""


def rival(name: str) -> Denoiser:
    """Raises Missing, with the remedy."""
    late = {"rnnoise": _rnnoise, "webrtc": _webrtc, "speex": _speex}[name]()
    return lambda sound: advance(late(_longer(sound)), DELAY[name], len(sound))


def identity(name: str) -> str:
    """The version that is installed here."""
    if name == "speex":
        return f"{ctypes.util.find_library('speexdsp')} {SPEEX_FLOOR_DB}"
    return version({"rnnoise": "pyrnnoise", "webrtc": "webrtc-noise-gain"}[name])


def _rnnoise() -> Denoiser:
    """RNNoise 0.2, 10 ms frames at 48 kHz, in the scale of 16-bit numbers."""
    try:
        from pyrnnoise import rnnoise
    except ImportError as e:
        raise Missing(f"rnnoise: left out ({e}); pip install pyrnnoise") from None
    pointer = ctypes.POINTER(ctypes.c_float)

    def run(sound: Sound) -> Sound:
        state, out = rnnoise.create(), np.zeros_like(sound)
        try:
            for at, frame in _frames(sound * np.float32(32768), 480):
                rnnoise.lib.rnnoise_process_frame(state, out[at:].ctypes.data_as(pointer), frame.ctypes.data_as(pointer))
        finally:
            rnnoise.destroy(state)
        return out / np.float32(32768)

    return run


def _webrtc() -> Denoiser:
    """The noise suppressor of WebRTC, level 3 of 4, no gain control, 10 ms frames at 16 kHz: above 8 kHz there is nothing."""
    try:
        from webrtc_noise_gain import AudioProcessor
    except ImportError as e:
        raise Missing(f"webrtc: left out ({e}); pip install webrtc-noise-gain") from None

    def run(sound: Sound) -> Sound:
        processor, heard = AudioProcessor(0, 3), _sixteen(soxr.resample(sound, RATE, 16000))
        out = np.zeros_like(heard)
        for at, frame in _frames(heard, 160):
            out[at:at + 160] = np.frombuffer(processor.Process10ms(frame.tobytes()).audio, np.int16)
        return np.asarray(soxr.resample(out.astype(np.float32) / 32768, 16000, RATE), np.float32)

    return run


def _speex() -> Denoiser:
    """Speex's preprocessor, 10 ms frames at 48 kHz."""
    found = ctypes.util.find_library("speexdsp")
    if found is None:
        raise Missing("speex: left out (no libspeexdsp); apt-get install libspeexdsp1")
    lib = ctypes.CDLL(found)
    lib.speex_preprocess_state_init.restype = ctypes.c_void_p
    lib.speex_preprocess_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    lib.speex_preprocess_run.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    lib.speex_preprocess_state_destroy.argtypes = [ctypes.c_void_p]

    def run(sound: Sound) -> Sound:
        state, floor, out = lib.speex_preprocess_state_init(480, RATE), ctypes.c_int32(SPEEX_FLOOR_DB), _sixteen(sound)
        lib.speex_preprocess_ctl(state, SPEEX_NOISE_SUPPRESS, ctypes.byref(floor))
        for _, frame in _frames(out, 480):
            lib.speex_preprocess_run(state, frame.ctypes.data)      # in place
        lib.speex_preprocess_state_destroy(state)
        return out.astype(np.float32) / 32768

    return run


def _longer(sound: Sound) -> Sound:
    """Whole 10 ms frames, and 100 ms of silence that pushes the end out."""
    return np.pad(sound, (0, RATE // 10 + -len(sound) % 480)).astype(np.float32)


def _sixteen(sound: Sound) -> npt.NDArray[np.int16]:
    return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.int16)


def _frames(sound: npt.NDArray[np.generic], size: int) -> Iterator[tuple[int, npt.NDArray[np.generic]]]:
    """Where each frame begins, and the frame: a view that may be written to."""
    for start, end in pairwise(range(0, len(sound) + 1, size)):
        yield start, sound[start:end]


def main() -> None:
    """Prints the delay of each rival on a made voice: bursts of gliding harmonics in near silence."""
    t = np.arange(4 * RATE) / RATE
    turns = 140 * t - 20 * np.cos(2 * np.pi * 0.6 * t)
    voice = sum(np.sin(2 * np.pi * k * turns + k * k) / k for k in range(1, 30)) * np.clip(np.sin(2 * np.pi * 1.7 * t), 0, 1)
    sound = np.asarray(0.05 * voice + 1e-4 * np.random.default_rng(1).standard_normal(len(t)), np.float32)
    for name, delay in DELAY.items():
        try:
            out = {"rnnoise": _rnnoise, "webrtc": _webrtc, "speex": _speex}[name]()(_longer(sound))
            print(f"{name}: {find_delay(out, sound)} frames late, {delay} taken off ({identity(name)})")
        except Missing as e:
            print(e)


if __name__ == "__main__":
    main()
