"""A box that plays through a card on a stage: what its first monitor says comes back into its first microphone, so that what is turned up too far howls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gigbox.engine.simulated import NAME, SimulatedCard
from gigbox.rack import OUTPUTS, RATE
from tests.live_box import PATIENCE_S, Box, eventually
from tests.measures.feedback.loop import BLOCK, BUFFERED, MONITOR, Air
from tests.measures.feedback.rooms import peaky, stable_limit

CHUNK = 4 * BLOCK         # frames of the card's time that pass at once
PERIODS = 2 * BLOCK       # frames that the card holds of what is to be played
OVER_DB = 4.0             # above what the room bears, at a send of 0 dB
FULL, LATE_S, LOOK_S = 2.0 ** 31, 0.1, 0.0005
TONES_HZ = (220, 330)


class Room(threading.Thread):
    """What passes between the card's sockets. The card's time is granted as far as the sound has come, so that the loop is closed to the sample however
    late this machine is. `dry`: (seconds, inputs), besides what comes back, over and over."""

    def __init__(self, card: SimulatedCard, dry: np.ndarray) -> None:
        super().__init__(daemon=True)
        response = peaky(0).response[: RATE // 5]
        limit = stable_limit(response, CHUNK + BUFFERED + BLOCK + PERIODS)
        self.card, self.dry, self._over = card, dry, threading.Event()
        self._air = Air(response * 10 ** ((limit + OVER_DB) / 20))

    def run(self) -> None:
        at, due = self.card.now, time.monotonic()
        while not self._over.is_set():
            sound = np.take(self.dry, np.arange(at, at + CHUNK), axis=0, mode="wrap")
            sound[:, 0] += self._heard(at)
            self.card.input[np.arange(at, at + CHUNK) % len(self.card.input)] = (np.clip(sound, -1, 1 - 2 ** -24) * FULL).astype(np.int32)
            at += CHUNK
            self.card.grant(at)
            due = max(due + CHUNK / RATE, time.monotonic() - LATE_S)
            while (self.card.now < at or time.monotonic() < due) and not self._over.wait(LOOK_S):
                pass

    def _heard(self, at: int) -> np.ndarray:
        """Of what was played last."""
        played = self.card.heard(at - CHUNK, at)[:, MONITOR] / FULL if at >= CHUNK else np.zeros(CHUNK)
        return np.concatenate([self._air.through(block) for block in played.reshape(-1, BLOCK).astype(np.float32)])

    def close(self) -> None:
        self._over.set()
        self.join()


class Stage(Box):
    """A singer who holds a tone, another beside, and hiss."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.card = SimulatedCard(len(TONES_HZ), OUTPUTS, path=folder / "card", in_frames=RATE, out_frames=RATE, looped=True, granted=True)
        (folder / "asound.conf").write_text(self.card.config())
        self.environment |= {"ALSA_CONFIG_PATH": str(folder / "asound.conf")}
        self.tones = np.sin(2 * np.pi * np.outer(np.arange(RATE), TONES_HZ) / RATE) * 0.1
        self.hiss = np.random.default_rng(0).standard_normal((RATE, len(TONES_HZ))) * 10 ** (-60 / 20)
        self.room = Room(self.card, self.tones + self.hiss)

    def command(self, port: int = 0) -> list[str]:
        return [str(self.python), "-m", "gigbox.cli", "run", "--device", f"{NAME}:0", "--port", str(port or self.port)]

    def start(self) -> None:
        self.room.start()
        super().start()

    def ready(self) -> None:
        self.all_run()
        with self.client() as client:
            client.set({"strip/1/role": "lead_vocal", "strip/1/name": "Anna", "strip/2/role": "backing_vocal", "strip/1/send/1/level": -20.0})
            eventually(lambda: client.get("monitor/1/guard/on")["monitor/1/guard/on"].value, 20, "the guard of a monitor that hears a microphone")

    def end(self) -> None:
        super().end()
        self.room.close()
        self.card.close()

    def within(self, true: Callable[[], object], seconds: float, what: str) -> float:
        """Waits until something holds, so long by the sound: its room may be slower than a clock. How long it took, s of sound."""
        begin = self.rack.frames
        eventually(lambda: true() or self.rack.frames - begin >= seconds * RATE, PATIENCE_S, f"{what}, or {seconds} s of sound")
        took = (self.rack.frames - begin) / RATE
        assert true(), f"{what}: not within {seconds} s of sound, at {self.loud_db():.1f} dB"
        return took

    def loud_db(self, seconds: float = 0.1) -> float:
        """Of the monitor just now, dB rms re full scale."""
        heard = self.rack.view("tap_out")[(self.rack.frames - np.arange(1, round(seconds * RATE))) % len(self.rack.view("tap_out")), MONITOR]
        return float(10 * np.log10((heard.astype(float) ** 2).mean() + 1e-12))
