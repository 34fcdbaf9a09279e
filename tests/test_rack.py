"""The shared memory: each program writes its own section only, counters say what is there, and a file that was replaced is noticed."""

from __future__ import annotations

import mmap
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gigbox._core import ffi, lib

from gigbox import rack as rack_module
from gigbox.errors import RackError
from gigbox.rack import OWNERS, Rack

VIEWS = ("values", "strips.in_peak", "buses.momentary", "tap_in", "tap_out")
FIELDS = {"engine": ("magic", "queue_head", "values", "tap_out"), "brain": ("gain_sets", "wanted_until", "gains"), "desk": ("queue_tail", "queue")}
WRITES = {"engine": "lib.gb_rack_format(rack.c, 2)", "brain": "lib.gb_give_gains(rack.c, 1, ffi.new('float[]', 4096))", "desk": "lib.gb_push(rack.c, 0, 1.0)"}


@pytest.fixture(name="path")
def rack_path(tmp_path: Path) -> Path:
    Rack(tmp_path / "rack", 2)
    return tmp_path / "rack"


def section(owner: int) -> tuple[int, int]:
    size = ffi.new("size_t *")
    return int(lib.gb_section(owner, size)), int(size[0])


def test_sections_lie_one_after_the_other_on_whole_pages() -> None:
    places = [section(owner) for owner in range(len(OWNERS))]
    assert places[0][0] == 0
    assert [at for at, _ in places[1:]] == [at + size for at, size in places[:-1]]
    assert sum(size for _, size in places) == ffi.sizeof("gb_rack")
    for at, size in places:
        assert at % 65536 == size % 65536 == 0
        assert at % mmap.PAGESIZE == 0


@pytest.mark.parametrize(("owner", "field"), [(owner, field) for owner, fields in FIELDS.items() for field in fields])
def test_every_field_lies_with_the_one_that_writes_it(owner: str, field: str) -> None:
    at, size = section(OWNERS.index(owner))
    assert at <= ffi.offsetof("gb_rack", field) < at + size


@pytest.mark.parametrize("owner", [None, *OWNERS])
def test_a_view_is_written_by_its_owner_alone(path: Path, owner: str | None) -> None:
    rack = Rack(path, owner=owner)
    for name in VIEWS:
        view = rack.view(name)
        if owner == "engine":
            view[...] = 0
        else:
            with pytest.raises(ValueError, match="read-only"):
                view[...] = 0


def test_only_the_desk_pushes_and_only_the_brain_wants(path: Path) -> None:
    looked = Rack(path)
    assert Rack(path, owner="desk").push(0, 1.0)
    Rack(path, owner="brain").want(48000)
    assert looked.c.queue_tail == 1
    assert looked.c.wanted_until == 48000
    with pytest.raises(ValueError, match="rack: queue belongs to the desk, mapped by brain"):
        Rack(path, owner="brain").push(0, 1.0)
    with pytest.raises(ValueError, match="rack: wanted_until belongs to the brain, mapped by one that only looks"):
        Rack(path).want(1)


