"""What a role means for the mix, and a style for the roles: roles.toml and styles.toml, read once and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from gigbox import params

LEAD_LUFS = -23.0     # where the lead vocal sits; leaves 12 dB and more to the limiter for a full band


@dataclass(frozen=True)
class Role:
    """See roles.toml."""

    offset: float
    pan: float = 0.0
    hpf: float = 0.0
    denoise: float = 0.0
    bleed: float = 0.0
    span: float = 0.0
    microphone: bool = False
    open_mic: bool = False
    wired: bool = False
    leads: bool = False
    kit: bool = False
    hears_all: bool = False
    gives_way: tuple[float, float] = (0.0, 0.0)
    ratio: float = 1.0
    takes: float = 0.0
    gate: float = 0.0
    reverb: float = 0.0
    spectrum: str = ""
    colour: str = "none"


@dataclass(frozen=True)
class Style:
    """`lead`: dB of the lead against all else together; `offsets`: LU by role."""

    lead: float
    offsets: dict[str, float] = field(default_factory=dict)


def table(name: str) -> dict[str, Any]:
    """One of the TOML files beside this."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


ROLES: dict[str, Role] = {name: Role(**row | ({"gives_way": tuple(row["gives_way"])} if "gives_way" in row else {}))
                          for name, row in table("roles.toml").items()}
UNKNOWN = "unknown"      # plays, and nobody can name it: near the middle of all places, with nothing that only some sources bear
UNNAMED = "unnamed"      # nobody has said or heard yet what it is
ROLES[UNKNOWN] = Role(-5.0, span=26.0, microphone=True, open_mic=True)
STYLES: dict[str, Style] = {name: Style(**row) for name, row in table("styles.toml").items()}
assert set(ROLES) <= {*params.ROLES, UNKNOWN}, "roles.toml has a role that THE table does not know"
assert tuple(STYLES) == params.STYLES, "styles.toml and THE table differ in their styles"


def spoken(role: str) -> str:
    """The role as a sentence has it: `an electric guitar`, `keys`."""
    words = role.replace("_", " ")
    if role == UNKNOWN:
        return "what nobody has named"
    if words in ("drums", "keys", "strings", "speech", "brass sax", "playback", "ambience"):
        return words.replace("brass sax", "brass")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"
