"""A song through the whole box into a folder: the mix, a report, the automation, a picture, and stems if wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from gigbox.brain.denoise.denoiser import Denoiser
from gigbox.brain.who.recogniser import Recogniser
from gigbox.engine.core import Engine
from gigbox.engine.pieces import cut
from gigbox.engine.player import Player
from gigbox.engine.song import Song
from gigbox.errors import GigboxError
from gigbox.rack import METER_FRAMES, RATE, Floats
from gigbox.recordings.folder import shown
from gigbox.render.outputs import SoundFile, whole_folder
from gigbox.render.picture import draw
from gigbox.render.report import Record, build_report, write_automation, write_report
from gigbox.render.session import Session

SOUNDCHECK_S = 20.0


@dataclass(frozen=True)
class Options:
    """What a render was asked for. `mode` None: soundcheck for 20 s, then show. `seconds` None: as long as the song. `model`,
    `recogniser`: others than the released. `hand`: what else hands set before the sound begins, value by path."""

    mode: str | None = None
    depth: float = 100.0
    denoise: str = "model"
    lookahead: int = 128
    stems: bool = False
    seconds: float | None = None
    model: Path | None = None
    recogniser: Path | None = None
    hand: Mapping[str, object] = field(default_factory=dict)


def render(song: Song, out: Path, options: Options, progress: Callable[[float], None] = lambda seconds: None) -> dict[str, Any]:
    """Write `out`/mix.flac, report.json, automation.csv, mix.png and, if asked for, stems/NN_role.flac. The same input gives the same bytes,
    but for `cpu` in report.json, which is measured.

    `progress` is told each time how many seconds of sound were rendered. Returns what is in report.json.
    """
    settings = {"box/depth": options.depth, "box/denoise": options.denoise, "box/lookahead": str(options.lookahead),
                "box/mode": options.mode or "soundcheck", **options.hand}
    denoiser = Denoiser(options.model) if options.denoise == "model" else None
    if out.exists() and out.samefile(song.folder):
        raise GigboxError(f"{shown(out)}: is the song itself, whose recordings a mix.flac would join, expected another folder")
    with whole_folder(out) as work, Player(song) as player, closing(Session(song.tracks, settings, denoiser, _recogniser(song, options))) as session:
        record = Record(len(song.tracks))
        mix = _play(work, song, player, session, record, options, progress)
        report = build_report(song, session, record, mix)
        write_report(work / "report.json", report)
        write_automation(work / "automation.csv", session)
        draw(work / "mix.png", song, record, report)
        return report


def _play(work: Path, song: Song, player: Player, session: Session, record: Record, options: Options, progress: Callable[[float], None]) -> Path:
    """All of it into the files, of which the first is the mix: which file that is. Whatever ends it, nobody encodes any more when this returns."""
    frames = player.frames if options.seconds is None else max(round(options.seconds * RATE), 1)
    with Engine(len(song.tracks), _silent(song)) as dry, ExitStack() as opened:
        files = [opened.enter_context(file) for file in _files(work, song, session, frames, options.stems)]
        for piece in _ticks(player, frames, session.engine.latency_main):
            if options.mode is None and session.mode == "soundcheck" and session.now >= SOUNDCHECK_S:
                session.set({"box/mode": "show"})
            mixed, stems = session.play(piece, stems=options.stems)
            session.think()
            dry.process(piece)
            record.note(session, dry.rack)
            files[0].write(mixed[:, :2])
            for n, file in enumerate(files[1:]):
                assert stems is not None
                file.write(stems[:, n])
            progress(min(session.now, frames / RATE))
        return files[0].file


def _silent(song: Song) -> dict[str, float]:
    """What an engine is to do that only measures what comes in."""
    return {f"strip/{n}/mute": 1.0 for n in range(1, len(song.tracks) + 1)} | {"box/denoise": 0.0, "box/lookahead": 0.0}


def _recogniser(song: Song, options: Options) -> Recogniser | None:
    """Only where somebody is left to be recognised."""
    return Recogniser(options.recogniser) if not all(track.said for track in song.tracks) else None


def _files(work: Path, song: Song, session: Session, frames: int, stems: bool) -> Iterator[SoundFile]:
    yield SoundFile(work / "mix.flac", 2, skip=session.engine.latency_main, frames=frames, quick=True)
    if stems:
        (work / "stems").mkdir()
        late = int(session.value("box/lookahead")) * 128
        for n, track in enumerate(song.tracks, 1):
            yield SoundFile(work / "stems" / f"{n:02d}_{track.role}.flac", 2, skip=late, frames=frames, quick=True)


def _ticks(player: Player, frames: int, latency: int) -> Iterator[Floats]:
    """The song in pieces of exactly 100 ms; silence at the end until all of it has come out."""
    return cut(chain(player.pieces(frames), [np.zeros((latency, player.channels), np.float32)]), METER_FRAMES, METER_FRAMES)
