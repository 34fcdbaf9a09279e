"""The validation set: pairs of about 5 s from recordings that training never hears (other speakers, songs, noises, rooms, sources), always the same.

The conditions are those of the prototype's report, so that figures can be laid side by side. A folder of pairs made by anybody can stand in for it:

    python -m models.denoise.validation --data DIR --out FOLDER      # writes the set as such a folder, to listen to
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
import soxr
from scipy import signal

from models.denoise.measures import Sound, active, active_level, decibels
from models.denoise.recordings import CHOOSE, RATE, Recording, find, load, of

SEED = 20261122
FRAMES = 5 * RATE
LONG = 5.5                     # seconds: such a noise is more than one clip of ESC
SPEECH, SINGING, CLEAN, NOISE = "speech", "singing", "clean", "noise"       # what a condition begins with
SNRS = (0.0, 2.5, 5.0, 7.5, 10.0, 12.5, 15.0)
ROOM_SNRS = SNRS[2:]           # tails fill the pauses: noise is heard sooner than at the same ratio in a dry voice
HOW_MANY = {"speech-stationary": 25, "speech-changing": 17, "speech-room": 10, "singing-stationary": 9, "singing-changing": 8, "singing-room": 7,
            "noise": 6, "clean-speech": 6, "clean-singing": 6, "clean-music": 14}
# What noises are steady, by the beginning of their file name (of ESC: its class); the others change.
STEADY = ("esc10_rain", "esc10_sea-waves", "esc10_helicopter", "esc10_chainsaw", "blanket_boat", "blanket_rain", "blanket_waves", "clock_waves",
          "degrader_hum", "household_aircon", "household_dishwasher", "household16k_vacuuming", "roomtone", "ssel_water")
MADE_STEADY = ("made-hum", "made-hiss", "made-aircon")
BABBLE = "made-babble"                                                      # out of other voices that are kept apart
ROLES = {SPEECH: "speech", SINGING: "lead_vocal"}                           # names of gigbox.params.ROLES
Random = np.random.Generator
Card = TypeVar("Card")


@dataclass(frozen=True)
class Pair:
    """`clean`: silence for noise alone; `noisy`: the same where nothing was added. `role`: a name of gigbox.params.ROLES, or "" for unknown."""

    name: str
    condition: str
    role: str
    clean: Sound
    noisy: Sound


class Sources:
    """What is kept apart, by kind, and noises by how they behave."""

    def __init__(self, recordings: list[Recording], fold: int) -> None:
        self.speech, self.singing, self.music, noises, self.rooms = (
            sorted(of(recordings, kind, fold), key=lambda r: r.path.name) for kind in ("speech", "singing", "instrument", "noise", "room"))
        self.steady = [r for r in noises if r.path.name.startswith(STEADY)]
        self.changing = [r for r in noises if not r.path.name.startswith(STEADY)]

    def of_key(self, key: str) -> list[Recording]:
        return [r for r in self.speech if r.key == key]


def pairs(data: Path, fold: int = CHOOSE) -> Iterator[Pair]:
    """The set, in an order that never changes, from a folder of recordings (see recordings.find)."""
    sources, rng = Sources(find(data), fold), np.random.default_rng(SEED)
    speakers = sorted({r.key for r in sources.speech})
    speakers += [key for key in speakers if sum(r.seconds for r in sources.of_key(key)) > 60]          # who says more comes twice as often
    long = [r for r in sources.changing if r.seconds > LONG]
    steady: list[Recording | str] = [*sources.steady, *MADE_STEADY]
    changing: list[Recording | str] = [*sources.changing, *(r for r in long if r.seconds > 3 * LONG), BABBLE, BABBLE]
    decks: dict[str, list[Recording | str]] = {"stationary": steady, "changing": changing, "room": [*_deck(rng, steady, 4), *_deck(rng, changing, 4)],
                                               "noise": [*_deck(rng, steady, 4), *_deck(rng, long, 2)]}
    for condition, count in HOW_MANY.items():
        kind, _, rest = condition.partition("-")
        noises = _deck(rng, decks.get(rest or kind, [""]), count)
        snrs = [*_deck(rng, ROOM_SNRS if rest == "room" else SNRS, count - 1), 20.0]
        voices: dict[str, list[Recording | str]] = {SPEECH: [*speakers], SINGING: [*sources.singing]}
        wanted = _deck(rng, voices.get(rest if kind == CLEAN else kind, [*sources.music]), count)
        rooms = _deck(rng, sources.rooms, count)
        for n in range(count):
            yield _pair(sources, f"{condition}_{n:02d}", condition, wanted[n], noises[n], snrs[n], rooms[n] if rest == "room" else None)


def read_folder(folder: Path) -> Iterator[Pair]:
    """Pairs made by others: clean/NAME.wav and noisy/NAME.wav of any rate, averaged to mono.

    The condition and the role are those of conditions.csv (columns name, condition and, if wanted, role), else the condition is what stands before
    the first `_` of NAME, and the role follows from it.
    """
    listed = folder / "conditions.csv"
    rows = {row["name"]: row for row in csv.DictReader(listed.open(newline=""))} if listed.exists() else {}
    files = sorted((folder / "noisy").glob("*.wav"))
    if not files:
        raise FileNotFoundError(f"{folder}/noisy: no .wav in it, expected pairs clean/NAME.wav and noisy/NAME.wav")
    for file in files:
        if rows and file.stem not in rows:
            raise ValueError(f"{listed}: no line for {file.stem}")
        row = rows.get(file.stem, {})
        condition = row.get("condition") or file.stem.partition("_")[0]
        noisy, clean = _read(file), _read(folder / "clean" / file.name)
        n, kind = min(len(noisy), len(clean)), kind_of(condition)
        yield Pair(file.stem, condition, row.get("role") or ROLES.get(kind, "" if kind == CLEAN else "speech"), clean[:n], noisy[:n])


def write_folder(found: Iterator[Pair], folder: Path) -> int:
    """The pairs as a folder that read_folder reads; how many there are."""
    for name in ("clean", "noisy"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with (folder / "conditions.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("name", "condition", "role"))
        count = 0
        for pair in found:
            count += 1
            rows.writerow((pair.name, pair.condition, pair.role))
            for name, sound in (("clean", pair.clean), ("noisy", pair.noisy)):
                soundfile.write(folder / name / f"{pair.name}.wav", sound, RATE, "FLOAT")
    return count


def kind_of(condition: str) -> str:
    """speech, singing, clean or noise; what is named otherwise counts as noisy speech."""
    kind = condition.partition("-")[0]
    return kind if kind in (SPEECH, SINGING, CLEAN, NOISE) else SPEECH


def mixed(clean: Sound, unwanted: Sound, snr_db: float) -> Sound:
    """clean + unwanted, `snr_db` apart in active level."""
    gain = 10 ** ((active_level(clean) - active_level(unwanted) - snr_db) / 20)
    return np.asarray(clean + np.float32(gain) * unwanted, np.float32)


def _pair(sources: Sources, name: str, condition: str, wanted: Recording | str, noise: Recording | str, snr_db: float, room: Recording | None) -> Pair:
    rng = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    kind, level = kind_of(condition), rng.uniform(-32, -22)
    role = ROLES.get(condition.removeprefix("clean-").partition("-")[0], "speech")
    sound = _said(rng, sources.of_key(wanted)) if isinstance(wanted, str) else _played(rng, wanted)
    if room is not None:
        sound = _in_room(rng, sound, load(room.path))
    if isinstance(wanted, Recording) and wanted.kind == "instrument":
        role = wanted.path.parent.name
    clean = _at(sound, level)
    if kind == CLEAN:
        return Pair(f"{name}_{_called(wanted)}", condition, role, clean, clean)
    unwanted = _noise(rng, sources, noise, wanted)
    if kind == NOISE:
        return Pair(f"{name}_{_called(noise)}", condition, "speech", np.zeros(FRAMES, np.float32), _at(unwanted, level - 10))
    noisy = mixed(clean, unwanted, snr_db)
    gain = np.float32(min(1.0, 0.97 / float(np.max(np.abs(noisy)))))
    return Pair(f"{name}_{_called(wanted)}_{_called(noise)}_{snr_db:g}dB", condition, role, clean * gain, noisy * gain)


def _said(rng: Random, takes: list[Recording]) -> Sound:
    """Takes of one speaker in any order with short pauses, all at one level, without the silence around them."""
    pieces: list[Sound] = []
    while sum(map(len, pieces)) < FRAMES:
        for n in rng.permutation(len(takes)):
            pieces += [_at(_faded(_spoken(load(takes[n].path))), -26.0), np.zeros(int(rng.uniform(0.08, 0.3) * RATE), np.float32)]
    return _faded(np.concatenate(pieces)[:FRAMES])


def _spoken(take: Sound) -> Sound:
    """From 50 ms before it is active to 100 ms behind."""
    on = np.flatnonzero(active(take))
    return take[max(on[0] - RATE // 20, 0):on[-1] + RATE // 10]


def _played(rng: Random, recording: Recording) -> Sound:
    """5 s out of a recording: one of those where most is going on; a short one is followed by silence."""
    sound = load(recording.path)
    if len(sound) <= FRAMES:
        return _whole(_faded(sound))
    starts = np.arange(0, len(sound) - FRAMES, RATE // 2)
    on = np.cumsum(np.concatenate([[0], active(sound)]))
    busy = on[starts + FRAMES] - on[starts]
    start = int(rng.choice(starts[busy >= np.median(busy)]))
    return _faded(sound[start:start + FRAMES])


def _noise(rng: Random, sources: Sources, noise: Recording | str, wanted: Recording | str) -> Sound:
    if noise == BABBLE:
        others = sorted({r.key for r in sources.speech} - {wanted})
        return np.asarray(sum(_at(_said(rng, sources.of_key(key)), rng.uniform(-32, -26)) for key in rng.choice(others, 4, replace=False)), np.float32)
    if isinstance(noise, str):
        return _made(rng, noise)
    sound = _steady_part(load(noise.path)) if noise.path.name.startswith(STEADY) else _heard(load(noise.path))
    if len(sound) > FRAMES:
        start = int(rng.integers(len(sound) - FRAMES))
        return sound[start:start + FRAMES]
    pause = 0 if noise.path.name.startswith(STEADY) or len(sound) > 3 * RATE else int(rng.uniform(0.3, 0.9) * RATE)
    return _looped(sound, pause)


def _made(rng: Random, what: str) -> Sound:
    """Steady noises of a stage there are no recordings of here; other code than training's, on purpose."""
    white, t = rng.standard_normal(FRAMES), np.arange(FRAMES) / RATE
    mains = rng.choice([50.0, 60.0])
    buzz = sum(np.sin(2 * np.pi * mains * k * t + rng.uniform(0, 6.3)) * k ** -1.2 for k in (1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17, 19))
    if what == "made-hum":
        return np.asarray(buzz + 0.02 * white, np.float32)
    if what == "made-hiss":
        return np.asarray(signal.lfilter([1, -0.4], [1], white), np.float32)
    dark = signal.sosfilt(signal.butter(1, [80, 500], "band", fs=RATE, output="sos"), white)       # air through a grille, and its motor
    return np.asarray(dark / np.std(dark) + 0.1 * buzz + 0.02 * white, np.float32)


