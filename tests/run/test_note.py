"""What a killed `gigbox run` left is found by number, start and boot; nobody else is taken for it; a full disk spoils no note."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.run import note
from gigbox.run.note import Note, Process

SLEEPER = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", "gigbox.cli", "engine"]


@pytest.fixture(name="sleeper")
def asleep() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEPER, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_what_runs_is_found_again(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    Note(tmp_path / "n").write([sleeper.pid])
    assert [p.pid for p in note.left(tmp_path / "n")] == [sleeper.pid]
    assert note.runner(tmp_path / "n") == os.getpid()
    sleeper.kill()
    sleeper.wait()
    assert note.left(tmp_path / "n") == []


def test_a_dead_process_that_nobody_has_buried_does_not_run() -> None:
    with subprocess.Popen(SLEEPER, stdout=subprocess.PIPE) as process:
        there = Process(process.pid, note.started(process.pid))
        assert there.runs()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not there.runs()


def test_a_process_may_be_called_anything(tmp_path: Path) -> None:
    name = tmp_path / "a) Z 1 (b"
    name.symlink_to("/bin/sleep")
    with subprocess.Popen([str(name), "60"]) as process:
        while b"(a) Z 1 (b)" not in Path(f"/proc/{process.pid}/stat").read_bytes():
            pass                      # between fork and exec
        assert note.started(process.pid) >= note.started(os.getpid()) > 0
        process.kill()


@pytest.mark.parametrize("change", [{"started": [1]}, {"boot": "another"}, {"started": None}, {"boot": None}, {"started": []}])
def test_a_number_that_was_given_again_is_a_stranger(tmp_path: Path, sleeper: subprocess.Popen[bytes], change: dict[str, object]) -> None:
    """Whatever its command line says."""
    path = tmp_path / "n"
    Note(path).write([sleeper.pid])
    path.write_text(json.dumps({key: value for key, value in (json.loads(path.read_text()) | change).items() if value is not None}))
    note.end(note.left(path))
    assert sleeper.poll() is None


def test_what_was_left_is_ended_politely(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    Note(tmp_path / "n").write([sleeper.pid])
    note.end(note.left(tmp_path / "n"))
    assert sleeper.wait(5) == -signal.SIGTERM


def test_what_does_not_end_politely_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note, "GRACE_S", 0.1)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        Note(tmp_path / "n").write([process.pid])
        note.end(note.left(tmp_path / "n"))
        assert process.wait(5) == -signal.SIGKILL


def test_a_note_is_written_when_there_is_something_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    monkeypatch.setattr(os, "pwrite", lambda file, content, at: written.append(content))
    mine = Note(tmp_path / "n")
    for pids in ([], [], [1], [1], []):
        mine.write(pids)
    assert len(written) == 3


def test_a_disk_that_fills_up_spoils_no_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Note(tmp_path / "n")
    mine.write([])
    blocks = (tmp_path / "n").stat().st_blocks
    monkeypatch.setattr(os, "posix_fallocate", refuse)
    mine.write([os.getpid(), 1])
    assert json.loads((tmp_path / "n").read_text())["programs"] == [os.getpid(), 1]
    assert (tmp_path / "n").stat().st_blocks == blocks > 0


def test_a_note_that_finds_no_room_is_written_when_there_is_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Note(tmp_path / "n")
    with monkeypatch.context() as full:
        full.setattr(os, "posix_fallocate", refuse)
        with pytest.raises(OSError, match="No space left"):
            mine.write([1])
    assert not (tmp_path / "n").exists()
    mine.write([1])
    assert json.loads((tmp_path / "n").read_text())["programs"] == [1]


def test_a_shorter_note_leaves_nothing_of_the_longer(tmp_path: Path) -> None:
    mine = Note(tmp_path / "n")
    mine.write([os.getpid()] * 50)
    mine.write([os.getpid()])
    assert json.loads((tmp_path / "n").read_text())["programs"] == [os.getpid()]
    mine.close()
    assert not (tmp_path / "n").exists()


@given(content=st.one_of(st.binary(max_size=200), st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
       lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("run", "programs", "started", "boot")), inner, max_size=4)).map(
       lambda value: json.dumps(value).encode())))
def test_a_note_of_anything_at_all_is_nobodys(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "note"
    path.write_bytes(content)
    assert note.left(path) == []
    assert isinstance(note.runner(path), int)


def refuse(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
