"""What stands around the kernel: the audio group, the card and who else wants it, the models, time of day, disk, supply."""

from __future__ import annotations

import grp
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gigbox import places
from gigbox.devices.cards import Card
from gigbox.devices.choice import choose
from gigbox.devices.listing import fault_of
from gigbox.doctor.finding import Finding, fault, note, well
from gigbox.doctor.startup import pi_file
from gigbox.errors import GigboxError
from gigbox.health.words import DISK_MB, of_machine

BUILT = 1_760_000_000         # no clock of a box stands before this, seconds since 1970
HDMI = "hdmi"


def _groups() -> list[str]:
    found = []
    for number in {*os.getgroups(), os.getegid()}:
        try:
            found.append(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return found


@dataclass(frozen=True)
class House:
    """What is looked at; a test gives its own. `models`: GigboxError where one of them cannot be used; `plays`: the box itself holds the card."""

    cards: Callable[[], Sequence[Card]]
    models: Callable[[], str]
    machine: dict[str, Any]
    state: Path
    root: Path = Path("/")
    plays: bool = False
    user: str = field(default_factory=places.user_name)
    uid: int = field(default_factory=os.getuid)
    groups: Sequence[str] = field(default_factory=_groups)
    now: float = field(default_factory=time.time)


def checks(h: House) -> Iterator[Finding]:
    yield _group(h)
    yield from _cards(h)
    yield _models(h)
    yield _clock(h)
    yield _disk(h)
    yield from (fault("machine", line, "gigbox health --watch") for line in of_machine(h.machine) if not line.startswith("disk"))


def _group(h: House) -> Finding:
    if h.uid == 0 or "audio" in h.groups:
        return well("audio group", f"{h.user} may open sound cards")
    return fault("audio group", f"{h.user} is not in it, expected that to open sound cards", f"sudo usermod -aG audio {h.user}   (then log in again)")


def _cards(h: House) -> Iterator[Finding]:
    try:
        cards = list(h.cards())
    except GigboxError as e:
        yield fault("sound card", str(e), "sudo apt-get install -y libasound2-dev && .venv/bin/pip install pyalsaaudio")
        return
    device = choose(cards)
    if device.simulated:
        told = "; ".join(f"{card.id}: {fault_of(card) or 'no profile fits it'}" for card in cards) or "none is found"
        yield fault("sound card", told, _card_remedy(h.root))
        return
    card = next(card for card in cards if card.id == device.card)
    yield well("sound card", f"{card.id} ({device.profile}), {device.inputs or '?'} in, {device.outputs or '?'} out")
    if card.busy and not h.plays:
        yield fault("its owner", f"another program holds {card.id}", "systemctl --user mask --now pipewire.socket pipewire pulseaudio.socket pulseaudio")
    yield from _hdmi(cards, card, pi_file(h.root, "config.txt"))


def _card_remedy(root: Path) -> str:
    if config := pi_file(root, "config.txt"):
        return f"echo dtoverlay=hifiberry-dac8x | sudo tee -a {config} && sudo reboot   (a USB interface is only plugged in)"
    return "gigbox devices   (when a USB interface is plugged in)"


def _hdmi(cards: Sequence[Card], card: Card, config: Path | None) -> Iterator[Finding]:
    """A Pi's own outputs come first unless they are told not to be there; what asks for the first card then gets a television."""
    before = [other.id for other in cards if other.index < card.index and HDMI in other.words.lower()]
    if before and config:
        yield fault("HDMI audio", f"{', '.join(before)} comes before {card.id}, expected no HDMI audio",
                    f"sudo sed -i 's/^dtoverlay=vc4-kms-v3d$/&,noaudio/; s/^dtparam=audio=on/#&/' {config} && sudo reboot")


def _models(h: House) -> Finding:
    try:
        return well("models", h.models())
    except GigboxError as e:
        return fault("models", str(e), "gigbox models")


def _clock(h: House) -> Finding:
    if h.now >= BUILT:
        return well("clock", time.strftime("%Y-%m-%d %H:%M", time.localtime(h.now)))
    return note("clock", f"{time.strftime('%Y-%m-%d', time.gmtime(h.now))}: it stands behind; only what is written down for people is wrong",
                "sudo timedatectl set-ntp true")


def _disk(h: House) -> Finding:
    if not os.access(h.state, os.W_OK):
        return fault("disk", f"{h.state}: cannot be written, expected that for journal and scenes", f"sudo chown -R {h.user} {h.state}")
    free = shutil.disk_usage(h.state).free // 1_000_000
    if free < DISK_MB:
        return fault("disk", f"{free} MB free in {h.state}, expected {DISK_MB} MB", "sudo apt-get clean && sudo journalctl --vacuum-size=50M")
    return well("disk", f"{free} MB free in {h.state}")
