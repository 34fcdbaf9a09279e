"""Notches against mains hum: aims those of a strip at 50 or 60 Hz and its harmonics as they are heard in it, and follows them as the mains wander."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gigbox.brain.arrays import Array
from gigbox.brain.auto import Move
from gigbox.brain.hear.mains import LEAST_HARMONICS, OFF_HZ, ORDERS, WINDOW, Comb, Look, Slow, at_harmonics, look_at, pauses
from gigbox.brain.hear.steady_hum import CUT, KEPT, certain_comb, levels, stands_out, steady_comb
from gigbox.brain.roles.sources import Source
from gigbox.rack import Rack

TICKS = 10                               # every source is looked at once in so many ticks of 100 ms
MASKED_DB = 8.0                          # so far over a bin of 0.55 Hz a tone is hidden for sure: 15 dB below the noise of its critical band (100 Hz)
DEPTHS = (6.0, 24.0)
DEEPER_DB, GONE_DB, GONE_LOOKS = 4.0, 6.0, 20           # what it takes to change a depth; under its level for so many looks: gone
APART_HZ = 0.12                          # a channel whose mains are other than those of the others hears no mains


@dataclass
class Ear:
    """What is known of one source; `sent` is what auto holds of its notches, by the last word of the path."""

    looks: deque[Look] = field(default_factory=lambda: deque(maxlen=KEPT))
    sent: dict[str, float] = field(default_factory=dict)
    levels: Array | None = None      # of the hum that is cut, dBFS a harmonic
    gone: int = 0

    @property
    def on(self) -> bool:
        return self.sent.get("on", 0.0) > 0


class HumNotches:
    """Call `think` every 100 ms; it looks at a few sources each time, at each once a second. Moves go to `strip/n/hum/*`.

    A comb of at least four harmonics over the local median (guides/dsp.md 4.3; the mains of IEC 60038 within 1 %); its frequency by the
    parabola through the logarithms around each peak (Smith and Serra 1987, PARSHL), harmonics weighted by their order squared, as an error
    of the fundamental grows with it. Steady over several looks, or it is music. How deep: until masked (see MASKED_DB), 6 to 24 dB.
    """

    def __init__(self) -> None:
        self.ears: dict[int, Ear] = {}
        self._slow = Slow(0)
        self._tick = 0

    def think(self, rack: Rack, sources: Sequence[Source]) -> list[Move]:
        """What `auto` should do now about the hum of these sources."""
        if self._slow.past.shape[1] != rack.channels:
            self._slow = Slow(rack.channels)
        self._slow.read(rack)
        self._tick += 1
        if self._slow.filled < WINDOW:
            return []
        return [m for place, source in enumerate(sources) if place % TICKS == self._tick % TICKS for m in self._look(source)]

    def take(self, path: str, value: float) -> None:
        """What the desk holds of `auto` when this program starts or a move was refused."""
        words = path.split("/")
        if len(words) == 4 and words[0] == "strip" and words[2] == "hum" and (value or words[3] == "on"):
            self.ears.setdefault(int(words[1]), Ear()).sent[words[3]] = value

    @property
    def mains(self) -> float:
        """Hz, as all channels that are cut hear it of late; 0 while none is."""
        heard = [look.comb for ear in self.ears.values() if ear.on for look in list(ear.looks)[-3:] if look.comb]
        return float(np.median([comb.hz for comb in heard])) if heard else 0.0

    def _look(self, source: Source) -> Iterator[Move]:
        ear = self.ears.setdefault(source.strips[0], Ear())
        past = self._slow.past[:, [n - 1 for n in source.strips]]
        ear.looks.append(look_at(past, pauses(past)))
        path = f"strip/{source.strips[0]}/hum"
        wanted = self._follow(ear) if ear.on else self._find(ear, source)
        for word, (value, why) in wanted.items():
            ear.sent[word] = value
            yield Move(f"{path}/{word}", value, f"{source.name}: {why}")

    def _find(self, ear: Ear, source: Source) -> dict[str, tuple[float, str]]:
        """Not cut yet: is there hum, beyond doubt?"""
        last = ear.looks[-1].comb
        if last is None or (self.mains and abs(last.hz - self.mains) > APART_HZ):
            return {}
        looks, steady = certain_comb(source.role_name, ear.looks, self.mains > 0)
        if steady is None:
            return {}
        ear.levels, ear.gone = levels(looks, steady.hz), 0
        return self._aim(steady, looks)

    def _aim(self, comb: Comb, looks: Sequence[Look]) -> dict[str, tuple[float, str]]:
        out = stands_out(looks, comb)
        depth = _depth(out)
        hz = round(self.mains or comb.hz, 3)
        why = f"hum at {hz:.2f} Hz, {int(comb.stands.sum())} harmonics up to {out:.0f} dB over the rest, notched by {depth:.0f} dB"
        return {word: (value, why) for word, value in (("frequency", hz), ("harmonics", _highest(comb)), ("depth", depth), ("on", 1.0))}

    def _follow(self, ear: Ear) -> dict[str, tuple[float, str]]:
        """Cut already: is it still there, has it moved, is it stronger?"""
        recent = list(ear.looks)
        was = ear.sent.get("frequency", 50.0)
        hz = self.mains or was
        if ear.levels is None:      # this program has just begun, and the desk holds what an earlier one found
            steady = steady_comb(recent[-3:], 3)
            ear.levels = levels(recent[-3:], steady.hz) if steady else None
        known = ear.levels
        absent = recent[-1].comb is None and (known is None or _absent(recent[-1], hz, known))
        ear.gone = ear.gone + 1 if absent else 0
        if ear.gone >= GONE_LOOKS:
            ear.levels = None
            return {"on": (0.0, f"hum at {was:.2f} Hz is gone for {GONE_LOOKS} s, its notches are out")}
        if abs(hz - was) * ear.sent.get("harmonics", CUT) > OFF_HZ:
            return {"frequency": (round(hz, 3), f"hum has moved from {was:.2f} to {hz:.2f} Hz, its notches follow")}
        return self._deepen(ear, recent[-3:])

    def _deepen(self, ear: Ear, looks: Sequence[Look]) -> dict[str, tuple[float, str]]:
        """Stronger or weaker by now, or with more harmonics than were heard at first."""
        comb = steady_comb(looks, 3)
        if comb is None:
            return {}
        if (highest := _highest(comb)) > ear.sent.get("harmonics", 0.0):
            return {"harmonics": (highest, f"hum has {int(comb.stands.sum())} harmonics by now")}
        if not all(look.alone for look in looks):
            return {}
        ear.levels = levels(looks, comb.hz)
        out = stands_out(looks, comb)
        if abs(_depth(out) - ear.sent.get("depth", 0.0)) < DEEPER_DB:
            return {}
        return {"depth": (_depth(out), f"hum stands {out:.0f} dB over the rest by now, notched by {_depth(out):.0f} dB")}


def _absent(look: Look, hz: float, known: Array) -> bool:
    """Hum can be hidden, but never makes less of what is there: where most harmonics have fallen it is gone."""
    strong = np.argsort(known)[-LEAST_HARMONICS:]
    return bool(np.median((at_harmonics(look.spectrum, hz) - known)[strong]) < -GONE_DB)


def _highest(comb: Comb) -> float:
    """The highest harmonic that there is a notch for."""
    return float(ORDERS[:CUT][comb.stands[:CUT]].max())


def _depth(out: float) -> float:
    return float(np.clip(round(out - MASKED_DB), *DEPTHS))
