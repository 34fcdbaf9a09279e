"""The plug is pulled at random moments while values stream in: the box starts again, remembers what it promised to, and is no louder. `--cuts 200`."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from image.checks.conftest import BOOT_S, Note
from image.checks.hand import set_to
from image.checks.kept import mended
from image.checks.stream import Stream, seen
from image.machine import Machine, data_of
from image.tools import ToolError

pytestmark = pytest.mark.soak

AT_START = 5                  # one cut in so many falls into the start itself
MOST_S = 20.0                 # how long values stream in at most


def is_clean(box: Machine, folder: Path) -> bool:
    """What the cut left on the data partition is mended by its journal alone, on a copy."""
    copy = folder / "data-after.img"
    data_of(box.card.image, copy)
    clean = mended(copy)
    copy.unlink()
    return clean


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
