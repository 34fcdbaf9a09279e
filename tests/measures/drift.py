"""What the box does when something happens on stage: python -m tests.measures.drift SONG_DIR [SONG_DIR ...]

Each song is looped to 75 s (20 s of soundcheck, then show) and played twice: as it is, and with something happening to one source at 40 s
(tests/measures/scripts.py). A row a song and script, from stems and faders alone; the undisturbed run is what it is compared with:
  recovered   seconds after the event (after its end, where it ends) until the source is heard within 2 LU (over 1 s) of how loud it is
              undisturbed, and stays so; of a source that is gone: until the gains of all others are (that they give way no more is meant)
  off by      LU that it is still away on average over the last 10 s
  to the rest the same of its loudness against all others together: where these give way to it, that is what is heard
  overshoot   dB by which its gain, less its undisturbed course, went beyond where it ends
  others      dB: the furthest that the gain of any other source went away from its undisturbed course
  false rides dB of upward movement of any source while it was silent, from the event on
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gigbox.engine.song import Song
from gigbox.rack import METER_FRAMES, RATE
from tests.measures.balance import false_rise
from tests.measures.loudness import decibels, k_power
from tests.measures.mixture import markdown, table_rows
from tests.measures.performance import perform
from tests.measures.places import LAR
from tests.measures.scripts import SCRIPTS, Script
from tests.measures.systems import Material

EVENT_S, WHOLE_S = 40.0, 75.0
NEAR_LU, SECOND = 2.0, 10      # ticks
FAR_DOWN = 1e-9


@dataclass(frozen=True)
class Run:
    """`powers`: K-weighted, of each part behind its fader; `gain`: dB of trim and fader; both (ticks, parts)."""

    powers: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Drift:
    recovered_s: float
    off_lu: float
    off_rest_lu: float
    overshoot_db: float
    others_db: float
    false_rides_db: float


def play(material: Material, style: str, roles: str = "given") -> Run:
    """The material through a session of its own: soundcheck for 20 s, then show."""
    song = material.song if roles == "given" else material.song.without_roles(names=roles == "named")
    stems = np.empty((material.ticks * METER_FRAMES, len(song.tracks), 2), np.float32)
    gain = np.empty((material.ticks, len(material.parts)))
    for t, (session, strips) in enumerate(perform(song.tracks, material.dry, style, roles)):
        stems[t * METER_FRAMES:(t + 1) * METER_FRAMES] = strips
        gain[t] = [sum(session.value(f"strip/{p.channels[0] + 1}/{name}") for name in ("level", "trim")) for p in material.parts]
    return Run(np.stack([k_power(stems[:, list(p.channels)].sum(axis=1)) for p in material.parts], axis=1), gain)


def subject(material: Material, script: Script) -> int | None:
    """The part that it happens to: the first role of the script that the song has, the first of that role."""
    return next((material.roles.index(role) for role in script.roles if role in material.roles), None)


def disturbed(material: Material, script: Script, who: int, at_s: float = EVENT_S) -> Material:
    return replace(material, dry=script.apply(material.dry, material.parts[who].channels, round(at_s * RATE)))


def compare(script: Script, who: int, as_is: Run, drifted: Run, on: np.ndarray, dry: np.ndarray, at_s: float = EVENT_S) -> Drift:
    """`on`: (ticks, parts) who plays undisturbed; `dry`: (ticks, parts) K-weighted powers of what came in, disturbed."""
    at = round(at_s * 10)
    end = at + round(script.ends * 10)
    others = [i for i in range(on.shape[1]) if i != who]
    moved = drifted.gain - as_is.gain
    away = moved if script.gone else _away(as_is.powers, drifted.powers, on)
    watched = others if script.gone else [who]
    far = np.flatnonzero((np.abs(away[end:, watched]) >= NEAR_LU).any(axis=1))
    recovered = 0.0 if not len(far) else (far[-1] + 1) / 10
    if len(far) and not np.isfinite(away[end + far[-1] + 1:, watched]).any():
        recovered = float("inf")      # nothing of it was heard within 2 LU since
    rises = [false_rise(drifted.gain[:, i], dry[:, i])[at:].sum() for i in range(on.shape[1])]
    rest = float("nan") if script.gone else _off(away[:, who] - _rest_away(as_is.powers, drifted.powers, others))
    return Drift(recovered, _off(away[:, watched]), rest, _overshoot(moved[at:, who]),
                 float(np.abs(moved[at:, others]).max()) if others else 0.0, float(max(rises)))


def _away(as_is: np.ndarray, drifted: np.ndarray, on: np.ndarray) -> np.ndarray:
    """LU between the two runs over the last second; NaN where the part does not play for at least half of it, undisturbed."""
    second = np.ones(SECOND)
    away = np.full(on.shape, np.nan)
    for i in range(on.shape[1]):
        playing, a, b = (np.convolve(x, second)[: len(on)] for x in (on[:, i], as_is[:, i] * on[:, i], drifted[:, i] * on[:, i]))
        heard = playing >= SECOND / 2
        away[heard, i] = decibels(b[heard] + FAR_DOWN) - decibels(a[heard] + FAR_DOWN)
    return away


def _rest_away(as_is: np.ndarray, drifted: np.ndarray, others: list[int]) -> np.ndarray:
    """LU between the two runs of the others together over the last second, (ticks,)."""
    a, b = (np.convolve(x[:, others].sum(axis=1), np.ones(SECOND))[: len(x)] for x in (as_is, drifted))
    return decibels(b + FAR_DOWN) - decibels(a + FAR_DOWN)


def _off(away: np.ndarray) -> float:
    """LU on average over the last 10 s; NaN where nothing was heard then."""
    last = np.abs(away[-100:])
    return float(np.nanmean(last)) if np.isfinite(last).any() else float("nan")


def _overshoot(course: np.ndarray) -> float:
    """dB beyond the end (the mean of the last 2 s), in the direction it went; of a gain that ends where it began, either way."""
    final = course[-20:].mean()
    went = final - course[0]
    beyond = course - final
    return float(max(0.0, (beyond * np.sign(went)).max() if abs(went) > 0.5 else np.abs(beyond).max()))


HEAD = ["song", "script", "to", "recovered s", "off by LU", "to the rest LU", "overshoot dB", "others dB", "false rides dB<br>≤ 0"]


def rows(folder: Path, scripts: Sequence[Script], style: str, roles: str = "given", seconds: float = WHOLE_S) -> list[list[str]]:
    """A row for each script that can happen to the song."""
    material = Material.read(Song.open(folder), seconds)
    as_is, out = play(material, style, roles), []
    for script in scripts:
        who = subject(material, script)
        if who is None:
            out.append([folder.name, script.name, *["-"] * (len(HEAD) - 2)])
            continue
        other = disturbed(material, script, who, seconds * EVENT_S / WHOLE_S)
        d = compare(script, who, as_is, play(other, style, roles), material.on, other.powers, seconds * EVENT_S / WHOLE_S)
        false = f"{d.false_rides_db:.2f}" if d.false_rides_db <= 0 else f"**{d.false_rides_db:.2f}** ✗"
        name = "others" if script.gone else material.song.tracks[material.parts[who].channels[0]].name
        out.append([folder.name, script.name, name, "never" if np.isinf(d.recovered_s) else f"{d.recovered_s:.1f}", f"{d.off_lu:.1f}",
                    "-" if script.gone else f"{d.off_rest_lu:.1f}", f"{d.overshoot_db:.1f}", f"{d.others_db:.1f}", false])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--scripts", default=",".join(SCRIPTS), help="which, with commas: " + ", ".join(SCRIPTS))
    parser.add_argument("--style", choices=sorted(LAR), default="pop")
    parser.add_argument("--roles", choices=("given", "heard"), default="given", help="heard: the box is told no role")
    parser.add_argument("--out", type=Path, help="write the table here too")
    options = parser.parse_args()
    wrong = [name for name in options.scripts.split(",") if name not in SCRIPTS]
    if wrong:
        parser.error(f"--scripts: '{wrong[0]}' is not one of {', '.join(SCRIPTS)}")
    text = markdown(HEAD, [])
    print(text, end="", flush=True)
    for folder in options.songs:
        found = table_rows(rows(folder, [SCRIPTS[name] for name in options.scripts.split(",")], options.style, options.roles))
        print(found, end="", flush=True)
        text += found
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
