"""The panel on lines of the kernel, through the real RPi.GPIO of rpi-lgpio (`make uml`): a Pi's own chip, simulated by gpio-sim."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.panel.real_gpio import CLICKS
from tests.uml import built, inside

__all__ = ["built"]          # a fixture
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.soak


def test_knobs_buttons_and_lights_work_on_the_kernels_lines(kernel: Path, tmp_path: Path) -> None:
    library = ROOT / ".venv/rpi"
    assert (library / "RPi").exists(), "no rpi-lgpio for it here; type: make uml"
    path = f"{library}:{ROOT / 'firmware'}:{ROOT}"
    said = inside(kernel, tmp_path, "cd /run;", "GIGBOX_RUN=/run/gigbox", f"PYTHONPATH={path}", sys.executable, "-B -m tests.panel.real_gpio 2>&1")
    line = next((line for line in said.splitlines() if line.startswith("told")), "")
    assert line, said
    told = json.loads(line.removeprefix("told"))
    print(line)
    assert told["module"].startswith(str(library))
    assert told["said"] == []
    assert (told["turned +1"], told["turned -1"]) == (CLICKS, -CLICKS)
    assert told["presses"] == [["press", "mute", True], ["press", "mute", False]] * 50
    assert told["slowest_ms"] < 100                  # of a kernel that is a program among others
    assert (told["lit"], told["dark"]) == (1, 0)