@pytest.mark.parametrize(("writer", "owner"), [(writer, owner) for writer in OWNERS for owner in (None, *OWNERS) if (writer, owner) != ("engine", "engine")])
def test_memory_itself_stands_in_the_way_of_a_foreign_write_in_c(path: Path, owner: str | None, writer: str) -> None:
    """SIGSEGV, whatever the program meant. (Formatting writes all: only new memory is formatted.)"""
    program = ["from pathlib import Path", "from gigbox._core import ffi, lib", "from gigbox.rack import Rack",
               f"rack = Rack(Path({str(path)!r}), owner={owner!r})", WRITES[writer]]
    done = subprocess.run([sys.executable, "-c", "\n".join(program)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0 if owner == writer else -signal.SIGSEGV, "")


def test_private_memory_is_all_its_own() -> None:
    rack = Rack(None, 2)
    rack.view("tap_out")[0] = 1
    rack.want(5)
    assert rack.push(0, 1.0)
    assert rack.gain_sets == 0


def test_a_file_that_may_not_be_written_can_be_looked_at(path: Path) -> None:
    path.chmod(0o400)
    assert Rack(path).channels == 2
    if os.geteuid():
        with pytest.raises(RackError, match="Permission denied"):
            Rack(path, owner="desk")


@pytest.mark.parametrize("name", ["frames", "hops", "meter_blocks", "gain_sets"])
def test_a_counter_beyond_32_bits_is_told_whole(name: str) -> None:
    rack = Rack(None, 1)
    setattr(rack.c, name, 2**40 + 7)
    assert getattr(rack, name) == 2**40 + 7


def test_a_rack_that_stays_is_not_replaced(path: Path) -> None:
    looked = Rack(path)
    assert not looked.replaced()
    Rack(path, 2)                      # an engine that begins again on as many channels takes the same file
    assert not looked.replaced()
    path.unlink()                      # gone is not replaced: there is nothing to map anew
    assert not looked.replaced()


def test_a_rack_for_other_channels_replaces_the_file(path: Path) -> None:
    looked, old = Rack(path), Rack(path, 2)
    new = Rack(path, 3)
    assert new.fresh
    assert not new.replaced()
    assert looked.replaced()
    assert old.replaced()
    assert not Rack(path).replaced()
    assert not Rack(None, 1).replaced()


def test_a_file_replaced_while_it_is_mapped_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the opening of the old file and its use."""
    mapped, fresh = mmap.mmap, path.with_name("another")

    def slow_mmap(*args: object, **kind: object) -> mmap.mmap:
        if path.stat().st_ino != fresh_inode:
            fresh.replace(path)
        return mapped(*args, **kind)        # type: ignore[arg-type]

    fresh.write_bytes(path.read_bytes())
    fresh_inode = fresh.stat().st_ino
    monkeypatch.setattr(rack_module.mmap, "mmap", slow_mmap)
    looked = Rack(path)
    monkeypatch.undo()
    assert looked.replaced()
    assert not Rack(path).replaced()


def test_a_rack_of_another_layout_is_refused_in_one_line(path: Path) -> None:
    engine = Rack(path, owner="engine")
    engine.c.layout = 3
    with pytest.raises(RackError, match=r"a rack of another version$"):
        Rack(path, owner="desk")
    path.write_bytes(b"x" * 100)
    with pytest.raises(RackError, match=r"100 bytes, expected \d+; written by another version\?$"):
        Rack(path)
    path.unlink()
    with pytest.raises(RackError, match=r"No such file or directory; is the engine running\?$"):
        Rack(path)


def test_a_view_outlives_the_rack_that_gave_it(path: Path) -> None:
    view = Rack(path).view("tap_in")
    assert not view.any()


def test_a_view_is_made_once_and_goes_on_showing_what_is_there() -> None:
    rack = Rack(None, 2)
    assert rack.view("tap_in") is rack.view("tap_in")
    rack.view("tap_in")[3] = 1
    assert rack.view("tap_in")[3].all()


def test_what_the_engine_was_told_outlives_it(path: Path) -> None:
    Rack(path, 2).values()[:3] = 0.5
    again = Rack(path, 2)
    assert not again.fresh
    np.testing.assert_array_equal(again.values()[:3], 0.5)


def test_the_newest_frames_are_as_many_as_asked_for_while_the_engine_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks twice where the engine is gets frames of two moments."""
    rack, at = Rack(None, 3), iter(range(100, 10 ** 6, 32))
    rack.view("tap_in")[:] = np.arange(rack_module.TAP_FRAMES)[:, None]
    monkeypatch.setattr(Rack, "frames", property(lambda _: next(at)))
    assert rack.newest(200) is None
    found = next(frames for _ in range(10) if (frames := rack.newest(200)) is not None)
    assert found.shape == (200, 3)
    assert np.array_equal(np.diff(found[:, 0]), np.ones(199))
