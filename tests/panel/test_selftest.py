"""The self test walks a builder through every part, and says of each that is not well what to look at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from gigbox.panel import pins
from gigbox.panel.selftest import selftest
from tests.panel.test_encoder import CYCLE
from tests.panel.wires import Machine


class Builder:
    """Does what it is told, and looks at the glass and the lights."""

    def __init__(self, machine: Machine, lazy: str = "") -> None:
        self.machine, self.lazy, self.said, self.asked = machine, lazy, [], []
        self.turns = 0

    def say(self, line: str) -> None:
        self.said.append(line)
        if line.startswith("  ") and not (self.lazy and self.lazy in line):
            threading.Thread(target=self.do, args=(line,), daemon=True).start()

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        time.sleep(0.08)
        return bool(self.machine.oled.glass().any()) and (": " not in question)

    def do(self, line: str) -> None:
        words = line.strip(" .").split()
        if "pot" in words:
            self.turns = pot = int(words[2])
            for raw in (0, 1023) * 4:                # whoever looks late sees both ends, too
                if self.turns == pot:                # a builder has one hand free
                    self.machine.converter.wipers[pot - 1] = raw
                    time.sleep(0.04)
        elif "clicks" in words:
            for n in range(1, 13):
                a, b = CYCLE[(n if words[-1] == "right" else -n) % 4]
                self.machine.hand(f"encoder_{words[2]}/a", a)
                self.machine.hand(f"encoder_{words[2]}/b", b)
                time.sleep(0.006)
        else:
            name = "_".join(words[1:]).lower()
            line_of = f"{name}/push" if name.startswith("encoder") else name
            time.sleep(0.02)
            self.machine.hand(line_of, 0)
            time.sleep(0.05)
            self.machine.hand(line_of, 1)


def walked(builder: Callable[[Machine], Builder], wait_s: float = 1.0) -> tuple[int, Builder]:
    machine = Machine(pins.reference())
    made = builder(machine)
    return selftest(pins.reference(), machine, made.ask, made.say, wait_s), made


def test_a_panel_that_is_well_passes_part_by_part() -> None:
    code, builder = walked(Builder)
    assert (code, builder.said[-1]) == (0, "all 30 parts are well")
    assert len([question for question in builder.asked if "light" in question]) == 12


def test_a_part_that_does_nothing_is_named_with_what_to_look_at() -> None:
    code, builder = walked(lambda machine: Builder(machine, lazy="pot 3 "), 0.5)
    assert code == 1
    assert "!   pot 3: wiper to CH2, ends to 3.3 V and ground; seen: nothing" in builder.said
    assert builder.said[-1] == "1 of 30 are not well: pot 3"
