"""Where each role belongs in loudness: the table of offsets, and the one trim that puts the whole band against the voice.

LAR is the lead-to-accompaniment ratio: energy of the lead vocals over energy of all else, K-weighted, while they sing. Its goals by style
follow the signs that Gerdes and Siedenburg measured (2023); the numbers are those of styles.toml.
The offsets are kept apart from the brain's table on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gigbox.brain.roles.roles import STYLES
from gigbox.engine.song import Song
from tests.measures.loudness import decibels

LATE = 200      # ticks: what comes before 20 s is soundcheck
OFFSETS = {"lead_vocal": 0, "backing_vocal": -4, "speech": 2, "kick": -4, "snare": -4, "tom": -7, "hihat_overhead": -8, "drums": -2, "bass": -3,
           "electric_guitar": -5, "acoustic_guitar": -5, "keys": -6, "synth": -7, "strings": -7, "brass_sax": -5, "playback": -3, "ambience": -15}
LAR = {name: style.lead for name, style in STYLES.items()}
SPEECH_LAR = (2.0, 14.0)      # speech over a music bed: 2 LU over it as it plays, and up to 12 dB more where the bed gives way


@dataclass(frozen=True)
class Part:
    """One thing that sounds: its role, and the 0-based channels it comes in on (two for a stereo source)."""

    role: str
    channels: tuple[int, ...]


def parts(song: Song) -> list[Part]:
    """Every part of a song, in its order, with the role that song.toml says."""
    tracks = song.tracks
    return [Part(t.role, (n, n + 1) if t.pair else (n,)) for n, t in enumerate(tracks) if not (n and tracks[n - 1].pair)]


def singing(roles: Sequence[str], on: np.ndarray) -> np.ndarray:
    """(ticks,): a lead vocal sings and nobody speaks; where the song has no lead vocal, somebody speaks. `on`: (ticks, parts)."""
    lead, speech = (on[:, [r == role for r in roles]].any(axis=1) for role in ("lead_vocal", "speech"))
    return lead & ~speech if "lead_vocal" in roles else speech


def lead_role(roles: Sequence[str]) -> str | None:
    """Who is in front: the lead vocals, or else speech, or nobody."""
    return next((role for role in ("lead_vocal", "speech") if role in roles), None)


def common_trim(roles: Sequence[str], on: np.ndarray, powers: np.ndarray, lar: float) -> float:
    """b of T = o + b, dB: what all that accompanies is moved by, so that the parts at their places make this LAR while the lead sings.

    B, where the offsets alone would put the band, is what is heard of it then: a part that plays in a tenth of the singing, or ten dB
    more softly than elsewhere, counts a tenth. So the LAR that is measured is the goal when every part sits at its place.
    `powers`: K-weighted, before the faders, (ticks, parts) as `on`.
    """
    times = singing(roles, on)
    late = times & (np.arange(len(on)) >= LATE)
    times = late if late.any() else times
    if "lead_vocal" not in roles or not times.any():
        return 0.0
    heard = {True: 0.0, False: 0.0}
    for role, playing, power in zip(roles, on.T, powers.T, strict=True):
        if role in OFFSETS and role != "speech" and playing.any():
            heard[role == "lead_vocal"] += 10 ** (OFFSETS[role] / 10) * power[times].mean() / power[playing].mean()
    return float(decibels(heard[True]) - lar - decibels(heard[False])) if heard[False] else 0.0


def common_trim_by_then(roles: Sequence[str], on: np.ndarray, powers: np.ndarray, lar: float) -> np.ndarray:
    """(ticks,): b as it could be known at each moment, from what was heard until then; NaN before anybody sang. Where a song's loudest verse is its last
    the b of the whole song, common_trim, is hindsight: no engineer hears what has not been played."""
    times = singing(roles, on)
    if "lead_vocal" not in roles or not times.any():
        return np.zeros(len(on))
    heard = {True: np.zeros(len(on)), False: np.zeros(len(on))}
    for role, playing, power in zip(roles, on.T, powers.T, strict=True):
        if role in OFFSETS and role != "speech" and playing.any():
            heard[role == "lead_vocal"] += 10 ** (OFFSETS[role] / 10) * _mean_by_then(power, times) / np.maximum(_mean_by_then(power, playing), 1e-12)
    b = decibels(np.maximum(heard[True], 1e-12)) - lar - decibels(np.maximum(heard[False], 1e-12))
    return np.where((heard[True] > 0) & (heard[False] > 0), b, np.nan)


def _mean_by_then(power: np.ndarray, when: np.ndarray) -> np.ndarray:
    """The mean of `power` over all of `when` so far, 0 before any."""
    return np.cumsum(power * when) / np.maximum(np.cumsum(when), 1)


def wanted(roles: Sequence[str], b: float) -> np.ndarray:
    """T of each part against the lead, LU; NaN for what has no place: unused ones, and speech where it is in front itself."""
    lonely = "lead_vocal" not in roles
    return np.array([np.nan if r not in OFFSETS or (r == "speech" and lonely) else OFFSETS[r] + b * (r not in ("lead_vocal", "speech")) for r in roles])


def wanted_by_then(roles: Sequence[str], b: np.ndarray) -> np.ndarray:
    """(ticks, parts): T of each part with the b of each moment."""
    return np.stack([wanted(roles, float(db)) for db in b])
