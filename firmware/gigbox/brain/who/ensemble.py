"""What each strip carries, given what its name says and who else is on stage: the recogniser hears one strip at a time, a band is more than that.

Shares are weighed twice by what all other strips are taken for (a mean-field step), since a second bass is rarer than a first one, a whole kit is
rarely on one strip when its drums have their own, and a band in which nobody sings is rare. The weights are of odds, chosen from input lists, not fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.who.names import Guess
from gigbox.brain.who.recogniser import CLASSES, PAIRS, THRESHOLD, Verdict
from gigbox.brain.who.voices import SINGING, TALKING

CLASS_OF = {"lead_vocal": SINGING, "backing_vocal": SINGING}     # others are called as the role is
HINT = 10.0                    # a word that means something else as well makes what it says so much likelier
ELSEWHERE = 0.5                # and nothing that others say makes sure of what was heard with less than this; nor of a voice, who might lead
SINGLES = ("kick", "snare", "tom")
KIT_APART, DRUM_APART = 0.2, 0.5      # a whole kit on one strip, where two single drums have theirs; and a single drum, where a strip has the whole kit
OVERHEAD = 3.0                 # an overhead, where two single drums have strips and none has an overhead
SECOND = {"bass": 0.2, "kick": 0.1}      # for each that there is already, of what is all its own: one that comes by two ways is explained by the other
RECORDED = 0.2                 # music from a machine, where a band plays: that is rather what leaks in of all of it
LEAKS = 0.02                   # and all the more, the more of it the others explain
OVER_ALL = 0.9                 # of its own: what has less, and sounds like a recording, may be the microphone over a kit, which hears everybody,
OWN = 0.5                      # and what has less of its own than this is rather bleed
SUNG, BAND = 4.0, 3.0          # somebody sings, where so many others play and nobody else does
SPOKEN = 5.0                   # somebody talks, where others have voices and nobody plays
ROUNDS = 2
BECAUSE = {"drums": "single drums have strips", "hihat_overhead": "single drums have strips", "bass": "a bass has a strip", "kick": "a kick has a strip",
           "playback": "a band plays", SINGING: "nobody else sings", TALKING: "nobody plays", **dict.fromkeys(("snare", "tom"), "a strip has the whole kit")}


def weigh(verdicts: Sequence[Verdict], told: Mapping[int, str], guesses: Mapping[int, Guess], own: Array) -> list[Verdict]:
    """Of each strip, all considered. `told`: roles that are certain, by 1-based strip; `guesses`: what other strips' names say; `own`: of what
    each hears, the share that the others do not explain."""
    if all(n in told for n in range(1, len(verdicts) + 1)):
        return list(verdicts)
    heard = np.stack([_shares(verdict) for verdict in verdicts]) if verdicts else np.zeros((0, len(CLASSES)))
    for n, role in told.items():
        if n <= len(heard):
            heard[n - 1] = _only({role})
    named = np.stack([_named(guesses.get(n)) for n in range(1, len(verdicts) + 1)]) if verdicts else heard
    begin = _normal(_over_all(heard, own) * named)
    shares, weights = begin, np.ones_like(begin)
    for _ in range(ROUNDS):
        weights = _weights(shares.sum(axis=0) - shares, own)
        weights[:, CLASSES.index("playback")] *= LEAKS ** (1 - own)
        shares = _normal(begin * weights)
    return [verdict if n in told else _verdict(verdict, before, after, weight, guesses.get(n))
            for n, (verdict, before, after, weight) in enumerate(zip(verdicts, begin, shares, weights, strict=True), 1)]


def _over_all(heard: Array, own: Array) -> Array:
    """Where single drums have strips and no overhead has one: what the others explain of a recording of everybody is rather that."""
    others = heard.sum(axis=0) - heard
    over, music = CLASSES.index("hihat_overhead"), CLASSES.index("playback")
    singles = np.minimum(others[:, [CLASSES.index(name) for name in SINGLES]].sum(axis=1) / 2, 1.0)
    moved = heard[:, music] * singles * np.maximum(1 - others[:, over], 0.0) * np.where(own >= OWN, np.maximum(OVER_ALL - own, 0.0), 0.0)
    found = heard.copy()
    found[:, over] += moved
    found[:, music] -= moved
    return found


def _shares(verdict: Verdict) -> Array:
    """(classes,) that sum to 1; zeros where nothing was heard. What is not among the best shares what is left."""
    known = dict(verdict.top)
    if not verdict.seconds or not known:
        return np.zeros(len(CLASSES))
    rest = max(1 - sum(known.values()), 0.0) / max(len(CLASSES) - len(known), 1)
    return np.array([known.get(name, rest) for name in CLASSES])


def _named(guess: Guess | None) -> Array:
    """What a name makes of the shares: a kind leaves but its own, a hint makes one likelier."""
    if guess is None:
        return np.ones(len(CLASSES))
    return np.where(_only({guess.role}) > 0, HINT, 1.0) if guess.hint else _only(guess.roles)


def _only(roles: frozenset[str] | set[str]) -> Array:
    """1 for the classes of these roles; a voice may also talk."""
    classes = {CLASS_OF.get(role, role) for role in roles}
    return np.array([float(name in classes or (name == TALKING and SINGING in classes)) for name in CLASSES])


def _weights(others: Array, own: Array) -> Array:
    """(strips, classes), of how many of each class all others are taken for, and how much of each strip is its own."""
    of = dict(zip(CLASSES, others.T, strict=True))
    weight = {name: np.ones(len(others)) for name in CLASSES}
    for name, second in SECOND.items():
        weight[name] = second ** (own * of[name])
    singles, kit = np.minimum(sum(of[name] for name in SINGLES) / 2, 1.0), np.minimum(of["drums"], 1.0)
    weight["drums"] = weight["drums"] * KIT_APART ** singles
    for name in SINGLES:
        weight[name] = weight[name] * DRUM_APART ** kit
    weight["hihat_overhead"] = OVERHEAD ** (singles * np.maximum(1 - of["hihat_overhead"], 0.0))
    playing = others.sum(axis=1) - of["silence_noise"] - of["playback"]
    weight["playback"] = RECORDED ** np.minimum(playing / BAND, 1.0)
    voices = of[SINGING] + of[TALKING]
    weight[TALKING] = SPOKEN ** (np.minimum(voices, 1.0) * np.maximum(1 - (playing - voices) - of["playback"], 0.0))
    weight[SINGING] = SUNG ** (np.maximum(1 - voices, 0.0) * np.clip(playing - BAND + 1, 0.0, 1.0))
    return np.stack([weight[name] for name in CLASSES], axis=1)


def _normal(shares: Array) -> Array:
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def _verdict(verdict: Verdict, begin: Array, shares: Array, weights: Array, guess: Guess | None) -> Verdict:
    """The verdict with these shares; what a name leaves no choice of is certain even unheard."""
    if not shares.sum() > 0.5:
        return verdict if guess is None else replace(verdict, top=((CLASS_OF.get(guess.role, guess.role), 0.5),))
    order = np.argsort(-shares, kind="stable")[:3]
    best, before = CLASSES[order[0]], CLASSES[int(np.argmax(begin))]
    pair = next((pair for pair in PAIRS if best in pair), (best,))
    sure, alone = (float(sum(of[CLASSES.index(name)] for name in pair)) for of in (shares, begin))
    name = best if sure >= THRESHOLD and alone >= (THRESHOLD if best == SINGING else ELSEWHERE) else ""
    why = "" if best == before else f"alone it would be {before.replace('_', ' ')} ({begin.max():.0%}), but {_because(before, best, weights)}"
    return Verdict(name, sure, tuple((CLASSES[k], float(shares[k])) for k in order), verdict.seconds, why)


def _because(before: str, best: str, weights: Array) -> str:
    """What of the others has made the difference."""
    down, up = 1 / weights[CLASSES.index(before)], weights[CLASSES.index(best)]
    return BECAUSE.get(before if down >= up else best, "others are on stage")
