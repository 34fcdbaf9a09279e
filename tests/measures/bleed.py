"""What taking bleed down is worth on simulated stages: python -m tests.measures.bleed SONG_DIR [SONG_DIR ...]

Each song's tracks stand on a stage of 7 x 5 x 3 m (RT60 about 0.35 s), a microphone near each that its role has one for; the rest comes by cable, and is
heard from its amplifier. The box hears the song once to learn (soundcheck, then show), and is measured while it hears it again. What its filter did is
then done to the source and to the bleed alone, with the very gains that were given.
  SIR        own source over all bleed in its microphone, energy, before and by how much better (goal: +6 dB where it is under 20 dB)
  SI-SDR     of the own source in the microphone, before and by how much better (goal: no worse than -1 dB); and of the source itself behind the filter
  touched    dB rms that a microphone without bleed is changed by: the same song, dry (goal: 0.2 dB)
A recording that brings bleed of its own (song.toml says so: `bleed = "ride -14 dB"`) loses that, too, and nobody can tell it from what it loses of itself:
from -20 dB on it is marked with *, and is in no mean.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from gigbox._core import ffi, lib

from gigbox.brain.roles.roles import ROLES
from gigbox.engine.core import Engine
from gigbox.engine.song import Song, Track
from gigbox.rack import CHANNELS, FINE_BANDS, HOP, METER_FRAMES, RATE, Rack
from gigbox.render.hops import play
from gigbox.render.render import SOUNDCHECK_S
from gigbox.render.session import Session
from tests.measures.room import heard, impulse
from tests.measures.systems import Material

SIZE, REFLECTS = np.array([7.0, 5.0, 3.0]), 0.6
DELAY = 128                      # frames of look-ahead
BRINGS_DB = -20.0                # bleed in a recording, before it is put on a stage: louder is marked
WHOLE = 19200                    # frames of whole ticks and whole hops: a second hearing has its hops where the first had them
NEAR = {"lead_vocal": 0.08, "backing_vocal": 0.08, "speech": 0.1, "kick": 0.1, "snare": 0.1, "tom": 0.1, "drums": 0.8, "hihat_overhead": 0.4,
        "electric_guitar": 0.15, "acoustic_guitar": 0.25, "keys": 0.3, "synth": 0.3, "bass": 0.2, "strings": 0.3, "brass_sax": 0.25}      # m
HPF = ("on", "frequency", "slope")
LOUD = {"kick": 6, "snare": 8, "tom": 6, "drums": 8, "hihat_overhead": 4, "electric_guitar": 4, "brass_sax": 6, "bass": 3}      # dB on a stage, against a voice


@dataclass(frozen=True)
class Scene:
    """(frames, n) float32 each: of every microphone its own source and all else. `near`: those that are microphones."""

    name: str
    tracks: list[Track]
    own: np.ndarray
    bleed: np.ndarray
    near: list[bool]
    brings: frozenset[int] = frozenset()      # those with bleed of their own


@dataclass(frozen=True)
class Row:
    name: str
    brings: bool
    sir: float
    sir_gain: float
    sdr: float
    sdr_gain: float
    alone: float      # SI-SDR of the source behind the filter
    amount: float


def stage(material: Material, most: int = 8, seed: int = 1) -> Scene:
    """The first tracks of a song, spread over the stage; each as loud as its role is beside a voice."""
    dice, count = np.random.default_rng(seed), min(most, len(material.parts))
    parts = material.parts[:count]
    tracks = [replace(material.song.tracks[p.channels[0]], pair=False) for p in parts]
    sounds = [material.dry[:, list(p.channels)].sum(axis=1) for p in parts]
    angle = np.arange(count) * 2 * np.pi / count + dice.uniform(0, 1)
    places = np.column_stack([3.5 + 2.2 * np.cos(angle), 2.5 + 1.6 * np.sin(angle), np.full(count, 1.3)]) + dice.uniform(-0.2, 0.2, (count, 3))
    own, bleed = np.zeros((2, len(material.dry), count))
    near = [bool(ROLES[t.role].microphone) if t.role in ROLES else False for t in tracks]
    for j, track in enumerate(tracks):
        x = sounds[j] / (np.sqrt(np.mean(sounds[j][np.abs(sounds[j]) > 1e-3] ** 2)) + 1e-9)
        x = x * 10 ** (LOUD.get(track.role, 0) / 20)
        own[:, j] = x if not near[j] else heard(x, impulse(SIZE, places[j], places[j] + [0, NEAR.get(track.role, 0.3), 0], REFLECTS))
        for i in range(count):
            if i != j and near[i]:
                bleed[:, i] += heard(x, impulse(SIZE, places[j], places[i] + [0, NEAR.get(tracks[i].role, 0.3), 0], REFLECTS))
    level = 0.1 / np.sqrt(np.mean((own + bleed) ** 2, axis=0) + 1e-12)
    return Scene(material.song.folder.name, tracks, (own * level).astype(np.float32), (bleed * level).astype(np.float32), near,
                 frozenset(i for i, part in enumerate(parts) if bring_bleed(material.song.folder, part.channels[0])))


def bring_bleed(folder: Path, channel: int) -> bool:
    """Whether song.toml tells of a channel, from 0, that it was recorded, or made, with loud bleed."""
    toml = folder / "song.toml"
    entries = tomllib.loads(toml.read_text("utf-8")).get("channel", []) if toml.exists() else []
    said = str(entries[channel].get("bleed", "")) if channel < len(entries) else ""
    return any(float(db) >= BRINGS_DB for db in re.findall(r"(-?\d+) dB", said))


def staged(material: Material, folder: Path, seed: int, most: int = 8) -> Material:
    """The same band on a stage, as a song in `folder` that the box can open."""
    scene, entries = stage(material, most, seed), []
    for n, track in enumerate(scene.tracks):
        soundfile.write(folder / f"{n + 1}.wav", scene.own[:, n] + scene.bleed[:, n], RATE, "FLOAT")
        entries.append(f"[[channel]]\nfile = '{n + 1}.wav'\nname = {json.dumps(track.name)}\nrole = '{track.role}'\n")
    (folder / "song.toml").write_text("".join(entries), "utf-8")
    return Material(Song.open(folder), scene.own + scene.bleed, len(scene.own), scene.own)


def learn(scene: Scene, mixture: np.ndarray, passes: int = 2, depth: float = 100) -> tuple[list[np.ndarray], dict[str, float]]:
    """The box hears it `passes` times; the gains of each hop of the last, and of every strip what was taken at most, and its high-pass."""
    session, given = Session(scene.tracks, {"box/mode": "soundcheck", "box/denoise": "off", "box/depth": depth}), list[np.ndarray]()
    door, kept = session._door, np.ones((FINE_BANDS, CHANNELS), np.float32)

    def note(rack: Rack) -> None:
        sets = rack.gain_sets
        if door.hear(rack):
            if rack.gain_sets != sets:
                kept[:] = door._product
            given.append(kept.copy())

    session._hear = note
    for _ in range(passes):
        given.clear()
        for at in range(0, len(mixture) - METER_FRAMES + 1, METER_FRAMES):
            if session.mode == "soundcheck" and session.now >= SOUNDCHECK_S:
                session.set({"box/mode": "show"})
            session.play(mixture[at:at + METER_FRAMES])
            session.think()
    values = {path: session.value(path) for n in range(1, len(scene.tracks) + 1) for path in (f"strip/{n}/bleed", *(f"strip/{n}/hpf/{x}" for x in HPF))}
    session.close()
    return given, values


def filtered(sound: np.ndarray, given: list[np.ndarray], values: Mapping[str, float]) -> np.ndarray:
    """The same gains on another sound: (frames, n) behind high-pass and filter; without gains behind the high-pass alone."""
    count, left = sound.shape[1], iter(given)
    values = {**values, **{f"strip/{n}/pan": -1.0 for n in range(1, count + 1)}}

    def hear(rack: Rack) -> None:
        gains = next(left, None)
        if gains is not None:
            lib.gb_give_gains(rack.c, int(rack.c.frames) // HOP, ffi.from_buffer("float[]", gains))

    with Engine(count, values | {"box/denoise": 0, "box/lookahead": 1}) as engine:
        engine.rack.want(1 << 60)
        engine.process(np.zeros((METER_FRAMES, count), np.float32))
        _, stems = play(engine, sound, hear, stems=True)
    assert stems is not None
    return stems[DELAY:, :, 0].astype(float)


def db(power: float) -> float:
    return float(10 * np.log10(power + 1e-15))


def si_sdr(found: np.ndarray, true: np.ndarray) -> float:
    aim = true * (found @ true) / (true @ true + 1e-15)
    return db(float(aim @ aim) / (float(np.sum((found - aim) ** 2)) + 1e-15))


def rows(scene: Scene) -> list[Row]:
    frames = len(scene.own) // WHOLE * WHOLE
    given, values = learn(scene, (scene.own + scene.bleed)[:frames])
    (clean, own), (other, bleed) = ([filtered(x[:frames], gains, values) for gains in ([], given)] for x in (scene.own, scene.bleed))
    found = []
    for n, track in enumerate(scene.tracks):
        if not scene.near[n]:
            continue
        true, rest, out, left = (x[:, n] for x in (clean, other, own, bleed))
        before, after = db((true @ true) / (rest @ rest + 1e-12)), db((out @ out) / (left @ left + 1e-12))
        sdr = si_sdr(true + rest, true)
        taken = values[f"strip/{n + 1}/bleed"]
        found.append(Row(track.name, n in scene.brings, before, after - before, sdr, si_sdr(out + left, true) - sdr, si_sdr(out, true), taken))
    return found


def touched(material: Material, most: int = 8) -> list[tuple[str, float, float]]:
    """Of each track of a dry song: dB rms by which it is changed, over 100 ms while it plays, and what may be taken."""
    tracks = [replace(t, pair=False) for t in material.song.tracks[:most]]
    frames = len(material.dry) // WHOLE * WHOLE
    dry = np.ascontiguousarray(material.dry[:frames, :most])
    scene = Scene(material.song.folder.name, tracks, dry, dry * 0, [True] * most)
    given, values = learn(scene, dry)
    clean, out = (filtered(dry, gains, values) for gains in ([], given))
    found = []
    for n, track in enumerate(tracks):
        a, b = (np.mean(x[: len(x) // METER_FRAMES * METER_FRAMES, n].reshape(-1, METER_FRAMES) ** 2, axis=1) for x in (clean, out))
        plays = a > a.max() * 1e-4
        name = track.name + "*" * bring_bleed(material.song.folder, n)
        found.append((name, float(np.sqrt(np.mean((10 * np.log10((b[plays] + 1e-15) / a[plays])) ** 2))), values[f"strip/{n + 1}/bleed"]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=1, help="stages a song")
    parser.add_argument("--most", type=int, default=8, help="sources on it")
    parser.add_argument("--dry", action="store_true", help="only how far dry songs are touched")
    options = parser.parse_args()
    print("| song | source | SIR dB | SIR gain | SI-SDR | gain | source alone | amount |\n|---|---|---|---|---|---|---|---|")
    everything: list[Row] = []
    for folder in options.songs:
        material = Material.read(Song.open(folder))
        for seed in range(options.seeds if not options.dry else 0):
            for row in rows(stage(material, options.most, seed)):
                everything.append(row)
                figures = f"{row.sir:.1f} | {row.sir_gain:+.1f} | {row.sdr:.1f} | {row.sdr_gain:+.1f} | {row.alone:.1f} | {row.amount:.0f}"
                print(f"| {folder.name} | {row.name}{'*' * row.brings} | {figures} |", flush=True)
        for name, rms, amount in touched(material, min(options.most, material.dry.shape[1])):
            print(f"| {folder.name}, dry | {name} | | | | touched {rms:.2f} dB | | {amount:.0f} |", flush=True)
    clean = [r for r in everything if not r.brings]
    for what, some in (("under 20 dB", [r for r in clean if r.sir < 20]), ("where something is taken", [r for r in clean if r.amount])):
        if some:
            sir, sdr, worst = np.mean([r.sir_gain for r in some]), np.mean([r.sdr_gain for r in some]), min(r.sdr_gain for r in some)
            print(f"\n{len(some)} microphones {what}: SIR {sir:+.1f} dB, SI-SDR {sdr:+.1f} dB (worst {worst:+.1f})")


if __name__ == "__main__":
    main()
