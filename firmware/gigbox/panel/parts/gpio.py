"""The Pi's own lines through the API of RPi.GPIO, which rpi-lgpio provides on every Pi. The chip is found by its label: its number changes with kernels."""

from __future__ import annotations

import fcntl
import glob
import importlib
import os
import struct
from collections.abc import Callable
from typing import Any

from gigbox import places
from gigbox.errors import PanelError

LABELS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")      # Pi 5, Pi 4, older
CHIP_INFO = 0x8044B401                                              # GPIO_GET_CHIPINFO_IOCTL: name[32], label[32], lines
Edge = Callable[[int], None]                                        # told the level after it


class Gpio:
    """`module` is RPi.GPIO, or what stands in for it."""

    def __init__(self, module: Any) -> None:
        self.module = self._gpio = module
        module.setwarnings(False)
        module.setmode(module.BCM)
        self.close = module.cleanup

    def input(self, line: int, edge: Edge) -> None:
        """Pulled up; `edge` is called at each, in the order in which they were."""
        self._gpio.setup(line, self._gpio.IN, pull_up_down=self._gpio.PUD_UP)
        chip = getattr(self._gpio, "_chip", None)
        if chip is None:
            self._gpio.add_event_detect(line, self._gpio.BOTH, callback=lambda _: edge(self.level(line)))
        else:                   # rpi-lgpio: the API of RPi.GPIO keeps the level to itself that lgpio tells with each edge
            self._gpio.add_event_detect(line, self._gpio.BOTH)
            lgpio = importlib.import_module("lgpio")
            lgpio.callback(chip, line, lgpio.BOTH_EDGES, lambda _chip, _line, level, _ns: edge(level) if level in (0, 1) else None)

    def output(self, line: int) -> None:
        self._gpio.setup(line, self._gpio.OUT, initial=self._gpio.LOW)

    def level(self, line: int) -> int:
        return int(self._gpio.input(line))

    def put(self, line: int, level: bool) -> None:
        self._gpio.output(line, int(level))


def label(device: str) -> str:
    with open(device, "rb") as chip:
        told = fcntl.ioctl(chip, CHIP_INFO, bytes(68))
    name: bytes = struct.unpack("32s32sI", told)[1]
    return name.rstrip(b"\0").decode(errors="replace")


def find_chip(devices: list[str] | None = None, label: Callable[[str], str] = label) -> int:
    """The number of the chip that the header's pins are on; PanelError where there is none."""
    seen = []
    for device in sorted(glob.glob("/dev/gpiochip*")) if devices is None else devices:
        try:
            seen.append((label(device), int(device.removeprefix("/dev/gpiochip"))))
        except (OSError, ValueError):
            continue
    for wanted in LABELS:
        for name, number in seen:
            if name == wanted:
                return number
    raise PanelError(f"gpio: no chip {' or '.join(LABELS[:2])} here ({', '.join(name for name, _ in seen) or 'no chip at all'}), expected a Raspberry Pi")


def open_gpio() -> Gpio:
    """PanelError where this machine has no lines, or no library for them."""
    chip = find_chip()
    os.environ.setdefault("RPI_LGPIO_CHIP", str(chip))
    os.environ.setdefault("LG_WD", str(places.runtime_dir()))       # lgpio makes its pipes in a folder, and dies where it cannot
    try:
        return Gpio(importlib.import_module("RPi.GPIO"))
    except ImportError as e:
        raise PanelError(f"gpio: {e}, expected RPi.GPIO of rpi-lgpio; type: make pi") from None
    except Exception as e:                                           # whatever a library says of a machine it does not know
        raise PanelError(f"gpio: {e}, expected a Raspberry Pi whose lines nobody else holds") from None
