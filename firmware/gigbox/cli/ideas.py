"""What the box hears of tempo, key and chords, and what it offers: the program that listens, and what is told of a song or of what is played now."""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

from gigbox import idea_book, places
from gigbox.cli.parser import add, path, told_of
from gigbox.errors import GigboxError, MachineError

if TYPE_CHECKING:
    from gigbox.cli.parser import Commands
    from gigbox.engine.song import Song


def add_to(commands: Commands) -> None:
    p = add(commands, "ideas", "tempo, key, chords and a chart of what is played, and what might come next",
            "With --song: of recordings, as the box hears them live. With --json, --chordpro or --midi alone: of what is played now. Without any of them: one "
            "program alone, the one that listens. Example: gigbox ideas --song demo/gig --chordpro song.cho --midi song.mid", _ideas)
    p.add_argument("--song", type=path, metavar="FOLDER", help="folder of recordings, as for render (default: what is played now)")
    p.add_argument("--roles", default="", metavar="1=keys,...", help="what channels carry, as for run (default: as song.toml says)")
    p.add_argument("--seed", type=int, default=1, metavar="1..999", help="which ideas over a song: the same number gives the same ones (default: 1)")
    p.add_argument("--json", action="store_true", help="all of it (default: a chart and a few lines)")
    p.add_argument("--chordpro", type=path, metavar="FILE", help="write the chart as ChordPro (default: only shown)")
    p.add_argument("--midi", type=path, metavar="FILE", help="write chart and ideas as a Standard MIDI File (default: none is written)")


def _ideas(options: argparse.Namespace) -> None:
    if not (options.song or options.json or options.chordpro or options.midi):
        from gigbox.ideas.program import run

        run(places.rack_path(), places.socket_path(), places.ideas_path())
        return
    from gigbox.ideas.offline import lines, take_along
    from gigbox.recordings.folder import SOUNDS

    if not 1 <= options.seed <= 999:
        raise GigboxError(f"--seed: {options.seed} is not in 1..999")
    for file in filter(None, (options.chordpro, options.midi)):       # before all of a song was heard
        if file.is_dir() or not file.parent.is_dir() or (file.exists() and not file.is_file()):        # /dev/null would be replaced by a file
            what = "a folder" if file.is_dir() else "no file" if file.exists() else "in no folder that there is"
            raise GigboxError(f"{file}: is {what}, expected a file to write")
        if file.suffix.lower() in SOUNDS:
            raise GigboxError(f"{file}: is called as a recording is, expected another name")
    if options.chordpro and options.midi and options.chordpro.absolute() == options.midi.absolute():
        raise GigboxError(f"{options.midi}: is for --chordpro and for --midi, expected a file for each")
    page = _of_song(options) if options.song else _of_now()
    take_along(page, options.chordpro, options.midi)
    print(json.dumps(page, indent=1, ensure_ascii=False) if options.json else "\n".join(lines(page)))


def _of_now() -> dict[str, Any]:
    page = idea_book.read(places.ideas_path(), time.monotonic())
    if not page["on"]:
        raise MachineError(f"ideas: {page['why']}, expected box/ideas/on and a depth above 0")
    return page


def _of_song(options: argparse.Namespace) -> dict[str, Any]:
    from tqdm import tqdm

    from gigbox.engine.pieces import cut
    from gigbox.engine.player import Player
    from gigbox.engine.song import open_song
    from gigbox.ideas.hear.mixdown import PIECE
    from gigbox.ideas.offline import hear
    from gigbox.rack import RATE

    song = told_of(open_song(options.song, options.roles))
    with Player(song) as player, tqdm(total=round(song.seconds, 1), unit="s", desc="ideas", delay=1, leave=False, disable=None) as bar:
        return hear(cut(player.pieces(round(song.seconds * RATE)), PIECE), _roles(song), song.title, options.seed,
                    lambda seconds: bar.update(round(seconds, 1) - bar.n) and None)


def _roles(song: Song) -> list[str]:
    """What a person said, or what a channel is called; where nobody plays a known part, all of it is what is heard."""
    from gigbox.brain.who.names import role_of

    named = [role_of(track.name) for track in song.tracks]
    found = [track.role if track.said or guess is None else guess.role for track, guess in zip(song.tracks, named, strict=True)]
    return found if any(role != "unused" for role in found) else ["playback"] * len(found)
