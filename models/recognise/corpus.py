"""Every recording the recogniser may hear, one after another: those of the data folder, those of unpacked packages, and those played here."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from models.recognise import amps, analog, blown, bowed, drums, fonts, lmms, modal, sampler, scores, singing, sources, synths
from models.recognise.midi import RATE, Sound
from models.recognise.scores import Random
from models.recognise.sources import Unpacked

SECONDS = 20.0
HUMMED = "hum_"                    # of the data folder: sung, in a class where others speak
PER_PLAYER = {"keys": 8, "acoustic_guitar": 10, "electric_guitar": 7, "bass": 6, "brass_sax": 6, "strings": 6, "synth": 4, "singing": 4}      # recordings
PER_KIT = 5                        # drummers of each kit
# Instruments of partials: source, who plays them, what they are, how many.
MODAL: tuple[tuple[str, tuple[fonts.Player, ...], Callable[[Random], modal.Instrument], int], ...] = (
    ("made pianos", fonts.of("keys", 0), modal.Piano, 60),
    ("made tines", fonts.of("keys", 4), modal.Tines, 36),
    ("made clavinets", fonts.of("keys", 6), lambda rng: modal.Plucked(rng, str(rng.choice(["clavinet", "clavinet", "harpsichord"]))), 30),
    ("made pipes", fonts.of("keys", 16), modal.Pipes, 30),
    ("made guitars", fonts.of("acoustic_guitar", 24), lambda rng: modal.Plucked(rng, str(rng.choice(["nylon", "steel", "steel"]))), 40),
    ("made guitars", fonts.of("electric_guitar", 26) + fonts.of("electric_guitar", 29), lambda rng: modal.Plucked(rng, "electric"), 60),
    ("made guitars", fonts.of("electric_guitar", 30), lambda rng: modal.Plucked(rng, "muted"), 24),
    ("made basses", fonts.of("bass", 33), lambda rng: modal.Plucked(rng, str(rng.choice(["bass", "bass", "slap", "muted"]))), 30),
    ("made basses", fonts.of("bass", 32), lambda rng: modal.Plucked(rng, "upright"), 18),
    ("made violins", fonts.of("strings", 40), lambda rng: bowed.Bowed(rng, rng.uniform(0.75, 1.1)), 60),
    ("made cellos", fonts.of("strings", 42), lambda rng: bowed.Bowed(rng, rng.uniform(0.2, 0.5)), 40),
    ("made sections", fonts.of("strings", 48), lambda rng: bowed.Bowed(rng, rng.uniform(0.3, 1.1), int(rng.integers(2, 5))), 24),
    ("made brass", fonts.of("brass_sax", 56) + fonts.of("brass_sax", 57), lambda rng: blown.Blown(rng, reed=False), 40),
    ("made brass", fonts.of("brass_sax", 61), lambda rng: blown.Blown(rng, reed=False, players=int(rng.integers(2, 4))), 12),
    ("made saxophones", fonts.of("brass_sax", 65) + fonts.of("brass_sax", 66), lambda rng: blown.Blown(rng, reed=True), 36),
    ("made analogs", fonts.of("synth", 80), analog.Analog, 90),
)
KIT_PROGRAMS = (0, 8, 16, 24, 25, 32, 40)


@dataclass(frozen=True)
class Take:
    """One recording: 48 kHz, one channel. `kind`: a class of the recogniser, or "noise"; `source`: who or what it comes from, kept whole in validation."""

    kind: str
    source: str
    name: str
    sound: Sound


Job = Callable[[], Iterator[Take]]


def jobs(data: Path, packages: Unpacked, every: int = 1) -> list[Job]:
    """Independent of each other and of their order: each draws from a generator of its own name. `every`: recordings all, of what is played or made
    here every nth."""
    return [*(_file(*row) for row in listed(data)), *_voices_and_noises(data), *[*_made_here(packages), *_singers(data)][::every]]


def _made_here(packages: Unpacked) -> list[Job]:
    found: list[Job] = []
    for source, place in sources.FONTS.items():
        font = packages.freepats() if source == "FreePats" else packages.root / place
        found += [_played(source, font, player, n) for player in fonts.PLAYERS for n in range(PER_PLAYER[player.kind])]
        found += [_drummed(source, f"kit {n}", _kit(font, int(KIT_PROGRAMS[n % len(KIT_PROGRAMS)]), 9)) for n in range(PER_KIT)]
    fm = packages.root / sources.FM_FONT
    found += [_played("OPL3", fm, player, n) for player in fonts.PLAYERS if player.kind == "synth" for n in range(8)]
    for source, place in sources.KITS.items():
        found += [_drummed(source, f"kit {n}", _kit(packages.root / place, 0, 0)) for n in range(PER_KIT + 2)]
    for source, count in (("LMMS", 10), ("FoxDot", 12), ("Scratch", 4)):
        found += [_drummed(source, f"kit {n}", _hit_kit(packages, source)) for n in range(count)]
    found += [_drummed("made drums", f"machine {n}", drums.machine) for n in range(14)]
    found += [*_single_notes(packages), *_presets(packages), *_made()]
    return found + [_game(source, path) for source, pattern in sources.GAMES.items() for path in _spread(packages.files(pattern), 12)]


def generator(name: str) -> Random:
    return np.random.default_rng(zlib.crc32(name.encode()))


def listed(data: Path) -> Iterator[tuple[str, str, Path]]:
    """Class, source and file of each recording of instruments."""
    with (data / "instruments/index.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            path = data / "instruments" / row["file"]
            kind = row["class"] if row["class"] != "vocal" else "speech" if "speech" in path.stem + row["kind"] else "singing"
            source = "Software-Entwicklungskit" if "Software-Entwicklungskit" in row["source"] else row["source"]
            yield kind, source + (" " + path.stem.split("_")[2].split("-")[0] if "LibriSpeech" in source else ""), path


def _voices_and_noises(data: Path) -> Iterator[Job]:
    """Of the denoiser's recordings: each speaker up to a minute, the singer, lines on which nobody plays, and all other noise."""
    for row in _manifest(data):
        path, kind = data / "denoise" / row["file"], row["class"]
        if kind == "singing":
            yield _file("singing", "Software-Entwicklungskit", path)
        elif kind == "noise":
            still = path.name.startswith(("roomtone", "degrader_hum", "household"))
            yield _file("silence_noise" if still else "noise", row["source"], path)
    yield from (_spoken(speaker, paths) for speaker, paths in _speakers(data).items())


