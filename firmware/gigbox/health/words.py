"""What the health of the box means for a person: what is wrong, each with its remedy, and the whole as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gigbox.rack import CARD_WORDS

HOT_C = 80.0                  # a Pi slows down from here on
FULL = 90.0                   # per cent of a period: beyond it the next thing that happens is a gap
DISK_MB, MEMORY_MB = 200, 100
HELD_BACK = {"under_voltage": "the supply is too weak: use the Pi's own (27 W), and a short cable", "capped": "its clock is capped",
             "throttled": "it is throttled: give it air", "hot": "it is near its limit of temperature: give it air"}


def troubles(told: Mapping[str, Any]) -> list[str]:
    """What is wrong now, a line each; nothing where all is well."""
    return [*_of_sound(told.get("sound")), *of_machine(told["machine"]), *_of_desk(told.get("desk"))]


def table(told: Mapping[str, Any]) -> str:
    """All of it, for a person."""
    rows = [*_sound_rows(told.get("sound")), *_machine_rows(told["machine"]), *_desk_rows(told.get("desk"))]
    wide = max(len(name) for name, _ in rows)
    wrong = told["troubles"]
    return "\n".join([*(f"{name.ljust(wide)}  {text}" for name, text in rows), *(f"! {line}" for line in wrong), "" if wrong else "all is well"]).rstrip()


def _of_sound(sound: Mapping[str, Any] | None) -> Iterator[str]:
    if sound is None:
        yield "engine: does not play; type: gigbox run"
        return
    if sound["card"]["state"] == "unplugged":
        yield "card: unplugged, nothing is heard until it is back"
    if not sound["realtime"]:
        yield "engine: has no real-time priority, expected SCHED_FIFO; type: gigbox doctor"
    if (sound["load"]["p999"] or 0) >= FULL:
        yield f"load: {sound['load']['p999']:g} % of a period at the 99.9th percentile, expected less than {FULL:g} %; take a longer --period"
    if missed := sound["xruns_lately"]:
        yield f"sound: {missed} period{'' if missed == 1 else 's'} missed within the last minute, expected none; type: gigbox doctor, or take a longer --period"
    for strip in sound["clipping"]:
        yield f"strip {strip}: its input clips again and again; turn down the gain of the preamplifier before it"
    if sound["gains"]["late"]:
        yield "denoiser: the brain's gains are late, the classical one stands in"


def of_machine(machine: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the machine alone."""
    if (machine["temperature_c"] or 0) >= HOT_C:
        yield f"temperature: {machine['temperature_c']:g} degrees, expected less than {HOT_C:g}; give it air"
    for name, wrong in ((machine["throttling"] or {}).get("now") or {}).items():
        if wrong:
            yield f"processor: {HELD_BACK[name]}"
    if machine["disk_free_mb"] is not None and machine["disk_free_mb"] < DISK_MB:
        yield f"disk: {machine['disk_free_mb']} MB free, expected {DISK_MB} MB"
    if machine["memory_free_mb"] is not None and machine["memory_free_mb"] < MEMORY_MB:
        yield f"memory: {machine['memory_free_mb']} MB free, expected {MEMORY_MB} MB"


def _of_desk(desk: Mapping[str, Any] | None) -> Iterator[str]:
    if desk is None:
        yield "desk: does not answer; faders stay where they are"
    elif desk["disk"] != "well":
        yield f"desk: its disk is {desk['disk']}; what is set now may be lost with the power"


def _sound_rows(sound: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if sound is None:
        yield "sound", "none"
        return
    card, load = sound["card"], sound["load"]
    yield "card", f"{card['state']}, {card['inputs']} in, {card['outputs']} out, {sound['period']} x {card['periods']} frames"
    yield "latency", ", ".join(f"{path} {ms:.2f} ms" for path, ms in sound["latency_ms"].items())
    p999 = "?" if load["p999"] is None else f"{load['p999']:g}"
    yield "load", f"mean {load['mean']:g} %, p99.9 {p999} %, worst {load['worst']:g} %"
    causes = ", ".join(f"{n} x {CARD_WORDS[cause]}" for cause, n in sound["causes"].items() if n)
    yield "missed", f"{sound['xruns']} periods{f' ({causes})' if causes else ''}, {sound['recoveries']} recoveries, {sound['faults']} faults"
    age, times = sound["gains"]["age_ms"], sound["gains"]["late_times"]
    yield "denoiser", f"{sound['denoiser']}{'' if age is None else f', gains {age:g} ms old, late {times} times'}"


def _machine_rows(machine: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    heat = machine["temperature_c"]
    yield "temperature", "not told" if heat is None else f"{heat:g} degrees"
    held = machine["throttling"]
    since = [name.replace("_", " ") for name, wrong in held["since"].items() if wrong] if held else []
    yield "supply", "not told" if held is None else f"was at times: {', '.join(since)}" if since else "well since the start"
    yield "memory", f"{machine['memory_free_mb']} of {machine['memory_mb']} MB free"
    yield "disk", f"{machine['disk_free_mb']} of {machine['disk_mb']} MB free"


def _desk_rows(desk: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if desk is not None:
        yield "clients", ", ".join(desk["clients"]) or "none"
