"""Whatever a command's output goes to, and whatever letters and names there are: what it has to say is said as well as can be, and no traceback is."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from engine.sounds import tone
from PIL import Image

from gigbox import streams

EACH = "import sys; from gigbox.cli import main; sys.exit(max(main(line.split(' ')) for line in sys.argv[1:]))"
ODD = os.fsdecode(b"f\xf6lder")
NAME = "\u0141ukasz \U0001f3a4"
# Of locales, terminals and homes; None: not there.
WORLDS: list[dict[str, str | None]] = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},       # as a locale that is not UTF-8
    {"PYTHONIOENCODING": "latin-1", "TMPDIR": "/nowhere"},
    {"HOME": None, "TERM": None, "LANG": None, "PATH": None, "XDG_STATE_HOME": "relative"}]


@pytest.fixture
def songs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`named`: a manifest and a file with names that no old locale has; and a folder and a file whose names are not UTF-8."""
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    raw = io.BytesIO()
    soundfile.write(raw, tone(440, 0.5), 48000, format="WAV")
    for folder, file in ((b"named", "\u0141.wav".encode()), (b"f\xf6lder", b"caf\xe9.wav")):
        path = os.path.join(os.fsencode(tmp_path), folder)
        os.mkdir(path)
        with open(os.path.join(path, file), "wb") as sound:
            sound.write(raw.getvalue())
    (tmp_path / "named/song.toml").write_text(f'title = "{NAME}"\n[[channel]]\nfile = "\u0141.wav"\nname = "{NAME}"\nrole = "keys"\n', "utf-8")
    return tmp_path


def ran(world: dict[str, str | None], cwd: Path, *commands: str) -> tuple[int, bytes, bytes]:
    """One after the other, in one process of that world: the worst exit code, and what was said."""
    environment = {name: value for name, value in {**os.environ, **world}.items() if value is not None}
    done = subprocess.run([sys.executable, "-c", EACH, *commands], cwd=cwd, env=environment, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("world", WORLDS)
def test_names_of_all_letters_and_bytes_go_through_every_command(songs: Path, world: dict[str, str | None]) -> None:
    for song, name in (("named", NAME), (ODD, "caf?")):
        code, out, err = ran(world, songs, f"render {song} -o out --seconds 0.1 --roles 1=keys", f"denoise {song} clean", f"recognise {song}",
                             f"linecheck {song} --seconds 1 --json", "taste")
        assert (code, err) == (0, b"")
        assert json.JSONDecoder().raw_decode(out.decode("latin-1"), out.index(b"{"))[0]["channels"][0]["name"] == name


def test_what_a_terminal_lacks_is_spelled(songs: Path) -> None:
    code, out, _ = ran({"PYTHONIOENCODING": "latin-1"}, songs, "linecheck named --seconds 1")
    assert code == 0
    assert rb"\u0141ukasz \U0001f3a4" in out


def test_a_strict_reader_can_read_what_a_render_of_odd_names_wrote(songs: Path) -> None:
    assert ran({}, songs, f"render {ODD} -o out --seconds 0.1 --roles 1=keys --stems")[0] == 0
    out = songs / "out"
    assert json.loads((out / "report.json").read_bytes().decode())["channels"][0]["file"] == "caf?.wav"
    assert ["strip/1/name", "caf?"] in [[row[2], row[5]] for row in csv.reader((out / "automation.csv").read_text("utf-8").splitlines())]
    assert Image.open(out / "mix.png").size[0] == 1680


def test_json_of_recognise_names_a_path_in_utf_8_with_other_bytes_spelled(songs: Path) -> None:
    for world in WORLDS[:2]:
        code, out, _ = ran(world, songs, f"recognise {ODD} --json", "recognise named --json")
        assert (code, re.findall(rb'"path": "(.*)"', out)) == (0, [rb"f\\xf6lder/caf\\xe9.wav", rb"named/\u0141.wav"])


def test_an_error_is_one_line_whatever_the_name_is(songs: Path) -> None:
    for world in WORLDS:
        code, _, err = ran(world, songs, os.fsdecode(b"recognise a\nb\x1b[31m\xe9"))
        assert code == 2
        assert err.count(b"\n") == 1
        assert b"\x1b" not in err


@pytest.mark.parametrize(("out", "code", "told"), [(">&-", 0, ""), (">/dev/full", 1, "gigbox: standard output: No space left on device\n"), ("", 1, "")])
@pytest.mark.parametrize("command", ["taste", "--help", "linecheck named --seconds 1"])
def test_output_that_cannot_be_written_is_told_by_its_name_or_not_missed(songs: Path, command: str, out: str, code: int, told: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)                # where nothing else is said: a pipe, and its reader has gone
    line = f"exec {sys.executable} -m gigbox.cli {command} {out}"
    done = subprocess.run(["bash", "-c", line], cwd=songs, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=30, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (code, told)


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&- >&- 2>&-"])
def test_nobody_who_hears_the_warnings_is_no_reason_to_fail(songs: Path, closed: str) -> None:
    """And no file takes the place of a closed stream, or the warnings would be written into it."""
    line = f"{sys.executable} -m gigbox.cli render named -o out --seconds 0.2 --roles heard {closed}"
    assert subprocess.run(["bash", "-c", line], cwd=songs, timeout=30, check=False).returncode == 0
    assert (songs / "out/mix.flac").read_bytes()[:4] == b"fLaC"
    assert soundfile.info(songs / "out/mix.flac").frames == 9600


def test_a_line_for_who_waits_behind_a_pipe_is_not_kept_back() -> None:
    """Whatever ends the program next."""
    program = "import os, sys; from gigbox import streams; streams.prepare(); print('told', file=sys.stderr); os._exit(0)"
    world = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    assert subprocess.run([sys.executable, "-c", program], env=world, capture_output=True, timeout=60, check=True).stderr == b"told\n"


@pytest.mark.parametrize("command", ["desk", "brain", "engine --song named", "web --port 0", "run --song named", "linecheck"])
def test_where_no_socket_can_be_every_program_ends_with_one_line(songs: Path, command: str) -> None:
    code, out, err = ran({"GIGBOX_RUN": str(songs / ("x" * 120))}, songs, command)
    assert (code, out, err.count(b"\n")) == (1, b"", 1)
    assert b"bytes with panel.sock, expected 107 at most for a socket; name a folder for rack and socket with GIGBOX_RUN" in err


def test_bytes_of_names_and_letters_that_are_missing_are_spelled_as_people_know_them() -> None:
    streams.prepare()
    assert "caf\udce9 \u0141".encode("ascii", streams.NAMES) == rb"caf\xe9 \u0141"
