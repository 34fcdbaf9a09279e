"""What is laid on the card is well formed before it is: layers, scripts, units, the wall, the pinned wheels."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from pathlib import Path

import pytest

from gigbox import ports
from gigbox.run.programs import programs
from gigbox.run.units import units
from gigbox.takes.shelf import STICKS
from image import disk, wheels
from image.layer import KERNELS, LAYERS, LayerError, lay, layers, read

FILES = sorted(p for p in LAYERS.rglob("*") if p.is_file())
SCRIPTS = [p for p in FILES if p.name == "setup.sh" or p.read_bytes().startswith(b"#!/bin/sh")]
SERVICES = [p for p in FILES if p.suffix == ".service" and "avahi" not in p.parts]


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_layer_says_what_it_is_for(kernel: str) -> None:
    found = layers(kernel)
    assert [layer.name for layer in found][-1] == f"kernel-{kernel}"
    assert all(layer.purpose and layer.version for layer in found)
    assert len({layer.name for layer in found}) == len(found)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_every_script_is_one(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert script.name == "setup.sh" or os.access(script, os.X_OK)


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: p.parent.name + "/" + p.name)
def test_every_unit_is_one_and_what_it_starts_is_there(path: Path) -> None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(path.read_text())
    command = parser["Service"].get("ExecStart", "").split(" ")[0]
    if command.startswith("/usr/lib/gigbox/"):
        assert any(str(p).endswith("files" + command) and os.access(p, os.X_OK) for p in FILES)


def test_what_a_layer_enables_is_a_unit_that_somebody_lays() -> None:
    known = {p.name for p in FILES} | set(units(programs(None, 8080), "gigbox", "/usr/bin/python3", 4))
    named = {word for p in FILES if p.name == "setup.sh" for line in p.read_text().splitlines() if line.startswith("systemctl enable")
             for word in line.split() if word.startswith("gigbox")}
    assert named
    assert named <= known


def test_the_audio_thread_has_the_core_that_the_kernel_leaves_alone() -> None:
    """The units are written on whatever machine builds the image."""
    setup = (LAYERS / "30-box/setup.sh").read_text()
    cores = int(re.search(r"gigbox units .*--cores (\d+)", setup)[1])       # type: ignore[index]
    engine = units(programs(None, ports.PAGE), "gigbox", "/usr/bin/python3", cores)["gigbox-engine.service"]
    alone = re.search(r"isolcpus=domain,managed_irq,(\d+)", disk.COMMAND_LINE)[1]     # type: ignore[index]
    assert f"CPUAffinity={alone}\n" in engine


def test_two_layers_never_lay_one_file(tmp_path: Path) -> None:
    for name in ("10-a", "20-b"):
        (tmp_path / name / "files/etc").mkdir(parents=True)
        (tmp_path / name / "files/etc/x").touch()
        (tmp_path / name / "layer.toml").write_text(f'name = "{name}"\nversion = "1"\npurpose = "p"\npackages = []\n')
    with pytest.raises(LayerError, match="/etc/x: laid by 10-a and by 20-b, expected one of them"):
        layers("debian", tmp_path)


@pytest.mark.parametrize(("text", "told"), [
    ("name = 1 2", "layer.toml: .*expected name, packages, purpose, version"), ('name = "a"\n', "packages, purpose, version, expected"),
    ('name = "a"\nversion = "1"\npurpose = "p"\npackages = ["a b"]\n', "'a b' is no name of a package"),
])
def test_a_layer_that_is_none_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "layer.toml").write_text(text)
    with pytest.raises(LayerError, match=told):
        read(tmp_path)


def test_files_are_laid_with_their_rights_over_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/fstab").symlink_to("/dev/null")
    for layer in layers("debian"):
        lay(layer, tmp_path)
    assert "/tmp" in (tmp_path / "etc/fstab").read_text()
    assert not (tmp_path / "etc/fstab").is_symlink()
    assert (tmp_path / "usr/lib/gigbox/slots").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "etc/fstab").stat().st_mode & 0o777 == 0o644


def test_what_grows_is_the_data_partition_and_no_other() -> None:
    told = configparser.ConfigParser()
    told.read(LAYERS / "10-base/files/etc/repart.d/90-data.conf")
    kinds = [disk.TYPES[p.kind] for p in disk.LAYOUT]
    assert told["Partition"]["Type"].upper() == kinds[-1]
    assert kinds.count(kinds[-1]) == 1


def test_the_wall_lets_in_what_the_table_of_ports_says_and_nothing_else() -> None:
    text = (LAYERS / "40-network/files/etc/nftables.conf").read_text()
    for line in ports.wall().splitlines():
        name, value = line.removeprefix("define ").split(" = ")
        text = re.sub(rf"\${name}\b", value, text)
    chain = text.split("chain in {")[1].split("}\n  chain")[0]
    assert "policy drop" in chain
    let_in = {(kind, int(port)) for kind, found in re.findall(r"(tcp|udp) dport (\{[^}]*\}|\d+) (?:.* )?accept$", chain, re.MULTILINE)
              for port in re.findall(r"\d+", found)}
    assert let_in == {(each.kind, each.port) for each in ports.TABLE}
    assert "$" not in text
    assert f"tcp dport {ports.HTTP} redirect to :{ports.PAGE}" in text


def test_every_package_that_gigbox_needs_is_pinned_or_debians() -> None:
    pinned = {line.split("==")[0].lower() for line in wheels.pinned()}
    assert {"numpy", "flask", "werkzeug", "tornado", "ai-edge-litert", "cffi", "pycparser", "soundfile", "pillow"} <= pinned
    assert "pyalsaaudio" not in pinned
    assert not {"pytest", "ruff", "mypy", "hypothesis"} & pinned


@pytest.mark.parametrize("version", ["1.10.2", ""])
def test_rauc_asks_the_box_with_the_bundles_version(tmp_path: Path, version: str) -> None:
    (tmp_path / "manifest.raucm").write_text("[update]\ncompatible=gigbox\n" + f"version={version}\n" * bool(version) + "\n[image.rootfs]\nfilename=root.img\n")
    (tmp_path / "gigbox").write_text(f'#!/bin/sh\n[ $# = 3 ] && [ "$1 $2" = "update --allowed" ] && [ "$3" = "{version}" ]\n')
    (tmp_path / "gigbox").chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "RAUC_BUNDLE_MOUNT_POINT": str(tmp_path)}
    subprocess.run(["sh", LAYERS / "50-update/files/usr/lib/gigbox/before-update"], env=env, check=True)


def test_updates_have_their_service_and_need_no_clock() -> None:
    """Debian has RAUC's units and its name on the bus in a package of its own; a box that never saw the internet thinks it is older than the key."""
    assert {"rauc", "rauc-service"} <= set(next(layer for layer in layers("debian") if layer.name == "update").packages)
    told = configparser.ConfigParser()
    told.read(LAYERS / "50-update/files/etc/rauc/system.conf")
    assert told["keyring"].getboolean("use-bundle-signing-time")
    assert "GIGBOX_RUN=/run/gigbox" in (LAYERS / "50-update/files/etc/systemd/system/rauc.service.d/gigbox.conf").read_text()     # whose desk is asked
    assert int(told["system"].get("max-bundle-download-size", "1")) > 0       # RAUC reads nothing at all where that is 0


