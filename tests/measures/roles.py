"""Whom the box takes the strips of whole songs for, where nobody says it: python -m tests.measures.roles SONG_DIR [SONG_DIR ...]

One row a song: strips that play for 3 s and whose role song.toml says; of them right, wrong though it was sure, and wrong as a guess that counts
until somebody says otherwise. Then each that is not right. `--recogniser`: another model than the released one; `--names`: names are read, too.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gigbox.brain.who.recogniser import THRESHOLD
from gigbox.engine.song import Song
from gigbox.render.render import Options, render
from tests.measures.mixture import markdown

PLAYS_S = 3.0
HEAD = ("song", "strips", "right", "wrong and sure", "wrong, a guess", "not named")


@dataclass(frozen=True)
class Cast:
    """What a strip is, what it was taken for in the end ("unused": nothing), and how sure that was."""

    song: str
    name: str
    role: str
    taken: str
    confidence: float

    @property
    def verdict(self) -> str:
        """One of HEAD."""
        if self.taken == self.role:
            return "right"
        if self.taken == "unused":
            return "not named"
        return "wrong and sure" if self.confidence >= THRESHOLD else "wrong, a guess"


def casts(folder: Path, recogniser: Path | None = None, *, names: bool = False) -> Iterator[Cast]:
    song = Song.open(folder)
    with tempfile.TemporaryDirectory() as temp:
        told = render(song.without_roles(names=names), Path(temp) / "out", Options(recogniser=recogniser))
    for track, channel in zip(song.tracks, told["channels"], strict=True):
        if channel["active_seconds"] >= PLAYS_S and track.role:
            yield Cast(folder.resolve().name, track.name, track.role, channel["role"], channel["confidence"] or 0.0)


def report(found: Sequence[Cast]) -> str:
    """As markdown, and the shares that count."""
    songs = {cast.song: [other for other in found if other.song == cast.song] for cast in found}
    rows = [[name, str(len(some)), *(str(sum(cast.verdict == word for cast in some)) for word in HEAD[2:])] for name, some in [*songs.items(), ("all", found)]]
    wrong = [f"{c.song}: {c.name or '(no name)'}, {c.role}: {c.verdict}{'' if c.taken == 'unused' else f': {c.taken} ({c.confidence:.0%})'}"
             for c in found if c.verdict != "right"]
    named, sure = (sum(cast.verdict == word for cast in found) / max(len(found), 1) for word in ("right", "wrong and sure"))
    return markdown(HEAD, rows) + f"\n{named:.0%} named rightly, {sure:.1%} wrongly and surely\n\n" + "\n".join(wrong) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--recogniser", type=Path, metavar="FILE.tflite", help="another model than the released one")
    parser.add_argument("--names", action="store_true", help="the box is told what strips are called")
    options = parser.parse_args()
    print(report([cast for folder in options.songs for cast in casts(folder, options.recogniser, names=options.names)]))


if __name__ == "__main__":
    main()
