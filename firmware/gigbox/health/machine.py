"""How the machine under the box does: temperature, throttling and supply where it tells, memory, disk. Read from /proc and /sys; on a Pi vcgencmd, too."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

THROTTLED = {"under_voltage": 0, "capped": 1, "throttled": 2, "hot": 3}        # bits of get_throttled: now; 16 higher: since the machine started
FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled"

Ask = Callable[[], str]


def vcgencmd() -> str:
    """What the firmware of a Pi says, such as `throttled=0x50005`; nothing where there is none."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(["vcgencmd", "get_throttled"], capture_output=True, text=True, errors="replace", timeout=1, check=False).stdout
    return ""


def look(disk: Path, root: Path = Path("/"), ask: Ask = vcgencmd) -> dict[str, Any]:
    """`throttling` is None where the machine cannot tell. Sizes in MB, temperature in degrees Celsius."""
    memory = _memory(root)
    return {"temperature_c": _temperature(root), "throttling": _throttling(root, ask), "memory_mb": memory.get("MemTotal"),
            "memory_free_mb": memory.get("MemAvailable"), **_disk(disk), "load_average": _load(root)}


def _temperature(root: Path) -> float | None:
    """The hottest place that the kernel tells of."""
    found = [int(text) / 1000 for zone in _all(root, "sys/class/thermal/thermal_zone*/temp") if (text := _text(zone)).lstrip("-").isdecimal()]
    return round(max(found), 1) if found else None


def _throttling(root: Path, ask: Ask) -> dict[str, dict[str, bool]] | None:
    """What holds the processor back `now`, and `since` the start."""
    word = _text(root / FIRMWARE) or ask().strip().partition("=")[2]
    try:
        bits = int(word, 16)
    except ValueError:
        return _supply(root)
    return {span: {name: bool(bits >> first + bit & 1) for name, bit in THROTTLED.items()} for span, first in (("now", 0), ("since", 16))}


def _supply(root: Path) -> dict[str, dict[str, bool]] | None:
    """Of a kernel that knows the Pi's supply, but not its firmware."""
    for name in _all(root, "sys/class/hwmon/hwmon*/name"):
        if _text(name) == "rpi_volt":
            low = _text(name.with_name("in0_lcrit_alarm")) == "1"
            return {"now": {"under_voltage": low}, "since": {"under_voltage": low}}
    return None


def _memory(root: Path) -> dict[str, int]:
    rows = (line.split() for line in _text(root / "proc/meminfo").splitlines())
    return {row[0].rstrip(":"): int(row[1]) // 1024 for row in rows if len(row) > 1 and row[1].isdecimal()}


def _disk(path: Path) -> dict[str, int | None]:
    try:
        usage = shutil.disk_usage(path)
    except OSError:
        return {"disk_mb": None, "disk_free_mb": None}
    return {"disk_mb": usage.total // 1_000_000, "disk_free_mb": usage.free // 1_000_000}


def _load(root: Path) -> float | None:
    word = _text(root / "proc/loadavg").split()[:1]
    return float(word[0]) if word else None


def _all(root: Path, pattern: str) -> list[Path]:
    """None where the machine has no file to spare for a look."""
    with contextlib.suppress(OSError):
        return list(root.glob(pattern))
    return []


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError):
        return ""
