"""Hum that stands still: the same mains frequency and the same levels, look after look, also while the source is silent. Notes do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.hear.mains import LEAST_HARMONICS, Comb, Look, at_harmonics

KEPT, LONG = 16, 14                      # looks that are remembered, and what is long among them
CUT = 8                                  # notches that a strip has
STEADY_DB, STEADY_HZ = 4.0, 0.06         # a look may be so far under the usual level, and so far from the usual frequency
LOUD_DB = -30.0                          # dBFS: hum as loud as this is rather a drone
LOW_ROLES = {"bass", "kick", "drums", "tom"}
LONG_ROLES = {"keys", "synth", "strings", "brass_sax", "playback"}


def levels(looks: Sequence[Look], hz: float) -> Array:
    """(HARMONICS,) dBFS: the usual level of what lies at the harmonics of `hz`, whatever it is."""
    return np.asarray(np.median([at_harmonics(look.spectrum, hz) for look in looks], axis=0))


def steady_comb(looks: Sequence[Look], needed: int) -> Comb | None:
    """The comb that was heard in `needed` looks with hardly a change of frequency, and whose harmonics never fell; None if there is none."""
    combs = [look.comb for look in looks if look.comb is not None]
    if len(looks) < needed or len(combs) < max(3, needed * 2 // 3):
        return None
    hz = float(np.median([comb.hz for comb in combs]))
    near = [comb for comb in combs if abs(comb.hz - hz) < STEADY_HZ]
    if len(near) < max(3, needed * 2 // 3):
        return None
    usual = levels(looks, hz)
    fell = np.min([at_harmonics(look.spectrum, hz) for look in looks], axis=0) < usual - STEADY_DB
    rose = np.median([np.abs(at_harmonics(look.spectrum, hz) - usual) for look in looks], axis=0) > STEADY_DB / 2
    stands = (np.mean([comb.stands for comb in near], axis=0) >= 0.5) & ~fell & ~rose
    return Comb(hz, stands) if np.count_nonzero(stands) >= LEAST_HARMONICS and stands[:CUT].any() else None


def certain_comb(role: str, heard: Iterable[Look], known: bool = False) -> tuple[list[Look], Comb | None]:
    """The hum of a source, if there is some beyond doubt, and the looks that agree on it. `heard`: its last KEPT looks; `known`: others hum there, too."""
    every = list(heard)
    needed = _needed(role, every, known)
    looks = every[-needed:]
    steady = steady_comb(looks, needed)
    return looks, steady if steady is not None and _certain(role, every, looks, steady) else None


def stands_out(looks: Sequence[Look], comb: Comb) -> float:
    """dB of the strongest steady harmonic that can be cut over the quietest that was heard around it."""
    quiet = np.min([at_harmonics(look.floor, comb.hz) for look in looks], axis=0)
    return float((levels(looks, comb.hz) - quiet)[comb.stands][: max(1, int(comb.stands[:CUT].sum()))].max())


def _needed(role: str, looks: Sequence[Look], known: bool) -> int:
    """How many looks in a row must agree: fewer where the source is silent meanwhile, or other channels hum at the same frequency."""
    silent = all(look.alone for look in looks[-3:])
    usual = 8 if silent else 14
    count = usual if role in LOW_ROLES | LONG_ROLES else 3 if silent else 6
    return max(3, count - 2 * known)


def _certain(role: str, every: Sequence[Look], looks: Sequence[Look], comb: Comb) -> bool:
    """Beyond steadiness: a low instrument must be silent meanwhile and the comb long; a comb of even harmonics alone could be a note, and
    so could one that is loud: it must have stayed for long, while something else came or went."""
    if role in LOW_ROLES and (np.count_nonzero(comb.stands) < 6 or not all(look.alone for look in looks)):
        return False
    loud = 10 * np.log10(np.sum(10 ** (levels(looks, comb.hz) / 10)[comb.stands])) > LOUD_DB
    if not loud and comb.stands[::2].any():
        return True
    long = every[-LONG:]
    return steady_comb(long, LONG) is not None and (not loud or len({look.alone for look in long}) == 2)
