"""A link as a picture that a phone's camera reads."""

from __future__ import annotations

import io

import segno


def modules(link: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, True is dark; the four light ones around it are the display's to add."""
    return tuple(tuple(bool(module) for module in row) for row in _code(link).matrix)


def text(link: str) -> str:
    """For a terminal."""
    out = io.StringIO()
    _code(link).terminal(out, compact=True)
    return out.getvalue()


def _code(link: str) -> segno.QRCode:
    return segno.make(link, error="l", boost_error=False, micro=False)
