"""An open recording: whatever lies under its name, it gives sound in pieces or one line, and holds nobody up."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from gigbox.errors import SongError
from gigbox.recordings.recording import Recording, check

from .headers import AS_16, RATE, SOUND, at_once, heard, refused, wav, written

NAMES = [b"caf\xe9.wav", b"\xff\xfe.wav", "ß☃.wav".encode(), b" .wav", b"new\nline.wav", b"-o.wav", b"%s.wav"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_may_be_any_bytes(tmp_path: Path, name: bytes) -> None:
    assert len(heard(tmp_path, wav(), os.fsdecode(name))[0]) == len(AS_16)


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_is_one_line_whatever_the_name(tmp_path: Path, name: bytes) -> None:
    assert refused(tmp_path, b"text", os.fsdecode(name)).startswith("cannot be read as sound")


def told(path: Path) -> str:
    with pytest.raises(SongError) as error:
        Recording(path)
    return str(error.value).removeprefix(f"{path}: ")


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    with at_once():
        assert told(tmp_path / "a.wav") == "is a pipe, expected a file with sound"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert told(tmp_path) == "is a folder, expected a file with sound"


def test_a_device_is_refused() -> None:
    assert told(Path("/dev/zero")) == "is a device, expected a file with sound"


def test_a_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "a.wav"))
        assert told(tmp_path / "a.wav") == "cannot be read as sound (No such device or address)"


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to("gone.wav")
    assert told(tmp_path / "a.wav") == "cannot be read as sound (No such file or directory)"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to("a.wav")
    assert told(tmp_path / "a.wav") == "cannot be read as sound (Too many levels of symbolic links)"


@pytest.mark.parametrize(("content", "line"), [
    (b"", "is empty, expected sound"),
    (b"\0", "cannot be read as sound (Format not recognised)"),
    (bytes(5000), "cannot be read as sound (Format not recognised)"),
    (b"dear diary\n" * 99, "cannot be read as sound (Format not recognised)"),
    (b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(300), "is what a Mac keeps beside a file, expected the file itself"),
])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes, line: str) -> None:
    assert refused(tmp_path, content) == line


def test_blocks_are_the_whole(tmp_path: Path) -> None:
    sound, _ = heard(tmp_path, written("FLAC", "PCM_24"), "a.flac")
    with Recording(tmp_path / "a.flac") as recording:
        blocks = list(recording.blocks(1000))
    assert [len(block) for block in blocks] == [1000] * 4 + [800]
    np.testing.assert_array_equal(np.concatenate(blocks), sound)


@pytest.mark.parametrize("kind", [("WAV", "PCM_16"), ("WAV", "GSM610"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")])
def test_after_rewinding_it_is_the_same_again(tmp_path: Path, kind: tuple[str, str]) -> None:
    sound, _ = heard(tmp_path, written(*kind))
    with Recording(tmp_path / "a.wav") as recording:
        recording.read(1234)
        recording.rewind()
        np.testing.assert_array_equal(recording.whole(), sound)
        assert len(recording.read(99)) == 0


def test_samples_that_are_no_numbers_are_silence_and_told_once(tmp_path: Path) -> None:
    sound = np.stack([SOUND, SOUND], 1)
    sound[100:3000, 0] = np.nan
    sound[[7, 4000], 1] = np.inf, -np.inf
    (tmp_path / "a.wav").write_bytes(written("WAV", "FLOAT", sound=sound))
    lines = list[str]()
    with Recording(tmp_path / "a.wav", lines.append) as recording:
        got = np.concatenate(list(recording.blocks(500)))
    np.testing.assert_array_equal(got, np.where(np.isfinite(sound), sound, 0).astype(np.float32))
    assert lines == [f"{tmp_path / 'a.wav'}: has samples that are no numbers, silence is in their place"]


def test_a_file_that_shrinks_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav())
    with Recording(path) as recording:
        recording.read(10)
        os.truncate(path, 1000)
        with pytest.raises(SongError, match=r"a\.wav: cannot be decoded \(ends after \d+ of 4800 frames\)"):
            recording.whole()


def test_a_disk_that_fails_while_it_is_read_is_told_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(wav())

    def broken(*_: object) -> int:
        raise OSError(5, "Input/output error")

    with Recording(tmp_path / "a.wav") as recording:
        monkeypatch.setattr(os, "preadv", broken)
        with pytest.raises(SongError, match=r"a\.wav: cannot be decoded \(Input/output error\)"):
            recording.whole()


def test_nothing_stays_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for name, content in (("a.wav", wav()), ("b.wav", b"text"), ("c.wav", wav(size=99999)), ("d.ogg", written("OGG", "VORBIS")), ("e.wav", b"")):
        (tmp_path / name).write_bytes(content)
        with suppress(SongError):
            check(tmp_path / name)
    told(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_check_tells_sides_seconds_and_notes(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(size=0))
    sides, seconds, notes = check(tmp_path / "a.wav")
    assert (sides, seconds) == (1, len(AS_16) / RATE)
    assert notes == (f"{tmp_path / 'a.wav'}: its header does not say how long it is (written to a pipe, or by what crashed?), all sound in it is taken",)
