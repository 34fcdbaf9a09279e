"""An update is tried once and kept when it plays; what is broken, strange, old or cut off leaves the box as it was."""

from __future__ import annotations

import time

import pytest

from image.checks.conftest import BOOT_S, Note
from image.checks.hand import HAND, set_to
from image.machine import Machine
from image.tools import ToolError

pytestmark = pytest.mark.soak

STICK = "/run/stick"           # what conftest.py laid on it
LEVEL = -17.25
INSTALL_S = 1500.0
GET = ("python3", "-c", HAND + "print(d.get('strip/1/level')['strip/1/level'].hand)")


@pytest.fixture(scope="module", autouse=True)
def ready(box: Machine) -> None:
    """What the slot that runs has earned is settled, and the state is one that can be known again."""
    _put_in_stick(box)
    set_to(box, "strip/1/level", LEVEL)
    until_kept(box, running(box))


def _put_in_stick(box: Machine) -> None:
    box.says("sh", "-c", f"mkdir -p {STICK} && (mountpoint -q {STICK} || mount -o ro /dev/disk/by-label/stick {STICK})")


def until_kept(box: Machine, slot: str) -> float:
    return box.until(lambda: "this slot is kept" in box.says("journalctl", "-b", "-u", "gigbox-confirm", "-o", "cat") and running(box) == slot,
                     BOOT_S, f"slot {slot} is kept")


def running(box: Machine) -> str:
    return box.says("cat", "/run/gigbox-slot/booted").strip()


def lasting(box: Machine) -> str:
    return box.says("/usr/lib/gigbox/slots", "get-lasting").strip()


def update(box: Machine, name: str, mode: str = "soundcheck") -> str:
    """Empty where it was installed; why not. A box goes over to the show by itself."""
    set_to(box, "box/mode", mode)
    try:
        box.says("gigbox", "update", f"{STICK}/{name}.raucb", timeout=INSTALL_S)
    except ToolError as e:
        return str(e).split("gigbox: ")[-1]
    return ""


def comes_up(box: Machine, slot: str) -> float:
    """Seconds until that slot's page and shell are there, with the state that was set; the other is not running any more."""
    begun = time.monotonic()
    box.until(lambda: running(box) == slot, BOOT_S, f"slot {slot}")
    took = time.monotonic() - begun
    box.starts(BOOT_S)
    assert float(box.says(*GET)) == LEVEL
    return took


@pytest.mark.parametrize(("name", "why"), [("flipped", "ailed"), ("strange", "signature"), ("older", "is older than"), ("nothing", "not a file")])
def test_what_is_not_a_new_update_of_ours_is_refused(box: Machine, name: str, why: str) -> None:
    assert why in update(box, name)
    assert (running(box), lasting(box)) == ("A", "A")
    assert box.says("/usr/lib/gigbox/slots", "get-primary").strip() == "A"


def test_nothing_is_replaced_during_a_show(box: Machine) -> None:
    assert "a show is on" in update(box, "good", "show")
    with pytest.raises(ToolError, match=r"a show is on|ailed"):
        box.says("rauc", "install", f"{STICK}/good.raucb", timeout=INSTALL_S)


def test_a_cut_in_the_middle_of_writing_leaves_what_there_was(box: Machine, note: Note) -> None:
    set_to(box, "box/mode", "soundcheck")
    box.says("sh", "-c", f"nohup gigbox update {STICK}/good.raucb >/dev/null 2>&1 &")
    box.until(lambda: int(box.says("cat", "/sys/class/block/vda5/stat").split()[6]) > 100_000, INSTALL_S, "the write in its middle")
    note("pieces of 4 KB that were lost", box.pull_the_plug(kept=0.5), "", "told")
    box.power_on()
    comes_up(box, "A")
    _put_in_stick(box)
    assert lasting(box) == "A"


def test_a_slot_that_does_not_start_is_left_by_itself(box: Machine, note: Note) -> None:
    assert update(box, "ruined") == ""
    assert box.says("/usr/lib/gigbox/slots", "get-primary").strip() == "B"
    before = box.says("cat", "/proc/sys/kernel/random/boot_id")
    box.says("sh", "-c", "systemctl reboot &")
    box.until(lambda: box.says("cat", "/proc/sys/kernel/random/boot_id") != before, BOOT_S, "another start")
    assert (running(box), lasting(box)) == ("A", "A")
    comes_up(box, "A")
    _put_in_stick(box)


def test_an_update_is_tried_once_and_kept_when_it_plays(box: Machine, note: Note) -> None:
    begun = time.monotonic()
    assert update(box, "good") == ""
    note("installing, emulated", time.monotonic() - begun, "s", "told")
    box.says("sh", "-c", "systemctl reboot &")
    note("to the other slot, emulated", comes_up(box, "B"), "s", "told")
    until_kept(box, "B")
    assert lasting(box) == "B"
    box.pull_the_plug()
    box.power_on()
    comes_up(box, "B")
