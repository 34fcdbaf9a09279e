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
HUNG_S = 2.0                          # an engine whose heartbeat stands still for so long is killed
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

    def __init__(self, song: Song, port: int, period: int) -> None:
        me = [sys.executable, "-m", "gigbox.cli"]
        self.programs = [Program("engine", [*me, "engine", "--song", str(song.folder), "--period", str(period), *_roles(song)]), Program("desk", [*me, "desk"]),
                         Program("brain", [*me, "brain"]), Program("web", [*me, "web", "--port", str(port)])]
        self._song = song
        self._rack: Rack | None = None
        self._beat, self._beat_at = -1, 0.0
        self._noted: list[int] = []

    def run(self, stopping: Stopping) -> None:
        threading.Thread(target=_introduce, args=(self._song, stopping), daemon=True).start()
        try:
            while not stopping.is_set():
                now = time.monotonic()
                for program in self.programs:
                    line = program.look(now)
                    if line:
                        _say(line)
                self._watch_heart(now)
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

    def _watch_heart(self, now: float) -> None:
        engine = self.programs[0]
        try:
            if self._rack is None or self._rack.replaced():
                self._rack = Rack(places.rack_path())
            beat = self._rack.frames
        except RackError:
            self._rack, beat = None, -1
        if beat != self._beat or engine.process is None or now - engine.started < HUNG_S:
            self._beat, self._beat_at = beat, now
        elif now - self._beat_at > HUNG_S:
            _say("engine: its heartbeat stands still, it is killed and starts again")
            engine.process.kill()
            self._beat_at = now


def run(song: Song, port: int, period: int) -> None:
    """The program. GigboxError before anything starts where the port is taken or another `gigbox run` is alive."""
    check_period(period)
    _take_over()
    check_port(port)
    stopping = Stopping().watch_signals()
    _say(f"{song.title}: {len(song.tracks)} channels, {song.seconds:.0f} s, looped. The page is at http://localhost:{port} - stop with Ctrl-C")
    Supervisor(song, port, period).run(stopping)


def check_port(port: int) -> None:
    """MachineError where somebody else listens there."""
    if not 1 <= port <= 65535:
        raise GigboxError(f"--port: {port} is not in 1..65535")
    listen_on("0.0.0.0", port).close()


def _introduce(song: Song, stopping: Stopping) -> None:
    """Tell the desk who plays what, if it is another song than last time: then names, roles and links, and 20 s of soundcheck."""
    hand: dict[str, object] = {"box/song": song.title[:64], "box/mode": "soundcheck"}
    for n, track in enumerate(song.tracks, 1):
        hand |= {f"strip/{n}/name": track.name[:32], f"strip/{n}/role": track.role, f"strip/{n}/link": track.pair}
    while not stopping.is_set():
        try:
            with Client(by="run", timeout=2.0) as client:
                if client.get("box/song")["box/song"].value == song.title[:64]:
                    return
                client.release(["strip", "main"], by="run")
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
