"""`gigbox run` keeps the sound: any program may be killed, is back in seconds, and the values are the same. Real processes, one box for all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from gigbox._core import lib

from gigbox.rack import RATE
from tests.live_box import Box, alive, eventually, free_port, live_box  # noqa: F401


def pace(box: Box, seconds: float) -> float:
    """Frames a second that the heartbeat advances by."""
    frames, begin = box.rack.frames, time.monotonic()
    time.sleep(seconds)
    return (box.rack.frames - frames) / (time.monotonic() - begin)


def busy_s(pid: int) -> float:
    """Seconds of processor that it has had."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def test_the_page_answers_and_the_engine_plays_at_its_pace(box: Box) -> None:
    assert box.page()
    assert pace(box, 1.0) == pytest.approx(RATE, rel=0.02)


def test_no_program_turns_in_circles(box: Box) -> None:
    """Each waits for what it has to do: no more than a fifth of one core while the song plays."""
    before, begin = {name: busy_s(pid) for name, pid in box.pids().items()}, time.monotonic()
    time.sleep(1)
    passed = time.monotonic() - begin
    assert {name: part for name, pid in box.pids().items() if (part := (busy_s(pid) - before[name]) / passed) > 0.2} == {}


def test_the_sound_is_the_songs(box: Box) -> None:
    heard, _ = box.rack.listen(box.rack.frames - 9600)
    assert np.abs(heard).max() > 0.01
    assert np.isfinite(heard).all()


def test_the_song_is_introduced_to_the_desk(box: Box) -> None:
    with box.client() as client:
        eventually(lambda: client.get("strip/1/role")["strip/1/role"].value == "bass", 5, "the role")
        assert client.get("strip/1/name")["strip/1/name"].value == "1"


def test_what_the_box_has_learnt_is_on_the_page_and_is_forgotten_when_a_hand_says_so(box: Box) -> None:
    learn = [sys.executable, "-m", "gigbox.cli", "taste", "--set", "snare/level=-2", "--set", "bass/level=1"]
    subprocess.run(learn, env=box.environment, check=True, stdout=subprocess.DEVNULL)
    with box.client() as client:
        eventually(lambda: set(says(box)) == {"bass/level", "snare/level"}, 5, "what was set")
        client.set({"box/forget": "snare"})
        eventually(lambda: client.get("box/forget")["box/forget"].value == "", 5, "an answer")
        assert set(says(box)) == {"bass/level"}
        assert next(e["why"] for e in client.history(500) if e["path"] == "box/forget") == "forgot snare"
    assert set(json.loads((box.folder / "state/taste.json").read_text())["likes"]) == {"bass"}


