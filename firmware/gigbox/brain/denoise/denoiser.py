"""The denoising model: every hop, what the core heard of the strips goes in and fine band gains come out, for all
strips that want it in one invoke."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gigbox import params
from gigbox._core import ffi
from gigbox.brain import tflite
from gigbox.brain.arrays import Flags, Indices
from gigbox.brain.denoise.door import Door
from gigbox.brain.denoise.opening import Opening
from gigbox.rack import BANDS, BRIEF_BANDS, CHANNELS, FINE_BANDS, HOP, RATE, Floats, Rack

RELEASED = "denoise"
# What is heard, as numbers of about unit size: (mean, deviation) in dB of the fine bands, the 32 bands and the brief ones, all under the reference, and of
# the smoothed 32 over their tracked minimum. They belong to the model's contract: one trained anew is trained with these.
STANDARD = ((-35.0, 20.0), (-30.0, 20.0), (13.0, 14.0), (-30.0, 20.0))
CLIP = 5.0                                       # and no number is further from 0
WIDTHS = (FINE_BANDS, BANDS, BANDS, BRIEF_BANDS)
INPUTS = sum(WIDTHS) + 3                         # and three flags: a voice, an instrument, with look-ahead
# The reference: the loudest band of late, in dB, so that a gain before the box says nothing. It falls by so much a second, and no lower than this.
REFERENCE_FALLS, REFERENCE_LEAST = 6.0, -90.0
LEAST = 1e-3                                     # a gain is never below
VOICES = ("lead_vocal", "backing_vocal", "speech")
ANY = ("unused", "playback", "ambience")         # roles that say nothing about what is wanted
# Without look-ahead the filter is minimum phase: a mask turns the phase of what it leaves, in proportion to its dB. A shallower one is then nearer to the
# sound that was meant.
MINIMUM_PHASE_DEPTH = 0.8
HEAD = ffi.offsetof("gb_features", "energy") // 4                     # floats before the first part
ENERGY, SMOOTH, MINIMUM = (slice(n * BANDS, (n + 1) * BANDS) for n in range(3))          # its parts, one under another; then floor
BRIEF = slice(4 * BANDS, 4 * BANDS + BRIEF_BANDS)
FINE = slice(BRIEF.stop, BRIEF.stop + FINE_BANDS)

_MEAN = np.repeat([mean for mean, _ in STANDARD], WIDTHS).astype(np.float32)[:, None]
_SHARE = np.repeat([1 / deviation for _, deviation in STANDARD], WIDTHS).astype(np.float32)[:, None]


def _values(row: str, count: int) -> slice:
    """Where the first `count` values of a row of THE table lie."""
    return slice(params.FIRST[row], params.FIRST[row] + count)


# What the denoiser wants to know of the values: who cleans, with look-ahead or not, how far, what, and what else is taken from it.
ASKED = (_values("box/denoise", 1), _values("box/lookahead", 1), *(_values(f"strip/*/{row}", CHANNELS) for row in ("denoise/amount", "role", "bleed", "voice")))


def role_flags() -> npt.NDArray[np.float32]:
    """(roles, 2): voice, instrument; both 0 where the role does not tell."""
    return np.array([(role in VOICES, role not in VOICES + ANY) for role in params.ROLES], np.float32)


class Reference:
    """What the levels of each strip are measured by."""

    def __init__(self, channels: int = CHANNELS) -> None:
        self._level = np.full(channels, REFERENCE_LEAST, np.float32)

    def forget(self, strips: Indices) -> None:
        """These strips begin anew."""
        self._level[strips] = REFERENCE_LEAST

    def hear(self, loudest: Floats, strips: Indices) -> Floats:
        """One hop. loudest: (n,) dB of the loudest band of these n strips; returns (n,) dB."""
        fallen = np.maximum(self._level[strips] - np.float32(REFERENCE_FALLS * HOP / RATE), np.float32(REFERENCE_LEAST))
        self._level[strips] = np.maximum(loudest, fallen)
        return self._level[strips]


def standardise(heard: Floats, reference: Floats, flags: Flags | Floats) -> Floats:
    """A hop of features, (FINE.stop, n) dB, (n,) dB and (n, 3) flags to (n, INPUTS), within CLIP."""
    x = np.concatenate([heard[FINE] - reference, heard[ENERGY] - reference, heard[SMOOTH] - heard[MINIMUM], heard[BRIEF] - reference])
    x -= _MEAN
    x *= _SHARE
    return np.concatenate([np.clip(x, -CLIP, CLIP).T, flags], axis=1, dtype=np.float32)


@dataclass
class Masker:
    """A denoising model and its state for each of `channels` strips. Float models do as well; int8 is what the box ships."""

    path: Path
    channels: int = CHANNELS
    _model: tflite.Model = field(init=False, repr=False)

    def __post_init__(self) -> None:
        heard = {"fine": FINE_BANDS, "x": INPUTS - FINE_BANDS}
        self._model = tflite.Model(self.path, heard | {"h1": None, "h2": None}, {"gains": FINE_BANDS, "h1": None, "h2": None})
        self._model.check_fed_back("h1", "h2")
        self._states = {name: np.zeros((self.channels, self._model.width[name]), self._model.dtype[name]) for name in ("h1", "h2")}
        self._rest = {name: self._model.scale(name)[1] if self._model.is_int8(name) else 0 for name in self._states}
        self._logs = self._table()
        self.forget(np.arange(self.channels))

    def forget(self, strips: Indices) -> None:
        """These strips begin anew."""
        for name, state in self._states.items():
            state[strips] = self._rest[name]

    def log_gains(self, x: Floats, strips: Indices) -> Floats:
        """One hop. x: (n, INPUTS) as `standardise` gives it, of these n strips; returns (n, FINE_BANDS) natural logarithms of gains, LEAST to 1."""
        heard = {name: self._model.quantised(name, part) for name, part in (("fine", x[:, :FINE_BANDS]), ("x", x[:, FINE_BANDS:]))}
        out = self._model(**heard, h1=self._states["h1"][strips], h2=self._states["h2"][strips])
        for name, state in self._states.items():
            state[strips] = out[name]
        root = out["gains"]
        return self._logs[root.view(np.uint8)] if root.dtype == np.int8 else _log_squares(root)

    def _table(self) -> Floats:
        """The model says square roots of gains; of an int8 model there are 256."""
        scale, zero = self._model.scale("gains")
        return _log_squares(scale * (np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float32) - zero))


def _log_squares(roots: Floats) -> Floats:
    return np.asarray(np.log(np.clip(np.square(roots), LEAST, 1)), np.float32)


class Denoiser:
    """The denoising model as a mask of the door; `hear` is the door with nothing else in it."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another model than the released one. ModelError, MachineError where it cannot run."""
        self._masker = Masker(path or tflite.find(RELEASED))
        self._reference, self._opening = Reference(), Opening()
        self._flags = role_flags()
        self._gains = np.ones((FINE_BANDS, CHANNELS), np.float32)
        self._asked: tuple[bytes, ...] = ()
        self._roles, self._now_flags, self._depth = np.zeros(CHANNELS, int), np.zeros((0, 3), np.float32), 1.0
        self._strips = np.zeros(0, np.intp)
        self._least = np.zeros(0, np.float32)
        self.hear = Door(self).hear

    def gains(self, rack: Rack, values: Floats, newest: Any, began_anew: bool) -> Floats | None:
        """None where no strip wants it."""
        self._look_at_strips(rack, values, began_anew=began_anew)
        if not len(self._strips):
            return None
        heard = np.frombuffer(ffi.buffer(newest), np.float32)[HEAD:].reshape(-1, CHANNELS)[:, self._strips]
        loudest = heard[ENERGY].max(axis=0)
        self._forget(self._opening.hear(loudest, heard[SMOOTH], self._strips))
        heard[MINIMUM] = self._opening.minimum(heard[MINIMUM], heard[SMOOTH], self._strips)
        x = standardise(heard, self._reference.hear(loudest, self._strips), self._now_flags)
        share = np.float32(self._depth) * self._opening.share(self._strips)
        self._gains[:, self._strips] = np.maximum(np.exp(self._masker.log_gains(x, self._strips).T * share), self._least)
        return self._gains

    def _look_at_strips(self, rack: Rack, values: Floats, *, began_anew: bool) -> None:
        """Which strips want it, and what they carry: one that is new, or carries something else, is a stranger."""
        asked = tuple(values[part].tobytes() for part in ASKED)
        if asked == self._asked and not began_anew:
            return
        self._asked = asked
        _, lookahead, amounts, roles, bleed, voice = (values[part] for part in ASKED)
        roles = roles.astype(int)
        strips = rack.cleaned_by_model()
        strangers = strips[~np.isin(strips, self._strips) | (roles[strips] != self._roles[strips]) | began_anew]
        if len(strangers):
            self._forget(strangers)
            self._opening.forget(strangers)
        self._gains[:, np.setdiff1d(self._strips, strips)] = 1
        ahead = bool(lookahead > 0)
        self._strips, self._roles = strips, roles
        # the core holds the product of all masks to the sum of what they may take: of such a strip each keeps to its own share
        self._least = np.where((bleed != 0) | (voice != 0), 10 ** (-amounts / 20), 0)[strips].astype(np.float32)
        self._now_flags = np.concatenate([self._flags[roles[strips]], np.full((len(strips), 1), ahead, np.float32)], axis=1)
        self._depth = 1.0 if ahead else MINIMUM_PHASE_DEPTH

    def _forget(self, strips: Indices) -> None:
        if len(strips):
            self._masker.forget(strips)
            self._reference.forget(strips)
