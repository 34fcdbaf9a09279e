"""The card boots into a mixer: its units, its page, its doctor, its ports, its fences; the time it takes."""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox import ports
from gigbox.run.programs import programs
from image.checks.conftest import BOOT_S, Note
from image.machine import Machine
from image.tools import run
from tests.web.chrome import Chrome

pytestmark = pytest.mark.soak

PROGRAMS = [program.name for program in programs(None, 80)]
SCORE = 3.0
RATE = 48000
PAGE_S = 600                   # an emulated processor serves it
ALIKE = 2e-5                   # of full scale: two processors round and order sums differently
# systemd's score counts what a unit could do; these are what they are for.
ARGUED = {
    "gigbox-data.service": "mounts and mends a partition",
    "gigbox-network.service": "tells the radio which country's rules hold",
    "gigbox-quiet.service": "sets governors and interrupts",
    "gigbox-card.service": "starts the engine anew",
    "gigbox-confirm.service": "says to RAUC that the slot is good, or starts the machine again",
    "gigbox-keep-log.service": "reads the journal of all",
    "gigbox-reset.service": "empties the data partition",
}
# What no emulated machine has, in the doctor's words.
NOT_HERE = ("card", "sound", "real time", "realtime", "kernel", "clock", "cpu", "governor", "radio", "panel", "load", "cores", "memory", "machine")
# Every port of TCP from the box's other side of the wall: a network namespace with a cable to it. A batch is asked at once, and has 2 s from its last.
SCAN = """
import resource, select, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
found = []
for first in range(1, 65536, 4096):
    asked, poll = {}, select.epoll()
    for port in range(first, min(first + 4096, 65536)):
        line = socket.socket()
        line.setblocking(False)
        line.connect_ex(("10.99.0.1", port))
        asked[line.fileno()] = (line, port)
        poll.register(line, select.EPOLLOUT)
    while answers := poll.poll(2.0, 4096):
        for number, what in answers:
            line, port = asked.pop(number)
            poll.unregister(line)
            if not what & (select.EPOLLERR | select.EPOLLHUP):
                found.append(port)
            line.close()
    for line, _ in asked.values():
        line.close()
print(*sorted(found))
"""


@pytest.fixture(scope="module")
def settled(box: Machine) -> Machine:
    """All that systemd had to start is started."""
    box.until(lambda: box.says("systemctl", "list-jobs", "--no-legend").strip() == "", BOOT_S, "the end of the start")
    return box


def test_the_page_answers_and_every_program_runs(box: Machine, settled: Machine, note: Note, out: Path) -> None:
    assert box.page_answers()
    (out / "console.log").write_text(box.console.read_text(errors="replace"))
    for program in PROGRAMS:
        assert box.says("systemctl", "is-active", f"gigbox-{program}.service").strip() == "active", program
    (out / "failed.txt").write_text(box.says("systemctl", "list-units", "--failed", "--no-legend", "--plain"))
    assert (out / "failed.txt").read_text() == ""


def test_the_time_line_is_kept(settled: Machine, note: Note, out: Path) -> None:
    for name, words in {"time": ("time",), "blame": ("blame", "--no-pager"), "critical-chain": ("critical-chain", "--no-pager"), "plot": ("plot",)}.items():
        (out / f"{name}.{'svg' if name == 'plot' else 'txt'}").write_text(settled.says("systemd-analyze", *words, timeout=300))
    begun = re.findall(r"^gigbox-(engine|web)\.service\s+(\d+)", _started(settled), re.MULTILINE)
    kernel = float(settled.says("sh", "-c", "systemctl show -P UserspaceTimestampMonotonic").strip() or 0) / 1e6
    note("kernel and first stage, emulated", kernel, "s", "told")
    for unit, at in begun:
        note(f"power to {unit}, emulated, without the firmware", int(at) / 1e6, "s", "10 to sound, 15 to the page on a Pi 5")


def _started(box: Machine) -> str:
    return "".join(f"gigbox-{unit}.service {box.says('systemctl', 'show', '-P', 'ActiveEnterTimestampMonotonic', f'gigbox-{unit}.service')}"
                   for unit in ("engine", "web"))


