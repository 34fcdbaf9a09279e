"""Which cards there are, and what each can do: asked of ALSA, nothing is started and nothing is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gigbox.devices.alsa import Alsa
from gigbox.devices.controls import Control, controls

RATES = (44100, 48000, 88200, 96000, 176400, 192000)
FORMATS = ("S32_LE", "S24_3LE", "S24_LE", "S16_LE")       # those that the engine plays, best first


@dataclass(frozen=True)
class Side:
    """One direction of a card: how many channels at least and at most, which of RATES, which of FORMATS."""

    fewest: int
    most: int
    rates: tuple[int, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """`capture` and `playback` are None where the card has no such direction, or where another program holds it (`busy`)."""

    index: int
    id: str
    name: str
    longname: str
    capture: Side | None
    playback: Side | None
    controls: tuple[Control, ...]
    busy: bool = False

    @property
    def words(self) -> str:
        """What profiles look at."""
        return f"{self.id}\n{self.name}\n{self.longname}"


def found(alsa: Alsa) -> list[Card]:
    """All cards, in ALSA's order. One that goes while it is looked at is none."""
    cards = []
    try:
        pairs = list(zip(alsa.card_indexes(), alsa.cards(), strict=False))
    except alsa.ALSAAudioError:
        return []
    for index, name in pairs:
        try:
            cards.append(_card(alsa, index, name))
        except alsa.ALSAAudioError:
            continue
    return cards


def _card(alsa: Alsa, index: int, card_id: str) -> Card:
    name, longname = alsa.card_name(index)
    capture, held_in = _side(alsa, alsa.PCM_CAPTURE, card_id)
    playback, held_out = _side(alsa, alsa.PCM_PLAYBACK, card_id)
    return Card(index, card_id, name, longname, capture, playback, controls(alsa, index), held_in or held_out)


def _side(alsa: Alsa, direction: int, card_id: str) -> tuple[Side | None, bool]:
    """What a direction can do, and whether another program holds it."""
    try:
        pcm = alsa.PCM(direction, alsa.PCM_NONBLOCK, device=f"hw:CARD={card_id},DEV=0", rate=48000, channels=2, format=alsa.PCM_FORMAT_S32_LE)
    except alsa.ALSAAudioError as e:
        return None, "busy" in str(e).lower()
    try:
        channels = pcm.getchannels()
        return Side(min(channels), max(channels), _rates(pcm.getrates()), tuple(f for f in FORMATS if f in pcm.getformats())), False
    except (alsa.ALSAAudioError, ValueError):
        return None, False
    finally:
        pcm.close()


def _rates(told: Any) -> tuple[int, ...]:
    """pyalsaaudio gives one rate, both ends of a range, or a list."""
    if isinstance(told, int):
        return (told,)
    if isinstance(told, tuple):
        return tuple(rate for rate in RATES if told[0] <= rate <= told[1])
    return tuple(sorted(told))
