"""What the box knows about cards: profiles.toml, read and checked once."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gigbox.devices.cards import Card

FILE = Path(__file__).with_name("profiles.toml")
SIMULATED = "sim"


@dataclass(frozen=True)
class Profile:
    """One of profiles.toml, where its words are explained."""

    name: str
    about: str
    inputs: int
    outputs: int
    period: int
    periods: int
    card: str | None = None
    reopen: bool = False
    overlay: str = ""
    gain: tuple[str, ...] = ()
    phantom: tuple[str, ...] = ()
    pad: tuple[str, ...] = ()

    def fits(self, card: Card) -> bool:
        """Whether the card is of this kind and has enough channels, as far as it tells: one that is held by another program does not."""
        if self.card is None or not re.search(self.card, card.words, re.IGNORECASE):
            return False
        if card.busy:
            return bool(self.card)
        return card.capture is not None and card.playback is not None and card.capture.most >= self.inputs and card.playback.most >= self.outputs


@functools.lru_cache(maxsize=1)
def profiles(file: Path = FILE) -> tuple[Profile, ...]:
    """In the order in which they are tried."""
    with file.open("rb") as source:
        rows = tomllib.load(source)["profile"]
    return tuple(_profile(row) for row in rows)


def _profile(row: dict[str, Any]) -> Profile:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Profile(**fields)


def profile_of(card: Card) -> Profile | None:
    """The first that fits."""
    return next((profile for profile in profiles() if profile.fits(card)), None)
