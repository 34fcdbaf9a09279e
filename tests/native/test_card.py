"""The audio thread: it ends as it begins, without a cut, whatever happens to the card."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.engine.card import Card, CardWish
from gigbox.engine.core import Engine
from gigbox.engine.simulated import NAME, SimulatedCard, only
from gigbox.rack import OUTPUTS, RATE, TAP_FRAMES, Floats, Rack
from tests.live_box import eventually

from .sounds import PLAIN

LEVEL = np.sqrt(0.5) * 0.5      # of a constant 0.5 in the middle, on main
FADE = RATE // 20
MUTED = 2                       # of gb_card_state


def last(rack: Rack, frames: int) -> Floats:
    """What left the box last, and the listen bus: (frames, 10)."""
    end = rack.frames
    return rack.view("tap_out")[np.arange(end - frames, end) % TAP_FRAMES]


def ended(values: dict[str, float], seconds: float = 0.25) -> Rack:
    """A card that played a constant for that long, and was then let go."""
    simulated = SimulatedCard(1, OUTPUTS)
    only(simulated)
    simulated.feed(np.full((RATE, 1), 0.5, np.float32))
    with Engine(1, PLAIN | values) as engine, Card(CardWish(NAME, periods=4)) as card:
        card.play(engine)
        eventually(lambda: engine.rack.frames > seconds * RATE, 5, "sound")
        card.close()
        return engine.rack


RINGING = {"main/eq/1/frequency": 60.0, "main/eq/1/gain": 12.0, "main/eq/1/q": 8.0}


@pytest.mark.parametrize("values", [{}, RINGING, {"box/lookahead": 1.0}, {"strip/1/solo": 1.0}],
                         ids=["plain", "an equaliser that rings", "look-ahead", "solo"])
def test_the_end_is_a_fade_to_nothing_at_every_output(values: dict[str, float]) -> None:
    sound = last(ended(values | {"strip/1/send/1/level": 0.0, "strip/1/hpf/on": 0.0}), 2 * FADE)
    for bus in (0, 1, 2, OUTPUTS, OUTPUTS + 1):
        level = np.abs(sound[:FADE // 2, bus]).max()
        assert level > 0.2
        assert np.abs(np.diff(sound[FADE // 2:, bus])).max() <= 1.2 * level / FADE
        assert sound[-1, bus] == 0


def test_the_fade_lasts_50_ms() -> None:
    sound = last(ended({}), 2 * FADE)[:, 0]
    falling = np.flatnonzero(np.diff(sound) < -LEVEL / FADE / 2)
    assert FADE - 64 <= np.ptp(falling) <= FADE + 64


def test_an_engine_that_is_told_to_stop_fades_out(tmp_path: Path) -> None:
    """The program, with SIGTERM."""
    (tmp_path / "song").mkdir()
    soundfile.write(tmp_path / "song/1.wav", 0.5 * np.sin(2 * np.pi * 50 * np.arange(RATE) / RATE), RATE)
    Rack(tmp_path / "rack", 1)      # one that an engine left behind: not a fresh one, which is mute
    command = ["from pathlib import Path", "from gigbox.engine import program, song", f"here = Path({str(tmp_path)!r})",
               "program.run(song.open_song(here / 'song', ''), here / 'rack')"]
    engine = subprocess.Popen([sys.executable, "-c", "\n".join(command)])
    rack = Rack(tmp_path / "rack")
    eventually(lambda: rack.frames > RATE // 4, 20, "sound")
    os.kill(engine.pid, signal.SIGTERM)
    assert engine.wait(10) == 0
    sound = last(rack, 2 * FADE)
    assert np.abs(sound[:FADE, OUTPUTS]).max() > 0.2
    assert sound[-1, OUTPUTS] == 0
    assert np.abs(np.diff(sound[:, OUTPUTS])).max() < 0.5 * 2 * np.pi * 50 / RATE + 1 / FADE


def test_a_render_is_not_faded() -> None:
    with Engine(1, PLAIN) as engine:
        out, _ = engine.process(np.full((RATE // 4 // 32 * 32, 1), 0.5, np.float32))
    assert out[-1, 0] == pytest.approx(LEVEL, abs=1e-4)


def test_a_thread_that_is_late_many_times_running_never_takes_the_card_for_unplugged() -> None:
    simulated = SimulatedCard(1, OUTPUTS, granted=True, looped=True, in_frames=RATE)
    only(simulated)
    with Engine(1, PLAIN) as engine, Card(CardWish(NAME, period=64, periods=2)) as card:
        card.play(engine)
        for _ in range(12):
            simulated.fault("stall", simulated.now + 10, 300)
            time.sleep(0.005)                    # more than its two periods
            simulated.grant(simulated.now + 10)
            eventually(lambda: simulated.c.done == simulated.c.given, 5, "the card went on alone")
        time.sleep(0.005)
        state, blocks = engine.rack.c.card_state, engine.rack.c.blocks
        simulated.grant(simulated.now + 6400)
        eventually(lambda: engine.rack.c.recoveries == 1, 5, "sound goes on")
    assert (state, blocks) == (MUTED, 0)
    assert engine.rack.c.card_events == 1
