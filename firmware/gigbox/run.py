"""`gigbox run`: starts engine, desk, brain and web, watches them, and starts again what dies. Each may be killed at any time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from gigbox import places
from gigbox.desk.client import Client
from gigbox.engine.program import check_period
from gigbox.engine.song import Song
from gigbox.errors import GigboxError, MachineError, RackError
from gigbox.ports import listen_on
from gigbox.rack import Rack
from gigbox.stopping import Stopping

LOOK_S = 0.05
QUICK_S, PATIENCE_S = 2.0, 5.0        # a program that dies younger than QUICK_S waits before it starts again, up to PATIENCE_S
HUNG_S = 2.0                          # a program whose pulse stands still for so long is killed
GRACE_S = 3.0
SOUNDCHECK_S = 20.0


@dataclass
class Program:
    """One child: how it is started, and how it fares."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    wait: float = 0.0
    deaths: int = field(default=0)

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, start_new_session=True)
        self.started = now

    def age(self, now: float) -> float:
        """Seconds since it started; 0 while it does not run."""
        return now - self.started if self.process is not None else 0.0

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()

    def look(self, now: float) -> str:
        """Start again what died, at once or after a while; says what happened, or nothing."""
        if self.process is not None and self.process.poll() is not None:
            code, self.process = self.process.returncode, None
            self.deaths += 1
            self.wait = min(max(self.wait * 2, 0.25), PATIENCE_S) if now - self.started < QUICK_S else 0.0
            self.due = now + self.wait
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            return f"{self.name}: ended ({how}), starts again{f' in {self.wait:.1f} s' if self.wait else ''}"
        if self.process is None and now >= self.due:
            self.start(now)
        return ""


class Supervisor:
    """Runs the programs until `stopping`. `say` prints a line for a person."""

    def __init__(self, song: Song, port: int, period: int, denoise: str | None = None, model: Path | None = None) -> None:
        me = [sys.executable, "-m", "gigbox.cli"]
        self.programs = [Program("engine", [*me, "engine", "--song", str(song.folder), "--period", str(period), *_roles(song)]), Program("desk", [*me, "desk"]),
                         Program("brain", [*me, "brain", *(["--model", str(model)] if model else [])]), Program("web", [*me, "web", "--port", str(port)])]
        self._song, self._denoise = song, denoise
        self._rack: Rack | None = None
        self._engine_pulse, self._brain_pulse = Pulse(), Pulse()
        self._noted: list[int] = []

    def run(self, stopping: Stopping) -> None:
        threading.Thread(target=_introduce, args=(self._song, self._denoise, stopping), daemon=True).start()
        try:
            while not stopping.is_set():
                now = time.monotonic()
                for program in self.programs:
                    line = program.look(now)
                    if line:
                        _say(line)
                self._watch_pulses(now)
                self._note([p.process.pid for p in self.programs if p.process is not None])
                stopping.wait(LOOK_S)
        finally:
            self.stop()

    def stop(self) -> None:
        """All of them, politely first; the engine last, so that nothing is heard of it."""
        children = [p.process for p in reversed(self.programs) if p.process is not None]
        for child in children:
            child.terminate()
        until = time.monotonic() + GRACE_S
        for child in children:
            try:
                child.wait(max(until - time.monotonic(), 0.05))
            except subprocess.TimeoutExpired:
                child.kill()
        _note_path().unlink(missing_ok=True)

    def _note(self, pids: list[int]) -> None:
        """Who runs, so that a `gigbox run` after a killed one can take over."""
        if pids != self._noted:
            path, self._noted = _note_path(), pids
            path.with_suffix(".new").write_text(json.dumps({"run": os.getpid(), "programs": pids}))
            path.with_suffix(".new").replace(path)

    def _watch_pulses(self, now: float) -> None:
        """Kill what lives and does nothing: an engine that plays no frames, a brain that gave gains and gives none while strips wait for them."""
        engine, _, brain, _ = self.programs
        try:
            if self._rack is None or self._rack.replaced():
                self._rack = Rack(places.rack_path())
            frames, sets, waiting = self._rack.frames, self._rack.gain_sets, len(self._rack.cleaned_by_model()) > 0
        except RackError:
            self._rack, frames, sets, waiting = None, -1, -1, False
        if self._engine_pulse.stands(frames, now, engine.age(now) >= HUNG_S):
            _say("engine: its heartbeat stands still, it is killed and starts again")
            engine.kill()
        gave = brain.age(now) >= HUNG_S and self._brain_pulse.moved_since(brain.started)
        if self._brain_pulse.stands(sets, now, waiting and gave and engine.age(now) >= HUNG_S):
            _say("brain: it gives no more gains, it is killed and starts again")
            brain.kill()


