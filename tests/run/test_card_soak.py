"""All programs around an engine that plays through a card of 10 inputs and 10 outputs, 64 x 2: whatever they do, no period is missed because of them."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gigbox.desk.client import Client
from gigbox.engine.simulated import SimulatedCard
from gigbox.rack import CARD_CAUSES, CARD_STATES, RATE, Rack
from tests.live_box import eventually, free_port

MINUTES = float(os.environ.get("GIGBOX_SOAK_MINUTES", "10"))
PERIOD, EVERY_S = 64, 5.0
ENGINE = """
from pathlib import Path
from gigbox.devices.choice import Device
from gigbox.engine.program import run
run(None, Path({!r}), device=Device("usb", "gigsim", capture="gigsim"))
"""


@pytest.mark.soak
def test_every_stall_of_the_card_is_one_recovery_and_nothing_else_is_missed(tmp_path: Path) -> None:
    card = SimulatedCard(10, 10, path=tmp_path / "card", in_frames=4 * RATE, looped=True)
    card.input[:] = (np.random.default_rng(1).normal(0, 0.02, card.input.shape) * 2 ** 31).astype(np.int32)
    (tmp_path / "asound.conf").write_text(card.config())
    dice = random.Random(1)
    stalls = [(int(at * RATE), dice.randint(1, 50) * PERIOD) for at in np.arange(20, 60 * MINUTES, EVERY_S)]
    for at, frames in stalls:
        card.fault("stall", at, frames)
    with programs(tmp_path) as rack:
        eventually(lambda: card.now > 60 * MINUTES * RATE + RATE, 60 * MINUTES + 60, "the end")
        causes = {cause: int(n) for cause, n in zip(CARD_CAUSES, rack.view("card_causes"), strict=True)}
        told, state = int(rack.c.recoveries), CARD_STATES[rack.c.card_state]
        loads = np.cumsum(rack.view("load_bins")) / rack.c.blocks
        print(f"{card.now / RATE:.0f} s, {len(stalls)} stalls, {causes}, {told} recoveries; a period takes {rack.c.load:.1%} of its time, 99.9 of 100 at most "
              f"{np.searchsorted(loads, 0.999) / 64:.1%}, the worst {rack.c.load_worst:.1%}; latency {rack.c.latency_card} frames")
    assert state == "running"
    assert told == sum(causes.values())
    assert causes["load"] == causes["stood"] == causes["suspended"] == causes["gone"] == 0
    assert causes["card"] <= len(stalls) <= causes["card"] + causes["late"]      # a machine that others load is late at times


@contextlib.contextmanager
def programs(folder: Path) -> Iterator[Rack]:
    """Engine, desk, brain with all models, web; hands, pages and readers of the taps keep them busy."""
    port, over = free_port(), threading.Event()
    environment = os.environ | {"GIGBOX_RUN": str(folder / "run"), "GIGBOX_STATE": str(folder / "state"), "ALSA_CONFIG_PATH": str(folder / "asound.conf")}
    (folder / "run").mkdir(mode=0o700)
    commands = [["-c", ENGINE.format(str(folder / "run/rack"))],
                *(["-m", "gigbox.cli", *words] for words in (("desk",), ("brain",), ("web", "--port", str(port), "--host", "127.0.0.1")))]
    running = [subprocess.Popen([sys.executable, *command], env=environment) for command in commands]
    try:
        eventually(lambda: (folder / "run/rack").exists() and (folder / "run/desk.sock").exists(), 20, "engine and desk")
        rack = Rack(folder / "run/rack")
        eventually(lambda: rack.c.wanted_until > rack.frames > 0, 30, "the brain")
        busy = [threading.Thread(target=_until, args=(over, act)) for act in (_hands(folder / "run/desk.sock"), _page(port), _listener(rack))]
        for thread in busy:
            thread.start()
        yield rack
        over.set()
        for thread in busy:
            thread.join()
        assert [process.poll() for process in running] == [None] * 4
    finally:
        over.set()
        for process in reversed(running):
            process.terminate()
            process.wait(10)


def _until(over: threading.Event, act: Callable[[], None]) -> None:
    while not over.wait(0.05):
        act()


def _hands(socket: Path) -> Callable[[], None]:
    client, dice = Client(socket, by="test"), random.Random(2)
    client.set({"box/denoise": "model"} | {f"strip/{n}/denoise/amount": 18 for n in range(1, 11)})
    return lambda: client.set({f"strip/{dice.randint(1, 10)}/level": dice.uniform(-20, 0)}) and None


def _page(port: int) -> Callable[[], None]:
    def act() -> None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            answer.read()
    return act


def _listener(rack: Rack) -> Callable[[], None]:
    def act() -> None:
        nonlocal at
        heard, at = rack.listen(at)
        assert np.isfinite(heard).all()
    at = 0
    return act
