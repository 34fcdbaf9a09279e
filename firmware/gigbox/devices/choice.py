"""Which card the box plays through: what was asked for, or the best that is there, or the simulated one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gigbox.devices.cards import Card
from gigbox.devices.profiles import SIMULATED, Profile, profile_of, profiles
from gigbox.errors import GigboxError, MachineError

ALSA_NAME = re.compile(r"[^\s+]+:[^\s+]*(\+[^\s+]+:[^\s+]*)?")      # hw:Loopback,1,0 or two of them: capture+playback


@dataclass(frozen=True)
class Device:
    """What the engine opens. `capture` and `playback` are names of ALSA, empty for the simulated card; `inputs` and `outputs` 0: all that the card has."""

    profile: str
    name: str
    card: str = ""            # its id, and
    index: int = -1           # its number now; none where a name of ALSA was asked for
    capture: str = ""
    playback: str = ""
    inputs: int = 0
    outputs: int = 0
    period: int = 64
    periods: int = 2
    reopen: bool = False

    @property
    def wish(self) -> str:
        """What asks for this very device again."""
        if self.simulated:
            return SIMULATED
        return self.card or f"{self.capture}+{self.playback}"

    @property
    def simulated(self) -> bool:
        return self.profile == SIMULATED


def choose(cards: Sequence[Card], wish: str = "") -> Device:
    """`wish`: a profile, a card's id or number, or a name of ALSA; else the first card that a profile fits. GigboxError for what is nothing of these."""
    if profile := next((p for p in profiles() if p.name == wish), None):
        return _of_profile(cards, profile)
    if wish:
        return _of_card(cards, wish)
    for profile in profiles():
        for card in cards:
            if profile.fits(card):
                return _device(profile, card)
    return _simulated()


def _of_profile(cards: Sequence[Card], profile: Profile) -> Device:
    if profile.name == SIMULATED:
        return _simulated()
    for card in cards:
        if profile.fits(card):
            return _device(profile, card)
    remedy = f"; on a Raspberry Pi config.txt says dtoverlay={profile.overlay}" if profile.overlay else ""
    raise MachineError(f"--device {profile.name}: no such card is found, expected {profile.about}{remedy}")


def _of_card(cards: Sequence[Card], wish: str) -> Device:
    card = next((card for card in cards if wish in (card.id, str(card.index), f"hw:{card.index}")), None)
    if card is None and ALSA_NAME.fullmatch(wish):
        capture, _, playback = wish.partition("+")
        return Device("usb", wish, capture=capture, playback=playback or capture, periods=3)
    if card is None:
        there = ", ".join(card.id for card in cards) or "none"
        raise GigboxError(f"--device: '{wish}' is no profile ({', '.join(p.name for p in profiles())}) and no card (here: {there})")
    if not card.busy and (card.capture is None or card.playback is None):
        raise MachineError(f"--device {card.id}: has no {'inputs' if card.capture is None else 'outputs'}, expected both on one card")
    return _device(profile_of(card) or next(p for p in profiles() if p.name == "usb"), card)


def _device(profile: Profile, card: Card) -> Device:
    name = f"hw:CARD={card.id},DEV=0"
    return Device(profile.name, card.name, card.id, card.index, name, name, min(card.capture.most, 32) if card.capture else 0,
                  min(card.playback.most, 32) if card.playback else 0, profile.period, profile.periods, profile.reopen)


def _simulated() -> Device:
    profile = next(p for p in profiles() if p.name == SIMULATED)
    return Device(profile.name, profile.about, period=profile.period, periods=profile.periods)
