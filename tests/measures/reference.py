"""How near a mix comes to a mix that people made of the same song: [reference] file = "..." in song.toml.

Both are brought to the same loudness first. Compared over the last whole pass of the song:
  bands      rms distance of ten octave levels, dB          contour   correlation and rms distance of the loudness over 3 s, LU
  spectra    log-spectral distance of ERB bands, 43 ms apart, dB, mean over time
  gains      rms distance of the parts' gains from those that the reference implies, dB, both about their mean
Octaves that the reference lacks (50 dB under its loudest: a lossy copy) are left out.
The reference's gains: its power in each ERB band and moment as a sum of the parts' powers, each times one gain (least squares, not below
zero, every band weighing alike). Powers, not waves: a master is not in phase with its stems. A part counts whose gain is
certain to 1 dB (standard error); if fewer than three do, or the parts are too alike (condition number over 30), none is given.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr
from scipy.optimize import nnls

from tests.measures.loudness import HOP, RATE, TINY, decibels, integrated, k_power, windowed
from tests.measures.places import lead_role, singing
from tests.measures.spectrum import erb_powers, octave_levels
from tests.measures.systems import Material, Mixed

LOW, HIGH = 40.0, 10000.0
WORST_CONDITION, SURE_DB, LACKING_DB = 30.0, 1.0, 50.0
COARSE = 4096      # frames between the spectra from which gains are implied


@dataclass(frozen=True)
class Nearness:
    bands_db: float
    contour: float
    contour_lu: float
    spectra_db: float
    gains_db: float


@dataclass(frozen=True)
class Implied:
    """Gains of the reference on the dry parts, dB; NaN where not certain. `lar`: dB, while the lead sings; `explained`: a share."""

    gains: np.ndarray
    condition: float
    explained: float
    lar: float


def read_reference(material: Material) -> np.ndarray | None:
    """The human mix, (frames, 2) at 48 kHz, or None if the song has none."""
    manifest = material.song.folder / "song.toml"
    entry = tomllib.loads(manifest.read_text("utf-8")).get("reference") if manifest.exists() else None
    if entry is None:
        return None
    sound, rate = soundfile.read(material.song.folder / entry["file"], dtype="float32", always_2d=True)
    sound = soxr.resample(sound, rate, RATE, quality="VHQ") if rate != RATE else sound
    return np.asarray(np.repeat(sound, 2, axis=1)[:, :2] if sound.shape[1] == 1 else sound[:, :2])


def last_pass(material: Material, frames: int) -> slice:
    """Where the song begins for the last time and is heard to the end of the reference's `frames`."""
    whole = min(material.one_pass, frames)
    start = max((len(material.dry) - whole) // material.one_pass, 0) * material.one_pass
    return slice(start, start + whole)


def nearness(material: Material, mixed: Mixed, reference: np.ndarray, implied: Implied) -> Nearness:
    where = last_pass(material, len(reference))
    mix, human = mixed.mix[where], reference[: where.stop - where.start]
    powers = [k_power(x) for x in (mix, human)]
    louder = integrated(powers[0]) - integrated(powers[1])
    theirs = octave_levels(human)
    bands = (octave_levels(mix) - theirs - louder)[theirs > theirs.max() - LACKING_DB]
    contours = [windowed(p, 30)[30:] for p in powers]
    apart = contours[0] - contours[1] - louder
    ours, theirs = (erb_powers(x, LOW, HIGH) for x in (mix, human))
    floor = np.percentile(theirs, 99) * 1e-6
    distance = decibels(np.maximum(ours / 10 ** (louder / 10), floor)) - decibels(np.maximum(theirs, floor))
    return Nearness(float(np.sqrt(np.mean(bands ** 2))), float(np.corrcoef(*contours)[0, 1]), float(np.sqrt(np.mean(apart ** 2))),
                    float(np.sqrt((distance ** 2).mean(axis=1)).mean()), _gain_distance(material, mixed, where, implied))


def imply(material: Material, reference: np.ndarray) -> Implied:
    where = last_pass(material, len(reference))
    human = erb_powers(reference[: where.stop - where.start], LOW, HIGH, COARSE)
    weight = np.broadcast_to(1 / (human.mean(axis=0) + TINY), human.shape).ravel()
    dry = np.stack([erb_powers(material.dry[where][:, list(p.channels)], LOW, HIGH, COARSE).ravel() for p in material.parts], axis=1)
    a, y = dry * weight[:, None], human.ravel() * weight
    size = np.linalg.norm(a, axis=0) + 1e-30
    a /= size
    x, rest = nnls(a, y)
    errors = np.sqrt(rest ** 2 / max(len(y) - len(x), 1) * np.diag(np.linalg.pinv(a.T @ a)))
    sure = (x > 0) & (4.34 * errors < SURE_DB * np.maximum(x, 1e-30))
    gains = np.where(sure, decibels(x / size), np.nan)
    condition = float(np.linalg.cond(a))
    power = material.powers[singing(material.roles, material.on)].sum(axis=0) * x / size
    lead = np.array([role == lead_role(material.roles) for role in material.roles])
    lar = float(decibels(power[lead].sum()) - decibels(power[~lead].sum())) if lead.any() else float("nan")
    usable = condition <= WORST_CONDITION and sure.sum() >= 3
    return Implied(gains if usable else np.full(len(x), np.nan), condition, float(1 - rest ** 2 / (y @ y)), lar)


def _gain_distance(material: Material, mixed: Mixed, where: slice, implied: Implied) -> float:
    """From the energy that each part has in the mix and comes in with."""
    ticks = slice(where.start // HOP, where.stop // HOP)
    with np.errstate(divide="ignore", invalid="ignore"):
        ours = 10 * np.log10(mixed.powers[ticks].sum(axis=0) / material.powers[ticks].sum(axis=0))
    apart = (ours - implied.gains)[np.isfinite(implied.gains) & np.isfinite(ours)]
    return float(np.sqrt(np.mean((apart - apart.mean()) ** 2))) if len(apart) else float("nan")
