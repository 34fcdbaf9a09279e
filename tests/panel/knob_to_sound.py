"""How long a turned knob takes to the sound, what the panel costs, how full its bus is: `python -m tests.panel.knob_to_sound [SECONDS]` (PYTHONPATH=firmware).

A box of its own plays through the simulated card in real time; the panel's wires are simulated. A move is timed from the pin to the first block that the
engine mixes with the new value, and a period more, which is when that block's samples are written to the card.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from gigbox import params
from gigbox.rack import RATE
from tests.live_box import box_of_tones, eventually
from tests.panel.held import Held

GIG = Path(__file__).parents[2] / "demo/gig"
MOVES = 200
I2C_HZ = 400_000
BITS = 9                  # of a byte on I2C, with its acknowledge; an address and a stop more for each transfer
LONGEST_S = 1.0


def main(seconds: float = 10.0) -> None:
    with tempfile.TemporaryDirectory() as folder:
        box = box_of_tones(Path(folder))
        for tone in (Path(folder) / "song").iterdir():
            tone.unlink()
        (Path(folder) / "song").rmdir()
        (Path(folder) / "song").symlink_to(GIG)                # meters that move
        box.start()
        try:
            box.ready()
            held = Held(box.folder / "run", box.folder / "wires.sock")
            eventually(lambda: held.program.box.desk and held.glass.any(), 5, "the panel")
            for what, times in (("pot", [moved(box, held, n) for n in range(MOVES)]), ("mute button, released", [muted(box, held) for n in range(20)])):
                ms = 1000 * np.array(times)
                print(f"{what} to sound: median {np.median(ms):.1f} ms, p99 {np.percentile(ms, 99):.1f} ms, worst {ms.max():.1f} ms of {len(ms)}")
            cost(held, seconds)
            held.close()
        finally:
            box.end()


def moved(box: object, held: Held, n: int) -> float:
    """One step of the first pot, up and down by turns."""
    rack = box.rack                                  # type: ignore[attr-defined]
    index = params.find("strip/1/level").index
    before = float(rack.values()[index])
    held.machine.converter.wipers[0] = 620 + 40 * (n % 2)
    begin = time.monotonic()
    while float(rack.values()[index]) == before and time.monotonic() - begin < LONGEST_S:
        time.sleep(0.0002)
    took = time.monotonic() - begin
    time.sleep(0.05 + 0.013 * (n % 7))               # not in step with anything
    return took + int(rack.c.period) / RATE


def muted(box: object, held: Held) -> float:
    rack = box.rack                                  # type: ignore[attr-defined]
    index = params.find(f"strip/{held.program.panel.where.strip}/mute").index
    before = float(rack.values()[index])
    held.machine.hand("mute", 0)
    time.sleep(0.08)
    held.machine.hand("mute", 1)
    begin = time.monotonic()
    while float(rack.values()[index]) == before and time.monotonic() - begin < LONGEST_S:
        time.sleep(0.0002)
    took = time.monotonic() - begin
    time.sleep(0.1)
    return took + int(rack.c.period) / RATE


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
