"""Twelve lights: one a strip of the bank, then signal, clip, muted, auto. They say it at a glance and from behind."""

from __future__ import annotations

from gigbox.panel.sight.box import Box

STRIPS = 8
NAMES = (*(f"strip_{n}" for n in range(1, STRIPS + 1)), "signal", "clip", "muted", "auto")
SIGNAL_DB, CLIP_DB = -50.0, -1.0
CLIP_S = 1.5              # a clip is seen for so long
SLOW_S, FAST_S = 1.0, 0.125


class Leds:
    """Strip: lit by signal, flickers after a clip, a short blink while muted. Auto: lit while the box is at work, blinks frozen, flickers in a line check."""

    def __init__(self) -> None:
        self._clipped: dict[int, float] = {}

    def look(self, box: Box, bank: int, now: float) -> tuple[bool, ...]:
        inputs = box.levels.inputs
        mutes = box.known(("mutes", len(inputs)), lambda: [box.on(f"strip/{n}/mute") for n in range(1, len(inputs) + 1)])
        self._clipped.update({n: now + CLIP_S for n, level in enumerate(inputs, 1) if level >= CLIP_DB})
        slow, fast = now % SLOW_S < SLOW_S / 2, now % FAST_S < FAST_S / 2
        lights = [n <= len(inputs) and self._strip(n, inputs[n - 1], mutes[n - 1], now) for n in range(bank, bank + STRIPS)]
        signal, clip = any(level >= SIGNAL_DB for level in inputs), any(until > now for until in self._clipped.values())
        checks, frozen, deep, silent = box.known("auto", lambda: (box.value("box/linecheck") > 0, box.on("box/freeze"), box.value("box/depth") > 0, box.muted))
        muted, auto = slow if silent else any(mutes), fast if checks else slow if frozen else box.desk and deep
        return (*lights, signal, clip, muted, auto)

    def _strip(self, strip: int, level: float, muted: bool, now: float) -> bool:
        if muted:
            return now % SLOW_S < SLOW_S / 10
        if self._clipped.get(strip, 0.0) > now:
            return now % FAST_S < FAST_S / 2
        return level >= SIGNAL_DB
