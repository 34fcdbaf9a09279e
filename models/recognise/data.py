"""Recordings as the core hears them, kept in one file: band powers of a frame (4 hops, 21.3 ms) in half decibels, and an index of what they are.

    python -m models.recognise.data --data DIR --packages DIR --out FOLDER [--part 1/2] [--every 3]

What is kept once as it is is also kept sped up or slowed down, in rooms, through amplifiers, cheap codecs and filters: all that bands alone
cannot imitate afterwards. The rest is done anew each time a window is drawn (augment.py).
"""

from __future__ import annotations

import argparse
import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import signal

from gigbox.brain.who.recogniser import FRAME_S, POOLED
from models.denoise.features import LEAST, WHOLE
from models.recognise import amps
from models.recognise.corpus import Take, generator, jobs
from models.recognise.midi import RATE, Sound
from models.recognise.sampler import load
from models.recognise.scores import Random
from models.recognise.sources import Unpacked

LOWEST_DB, STEP_DB = -115.0, 0.5      # what 0 means, and 1 more: -115..+12.5 dB
Levels = npt.NDArray[np.uint8]


def levels(sound: Sound) -> Levels:
    """(frames, 32) of a (n,) sound at 48 kHz."""
    out = []
    for at in range(0, len(sound), 1 << 18):      # in pieces, each with what its windows reach back into
        begin = max(at - 1024, 0)
        power = WHOLE.sums(WHOLE.spectra(sound[begin:at + (1 << 18)]))[(at - begin) // 256:]
        out.append(power)
    power = np.concatenate(out)
    power = power[: len(power) // POOLED * POOLED].reshape(-1, POOLED, power.shape[1]).mean(axis=1)
    return np.clip(np.rint((10 * np.log10(power + LEAST) - LOWEST_DB) / STEP_DB), 0, 255).astype(np.uint8)


def variants(take: Take, rooms: list[Sound]) -> Iterator[tuple[int, Sound]]:
    """As it is, and changed; how often depends on how rare it is."""
    rng = generator("variants " + take.name)
    yield 0, take.sound
    if take.kind in ("silence_noise", "noise"):
        return
    real = "/" in take.name
    more = 5 if real and take.kind != "singing" else 2 if real else 1
    for n in range(1, more + 1):
        yield n, changed(rng, take, rooms)


def changed(rng: Random, take: Take, rooms: list[Sound]) -> Sound:
    sound = take.sound
    speed = 2 ** rng.uniform(-0.33, 0.33)
    sound = np.interp(np.arange(0, len(sound) - 1, speed), np.arange(len(sound)), sound).astype(np.float32)
    if rng.random() < 0.12:
        sound = np.tanh(sound / np.abs(sound).max() * 10 ** rng.uniform(0, 0.7)).astype(np.float32)
    if rng.random() < 0.45:
        sound = _in_room(rng, sound, rooms)
    if rng.random() < 0.2:
        sound = _coded(sound, rng.uniform(0.0, 0.5))
    if rng.random() < 0.2:
        sound = _narrow(rng, sound)
    return amps.level(sound)


def _in_room(rng: Random, sound: Sound, rooms: list[Sound]) -> Sound:
    """A measured room or a made one, near or far."""
    if rooms and rng.random() < 0.5:
        room = rooms[rng.integers(len(rooms))]
    else:
        seconds = rng.uniform(0.15, 1.6)
        t = np.arange(int(seconds * RATE)) / RATE
        room = (rng.standard_normal(len(t)) * 10 ** (-3 * t / seconds)).astype(np.float32)
        room = signal.sosfilt(signal.butter(1, rng.uniform(2000, 12000), fs=RATE, output="sos"), room).astype(np.float32)
    wet = signal.fftconvolve(sound, room)[: len(sound)]
    wet *= np.std(sound) / (np.std(wet) + 1e-9) * 10 ** (rng.uniform(-22, 0) / 20)
    return np.asarray(sound + wet, np.float32)


def _coded(sound: Sound, quality: float) -> Sound:
    """Through Vorbis and back."""
    with io.BytesIO() as memory:
        with soundfile.SoundFile(memory, "w", RATE, 1, "VORBIS", format="OGG", compression_level=1 - quality) as file:
            for at in range(0, len(sound), 1 << 14):
                file.write(sound[at:at + (1 << 14)])
        memory.seek(0)
        return np.asarray(soundfile.read(memory, dtype="float32")[0], np.float32)


def _narrow(rng: Random, sound: Sound) -> Sound:
    """As low sampling rates leave it."""
    return np.asarray(signal.sosfilt(signal.butter(8, rng.choice([5000, 7500, 10500, 15000]), fs=RATE, output="sos"), sound), np.float32)


@dataclass(frozen=True)
class Entry:
    """Frames [start, start + count) of a pool are this."""

    kind: str
    source: str
    name: str
    variant: int
    start: int
    count: int

    @property
    def recorded(self) -> bool:
        """Of the data folder, whose recordings are called by a folder and a file."""
        return "/" in self.name


class Pool:
    """All parts of a folder: `frames` (n, 32) uint8 and `entries`."""

    def __init__(self, folder: Path) -> None:
        parts, self.entries, at = [], [], 0
        for index in sorted(folder.glob("*.csv")):
            frames = np.fromfile(index.with_suffix(".u8"), np.uint8).reshape(-1, 32)
            with index.open(newline="") as file:
                for row in csv.reader(file):
                    if int(row[4]) + int(row[5]) <= len(frames):
                        self.entries.append(Entry(row[0], row[1], row[2], int(row[3]), at + int(row[4]), int(row[5])))
            parts.append(frames)
            at += len(frames)
        self.frames = np.concatenate(parts)


def write(data: Path, packages: Path, out: Path, part: tuple[int, int], every: int = 1) -> None:
    out.mkdir(parents=True, exist_ok=True)
    rooms = [level_room(load(p)) for p in sorted((data / "denoise/rir").glob("*.*"))]
    begin, at = time.monotonic(), 0
    todo = jobs(data, Unpacked(packages), every)[part[0]::part[1]]
    with (out / f"{part[0]}.csv").open("w", newline="") as index, (out / f"{part[0]}.u8").open("wb") as file:
        rows = csv.writer(index)
        for n, job in enumerate(todo):
            for take in job():
                for variant, sound in variants(take, rooms):
                    if len(sound) < RATE:
                        continue
                    heard = levels(sound)
                    file.write(heard.tobytes())
                    rows.writerow([take.kind, take.source, take.name, variant, at, len(heard)])
                    at += len(heard)
            file.flush()
            index.flush()
            if n % 50 == 0:
                print(f"{n} of {len(todo)} jobs, {at * FRAME_S / 3600:.2f} h in {time.monotonic() - begin:.0f} s", flush=True)


def level_room(room: Sound) -> Sound:
    """Its tail alone, without the direct sound."""
    peak = int(np.argmax(np.abs(room)))
    return np.asarray(room[peak + 48:][: 2 * RATE], np.float32)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="folder with instruments/ and denoise/")
    p.add_argument("--packages", type=Path, required=True, help="made by models.recognise.sources")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--part", default="0/1", help="k/n: every nth job from the kth on, for several processes")
    p.add_argument("--every", type=int, default=1, help="of what is played or made here, every nth only; recordings all")
    options = p.parse_args()
    part, parts = map(int, options.part.split("/"))
    write(options.data, options.packages, options.out, (part, parts), options.every)


if __name__ == "__main__":
    main()
