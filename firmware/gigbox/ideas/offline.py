"""A song of recordings, heard as the box hears it live: the same ears, a tenth of a second at a time, faster than real time."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gigbox.errors import MachineError
from gigbox.files import write_whole
from gigbox.ideas.hear.listener import Listener
from gigbox.ideas.hear.mixdown import PIECE
from gigbox.ideas.notebook import Notebook, Page
from gigbox.rack import Floats


def hear(pieces: Iterable[Floats], roles: Sequence[str], title: str, seed: int = 1, progress: Callable[[float], None] = lambda seconds: None) -> Page:
    """`pieces`: (PIECE, strips) float32 at 48 kHz; a shorter last one is left out. The same sound and seed give the same page."""
    listener, notebook = Listener(), Notebook()
    for piece in pieces:
        if len(piece) == PIECE:
            progress(listener.hear(piece, roles).seconds)
    return {"on": True, **notebook.page(listener, seed, title)}


def take_along(page: Page, chordpro: Path | None, midi: Path | None) -> None:
    """Where somebody wants them; MachineError where one cannot be written."""
    for file, content in ((chordpro, page["chordpro"].encode()), (midi, base64.b64decode(page["midi"]))):
        try:
            if file:
                write_whole(file, content)
        except OSError as e:
            raise MachineError(f"{file}: {e.strerror}, expected a file that can be written") from None


def lines(page: dict[str, Any]) -> Iterator[str]:
    """For a person."""
    tempo, key = page["tempo"], page["key"]
    yield f"{page['title']}: {tempo['bpm']:.1f} bpm, {100 * tempo['sure']:.0f} % sure; {key['name'] if key else 'no key yet'}; {page['bar_count']} bars"
    yield page["chordpro"].rstrip()
    if page["next"]:
        yield "next: " + ", ".join(f"{each['name']} {100 * each['share']:.0f} %" for each in page["next"])
    if words := page.get("words", {}).get("en"):
        yield f"words: {words['mood']}; {', '.join(words['images'])}; rhymes {' / '.join(', '.join(row[:4]) for row in words['rhymes'])}"
