"""A desk and a rack that a test holds in its hand: the same faces, no processes, no shared memory."""

from __future__ import annotations

import contextlib
import threading
import time
from types import SimpleNamespace

import numpy as np

from gigbox import params
from gigbox.desk.client import Change, Value
from gigbox.desk.fences import _text
from gigbox.desk.paths import PATHS
from gigbox.errors import MachineError, RackError, RequestError

TAP_FRAMES = 65536
KNOWN = frozenset(PATHS)


class Truth:
    """What all clients of the fake desk share. `log` holds every request; `alive` False: nobody answers."""

    def __init__(self):
        self.lock = threading.RLock()
        self.hand, self.auto, self.locked = {}, {}, set()
        self.log, self.history, self.clients = [], [], []
        self.alive, self.actions, self.reports = True, 0, {}

    def tell(self, path):
        if params.find_text(path):
            return Value(self.hand.get(path), None, self.hand.get(path) or "")
        a = params.find(path)
        hand, auto = self.hand.get(path), self.auto.get(path)
        depth = self.hand.get("box/depth", 100.0) / 100
        layers = {"hand": hand, "auto": auto, "value": a.param.effective(hand, auto, depth, a.default)}
        if a.param.choices:
            name = (lambda v: bool(v)) if a.param.choices == params.SWITCH else (lambda v: a.param.choices[int(v)])
            layers = {k: None if v is None else name(v) for k, v in layers.items()}
        return Value(**layers, locked=path.rsplit("/", 1)[0] in self.locked)

    def everything(self):
        return {path: self.tell(path) for path in PATHS}

    def change(self, layer, values, by, why="", kind="set"):
        """All the values into a layer, told to every watcher."""
        with self.lock:
            self.actions += 1
            store = self.hand if layer == "hand" else self.auto
            for path, value in values.items():
                old, store[path] = store.get(path), value
                if value is None:
                    del store[path]
                self.history.insert(0, {"time": time.time(), "by": by, "path": path, "layer": layer, "old": old, "new": value, "why": why,
                                        "action": self.actions, "kind": kind})
            self.announce(values, by, layer, why)

    def announce(self, paths, by, layer, why=""):
        change = Change({p: self.tell(p) for p in paths}, by, layer, why)
        for client in self.clients:
            for callback in client.watches:
                callback(change)

    def come_back(self):
        self.alive = True
        for client in self.clients:
            client.present()

    def auto_moves(self, values, why):
        self.change("auto", values, "brain", why, "auto")

    def forgets(self, what):
        """As the brain does."""
        says = self.reports["taste"]["says"]
        self.reports["taste"] = {"says": {place: words for place, words in says.items() if what not in ("all", place)}}
        self.change("hand", {"box/forget": None}, "brain", f"forgot {what}")

    def sets(self, path):
        return [r["set"][path] for r in self.log if path in r.get("set", {})]


