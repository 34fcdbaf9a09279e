"""What people are told of moves: one sentence for all that is done for one reason, in their words."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 190                 # characters of a reason, of the 200 that the desk takes


def listed(parts: Sequence[str], rest: str = "") -> str:
    """`a, b and c`, followed by `rest`; as many of them as fit are named."""
    for most in range(len(parts), 0, -1):
        left = len(parts) - most
        named = list(parts[:most]) + ([f"{left} more"] if left else [])
        text = " and ".join([*([", ".join(named[:-1])] if len(named) > 1 else []), named[-1]]) + rest
        if len(text) <= LONGEST:
            return text
    return (parts[0] if parts else "")[:LONGEST - len(rest)] + rest


def decibels(db: float) -> str:
    """`3.2 dB up`"""
    return f"{abs(db):.1f} dB {'up' if db > 0 else 'down'}"
