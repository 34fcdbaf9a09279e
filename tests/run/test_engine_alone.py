"""`gigbox engine` alone is enough to hear the last mix: after a power cut there is no rack, and no desk yet. Real processes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from gigbox.desk.journal import Journal
from gigbox.rack import RATE
from tests.live_box import box_of_tones, eventually

MIX = {"strip/1/level": -6.0, "strip/2/mute": True, "box/lookahead": "0", "box/denoise": "off"}


def test_an_engine_alone_plays_the_last_mix_from_silence(tmp_path: Path) -> None:
    box = box_of_tones(tmp_path)
    journal = Journal(tmp_path / "state/journal", print)
    desk = journal.load()
    journal.write(desk.set(MIX, "ann", 0).events, 0)
    journal.close(0)
    engine = subprocess.Popen([str(box.python), "-m", "gigbox.cli", "engine", "--song", str(tmp_path / "song")], env=box.environment)
    try:
        eventually(lambda: (tmp_path / "run/rack").exists() and box.beats(), 10, "the engine")
        np.testing.assert_array_equal(box.rack.values(), np.array(desk.values, np.float32))
        eventually(lambda: box.rack.frames > RATE // 2, 5, "half a second")
        heard = box.rack.view("tap_out")[: RATE // 2, :2]
    finally:
        engine.terminate()
        engine.wait(10)
    wanted = 0.1 * 10 ** (-6 / 20) * 2 ** -0.5             # one tone of the two, in the middle
    assert abs(np.abs(heard[RATE // 4:]).max() / wanted - 1) < 0.01
    assert np.abs(heard[:48]).max() < 0.05 * wanted
