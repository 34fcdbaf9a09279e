"""The mixes that are compared: the box's own, and three that need no ears: the raw sum, equal loudness, and the static table of roles."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile

from gigbox.engine.player import Player
from gigbox.engine.song import Song
from gigbox.render.render import Options, render
from tests.measures.balance import gains
from tests.measures.loudness import HOP, RATE, active, decibels, k_power
from tests.measures.places import OFFSETS, Part, parts

EVEN_LUFS = -23.0       # where the baselines put the lead, or everybody
NAME = "gigbox"
QUIETEST_LUFS = -70.0   # nothing below plays, whatever gain its preamplifier lacks


@dataclass(frozen=True)
class Material:
    """A song as it comes in. `dry`: (frames, channels) float32, looped to the seconds asked for; `roles` are those of song.toml.
    `alone`: the same without what microphones hear of the others, where that is known: who plays, and how loud, is told by it."""

    song: Song
    dry: np.ndarray
    one_pass: int      # frames of the song itself
    alone: np.ndarray | None = None

    @classmethod
    def read(cls, song: Song, seconds: float | None = None) -> Material:
        with Player(song) as player:
            frames = player.frames if seconds is None else round(seconds * RATE)
            return cls(song, np.concatenate(list(player.pieces(frames))), player.frames)

    @cached_property
    def parts(self) -> list[Part]:
        return parts(self.song)

    @property
    def roles(self) -> list[str]:
        return [p.role for p in self.parts]

    @property
    def ticks(self) -> int:
        return len(self.dry) // HOP

    @cached_property
    def powers(self) -> np.ndarray:
        """K-weighted power of each part as it comes in, (ticks, parts)."""
        sources = self.dry if self.alone is None else self.alone
        return np.stack([k_power(sources[:, list(p.channels)]) for p in self.parts], axis=1)

    @cached_property
    def on(self) -> np.ndarray:
        """Who plays when, (ticks, parts): the same for every system."""
        return np.stack([active(power, QUIETEST_LUFS) for power in self.powers.T], axis=1)

    @cached_property
    def loudness(self) -> np.ndarray:
        """LUFS of each part over its playing time; NaN for one that never plays."""
        return np.array([decibels(power[on].mean()) - 0.691 if on.any() else np.nan for power, on in zip(self.powers.T, self.on.T, strict=True)])


@dataclass(frozen=True)
class Mixed:
    """What a system made. `stems`: a (frames, 2) float32 for each part, behind its fader; `gain`: (ticks, parts) dB of trim and fader;
    `mix`: (frames, 2)."""

    system: str
    stems: list[np.ndarray]
    gain: np.ndarray
    mix: np.ndarray

    @cached_property
    def powers(self) -> np.ndarray:
        """K-weighted power of each part in the mix, (ticks, parts)."""
        return np.stack([k_power(stem)[:len(self.gain)] for stem in self.stems], axis=1)


def raw(material: Material) -> Mixed:
    """Every fader at 0 dB."""
    return _with_gains("raw sum", material, np.zeros(len(material.parts)))


def equal(material: Material) -> Mixed:
    """Every part that ever plays brought to one loudness."""
    return _with_gains("equal loudness", material, EVEN_LUFS - material.loudness)


def static(material: Material) -> Mixed:
    """Every part brought to one loudness, then offset by its role, and left there."""
    return _with_gains("static table", material, EVEN_LUFS - material.loudness + np.array([OFFSETS.get(r, 0) for r in material.roles]))


def ours(material: Material, roles: str = "given", hand: Mapping[str, object] | None = None) -> Mixed:
    """The box's render. `roles`: "given", "named" where the box is told names alone, or "heard", not even these; `hand`: hand values by path."""
    song = material.song if roles == "given" else material.song.without_roles(names=roles == "named")
    with tempfile.TemporaryDirectory() as temp:
        out = Path(temp) / "out"
        render(song, out, Options(stems=True, seconds=len(material.dry) / RATE, hand=hand or {}))
        audio = [soundfile.read(f, dtype="float32")[0] for f in sorted((out / "stems").glob("*.flac"))]
        curves = gains(out, material.ticks)
        mix = soundfile.read(out / "mix.flac", dtype="float32")[0]
    gain = [sum(curves.get((p.channels[0] + 1, name), np.zeros(material.ticks)) for name in ("level", "trim")) for p in material.parts]
    return Mixed(NAME, [np.sum([audio[c] for c in p.channels], axis=0) for p in material.parts], np.stack(gain, axis=1), mix)


def bleeding(material: Material, roles: str = "given", hand: Mapping[str, object] | None = None) -> Mixed:
    """The box's render, and nothing that a microphone hears of the others is taken down."""
    left = {f"strip/{n}/bleed": 0.0 for n in range(1, len(material.song.tracks) + 1)}
    return replace(ours(material, roles, {**(hand or {}), **left}), system=f"{NAME}, bleed left")


OURS: dict[str, Callable[[Material, str, Mapping[str, object]], Mixed]] = {"ours": ours, "bleeding": bleeding}
BASELINES: dict[str, Callable[[Material], Mixed]] = {"raw": raw, "equal": equal, "static": static}


def _with_gains(system: str, material: Material, gain: np.ndarray) -> Mixed:
    """Single parts in the middle (constant power), stereo ones to their sides; the sum, unlimited."""
    gain = np.nan_to_num(gain)
    stems = []
    for part, db in zip(material.parts, gain, strict=True):
        sound = material.dry[:, list(part.channels)] * np.float32(10 ** (db / 20))
        stems.append(sound if sound.shape[1] == 2 else np.repeat(sound * np.float32(0.5 ** 0.5), 2, axis=1))
    return Mixed(system, stems, np.tile(gain, (material.ticks, 1)), np.sum(stems, axis=0))
