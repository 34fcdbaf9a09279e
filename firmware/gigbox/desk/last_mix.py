"""What was heard last, read from the journal without a desk: for an engine that starts alone after a power cut. Nothing is written, moved or locked."""

from __future__ import annotations

from pathlib import Path

from gigbox.desk.past import BROKEN, content_of, journal_of, numbers, replay, restore
from gigbox.desk.paths import ADDRESSES, ATTENDED, INDEX
from gigbox.desk.state import Desk


def last_mix(folder: Path) -> list[float] | None:
    """The values of the newest state that can be read, as the desk will find it, but for what nobody attends to; None where there is none at all."""
    try:
        desk = Desk(lambda: 0.0)
        first = _snapshot(desk, folder)
        files = [n for n in numbers(folder, "journal", "journal.gz") if n >= first]
        for number in files:
            if not _replay(desk, journal_of(folder, number)):
                break
    except OSError:
        return None
    quiet = {INDEX[path]: float(ADDRESSES[INDEX[path]].default) for path in ATTENDED if path in INDEX}
    return [quiet.get(index, value) for index, value in enumerate(desk.values)] if files or first > 1 else None


def _snapshot(desk: Desk, folder: Path) -> int:
    for number in reversed(numbers(folder, "snapshot")):
        try:
            restore(desk, folder, number)
            return number
        except (OSError, *BROKEN):
            desk.clear()
    return min(numbers(folder, "journal", "journal.gz"), default=1)


def _replay(desk: Desk, path: Path) -> bool:
    """False where something of it, and all that lies behind, cannot be read."""
    content, whole = content_of(path)
    return whole and replay(desk, content) == len(content)
