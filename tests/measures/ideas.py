"""`python -m tests.measures.ideas [DATA] [--songs N]`: how well ideas hear and what they offer, on tunes that nothing was counted in or chosen on.

Without DATA a made-up band plays, sums of partials and noise (tests/ideas/band.py): easier to hear than any real one, but anybody has it.

DATA holds symbolic/ and, for the annotated songs, multitrack/ (see models/ideas/README.md). Made songs need fluidsynth and a SoundFont: --font, or one of
Debian's. Tunes and progressions of parts 8 and 9 (models.ideas.abc.KEPT_APART) are played; every number is printed beside what is wanted.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from gigbox import params
from gigbox.desk.client import Change, Value
from gigbox.engine.core import Engine
from gigbox.ideas.hear.chords import BEHIND_S, Chord
from gigbox.ideas.hear.key import Key
from gigbox.ideas.hear.lead import Manner
from gigbox.ideas.hear.listener import Listener
from gigbox.ideas.hear.mixdown import PIECE
from gigbox.ideas.offer.corpus import LINE, corpus
from gigbox.ideas.offer.lines import Ground, bass, melody
from gigbox.ideas.offer.next_chord import guess
from gigbox.ideas.program import Worker
from models.ideas import abc, songs, train
from models.ideas.songs import PROGRESSION, Played
from tests.ideas.band import ROLES, band, chord

FONTS = ("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3", "/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf2/default-GM.sf2")
AT_S, LATE_S, NEAR_S = 5.0, 5.0, 0.07      # tempo is asked then; beats count from then on; and within so much
LINES = 40                                 # seeds
MADE_UP = (("C G Am F", 0, False, 92), ("Am F C G", 9, True, 118), ("D A Bm G", 2, False, 132), ("Em Am B Em", 4, True, 76), ("Eb Ab Bb Eb", 3, False, 108),
           ("F C Dm Bb", 5, False, 100), ("Gm Eb F Gm", 7, True, 124), ("E A B A", 4, False, 84))      # chords, key and bpm, when there is no DATA
ROUNDS = 4                                 # of them
Steps = tuple[int, ...]                    # between the notes of a line


@dataclass(frozen=True)
class Figures:
    """Of one song; nan: not annotated."""

    tempo: float
    beats: float
    key: float
    chords: float


def heard(song: Played) -> Figures:
    listener = Listener()
    beats: list[float] = []
    at_five, right, count = 0.0, 0, 0
    take = listener.memory.take
    listener.memory.take = lambda s, b, at, h: (beats.extend(b), take(s, b, at, h))[1]      # type: ignore[method-assign]
    for n in range(len(song.strips) // PIECE):
        now = listener.hear(song.strips[n * PIECE: (n + 1) * PIECE], song.roles)
        at_five = now.bpm if now.seconds <= AT_S else at_five
        if (truth := chord_at(song.chords, now.seconds - BEHIND_S + 0.05)) and now.seconds > BEHIND_S:
            count, right = count + 1, right + (now.heard.chord == truth)
    in_time = float(abs(at_five / song.bpm - 1) <= 0.04)
    return Figures(in_time, beats_f1(song.beats, beats), mirex(listener.now.key, song.tonic, song.minor), right / max(count, 1))


def chord_at(chords: Sequence[tuple[float, int, bool]], seconds: float) -> Chord | None:
    return next((Chord(root, minor) for at, root, minor in reversed(chords) if at <= seconds), None)


def beats_f1(wanted: Iterable[float], found: Iterable[float]) -> float:
    """One found beat for each wanted one, within NEAR_S (Davies, Degara and Plumbley 2009), from LATE_S on."""
    left, found = [beat for beat in wanted if beat >= LATE_S], [beat for beat in found if beat >= LATE_S]
    total, hits = len(left) + len(found), 0
    for beat in found:
        if near := [each for each in left if abs(each - beat) <= NEAR_S]:
            left.remove(min(near, key=lambda each: abs(each - beat)))
            hits += 1
    return 2 * hits / max(total, 1)


def mirex(key: Key | None, tonic: int, minor: bool) -> float:
    """1 right, 0.5 a fifth away, 0.3 relative, 0.2 parallel."""
    if key is None:
        return 0.0
    away = (key.tonic - tonic) % 12
    if key.minor == minor:
        return {0: 1.0, 7: 0.5, 5: 0.5}.get(away, 0.0)
    return 0.3 if away == (9 if key.minor else 3) else 0.2 if away == 0 else 0.0


def made(data: Path, font: Path, count: int) -> Iterator[Played]:
    """Half tunes, half progressions, of the parts that are kept apart."""
    rng = np.random.default_rng(20)
    tunes = [tune for tune in abc.tunes(data / "symbolic/nottingham/ABC_cleaned") if tune.part in abc.KEPT_APART and tune.length > 40]
    rows = [row for row in songs.progressions(data / "symbolic/chord_progressions.json") if row[2] in abc.KEPT_APART]
    for n, i in enumerate(rng.permutation(len(tunes))[: count - count // 2]):
        yield songs.play(songs.of_tune(tunes[i]), font, 7000 + n)
    for n, i in enumerate(rng.permutation(len(rows))[: count // 2]):
        yield songs.play(songs.of_progression(rows[i][0], rows[i][1], rng), font, 8000 + n)


def made_up() -> Iterator[Played]:
    """The band that needs no data."""
    for names, tonic, minor, bpm in MADE_UP:
        row = names.split() * ROUNDS
        chords = tuple((n * 240 / bpm, (now := chord(name)).root, now.minor) for n, name in enumerate(row))
        beats = tuple(n * 60 / bpm for n in range(4 * len(row)))
        yield Played(names, band(row, bpm), ROLES, chords, beats, float(bpm), tonic, minor)


def live(song: Played, folder: Path) -> tuple[float, float]:
    """Chords right by time through the program itself, on the rack of a real engine; and its share of one core."""
    worker = Worker(folder / "ideas.json")
    known = {f"strip/{n}/role": Value(role, None, role) for n, role in enumerate(song.roles, 1)}
    worker.changed(Change({**known, **{path: Value(None, None, params.find(path).default) for path in ("box/ideas/on", "box/ideas/seed", "box/depth")}}))
    right = count = 0
    spent = 0.0
    with Engine(len(song.roles)) as engine:
        for n in range(len(song.strips) // PIECE):
            engine.process(song.strips[n * PIECE: (n + 1) * PIECE])
            began = time.process_time()
            while worker.step(engine.rack):
                pass
            spent += time.process_time() - began
            now = worker.listener.now                      # which begins with the second piece
            if (truth := chord_at(song.chords, now.seconds + 0.1 - BEHIND_S + 0.05)) and now.seconds > BEHIND_S:
                count, right = count + 1, right + (now.heard.chord == truth)
    return right / max(count, 1), spent / (len(song.strips) / 48000)


def annotated(data: Path) -> Iterator[str]:
    """Real recordings: tempo after five seconds and key, as their song.toml says."""
    for toml in sorted((data / "multitrack").glob("*/song.toml")):
        said = tomllib.loads(toml.read_text("utf-8"))
        strips = np.stack([soundfile.read(toml.parent / c["file"], dtype="float32")[0] for c in said["channel"]], axis=1)
        listener, roles, at_five = Listener(), [c["role"] for c in said["channel"]], 0.0
        for n in range(len(strips) // PIECE):
            now = listener.hear(strips[n * PIECE: (n + 1) * PIECE], roles)
            at_five = now.bpm if now.seconds <= AT_S else at_five
        key = listener.now.key
        yield (f"{said['slug']:16} tempo {said.get('bpm') or 'unknown'} heard {at_five:.1f}; "
               f"key {said.get('key', 'unknown')} heard {key.name if key else 'none'}")


def next_chords(data: Path) -> dict[str, float]:
    """How often the chord that came was among the first three."""
    tunes = [(train.tokens(tune), tune.minor) for tune in abc.tunes(data / "symbolic/nottingham/ABC_cleaned") if tune.part in abc.KEPT_APART]
    rows = [(chords, minor) for chords, minor, part in songs.progressions(data / "symbolic/chord_progressions.json") if part in abc.KEPT_APART]
    return {"tunes": _top3(tunes), "progressions played twice": _top3((train.rounds(chords), minor) for chords, minor in rows),
            "progressions, first time round": _top3((train.merged(degree + 12 * low for degree, low in chords), minor) for chords, minor in rows)}


def _top3(rows: Iterable[tuple[list[int], bool]]) -> float:
    made_of = corpus()
    hits = [row[n] in np.argsort(-guess(row[:n], minor, made_of))[:3] for row, minor in rows for n in range(1, len(row))]
    return float(np.mean(hits))


def lines(data: Path) -> dict[str, float]:
    """Melodies and basses over kept-apart tunes: tones of the chord on strong beats, tones of the scale, and lines that stand in the corpus."""
    known = set()
    for tune in abc.tunes(data / "symbolic/nottingham/ABC_cleaned"):
        known |= _lines([note[2] for note in tune.notes])
    grounds = []
    for tune in itertools.islice((t for t in abc.tunes(data / "symbolic/nottingham/ABC_cleaned") if t.part in abc.KEPT_APART), LINES):
        score = songs.of_tune(tune)
        spans = [(a, b, Chord(root, minor)) for a, b, root, minor, _ in songs.spans(score) if b <= 64]
        grounds += [Ground(spans, Key(tune.tonic, tune.minor, 1.0), score.metre, 100.0)] if spans else []
    return lines_over(grounds, known)


def lines_over(grounds: Iterable[Ground], known: Set[Steps]) -> dict[str, float]:
    """A seed each. `known`: lines of eight notes that may not come again."""
    strong: list[bool] = []
    scale: list[bool] = []
    copies = 0
    for seed, ground in enumerate(grounds, 1):
        notes = melody(ground, seed, Manner(), corpus())
        strong += [note.pitch % 12 in chord.tones for note in notes if ground.strong(note.at) and (chord := ground.chord_at(note.at))]
        scale += [note.pitch % 12 in ground.key.scale for note in notes]
        for line in (notes, bass(ground, seed, corpus())):
            copies += len(_lines([note.pitch for note in line]) & known)
    return {"chord tones on strong beats": float(np.mean(strong)), "in scale": float(np.mean(scale)), "lines of eight of the corpus": float(copies)}


def lines_made_up() -> dict[str, float]:
    """Over the chords of the band that needs no data; what of the corpus they may not repeat its own filter knows."""
    grounds = [Ground([(4.0 * n, 4.0 * n + 4, chord(name)) for n, name in enumerate(names.split() * 2)], Key(tonic, minor, 1.0), 4, bpm)
               for names, tonic, minor, bpm in MADE_UP for _ in range(LINES // len(MADE_UP))]
    found = lines_over(grounds, set())
    return {name: value for name, value in found.items() if "corpus" not in name}


def _lines(pitches: Sequence[int]) -> set[Steps]:
    return {tuple(b - a for a, b in zip(pitches[n: n + LINE - 1], pitches[n + 1: n + LINE], strict=True)) for n in range(len(pitches) - LINE + 1)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path, nargs="?")
    asked.add_argument("--songs", type=int, default=20)
    asked.add_argument("--font", type=Path, default=next((Path(font) for font in FONTS if Path(font).exists()), None))
    options = asked.parse_args()
    for name, value in ({**next_chords(options.data), **lines(options.data)} if options.data else lines_made_up()).items():
        print(f"{name:34} {value:.3f}", flush=True)
    for line in annotated(options.data) if options.data else ():
        print(line, flush=True)
    if options.data and options.font is None:
        print("no SoundFont: no songs are made, expected --font")
        return
    hear_all(made(options.data, options.font, options.songs) if options.data else made_up())


def hear_all(played: Iterable[Played]) -> None:
    """A row a song, means of them, and every fifth through the program itself."""
    found, shares = [], []
    for n, song in enumerate(played):
        found.append((song.title == PROGRESSION, heard(song)))
        print(f"{song.title[:24]:24} " + " ".join(f"{name} {value:.2f}" for name, value in vars(found[-1][1]).items()), flush=True)
        if n % 5 == 0:
            with tempfile.TemporaryDirectory() as folder:
                shares.append(live(song, Path(folder)))
    for name, wanted in (("tempo", 0.9), ("beats", 0.7), ("key", 0.7), ("chords", 0.7)):
        each = [getattr(figures, name) for _, figures in found]
        parts = [f"{what} {np.mean(some):.3f}" for what, kind in (("tunes", False), ("progressions", True)) if (some := [
            value for value, (progression, _) in zip(each, found, strict=True) if progression == kind])]
        print(f"{name:10} {np.mean(each):.3f}   wanted {wanted}, {len(found)} songs ({', '.join(parts)})")
    print(f"live: chords {np.mean([each[0] for each in shares]):.3f}, {100 * np.mean([each[1] for each in shares]):.1f} % of one core   wanted 0.7, 5 %")


if __name__ == "__main__":
    main()
