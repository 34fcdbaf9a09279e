"""What `gigbox tape list`, `start` and `stop` say."""

from __future__ import annotations

import json
import time
from pathlib import Path

from gigbox.desk.client import Client
from gigbox.takes.shelf import Shelf
from gigbox.takes.take import Take, length
from gigbox.takes.wave_head import RATE

DESK_S = 3.0


def listed(as_json: bool = False, shelf: Shelf | None = None) -> str:
    """All takes, the newest first."""
    takes = (shelf or Shelf()).takes()
    if as_json:
        return json.dumps([take.told() for take in takes], indent=1, ensure_ascii=False)
    return "\n".join(_line(take) for take in takes) or "no takes yet, expected some after: gigbox tape start"


def switch(on: bool, socket: Path) -> str:
    """What came of it. MachineError where no desk is there."""
    with Client(socket, by="gigbox tape", timeout=DESK_S) as desk:
        desk.set({"tape/record": on})
    return "recording, until: gigbox tape stop" if on else "stopped; what there is: gigbox tape list"


def _line(take: Take) -> str:
    lost = f", {take.lost / RATE:.2f} s lost" if take.lost else ""
    now = ", grows" if take.grows else ""
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(take.began))
    return f"{day}  {length(take.seconds):>8}  {take.bytes / 1e6:8.0f} MB  {take.tracks:2d} tracks  {take.folder}{lost}{now}"
