"""The box lives through everything at once: programs killed and stopped, a full disk, a slow card, forks refused, clocks that jump.

The engine's pace never breaks, no 10 ms are silent but where the engine itself was hit, and in the end everybody lives and every value is right.
A minute of it; `make soak` for as long as anybody likes (GIGBOX_SOAK_MINUTES, default 30). GIGBOX_SEED: another course.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gigbox import params
from gigbox.desk.client import Value
from gigbox.errors import ParamError
from tests.chaos.course import PROGRAMS, Fault, course
from tests.chaos.ear import Ear, Stretch
from tests.chaos.faults import Faults
from tests.chaos.hands import Hands
from tests.live_box import Box, box_of_tones, eventually

SEED = int(os.environ.get("GIGBOX_SEED", "1"))
PAPER_S = 9.0                 # after a full disk the desk's journal is whole again: it tries every 5 s, and the card may be slow
HIT_S = 0.5                   # an engine that was stopped for longer than its song was fed ahead goes on with what is fed then
BACK_S = 5.0                  # the sound is back, on a busy machine, once nothing keeps it away
HUNG_S = 1.0                  # who was stopped for less is not taken to hang; the shortest limit is 2 s
SLOWEST = 0.75                # of RATE, any second: where a test has no real-time priority a busy machine takes its part
LOST_S, LOST = 0.2, 0.005     # of an engine's life: so much once, and this share of it
GROWN_KB = 20_000


@pytest.mark.parametrize(("seconds", "gap_s", "longest_s"), [
    pytest.param(50.0, 1.5, 5.0, id="a minute"),
    pytest.param(60 * float(os.environ.get("GIGBOX_SOAK_MINUTES", "30")), 4.0, 10.0, id="soak", marks=pytest.mark.soak),
])
def test_the_box_lives_through_everything_at_once(tmp_path: Path, seconds: float, gap_s: float, longest_s: float) -> None:
    plan = course(SEED, seconds, gap_s, longest_s)
    box = box_of_tones(tmp_path)
    with Faults(box) as faults:
        try:
            box.start()
            faults.started()
            print(f"\nseed {SEED}, {len(plan)} faults in {seconds:.0f} s; {faults.ways()}", *plan, sep="\n")
            box.ready()
            assert box.process is not None
            runner, grown = box.process.pid, memory_kb(box.process.pid)
            done, ear, hands = _live_through(plan, box, faults)
            box.ready()
            _all_is_well(box, hands)
            assert (box.process.pid, box.process.poll()) == (runner, None)
            assert memory_kb(runner) < grown + GROWN_KB
        finally:
            box.end()
    _played_on(ear, done)
    _nobody_was_accused(box, plan)


@dataclass(frozen=True)
class Done:
    """A fault that was done, in monotonic time."""

    fault: Fault
    begin: float
    end: float


def _live_through(plan: list[Fault], box: Box, faults: Faults) -> tuple[list[Done], Ear, Hands]:
    """Faults and hands for as long as the plan is; what was heard of it."""
    done: dict[Fault, Done] = {}
    full: list[float] = [0.0]                     # until when the disk cannot be trusted
    ear = Ear(box.folder / "run/rack")
    hands = Hands(box, random.Random(SEED), lambda: time.monotonic() > full[0])
    steps: list[tuple[float, Callable[[Fault], None], Fault]] = sorted(
        ((at, act, fault) for fault in plan for at, act in ((fault.at, faults.begin), (fault.ends, faults.end))), key=lambda step: step[0])
    hands.start()
    eventually(lambda: box.rack.values()[params.find("main/mute").index] == 0, 5, "a new engine is told all that was set, whatever hands do")
    time.sleep(0.1)                               # it fades in
    ear.start()
    origin = time.monotonic()
    for at, act, fault in steps:
        time.sleep(max(origin + at - time.monotonic(), 0))
        if fault.kind == "full disk":
            full[0] = time.monotonic() + fault.lasts + PAPER_S
        act(fault)
        now = time.monotonic()
        done[fault] = Done(fault, done[fault].begin if fault in done else now, now)
    box.ready()
    time.sleep(max(full[0] - time.monotonic(), 1.0))
    hands.stop()
    ear.stop()
    return list(done.values()), ear, hands


def _all_is_well(box: Box, hands: Hands) -> None:
    """Everybody lives, the desk holds what hands set, the engine what the desk says."""
    assert hands.confirmed > 100
    with box.client() as client:
        client.set({"box/freeze": True})
        held = client.get(*hands.may_be)
        assert {path: value.hand for path, value in held.items() if value.hand not in hands.may_be[path]} == {}
        print(f"{hands.confirmed} moves of hands, and all that they left is there")

        def wrong() -> dict[str, tuple[float, float]]:
            heard = box.rack.values()
            told = {params.find(path): value for path, value in client.get("strip/1", "strip/2", "main", "box").items() if _numeric(path)}
            return {a.path: (float(heard[a.index]), _number(a.path, v)) for a, v in told.items() if heard[a.index] != np.float32(_number(a.path, v))}

        try:
            eventually(lambda: not wrong(), 5, "the engine plays what the desk says")
        except AssertionError as e:
            raise AssertionError(f"{e}: {wrong()}") from None
    assert len(box.pids()) == len(PROGRAMS)
    assert box.page()
    assert box.beats()
    assert box.thinks()


def _played_on(ear: Ear, done: list[Done]) -> None:
    """The pace never broke and nothing was silent, but where the engine itself was hit; then it was back soon."""
    stretches = ear.stretches()
    played = sum(s.seconds for s in stretches)
    print(f"heard {ear.blocks / 100:.0f} s in {len(stretches)} stretches of {played:.0f} s, {sum(s.lost for s in stretches):.3f} s lost, "
          f"slowest second {min(s.slowest for s in stretches):.3f}, longest away {max((b - a for a, b in _gaps(stretches)), default=0.0):.1f} s")
    hits = [d for d in done if d.fault.victim == "engine"]
    silent = [where for at, where in ear.silences if not any(hit.begin < at < hit.end + HIT_S for hit in hits)]
    assert not silent, f"{len(silent)} times 10 ms of silence, from {silent[0]} to {silent[-1]}"
    assert ear.blocks / 100 > 0.8 * played
    lame = [s for s in stretches if not (-0.01 < s.lost < LOST_S + LOST * s.seconds and s.slowest > SLOWEST)]
    assert [f"{s.lost:.3f} s of {s.seconds:.1f} s lost, at the slowest {s.slowest:.3f}" for s in lame] == []
    lost = [gap for gap in _gaps(stretches) if not any(hit.begin - 0.5 < gap[0] < hit.end + 0.5 for hit in hits)]
    assert lost == []                                   # away though nobody hit it
    kept = [d for d in done if d.fault.kind in ("no forks", "no interpreter", "stop")]      # what keeps an engine from coming back
    late = [gap for gap in _gaps(stretches) if gap[1] - max([gap[0], *(d.end for d in kept if d.begin < gap[1])]) > BACK_S]
    assert late == []


def _gaps(stretches: list[Stretch]) -> list[tuple[float, float]]:
    return [(a.end.at, b.begin.at) for a, b in itertools.pairwise(stretches)]


def _nobody_was_accused(box: Box, plan: list[Fault]) -> None:
    """Only who was stopped was killed for standing still, and no traceback reached anybody."""
    told = box.log.read_text()
    assert "Traceback" not in told
    for name in PROGRAMS:
        stops = sum(fault.kind == "stop" and fault.victim == name and fault.lasts > HUNG_S for fault in plan)
        assert told.count(f"gigbox: {name}: stands still") <= stops, told


def _numeric(path: str) -> bool:
    try:
        params.find(path)
    except ParamError:
        return False
    return True


def _number(path: str, value: Value) -> float:
    return float(params.find(path).param.check(value.value, path))


def memory_kb(pid: int) -> int:
    """Resident memory of a process."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def test_a_course_has_all_faults_and_is_the_same_for_a_seed() -> None:
    kinds = {(f.kind, f.victim if f.kind in ("kill", "stop") else "") for f in course(7, 600, 1.5, 5.0)}
    for seed in range(20):
        plan = course(seed, 50.0, 1.5, 5.0)
        assert {(f.kind, f.victim if f.kind in ("kill", "stop") else "") for f in plan} == kinds
        assert plan == course(seed, 50.0, 1.5, 5.0) != course(seed + 1, 50.0, 1.5, 5.0)
        assert all(f.ends <= 50.0 for f in plan)
        spans = sorted((f.at, f.ends) for f in plan if f.kind == "full disk")
        assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))