@pytest.mark.parametrize("name", ["web", "brain", "desk"])
def test_a_killed_program_is_back_and_the_sound_never_knew(box: Box, name: str) -> None:
    with box.client() as client:
        client.set({"strip/2/level": -7.5, "strip/2/pan": 0.25})
        eventually(lambda: _values(box)[2:4] == [-7.5, 0.25], 2, "the engine")
    pid, frames, begin = box.pids()[name], box.rack.frames, time.monotonic()
    before, xruns, underruns = _values(box), int(box.rack.c.xruns), int(box.rack.c.underruns)
    heard_from = box.rack.frames
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: box.pids().get(name, pid) != pid, 3, f"{name} again")
    if name == "web":
        eventually(box.page, 3, "the page")
    if name == "desk":
        with box.client() as client:
            assert client.get("strip/2/level")["strip/2/level"].hand == -7.5
    time.sleep(0.3)
    assert (box.rack.frames - frames) / (time.monotonic() - begin) == pytest.approx(RATE, rel=0.03)
    after = _values(box)
    assert (after[2], after[3]) == (before[2], before[3]) == (-7.5, 0.25)
    heard, _ = box.rack.listen(max(heard_from, box.rack.frames - 30000))
    quiet = np.abs(heard).max(1).reshape(-1)[: len(heard) // 480 * 480].reshape(-1, 480).max(1)
    assert quiet.min() > 0.005          # not one silent 10 ms
    assert int(box.rack.c.underruns) == underruns
    if box.rack.c.realtime:             # where the system grants no priority, a busy machine makes its own; a virtual one some even so
        assert int(box.rack.c.xruns) <= xruns + 5


def test_a_killed_brain_is_back_at_the_denoiser_and_nothing_was_louder_meanwhile(box: Box) -> None:
    """In the middle of a passage: the output never stops, no 10 ms are louder than the unprocessed tone, the model cleans again within 2 s."""
    with box.client() as client:
        client.set({"strip/2/denoise/amount": 18, "strip/2/solo": True, "strip/2/level": 0, "strip/2/pan": 0}, why="test")
        eventually(lambda: int(box.rack.c.denoiser) == lib.GB_DENOISER_MODEL, 4, "the model")
        pid = box.pids()["brain"]
        os.kill(pid, signal.SIGKILL)
        gone, sets, heard_from = time.monotonic(), int(box.rack.c.gain_sets), box.rack.frames
        eventually(lambda: int(box.rack.c.gain_sets) > sets + 1, 3, "gains")
        took = time.monotonic() - gone
        time.sleep(0.1)
        heard, _ = box.rack.listen(max(heard_from, box.rack.frames - 32000))
        blocks = np.sqrt((heard[: len(heard) // 480 * 480, 0] ** 2).reshape(-1, 480).mean(1))
        client.release(["strip/2/denoise/amount", "strip/2/solo", "strip/2/level", "strip/2/pan"])
    loudest = 0.1 / np.sqrt(2) * np.cos(np.pi / 4)
    assert blocks.max() <= 1.1 * loudest
    assert blocks.min() > 0.05 * loudest
    assert took < 2
    print(f"the model is back after {took:.2f} s")


def test_a_killed_engine_is_back_with_the_same_values_and_fades_in(box: Box) -> None:
    with box.client() as client:
        client.set({"strip/1/mute": True, "strip/2/level": -4.0, "box/freeze": True}, why="test")
        eventually(lambda: box.rack.values()[_index("strip/2/level")] == -4.0, 2, "the engine")
    before, pid = box.rack.values().copy(), box.pids()["engine"]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not alive(pid), 2, "the kill")
    gone = time.monotonic()
    eventually(lambda: box.pids().get("engine", pid) != pid and box.beats(), 2, "the heartbeat")      # 1 s promised; this machine may be loaded
    took = time.monotonic() - gone
    np.testing.assert_array_equal(box.rack.values(), before)
    eventually(lambda: box.rack.frames > 4800, 2, "the fade")
    out = np.abs(box.rack.view("tap_out")[:4800, :2]).max(1)
    assert out[:24].max() < 0.02 * out[3000:].max()
    assert out[:1200].max() < 0.8 * out[3000:].max()
    print(f"sound back after {took:.2f} s")
    with box.client() as client:
        client.release(["strip/1/mute", "strip/2/level", "box/freeze"])


def test_programs_that_hang_are_killed_and_come_back(box: Box) -> None:
    """All of them at once, the brain while nobody needs its gains."""
    before = box.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGSTOP)
    eventually(lambda: all(box.pids().get(name, pid) != pid for name, pid in before.items()), 12, "others in their place")
    box.ready()
    told = box.log.read_text()
    assert [told.count(f"gigbox: {name}: stands still for ") for name in before] == [1] * len(before)


def test_a_terminal_that_goes_away_ends_nothing(box: Box) -> None:
    assert box.process is not None
    before = box.pids()
    box.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert (box.process.poll(), box.pids(), box.beats()) == (None, before, True)


def test_a_program_that_cannot_be_started_stops_nobody(box: Box) -> None:
    """Its interpreter is away for a moment, as in an upgrade."""
    before, python = box.pids(), box.python
    python.rename(python.with_name("away"))
    try:
        os.kill(before["web"], signal.SIGKILL)
        eventually(lambda: f"gigbox: web: cannot be started (No such file or directory: {python}), is tried again" in box.log.read_text(), 5, "a word of it")
        time.sleep(1)
        assert box.beats()
        assert {name: pid for name, pid in before.items() if name != "web"} == box.pids()
    finally:
        python.with_name("away").rename(python)
    eventually(box.page, 10, "the page")
    assert box.log.read_text().count("gigbox: web: cannot be started") == 1


def test_a_second_run_is_refused_and_disturbs_nobody(box: Box) -> None:
    pids = box.pids()
    done = box.once_more(free_port())
    assert done.returncode == 1
    assert done.stderr.strip() == f"gigbox: gigbox run: already running as process {box.process.pid}"     # type: ignore[union-attr]
    assert box.pids() == pids
    assert box.beats()


def test_an_occupied_port_is_told_before_anything_starts(box: Box, tmp_path: Path) -> None:
    environment = box.environment | {"GIGBOX_RUN": str(tmp_path / "run"), "GIGBOX_STATE": str(tmp_path / "state")}
    done = subprocess.run(box.command(), env=environment, capture_output=True, text=True, timeout=15)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"gigbox: port {box.port}: ")
    assert not (tmp_path / "run/rack").exists()


def test_a_folder_whose_name_is_too_long_for_a_socket_is_told_before_anything_starts(box: Box, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    environment = box.environment | {"GIGBOX_RUN": str(long), "GIGBOX_STATE": str(tmp_path / "state")}
    done = subprocess.run(box.command(free_port()), env=environment, capture_output=True, text=True, timeout=15)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"gigbox: {long}")
    assert f"{len(str(long / 'panel.sock'))} bytes" in done.stderr
    assert "expected 107 at most for a socket" in done.stderr
    assert "GIGBOX_RUN" in done.stderr
    assert not (long / "rack").exists()


def test_programs_of_a_run_that_was_killed_are_taken_over_and_no_stranger_is(box: Box) -> None:
    """Its own number may be a stranger's by now, too."""
    assert box.process is not None
    orphans = list(box.pids().values())
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "gigbox.cli", "engine"])
    box.process.kill()
    box.process.wait()
    assert box.beats()                      # the engine plays on
    path = box.folder / "run/run.json"
    note = json.loads(path.read_text())
    path.write_text(json.dumps(note | {"run": stranger.pid, "programs": [*note["programs"], stranger.pid], "started": [*note["started"], 1]}))
    box.start()
    eventually(lambda: not any(alive(pid) for pid in orphans), 8, "the old programs' end")
    box.ready()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_ctrl_c_ends_all_of_them(box: Box) -> None:
    assert box.process is not None
    pids = list(box.pids().values())
    begin = time.monotonic()
    box.process.send_signal(signal.SIGINT)
    assert box.process.wait(10) == 0
    assert time.monotonic() - begin < 5
    assert not any(alive(pid) for pid in pids)
    assert not (box.folder / "run/run.json").exists()
    assert not box.page()
    assert "Traceback" not in box.log.read_text()


def says(box: Box) -> dict[str, list[str]]:
    """What the page tells of taste."""
    with urllib.request.urlopen(f"http://127.0.0.1:{box.port}/taste", timeout=5) as answer:
        return dict(json.load(answer)["says"])


def _index(path: str) -> int:
    from gigbox import params

    return params.find(path).index


def _values(box: Box) -> list[float]:
    return [float(box.rack.values()[_index(f"strip/{n}/{name}")]) for n in (1, 2) for name in ("level", "pan")]