@dataclass
class Pulse:
    """A number that should go on changing."""

    value: int = -1
    at: float = 0.0           # when it was last seen to move, or was not expected to
    moved: float = -1.0       # when it was last seen to move

    def stands(self, value: int, now: float, expected: bool) -> bool:
        """Whether it stood still for HUNG_S while it was expected to move; then it has as long again."""
        if value != self.value:
            self.value, self.moved = value, now
            self.at = now
        elif not expected:
            self.at = now
        if now - self.at <= HUNG_S:
            return False
        self.at = now
        return True

    def moved_since(self, then: float) -> bool:
        return self.moved > then


def run(song: Song, port: int, period: int, denoise: str | None = None, model: Path | None = None) -> None:
    """The program. GigboxError before anything starts where the port is taken or another `gigbox run` is alive."""
    check_period(period)
    _take_over()
    check_port(port)
    stopping = Stopping().watch_signals()
    _say(f"{song.title}: {len(song.tracks)} channels, {song.seconds:.0f} s, looped. The page is at http://localhost:{port} - stop with Ctrl-C")
    Supervisor(song, port, period, denoise, model).run(stopping)


def check_port(port: int) -> None:
    """MachineError where somebody else listens there."""
    if not 1 <= port <= 65535:
        raise GigboxError(f"--port: {port} is not in 1..65535")
    listen_on("0.0.0.0", port).close()


def _introduce(song: Song, denoise: str | None, stopping: Stopping) -> None:
    """Tell the desk who cleans, if that was asked for, and who plays what, if it is another song than last time: then names, roles and links,
    and 20 s of soundcheck."""
    hand: dict[str, object] = {"box/song": song.title[:64], "box/mode": "soundcheck"}
    for n, track in enumerate(song.tracks, 1):
        hand |= {f"strip/{n}/name": track.name[:32], f"strip/{n}/link": track.pair}
        hand |= {f"strip/{n}/role": track.role} if track.role_source != "none" else {}       # the brain finds out
    while not stopping.is_set():
        try:
            with Client(by="run", timeout=2.0) as client:
                if denoise:
                    client.set({"box/denoise": denoise}, why="--denoise", by="run")
                if client.get("box/song")["box/song"].value == song.title[:64]:
                    return
                client.release(["strip", "strip/*/role", "strip/*/colour", "main"], by="run")
                client.set(hand, why="another song", by="run")
                if not stopping.wait(SOUNDCHECK_S):
                    client.set({"box/mode": "show"}, why="soundcheck is over", by="run")
                return
        except GigboxError:
            stopping.wait(0.2)


def _roles(song: Song) -> list[str]:
    given = [f"{n}={track.role}" for n, track in enumerate(song.tracks, 1) if track.role_source == "given"]
    return ["--roles", ",".join(given)] if given else []


def _note_path() -> Path:
    return places.runtime_dir() / "run.json"


def _take_over() -> None:
    """End the programs of a `gigbox run` that was killed; MachineError where one is alive."""
    try:
        note = json.loads(_note_path().read_text())
        runner, programs = int(note["run"]), [int(p) for p in note["programs"]]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if _is_gigbox(runner):
        raise MachineError(f"gigbox run: already running as process {runner}")
    left = [pid for pid in programs if _is_gigbox(pid)]
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while any(_is_gigbox(pid) for pid in left) and time.monotonic() < until:
        time.sleep(LOOK_S)
    for pid in (p for p in left if _is_gigbox(p)):
        os.kill(pid, signal.SIGKILL)


def _is_gigbox(pid: int) -> bool:
    try:
        return b"gigbox" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _say(line: str) -> None:
    print(f"gigbox: {line}", file=sys.stderr, flush=True)
