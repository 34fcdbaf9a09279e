"""How the sound does, as the engine tells it in the rack: latency of each path, load, missed periods by cause, inputs that clip, how old the
denoiser's gains are."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy as np

from gigbox._core import lib
from gigbox.health.clipping import Clipping
from gigbox.rack import CARD_CAUSES, CARD_STATES, HOP, RATE, Rack

STILL_S = 0.5                 # an engine whose heartbeat stands longer does not run
SPAN_S, STEP_S = 60.0, 10.0   # the time that p99.9 and what is missed lately are of, and its grain
DENOISERS = ("off", "classic", "model", "held")                       # gb_denoiser

Bins = np.ndarray[Any, np.dtype[np.uint32]]


class Sound:
    """Look at least once a second; what is told of a span is of the looks in it. `now` is of the monotonic clock."""

    def __init__(self) -> None:
        self._frames, self._moved = -1, -math.inf
        self._blocks = 0
        self._past: deque[tuple[float, Bins, int]] = deque()  # load_bins and missed periods of then
        self._late, self._late_times = False, 0
        self._clipping = Clipping()

    def look(self, rack: Rack | None, now: float) -> dict[str, Any] | None:
        """None while no engine runs."""
        if rack is None or not self._runs(rack.frames, now):
            return None
        c, bins = rack.c, rack.view("load_bins").copy()
        if c.blocks < self._blocks:            # another engine
            self._past.clear()
        self._blocks = int(c.blocks)
        age = gains_age(rack)
        self._late_times += age["late"] and not self._late
        self._late = age["late"]
        self._note(now, bins, int(c.xruns))
        return {"strips": rack.channels, "period": int(c.period), "realtime": bool(c.realtime),
                "card": {"state": CARD_STATES[c.card_state], "inputs": int(c.card_inputs), "outputs": int(c.card_outputs), "periods": int(c.card_periods)},
                "latency_ms": latency_ms(rack),
                "load": {"mean": _share(float(c.load)), "p999": p999(bins - self._past[0][1]), "worst": _share(float(c.load_worst))},
                "xruns": int(c.xruns), "xruns_lately": max(int(c.xruns) - self._past[0][2], 0),
                "causes": {cause: int(n) for cause, n in zip(CARD_CAUSES, c.card_causes, strict=True)}, "recoveries": int(c.recoveries),
                "underruns": int(c.underruns), "faults": int(rack.view("strips.faults")[: rack.channels].sum()) + int(c.buses.faults),
                "clipping": self._clipping.look(rack, now), "denoiser": DENOISERS[c.denoiser],
                "gains": {"age_ms": age["age_ms"], "late": self._late, "late_times": self._late_times}}

    def _runs(self, frames: int, now: float) -> bool:
        if frames != self._frames:
            first = self._frames < 0
            self._frames, self._moved = frames, -math.inf if first and frames == 0 else now
        return now - self._moved < STILL_S

    def _note(self, now: float, bins: Bins, missed: int) -> None:
        """The first that is kept is of a minute ago."""
        if not self._past or now - self._past[-1][0] >= STEP_S:
            self._past.append((now, bins, missed))
        while len(self._past) > 1 and now - self._past[1][0] >= SPAN_S:
            self._past.popleft()


def p999(bins: Bins) -> float | None:
    """The share of a period that 999 of 1000 periods of a span needed at most, in per cent; None where there were none."""
    count = np.cumsum(bins, dtype=np.int64)
    if not count[-1]:
        return None
    return _share((int(np.searchsorted(count, math.ceil(0.999 * int(count[-1])))) + 1) / lib.GB_LOAD_STEPS)


def latency_ms(rack: Rack) -> dict[str, float]:
    """From an input of the card to an output, by path: what the card says that it holds, and what the mix waits for."""
    c = rack.c
    return {path: round((int(c.latency_card) + int(frames)) * 1000 / RATE, 2) for path, frames in (("main", c.latency_main), ("monitor", c.latency_monitor))}


def gains_age(rack: Rack) -> dict[str, Any]:
    """How old the newest gains of the brain are, as this engine counts hops (`rack.hops` goes on from the one before); `late`: they are wanted, and the
    engine holds on to old ones."""
    sets, now = rack.gain_sets, rack.frames // HOP
    wanted = rack.cleaned_by_model().size > 0
    late = wanted and DENOISERS[rack.c.denoiser] in ("held", "classic")
    if not sets or not wanted:
        return {"age_ms": None, "late": bool(late)}
    newest = int(rack.c.gains[(sets - 1) % lib.GB_GAIN_SETS].hop)
    return {"age_ms": round(max(now - newest, 0) * HOP * 1000 / RATE, 1), "late": bool(late)}


def _share(share: float) -> float:
    return round(100 * share, 1)

