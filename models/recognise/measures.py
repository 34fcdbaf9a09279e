"""What recordings are taken for, source by source: top 1, top 3, confusions, and what a threshold of confidence makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gigbox.brain.who.recogniser import BANDS, CLASSES, FRAME_S, FRAMES, Evidence
from gigbox.rack import FLOAT_DB
from models.recognise.data import LOWEST_DB, STEP_DB, Entry, Pool

Array = npt.NDArray[np.float32]
EVERY = round(1 / FRAME_S)          # frames from look to look
SOON = 3                            # looks, so seconds of playing, after which a channel should be known
# The fourteen classes that people ask for: a voice is a voice, and an overhead hears the whole kit.
MERGED = {"singing": "vocal", "speech": "vocal", "drums": "hihat_overhead"}
FOURTEEN = tuple(sorted({MERGED.get(name, name) for name in CLASSES}))
MERGE = np.array([[MERGED.get(name, name) == other for other in FOURTEEN] for name in CLASSES], np.float32)


@dataclass(frozen=True)
class Heard:
    """A recording that nobody had heard. `after`: (seconds, classes) what the box would say after each second; `looks`: (n, classes) log-probabilities
    of the single looks that are full of it."""

    kind: str
    source: str
    name: str
    after: Array
    looks: Array


def looks(pool: Pool, entry: Entry) -> Array:
    """(seconds, FRAMES, BANDS) dB: at the end of each second, the first ones with silence before."""
    rows = pool.frames[entry.start:entry.start + entry.count].astype(np.float32) * np.float32(STEP_DB) + np.float32(LOWEST_DB)
    rows = np.concatenate([np.full((FRAMES - EVERY, BANDS), FLOAT_DB, np.float32), rows])
    return np.stack([rows[at:at + FRAMES] for at in range(0, len(rows) - FRAMES + 1, EVERY)])


def hear(pool: Pool, entries: Sequence[Entry], look: Callable[[Array], Array]) -> list[Heard]:
    """`look`: (looks, FRAMES, BANDS) dB to log-probabilities, as brain.who.recogniser.Namer does it."""
    found = []
    for entry in entries:
        heard, evidence, after = looks(pool, entry), Evidence(), []
        logs = look(heard)
        for one, window in zip(logs, heard, strict=True):
            evidence.take(one, window.max(axis=1))
            after.append(evidence.shares())
        loudest = heard[SOON - 1:].max(axis=(1, 2), initial=FLOAT_DB)
        plays = loudest > loudest.max(initial=FLOAT_DB) - 30
        found.append(Heard(entry.kind, entry.source, entry.name, np.asarray(after, np.float32), logs[SOON - 1:][plays]))
    return found


def single_looks(h: Heard) -> Array:
    """(n, classes) probabilities of each look alone."""
    return np.asarray(np.exp(h.looks), np.float32)


def soon(h: Heard) -> Array:
    """(1, classes) of the box after SOON seconds."""
    return h.after[min(SOON, len(h.after)) - 1:][:1]


def at_last(h: Heard) -> Array:
    """(1, classes) of the box at the end."""
    return h.after[-1:]


@dataclass(frozen=True)
class Figures:
    """Each source of a class counts alike, and each class alike. `by_class`: top 1 and top 3; `confusion`: (n, n) shares, rows what it is."""

    classes: tuple[str, ...]
    top1: float
    top3: float
    by_class: dict[str, tuple[float, float]]
    confusion: Array


def figures(found: Sequence[Heard], answers: Callable[[Heard], Array] = single_looks, *, merged: bool = True) -> Figures:
    """`merged`: over FOURTEEN, else over CLASSES."""
    classes, merge = (FOURTEEN, MERGE) if merged else (CLASSES, np.eye(len(CLASSES), dtype=np.float32))
    by_class, confusion = {}, np.zeros((len(classes), len(classes)), np.float32)
    for k, kind in enumerate(classes):
        sources: dict[str, list[Array]] = {}
        for h in found:
            if (MERGED.get(h.kind, h.kind) if merged else h.kind) == kind and len(answers(h)):
                sources.setdefault(h.source, []).append(answers(h) @ merge)
        if not sources:
            continue
        shares, top3 = [], []
        for parts in sources.values():
            order = np.argsort(-np.concatenate(parts), axis=1)
            shares.append(np.bincount(order[:, 0], minlength=len(classes)) / len(order))
            top3.append(float((order[:, :3] == k).any(axis=1).mean()))
        confusion[k] = np.mean(shares, axis=0)
        by_class[kind] = (float(confusion[k, k]), float(np.mean(top3)))
    values = np.array(list(by_class.values()))
    return Figures(classes, float(values[:, 0].mean()), float(values[:, 1].mean()), by_class, confusion)


def by_source(found: Sequence[Heard]) -> str:
    """Top 1 of single looks of each source in each class, and what else it is taken for."""
    parts: dict[tuple[str, str], list[Array]] = {}
    for h in found:
        if len(h.looks):
            parts.setdefault((MERGED.get(h.kind, h.kind), h.source), []).append(single_looks(h) @ MERGE)
    lines = []
    for (kind, source), some in sorted(parts.items()):
        shares = np.bincount(np.concatenate(some).argmax(axis=1), minlength=14)
        shares = shares / shares.sum()
        taken = ", ".join(f"{FOURTEEN[k]} {100 * shares[k]:.0f}" for k in np.argsort(-shares)[:4] if shares[k] > 0.03)
        lines.append(f"{kind:16}{source[:44]:46}{100 * shares[FOURTEEN.index(kind)]:4.0f} % of {sum(map(len, some)):5}: {taken}")
    return "\n".join(lines)


def sure(found: Sequence[Heard], threshold: float, after: int = SOON) -> tuple[float, float]:
    """Shares of recordings, after so many seconds, that get a wrong name and that get any; each class counts alike. Names are of all CLASSES, but
    within a pair of brain.who.recogniser.PAIRS no error."""
    wrong: dict[str, list[bool]] = {}
    named: dict[str, list[bool]] = {}
    for h in found:
        share = h.after[min(after, len(h.after)) - 1]
        name = CLASSES[int(share.argmax())]
        is_sure = bool(share @ MERGE[:, FOURTEEN.index(MERGED.get(name, name))] >= threshold)
        kind = MERGED.get(h.kind, h.kind)
        wrong.setdefault(kind, []).append(is_sure and MERGED.get(name, name) != kind)
        named.setdefault(kind, []).append(is_sure)
    return float(np.mean([np.mean(v) for v in wrong.values()])), float(np.mean([np.mean(v) for v in named.values()]))


def temperature(found: Sequence[Heard]) -> float:
    """By which logits are to be divided so that single looks are as sure as they are right: least negative log-likelihood, each class alike."""
    def loss(t: float) -> float:
        by_kind: dict[str, list[float]] = {}
        for h in found:
            scaled = h.looks / t
            scaled = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
            by_kind.setdefault(h.kind, []).extend(-scaled[:, CLASSES.index(h.kind)])
        return float(np.mean([np.mean(values) for values in by_kind.values()]))

    return float(min(np.round(np.arange(0.5, 2.5, 0.05), 2), key=loss))


def table(f: Figures) -> str:
    """Confusions in per cent, a line a class."""
    head = " " * 16 + "".join(f"{name[:6]:>7}" for name in f.classes) + "   top1 top3"
    lines = [f"{name:16}" + "".join(f"{100 * v:7.0f}" if v >= 0.005 else "      ." for v in f.confusion[k])
             + f"  {100 * f.by_class[name][0]:5.1f} {100 * f.by_class[name][1]:4.0f}" for k, name in enumerate(f.classes) if name in f.by_class]
    return "\n".join([head, *lines, f"mean of classes: top 1 {100 * f.top1:.1f} %, top 3 {100 * f.top3:.1f} %"])
