"""The screen's program runs where somebody could look, and nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from image.layer import LAYERS

MONITOR = LAYERS / "30-box/files/usr/lib/gigbox/monitor"


@pytest.mark.parametrize(("connectors", "left", "somebody"), [
    ({"card1-HDMI-A-1": "connected", "card1-HDMI-A-2": "disconnected"}, True, True), ({"card1-HDMI-A-1": "disconnected"}, True, False),
    ({"card1-HDMI-A-1": "disconnected", "card1-HDMI-A-2": "connected"}, False, True), ({}, True, True), ({}, False, False),
], ids=["one of two", "none put in", "the other one", "what the firmware left", "no screen at all"])
def test_a_monitor_is_seen_where_there_is_one(tmp_path: Path, connectors: dict[str, str], left: bool, somebody: bool) -> None:
    (tmp_path / "class/graphics").mkdir(parents=True)
    if left:
        (tmp_path / "class/graphics/fb0").touch()
    for name, status in connectors.items():
        (tmp_path / "class/drm" / name).mkdir(parents=True)
        (tmp_path / "class/drm" / name / "status").write_text(f"{status}\n")
    assert (subprocess.run(["sh", "-eu", MONITOR, tmp_path], check=False).returncode == 0) == somebody