def _steady_part(sound: Sound) -> Sound:
    """The longest stretch whose level over 0.2 s stays within 4 dB of the loud half's median; all of it where that is under 1.5 s."""
    step = RATE // 5
    level = np.array([decibels(float(np.mean(np.square(sound[at:at + step])))) for at in range(0, len(sound) - step + 1, step)])
    near = np.abs(level - np.median(level[level >= np.median(level)])) < 4
    edges = np.flatnonzero(np.diff(np.concatenate([[0], near.astype(int), [0]])))
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda e: e[1] - e[0])
    return sound[start * step:end * step] if end - start > 7 else sound


def _heard(sound: Sound) -> Sound:
    """Without digital silence at its ends."""
    on = np.flatnonzero(np.abs(sound) > 1e-4 * np.max(np.abs(sound)))
    return sound[on[0]:on[-1] + 1]


def _looped(sound: Sound, pause: int) -> Sound:
    """FRAMES frames of it again and again: cross-faded over 50 ms, or with pauses."""
    fade = min(RATE // 20, len(sound) // 4)
    ramp = np.ones(len(sound), np.float32)
    ramp[:fade] = np.sin(np.pi / 2 * (np.arange(fade) + 0.5) / fade)
    ramp[len(ramp) - fade:] = ramp[:fade][::-1]
    faded, out = sound * ramp, np.zeros(FRAMES + len(sound), np.float32)
    for at in range(0, FRAMES, len(sound) - fade + pause):
        out[at:at + len(sound)] += faded
    return out[:FRAMES]


def _in_room(rng: Random, sound: Sound, room: Sound) -> Sound:
    """A measured room from its first sound on; a stage microphone stands nearer than the measurement's, so half of the tails are 6 dB lower."""
    peak = int(np.argmax(np.abs(room)))
    heard = room[max(peak - 24, 0):].copy()
    if rng.random() < 0.5:
        heard[120:] *= np.float32(0.5)
    return np.asarray(signal.fftconvolve(sound, heard)[:FRAMES], np.float32)


def _at(sound: Sound, level: float) -> Sound:
    """At an active level, in dB, unless a peak would pass full scale."""
    gain = 10 ** ((level - active_level(sound)) / 20)
    return np.asarray(sound * np.float32(min(gain, 0.97 / max(float(np.max(np.abs(sound))), 1e-9))), np.float32)


def _faded(sound: Sound) -> Sound:
    """10 ms in and out."""
    fade = min(480, len(sound) // 2)
    out = sound.copy()
    out[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
    out[len(out) - fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out


def _whole(sound: Sound) -> Sound:
    return np.pad(sound, (0, FRAMES - len(sound)))


def _deck(rng: Random, cards: Sequence[Card], count: int) -> list[Card]:
    """`count` cards out of shuffled decks: each as often as any other, none in step with another deck."""
    dealt: list[Card] = []
    while len(dealt) < count:
        dealt += [cards[n] for n in rng.permutation(len(cards))]
    return dealt[:count]


def _called(what: Recording | str) -> str:
    name = what if isinstance(what, str) else what.path.stem
    return "".join(c if c.isalnum() or c in "-." else "-" for c in name.removeprefix("esc10_"))


def _read(path: Path) -> Sound:
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = sound.mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, RATE) if rate != RATE else mono, np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with denoise/ and instruments/")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    print(f"{options.out}: {write_folder(pairs(options.data), options.out)} pairs")


if __name__ == "__main__":
    main()
