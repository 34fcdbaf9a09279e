"""An engine that is killed is back before anybody has turned round: in silence first, at the same values, and never louder. Real processes, one card."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gigbox import params
from gigbox.engine.simulated import SimulatedCard
from gigbox.rack import RATE, Rack
from tests.engine.cards import PLAIN, TONE
from tests.live_box import eventually

BACK_S = 2.0                  # 1 s promised; this machine may be loaded
LEVEL = params.find("strip/1/level").index
PROGRAM = """
from pathlib import Path
from gigbox.devices.choice import Device
from gigbox.engine.program import run
run(None, Path({rack!r}), device=Device("usb", "gigsim", capture="gigsim", periods=4))
"""


@pytest.mark.parametrize("times", [4, pytest.param(50, marks=pytest.mark.soak)])
def test_a_killed_engine_is_back_within_a_second_at_the_same_values_and_never_louder(tmp_path: Path, times: int) -> None:
    card = SimulatedCard(1, 2, path=tmp_path / "card", out_frames=(times + 4) * 4 * RATE, in_frames=64, looped=True)
    card.input[:] = np.int32(TONE * 2 ** 31)
    (tmp_path / "asound.conf").write_text(card.config())
    rack = Rack(tmp_path / "rack", 1)
    for path, value in (PLAIN | {"strip/1/level": -6.0}).items():
        rack.values()[params.find(path).index] = value
    loudest, deaths = TONE * 10 ** (-6 / 20) * 0.5 ** 0.5, list[int]()
    engine = start(tmp_path)
    try:
        for _ in range(times):
            sounds(card, loudest, deaths)
            os.kill(engine.pid, signal.SIGKILL)
            engine.wait()
            deaths.append(card.now)
            engine = start(tmp_path)
        sounds(card, loudest, deaths)
    finally:
        engine.terminate()
        engine.wait(10)
    heard = np.abs(card.output[:card.now, 0] / 2 ** 31)
    assert heard.max() <= loudest * (1 + 1e-6)
    assert rack.values()[LEVEL] == -6.0
    away = [int(np.flatnonzero(heard[death + RATE // 100:] > 0)[0]) / RATE for death in deaths]
    print(f"away for {np.mean(away):.2f} s, {max(away):.2f} s at the most")
    assert np.median(away) < BACK_S
    for death in deaths:
        begin = death + RATE // 100 + int(np.flatnonzero(heard[death + RATE // 100:] > 0)[0])
        assert np.diff(heard[begin:begin + RATE // 20]).max() < 0.02 * loudest      # it fades in


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM.format(rack=str(folder / "rack"))]
    return subprocess.Popen(command, env=os.environ | {"ALSA_CONFIG_PATH": str(folder / "asound.conf")})


def sounds(card: SimulatedCard, level: float, deaths: list[int]) -> None:
    """The whole of it comes out of the card, after the last death."""
    def now() -> bool:
        return card.now > (deaths[-1] if deaths else 0) + RATE // 20 and bool(np.abs(card.heard(card.now - 16, card.now)[:, 0] / 2 ** 31).min() > 0.999 * level)

    eventually(now, 10, "sound")
