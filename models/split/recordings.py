"""Who sings and who plays to the model: speakers who are made to sing, voices that nobody has, kits and players; and who is kept apart for the songs."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.denoise.recordings import CHOOSE_SOURCES, JUDGE_SOURCES, TRAIN, Recording, find, load
from models.recognise import drums, fonts, modal, sources, synths
from models.recognise.scores import Random

RATE = 48000
KINDS = ("voice", "drums", "bass", "other")
SECONDS = 14.0
FULL_BAND_HZ = 15000.0             # a voice that ends below would be told by that alone
# The songs of songs.py are made of these: none of them is learnt from, nor is anything of the one singer.
OF_SONGS = ("Software-Entwicklungskit", "mdn/webaudio-examples", "samples-alex-bainter", "shinyguitar", "meatbass", "SplendidGrandPiano", "growlybass",
            "emilyguitar", "MuldjordKit", "fretsonfire-songs-muldjord", "LibriSpeech")
CLASSES = {"kick": "drums", "snare": "drums", "tom": "drums", "hihat_overhead": "drums", "bass": "bass", "playback": "", "silence_noise": ""}

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Take:
    """One channel at 48 kHz. `group`: pieces of one kit, in time with each other; else its own name. `hz`: the highest that it can hold."""

    kind: str
    group: str
    sound: Sound
    hz: float = 20000.0


Job = Callable[[], Iterator[Take]]


def jobs(data: Path, packages: Path, sung: int) -> list[Job]:
    """All that is learnt from, each by itself. `packages`: what models.recognise.sources unpacked; `sung`: how many are to sing."""
    found = find(data)
    speakers: dict[str, list[Recording]] = {}
    for r in found:
        if r.kind == "speech" and r.fold == TRAIN and r.hz >= FULL_BAND_HZ and "denoise" in r.path.parts:
            speakers.setdefault(r.key, []).append(r)
    names = sorted(speakers)
    singers = [_sung(speakers[names[n % len(names)]], n // len(names)) for n in range(sung)]
    spoken = [_spoken(name, speakers[name]) for name in names]
    played = [_recorded(r) for r in found if r.kind == "instrument" and not _of_songs(r.key) and _class(r)]
    return [*played, *spoken, *singers, *_kits(packages), *_players(packages), *_made()]


def _of_songs(source: str) -> bool:
    return source in CHOOSE_SOURCES | JUDGE_SOURCES or any(part in source for part in OF_SONGS)


def _class(r: Recording) -> str:
    return CLASSES.get(r.path.parent.name, "other")


def _generator(name: str) -> Random:
    return np.random.default_rng(zlib.crc32(name.encode()))


def _recorded(r: Recording) -> Job:
    def takes() -> Iterator[Take]:
        yield Take(_class(r), r.path.stem, load(r.path), r.hz)
    return takes


def _some(rng: Random, recordings: list[Recording], seconds: float) -> Sound:
    pieces, count = [np.zeros(0, np.float32)], 0
    for n in rng.permutation(len(recordings)):
        piece = load(recordings[n].path)[:8 * RATE]
        pieces += [piece, np.zeros(int(rng.uniform(0, 0.4) * RATE), np.float32)]
        count += len(piece)
        if count > seconds * RATE:
            break
    return np.concatenate(pieces)


def _spoken(name: str, recordings: list[Recording]) -> Job:
    def takes() -> Iterator[Take]:
        yield Take("voice", name, _some(_generator(name), recordings, 20.0), recordings[0].hz)
    return takes


def _sung(recordings: list[Recording], n: int) -> Job:
    """A speaker made to sing: alone, and every third time stacked as backing voices are."""
    def takes() -> Iterator[Take]:
        from models.recognise import singing

        rng = _generator(f"split {recordings[0].key} {n}")
        sound = singing.sung(rng, _some(rng, recordings, 5.0), SECONDS, int(rng.choice([1, 1, 3])))
        if len(sound) > 3 * RATE:
            yield Take("voice", f"sung {recordings[0].key} {n}", sound, recordings[0].hz)
    return takes


def _kits(packages: Path) -> Iterator[Job]:
    unpacked = sources.Unpacked(packages)
    for source, place in sources.FONTS.items():
        font = unpacked.freepats() if source == "FreePats" else packages / place
        yield from (_kit(f"{source} {n}", lambda rng, font=font, n=n: drums.of_font(rng, font, (0, 8, 16, 24, 25)[n], 9)) for n in range(4))
    for source, place in sources.KITS.items():
        yield from (_kit(f"{source} {n}", lambda rng, place=place: drums.of_font(rng, packages / place, 0, 0)) for n in range(8))
    for source in ("LMMS", "FoxDot"):
        yield from (_kit(f"{source} {n}", lambda rng, source=source: drums.of_hits(rng, drums.load_hits(unpacked.hits(source)))) for n in range(8))
    yield from (_kit(f"machine {n}", drums.machine) for n in range(12))


def _kit(name: str, of: Callable[[Random], drums.Kit]) -> Job:
    def takes() -> Iterator[Take]:
        rng = _generator(f"split kit {name}")
        for kind, sound in drums.microphones(rng, of(rng), SECONDS):
            if kind != "drums" and len(sound) == int(SECONDS * RATE) and np.std(sound) > 1e-3:
                yield Take("drums", f"kit {name}", sound)
    return takes


def _players(packages: Path) -> Iterator[Job]:
    unpacked = sources.Unpacked(packages)
    for source, place in sources.FONTS.items():
        font = unpacked.freepats() if source == "FreePats" else packages / place
        yield from (_played(source, font, player, n) for player in fonts.PLAYERS for n in range(2) if player.kind != "singing")


def _played(source: str, font: Path, player: fonts.Player, n: int) -> Job:
    def takes() -> Iterator[Take]:
        name = f"split {source} {player.kind} {player.programs} {n}"
        rng = _generator(name)
        sound = fonts.recording(rng, player, int(rng.choice(player.programs)), font, SECONDS)
        if len(sound) > RATE and np.std(sound) > 1e-3:
            yield Take("bass" if player.kind == "bass" else "other", name, sound)
    return takes


def _made() -> Iterator[Job]:
    makers: tuple[tuple[str, Callable[[Random], modal.Instrument], fonts.Player], ...] = (
        ("piano", modal.Piano, fonts.of("keys", 0)[0]), ("tines", modal.Tines, fonts.of("keys", 4)[0]), ("pipes", modal.Pipes, fonts.of("keys", 16)[0]),
        ("steel", lambda rng: modal.Plucked(rng, "steel"), fonts.of("acoustic_guitar", 24)[0]),
        ("electric", lambda rng: modal.Plucked(rng, "electric"), fonts.of("electric_guitar", 29)[0]),
        ("bass", lambda rng: modal.Plucked(rng, "bass"), fonts.of("bass", 33)[0]))
    for kind, make, player in makers:
        yield from (_modal(f"split {kind} {n}", make, player) for n in range(6))
    for kind in ("bass", "synth", "synth"):
        yield from (_synth(f"split {kind} {n}", fonts.of(kind, 38 if kind == "bass" else 80)[0], synths.Fm if n % 4 == 3 else synths.Subtractive)
                    for n in range(14))


def _modal(name: str, make: Callable[[Random], modal.Instrument], player: fonts.Player) -> Job:
    def takes() -> Iterator[Take]:
        rng = _generator(name)
        sound = synths.performed(make(rng), fonts.part(rng, player, SECONDS), SECONDS)
        yield Take("bass" if player.kind == "bass" else "other", name, fonts.staged(rng, player, sound))
    return takes


def _synth(name: str, player: fonts.Player, patch: type[synths.Subtractive] | type[synths.Fm]) -> Job:
    def takes() -> Iterator[Take]:
        rng = _generator(name)
        sound = synths.produced(rng, synths.performed(patch(rng), fonts.part(rng, player, SECONDS), SECONDS))
        yield Take("bass" if player.kind == "bass" else "other", name, sound)
    return takes
