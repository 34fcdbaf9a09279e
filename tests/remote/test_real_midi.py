"""The part on raw MIDI devices of the kernel (`make uml`): found, named, opened cable by cable, heard and told."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.uml import built, inside

__all__ = ["built"]          # a fixture
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.soak


def test_a_surface_is_answered_shown_and_heard_through_the_kernels_own_devices(kernel: Path, tmp_path: Path) -> None:
    said = inside(kernel, tmp_path, "cd /run;", f"GIGBOX_RUN=/run/gigbox TMPDIR=/run PYTHONPATH={ROOT / 'firmware'}:{ROOT}", sys.executable,
                  "-B -m tests.remote.real_midi 2>&1")
    line = next((line for line in said.splitlines() if line.startswith("told")), "")
    assert line, said
    told = json.loads(line.removeprefix("told"))
    print(line)
    assert (told["devices"], told["cables"]) == (4, 32)
    assert told["names"] == [told["asked"]] == ["Virtual Raw MIDI"]
    assert told["busy"]
    assert all("another program has it" in line for line in told["busy"])
    assert (told["answered"], told["names shown"], told["fader"]) == (True, True, 12588)
    assert told["heard"] < -5
    assert told["said"][1].endswith("here, as a surface")
