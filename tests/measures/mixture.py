"""How the box mixes, against mixes that need no ears: python -m tests.measures.mixture SONG_DIR [SONG_DIR ...]

One row a song and system, as a markdown table; the head has the goals, misses are marked. All is computed from stems, mix and automation;
who plays when, and the roles, come from the song itself. After 20 s, if not said otherwise:
  balance      |L + G - T| over playing source-seconds: L loudness before the fader over playing time, G trim and fader, T the place of the
               role against the lead vocal, all but the lead moved by the one trim that makes the style's LAR
  by then      the same mean with that trim as it could be known at each moment: the trim of the whole song is hindsight
  LAR          lead vocals over all else while they sing (energy, K-weighted), its distance from the style's, and the mean distance of seconds
  converged    from when on the balance error stays below 2 LU
  riding       p95 of |dG/dt|, from the beginning;        wander   sum of |dG| of the busiest part
  false rides  upward movement of the worst part while it was silent
  masked       sum over ERB bands of max(0, all else - voice - 6 dB) while it sings, against the raw sum
  width        P_S / P_M;    mono loss   loudness lost when both sides are added;    crest   median of 3 s
  tilt         rms distance in ten octaves from the mean of four kinds of stems (spectrum.mean_mix)
Where song.toml names a [reference], a second table says how near each system comes to it (tests/measures/reference.py).
Of the box's own, `bleeding` takes nothing down that a microphone hears of the others; with --stage each song's sources stand in a room together, and who
plays, and how loud, is told of the sources alone.
Baselines: the raw sum, every part at the same loudness, every part at its role's place for good; unlimited, singles in the middle.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gigbox.engine.song import Song
from tests.measures.bleed import staged
from tests.measures.figures import FIGURES, Case, covered
from tests.measures.places import LAR
from tests.measures.reference import Implied, Nearness, imply, nearness, read_reference
from tests.measures.systems import BASELINES, OURS, Material, Mixed, raw


def mixes(material: Material, systems: Sequence[str], roles: str, style: str) -> Iterator[Mixed]:
    """Each system's mix of one song."""
    for name in systems:
        yield OURS[name](material, roles, {"box/style": style}) if name in OURS else BASELINES[name](material)


def values(material: Material, mixed: Mixed, lar: float, raw_hidden: float) -> list[float]:
    """One for each of FIGURES."""
    case = Case(material, mixed, lar, raw_hidden)
    return [figure.of(case) for figure in FIGURES]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return table_rows([head, ["---"] * len(head), *rows])


def table_rows(rows: Sequence[Sequence[str]]) -> str:
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _head() -> list[str]:
    return ["song", "system", *(f"{f.head}<br>{f.goal}" if f.goal else f.head for f in FIGURES)]


def _near_row(song: str, system: str, near: Nearness) -> list[str]:
    return [song, system, f"{near.bands_db:.1f}", f"{near.contour:.2f}", f"{near.contour_lu:.1f}", f"{near.spectra_db:.1f}", f"{near.gains_db:.1f}"]


def _implied_text(material: Material, implied: Implied) -> str:
    each = ", ".join(f"{material.song.tracks[p.channels[0]].name} {gain:+.1f}" for p, gain in zip(material.parts, implied.gains, strict=True) if gain == gain)
    return (f"{material.song.folder.name}: gains that its reference implies, dB: {each or 'none certain'}; LAR {implied.lar:+.1f} dB"
            f" (condition {implied.condition:.0f}, {implied.explained:.0%} explained)")


KNOWN = (*OURS, *BASELINES)
NEAR_HEAD = ["song", "system", "bands rms dB", "contour corr.", "contour rms LU", "spectra dB", "gains rms dB"]


def materials(folders: Sequence[Path], loop: float | None, seed: int | None) -> Iterator[tuple[str, Material]]:
    """Each song, and what it is called. `seed`: of the stage on which it plays, or None."""
    for folder in folders:
        material = Material.read(Song.open(folder), loop)
        with tempfile.TemporaryDirectory() as temp:
            yield folder.resolve().name, material if seed is None else staged(material, Path(temp), seed)


def report(folders: Sequence[Path], systems: Sequence[str], roles: str, style: str, loop: float | None, seed: int | None = None) -> str:
    """Both tables, as markdown."""
    rows, near, notes = [], [], []
    for name, material in materials(folders, loop, seed):
        raw_hidden = covered(Case(material, raw(material), LAR[style]))
        human = read_reference(material)
        implied = None if human is None else imply(material, human)
        notes += [_implied_text(material, implied)] if implied else []
        for mixed in mixes(material, systems, roles, style):
            found = values(material, mixed, LAR[style], raw_hidden)
            rows.append([name, mixed.system, *(f.text(v) for f, v in zip(FIGURES, found, strict=True))])
            if human is not None and implied is not None:
                near.append(_near_row(name, mixed.system, nearness(material, mixed, human, implied)))
    where = "" if seed is None else f", on stage {seed}"
    text = f"Style {style} (LAR {LAR[style]:+.1f} dB), roles {roles}, {f'looped to {loop:g} s' if loop else 'one pass'}{where}.\n\n" + markdown(_head(), rows)
    return text + ("\nNear to the reference:\n\n" + markdown(NEAR_HEAD, near) + "\n" + "\n".join(notes) + "\n" if near else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    parser.add_argument("--systems", default="ours,raw,equal,static", help="which, with commas: " + ", ".join(KNOWN))
    parser.add_argument("--roles", choices=("given", "named", "heard"), default="given", help="named: it is told no roles, but names; heard: neither")
    parser.add_argument("--style", choices=sorted(LAR), default="pop", help="set by hand at box/style, and measured against")
    parser.add_argument("--loop", type=float, metavar="SECONDS", help="loop each song for so long")
    parser.add_argument("--stage", type=int, metavar="SEED", help="on a simulated stage (tests.measures.bleed) of up to eight parts")
    parser.add_argument("--out", type=Path, help="write the tables here too")
    options = parser.parse_args()
    wrong = [name for name in options.systems.split(",") if name not in KNOWN]
    if wrong:
        parser.error(f"--systems: '{wrong[0]}' is not one of {', '.join(KNOWN)}")
    text = report(options.songs, options.systems.split(","), options.roles, options.style, options.loop, options.stage)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