def test_a_stick_is_mounted_where_the_recorder_looks_for_one() -> None:
    rules = (LAYERS / "30-box/files/etc/udev/rules.d/80-gigbox-stick.rules").read_text()
    goals = re.findall(r"\$devnode (/\S+)/%k", rules)
    assert len(goals) == 3
    assert all(f"{goal}/" in STICKS for goal in goals)
    assert all(goal in (LAYERS / "30-box/files/etc/tmpfiles.d/gigbox-stick.conf").read_text() for goal in goals)
    assert rules.count("nosuid,nodev,noexec") == 3


def test_a_box_that_starts_from_a_stick_takes_none_of_its_own_partitions_for_one() -> None:
    rules = (LAYERS / "30-box/files/etc/udev/rules.d/80-gigbox-stick.rules").read_text()
    names = re.search(r'ENV\{ID_PART_ENTRY_NAME\}=="([^"]+)", GOTO="end"', rules)
    kinds = re.search(r'ENV\{ID_PART_ENTRY_TYPE\}=="([^"]+)", GOTO="end"', rules)
    assert names
    assert kinds
    assert set(names[1].split("|")) == {p.label for p in disk.LAYOUT if p.kind in ("esp", "fat")}
    assert kinds[1] == disk.TYPES["data"].lower()
    assert rules.index(names[0]) < rules.index(kinds[0]) < rules.index("systemd-mount")


def test_tracks_are_called_as_people_are_on_any_stick() -> None:
    rules = (LAYERS / "30-box/files/etc/udev/rules.d/80-gigbox-stick.rules").read_text()
    assert re.search(r'"vfat".* -o \S*,utf8 ', rules)
    assert re.search(r'"exfat".* -o \S*,iocharset=utf8 ', rules)


def test_one_start_keeps_one_log_however_long_it_lasts(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    said = tmp_path / "said"
    (tmp_path / "journalctl").write_text(f"#!/bin/sh\ncat {said}\n")
    (tmp_path / "journalctl").chmod(0o755)

    def keep(boot: str, words: str) -> None:
        said.write_text(words)
        env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GIGBOX_KEPT": str(kept), "GIGBOX_BOOT": boot}
        subprocess.run(["sh", LAYERS / "60-hardening/files/usr/lib/gigbox/keep-log"], env=env, check=True)

    for n in range(10):
        keep("first", "fell over\n" * (n + 1))
    keep("quiet", "")
    (kept / "next").write_bytes((kept / "next").read_bytes())
    for _ in range(3):
        keep("second", "and again\n")
    assert {path.name: path.read_text() for path in kept.glob("log-*")} == {"log-0": "fell over\n" * 10, "log-1": "and again\n"}
    (kept / "next").write_bytes(b"\0\0\0")         # as a power cut may leave it
    for boot in "cdefghijk":
        keep(boot, boot)
    assert sorted(path.read_text().strip() for path in kept.glob("log-*")) == list("defghijk")