class FakeDesk:
    """A client of the fake desk, with the calls of gigbox.desk.client.Client that the web program uses."""

    def __init__(self, truth):
        self.truth, self.watches = truth, []
        truth.clients.append(self)

    def watch(self, patterns, callback):
        assert patterns == "*"
        self._reach("watch", patterns)
        self.watches.append(callback)
        self.present()
        return {}

    def present(self):
        for callback in self.watches:
            callback(Change(self.truth.everything()))

    def set(self, values, why="", by=""):
        with self._reach("set", values, by) as t:
            t.change("hand", {p: _text(p, v) if params.find_text(p) else params.find(p).param.check(v, p) for p, v in values.items()}, by)

    def release(self, patterns, by=""):
        with self._reach("release", patterns, by) as t:
            t.change("hand", dict.fromkeys(_each(patterns)), by, kind="release")
        return 1

    def lock(self, pattern, by=""):
        with self._reach("lock", pattern, by) as t:
            t.locked.update(_each(pattern))
            t.announce([f"{each}/level" for each in _each(pattern)], by, "lock")

    def unlock(self, pattern, by=""):
        with self._reach("unlock", pattern, by) as t:
            t.locked.difference_update(_each(pattern))
            t.announce([f"{each}/level" for each in _each(pattern)], by, "lock")

    def keep(self, patterns, by=""):
        with self._reach("keep", patterns, by):
            return 0

    def undo(self, whose=None, by="", of=None):
        with self._reach("undo", whose, by) as t:
            mine = next((e for e in t.history if whose in (None, e["by"]) and e["kind"] == "set" and e["path"].startswith(of or "")), None)
            if mine is None:
                raise RequestError(f"undo: {whose} has done nothing that can be taken back")
            t.change("hand", {mine["path"]: mine["old"]}, by, kind="undo")

    def history(self, count=20, of=None):
        if not self.truth.alive:
            raise MachineError("desk: not there")
        return [e for e in self.truth.history if e["path"].startswith(of or "")][:count]

    def locks(self):
        if not self.truth.alive:
            raise MachineError("desk: not there")
        return sorted(self.truth.locked)

    def scenes(self):
        return ["rock"]

    def save(self, scene, by=""):
        self._scene("save", scene, by)

    def recall(self, scene, scope="*", by="", kinds=None):
        self._scene("recall", scene, by)
        return 3

    def delete(self, scene, by=""):
        self._scene("delete", scene, by)

    def preview(self, scene, scope="*", kinds=None):
        return {"changes": [], "safe": 0}

    def export_scene(self, scene):
        return "format = 2\n"

    def import_scene(self, scene, text, by=""):
        self._scene("import", scene, by)

    def past(self, at, of=None):
        return {}

    def back(self, at, of=None, by=""):
        self._scene("back", at, by)
        return 0

    def _scene(self, act, name, by):
        with self._reach("scene", {act: name}, by):
            pass

    def report(self, name):
        with self._reach("report", name):
            if name not in self.truth.reports:
                raise RequestError(f"report '{name}': none so far")
            return {"name": name, "told": self.truth.reports[name]}

    def close(self):
        self.truth.clients.remove(self)

    @contextlib.contextmanager
    def _hold(self, kind, what, by):
        with self.truth.lock:
            self.truth.log.append({kind: what, "by": by})
            yield self.truth

    def _reach(self, kind, what, by=""):
        if not self.truth.alive:
            raise MachineError("desk: not there")
        return self._hold(kind, what, by)


def _each(patterns):
    """As the desk does, it knows its paths; the first of a pattern will do."""
    for each in [patterns] if isinstance(patterns, str) else patterns:
        if f"{each}/level" not in KNOWN and each not in KNOWN:
            raise RequestError(f"{each}: no such parameter")
    return [patterns] if isinstance(patterns, str) else patterns


