"""The lines of a Pi that the kernel simulates (gpio-sim), and a hand that pulls them."""

from __future__ import annotations

import random
import time
from pathlib import Path

SIM = Path("/sys/kernel/config/gpio-sim/pi")
CYCLE = ((1, 1), (1, 0), (0, 0), (0, 1))      # of an encoder, clockwise, from the detent


class Lines:
    """The chip of a Pi 4, whose lines a hand may pull."""

    def __init__(self) -> None:
        bank = SIM / "bank0"
        bank.mkdir(parents=True)
        (bank / "num_lines").write_text("54")
        (bank / "label").write_text("pinctrl-bcm2711")
        (SIM / "live").write_text("1")
        self.folder = Path("/sys/devices/platform", (SIM / "dev_name").read_text().strip(), (bank / "chip_name").read_text().strip())

    def pull(self, line: int, level: int) -> None:
        (self.folder / f"sim_gpio{line}/pull").write_text("pull-up" if level else "pull-down")

    def turn(self, a: int, b: int, clicks: int, quarter_s: float) -> None:
        """An encoder on these two lines, from detent to detent."""
        way = 1 if clicks > 0 else -1
        for n in range(1, 4 * abs(clicks) + 1):
            before, now = CYCLE[way * (n - 1) % 4], CYCLE[way * n % 4]
            self.pull(*((a, now[0]) if before[0] != now[0] else (b, now[1])))
            time.sleep(quarter_s)

    def bounce(self, line: int, level: int, dice: random.Random) -> None:
        """A contact: it comes and goes for up to 2 ms before it stays."""
        for _ in range(dice.randint(0, 3)):
            self.pull(line, level)
            time.sleep(dice.uniform(0, 0.0003))
            self.pull(line, 1 - level)
            time.sleep(dice.uniform(0, 0.0003))
        self.pull(line, level)

    def level(self, line: int) -> int:
        return int((self.folder / f"sim_gpio{line}/value").read_text())
