"""What happens on a stage: pure functions that disturb a band's dry channels. All take and give (frames, channels) float32 at 48 kHz.

`who` are the 0-based channels of the source it happens to; `at` is the frame at which it begins. Times of the events are Script.ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tests.measures.loudness import RATE

Frames = np.ndarray
SOLO_S, PULLED_S, HUM_S = 8.0, 6.0, 5.0
HUM_DBFS, BANG = -30.0, 0.9
PLAYERS = ("electric_guitar", "brass_sax", "keys", "synth", "acoustic_guitar", "strings", "bass", "playback")
SINGERS = ("lead_vocal", "speech", "backing_vocal")
MICROPHONES = (*SINGERS, "brass_sax", "acoustic_guitar", "strings")
WIRED = ("electric_guitar", "keys", "bass", "synth", "acoustic_guitar", "playback")


def turned(x: Frames, who: Sequence[int], at: int, db: float, frames: int | None = None) -> Frames:
    """The source comes in `db` louder, for good or for so many frames; it changes within 300 ms, as when somebody moves."""
    curve = np.zeros(len(x))
    curve[at:None if frames is None else at + frames] = db
    ramp = round(0.3 * RATE)
    curve = np.convolve(np.concatenate([np.zeros(ramp - 1), curve]), np.full(ramp, 1 / ramp), "valid") if ramp < len(x) else curve
    out = x.copy()
    out[:, list(who)] *= (10 ** (curve / 20)).astype(np.float32)[:, None]
    return out


def leaves(x: Frames, who: Sequence[int], at: int) -> Frames:
    """Silence from then on, after 50 ms."""
    out = x.copy()
    out[:, list(who)] *= np.clip(1 - (np.arange(len(x)) - at) / (0.05 * RATE), 0, 1).astype(np.float32)[:, None]
    return out


def enters(x: Frames, who: Sequence[int], at: int) -> Frames:
    """Silence until then, and 50 ms to come in."""
    out = x.copy()
    out[:, list(who)] *= np.clip((np.arange(len(x)) - at) / (0.05 * RATE), 0, 1).astype(np.float32)[:, None]
    return out


def pulled(x: Frames, who: Sequence[int], at: int) -> Frames:
    """A cable: digital zero for 6 s, then plugged back with a bang of 200 ms."""
    out, back = x.copy(), at + round(PULLED_S * RATE)
    out[at:back, list(who)] = 0
    t = np.arange(max(min(round(0.2 * RATE), len(x) - back), 0)) / RATE
    bang = BANG * np.exp(-t / 0.05) * np.cos(2 * np.pi * 35 * t)
    out[back:back + len(t), list(who)] = np.clip(out[back:back + len(t), list(who)] + bang[:, None], -1, 1)
    return out


def humming(x: Frames, who: Sequence[int], at: int) -> Frames:
    """A comb of twelve harmonics of 50 Hz, -30 dBFS rms, on top for 5 s."""
    t = np.arange(max(min(round(HUM_S * RATE), len(x) - at), 0)) / RATE
    comb = np.sum([np.sin(2 * np.pi * 50 * n * t + n) / n for n in range(1, 13)], axis=0)
    comb *= 10 ** (HUM_DBFS / 20) / np.sqrt(np.sum([0.5 / n ** 2 for n in range(1, 13)]))
    out = x.copy()
    out[at:at + len(t), list(who)] += comb.astype(np.float32)[:, None]
    return out


@dataclass(frozen=True)
class Script:
    """`roles`: to whom it happens, the first that the song has; `ends`: seconds after its beginning when all is back, 0 for a change for good;
    `gone`: the source is no longer there, so the others are watched."""

    name: str
    apply: Callable[[Frames, Sequence[int], int], Frames]
    roles: tuple[str, ...]
    ends: float = 0.0
    gone: bool = False


SCRIPTS = {script.name: script for script in (
    Script("moved -8 dB", partial(turned, db=-8.0), MICROPHONES),
    Script("moved +8 dB", partial(turned, db=8.0), MICROPHONES),
    Script("solo +6 dB", partial(turned, db=6.0, frames=round(SOLO_S * RATE)), PLAYERS, ends=SOLO_S),
    Script("singer leaves", leaves, SINGERS, gone=True),
    Script("second singer", enters, ("backing_vocal",)),
    Script("cable pulled", pulled, WIRED, ends=PULLED_S),
    Script("hum burst", humming, WIRED, ends=HUM_S),
)}
