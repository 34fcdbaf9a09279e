"""The plug is pulled at random moments while values stream in: the box starts again, remembers what it promised to, and is no louder. `--cuts 200`."""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
from pathlib import Path

import pytest

from image.checks.conftest import BOOT_S, Note
from image.checks.hand import set_to
from image.machine import Machine, data_of
from image.tools import ToolError

pytestmark = pytest.mark.soak

PROMISED_S = 0.1              # of a hand's changes, at most so much is lost
AT_START = 5                  # one cut in so many falls into the start itself
MOST_S = 20.0                 # how long values stream in at most
STREAMED = "strip/1/level"
FIRST, STEP = -60.0, 0.01     # dB; a level is set so often that it says how far the stream had come
STREAM = f"""
import time
from gigbox.desk.client import Client
from gigbox import places
with Client(places.socket_path(), by='checks') as desk:
    desk.get('box/*')
    for n in range(6000):
        desk.set({{'{STREAMED}': round({FIRST} + {STEP} * n, 2)}})
        print(n, time.monotonic(), flush=True)
        time.sleep(0.02)
"""
LOOK = """
import json
from gigbox.desk.client import Client
from gigbox import places
with Client(places.socket_path(), by='checks') as desk:
    print(json.dumps({path: [s.hand, s.value] for path, s in desk.get('*').items()}))
"""


class Stream:
    """Values into the box, by its shell; what it has answered."""

    def __init__(self, box: Machine) -> None:
        self.answered: list[tuple[int, float]] = []
        self._process = subprocess.Popen(box.shell_command("python3", "-u", "-c", STREAM), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            number, at = line.split()
            self.answered.append((int(number), float(at)))

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(5)

    def at_least(self) -> int:
        """What must be remembered: the last that was answered so long before the last word from the box that the promise holds for it."""
        last = self.answered[-1][1]
        return max((n for n, at in self.answered if at <= last - PROMISED_S), default=-1)


def seen(box: Machine) -> tuple[dict[str, object], int]:
    """What is heard of every parameter, and how far the stream had come by the hand's level; -1 before the first."""
    both = json.loads(box.says("python3", "-c", LOOK))
    hand = both[STREAMED][0]
    return {path: value for path, (_, value) in both.items() if path != STREAMED}, -1 if hand is None else round((hand - FIRST) / STEP)


def is_clean(box: Machine, folder: Path) -> bool:
    """What the cut left on the data partition is mended by its journal alone, on a copy."""
    copy = folder / "data-after.img"
    data_of(box.card.image, copy)
    done = subprocess.run(["e2fsck", "-fp", str(copy)], capture_output=True, check=False)
    copy.unlink()
    return done.returncode < 4


def test_every_cut_leaves_a_box_that_starts_and_remembers(box: Machine, note: Note, out: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    chance, rows = random.Random(17), []
    set_to(box, "box/freeze", True)         # so that what is heard is what was heard before: nothing but the streamed level moves
    before, found = seen(box)
    for cut in range(request.config.getoption("--cuts")):
        row: dict[str, object] = {"cut": cut}
        if cut % AT_START == AT_START - 1:
            box.pull_the_plug(chance.choice((0.0, 0.5, 1.0)))
            box.power_on()
            time.sleep(row.setdefault("after_s", chance.uniform(5, 100)))       # type: ignore[arg-type]
            least, most, stream = found, found, None
        else:
            stream = Stream(box)
            box.until(lambda stream=stream: len(stream.answered) > 10, BOOT_S, "values")         # type: ignore[misc]
            time.sleep(row.setdefault("after_s", chance.uniform(0, MOST_S)))    # type: ignore[arg-type]
        row["kept_of_unflushed"] = chance.choice((0.0, 0.5, 1.0))
        row["lost_pieces"] = box.pull_the_plug(float(str(row["kept_of_unflushed"])))
        if stream:
            time.sleep(0.2)
            stream.end()
            least, most = stream.at_least(), stream.answered[-1][0] + 5
        row["clean"] = is_clean(box, tmp_path)
        box.power_on()
        row["page_s"] = box.starts(BOOT_S)
        after, found = seen(box)
        row |= {"least": least, "most": most, "found": found, "others_changed": [p for p in before if after.get(p) != before[p]]}
        rows.append(row)
        (out / "cuts-rows.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    note("cuts", len(rows), "", "200; 20 with each change")
    note("pieces of 4 KB that were lost", sum(int(str(row["lost_pieces"])) for row in rows), "", "told")
    note("slowest start, emulated", max(float(str(row["page_s"])) for row in rows), "s", "told")
    assert [row for row in rows if not row["clean"]] == []
    assert [row for row in rows if not int(str(row["least"])) <= int(str(row["found"])) <= int(str(row["most"]))] == []
    assert [row for row in rows if row["others_changed"]] == []
    with pytest.raises(ToolError):          # nothing of what was kept for mending was needed
        box.says("grep", "-rl", "needs more than the usual", "/var/log/kept")