def test_the_doctor_finds_nothing_but_what_this_machine_cannot_have(settled: Machine, out: Path) -> None:
    findings = json.loads(settled.says("sh", "-c", "gigbox doctor --json || true", timeout=300))
    (out / "doctor.json").write_text(json.dumps(findings, indent=1) + "\n")
    faults = [f for f in findings if f["state"] == "fault"]
    assert [f for f in faults if not any(word in str(f).lower() for word in NOT_HERE)] == []


def test_a_phone_comes_in_and_its_page_is_kept(settled: Machine, out: Path, tmp_path: Path) -> None:
    link = settled.says("sh", "-c", "cd / && setpriv --reuid gigbox --regid gigbox --clear-groups gigbox pair engineer").split()
    key = next(word.partition("#")[2] for word in link if "/pair#" in word)
    phone = Chrome(tmp_path)
    try:
        phone.open(f"http://127.0.0.1:{settled.page}/pair#{key}")
        phone.until("document.querySelectorAll('.strip').length >= 8", PAGE_S)
        phone.picture(out / "page.png")
        assert phone.faults == []
    finally:
        phone.close()


def test_sound_comes_and_goes_on(settled: Machine, note: Note) -> None:
    frames = [int(settled.says("python3", "-c", "from gigbox.rack import Rack; from pathlib import Path; print(Rack(Path('/run/gigbox/rack')).frames)"))
              for _ in range(2)]
    assert frames[1] > frames[0] > 0


def test_a_second_of_sound_is_that_of_this_machine(settled: Machine, tmp_path: Path, note: Note) -> None:
    song, words = tmp_path / "song", ("--seconds", "1", "--roles", "named")
    song.mkdir()
    for seed, name in enumerate(("Kick", "Bass", "Keys", "Anna vox")):
        soundfile.write(song / f"{seed + 1:02d} {name}.wav", 0.1 * np.random.default_rng(seed).standard_normal(RATE), RATE, subtype="PCM_24")
    run("tar", "-C", tmp_path, "-cf", tmp_path / "song.tar", "song")
    run(sys.executable, "-m", "gigbox.cli", "render", song, "-o", tmp_path / "here", *words)
    settled.give(tmp_path / "song.tar", "/tmp/song.tar")
    settled.says("sh", "-c", f"cd /tmp && tar xf song.tar && gigbox render song -o there {' '.join(words)}", timeout=BOOT_S)
    (tmp_path / "there.flac").write_bytes(base64.b64decode(settled.says("base64", "/tmp/there/mix.flac")))
    here, there = (soundfile.read(path)[0] for path in (tmp_path / "here/mix.flac", tmp_path / "there.flac"))
    assert here.shape == there.shape
    note("a second of sound, here and there", float(np.abs(here - there).max()), "of full scale", f"at most {ALIKE}")
    assert np.abs(here).max() > 0.01
    assert np.abs(here - there).max() <= ALIKE


def test_every_unit_is_fenced_in(settled: Machine, out: Path, note: Note) -> None:
    rows = json.loads(settled.says("systemd-analyze", "security", "--no-pager", "--json=short", timeout=300))
    (out / "security.json").write_text(json.dumps(rows, indent=1) + "\n")
    ours = {row["unit"]: float(row["exposure"]) for row in rows if row["unit"].startswith("gigbox-")}
    for unit, score in ours.items():
        note(unit, score, "", f"at most {SCORE}" + (f"; it {ARGUED[unit]}" if unit in ARGUED else ""))
    assert {unit: score for unit, score in ours.items() if score > SCORE and unit not in ARGUED} == {}


def test_nobody_is_let_in_but_who_is_meant(settled: Machine, out: Path, note: Note) -> None:
    for line in ("ip netns add outside", "ip link add cable type veth peer name far netns outside", "ip addr add 10.99.0.1/24 dev cable",
                 "ip link set cable up", "ip -n outside addr add 10.99.0.2/24 dev far", "ip -n outside link set far up"):
        settled.says(*line.split())
    found = settled.says("ip", "netns", "exec", "outside", "python3", "-c", SCAN, timeout=BOOT_S).split()
    (out / "ports.txt").write_text(" ".join(found) + "\n" + settled.says("ss", "-lntup") + settled.says("nft", "list", "ruleset"))
    note("open ports of TCP", len(found), "", "80, 8080 and 22 with a key")
    meant = {each.port for each in ports.TABLE if each.kind == "tcp"} - {53}      # names are the hotspot's, and there is none here
    assert {int(port) for port in found} == meant