def _singers(data: Path) -> Iterator[Job]:
    """Speakers who are made to sing."""
    for speaker, paths in _speakers(data).items():
        yield _sung(speaker, paths)
        yield _stacked(speaker, paths)


def _manifest(data: Path) -> list[dict[str, str]]:
    with (data / "denoise/manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _speakers(data: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for row in _manifest(data):
        if row["class"] == "speech":
            found.setdefault(f"{row['source']} {row['speaker_or_recording']}", []).append(data / "denoise" / row["file"])
    return found


def _file(kind: str, source: str, path: Path) -> Job:
    def takes() -> Iterator[Take]:
        yield Take(kind, source, f"{path.parent.name}/{path.name}", sampler.load(path))
    return takes


def _spoken(speaker: str, paths: list[Path]) -> Job:
    def takes() -> Iterator[Take]:
        rng, pieces, count = generator(speaker), [], 0
        for n in rng.permutation(len(paths)):
            piece = sampler.load(paths[n])
            pieces += [piece, np.zeros(int(rng.uniform(0, 0.4) * RATE), np.float32)]
            count += len(piece)
            if count > 40 * RATE:
                break
        yield Take("speech", speaker, speaker, np.concatenate(pieces))
    return takes


def _sung(speaker: str, paths: list[Path]) -> Job:
    def takes() -> Iterator[Take]:
        rng, pieces, count = generator(f"sung {speaker}"), [], 0
        for n in rng.permutation(len(paths)):
            pieces.append(sampler.load(paths[n], 8.0))
            count += len(pieces[-1])
            if count > 9 * RATE:
                break
        sound = singing.sung(rng, np.concatenate(pieces), SECONDS)
        if len(sound) > 3 * RATE:
            yield Take("singing", f"sung {speaker}", f"sung {speaker}", amps.level(sound))
    return takes


def _stacked(speaker: str, paths: list[Path]) -> Job:
    """Backing vocals of one singer, as productions treat them."""
    def takes() -> Iterator[Take]:
        rng = generator(f"stacked {speaker}")
        pieces = [sampler.load(paths[n], 8.0) for n in rng.permutation(len(paths))[:3]]
        sound = singing.sung(rng, np.concatenate(pieces), SECONDS, int(rng.integers(1, 5)))
        if len(sound) > 3 * RATE:
            yield Take("singing", f"sung {speaker}", f"stacked {speaker}", amps.level(synths.produced(rng, sound)))
    return takes


def _played(source: str, font: Path, player: fonts.Player, n: int) -> Job:
    def takes() -> Iterator[Take]:
        name = f"{source} {player.kind} {player.programs} {n}"
        rng = generator(name)
        program = int(player.programs[n % len(player.programs)])
        sound = fonts.recording(rng, player, program, font, SECONDS)
        if len(sound) > RATE and np.std(sound) > 1e-3:
            yield Take(player.kind, source, f"{name} {program}", sound)
    return takes


def _kit(font: Path, program: int, channel: int) -> Callable[[Random], drums.Kit]:
    return lambda rng: drums.of_font(rng, font, program, channel)


def _hit_kit(packages: Unpacked, source: str) -> Callable[[Random], drums.Kit]:
    return lambda rng: drums.of_hits(rng, drums.load_hits(packages.hits(source)))


def _drummed(source: str, name: str, kit: Callable[[Random], drums.Kit]) -> Job:
    def takes() -> Iterator[Take]:
        rng = generator(f"{source} {name}")
        for n, (kind, sound) in enumerate(drums.microphones(rng, kit(rng), SECONDS)):
            if np.std(sound) > 1e-3:
                yield Take(kind, source, f"{source} {name} {kind} {n}", sound)
    return takes


def _single_notes(packages: Unpacked) -> Iterator[Job]:
    for kind, names in sources.SINGLE_NOTES.items():
        for name in names:
            path = packages.root / sources.LMMS / name
            yield from (_sampled("LMMS", kind, f"{name} {n}", {57: path}) for n in range(2))
    for kind, names in sources.SCRATCH_NOTES.items():
        for name in names:
            yield from (_sampled("Scratch", kind, f"{name} {n}", packages.scratch(name)) for n in range(2))


def _presets(packages: Unpacked) -> Iterator[Job]:
    for preset in packages.files(sources.PRESETS):
        kind = lmms.kind_of(preset)
        if kind:
            yield from (_preset("LMMS presets", kind, preset, n) for n in range(2))
    banks: dict[str, list[Path]] = {}
    for instrument in packages.files(sources.ZYN):
        banks.setdefault(lmms.zyn_kind_of(instrument), []).append(instrument)
    for kind, most in (("synth", 360), ("keys", 60), ("bass", 40)):
        yield from (_preset("ZynAddSubFX", kind, instrument, n % 3) for n, instrument in enumerate(_spread(banks.get(kind, []), most)))


def _preset(source: str, kind: str, preset: Path, n: int) -> Job:
    def takes() -> Iterator[Take]:
        name = f"{source} {preset.parent.name} {preset.stem} {n}"
        rng = generator(name)
        low = int(rng.integers(40, 62))
        notes = scores.bass_line(rng, SECONDS, 28, 50) if kind == "bass" else [scores.chords, scores.melody, scores.arpeggio][n](rng, SECONDS, low, low + 24)
        sound = lmms.play(preset, notes, SECONDS)
        if np.std(sound) > 1e-4:
            yield Take(kind, source, name, amps.level(sound))
    return takes


def _sampled(source: str, kind: str, name: str, files: dict[int, Path]) -> Job:
    def takes() -> Iterator[Take]:
        rng = generator(f"{source} {name}")
        low, high = (min(files), max(files)) if len(files) > 1 else (min(files) - 7, min(files) + 8)
        write = scores.chords if kind in ("keys", "synth", "acoustic_guitar", "singing") and rng.random() < 0.6 else scores.melody
        notes = write(rng, SECONDS, low, max(high, low + 12))
        sound = synths.performed(sampler.of_files(files, held=kind not in ("bass", "acoustic_guitar")), notes, SECONDS)
        yield Take(kind, source, f"{source} {kind} {name}", amps.level(sound))
    return takes


def _made() -> Iterator[Job]:
    for n in range(140):
        yield _synthesised("synth", "made synths", synths.Subtractive if n % 3 else synths.Fm, n)
    for n in range(36):
        yield _synthesised("keys", "made organs", synths.Organ, n)
    for source, players, make, count in MODAL:
        yield from (_modal(source, players[n % len(players)], make, n) for n in range(count))
    yield from (_silent(n) for n in range(140))


def _synthesised(kind: str, source: str, patch: type[synths.Subtractive] | type[synths.Fm] | type[synths.Organ], n: int) -> Job:
    def takes() -> Iterator[Take]:
        name = f"made {patch.__name__} {n}"
        rng = generator(name)
        low = int(rng.integers(36, 62))
        notes = [scores.chords, scores.melody, scores.arpeggio if kind == "synth" else scores.chords][n // 3 % 3](rng, SECONDS, low, low + 26)
        sound = synths.performed(patch(rng), notes, SECONDS)
        sound = synths.rotated(rng, sound) if kind == "keys" else synths.produced(rng, sound)
        yield Take(kind, source, name, amps.level(sound))
    return takes


def _modal(source: str, player: fonts.Player, make: Callable[[Random], modal.Instrument], n: int) -> Job:
    def takes() -> Iterator[Take]:
        name = f"{source} {player.kind} {player.programs} {n}"
        rng = generator(name)
        yield Take(player.kind, source, name, fonts.staged(rng, player, synths.performed(make(rng), fonts.part(rng, player, SECONDS), SECONDS)))
    return takes


def _silent(n: int) -> Job:
    def takes() -> Iterator[Take]:
        yield Take("silence_noise", f"made lines {n % 8}", f"line {n}", synths.line_noise(generator(f"line {n}"), 10.0))
    return takes


def _game(source: str, path: Path) -> Job:
    def takes() -> Iterator[Take]:
        seconds = soundfile.info(path).duration
        if seconds < 24:
            return
        for n, at in enumerate(generator(path.name).uniform(2, seconds - SECONDS, 2)):
            yield Take("playback", source, f"{source} {path.name} {n}", amps.level(sampler.load(path, SECONDS, float(at))))
    return takes


def _spread(paths: list[Path], most: int) -> list[Path]:
    return [paths[round(n)] for n in np.linspace(0, len(paths) - 1, min(most, len(paths)))] if paths else []
