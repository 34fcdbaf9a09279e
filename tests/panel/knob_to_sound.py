"""How long a turned knob takes to the sound, what the panel costs, how full its bus is: `python -m tests.panel.knob_to_sound [SECONDS]` (PYTHONPATH=firmware).

A box of its own plays through the simulated card in real time; the panel's wires are simulated. A move is timed from the pin to the first changed sample
that is handed to the card.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.first_sample import Watch, box_of_rounds, stand_still, told
from tests.live_box import Box, box_of_tones, eventually
from tests.panel.held import Held

GIG = Path(__file__).parents[2] / "demo/gig"
MOVES = 200
I2C_HZ = 400_000
BITS = 9                  # of a byte on I2C, with its acknowledge; an address and a stop more for each transfer


def main(seconds: float = 10.0) -> None:
    with tempfile.TemporaryDirectory() as folder, playing(box_of_rounds(Path(folder))) as (box, held):
        stand_still(box)
        watch = Watch(box.rack)
        print(told("pot to sound", [moved(box, held, watch, n) for n in range(MOVES)]))
        print(told("mute button, released, to sound", [muted(box, held, watch) for n in range(20)]))
        watch.close()
    with tempfile.TemporaryDirectory() as folder, playing(meters_that_move(Path(folder))) as (_, held):
        cost(held, seconds)


def meters_that_move(folder: Path) -> Box:
    box = box_of_tones(folder)
    for tone in (folder / "song").iterdir():
        tone.unlink()
    (folder / "song").rmdir()
    (folder / "song").symlink_to(GIG)
    return box


@contextlib.contextmanager
def playing(box: Box) -> Iterator[tuple[Box, Held]]:
    box.start()
    try:
        box.ready()
        held = Held(box.folder / "run", box.folder / "wires.sock")
        eventually(lambda: held.program.box.desk and held.glass.any(), 5, "the panel")
        yield box, held
        held.close()
    finally:
        box.end()


def moved(box: Box, held: Held, watch: Watch, n: int) -> tuple[float, bool]:
    """One step of the first pot, up and down by turns."""
    late, since, begin = int(box.rack.c.recoveries), box.rack.frames, time.monotonic()
    held.machine.converter.wipers[0] = 620 + 40 * (n % 2)
    took = watch.heard(begin, since, late)
    time.sleep(0.013 * (n % 7))                      # not in step with anything
    return took


def muted(box: Box, held: Held, watch: Watch) -> tuple[float, bool]:
    held.machine.hand("mute", 0)
    time.sleep(0.2)
    late, since, begin = int(box.rack.c.recoveries), box.rack.frames, time.monotonic()
    held.machine.hand("mute", 1)
    return watch.heard(begin, since, late)


def cost(held: Held, seconds: float) -> None:
    """Of the panel alone, with its meters running: the process here is the panel, its wires, and a test that sleeps."""
    bus = held.machine.bus
    bus.decodes = False
    time.sleep(2)                                    # what moved is not shown any longer
    begun, bytes_before, transfers, used = time.monotonic(), bus.bytes, bus.transfers, cpu()
    time.sleep(seconds)
    passed = time.monotonic() - begun
    bits = BITS * (bus.bytes - bytes_before) + 2 * (bus.transfers - transfers)
    print(f"panel with meters running: {100 * (cpu() - used) / passed:.1f} % of a core; I2C {100 * bits / passed / I2C_HZ:.0f} % of {I2C_HZ // 1000} kHz, "
          f"{(bus.transfers - transfers) / passed:.0f} transfers a second")


def cpu() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
