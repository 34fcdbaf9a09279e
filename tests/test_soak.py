"""Hours of work: the box plays on while hands and programs come and go. `make soak`; GIGBOX_SOAK_MINUTES says how long (default 10)."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from gigbox.rack import RATE
from tests.live_box import boxed, eventually


def memory_kb(pid: int) -> int:
    """Resident memory of a process."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@pytest.mark.soak
def test_the_box_plays_on_for_as_long_as_anybody_likes(tmp_path: Path) -> None:
    box, dice = boxed(tmp_path), random.Random(1)
    try:
        box.ready()
        time.sleep(20)
        engine, begin, frames = box.pids()["engine"], time.monotonic(), box.rack.frames
        grown, lost = memory_kb(engine), int(box.rack.c.underruns)
        until = begin + 60 * float(os.environ.get("GIGBOX_SOAK_MINUTES", "10"))
        while time.monotonic() < until:
            with box.client() as client:
                client.get("strip/*/level")
                for _ in range(200):
                    client.set({f"strip/{dice.randint(1, 2)}/{dice.choice(('level', 'trim'))}": dice.uniform(-20, 6)})
                    time.sleep(0.02)
            victim = dice.choice(("web", "brain", "desk"))
            pid = box.pids()[victim]
            os.kill(pid, signal.SIGKILL)
            eventually(lambda victim=victim, pid=pid: box.pids().get(victim, pid) != pid, 10, f"{victim} again")
        played = (box.rack.frames - frames) / (time.monotonic() - begin)
        assert box.pids()["engine"] == engine                     # the very same engine all along
        assert played == pytest.approx(RATE, rel=0.001)
        assert int(box.rack.c.underruns) == lost
        assert memory_kb(engine) < grown + 20_000
    finally:
        box.end()
