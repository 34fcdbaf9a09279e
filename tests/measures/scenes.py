"""Small gigs, and what happens at them, through the box: python -m tests.measures.scenes [FOLDER ...] [--roles heard] [--scene NAME ...] [--json]

Scenes (tests/measures/scene_book.py) are made of recordings in FOLDERs (with song.toml, index.csv or manifest.csv, also further below; if none
is named, of the demo gig), 20 s of soundcheck and then show. A scene for which there is no recording is left out, with a word. A row a scene:
  20 s, 40 s ...  |L + G - T| of each strip in the 5 s from then on, LU: mean and p95 over strips that play; places as in tests.measures.mixture
  LAR off         lead over all else while it sings, from what the style wants
  converged       seconds after the last thing that happened until the mean error stays below 2 LU
  false rides     upward movement of the worst strip while it was silent;   rise in silence   the same of its gain from end to end
  speech over     dB over music that gives way, while somebody talks;       music back   seconds after it until that is where it then stays
  heals           seconds after a hand said what a strip is until that stays within 2 LU of its place;   open mics   the same of these
  over for 3 s    LU that the worst strip is over its place for so long, after soundcheck;   unsure over   of those that the box is unsure of, ever
  moves           told a minute
Misses of the goals in the head are marked. `--roles named`: strips have names and no roles; `heard`: not even names.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gigbox.params import ROLES
from tests.measures.mixture import markdown
from tests.measures.recordings import Recording, find
from tests.measures.scene import Missing, Scene, stage
from tests.measures.scene_book import BOOK
from tests.measures.scene_figures import TIMES, SceneCase, figures, play

DEMO = Path(__file__).resolve().parents[2] / "demo/gig"
WAYS = ("given", "named", "heard")


def measure(scene: Scene, recordings: Sequence[Recording], roles: str) -> SceneCase:
    """Plays one; Missing where it cannot be made of these recordings."""
    staged = stage(scene, recordings)
    return SceneCase.of(staged, play(staged, roles))


def row(case: SceneCase, roles: str) -> list[str]:
    return [case.staged.scene.name, *(figure.text(figure.of(case)) for figure in figures(roles))]


def head(roles: str) -> list[str]:
    return [f"scene, {roles}", *(f"{f.head}<br>{f.goal}" if f.goal else f.head for f in figures(roles))]


def table(cases: Sequence[SceneCase], roles: str) -> str:
    """Markdown: a row a scene, and how many of those that a figure is of miss its goal."""
    missed = []
    for figure in figures(roles):
        values = [v for v in (figure.of(case) for case in cases) if not np.isnan(v)]
        missed.append(f"{sum(not figure.low <= v <= figure.high for v in values)} of {len(values)}")
    return markdown(head(roles), [*(row(case, roles) for case in cases), ["missed", *missed]])


def record(case: SceneCase, roles: str) -> dict[str, object]:
    """All figures, and strip by strip: what it is, what the box took it for, LU from its place, gain."""
    def at(values: np.ndarray, t: int) -> float | None:
        window = values[t * 10:t * 10 + 50]
        return round(float(np.nanmean(window)), 2) if np.isfinite(window).any() else None

    strips = [{"name": case.staged.scene.strips[p.strip].name, "is": p.role, "under": p.under,
               "taken for": {t: ROLES[case.played.roles[t * 10, p.strip]] for t in TIMES if t * 10 < case.staged.ticks},
               "off": {t: at(case.offs[:, i], t) for t in TIMES}, "gain": {t: at(case.played.gain[:, p.strip], t) for t in TIMES}}
              for i, p in enumerate(case.parts)]
    values = {" ".join(f.head.split()) if f.head != "p95 LU" else f"{TIMES[n // 2]} s p95 LU": f.of(case) for n, f in enumerate(figures(roles))}
    return {"scene": case.staged.scene.name, "roles": roles, "figures": {k: None if np.isnan(v) else str(v) if np.isinf(v) else round(v, 3)
                                                                        for k, v in values.items()}, "strips": strips}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="where recordings are (default: the demo gig)")
    parser.add_argument("--roles", choices=WAYS, default="given", help="what the box is told (default: given)")
    parser.add_argument("--scene", nargs="+", metavar="NAME", default=[s.name for s in BOOK], help="these alone: " + "; ".join(s.name for s in BOOK))
    parser.add_argument("--json", action="store_true", help="an object a scene and line instead, with its strips")
    parser.add_argument("--out", type=Path, help="write the table here too")
    options = parser.parse_args()
    known = {scene.name: scene for scene in BOOK}
    wrong = [name for name in options.scene if name not in known]
    if wrong:
        parser.error(f"--scene: '{wrong[0]}' is not one of {', '.join(known)}")
    recordings, cases = find(options.folders or [DEMO]), []
    for name in options.scene:
        try:
            cases.append(measure(known[name], recordings, options.roles))
        except Missing as e:
            print(e, file=sys.stderr)
            continue
        print(json.dumps(record(cases[-1], options.roles)) if options.json else f"{name}: played", file=sys.stdout if options.json else sys.stderr, flush=True)
    if not options.json:
        print(table(cases, options.roles))
    if options.out:
        options.out.write_text(table(cases, options.roles), "utf-8")


if __name__ == "__main__":
    main()
