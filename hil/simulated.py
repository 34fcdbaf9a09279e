"""A box made of its own programs on this machine, with a simulated card.

The card's time is granted, at the pace of this machine's clock: while others keep the machine busy it waits, so that what is missed was missed by the box.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gigbox.engine.simulated import NAME, SimulatedCard
from hil.bench import RATE, Sound, nothing, until
from hil.own import OwnPrograms, lives
from hil.viewer import Knob

FULL = 2 ** 31
AHEAD, AFTER = RATE // 5, RATE // 10      # frames: what is played is laid so far ahead of the card's clock, and looked at so long after
PACE_S, MOST_GRANTED = 0.002, RATE // 50       # how often time is granted, and how far ahead of a box that comes late
STILL_S = 0.1                 # a box that takes no time for so long is looked at: where its engine is gone, time goes by without it
KEPT_S = 30                   # of what goes in and came out
LOOK_S = 0.0005


class SimulatedBench(OwnPrograms):
    name = "simulated"

    def __init__(self, folder: Path, inputs: int = 8, outputs: int = 8, more: Mapping[str, str] = MappingProxyType({})) -> None:
        """`more`: of its programs' environment."""
        self.inputs, self.outputs, self._knob = inputs, outputs, Knob()
        self.card = SimulatedCard(inputs, outputs, path=folder / "card", in_frames=KEPT_S * RATE, out_frames=KEPT_S * RATE, looped=True, granted=True)
        self.card.input[:] = 0
        (folder / "asound.conf").write_text(self.card.config())
        super().__init__(folder, ("--device", f"{NAME}:0"), {"ALSA_CONFIG_PATH": str(folder / "asound.conf"), **more})
        threading.Thread(target=self._pace, name="pace", daemon=True).start()

    def _pace(self) -> None:
        seen = granted = self.card.now
        last = moved = time.monotonic()
        engine = 0
        while True:
            time.sleep(PACE_S)
            now = time.monotonic()
            passed = int((now - last) * RATE)
            last += passed / RATE
            if self.card.now != seen:
                seen, moved, engine = self.card.now, now, engine or self._pids().get("engine", 0)
            elif now - moved > STILL_S and not lives(engine):
                self.card.pass_by(int((now - moved) * RATE))
                seen, moved, engine = self.card.now, now, 0
            granted = min(max(granted, seen) + passed, seen + MOST_GRANTED)
            self.card.grant(granted)

    def play(self, sound: Sound, at: int = 0, meanwhile: Callable[[], None] = nothing) -> Sound:
        """Laid into the ring that the card plays, ahead of its clock, so that each frame is known by its number; silence again afterwards."""
        begin = self.card.now + AHEAD
        places = np.arange(begin, begin + len(sound)) % len(self.card.input)
        self.card.input[places] = np.clip(sound.astype(np.float64) * FULL, -FULL, FULL - 1).astype(np.int32)
        until(lambda: self.card.now >= begin + at, at / RATE + 10, "the frame at which something is done", LOOK_S)
        meanwhile()
        until(lambda: self.card.now > begin + len(sound) + AFTER, len(sound) / RATE + 10, "the end of what is played")
        self.card.input[places] = 0
        return (self.card.heard(begin, begin + len(sound)) / FULL).astype(np.float32)

    def turn(self, clicks: int) -> None:
        self._knob.turn(self.panel_socket(), clicks)

    def unplug_card(self) -> None:
        self.card.fault("unplug", self.card.now + RATE // 100, 2 * RATE)

    def plug_card(self) -> None:
        """It comes back by itself, after two seconds of its clock."""
