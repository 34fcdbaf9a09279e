"""Full journals: packed they read the same and hold a week of 16 channels, broken they give what can be read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gigbox.desk import past
from gigbox.desk.past import content_of, pack, path_of, read, records
from gigbox.desk.records import Shorthand, to_line
from gigbox.desk.state import Desk

WEEK_S = 7 * 24 * 3600


class Show:
    """A show as the box mixes it: every 100 ms some faders go on with their move; a reason holds for some seconds, its number for less."""

    def __init__(self, channels: int) -> None:
        self.now = 0.0
        self.desk = Desk(lambda: self.now)
        self.dice = random.Random(1)
        self.requests = [self.desk.set({f"strip/{n}/role": "keys" for n in range(1, channels + 1)}, "ann", 0.0).events]
        self.levels = dict.fromkeys(range(1, channels + 1), -6.0)
        self.whys = {n: self._why(n) for n in self.levels}

    def _why(self, strip: int) -> str:
        return f"Strip {strip} to -{self.dice.uniform(3, 12):.1f} dB: plays at -{self.dice.uniform(20, 30):.1f} LUFS, keys sit -10.3 LU from the lead"

    def tick(self) -> None:
        self.now = round(self.now + 0.1, 3)
        moves = {}
        for strip in self.levels:
            if self.dice.random() < 0.14:                    # as in the demo gig: 1.1 steps a second and channel, 0.24 reasons
                self.levels[strip] += self.dice.uniform(-0.03, 0.03)
                moves[f"strip/{strip}/level"] = self.levels[strip]
                if self.dice.random() < 0.2:
                    self.whys[strip] = self._why(strip)
        if self.dice.random() < 0.01:
            self.requests.append(self.desk.set({"strip/1/pan": self.dice.uniform(-1, 1)}, "ann", self.now).events)
        if moves:
            whys = {path: self.whys[int(path.split("/")[1])] for path in moves}
            self.requests.append(self.desk.move(moves, whys, "brain", 1.6e9 + self.now).events)

    def play(self, seconds: float) -> Show:
        for _ in range(round(seconds * 10)):
            self.tick()
        return self

    def lines(self) -> bytes:
        shorthand = Shorthand()
        return b"".join(to_line(shorthand.record(events)) for events in self.requests if events)


def came_back(folder: Path) -> Desk:
    desk = Desk(lambda: 0.0)
    for events in read(folder):
        desk.replay(events)
    return desk


def test_what_people_put_beside_the_journal_is_none_of_it_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "KEPT", 10)
    others = [tmp_path / name for name in ("17.journal", "٣.journal", "2024-notes.txt", "9a.b.snapshot")]
    for path in (*others, tmp_path / "000001.journal.broken", tmp_path / "000002.journal", tmp_path / "000005.journal"):
        path.write_bytes(b"not a line, and longer than all that is kept\n")
    assert past.numbers(tmp_path, "journal", "snapshot") == [2, 5]
    past.tidy(tmp_path, 5)
    assert [path.exists() for path in others] == [True] * 4
    assert sorted(path.name for path in tmp_path.glob("0*")) == ["000005.journal"]


def test_what_a_power_cut_left_of_a_file_goes_with_its_time(tmp_path: Path) -> None:
    old, new, of_people = tmp_path / ".000003.snapshot.part", tmp_path / ".000005.snapshot.part", tmp_path / ".7 verses.part"
    for path in (old, new, of_people):
        path.write_bytes(b"half")
    past.tidy(tmp_path, 5)
    assert [path.exists() for path in (old, new, of_people)] == [False, True, True]


def test_a_packed_journal_reads_the_same(tmp_path: Path) -> None:
    show = Show(8).play(200)
    path_of(tmp_path, 1, "journal").write_bytes(show.lines())
    before = came_back(tmp_path).snapshot()
    assert {**before, "touch": {}} == {**show.desk.snapshot(), "touch": {}}
    pack(tmp_path, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["000001.journal.gz"]
    assert came_back(tmp_path).snapshot() == before         # layers, undo and history alike


def test_the_steps_of_one_move_are_one_line_from_where_it_began_to_where_it_ended(tmp_path: Path) -> None:
    show = Show(1)
    for step in range(30):
        show.now = 1.0 + step / 10
        show.requests.append(show.desk.move({"strip/1/level": -1.0 - step}, "covers lead vocal", "brain", show.now).events)
        if step == 14:
            show.requests.append(show.desk.keep(["strip/2"], "ann", show.now).events)
    path_of(tmp_path, 1, "journal").write_bytes(show.lines())
    pack(tmp_path, 1)
    moves = [e for events in read(tmp_path) for e in events if e.kind == "auto"]
    assert [(e.old, e.new, e.at) for e in moves] == [(None, -30.0, 3.9)]


def test_a_week_of_16_channels_fits(tmp_path: Path) -> None:
    seconds = 400
    content = Show(16).play(seconds).lines()
    path_of(tmp_path, 1, "journal").write_bytes(content)
    pack(tmp_path, 1)
    packed = path_of(tmp_path, 1, "journal.gz").stat().st_size
    print(f"journal of 16 channels: {content.__len__() * 3.6 / seconds:.0f} KB an hour as written, {packed * 3.6 / seconds:.0f} packed")
    assert packed / seconds * WEEK_S < past.KEPT
    assert len(content) / seconds < 3500                     # bytes a second before it is packed


@pytest.mark.parametrize("harm", [lambda content: content[:len(content) // 2], lambda content: content[:2000] + b"xxxx" + content[2004:]])
def test_a_packed_file_that_is_broken_gives_what_can_be_read(tmp_path: Path, harm) -> None:  # type: ignore[no-untyped-def]
    path_of(tmp_path, 1, "journal").write_bytes(Show(8).play(100).lines())
    pack(tmp_path, 1)
    packed = path_of(tmp_path, 1, "journal.gz")
    whole = [record for _, record in records(content_of(packed)[0])]
    packed.write_bytes(harm(packed.read_bytes()))
    content, all_of_it = content_of(packed)
    found = [record for _, record in records(content)]
    assert not all_of_it
    assert found == whole[:len(found)]


def test_what_cannot_be_read_to_its_end_is_not_packed(tmp_path: Path) -> None:
    path = path_of(tmp_path, 1, "journal")
    path.write_bytes(Show(2).play(20).lines() + b"torn")
    before = path.read_bytes()
    pack(tmp_path, 1)
    assert path.read_bytes() == before
    assert not path_of(tmp_path, 1, "journal.gz").exists()


def test_a_cut_between_packing_and_unlinking_reads_each_request_once(tmp_path: Path) -> None:
    content = Show(2).play(20).lines()
    path = path_of(tmp_path, 1, "journal")
    path.write_bytes(content)
    pack(tmp_path, 1)
    once = list(read(tmp_path))
    path.write_bytes(content)
    assert list(read(tmp_path)) == once
    pack(tmp_path, 1)
    assert not path.exists()


def test_what_a_hand_did_between_two_steps_ends_the_move(tmp_path: Path) -> None:
    show = Show(1)
    for step in range(2):
        show.requests.append(show.desk.move({"strip/1/level": -1.0 - step}, "covers lead vocal", "brain", show.now).events)
        show.requests.append(show.desk.keep(["strip/1"], "ann", show.now).events)
    path_of(tmp_path, 1, "journal").write_bytes(show.lines())
    pack(tmp_path, 1)
    assert [(e.old, e.new) for events in read(tmp_path) for e in events if e.kind == "auto"] == [(None, -1.0), (None, -2.0)]
