"""Which slot starts: one that was just written once, and for good only when it was marked good while it ran; in the words of both firmwares."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from image import disk
from image.layer import LAYERS

SLOTS = LAYERS / "50-update/files/usr/lib/gigbox/slots"


class Box:
    """The partition `select` as a folder; the firmware of a board with GRUB, or a Raspberry Pi."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "grubenv").write_bytes(disk.environment())
        (folder / "autoboot.txt").write_bytes(disk.autoboot())
        self.starts("A")

    def starts(self, slot: str) -> None:
        (self.folder / "booted").write_text(slot + "\n")
        (self.folder / "reboot-param").unlink(missing_ok=True)

    def __call__(self, *words: str, fails: str = "") -> str:
        env = os.environ | {"GIGBOX_SELECT": str(self.folder), "GIGBOX_SLOT_FILE": str(self.folder / "booted"),
                            "GIGBOX_REBOOT_PARAM": str(self.folder / "reboot-param")}
        done = subprocess.run(["sh", str(SLOTS), *words], env=env, capture_output=True, text=True, check=False)
        assert (done.returncode != 0) == bool(fails), done.stderr
        assert fails in done.stderr
        return done.stdout.strip()

    def next_start(self) -> str:
        """As GRUB does it with our grub.cfg: the slot to be tried, once."""
        told = dict(line.split("=", 1) for line in (self.folder / "grubenv").read_text().splitlines() if "=" in line)
        slot = told["try"] or told["primary"]
        (self.folder / "grubenv").write_bytes(disk.environment(told["primary"], "", told["bad"]))
        self.starts(slot)
        return slot

    def pi_starts(self) -> int:
        """As a Pi's firmware does it: the partition of the section that the way of starting names."""
        section = "[tryboot]" if (self.folder / "reboot-param").exists() else "[all]"
        self.starts("A")
        part = (self.folder / "autoboot.txt").read_text().split(section)[1]
        return int(part.split("boot_partition=")[1].splitlines()[0])


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_an_update_is_tried_once_and_lost_without_a_word(box: Box) -> None:
    box("set-state", "B", "bad")
    assert box("get-state", "B") == "bad"
    box("set-primary", "B")
    assert (box("get-primary"), box("get-lasting"), box("get-state", "B")) == ("B", "A", "good")
    assert box.next_start() == "B"
    assert box("get-current") == "B"
    assert box.next_start() == "A"


def test_what_was_marked_good_while_it_ran_stays(box: Box) -> None:
    box("set-primary", "B")
    assert box.next_start() == "B"
    box("set-state", "B", "good")
    assert (box.next_start(), box("get-lasting")) == ("B", "B")
    box("set-primary", "A")
    assert (box.next_start(), box.next_start()) == ("A", "B")


def test_a_pi_is_told_the_same(box: Box) -> None:
    assert box.pi_starts() == 2
    box("set-primary", "B")
    assert (box.pi_starts(), box.pi_starts()) == (3, 2)
    box.starts("B")
    box("set-state", "B", "good")
    assert box.pi_starts() == 3
    box("set-primary", "A")
    assert (box.pi_starts(), box.pi_starts()) == (2, 3)


def test_marking_the_other_slot_good_is_not_marking_this_one(box: Box) -> None:
    box("set-state", "B", "good")
    assert box("get-lasting") == "A"


def test_an_update_that_was_broken_off_never_starts(box: Box) -> None:
    box("set-primary", "B")
    box("set-state", "B", "bad")
    assert box.next_start() == "A"


def test_the_slot_that_runs_cannot_be_given_up(box: Box) -> None:
    box("set-state", "A", "bad", fails="slot A runs and is the one to start, expected the other")
    box("turn", fails="'turn' is not one of get-current")


def test_the_environment_is_always_as_long_as_grub_wants_it(box: Box) -> None:
    box("set-primary", "B")
    assert (box.folder / "grubenv").read_bytes() == disk.environment("A", "B")
    assert (box.folder / "grubenv").stat().st_size == disk.ENVIRONMENT


def test_one_sector_holds_all_of_it(box: Box) -> None:
    """A card writes 512 bytes whole or not at all."""
    box("set-primary", "B")
    assert (box.folder / "grubenv").read_bytes()[:512].rstrip(b"#").endswith(b"bad=\n")
