"""What a show must not lose with the brain: where soundcheck ended, what of the feedback margin is spent, and how loud everybody is by now.

A brain that dies in a show begins again with what the last one left as a report of the desk, if that is of this start of the machine, of the same
strips with the same roles, and a show still goes on. Otherwise it would take the present for what soundcheck ended with, and all averages as new.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gigbox.brain.mix.automix import Automix
from gigbox.brain.roles.sources import Source

REPORT, FORMAT = "show", 1
FLAGS = ("trimmed", "placed", "started", "heard_in_soundcheck")
FULL_S = 10.0                 # of playing, that an average which is found counts as


def told(automix: Automix, boot: str) -> dict[str, Any]:
    """Plain JSON of a show that goes on; empty where none does."""
    if automix.mode != "show":
        return {}
    activity = automix.stage.activity
    heard = [{**_name(s), "came": _number(activity.came[i]), "taken": _number(activity.taken[i]), "anchor": s.anchor, "short": s.short,
              **{flag: bool(getattr(s, flag)) for flag in FLAGS}} for i, s in enumerate(automix.sources)]
    kept = {path: automix.auto.kept(path) for path in automix.auto if automix.auto.kept(path)}
    return {"format": FORMAT, "boot": boot, "sources": heard, "kept": kept, "balance": automix.stage.balance.told(), "margin": automix.margin.told()}


def recall(automix: Automix, saved: Mapping[str, Any], boot: str, mode: str, hands: Mapping[str, float]) -> bool:
    """Goes on from there; False where that is of another show. `hands`: what hands hold of faders, by path."""
    same = [_name(s) for s in automix.sources] == [{k: s[k] for k in ("strip", "role")} for s in saved.get("sources", ())]
    if mode != "show" or saved.get("format") != FORMAT or saved.get("boot") != boot or not same:
        return False
    for path, value in saved["kept"].items():
        if path.endswith("/level") and hands.get(path) == value:
            automix.auto.found(path, value)
    for index, (source, was) in enumerate(zip(automix.sources, saved["sources"], strict=True)):
        source.anchor, source.short = was["anchor"], was["short"]
        for flag in FLAGS:
            setattr(source, flag, was[flag])
        if was["came"] is not None:
            automix.stage.recall(index, was["came"], was["taken"] or 0.0, FULL_S)
    automix.stage.balance.recall(saved["balance"])
    automix.margin.recall(saved["margin"])
    automix.go_on(mode)
    return True


def _name(source: Source) -> dict[str, Any]:
    return {"strip": source.strips[0], "role": source.role_name}


def _number(value: float) -> float | None:
    return round(float(value), 2) if np.isfinite(value) else None
