"""`gigbox devices`: the cards as a table, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from gigbox.devices.cards import Card, Side
from gigbox.devices.choice import choose
from gigbox.devices.controls import Control
from gigbox.devices.preamps import Knob, knobs
from gigbox.devices.profiles import profile_of, profiles

RATE = 48000
NONE = ("no sound card is found here, so the box plays through the simulated one. Plug in a USB interface; or, for a HAT on a Raspberry Pi, put its line "
        "into /boot/firmware/config.txt ({overlays}) and start the Pi again; then type: gigbox devices")
HEAD = ("card", "name", "in", "out", "rates", "formats", "profile")


def rows(cards: Sequence[Card]) -> dict[str, Any]:
    """Everything, for programs."""
    taken = choose(cards)
    return {"cards": [{**asdict(card), "profile": profile.name if (profile := profile_of(card)) else None, "fault": fault_of(card),
                       "preamps": [asdict(knob) for knob in _knobs(card)]} for card in cards],
            "taken": asdict(taken)}


def table(cards: Sequence[Card]) -> str:
    """Everything, for people."""
    if not cards:
        return NONE.format(overlays=", ".join(f"dtoverlay={p.overlay}" for p in profiles() if p.overlay))
    lines = [HEAD, *(_line(card) for card in cards)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEAD))]
    out = []
    for line, card in zip(lines, (None, *cards), strict=True):
        out.append("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())
        if card is not None:
            out += [f"  {text}" for text in (fault_of(card), _preamps(card), _others(card)) if text]
    taken = choose(cards)
    return "\n".join([*out, f"gigbox run plays through {taken.card or 'the simulated card'} ({taken.profile}); another one: gigbox run --device CARD"])


def _line(card: Card) -> tuple[str, ...]:
    profile, sides = profile_of(card), [side for side in (card.capture, card.playback) if side]
    rates = sorted(set.intersection(*(set(side.rates) for side in sides))) if sides else []
    formats = [f for f in (sides[0].formats if sides else ()) if all(f in side.formats for side in sides)]
    return (card.id, card.name, _channels(card.capture, card.busy), _channels(card.playback, card.busy), " ".join(f"{rate / 1000:g}" for rate in rates) or "?",
            " ".join(formats) or "?", profile.name if profile else "-")


def _channels(side: Side | None, busy: bool) -> str:
    if side is None:
        return "?" if busy else "0"
    return str(side.most) if side.fewest == side.most else f"{side.fewest}-{side.most}"


def fault_of(card: Card) -> str:
    """Why the box cannot play through it, in one line, or nothing."""
    if card.busy:
        return "another program holds it: end that one (fuser -v /dev/snd/*), or it is the box itself"
    if card.capture is None or card.playback is None:
        return f"has no {'inputs' if card.capture is None else 'outputs'}: the box needs both on one card"
    if RATE not in card.capture.rates or RATE not in card.playback.rates:
        return f"does not run at {RATE} Hz, expected that of a card"
    return ""


def _knobs(card: Card) -> tuple[Knob, ...]:
    profile = profile_of(card)
    return knobs(profile, card.controls) if profile else ()


def _preamps(card: Card) -> str:
    words = [f"{knob.kind} of input {'-'.join(map(str, dict.fromkeys((knob.inputs[0], knob.inputs[-1]))))}: {knob.control}"
             f"{f' ({knob.low:g} to {knob.high:g} dB)' if knob.kind == 'gain' else ''}" for knob in _knobs(card)]
    return f"preamps: {'; '.join(words)}" if words else ""


def _others(card: Card) -> str:
    known = {knob.control for knob in _knobs(card)}
    words = [_control(control) for control in card.controls if control.name not in known]
    return f"controls: {', '.join(dict.fromkeys(words))}" if words else ""


def _control(control: Control) -> str:
    if control.choices:
        return f"{control.name} ({' | '.join(control.choices)})"
    return f"{control.name} ({control.low_db:g} to {control.high_db:g} dB)" if control.low_db is not None else control.name
