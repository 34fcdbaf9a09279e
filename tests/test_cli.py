"""The commands as people type them: help teaches, errors are one line that names the thing, and exit codes say whose fault it was."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox import places

RATE = 48000
COMMANDS = ("run", "render", "denoise", "recognise", "linecheck", "taste", "bench", "engine", "desk", "brain", "ideas", "web", "panel")


def gigbox(*arguments: object, cwd: Path | None = None, most_bytes: int | None = None, seconds: float = 30) -> subprocess.CompletedProcess[str]:
    """Run a command; `most_bytes`: no file may grow beyond, as on a full disk."""
    limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))) if most_bytes else None
    return subprocess.run([sys.executable, "-m", "gigbox.cli", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=seconds,
                          preexec_fn=limit, env=os.environ | {"COLUMNS": "200"})


def refused(code: int, *arguments: object, cwd: Path | None = None, most_bytes: int | None = None) -> str:
    """The one line that a command ended with."""
    done = gigbox(*arguments, cwd=cwd, most_bytes=most_bytes)
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.stderr
    assert done.stderr.startswith("gigbox")
    return done.stderr.strip()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    folder = tmp_path / "song"
    folder.mkdir()
    soundfile.write(folder / "1.wav", 0.2 * np.sin(np.arange(2 * RATE) * 0.06), RATE)
    soundfile.write(folder / "2.flac", np.random.default_rng(1).normal(0, 0.1, 2 * RATE), RATE, "PCM_24")
    return folder


@pytest.fixture
def quiet_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        yield other.getsockname()[1]


def test_help_lists_every_command_and_says_what_to_try_first() -> None:
    text = gigbox("--help").stdout
    assert all(re.search(f"^    {command}\\s", text, re.MULTILINE) for command in COMMANDS)
    assert "gigbox run" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_says_what_it_does_with_every_default(command: str) -> None:
    done = gigbox(command, "--help")
    assert done.returncode == 0
    options = [line for line in done.stdout.replace("\n" + " " * 20, " ").splitlines() if line.strip().startswith("-") and "--help" not in line]
    given = ("--out", "--roles", "--stems", "--job", "--raw")      # needed, or off unless given
    assert all("default" in line or any(name in line for name in given) for line in options), options
    assert len(done.stdout) > 120


@pytest.mark.parametrize(("command", "example"), [("render", "gigbox render demo/gig -o out"), ("denoise", "gigbox denoise talk.wav clean.wav"),
                                                    ("linecheck", "gigbox linecheck demo/gig"), ("recognise", "gigbox recognise demo/gig")])
def test_help_of_what_needs_arguments_has_an_example(command: str, example: str) -> None:
    assert example in gigbox(command, "--help").stdout


def test_commands_have_one_thread_of_blas() -> None:
    """It is too late for that where numpy is loaded already."""
    asked = "import os, sys; from gigbox.cli import main; early = 'numpy' not in sys.modules; main(['--help'])"
    told = "import atexit; atexit.register(lambda: print(early, os.environ['OPENBLAS_NUM_THREADS'])); "
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", told + asked], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "True 1"


def test_the_version_is_told() -> None:
    assert gigbox("--version").stdout.startswith("gigbox 0.")


def test_render_and_denoise_end_with_0_and_say_nothing(song: Path, tmp_path: Path) -> None:
    done = gigbox("render", song, "-o", tmp_path / "out", "--roles", "1=bass,2=keys", "--seconds", 1)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = gigbox("denoise", song / "1.wav", tmp_path / "clean.wav")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_song_without_roles_is_rendered_with_a_hint(song: Path, tmp_path: Path) -> None:
    done = gigbox("render", song, "-o", tmp_path / "out", "--seconds", 1)
    assert done.returncode == 0
    assert "no channel has a role" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("arguments", "told"), [
    ((), "gigbox: the following arguments are required: COMMAND (see gigbox --help)"),
    (("mix",), "invalid choice: 'mix' (choose from"),
    (("render", "SONG"), "gigbox render: the following arguments are required: -o/--out (see gigbox render --help)"),
    (("render", "SONG", "-o", "OUT", "--depth", "400"), "gigbox: --depth: 400 % is above 100 %"),
    (("render", "SONG", "-o", "OUT", "--depth", "-1"), "gigbox: --depth: -1 % is below 0 %"),
    (("render", "SONG", "-o", "OUT", "--depth", "nan"), "gigbox: --depth: nan is not a number"),
    (("render", "SONG", "-o", "OUT", "--depth", "much"), "--depth: invalid float value: 'much'"),
    (("render", "SONG", "-o", "OUT", "--mode", "party"), "--mode: invalid choice: 'party'"),
    (("render", "SONG", "-o", "OUT", "--denoise", "ai"), "--denoise: invalid choice: 'ai'"),
    (("render", "SONG", "-o", "OUT", "--lookahead", "64"), "--lookahead: invalid choice: 64"),
    (("render", "SONG", "-o", "OUT", "--seconds", "0"), "gigbox: --seconds: 0 is not between 0 and 86400"),
    (("render", "SONG", "-o", "OUT", "--seconds", "nan"), "gigbox: --seconds: nan is not between 0 and 86400"),
    (("render", "SONG", "-o", "OUT", "--seconds", "inf"), "gigbox: --seconds: inf is not between 0 and 86400"),
    (("render", "SONG", "-o", "OUT", "--roles", "1=drumkit"), "gigbox: --roles: role 'drumkit' is unknown, expected one of unused, lead_vocal"),
    (("render", "SONG", "-o", "OUT", "--roles", "3=kick"), "gigbox: --roles: channel 3 does not exist, the song has 2"),
    (("render", "nowhere", "-o", "OUT"), "gigbox: nowhere: no such folder, expected one with recordings"),
    (("render", "SONG/1.wav", "-o", "OUT"), "1.wav: is no folder, expected one with recordings"),
    (("render", "SONG", "-o", "SONG/1.wav"), "1.wav: is a file, expected a folder to write into"),
    (("denoise", "nowhere.wav", "OUT.wav"), "gigbox: nowhere.wav: no such file or folder, expected a recording or a folder of them"),
    (("denoise", "SONG/1.wav", "OUT.mp3"), "OUT.mp3: '.mp3' is not one of .wav, .flac, .ogg"),
    (("denoise", "SONG/1.wav", "OUT.wav", "--floor-db", "99"), "gigbox: --floor-db: 99 dB is above 24 dB"),
    (("render", "SONG", "-o", "OUT", "--roles", "9" * 5000 + "=kick"), "gigbox: --roles: '9999"),
    (("render", "SONG", "-o", "SONG/../SONG"), "song: is the song itself, whose recordings a mix.flac would join, expected another folder"),
    (("denoise", "SONG/1.wav", "SONG"), "song/1.wav: would be written over itself, expected another folder, or a file by its name"),
    (("render", "SONG", "-o", ""), "gigbox render: argument -o/--out: '' is no name, expected one of a file or folder"),
    (("units", ""), "argument DIR: '' is no name, expected one of a file or folder"),
    (("render", "SONG", "-o", "OUT", "--roles", "1=kick,1=snare"), "gigbox: --roles: channel 1 is said twice, expected one role for each"),
    (("denoise", "SONG", "SONG/../SONG"), "song: holds the recordings themselves, expected another folder"),
    (("ideas", "--song", "SONG", "--midi", "SONG/1.wav"), "song/1.wav: is called as a recording is, expected another name"),
    (("ideas", "--song", "SONG", "--midi", "x", "--chordpro", "x"), "gigbox: x: is for --chordpro and for --midi, expected a file for each"),
    (("people", "--role", "guest"), "gigbox: people: --role, --monitor and --strips go with --approve, expected the ID of one who waits"),
    (("taste", "--import", "/dev/zero"), "gigbox: /dev/zero: more than 1000000 bytes, expected a text that a person wrote"),
    (("bench", "--job", "/dev/zero", "--raw", "y.raw"), "more than 1000000 bytes, expected a text that a person wrote"),
    (("ideas", "--song", "SONG", "--chordpro", "."), "gigbox: .: is a folder, expected a file to write"),
    (("ideas", "--song", "SONG", "--chordpro", "/proc/self/fd/1"), "gigbox: /proc/self/fd/1: is no file, expected a file to write"),
    (("ideas", "--song", "SONG", "--midi", "none/x.mid"), "gigbox: none/x.mid: is in no folder that there is, expected a file to write"),
    (("units", "--port", "99999"), "gigbox: --port: 99999 is not in 1..65535"),
    (("units", "--cores", "-1"), "gigbox: --cores: -1 is not in 1..1024"),
    (("units", "--period", "77"), "gigbox: --period: 77 is not one of 32, 64, 128"),
    (("units", "--user", "a\nExecStart=b"), "gigbox: --user: 'a\\nExecStart=b' is no name of a user"),
    (("linecheck", "nowhere"), "gigbox: nowhere: no such folder, expected one with recordings"),
    (("linecheck", "SONG", "--seconds", "61"), "gigbox: --seconds: 61 s is above 60 s"),
    (("linecheck", "SONG", "--seconds", "0"), "gigbox: --seconds: 0 s is below 1 s"),
    (("linecheck", "SONG", "--at", "2"), "gigbox: --at: 2 s is not in the song, expected 0 to 2.0"),
    (("linecheck", "SONG", "--at", "nan"), "gigbox: --at: nan s is not in the song, expected 0 to 2.0"),
    (("linecheck", "SONG", "--roles", "3=kick"), "gigbox: --roles: channel 3 does not exist, the song has 2"),
    (("linecheck", "--at", "2"), "gigbox: linecheck: --at and --roles need a SONG_DIR"),
    (("recognise", "nowhere.wav"), "gigbox: nowhere.wav: no such file or folder, expected a recording or a folder of them"),
    (("recognise", "SONG/1.wav", "--model", "denoise"), "denoise.tflite: no input 'level', expected x, level (it has fine, h1, h2, x)"),
    (("recognise", "SONG/1.wav", "--model", "gone"), "gigbox: gone: no such model, expected a .tflite file or one of: "),
    (("bench", "--job", "x.json"), "gigbox: bench: --job and --raw go together"),
    (("bench", "--job", "x.json", "--raw", "y.raw"), "gigbox: x.json: cannot be read (No such file or directory)"),
    (("bench", "--job", "x.json", "--raw", "y.raw", "--channels", "33"), "gigbox: --channels: 33 is not in 1..32"),
    (("engine", "--song", "SONG", "--period", "50"), "gigbox: --period: 50 is not one of 32, 64, 128"),
    (("run", "--song", "SONG", "--period", "50"), "gigbox: --period: 50 is not one of 32, 64, 128"),
    (("run", "--song", "SONG", "--port", "0"), "gigbox: --port: 0 is not in 1..65535"),
    (("run", "--song", "nowhere"), "gigbox: nowhere: no such folder"),
    (("web", "--port", "70000"), "gigbox: --port: 70000 is not in 0..65535"),
])
def test_what_cannot_be_done_is_one_line_and_exit_code_2(song: Path, quiet_box: Path, arguments: tuple[str, ...], told: str) -> None:
    before = sorted(quiet_box.rglob("*"))
    message = refused(2, *(a.replace("SONG", "song") for a in arguments), cwd=quiet_box)
    assert told in message
    left = [p for p in sorted(quiet_box.rglob("*")) if p not in before and p.relative_to(quiet_box).parts[0] not in ("run", "state")]
    assert left == []


@pytest.mark.parametrize(("program", "instead"), [("engine", ""), ("brain", ""), ("tape", "; what it recorded: gigbox tape list"),
                                                  ("ideas", "; what it hears: gigbox ideas --json")])
def test_a_second_program_beside_a_box_is_refused(quiet_box: Path, program: str, instead: str) -> None:
    """Two brains would pull at one fader, two recorders take one take twice, and a notebook that ends would take the other's with it."""
    rack = places.rack_path()
    handle = places.only_one(rack.with_name({"engine": "rack"}.get(program, program) + ".lock"), "test")
    try:
        assert refused(1, program) == f"gigbox: {program}: already running on {rack}{instead}"
    finally:
        os.close(handle)


