"""What is said on stderr never ends or holds up who says it."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import termios

import pytest

from gigbox.streams import say

TALKER = "from gigbox.streams import say\nfor n in range(20000): say('a line ' + str(n))\nprint('done', flush=True)\nimport os; os._exit(0)"


def test_a_line_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    say("desk: a line")
    assert capfd.readouterr().err == "gigbox: desk: a line\n"


def test_a_line_is_said_where_stderr_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    say("desk: a line")
    assert heard.getvalue() == "gigbox: desk: a line\n"


@pytest.mark.parametrize("trouble", ["full disk", "closed", "reader gone", "reader asleep", "halted terminal"])
def test_whatever_is_wrong_with_stderr_the_program_goes_on(trouble: str) -> None:
    handles = []
    if trouble == "full disk":
        handles = [os.open("/dev/full", os.O_WRONLY)]
    elif trouble in ("reader gone", "reader asleep"):
        reader, writer = os.pipe()
        handles = [writer, reader]
        if trouble == "reader gone":
            os.close(handles.pop())
    elif trouble == "halted terminal":               # Ctrl-S
        ours, theirs = pty.openpty()
        termios.tcflow(theirs, termios.TCOOFF)
        handles = [theirs, ours]
    command = [sys.executable, "-c", TALKER]
    if trouble == "closed":
        done = subprocess.run(["sh", "-c", 'exec "$0" "$@" 2>&-', *command], stdout=subprocess.PIPE, timeout=20)
    else:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=handles[0], timeout=20)
    for handle in handles:
        os.close(handle)
    assert (done.returncode, done.stdout) == (0, b"done\n")
