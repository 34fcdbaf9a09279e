"""A box made of its own programs in a kernel of its own (hil/uml.py): its card is snd-aloop, its knob hangs on lines of gpio-sim."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from gigbox import reset
from hil.alsa import Cable
from hil.bench import Sound, nothing
from hil.lines import Lines
from hil.own import OwnPrograms

TESTER = "hw:Loopback,0,0"    # the other end of the cable is the box's card
PERIOD = 256                  # frames: its clock ticks in milliseconds
DRIVER = Path("/sys/bus/platform/drivers/snd_aloop")
CARD = "snd_aloop.0"
A, B = 6, 12                  # lines of the second knob
BUTTONS = {"auto": 13, "mute": 16}
QUARTER_S = 0.001             # of a hand in a hurry
# Whoever plays through hw: may have 32 channels of a cable that is free; this card has so many as the bench.
CONFIG = """pcm.box {{ @args [ N ] @args.N {{ type integer default 0 }} type hw card Loopback device 1 subdevice 0 channels {channels} }}
ctl.hw {{ @args [ CARD ] @args.CARD {{ type string }} type hw card $CARD }}
"""
PANEL = f"""[encoders.2]
a = "gpio{A}"
b = "gpio{B}"
quarters = 4
[buttons]
auto = "gpio{BUTTONS['auto']}"
mute = "gpio{BUTTONS['mute']}"
"""


class LoopedBench(OwnPrograms):
    name = "uml"

    def __init__(self, folder: Path, channels: int = 8) -> None:
        self.inputs = self.outputs = channels
        (folder / "asound.conf").write_text(CONFIG.format(channels=channels))
        (folder / "state").mkdir()
        (folder / "state/panel.toml").write_text(PANEL)
        super().__init__(folder, ("--device", "box:0", "--period", str(PERIOD)), {
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"), "GIGBOX_RESET": str(folder)})     # whoever holds the buttons has a bench that looks
        self._lines = Lines()
        for line in (A, B, *BUTTONS.values()):
            self._lines.pull(line, 1)
        self._cable = Cable(TESTER, channels, channels)
        self._pulling: threading.Thread | None = None

    def play(self, sound: Sound, at: int = 0, meanwhile: Callable[[], None] = nothing) -> Sound:
        return self._cable.through(sound, at, meanwhile)

    def turn(self, clicks: int) -> None:
        self._lines.turn(A, B, clicks, QUARTER_S)

    def press(self, button: str, down: bool) -> None:
        self._lines.pull(BUTTONS[button], not down)

    def is_to_forget(self) -> bool:
        """Somebody asked for a box as it was made; on a card that boots, `image/checks` sees what comes of it."""
        return (self.folder / "run" / reset.FILE).exists()

    def unplug_card(self) -> None:
        """The kernel waits until the box has let go of it."""
        self._cable.close()
        self._pulling = threading.Thread(target=lambda: (DRIVER / "unbind").write_text(CARD), daemon=True)
        self._pulling.start()

    def plug_card(self) -> None:
        if self._pulling:
            self._pulling.join()
        (DRIVER / "bind").write_text(CARD)
        self._cable = Cable(TESTER, self.inputs, self.outputs)
