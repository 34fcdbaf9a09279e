"""The units of systemd, written from the one description of the programs. `gigbox units` prints them, or writes them into a folder."""

from __future__ import annotations

import grp
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from gigbox import places
from gigbox.errors import MachineError
from gigbox.files import write_whole
from gigbox.run.programs import Program, cores

TARGET = "gigbox.target"
SOUND = {"SupplementaryGroups": "audio", "DevicePolicy": "closed", "DeviceAllow": "char-alsa rw"}
WIRES = {"DevicePolicy": "closed", "DeviceAllow": "char-gpiochip rw\nDeviceAllow=char-i2c rw\nDeviceAllow=char-spidev rw\nDeviceAllow=char-input r"}
STICKS = "-/media -/run/media -/mnt"
GROUPS = ("gpio", "i2c", "spi", "input")     # of Raspberry Pi OS; a unit with a group that its machine has not does not start
FENCES = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "read-only", "PrivateTmp": "yes", "ProtectKernelTunables": "yes",
          "ProtectKernelModules": "yes", "ProtectKernelLogs": "yes", "ProtectControlGroups": "yes", "ProtectClock": "yes", "ProtectHostname": "yes",
          "RestrictNamespaces": "yes", "RestrictSUIDSGID": "yes", "LockPersonality": "yes", "SystemCallArchitectures": "native",
          "CapabilityBoundingSet": "", "AmbientCapabilities": "", "UMask": "0077", "SystemCallFilter": "@system-service",
          "SystemCallErrorNumber": "EPERM", "RemoveIPC": "yes"}


def units(programs: Sequence[Program], user: str = "", python: str = sys.executable, count: int | None = None) -> dict[str, str]:
    """Every file by name. `count`: processors of the machine."""
    user, count = user or places.user_name(), count or os.cpu_count() or 1
    files = {f"gigbox-{p.name}.service": _service(p, programs[0], user, python, count) for p in programs}
    wants = " ".join(files)
    return {**files, TARGET: _ini({"Unit": {"Description": "gigbox, the mixing box", "Wants": wants}, "Install": {"WantedBy": "multi-user.target"}})}


def write(folder: Path, files: dict[str, str]) -> None:
    try:
        for name, text in files.items():
            write_whole(folder / name, text.encode())
    except OSError as e:
        raise MachineError(f"{folder}: {e.strerror}, expected a folder that can be written; as root: /etc/systemd/system") from None


def _service(p: Program, first: Program, user: str, python: str, count: int) -> str:
    unit = {"Description": f"gigbox {p.name}: {p.about}", "PartOf": TARGET, "StartLimitIntervalSec": "0",
            **({"After": "sound.target local-fs.target", "Wants": "sound.target"} if p is first else {"After": f"gigbox-{first.name}.service"})}
    run, state = places.SERVICES
    service = {"Type": "notify", "NotifyAccess": "main", "User": user, "ExecStart": shlex.join([python, "-m", "gigbox.cli", *p.arguments]),
               "Environment": f"GIGBOX_RUN={run} GIGBOX_STATE={state}", "RuntimeDirectory": run.name, "RuntimeDirectoryMode": "0700",
               "RuntimeDirectoryPreserve": "yes", "StateDirectory": state.name, "StateDirectoryMode": "0700",
               "Restart": "always", "RestartSec": f"{p.again_s:g}", "TimeoutStartSec": f"{p.start_s:g}", "WatchdogSec": f"{p.still_s:g}",
               "WatchdogSignal": "SIGKILL", "TimeoutStopSec": "3", "KillMode": "mixed",
               **_favours(p, count), **_needs(p), **FENCES}
    return _ini({"Unit": unit, "Service": service})


def _favours(p: Program, count: int) -> dict[str, str]:
    """The thread that needs it asks for SCHED_FIFO itself, so that nothing else of the program has it."""
    return {**({"LimitRTPRIO": str(p.priority)} if p.priority else {"RestrictRealtime": "yes"}), **({"LimitMEMLOCK": "infinity"} if p.locked else {}),
            "CPUAffinity": " ".join(map(str, sorted(cores(p, count)))), "OOMScoreAdjust": "-900" if p.sound else "0"}


def _needs(p: Program) -> dict[str, str]:
    groups = " ".join(name for name in GROUPS if any(name == each.gr_name for each in grp.getgrall()))
    devices = SOUND if p.sound or p.midi else {**({"SupplementaryGroups": groups} if groups else {}), **WIRES} if p.wires else {"PrivateDevices": "yes"}
    sticks = {"ReadWritePaths": STICKS} if p.sticks else {}
    network = {"RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6"} if p.network else {"RestrictAddressFamilies": "AF_UNIX", "PrivateNetwork": "yes"}
    return {**devices, **sticks, **network}


def _ini(sections: dict[str, dict[str, str]]) -> str:
    return "\n".join(f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in rows.items()) for name, rows in sections.items())
