"""What a cut would have left at any of many moments, while values stream in and while the box starts: the card is copied, the machine goes on.

A start takes an emulated machine minutes, so `test_cuts.py` pulls the plug tens of times. Here are the moments between: each copy is mended as a start mends
it, and a desk of this host starts on what it holds. `--moments 200`.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from pathlib import Path

import pytest

from image.checks.conftest import BOOT_S, Note
from image.checks.hand import set_to
from image.checks.kept import laid_out, mended
from image.checks.stream import Seen, Stream, remembered, seen
from image.machine import DATA_AT, Machine

pytestmark = pytest.mark.soak

AT_START = 5                  # one moment in so many falls into a start
BETWEEN_S = 2.0               # from one moment to the next, at most
LAG_S = 1.0                   # what the box has said has come by then


class Moments:
    """Copies of a card, and what became of them."""

    def __init__(self, box: Machine, folder: Path, before: Seen) -> None:
        self.box, self.folder, self.before = box, folder, before
        self.rows: list[dict[str, object]] = []
        self._chance = random.Random(18)

    def wait(self) -> None:
        time.sleep(self._chance.uniform(0, BETWEEN_S))

    def take(self, when: str, least: int) -> dict[str, object]:
        """Copies what a cut just now would leave, and some of what no flush came behind with it. `least`: so far the stream must be remembered."""
        kept = self._chance.choice((0.0, 0.5, 1.0))
        lost = self.box.card.as_cut(self.folder / "moment.img", DATA_AT, kept)
        self.rows.append({"moment": len(self.rows), "when": when, "kept_of_unflushed": kept, "lost_pieces": lost, "least": least})
        return self.rows[-1]

    def look(self, row: dict[str, object], most: int | None = None) -> int:
        """The last copy, as a start would find it; gives how far the stream is remembered, which is all that there may be where nobody says `most`."""
        row["clean"] = mended(self.folder / "moment.img")
        files, place = laid_out(self.folder / "moment.img", self.folder / "files"), self.folder / "moment"
        after, found = remembered(files / "gigbox", place)
        row |= {"found": found, "most": found if most is None else most}
        row["others_changed"] = [path for path, value in self.before.items() if path in after and after[path] != value]
        for used in (files, place):
            shutil.rmtree(used)
        return found


def while_values_stream(moments: Moments, count: int) -> None:
    stream = Stream(moments.box)
    while len(moments.rows) < count:
        if stream.ended():
            stream = Stream(moments.box)
        moments.box.until(lambda stream=stream: stream.answered and stream.at_least() > 0, BOOT_S, "values")     # type: ignore[misc]
        moments.wait()
        row = moments.take("values", stream.at_least())
        time.sleep(LAG_S)
        moments.look(row, stream.answered[-1][0] + 5)
    stream.end()


def while_it_starts(moments: Moments, count: int) -> None:
    """The first is of a box that is off: from then on nothing is set, and nothing may be forgotten."""
    box = moments.box
    while len(moments.rows) < count:
        box.pull_the_plug(0.5)
        found = moments.look(moments.take("off", -1))
        box.power_on()
        while len(moments.rows) < count and not box.page_answers(timeout=1):
            moments.wait()
            moments.look(moments.take("start", found), found)
    box.starts(BOOT_S)


def test_at_every_moment_the_card_holds_what_was_promised(box: Machine, note: Note, out: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    count = request.config.getoption("--moments")
    set_to(box, "box/freeze", True)         # so that what is heard is what was heard before: nothing but the streamed level moves
    moments = Moments(box, tmp_path, seen(box)[0])
    try:
        while_values_stream(moments, count - count // AT_START)
        while_it_starts(moments, count)
    finally:
        (out / "moments-rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in moments.rows))
    note("moments", len(moments.rows), "", "200")
    note("pieces of 4 KB that were lost", sum(int(str(row["lost_pieces"])) for row in moments.rows), "", "told")
    assert [row for row in moments.rows if not row["clean"]] == []
    assert [row for row in moments.rows if not int(str(row["least"])) <= int(str(row["found"])) <= int(str(row["most"]))] == []
    assert [row for row in moments.rows if row["others_changed"]] == []
