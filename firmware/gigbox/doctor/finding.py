"""What a check found: well, a note (it will do), or a fault, with the one line to type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WELL, NOTE, FAULT = "well", "note", "fault"


@dataclass(frozen=True)
class Finding:
    """`what` was looked at, what it is, and what to type where it should be otherwise."""

    what: str
    state: str
    told: str
    remedy: str = ""


def well(what: str, told: str) -> Finding:
    return Finding(what, WELL, told)


def note(what: str, told: str, remedy: str) -> Finding:
    return Finding(what, NOTE, told, remedy)


def fault(what: str, told: str, remedy: str) -> Finding:
    return Finding(what, FAULT, told, remedy)


def table(findings: Iterable[Finding]) -> str:
    """For a person: a line each, and what to type below what is not well."""
    found = list(findings)
    wide = max(len(each.what) for each in found)
    lines = []
    for each in found:
        lines.append(f"{each.state.upper() if each.state == FAULT else each.state:<5}  {each.what:<{wide}}  {each.told}")
        if each.remedy:
            lines.append(f"{'':<{wide + 9}}type: {each.remedy}")
    faults = sum(each.state == FAULT for each in found)
    return "\n".join([*lines, f"{faults or 'no'} {'fault' if faults == 1 else 'faults'}"])
