"""Each promise is broken on purpose, by the box or by its wires, and its test must say so: `python -m hil.breaks`."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hil.bench import RATE, Sound, nothing
from hil.simulated import SimulatedBench

BOTH = 3                      # directions
HERE = Path(__file__).resolve().parent
Passing = Callable[["BrokenBench", Sound], Sound]
LATENCY = "test_sound.py::test_an_impulse_takes_exactly_as_long_as_the_box_says"
OF_DEATHS = "test_faults.py::test_not_a_sample_differs_while_a_program_dies"
OF_CHANNELS = "test_sound.py::test_every_input_is_its_own_strip_and_the_right_way_round"

OF_ENGINE = "test_faults.py::test_an_engine_that_dies_is_back_within_a_second_and_no_louder"
OF_CUTS = "test_faults.py::test_a_power_cut_keeps_what_hands_did_and_nothing_is_louder"


@dataclass(frozen=True)
class Break:
    """`promise`: the test that must notice, and `why`, what it must say of it. `into` and `out`: a wire that is wrong; else a program of the box is,
    as hil/broken/sitecustomize.py knows by the name."""

    name: str
    what: str
    promise: str
    why: str
    into: Passing | None = None
    out: Passing | None = None


def _swapped(bench: BrokenBench, sound: Sound) -> Sound:
    return sound[:, [1, 0, *range(2, sound.shape[1])]]


def _inverted(bench: BrokenBench, sound: Sound) -> Sound:
    return -sound


def _leaking(bench: BrokenBench, sound: Sound) -> Sound:
    return np.asarray(sound + 0.01 * np.roll(sound, 3, axis=1), np.float32)


def _a_frame_later(bench: BrokenBench, sound: Sound) -> Sound:
    return np.concatenate([np.zeros_like(sound[:1]), sound[:-1]])


def _without_a_frame(bench: BrokenBench, sound: Sound) -> Sound:
    return np.concatenate([np.delete(sound, len(sound) // 2, axis=0), sound[-1:]])


def _with_a_gap(bench: BrokenBench, sound: Sound) -> Sound:
    bench.card.fault("xrun", bench.card.now + RATE, BOTH)
    return sound


def _through(bench: BrokenBench, sound: Sound) -> Sound:
    return sound


BREAKS = (
    Break("late", "a converter takes a frame longer than the card says", LATENCY, r"assert 369 == 368", out=_a_frame_later),
    Break("told", "the box tells a frame too much", LATENCY, r"assert 368 == 369"),
    *(Break(f"swapped-{n}", "two inputs are swapped", f"{OF_CHANNELS}[{n}]", r"assert .* > 0\.1", into=_swapped) for n in (0, 1)),
    *(Break(f"inverted-{n}", "plus and minus of the inputs are swapped", f"{OF_CHANNELS}[{n}]", r"assert .*-0\.\d+.* > 0\.1", into=_inverted) for n in (0, 7)),
    Break("leaking", "each input leaks into another by -40 dB", f"{OF_CHANNELS}[3]", r"< 0\.0001", into=_leaking),
    Break("mirrored", "left and right are swapped", "test_sound.py::test_left_is_left", r"> 0\.1", out=_swapped),
    Break("hole", "one frame of ten seconds is lost", "test_sound.py::test_nothing_is_lost_in_ten_seconds", r"< \(0\.001 \*", out=_without_a_frame),
    Break("xrun", "one period is missed", "test_sound.py::test_nothing_is_lost_in_ten_seconds", r"assert [12] == 0", into=_with_a_gap),
    *(Break("deaths", "the sound changes where a program dies", f"{OF_DEATHS}[{program}]", "Arrays are not equal") for program in ("desk", "brain", "web")),
    Break("late-engine", "an engine that died is started again after four seconds", OF_ENGINE, r"assert .* < 3"),
    Break("loud-engine", "an engine that died is louder afterwards", OF_ENGINE, r"assert .* <= \(.* \* 1\.001\)"),
    Break("gone", "a card that was pulled out is not taken again", "test_faults.py::test_a_card_that_was_pulled_out_plays_again", "the card: not within 20 s"),
    Break("forgets", "the journal is not written", OF_CUTS, r"assert .* == \(-12\.0 - 3\)"),
    Break("loud-engine", "the box is louder after a power cut", OF_CUTS, r"± "),
    Break("slow-knob", "the panel hears of its knobs 150 ms late", "test_panel.py::test_a_turn_of_the_knob_is_heard_at_once", r"assert .* <= 0\.1"),
    Break("meters", "the display's meters stand still", "test_panel.py::test_a_sound_is_seen_on_the_display_at_once", "the meter: not within 2 s"),
)


class BrokenBench(SimulatedBench):
    """A simulated one with a fault."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, more={"HIL_BREAK": name, "PYTHONPATH": f"{HERE / 'broken'}:{os.environ.get('PYTHONPATH', '')}"})
        self._break = next(each for each in BREAKS if each.name == name)

    def play(self, sound: Sound, at: int = 0, meanwhile: Callable[[], None] = nothing) -> Sound:
        into, out = (passing or _through for passing in (self._break.into, self._break.out))
        return out(self, super().play(into(self, sound), at, meanwhile))

    def unplug_card(self) -> None:
        if self._break.name == "gone":
            self.card.fault("unplug", self.card.now + RATE // 100, 1000 * RATE)
        else:
            super().unplug_card()


def seen(each: Break, folder: Path) -> str:
    """What the promise's test says of a box that breaks it; empty where it holds."""
    promise = f"{HERE / 'promises' / each.promise}"
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", promise, "--break", each.name, "--out", str(folder)],
                   capture_output=True, check=False, cwd=HERE.parent)
    results = folder / "results.json"
    rows = json.loads(results.read_text()) if results.exists() else []
    shutil.rmtree(folder, ignore_errors=True)
    return next((str(row["why"]) for row in rows if row.get("kept") is False), "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hil.breaks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of breaks (default: all)")
    options = parser.parse_args()
    chosen, unseen = [each for each in BREAKS if not options.names or each.name in options.names], 0
    for each in chosen:
        with tempfile.TemporaryDirectory() as folder:
            why = seen(each, Path(folder) / "out")
        right = bool(re.search(each.why, why))
        unseen += not right
        print(f"{'seen  ' if right else 'UNSEEN'} {each.what}: {each.promise.partition('::')[2]}: {why or 'it holds'}", flush=True)
    print(f"{len(chosen) - unseen} of {len(chosen)} breaks are seen, each by its promise")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
