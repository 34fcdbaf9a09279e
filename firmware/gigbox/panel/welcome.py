"""What a screen shows that nobody has a hand at: how the first phone comes in, as long as nobody is engineer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path

from gigbox.errors import GigboxError
from gigbox.network.settings import Settings
from gigbox.people.pairing import Pairing
from gigbox.people.people import People
from gigbox.people.qr import modules

QUIET = 2                     # modules of light around a code: less than the standard's 4, and phones read it
BETWEEN = "   "
LETTERS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}       # upper and lower module, light or not
LOOK_S = 2.0              # between two looks whether somebody has come in
RADIOS = Path("/sys/class/net")


class Welcome:
    """`settings`: of the hotspot; None where the box has none."""

    def __init__(self, pairing: Pairing, people: People, settings: Settings | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._pairing, self._people, self._settings, self._clock = pairing, people, settings, clock
        self._looked, self._columns, self._lines = -LOOK_S, 0, list[str]()

    def lines(self, columns: int) -> list[str]:
        """Nothing once somebody is engineer. The code lasts as long as this is asked."""
        if (now := self._clock()) - self._looked >= LOOK_S or columns != self._columns:
            self._looked, self._columns, self._lines = now, columns, self._look(columns)
        return self._lines

    def _look(self, columns: int) -> list[str]:
        try:
            if not self._people.fresh:
                return []
            invitation = self._pairing.shown(True)
        except (GigboxError, OSError) as e:
            return [str(e)]
        link = self._pairing.link(invitation)
        rows, codes = [f"page   {link.partition('/pair')[0]}   code {invitation.spaced}"], [code(link)]
        if self._settings:
            rows.insert(0, f"Wi-Fi  {self._settings.name}   key {self._settings.key}")
            codes.insert(0, code(self._settings.wifi_code()))
        order = "left, then right" if len(codes) > 1 else "this"
        return [*beside(codes, columns), "", *rows, "", f"A phone scans {order}, and is the engineer's. A key shows the panel."]


def code(text: str) -> list[str]:
    """Two rows of a code a line, light ones lit, as a camera wants it on a dark screen."""
    dark = modules(text)
    wide = len(dark[0]) + 2 * QUIET
    side, edge = (True,) * QUIET, [(True,) * wide] * QUIET
    light = [*edge, *((*side, *(not module for module in row), *side) for row in dark), *edge]
    return ["".join(LETTERS[pair] for pair in zip(up, low, strict=True)) for up, low in zip_longest(light[::2], light[1::2], fillvalue=(False,) * wide)]


def beside(codes: Sequence[list[str]], columns: int) -> list[str]:
    """Next to each other; where that is too wide, the last one alone, which is the page's."""
    if sum(len(each[0]) for each in codes) + len(BETWEEN) * (len(codes) - 1) > columns:
        codes = codes[-1:]
    widths = [len(each[0]) for each in codes]
    return [BETWEEN.join(part.ljust(wide) for part, wide in zip(row, widths, strict=True)).rstrip() for row in zip_longest(*codes, fillvalue="")]


def has_radio(folder: Path = RADIOS) -> bool:
    return any(folder.glob("*/phy80211"))
