"""The gain assistant: where the card's preamps can be turned from here, the report says from where to where, and does it when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gigbox import params
from gigbox.desk.client import Client
from gigbox.errors import GigboxError, MachineError, ParamError, RequestError

GAINS = "strip/*/input/gain"
OFFER = "the card's preamps can be turned from here: gigbox linecheck --turn"


def gains(desk: Client) -> dict[int, float]:
    """The strips whose input has a preamp that the box can turn, and its gain."""
    try:
        told = desk.get(GAINS)
    except (ParamError, RequestError):
        return {}
    return {int(path.split("/")[1]): float(value.value or 0) for path, value in told.items()}


def with_gains(report: dict[str, Any], gains: Mapping[int, float]) -> dict[str, Any]:
    """The report, each channel with `gain_db` and `gain_to_db`: null where the box can turn nothing, the same where nothing is to be turned."""
    row = params.find(GAINS.replace("*", "1")).param
    for channel in report["channels"]:
        now = gains.get(channel["channel"])
        channel["gain_db"] = now
        channel["gain_to_db"] = None if now is None else row.clamp(now + (channel["turn_db"] or 0))
    return report


def to_turn(report: Mapping[str, Any]) -> dict[int, tuple[float, float]]:
    """By strip: the gain that it had, and the one that it should have."""
    return {c["channel"]: (c["gain_db"], c["gain_to_db"]) for c in report["channels"] if c.get("gain_to_db") not in (None, c.get("gain_db"))}


def turn(desk: Client, report: Mapping[str, Any]) -> list[str]:
    """Turns the preamps as the report says; tells each. What somebody turned since stays. Trim takes it back, so the mix does not jump."""
    now, wanted = gains(desk), to_turn(report)
    if not now:
        raise MachineError("linecheck: the card has no preamps that can be turned from here, expected hands on it")
    told = []
    for strip, (before, to) in wanted.items():
        if now.get(strip) != before:
            told.append(f"strip {strip}: turned by somebody since the line check, left as it is")
            continue
        try:
            desk.set({GAINS.replace("*", str(strip)): to}, f"line check: {to - before:+g} dB")
        except GigboxError as e:
            told.append(str(e))
            continue
        told.append(f"strip {strip}: preamp from {before:g} to {to:g} dB")
    return told or ["every preamp stands well"]
