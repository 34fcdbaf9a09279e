"""The buses of this machine, through the libraries that talk to them; what is not here is said in one line with its remedy."""

from __future__ import annotations

import glob
import importlib
from collections.abc import Iterator
from typing import Any

from gigbox.errors import PanelError
from gigbox.panel.parts.converter import Spi, open_spi
from gigbox.panel.parts.expander import Bus
from gigbox.panel.parts.gpio import Gpio, open_gpio
from gigbox.panel.parts.screen import Screen, open_screen
from gigbox.panel.pins import Display, parts

SCREEN_HZ = 8_000_000


class Machine:
    """Every call opens something anew; OSError or PanelError where that fails."""

    def here(self) -> bool:
        """Whether there is any bus that a panel may be on."""
        return bool(glob.glob("/dev/i2c-*") or glob.glob("/dev/spidev*") or glob.glob("/dev/gpiochip*"))

    def gpio(self) -> Gpio:
        return open_gpio()

    def i2c(self, port: int) -> Bus:
        smbus = _library("smbus2", "i2c", "make pi")
        try:
            bus: Bus = smbus.SMBus(port)
        except FileNotFoundError:
            raise PanelError(f"i2c: no /dev/i2c-{port} here; type: sudo raspi-config nonint do_i2c 0") from None
        return bus

    def spi(self, port: int, select: int) -> Spi:
        spidev = _library("spidev", "spi", "make pi")
        try:
            return open_spi(spidev, port, select)
        except FileNotFoundError:
            raise PanelError(f"spi: no /dev/spidev{port}.{select} here; type: sudo raspi-config nonint do_spi 0") from None

    def screen(self, display: Display, gpio: Gpio | None) -> Screen:
        """Over I2C it has a bus of its own, in blocks of 32 bytes, so that an expander on the same wires never waits longer than one."""
        from luma.core.interface.serial import i2c, spi

        if display.bus == "i2c":
            bus = self.i2c(display.port)
            return open_screen(display.chip, i2c(bus=bus, address=display.address), display.turned, bus.close)
        if gpio is None:
            raise PanelError("display: spi needs lines of the Pi (dc), expected GPIO")
        dc, reset = int(parts(display.dc)[1]), int(parts(display.reset)[1]) if display.reset else None
        spidev = self._spidev()
        serial = spi(spi=spidev, gpio=gpio.module, port=display.port, device=display.select, bus_speed_hz=SCREEN_HZ, gpio_DC=dc, gpio_RST=reset)
        return open_screen(display.chip, serial, display.turned, spidev.close)

    def events(self, path: str) -> Iterator[tuple[str, int]]:
        """("turn", clicks) and ("press", 0 or 1) as the kernel's drivers tell them."""
        evdev = _library("evdev", "events", "make pi")
        device: Any = evdev.InputDevice(path)
        for event in device.read_loop():
            if event.type == evdev.ecodes.EV_REL:
                yield "turn", int(event.value)
            elif event.type == evdev.ecodes.EV_KEY and event.value in (0, 1):
                yield "press", int(event.value)

    def _spidev(self) -> Any:
        return _library("spidev", "spi", "make pi").SpiDev()


def _library(name: str, what: str, remedy: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as e:
        raise PanelError(f"{what}: {e}; type: {remedy}") from None
