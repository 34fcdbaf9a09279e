"""Each fault of a machine is found and comes with the one line to type; a good machine has none. Machines are trees of files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gigbox import cli
from gigbox.devices.cards import found
from gigbox.doctor import house, kernel
from gigbox.doctor.finding import FAULT, NOTE, WELL, Finding, table
from gigbox.doctor.house import House
from gigbox.doctor.kernel import Kernel
from gigbox.errors import ModelError
from tests.devices.fakes import FakeAlsa, FakeCard, FakeSide, dac8x, hdmi, scarlett

MACHINE: dict[str, Any] = {"temperature_c": 50.0, "throttling": None, "memory_mb": 4000, "memory_free_mb": 3000, "disk_mb": 9000, "disk_free_mb": 5000}
GOVERNOR = "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
SOURCE = "sys/devices/system/clocksource/clocksource0/current_clocksource"
PI = {GOVERNOR: "performance", "proc/irq/default_smp_affinity": "7", SOURCE: "arch_sys_counter", "proc/cmdline": "",
      "proc/self/status": "CapEff:\t0000000000000000", "boot/firmware/cmdline.txt": "quiet", "boot/firmware/config.txt": ""}


def grown(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")


def pi(root: Path, files: dict[str, str] | None = None, **more: Any) -> list[Finding]:
    """A Pi that is as it should be, but for what is said."""
    grown(root, {**PI, **(files or {})})
    usual = {"version": "#1 SMP PREEMPT_RT", "release": "6.12.9-rt", "priority": 95, "locked": float("inf"), "cores": 4}
    return list(kernel.checks(Kernel(root, **{**usual, **more})))


def home(root: Path, *cards: FakeCard, **more: Any) -> list[Finding]:
    """A Pi's house that is as it should be, but for what is said."""
    grown(root, {"boot/firmware/config.txt": ""})
    usual = {"root": root, "cards": lambda: found(FakeAlsa(*cards)), "models": lambda: "denoise", "machine": MACHINE, "state": root, "user": "ann", "uid": 1000,
             "groups": ["ann", "audio"], "now": 2e9}
    return list(house.checks(House(**{**usual, **more})))


def one(findings: Sequence[Finding], state: str = FAULT) -> Finding:
    """The only one that is not well."""
    wrong = [each for each in findings if each.state != WELL]
    assert [each.state for each in wrong] == [state], wrong
    assert wrong[0].remedy
    assert "\n" not in wrong[0].remedy
    return wrong[0]


def test_a_good_box_has_nothing_to_type(tmp_path: Path) -> None:
    findings = [*pi(tmp_path), *home(tmp_path, dac8x())]
    assert {each.state for each in findings} == {WELL}
    assert table(findings).endswith("\nno faults")
    assert [each.what for each in findings] == ["kernel", "real time", "locked memory", "processor clock", "interrupts", "clock source",
                                                "audio group", "sound card", "models", "clock", "disk"]


@pytest.mark.parametrize(("more", "files", "what", "told", "remedy"), [
    ({"version": "#1 SMP Debian"}, {}, "kernel", "not preemptible, expected PREEMPT", "apt-get install -y linux-image-rt-"),
    ({"priority": 0.0}, {}, "real time", "priority up to 0, expected 80", "echo '@audio - rtprio 95'"),
    ({"locked": 8.0 * (1 << 20)}, {}, "locked memory", "up to 8 MB, expected 256 MB", "echo '@audio - memlock unlimited'"),
    ({}, {GOVERNOR: "ondemand"}, "processor clock", "governor ondemand, expected performance", "echo performance | sudo tee /sys/devices/system/cpu"),
])
def test_a_fault_of_the_kernel_is_told_with_its_line(tmp_path: Path, more: dict[str, Any], files: dict[str, str], what: str, told: str, remedy: str) -> None:
    wrong = one(pi(tmp_path, files, **more))
    assert wrong.what == what
    assert told in wrong.told
    assert remedy in wrong.remedy


@pytest.mark.parametrize(("more", "files", "what"), [
    ({"version": "#1 SMP PREEMPT_DYNAMIC"}, {}, "kernel"),
    ({}, {"proc/irq/default_smp_affinity": "f"}, "interrupts"),
    ({}, {SOURCE: "hpet"}, "clock source"),
])
def test_what_will_do_is_a_note_and_no_fault(tmp_path: Path, more: dict[str, Any], files: dict[str, str], what: str) -> None:
    assert one(pi(tmp_path, files, **more), NOTE).what == what


@pytest.mark.parametrize(("more", "files"), [
    ({"version": "#1 SMP PREEMPT"}, {}), ({"version": "#1 SMP PREEMPT_DYNAMIC"}, {"proc/cmdline": "quiet preempt=full"}),
    ({"priority": 0.0, "locked": 0.0}, {"proc/self/status": "CapEff:\t000001ffffffffff"}),
    ({"cores": 2}, {"proc/irq/default_smp_affinity": "3"}), ({"cores": 64}, {"proc/irq/default_smp_affinity": "7fffffff,ffffffff"}),
])
def test_what_is_as_good_is_well(tmp_path: Path, more: dict[str, Any], files: dict[str, str]) -> None:
    assert {each.state for each in pi(tmp_path, files, **more)} == {WELL}


