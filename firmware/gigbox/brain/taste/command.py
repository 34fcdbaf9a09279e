"""`gigbox taste`: shows what was learnt, and changes it as people say. Reads and writes the file; the box need not run."""

from __future__ import annotations

import sys
from pathlib import Path

from gigbox.brain.taste.file import load, read, save, taste_path, to_text
from gigbox.brain.taste.taste import ALL, Taste
from gigbox.errors import MachineError, TasteError
from gigbox.files import alone


def run(as_json: bool, source: Path | None, forget: str | None, settings: list[str]) -> None:
    """One of them: show, `as_json`, import from `source`, `forget` (ROLE, ROLE/KIND, or "" for all), or ROLE/KIND[/STYLE]=VALUE settings.

    TasteError for what cannot be, MachineError where a file cannot be read or written; then nothing has changed.
    """
    path = taste_path()
    if source is None and forget is None and not settings:
        taste = _kept(path)
        print(to_text(taste) if as_json else in_words(taste), end="")
        return
    imported = _imported(source) if source else None
    try:
        with alone(path):
            taste = imported or _kept(path)
            if forget is not None and taste.forget(forget) == 0 and forget:
                raise TasteError(f"--forget: nothing was learnt of {forget}")
            for setting in settings:
                taste.set(*_parsed(setting))
            save(taste, path)
    except OSError as e:
        raise MachineError(f"{path}: cannot be written ({e.strerror or e})") from None
    print(in_words(taste), end="")


def in_words(taste: Taste) -> str:
    """A line for each liking, with how sure the box is."""
    entries = taste.told()
    if not entries:
        return "The box has learnt nothing yet; it does so from corrections that stay.\n"
    longest = max(len(e.sentence) for e in entries)
    return "".join(f"{e.sentence:{longest}}  {e.sure:4.0%} sure   {e.role}/{e.kind}{f'/{e.style}' if e.style else ''}\n" for e in entries)


def _kept(path: Path) -> Taste:
    try:
        return load(path, _say)
    except OSError as e:
        raise MachineError(f"{path}: cannot be read ({e.strerror or e})") from None


def _imported(source: Path) -> Taste:
    """Of another box: what is in use there is not in use here."""
    try:
        taste = read(source)
    except OSError as e:
        raise MachineError(f"{source}: cannot be read ({e.strerror or e})") from None
    taste.in_use.clear()
    return taste


def _parsed(setting: str) -> tuple[str, str, str, float]:
    """kind, role, style, value of ROLE/KIND[/STYLE]=VALUE."""
    place, equals, value = setting.partition("=")
    words = place.split("/")
    if not equals or len(words) not in (2, 3) or not all(words):
        raise TasteError(f"--set: '{setting}' is not understood, expected ROLE/KIND=VALUE such as backing_vocal/level=2")
    try:
        return words[1], words[0], words[2] if len(words) == 3 else ALL, float(value)
    except ValueError:
        raise TasteError(f"--set: {place}: '{value}' is not a number") from None


def _say(line: str) -> None:
    print(f"gigbox: {line}", file=sys.stderr)
