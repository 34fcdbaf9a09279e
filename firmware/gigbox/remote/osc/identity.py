"""Who the box says it is: itself, by its own name. Only in the mode `console` it says a model that apps know by heart, for those that ask for it."""

from __future__ import annotations

import socket

from gigbox import __version__, params
from gigbox.remote.mirror import Mirror

SERVER = "V0.04"
CONSOLE = ("XR18", "1.17")               # what a console of that family answers
CHANNELS = 16                            # clients read how many from the digits of the model


def model(mirror: Mirror) -> tuple[str, str]:
    """Model and version of the firmware."""
    return CONSOLE if params.OSC[int(mirror.value("box/osc"))] == "console" else (f"gigbox{CHANNELS}", __version__)


def name() -> str:
    return socket.gethostname()[:32] or "gigbox"
