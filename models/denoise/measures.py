"""What a denoiser is judged by. Sounds are (frames,) float32 at 48 kHz; levels are dB re full scale.

PESQ, STOI and DNSMOS come from packages that only an evaluation needs (requirements-eval.txt); they are imported when first asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr
from scipy import signal

RATE, VOICE_RATE = 48000, 16000
BLOCK = 480                    # frames a level is taken over: 10 ms
BELOW = 35.0                   # dB under the loudest block where a sound no longer counts as active
MOST = 100.0                   # dB: what "the same" is written as

Sound = npt.NDArray[np.float32]


def active(sound: Sound) -> npt.NDArray[np.bool_]:
    """(frames,): in blocks less than BELOW dB under the loudest one. The last, broken block belongs to the one before."""
    power = _powers(sound)
    on = (power > power.max(initial=0.0) * 10 ** (-BELOW / 10)) & (power > 1e-12)
    frames = np.repeat(on, BLOCK)[: len(sound)]
    return np.pad(frames, (0, len(sound) - len(frames)), mode="edge") if len(frames) else np.zeros(len(sound), bool)


def active_level(sound: Sound) -> float:
    """dB of the mean power where it is active; -120 for silence. A plain cousin of ITU-T P.56."""
    on = active(sound)
    return decibels(float(np.mean(np.square(sound[on], dtype=np.float64)))) if on.any() else -120.0


def snr(wanted: Sound, unwanted: Sound) -> float:
    """dB between the active levels of two sounds: pauses of either count for nothing."""
    return active_level(wanted) - active_level(unwanted)


def si_sdr(estimate: Sound, reference: Sound) -> float:
    """Scale-invariant signal-to-distortion ratio in dB of zero-mean signals, within +-MOST (Le Roux et al., "SDR - half-baked or well done?", 2019).

    Silence holds nothing of the reference: -MOST.
    """
    s = np.asarray(reference, np.float64) - np.mean(reference, dtype=np.float64)
    e = np.asarray(estimate, np.float64) - np.mean(estimate, dtype=np.float64)
    target = (e @ s) / max(float(s @ s), 1e-20) * s
    rest = e - target
    if not target.any():
        return -MOST
    return float(np.clip(decibels(float(target @ target)) - decibels(float(rest @ rest)), -MOST, MOST))


def level_change(output: Sound, clean: Sound) -> float:
    """dB that the energy has changed by where `clean` is active."""
    on = active(clean)
    return decibels(_energy(output[on])) - decibels(_energy(clean[on]))


def attenuation(noise: Sound, output: Sound) -> float:
    """dB that noise alone is taken down by, over its whole length: how quickly the denoiser settles counts too."""
    return float(min(decibels(_energy(noise)) - decibels(_energy(output)), MOST))


def find_delay(late: Sound, sound: Sound, most: float = 0.12) -> int:
    """Frames (0 to `most` seconds) that `late` is behind `sound`: the peak of the cross-correlation (Knapp and Carter 1976, unweighted)."""
    n = min(len(late), len(sound))
    scores = signal.correlate(np.asarray(late[:n], np.float64), np.asarray(sound[:n], np.float64), mode="full", method="fft")
    return int(np.argmax(scores[n - 1: n + int(most * RATE)]))


def advance(late: Sound, frames: int, length: int) -> Sound:
    """(length,): `late` without its first `frames`; silence where it ends too soon."""
    kept = late[frames:frames + length]
    return np.pad(np.asarray(kept, np.float32), (0, length - len(kept)))


def pesq_wb(output: Sound, clean: Sound) -> float:
    """1.0 to 4.64 (ITU-T P.862.2, package pesq); NaN where it finds no utterance."""
    pesq, errors = _pesq()
    try:
        return float(pesq(VOICE_RATE, _voice(clean), _voice(output), "wb"))
    except errors:
        return float("nan")


def stoi(output: Sound, clean: Sound) -> float:
    """0 to 1 (Taal et al. 2011, package pystoi)."""
    from pystoi import stoi as measure
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")        # of too little speech: it says 1e-5 then
        return float(measure(_voice(clean), _voice(output), VOICE_RATE))


def dnsmos(output: Sound) -> dict[str, float]:
    """`sig`, `bak`, `ovrl`, 1 to 5 (DNSMOS P.835, Reddy et al. 2022), of the first 9.01 s of the sound repeated; NaN where it is not installed."""
    judge = _dnsmos()
    return judge(_voice(output)) if judge else dict.fromkeys(("sig", "bak", "ovrl"), float("nan"))


def decibels(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-20)))


def _powers(sound: Sound) -> npt.NDArray[np.float64]:
    return np.square(sound[: len(sound) // BLOCK * BLOCK], dtype=np.float64).reshape(-1, BLOCK).mean(axis=1)


def _energy(sound: Sound) -> float:
    return float(np.sum(np.square(sound, dtype=np.float64)))


def _voice(sound: Sound) -> Sound:
    return np.asarray(soxr.resample(sound, RATE, VOICE_RATE), np.float32)


@lru_cache(maxsize=1)
def _pesq() -> tuple[Callable[..., float], type[Exception]]:
    from pesq import PesqError, pesq
    return pesq, PesqError


@lru_cache(maxsize=1)
def _dnsmos() -> Callable[[Sound], dict[str, float]] | None:
    """The model file that the package speechmos ships, on one thread, with the calibration polynomials of the P.835 release."""
    package = find_spec("speechmos")
    if package is None or not package.submodule_search_locations or find_spec("onnxruntime") is None:
        return None
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = Path(package.submodule_search_locations[0], "dnsmos_models", "sig_bak_ovr.onnx")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    curves = {"sig": (-0.08397278, 1.22083953, 0.0052439), "bak": (-0.13166888, 1.60915514, -0.39604546), "ovrl": (-0.06766283, 1.11546468, 0.04602535)}

    def judge(sound: Sound) -> dict[str, float]:
        heard = np.clip(np.resize(sound, int(9.01 * VOICE_RATE)), -1, 1).astype(np.float32)
        raw = session.run(None, {"input_1": heard[None]})[0][0]
        return {name: float(np.polyval(curve, value)) for (name, curve), value in zip(curves.items(), raw, strict=True)}

    return judge