def test_ctrl_c_while_it_is_still_loading_is_no_traceback() -> None:
    code = ("import sys\nclass Pressed:\n    def find_spec(self, name, *_):\n        if name == 'gigbox.params': raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Pressed())\nfrom gigbox.cli import main\nsys.exit(main(['models']))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_password_that_nobody_types_is_one_line(quiet_box: Path) -> None:
    """As from a script; one that knows it writes it into the pipe."""
    command = [sys.executable, "-m", "gigbox.cli", "network", "--join", "Bar"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert done.stderr == "gigbox: --join: no password of 'Bar' was typed, expected one, or an empty line for an open network\n"
    done = subprocess.run(command, input="geheim123\n", capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    for closed in ("network --country DE", "network --join Bar", "reset"):
        done = subprocess.run(f"exec {sys.executable} -m gigbox.cli {closed} <&-", shell=True, capture_output=True, text=True, timeout=30)
        assert "Traceback" not in done.stderr


def _cut(file: Path, name: str, subtype: str) -> None:
    soundfile.write(file.with_name(name), np.random.default_rng(2).normal(0, 0.1, RATE), RATE, subtype)
    whole = file.with_name(name).read_bytes()
    file.with_name(name).write_bytes(whole[: len(whole) // 2])


BROKEN = {
    "text.wav": lambda f: f.write_text("dear diary\n" * 99), "empty.flac": lambda f: f.touch(), "cut.wav": lambda f: _cut(f, "cut.wav", "PCM_16"),
    "cut.flac": lambda f: _cut(f, "cut.flac", "PCM_24"), "cut.ogg": lambda f: _cut(f, "cut.ogg", "VORBIS"),
    "five.wav": lambda f: soundfile.write(f, np.zeros((99, 5)), RATE), "slow.wav": lambda f: soundfile.write(f, np.zeros(99), 4000),
    "song.toml": lambda f: f.write_text("[[channel]"),
}


@pytest.mark.parametrize(("command", "name"), [*(("render", n) for n in BROKEN),
                                               *((c, n) for c in ("denoise", "recognise") for n in BROKEN if n != "song.toml")])
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(song: Path, command: str, name: str) -> None:
    BROKEN[name](song / name)
    out = song.parent / "a/out"
    message = refused(2, command, song, *{"render": ["-o", out], "denoise": [out]}.get(command, []))
    assert message.startswith(f"gigbox: {song / name}: ")
    assert [p.name for p in song.parent.iterdir()] == ["song"]


@pytest.mark.parametrize(("command", "more"), [("render", ["-o", "OUT", "--seconds", "0.5", "--roles", "1=bass"]), ("denoise", ["OUT", "--denoise", "off"]),
                                               ("recognise", []), ("linecheck", ["--seconds", "1", "--json", "--roles", "1=bass"])])
def test_what_other_systems_leave_on_a_stick_is_played(tmp_path: Path, command: str, more: list[str]) -> None:
    """A folder and a file whose names are no UTF-8, what a Mac keeps beside, sound from a pipe, 24 bits in 32."""
    folder = tmp_path / os.fsdecode(b"f\xf6lder")
    folder.mkdir()
    tone = 0.2 * np.sin(np.arange(RATE) * 0.06)
    soundfile.write(os.fsencode(folder / os.fsdecode(b"10-caf\xe9.wav")), tone, RATE)
    soundfile.write(os.fsencode(folder / "2.wav"), tone, RATE, "PCM_32")
    piped, wide = bytearray((folder / os.fsdecode(b"10-caf\xe9.wav")).read_bytes()), bytearray((folder / "2.wav").read_bytes())
    piped[40:44] = b"\0\xf0\xff\x7f"
    wide[34:36], wide[44::4] = b"\x18\0", bytes(len(wide[44::4]))
    (folder / os.fsdecode(b"10-caf\xe9.wav")).write_bytes(piped)
    (folder / "2.wav").write_bytes(wide)
    (folder / "._2.wav").write_bytes(b"\0\5\x16\7" + bytes(300))
    done = gigbox(command, folder, *(arg.replace("OUT", f"{folder}-out") for arg in more))
    assert done.returncode == 0, done.stderr
    assert done.stderr == (f"gigbox: {tmp_path}/f?lder/10-caf?.wav: its header does not say how long it is (written to a pipe, or by what crashed?), "
                           "all sound in it is taken\n")


def test_the_33rd_channel_is_named(song: Path) -> None:
    for n in range(3, 34):
        soundfile.write(song / f"{n:02d}.wav", np.zeros(64), RATE)
    assert "expected at most 32" in refused(2, "render", song, "-o", song.parent / "out")


@pytest.mark.parametrize("stems", [[], ["--stems"]])
def test_a_full_disk_is_the_machines_fault_and_leaves_nothing(song: Path, stems: list[str]) -> None:
    message = refused(1, "render", song, "-o", song.parent / "a/out", "--roles", "1=bass", *stems, most_bytes=100_000)
    assert message == f"gigbox: {song.parent / 'a/out/mix.flac'}: cannot be written (the disk is full?)"
    assert [p.name for p in song.parent.iterdir()] == ["song"]


def test_a_full_disk_keeps_what_was_rendered_before(song: Path) -> None:
    out = song.parent / "out"
    assert gigbox("render", song, "-o", out, "--roles", "1=bass", "--stems").returncode == 0
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    refused(1, "render", song, "-o", out, "--roles", "1=kick", "--stems", most_bytes=100_000)
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("name", ["out.wav", "out.flac", "out.ogg"])
def test_a_full_disk_leaves_nothing_of_a_denoised_file(song: Path, name: str) -> None:
    soundfile.write(song / "long.flac", np.random.default_rng(1).normal(0, 0.1, 8 * RATE), RATE)
    message = refused(1, "denoise", song / "long.flac", song.parent / name, "--denoise", "off", most_bytes=20_000)
    assert message == f"gigbox: {song.parent / name}: cannot be written (the disk is full?)"
    assert [p.name for p in song.parent.iterdir()] == ["song"]


def test_a_full_disk_leaves_nothing_of_a_denoised_folder(song: Path) -> None:
    message = refused(1, "denoise", song, song.parent / "out", most_bytes=20_000)
    assert "cannot be written" in message
    assert [p.name for p in song.parent.iterdir()] == ["song"]


@pytest.mark.parametrize("out", ["/proc/gigbox", "song/1.wav/out"])
def test_a_place_that_cannot_be_written_is_named(song: Path, out: str) -> None:
    message = refused(1, "render", "song", "-o", out, "--roles", "1=bass", cwd=song.parent)
    assert message.startswith(f"gigbox: {out}: cannot be written (")


@pytest.mark.parametrize("command", ["run", "web"])
def test_an_occupied_port_is_the_machines_fault(song: Path, quiet_box: Path, taken_port: int, command: str) -> None:
    message = refused(1, command, "--port", taken_port, *(["--song", song] if command == "run" else []))
    assert f"port {taken_port}" in message


def test_a_runtime_folder_that_cannot_be_made_is_one_line(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIGBOX_RUN", "/proc/nowhere")
    assert "/proc/nowhere" in refused(1, "engine", "--song", song)


def test_the_standard_job_writes_its_four_outputs_and_says_what_it_cost(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text('''{"hpf_hz": 80, "gate": {"threshold_db": -50, "attack_ms": 1, "hold_ms": 50, "release_ms": 100},
        "comp": {"threshold_db": -18, "ratio": 3, "attack_ms": 10, "release_ms": 100, "makeup_db": 2}, "limiter": {"ceiling_db": -1, "release_ms": 50},
        "eq": [[100, 2, 1]], "master_eq": [[8000, 1, 0.7]], "fader_db": -10, "aux_db": [-12, -18]}''')
    np.random.default_rng(1).normal(0, 0.1, (RATE, 3)).astype(np.float32).tofile(tmp_path / "in.raw")
    line = ("bench", "--job", tmp_path / "job.json", "--raw", tmp_path / "in.raw", "--channels")
    done = gigbox(*line, 3, "-o", tmp_path / "out.raw")
    assert done.returncode == 0
    assert done.stderr.startswith("ENGINE cpu=")
    assert (tmp_path / "out.raw").stat().st_size == RATE * 4 * 4
    assert "in.raw: 144000 samples, expected a multiple of 7 channels" in refused(2, *line, 7)
    done = gigbox(*line, 3, "-o", tmp_path / "no/out.raw")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("out.raw: cannot be written (No such file or directory)")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_render_that_is_stopped_leaves_nothing(song: Path, number: int) -> None:
    command = [sys.executable, "-m", "gigbox.cli", "render", str(song), "-o", str(song.parent / "out"), "--seconds", "80000", "--roles", "1=bass"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while len(list(song.parent.glob(".out.*/mix.flac"))) == 0 and process.poll() is None:
        os.sched_yield()
    process.send_signal(number)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert "Traceback" not in told
    assert [p.name for p in song.parent.iterdir()] == ["song"]


def test_a_machine_that_refuses_threads_is_told_in_one_line(quiet_box: Path) -> None:
    source = ("import sys, threading\nfrom gigbox.cli import main\n"
              "def refuse(_): raise RuntimeError(\"can't start new thread\")\nthreading.Thread.start = refuse\nsys.exit(main(['brain']))")
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (1, "gigbox: the machine: can't start new thread, expected room for one\n")
