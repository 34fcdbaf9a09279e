"""Somebody who knows nothing but the REST document asks a box that runs whatever it allows and forbids, as engineer and as guest: `make stranger`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from live_box import Box, live_box  # noqa: F401

STRANGER = Path(sys.prefix) / "schemathesis/bin/schemathesis"
EXAMPLES = 15
ASKED = "^/api/(?!values/)|^/api/values/(strip/.strip./(level|name|mute|input/source)|box/(tempo|style))$"      # of each kind of value one is enough
NOT_ASKED = ("DELETE /api/me",                        # would sign the guest out
             "PUT /api/scenes/{name}/file")           # takes TOML, which no schema of JSON can tell from other text
pytestmark = pytest.mark.soak


def token(box: Box, role: str) -> str:
    pair = [str(box.python), "-m", "gigbox.cli", "pair", role, "--script", "stranger"]
    return subprocess.run(pair, env=box.environment, capture_output=True, text=True, check=True).stdout.split()[-1]


@pytest.mark.parametrize("role", ["engineer", "guest"])
def test_whatever_the_document_says_the_box_does(box, role, tmp_path, capfd):
    assert STRANGER.exists(), "schemathesis: not found; make stranger installs it beside what the tests need, and runs this"
    command = [str(STRANGER), "run", f"http://127.0.0.1:{box.port}/api/openapi.json", "--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES),
               "--header", f"Authorization: Bearer {token(box, role)}", "--include-path-regex", ASKED, "--request-timeout", "60", "--seed", "1", "--no-color"]
    for operation in NOT_ASKED:
        command += ["--exclude-name", operation]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    with capfd.disabled():
        print(f"\nas {role}: {done.stdout[-1500:]}")
    assert done.returncode == 0, done.stdout[-20000:]
    assert box.process.poll() is None
