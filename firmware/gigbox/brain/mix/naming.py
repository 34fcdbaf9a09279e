"""Who was named what is told once, with the colour that goes with it and how the strip is set up; all that is named in one moment is one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gigbox import params
from gigbox.brain.auto import Move
from gigbox.brain.mix.telling import LONGEST, listed
from gigbox.brain.roles.roles import ROLES, Role


def told_once(moves: Sequence[Move]) -> tuple[list[Move], dict[int, str]]:
    """The moves with their sentences, and that of each strip which was named, by its number."""
    named = {_strip(move): move for move in moves if move.path.endswith("/role")}
    whole = listed([move.why for move in named.values()]) if len(named) > 1 else ""
    stories = {n: whole or _with_set_up(move) for n, move in named.items()}
    return [replace(move, why=stories.get(_strip(move), move.why)) for move in moves], stories


def in_words(role: Role) -> str:
    """How it is set up: `low cut 100 Hz, compressor 2.5:1`"""
    words = [f"low cut {role.hpf:.0f} Hz" if role.hpf else "no low cut", f"compressor {role.ratio:g}:1" if role.takes else "no compressor",
             *([f"noise down by up to {role.denoise:.0f} dB"] if role.denoise else []), *(["the others give way"] if role.leads else [])]
    return ", ".join(words)


def _with_set_up(move: Move) -> str:
    role = ROLES.get(params.ROLES[int(move.value)])
    text = f"{move.why}; {in_words(role)}" if role else move.why
    return text if len(text) <= LONGEST else move.why


def _strip(move: Move) -> int:
    return int(move.path.split("/")[1])
