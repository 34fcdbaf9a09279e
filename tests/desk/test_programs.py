"""What each program may ask of the desk: by the kernel's word, whatever its hello says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gigbox.desk import server
from gigbox.desk.access import HANDS, PROGRAMS
from gigbox.desk.client import Client
from gigbox.desk.peer import Peer, peer_of, program_of, stranger
from gigbox.errors import RequestError

from .fakes import Box
from .test_requests import Talk

LEVEL = "strip/3/level"
REQUESTS: dict[str, dict[str, Any]] = {
    "set": {"set": {LEVEL: -3}}, "lock": {"lock": "strip/3"}, "unlock": {"unlock": "strip/3"}, "release": {"release": LEVEL}, "keep": {"keep": "strip/3"},
    "undo": {"undo": True}, "scene": {"scene": {"save": "x"}}, "import": {"import": {"x": ""}}, "back": {"back": 1}, "auto": {"auto": {LEVEL: -1}, "why": "x"},
    "post": {"post": {"x": {}}}}
MAY = {"brain": {"auto", "post"}, "web": set(HANDS), "panel": set(HANDS), "remote": {"post", *HANDS},
       "tape": {"post"}, "run": {"set", "release"}, "linecheck": set(),
       "engine": set(), "ideas": set(), "health": set(), "doctor": set(), "script": set(REQUESTS), "nobody of ours": set()}


@pytest.mark.parametrize("program", MAY)
def test_each_program_may_ask_what_the_table_says_and_nothing_else(tmp_path: Path, program: str) -> None:
    for verb, request in REQUESTS.items():
        talk = Talk(tmp_path / verb)
        talk.reader.program = program
        before, answer = talk.desk.snapshot(), talk(request)
        refused = "is not for" in answer.get("error", "")
        assert refused == (verb not in MAY[program]), (verb, answer)
        if refused:
            assert talk.desk.snapshot() == before
            assert "\n" not in answer["error"]


def test_the_table_knows_every_program_here() -> None:
    assert PROGRAMS.keys() == MAY.keys() - {"nobody of ours"}


@pytest.mark.parametrize(("request_", "error"), [
    ({"set": {"box/forget": "", LEVEL: -3}}, "set: strip/3/level is not for brain, expected box/linecheck or box/forget or"),
    ({"keep": "*"}, "keep: * is not for brain, expected"),
    ({"keep": ["strip/*/trim", "strip/3"]}, "keep: strip/3 is not for brain, expected"),
    ({"lock": "strip/3"}, "lock: is not for brain to ask, expected auto or post or set or keep or release"),
])
def test_the_brains_hand_reaches_only_what_hands_began(tmp_path: Path, request_: dict[str, Any], error: str) -> None:
    talk = Talk(tmp_path)
    talk.reader.program = "brain"
    assert talk(request_)["error"].startswith(error)
    for good in ({"set": {"box/linecheck": 0}}, {"keep": "strip/*/trim"}, {"keep": ["strip/*/trim"]}):
        assert "ok" in talk(good)


def told_by(folder: Path, cgroup: str = "0::/user.slice", cmdline: bytes = b"") -> str:
    place = folder / "7"
    place.mkdir(exist_ok=True)
    (place / "cgroup").write_text(cgroup)
    (place / "cmdline").write_bytes(cmdline)
    return program_of(7, folder)


@pytest.mark.parametrize(("cmdline", "program"), [
    (b"/opt/venv/bin/python\0-m\0gigbox.cli\0brain\0--model\0x\0", "brain"),
    (b"/opt/venv/bin/python\0/opt/venv/bin/gigbox\0web\0--port\08080\0", "web"),
    (b"/usr/bin/gigbox\0panel\0", "panel"),
    (b"/usr/bin/gigbox\0--version\0", "script"),
    (b"/usr/bin/gigbox\0", "script"),
    (b"bash\0-c\0echo\0hello\0gigbox\0brain\0", "script"),
    (b"", "script"),
    (b"\xff\xfe\0\xff", "script"),
])
def test_a_program_is_known_by_its_command_line(tmp_path: Path, cmdline: bytes, program: str) -> None:
    assert told_by(tmp_path, cmdline=cmdline) == program


def test_where_there_is_a_unit_it_counts_and_not_what_the_program_calls_itself(tmp_path: Path) -> None:
    assert told_by(tmp_path, "0::/system.slice/gigbox-web.service\n", b"gigbox\0brain\0") == "web"


def test_a_process_that_is_gone_is_a_script(tmp_path: Path) -> None:
    assert program_of(8, tmp_path) == "script"


def test_the_kernel_tells_who_connects() -> None:
    mine, other = socket.socketpair(socket.AF_UNIX)
    with mine, other:
        assert peer_of(mine) == Peer(os.getuid(), "script")


@pytest.mark.parametrize(("user", "why"), [(1000, ""), (0, ""), (1001, "desk: this client is of user 1001, expected user 1000, whose box this is")])
def test_another_user_is_not_heard(user: int, why: str) -> None:
    assert stranger(Peer(user), own=1000) == why


def test_another_user_is_told_why_and_let_go(box: Box, connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    connect().get(LEVEL)
    monkeypatch.setattr(server, "peer_of", lambda sock: Peer(4711))
    monkeypatch.setattr("gigbox.desk.peer.ROOT", -1)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(box.socket))
        sock.settimeout(3)
        assert sock.recv(4096).startswith(b'{"error": "desk: this client is of user 4711, expected user')
        assert sock.recv(4096) == b""


def test_a_hello_makes_no_program_another(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "peer_of", lambda sock: Peer(os.getuid(), "brain"))
    with Client(box.socket, "panel", 3) as panel, pytest.raises(RequestError, match=r"^set: strip/3/level is not for brain"):
        panel.set({LEVEL: -3})


def test_a_real_process_is_known_by_what_it_is(box: Box, connect: Callable[..., Client], tmp_path: Path) -> None:
    """A file called gigbox that asks as `gigbox brain`: the desk reads its command line."""
    script = tmp_path / "gigbox"
    script.write_text(f"""
import pathlib
from gigbox.desk.client import Client
with Client(pathlib.Path({str(box.socket)!r}), "ann", 5) as desk:
    desk.get("box/depth")
    desk.auto({{"strip/3/level": -1.0}}, "because")
    try:
        desk.set({{"strip/3/level": -3.0}})
    except Exception as e:
        print(e)
""")
    done = subprocess.run([sys.executable, str(script), "brain"], capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout.startswith("set: strip/3/level is not for brain, expected box/linecheck"), done.stderr
    value = connect().get(LEVEL)[LEVEL]
    assert (value.hand, value.auto) == (None, -1.0)
