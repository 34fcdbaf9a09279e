"""A box for the pages: a gig in the middle, without a desk. What a page would do is written down."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from gigbox import params
from gigbox.desk.client import Change, Value
from gigbox.panel.sight.box import Box, Move
from gigbox.panel.sight.levels import Levels

PARTS = {"fx", "fxsend", "group", "guard", "mute_all", "record"}       # that a box has or not; this one has none
NAMES = ("Anna", "Backing", "Kick", "Snare", "Overhead", "Bass", "Gitarre", "Keys")
HANDS = (1.0, 0.0, None, 2.0, None, None, -3.0, None)
AUTOS = (2.5, -1.5, -3.0, 0.0, -6.0, 1.0, -2.5, -4.0)
KEYS = "keys -2.5 dB at 2 kHz: covers Anna by 6 dB around 2 kHz and can do without it"
CHECKED = {"seconds": 10.0, "channels": [
    {"channel": 1, "name": "Anna", "problems": ["hums"], "turn_db": 12, "state": "hum", "advice": "turn its preamplifier up by 12 dB",
     "sentences": ["hums at 50.0 Hz, -48 dBFS: look at its earth and its cable", "turn its preamplifier up by 12 dB"]},
    {"channel": 3, "name": "Kick", "problems": [], "turn_db": 0, "state": "playing", "advice": "its preamplifier stands well", "sentences": []}]}
HEALTH = {"troubles": [], "sound": {"latency_ms": {"main": 6.33}, "load": {"mean": 12.0, "worst": 41.0}, "xruns": 0}, "machine": {"temperature_c": 61.2}}


def told(path: str, **layers: Any) -> dict[str, Value]:
    """A parameter as the desk tells it, by number."""
    hand, auto = layers.get("hand"), layers.get("auto")
    address = params.find(path)
    return {path: Value(hand, auto, layers.get("value", address.param.effective(hand, auto, 1.0, address.default)))}


def gig(strips: int = 8, clock: Any = lambda: 0.0) -> Box:
    box = Box(clock)
    values: dict[str, Value] = {}
    for address in params.addresses():
        words = address.path.split("/")
        if not address.param.of_card and not PARTS & set(words) and not (words[0] == "strip" and int(words[1]) > strips):
            choices = address.param.choices
            value: Any = bool(address.default) if choices == params.SWITCH else choices[int(address.default)] if choices else address.default
            values[address.path] = Value(None, None, value)
    for n in range(strips):
        values |= told(f"strip/{n + 1}/level", hand=HANDS[n % 8], auto=AUTOS[n % 8])
        values[f"strip/{n + 1}/name"] = Value(NAMES[n % 8], None, NAMES[n % 8])
        values |= told(f"strip/{n + 1}/send/2/level", hand=(-6.0, -12.0, None, -20.0, None, -9.0, 0.0, -15.0)[n % 8])
    values |= {"monitor/2/name": Value("Anna", None, "Anna"), "strip/4/mute": Value(True, None, True)}
    box.hear(Change(values))
    box.levels = Levels(tuple(np.resize((-18, -30, -12, -90, -25, -0.5, -15, -22), strips).tolist()),
                        tuple(np.resize((-14, -28, -10, -60, -24, -3, -16, -20), strips).tolist()), (-7, -5, -20, -12, -90, -90, -90, -90), 1.0, True)
    box.desk = True
    box.moves.extend([Move("strip/8/level", KEYS, -1.5, -4.0, 0.0), Move("strip/3/hpf/frequency", "kick low cut 40 Hz: nothing but rumble", None, 40.0, 0.0)])
    box.events = [{"path": "strip/1/level", "by": "phone-3f2a9c1b", "layer": "hand", "old": 0.0, "new": -3.0, "why": "", "action": 4, "kind": "set"}]
    box.reports = {"linecheck": {"told": CHECKED}, "health": {"told": HEALTH}}
    box.scenes = ["acoustic", "ballade", "rock", "scene 1", "zugabe"]
    box.address, box.link, box.code = "192.168.178.42:8080", "http://192.168.178.42:8080/pair#AAAABBBBCCCCDDDDEEEE", "4729 1385"
    box.messages.extend(["strip/3/level: 40 dB is above 10 dB", "display: remote i/o error; it is tried again, all else works"])
    return box


def asking(**more: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"id": "a", "name": "Anna", "role": "musician", "monitor": 2, "strips": (), "address": "192.168.178.55", **more})


class Wishes:
    """Hands that write down what they are asked, and tell the box at once, as the desk would."""

    def __init__(self, box: Box) -> None:
        self.box, self.sets, self.asked = box, [], []

    def set(self, values: dict[str, Any]) -> None:
        self.box.aim(values)
        self.box.hear(Change({path: v for each, value in values.items() for path, v in told(each, hand=value, auto=self.box.auto(each)).items()}, by="panel"))
        self.sets.append(values)

    def ask(self, what: str, act: Any, done: str = "") -> None:
        self.asked.append((what, act, done))
