"""The units of systemd say what `gigbox run` does: the same programs, order, patience and favours; and close to each program what it does not need."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gigbox import cli
from gigbox.brain.denoise import hop_loop
from gigbox.engine import card
from gigbox.panel import soldered
from gigbox.run.programs import Program, cores, programs
from gigbox.run.units import TARGET, units

PROGRAMS = programs(None, 8080)


def read(files: dict[str, str], name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    first, *others = re.split(r"\nDeviceAllow=", files[name])         # one line each, and many may be
    rest = others[-1].split("\n", 1)[1] if others else ""
    devices = " ".join(each.split("\n")[0] for each in others)
    parser.read_string("\n".join([first, f"DeviceAllow={devices}", rest]) if others else first)
    return parser


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return units(PROGRAMS, "gigbox", "/opt/gigbox/bin/python3", 4)


def service(files: dict[str, str], name: str) -> configparser.SectionProxy:
    return read(files, f"gigbox-{name}.service")["Service"]


def test_every_program_is_a_unit_and_the_target_wants_them_all(files: dict[str, str]) -> None:
    assert set(files) == {TARGET, *(f"gigbox-{p.name}.service" for p in PROGRAMS)}
    assert read(files, TARGET)["Unit"]["Wants"].split() == [f"gigbox-{p.name}.service" for p in PROGRAMS]


@pytest.mark.parametrize("p", PROGRAMS, ids=lambda p: p.name)
def test_a_unit_starts_watches_and_restarts_like_gigbox_run(files: dict[str, str], p: Program) -> None:
    told = service(files, p.name)
    assert told["ExecStart"] == " ".join(["/opt/gigbox/bin/python3", "-m", "gigbox.cli", *p.arguments])
    assert (told["Type"], told["Restart"], told["WatchdogSignal"]) == ("notify", "always", "SIGKILL")
    assert [float(told[key]) for key in ("WatchdogSec", "TimeoutStartSec", "RestartSec")] == [p.still_s, p.start_s, p.again_s]
    assert read(files, f"gigbox-{p.name}.service")["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_sound_comes_before_everything_else(files: dict[str, str]) -> None:
    assert PROGRAMS[0].name == "engine"
    assert "gigbox" not in read(files, "gigbox-engine.service")["Unit"]["After"]
    assert all(read(files, f"gigbox-{p.name}.service")["Unit"]["After"] == "gigbox-engine.service" for p in PROGRAMS[1:])
    assert "Requires" not in "".join(files.values())        # nobody goes with a neighbour


def test_who_asks_for_real_time_may_have_it_and_nobody_else(files: dict[str, str]) -> None:
    asked = {"engine": card.PRIORITY, "brain": hop_loop.PRIORITY, "panel": soldered.PRIORITY}
    assert {p.name: p.priority for p in PROGRAMS if p.priority} == asked
    for p in PROGRAMS:
        told = service(files, p.name)
        assert told.get("LimitRTPRIO") == (str(asked[p.name]) if p.name in asked else None)
        assert told.get("RestrictRealtime") == (None if p.name in asked else "yes")
        assert told.get("LimitMEMLOCK") == ("infinity" if p.name == "engine" else None)


def test_what_is_plugged_in_is_for_who_records_and_who_hands_it_out(files: dict[str, str]) -> None:
    assert {p.name for p in PROGRAMS if "ReadWritePaths" in service(files, p.name)} == {"tape", "web"}
    assert service(files, "tape")["ReadWritePaths"] == "-/media -/run/media -/mnt"


@pytest.mark.parametrize("p", PROGRAMS, ids=lambda p: p.name)
def test_every_program_is_fenced_in(files: dict[str, str], p: Program) -> None:
    told = service(files, p.name)
    assert {key: told[key] for key in ("ProtectSystem", "PrivateTmp", "NoNewPrivileges", "CapabilityBoundingSet", "User")} == {
        "ProtectSystem": "strict", "PrivateTmp": "yes", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "User": "gigbox"}
    assert ("char-alsa" in told.get("DeviceAllow", "")) == (p.name in ("engine", "desk", "remote"))
    assert (told.get("PrivateNetwork") == "yes") == (p.name not in ("web", "panel", "remote"))
    assert ("char-i2c rw" in told.get("DeviceAllow", "")) == (p.name == "panel")


def test_the_engine_has_the_last_of_four_processors_for_itself(files: dict[str, str]) -> None:
    assert service(files, "engine")["CPUAffinity"] == "3"
    assert {service(files, p.name)["CPUAffinity"] for p in PROGRAMS[1:]} == {"0 1 2"}
    assert all(cores(p, 2) == {0, 1} for p in PROGRAMS)


def test_a_folder_with_blanks_is_one_word(tmp_path: Path) -> None:
    told = units(PROGRAMS, "me", "/home/me/my box/python3", 4)["gigbox-web.service"]
    assert "ExecStart='/home/me/my box/python3' -m gigbox.cli web --port 8080" in told


def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    assert cli.main(["units", str(tmp_path), "--user", "root"]) == 0
    found = sorted(tmp_path.glob("gigbox*"))
    assert len(found) == 1 + len(PROGRAMS)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *map(str, found)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "gigbox" in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_would_tell_of_a_word_that_it_does_not_know(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    (tmp_path / "gigbox-x.service").write_text(f"[Service]\nExecStart={sys.executable}\nProtectEverything=yes\n")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(tmp_path / "gigbox-x.service")], capture_output=True, text=True, check=False)
    assert "ProtectEverything" in done.stderr


def test_without_a_folder_the_units_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["units", "--device", "usb"]) == 0
    assert "engine --device usb" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["units", "/proc/nowhere"]) == 1
    assert capsys.readouterr().err == "gigbox: /proc/nowhere: No such file or directory, expected a folder that can be written; as root: /etc/systemd/system\n"
