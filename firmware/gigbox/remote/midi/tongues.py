"""Which device speaks Mackie Control, and which is a plain controller: by the words of its name, until it says so itself in a handshake.

A file of the box (midi.toml) has the last word. The first line that fits counts.
"""

from __future__ import annotations

MCU, EXTENDER, PLAIN, OFF = "mcu", "extender", "plain", "off"
TONGUES = (MCU, EXTENDER, PLAIN, OFF)
NAMES = (
    ("x-touch extender", EXTENDER), ("x-touch-ext", EXTENDER),
    ("x-touch ext", PLAIN),           # the X-Touch's sockets for other devices: a cable of their own
    ("x-touch mini", PLAIN), ("x-touch-mini", PLAIN), ("x-touch compact", PLAIN), ("x-touch-compact", PLAIN),      # as they come; they can speak the other, too
    ("x-touch", MCU), ("x touch", MCU),
    ("mackie control xt", EXTENDER), ("mcu xt", EXTENDER), ("mackie control", MCU), ("mackie mcu", MCU), ("mcu pro", MCU),
    ("platform x", EXTENDER), ("platform m", MCU), ("qcon ex", EXTENDER), ("qcon", MCU),
    *((word, PLAIN) for word in ("nanokontrol", "bcf2000", "bcr2000", "midimix", "midi mix", "launch control", "launchcontrol", "easycontrol", "faderfox")),
)


def tongue(name: str) -> str | None:
    """Of a device with that name; None where nobody knows: it may be a surface behind an interface, or a synthesiser."""
    words = name.casefold()
    return next((kind for part, kind in NAMES if part in words), None)