class FakeRack:
    """`play(frames)` lets the engine go on: the tap gets the next frames of `sound` (n, 2), over and over."""

    def __init__(self, channels=8, sound=None):
        self.channels, self.frames = channels, 0
        self.c = SimpleNamespace(xruns=0, denoiser=2, load=0.31, latency_card=48, card_state=1, latency_main=304, latency_monitor=128,
                                 buses=SimpleNamespace(faults=0))
        self.hops = 0
        ones, zeros = (lambda: np.ones(32, np.float32)), (lambda: np.zeros(32, np.float32))
        self.fields = {**{f"strips.{name}": zeros() for name in ("in_peak", "out_peak", "momentary")},
                       **{f"strips.{name}_gain": ones() for name in ("gate", "deess", "comp", "share", "duck", "denoise")},
                       "strips.faults": np.zeros(32, np.uint32), "buses.limiter_gain": ones()[:8],
                       **{f"buses.{name}": zeros()[:8] for name in ("peak", "momentary", "short_term")}}
        self.tap = np.zeros((TAP_FRAMES, 2), np.float32)
        self.sound = np.zeros((1, 2), np.float32) if sound is None else sound
        self.broken = None

    def view(self, name):
        return self.fields[name]

    def play(self, frames):
        index = np.arange(self.frames, self.frames + frames)
        self.tap[index % TAP_FRAMES] = self.sound[index % len(self.sound)]
        self.frames += frames

    def listen(self, frame, columns=(8, 9)):
        """Only the listen bus sounds."""
        end = self.frames
        start = max(frame, end - TAP_FRAMES // 2) if frame <= end else end
        return self.tap[np.arange(start, end) % TAP_FRAMES] * (columns == (8, 9)), end


class Engine(threading.Thread):
    """Plays a fake rack in real time and lets its meters dance, until `stop`."""

    def __init__(self, rack, lively=False):
        super().__init__(daemon=True)
        self.rack, self.lively, self.running = rack, lively, True
        self.start()

    def run(self):
        begun, rng = time.monotonic(), np.random.default_rng(1)
        while self.running:
            time.sleep(0.005)
            due = int((time.monotonic() - begun) * 48000)
            self.rack.play(due - self.rack.frames)
            if self.lively:
                self._dance(rng, due / 48000)

    def _dance(self, rng, t):
        f, n = self.rack.fields, self.rack.channels
        db = -24 + 12 * np.sin(t * (1 + np.arange(n) * 0.37)) + rng.normal(0, 2, n)
        db[2] = 1.0 if t % 6 < 0.2 else db[2]
        f["strips.in_peak"][:n] = 10 ** (db / 20)
        f["strips.out_peak"][:n] = 10 ** ((db - 3) / 20)
        f["strips.comp_gain"][:n] = 10 ** (np.minimum(0, -20 - db) / 60)
        f["buses.peak"][:2] = 10 ** ((-9 + 5 * np.sin(t * 3 + np.arange(2)) + rng.normal(0, 1, 2)) / 20)
        f["buses.limiter_gain"][:2] = 10 ** (-1.6 * max(0, np.sin(t * 2)) / 20)
        f["buses.momentary"][:2] = 0.006 * (1 + 0.3 * np.sin(t))

    def stop(self):
        self.running = False
        self.join()


def stage(truth):
    """A band on the desk: names, roles, faders, what the box wants, and why."""
    band = [("Anna", "lead_vocal", -2.0, 1.4), ("Ben", "backing_vocal", -6.5, -1.0), ("Kick", "kick", 0.0, 0.0), ("Snare", "snare", -3.2, 0.8),
            ("Overheads", "hihat_overhead", -8.0, -2.2), ("Bass", "bass", -1.5, 0.0), ("Les Paul", "electric_guitar", -4.0, -1.8), ("Keys", "keys", 1.0, -2.5)]
    for n, (name, role, hand, auto) in enumerate(band, 1):
        truth.hand[f"strip/{n}/name"] = name
        truth.auto[f"strip/{n}/role"] = float(params.ROLES.index(role))
        truth.hand[f"strip/{n}/level"] = hand
        if auto:
            truth.auto[f"strip/{n}/level"] = auto
    truth.auto["main/level"] = -0.7
    truth.reports["taste"] = {"says": {
        "lead_vocal/level": ["You like lead vocals 1.4 dB louder (3 corrections)", "You like lead vocals 2.6 dB louder in rock (2 corrections)"],
        "snare/level": ["You like snares 2.0 dB softer (3 corrections)"], "keys/pan": ["You like keys 0.20 wider (set by hand)"]}}
    for why in ("bass +0.0 dB: sits where it should", "overheads -2.2 dB: brighter than the voice", "Les Paul -1.8 dB: covers lead vocal, 2-3 kHz",
                "main -0.7 dB: limiter worked for 3 s", "lead vocal +1.4 dB: 2 LU under the band", "keys -2.5 dB: covers lead vocal, 1-4 kHz"):
        truth.auto_moves({"strip/8/level": truth.auto["strip/8/level"]}, why)


def no_rack():
    raise RackError("rack: No such file or directory; is the engine running?")
