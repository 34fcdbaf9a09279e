"""The line check of a running box, as a person asks for it: it is told, and a brain that dies in it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from tests.live_box import Box, eventually, live_box  # noqa: F401


def asking(box: Box, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "gigbox.cli", "linecheck", *arguments], env=box.environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_running_box_tells_what_its_lines_are_worth(box: Box) -> None:
    asked = asking(box, "--seconds", "5", "--json")
    said, trouble = asked.communicate(timeout=30)
    assert (asked.returncode, trouble) == (0, "")
    channels = json.loads(said)["channels"]
    assert [(c["channel"], c["state"], c["role"]) for c in channels] == [(1, "playing", "bass"), (2, "playing", "unused")]
    with box.client() as client:
        assert client.report("linecheck")["told"]["channels"] == channels
        assert client.get("box/linecheck")["box/linecheck"].value == 0


def test_a_brain_that_dies_in_it_is_told_and_the_box_is_as_before(box: Box) -> None:
    with box.client() as client:
        asked = asking(box, "--seconds", "20")
        eventually(lambda: client.get("box/linecheck")["box/linecheck"].value == 20, 10, "a line check")
        os.kill(box.pids()["brain"], signal.SIGKILL)
        said, trouble = asked.communicate(timeout=30)
        assert (asked.returncode, said) == (1, "")
        assert trouble == "gigbox: linecheck: broken off by brain (the line check was broken off: the brain has begun anew)\n"
        assert client.get("box/linecheck")["box/linecheck"].value == 0
        assert {e["by"] for e in client.history(500) if e["path"] == "box/mode"} <= {"run"}      # who introduces the song, and nobody since


def test_who_stops_asking_stops_it(box: Box) -> None:
    with box.client() as client:
        asked = asking(box)
        eventually(lambda: client.get("box/linecheck")["box/linecheck"].value == 10, 10, "a line check")
        asked.send_signal(signal.SIGINT)
        asked.communicate(timeout=15)
        assert asked.returncode == 130
        assert client.get("box/linecheck")["box/linecheck"].value == 0