def test_a_processor_that_is_off_has_no_governor_and_that_is_well(tmp_path: Path) -> None:
    (tmp_path / GOVERNOR.replace("cpu0", "cpu1")).mkdir(parents=True)          # as EBUSY: it cannot be read
    assert {each.state for each in pi(tmp_path)} == {WELL}


@pytest.mark.parametrize(("files", "remedy"), [
    ({"boot/firmware/cmdline.txt": ""}, "sudo sed -i '1s/$/ preempt=full/' /boot/firmware/cmdline.txt && sudo reboot"),
    ({"boot/cmdline.txt": ""}, "sudo sed -i '1s/$/ preempt=full/' /boot/cmdline.txt && sudo reboot"),
    ({}, "echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX preempt=full\"' | sudo tee -a /etc/default/grub && sudo update-grub && sudo reboot"),
])
def test_what_is_to_be_typed_is_for_the_machine_that_it_is(tmp_path: Path, files: dict[str, str], remedy: str) -> None:
    grown(tmp_path, files)
    told = next(kernel.checks(Kernel(tmp_path, version="#1 SMP PREEMPT_DYNAMIC")))
    assert told.remedy == remedy


def test_a_laptop_is_told_to_plug_a_card_in_and_may_have_a_television(tmp_path: Path) -> None:
    usual = {"models": lambda: "denoise", "machine": MACHINE, "state": tmp_path, "root": tmp_path, "uid": 0, "now": 2e9}
    without, with_card = (house.checks(House(cards=lambda cards=cards: found(FakeAlsa(*cards)), **usual))       # type: ignore[misc]
                          for cards in ([hdmi()], [hdmi(), scarlett()]))
    assert one(list(without)).remedy == "gigbox devices   (when a USB interface is plugged in)"
    assert {each.state for each in with_card} == {WELL}


def held() -> FakeCard:
    card = dac8x()
    card.capture, card.playback = FakeSide([8], busy=True), FakeSide([8], busy=True)
    return card


def no_models() -> str:
    raise ModelError("denoise: no such model")


@pytest.mark.parametrize(("cards", "more", "what", "told", "remedy"), [
    ([dac8x()], {"groups": ["ann"]}, "audio group", "ann is not in it", "sudo usermod -aG audio ann"),
    ([], {}, "sound card", "none is found", "dtoverlay=hifiberry-dac8x"),
    ([hdmi()], {}, "sound card", "vc4hdmi0: has no inputs: the box needs both on one card", "dtoverlay=hifiberry-dac8x"),
    ([hdmi(), scarlett()], {}, "HDMI audio", "vc4hdmi0 comes before USB, expected no HDMI audio", "vc4-kms-v3d$/&,noaudio/"),
    ([held()], {}, "its owner", "another program holds sndrpihifiberry", "systemctl --user mask --now pipewire.socket"),
    ([dac8x()], {"models": no_models}, "models", "denoise: no such model", "gigbox models"),
    ([dac8x()], {"state": Path("/nowhere")}, "disk", "/nowhere: cannot be written", "sudo chown -R ann /nowhere"),
    ([dac8x()], {"machine": {**MACHINE, "temperature_c": 85.0}}, "machine", "temperature: 85 degrees", "gigbox health"),
])
def test_a_fault_of_the_house_is_told_with_its_line(tmp_path: Path, cards: list[FakeCard], more: dict[str, Any], what: str, told: str, remedy: str) -> None:
    wrong = one(home(tmp_path, *cards, **more))
    assert wrong.what == what
    assert told in wrong.told
    assert remedy in wrong.remedy


def test_the_box_that_plays_may_hold_its_card(tmp_path: Path) -> None:
    assert {each.state for each in home(tmp_path, held(), plays=True)} == {WELL}


def test_a_clock_from_the_last_century_is_a_note(tmp_path: Path) -> None:
    assert one(home(tmp_path, dac8x(), now=0.0), NOTE).told.startswith("1970-01-01: it stands behind")


def test_a_full_disk_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "DISK_MB", 1 << 40)
    assert "MB free in" in one(home(tmp_path, dac8x())).told


def test_the_table_has_the_line_to_type_below_each_fault(tmp_path: Path) -> None:
    lines = table(home(tmp_path, hdmi(), scarlett())).splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith("FAULT  HDMI audio"))
    assert lines[place + 1].strip().startswith("type: sudo sed -i")
    assert lines[-1] == "1 fault"


def test_this_machine_is_examined_and_the_exit_code_says_whether_all_is_well(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    code = cli.main(["doctor", "--json"])
    findings = json.loads(capsys.readouterr().out)
    assert code == any(each["state"] == FAULT for each in findings)
    assert {"kernel", "real time", "sound card", "models", "disk"} <= {each["what"] for each in findings}
    assert all(each["remedy"] for each in findings if each["state"] != WELL)
