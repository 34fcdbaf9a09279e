"""What the machine tells of itself, read from a tree of files as the kernel has them."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from gigbox.health import machine

MEMINFO = "MemTotal:        4045008 kB\nMemFree:          100000 kB\nMemAvailable:    2048000 kB\n"


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_temperature_is_that_of_the_hottest_place(tmp_path: Path) -> None:
    root = tree(tmp_path, {"sys/class/thermal/thermal_zone0/temp": "48250\n", "sys/class/thermal/thermal_zone1/temp": "61300\n"})
    assert machine.look(tmp_path, root, lambda: "")["temperature_c"] == 61.3


def test_memory_and_disk_are_told_in_mb(tmp_path: Path) -> None:
    told = machine.look(tmp_path, tree(tmp_path, {"proc/meminfo": MEMINFO}), lambda: "")
    assert (told["memory_mb"], told["memory_free_mb"]) == (3950, 2000)
    assert 0 < told["disk_free_mb"] <= told["disk_mb"]


def test_what_the_machine_does_not_tell_is_none(tmp_path: Path) -> None:
    told = machine.look(tmp_path / "gone", tmp_path, lambda: "")
    assert set(told.values()) == {None}


def test_a_machine_with_no_file_to_spare_tells_nothing_and_ends_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    root = tree(tmp_path, {"sys/class/thermal/thermal_zone0/temp": "48250\n"})
    monkeypatch.setattr(os, "scandir", no)
    monkeypatch.setattr(io, "open", no)
    assert machine.look(tmp_path / "gone", root, lambda: "")["temperature_c"] is None


@pytest.mark.parametrize("word", ["throttled=0x50005", "throttled=0x50005\n"])
def test_a_pi_tells_by_vcgencmd_what_holds_it_back(tmp_path: Path, word: str) -> None:
    held = machine.look(tmp_path, tmp_path, lambda: word)["throttling"]
    assert held == {"now": {"under_voltage": True, "capped": False, "throttled": True, "hot": False},
                    "since": {"under_voltage": True, "capped": False, "throttled": True, "hot": False}}


def test_the_kernels_own_file_is_asked_before_vcgencmd(tmp_path: Path) -> None:
    root = tree(tmp_path, {machine.FIRMWARE: "80000\n"})
    held = machine.look(tmp_path, root, lambda: pytest.fail("asked"))["throttling"]
    assert held["now"] == dict.fromkeys(machine.THROTTLED, False)
    assert held["since"]["hot"]


@pytest.mark.parametrize(("alarm", "low"), [("1", True), ("0", False)])
def test_under_voltage_is_told_by_the_kernels_driver_too(tmp_path: Path, alarm: str, low: bool) -> None:
    root = tree(tmp_path, {"sys/class/hwmon/hwmon2/name": "rpi_volt\n", "sys/class/hwmon/hwmon2/in0_lcrit_alarm": f"{alarm}\n"})
    assert machine.look(tmp_path, root, lambda: "")["throttling"]["now"] == {"under_voltage": low}


def test_vcgencmd_that_is_not_there_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert machine.vcgencmd() == ""


def test_a_firmware_that_says_no_text_ends_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked beside the desk, all through the gig."""
    command = tmp_path / "vcgencmd"
    command.write_text("#!/bin/sh\nprintf 'throttled=\\377'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert machine.look(tmp_path, tmp_path)["throttling"] is None
