"""What is recorded outlasts a kill, a power cut and a full disk: heads never promise what is not safe, and what was broken off is made whole."""

from __future__ import annotations

import errno
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from gigbox.desk import plain_json
from gigbox.engine.song import Song
from gigbox.errors import MachineError
from gigbox.takes import wave_head
from gigbox.takes.patience import Patience
from gigbox.takes.shelf import Place, Shelf
from gigbox.takes.take import GROWS, MIX, Track, is_held, open_take, repair, write_song
from gigbox.tape import run as running
from gigbox.tape import tracks
from gigbox.tape.program import Program, mended
from gigbox.tape.session import SYNC_S, Session
from gigbox.tape.tracks import Tracks
from gigbox.texts import printable
from tests.tape.stage import at, sound, until
from tests.tape.test_takes_are_exact import RATE, Recording, track

CAST = [Track("01 Kick.wav", "Kick", "kick"), Track("02 Anna.wav", 'Anna "A"', "lead_vocal"), Track("03.wav")]


def session(folder: Path) -> Session:
    return Session(Place(folder), "Blue", lambda: CAST)


def test_a_head_promises_only_what_outlasts_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safe: dict[int, int] = {}
    sync = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda file: (safe.update({os.fstat(file).st_ino: os.fstat(file).st_size}), sync(file)))
    files = Tracks(tmp_path, ["1.wav", "2.wav"])
    for n in range(5):
        files.write(n * 4800, sound(4800, 4))
        if n % 2:
            files.sync()
        for name in ("1.wav", "2.wav", MIX):
            channels, frames = wave_head.told(tmp_path / name)
            assert wave_head.BYTES + frames * channels * 3 <= safe[(tmp_path / name).stat().st_ino]
            assert frames == (n + 1) // 2 * 2 * 4800
    files.close()


def test_heads_are_brought_up_to_date_twice_a_second(tmp_path: Path) -> None:
    assert SYNC_S <= 0.5
    made = session(tmp_path)
    made.write(0, sound(4800, 5), 0)
    until(lambda: wave_head.told(made.folder / MIX)[1] == 4800)
    made.close()


def broken(folder: Path, *sizes: int) -> Path:
    """A take as a power cut leaves it: files of so many frames, whose heads own to fewer."""
    take = folder / "take"
    take.mkdir(parents=True)
    (take / GROWS).touch()
    for name, frames in zip(("01 Kick.wav", "02 Anna.wav", MIX), sizes, strict=True):
        channels = 2 if name == MIX else 1
        (take / name).write_bytes(wave_head.head(channels, 10) + b"\1\0\0" * (channels * frames))
    write_song(take, CAST[:2], 5.0, 0, [])
    return take


def test_what_was_broken_off_is_whole_at_the_next_start(tmp_path: Path) -> None:
    take = broken(tmp_path, 4001, 4800, 4400)
    assert mended(Place(tmp_path)) == ["take: was broken off, is whole again: 0.1 s"]
    assert [wave_head.told(take / name) for name in ("01 Kick.wav", "02 Anna.wav", MIX)] == [(1, 4800), (1, 4800), (2, 4800)]
    assert (take / "01 Kick.wav").stat().st_size == wave_head.BYTES + 3 * 4800
    assert [(track.name, track.role) for track in Song.open(take).tracks] == [("Kick", "kick"), ('Anna "A"', "lead_vocal")]
    assert mended(Place(tmp_path)) == []


def test_a_head_that_the_power_cut_took_is_written_anew(tmp_path: Path) -> None:
    take = broken(tmp_path, 4800, 4800, 4800)
    for name in (MIX, "01 Kick.wav"):
        with (take / name).open("r+b") as file:
            file.write(bytes(wave_head.BYTES))
    with (take / "02 Anna.wav").open("r+b") as file:
        file.write(b"what lay on that part of a stick before")
    repair(take)
    assert Song.open(take).seconds == 0.1
    assert wave_head.told(take / MIX) == (2, 4800)


def test_a_take_that_ended_before_its_first_sound_is_gone(tmp_path: Path) -> None:
    take = broken(tmp_path, 0, 1, 0)
    (take / "01 Kick.wav").write_bytes(b"")
    assert repair(take) == "take: ended before there was sound, is gone"
    assert not take.exists()


@pytest.mark.parametrize("song", [True, False])
def test_a_repair_touches_nothing_that_is_no_track_of_the_take(tmp_path: Path, song: bool) -> None:
    take = broken(tmp_path, 4800, 4800, 4800)
    if not song:
        (take / "song.toml").unlink()
    mac, mine = b"\0\5\x16\7" + b"Mac OS X" * 20, wave_head.head(1, 48000).replace(struct.pack("<I", RATE), struct.pack("<I", 44100)) + bytes(144000)
    (take / "._01 Kick.wav").write_bytes(mac)
    (take / "mine.wav").write_bytes(mine)
    assert repair(take).endswith("is whole again: 0.1 s")
    assert ((take / "._01 Kick.wav").read_bytes(), (take / "mine.wav").read_bytes()) == (mac, mine)
    assert wave_head.told(take / "01 Kick.wav") == (1, 4800)


def test_what_somebody_put_into_a_take_without_sound_stays(tmp_path: Path) -> None:
    take = broken(tmp_path, 0, 0, 0)
    (take / "notes").mkdir()
    (take / "setlist.txt").write_text("Blue")
    assert repair(take) == "take: ended before there was sound, is gone"
    assert sorted(path.name for path in take.iterdir()) == ["notes", "setlist.txt"]


def test_a_take_that_grows_is_left_alone(tmp_path: Path) -> None:
    made = session(tmp_path)
    made.write(0, sound(4800, 5), 0)
    assert repair(made.folder) == ""
    assert Shelf(at(tmp_path)).takes()[0].grows
    made.close()
    assert not Shelf(at(tmp_path)).takes()[0].grows


def test_a_disk_that_is_full_ends_it_cleanly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Recording(tmp_path / "takes")
    recording.begin()
    recording.play(RATE)
    until(lambda: recording.program.recorder.run is not None and recording.program.recorder.run.reel.frames < RATE // 2)
    write, calls = tracks._write_all, [0]

    def full(*given: object) -> None:
        calls[0] += 1
        if calls[0] > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(*given)       # type: ignore[arg-type]

    monkeypatch.setattr(tracks, "_write_all", full)
    recording.play(2 * RATE)
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)
    recording.program.round()
    recording.program.round()
    take, = Shelf(at(recording.folder)).takes()
    sizes = {(wave_head.told(take.folder / name)[1], (take.folder / name).stat().st_size // wave_head.told(take.folder / name)[0] // 3)
             for name in ("01.wav", "02.wav", "03.wav", MIX)}
    assert len({frames for frames, _ in sizes}) == 1
    assert take.seconds > 0.4
    assert Song.open(take.folder).seconds == pytest.approx(take.seconds)
    assert recording.desk.values["tape/record"] is False
    assert recording.desk.told[-1]["trouble"] == "the disk is full, the recording has ended"
    assert recording.program.recorder.run is None


class Small(Place):
    """A place whose disk gets full as it is written."""

    BYTES = 9_000_000

    def free(self) -> int:
        used = sum(path.stat().st_size for path in self.folder.rglob("*.wav"))
        return self.BYTES - used


def test_it_ends_before_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LOOK_S", 0.0)
    recording = Recording(tmp_path / "takes")
    recording.program._where, recording.program._reserve = lambda: [Small(recording.folder)], 500_000      # more than is written at once
    recording.begin()
    while (run := recording.program.recorder.run) and not run.trouble and len(recording.stage.heard) < 200:
        recording.play(4800)
        until(lambda run=run: run.trouble or run.reel.frames < RATE // 2)
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)      # however long the disk takes to close it
    recording.program.round()
    take, = Shelf(at(recording.folder)).takes()
    assert take.bytes < Small.BYTES
    assert take.seconds > 8
    assert recording.desk.told[-1]["trouble"].endswith("takes: the disk is full, the recording has ended")


def test_nothing_begins_where_there_is_no_room(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "takes", reserve=10 ** 18)
    recording.begin()
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)
    recording.program.round()
    assert recording.desk.told[-1]["trouble"] == f"{tmp_path}/takes: the disk is full, the recording has ended"
    assert recording.desk.values["tape/record"] is False


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("a file")
    recording = Recording(tmp_path / "takes")
    recording.begin()
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)
    recording.program.round()
    assert recording.desk.told[-1]["trouble"] == f"{tmp_path}/takes: File exists, the recording has ended"


def test_what_went_wrong_is_said_once_though_the_desk_is_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = Recording(tmp_path / "takes", reserve=10 ** 18)
    recording.begin()
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)

    def away(*_: object, **__: object) -> None:
        raise MachineError("desk: not there")

    there, recording.desk.set = recording.desk.set, away      # type: ignore[method-assign, assignment]
    for _ in range(3):
        with pytest.raises(MachineError):
            recording.program.round()
    recording.desk.set = there      # type: ignore[method-assign]
    recording.program.round()
    assert capsys.readouterr().err.count("the disk is full") == 1
    assert recording.desk.values["tape/record"] is False


def test_a_machine_that_refuses_threads_keeps_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    recording = Recording(tmp_path / "takes")
    monkeypatch.setattr(Session, "_keep_safe", refuse)
    monkeypatch.setattr(Session, "_begin", refuse)
    recording.begin()
    until(lambda: recording.program.listen() or recording.program.recorder.run is None)
    recording.program.round()
    assert recording.desk.told[-1]["trouble"] == "can't start new thread, the recording has ended"


def test_the_second_place_is_taken_where_the_first_has_no_room(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "takes")
    full = Small(tmp_path / "stick", True)
    object.__setattr__(full, "free", lambda: 1000)
    recording.program._where = lambda: [full, Place(recording.folder)]
    recording.begin()
    recording.play(RATE)
    assert recording.end().folder.parent == recording.folder


@pytest.mark.parametrize("what", ["_write_all", "sync", "free"])
def test_a_stick_that_is_pulled_out_ends_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    recording, stick, pulled = Recording(tmp_path / "takes"), Place(tmp_path / "stick", True), [False]

    def gone(*of: object) -> None:
        at_stick = of[0] == stick if isinstance(of[0], Place) else stick.folder in Path(os.readlink(f"/proc/self/fd/{of[0]}")).parents
        if pulled[0] and at_stick:
            raise OSError(errno.EIO, "Input/output error")

    for owner, name in ((tracks, "_write_all"), (os, "fdatasync"), (Place, "free")):
        if what in (name, "sync") or name == "free":
            act = getattr(owner, name)
            monkeypatch.setattr(owner, name, lambda *given, act=act: (gone(*given), act(*given))[1])
    monkeypatch.setattr(running, "LOOK_S", 0.0)
    recording.program._where = lambda: [stick, Place(recording.folder)]
    recording.begin()
    until(lambda: recording.program.recorder.state.name)
    first = next(stick.folder.iterdir())
    recording.play(RATE)
    until(lambda: wave_head.told(first / MIX)[1])
    pulled[0] = True
    recording.play(RATE)
    until(lambda: recording.program.recorder.state.trouble)
    recording.program.round()
    assert recording.desk.values["tape/record"] is True
    assert recording.desk.told[-1]["trouble"] == f"{stick.folder}: Input/output error, the recording goes on in {recording.folder}"
    assert (recording.desk.told[-1]["stick"], recording.desk.told[-1]["lost_frames"]) == (False, 0)
    recording.play(RATE)
    second = recording.end()
    assert second.folder.parent == recording.folder
    heard = np.concatenate(recording.stage.heard)[:, 1]
    found = track(second, "02.wav")[:, 0]
    assert len(found) > RATE
    begins = next(at for at in np.flatnonzero(heard == found[0]) if heard[at + 1] == found[1])
    assert np.array_equal(found, heard[begins:begins + len(found)])
    assert len(heard) - begins - len(found) <= recording.stage.engine.latency_main + 32
    pulled[0] = False
    until(lambda: not is_held(first))
    repair(first)
    before = track(open_take(first), "02.wav")[:, 0]      # type: ignore[arg-type]
    assert np.array_equal(before[-2400:], heard[begins - 2400:begins])       # the very next frame


def test_names_and_roles_are_those_of_the_end(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "takes", 2)
    recording.desk.values |= {"strip/1/name": "Bass/DI", "strip/1/link": True, "box/song": "Blue: take"}
    recording.begin()
    recording.play(RATE)
    recording.desk.set({"strip/2/name": "Room", "strip/2/role": "ambience", "box/song": "Green"})
    recording.program.round()
    recording.play(RATE)
    take = recording.end()
    song = Song.open(take.folder)
    assert [(track.file.name, track.name, track.role, track.pair) for track in song.tracks] == [
        ("01 Bass DI.wav", "Bass/DI", "unused", True), ("02.wav", "Room", "ambience", False)]
    assert take.name.endswith("Blue  take")
    assert song.title == take.name
    assert [what for _, what in take.marks] == ["Green"]
    assert take.marks[0][0] == pytest.approx(1.2, abs=0.2)


def test_two_that_begin_in_the_same_second_have_folders_of_their_own(tmp_path: Path) -> None:
    first, second = (Session(Place(tmp_path), "Blue", lambda: CAST, wall=lambda: 1e9) for _ in range(2))
    for made in (first, second):
        made.write(0, np.ones((48, 5), np.float32) / 2, 0)
        made.close()
    assert second.folder.name == f"{first.folder.name} (2)"
    take = open_take(first.folder)
    assert take is not None
    assert take.tracks == 3


def test_what_cannot_be_repaired_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, said = [0.0], list[str]()
    monkeypatch.setattr("gigbox.tape.program.say", said.append)
    monkeypatch.setattr("gigbox.tape.program.mended", lambda place: ["take: cannot be repaired: Read-only file system"])
    program = Program(None, lambda: None, at(tmp_path), clock=lambda: clock[0])      # type: ignore[arg-type,return-value]
    for _ in range(5):
        clock[0] += 5
        program._look()
    assert said == ["tape: take: cannot be repaired: Read-only file system"]


@pytest.mark.parametrize("name", [b"st\xe9ck", "no\u00a0break".encode()])
def test_a_stick_whose_name_the_desk_would_not_take_is_told_all_the_same(tmp_path: Path, name: bytes) -> None:
    stick = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    recording = Recording(stick)
    recording.begin()
    recording.program.round()
    recording.end()
    full = Recording(stick, reserve=10 ** 18)
    full.begin()
    until(lambda: full.program.listen() or full.program.recorder.run is None)
    full.program.round()
    assert full.desk.values["tape/record"] is False
    for told in (*recording.desk.told, *full.desk.told):
        assert plain_json.read(plain_json.write(told)) == told
    assert printable(full.desk.told[-1]["trouble"])
    assert full.desk.told[-1]["trouble"].endswith("the disk is full, the recording has ended")


def test_a_stick_that_hangs_holds_up_neither_the_loop_nor_a_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe into which nobody writes is never read to its end."""
    pipe, made = tmp_path / "stick/broken off/song.toml", Place.made
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    (pipe.parent / "mix.wav").write_bytes(b"")
    (pipe.parent / GROWS).touch()
    recording = Recording(tmp_path / "card")
    recording.program._where = lambda: [Place(tmp_path / "stick", True), Place(tmp_path / "card")]
    monkeypatch.setattr("gigbox.tape.program.DISK_S", 0.05)
    monkeypatch.setattr(Patience.ask, "__defaults__", (0.3,))
    monkeypatch.setattr(Place, "made", lambda place: len(pipe.read_bytes()) if place.stick else made(place))
    recording.begin()
    recording.play(4800)
    assert recording.end().folder.parent == tmp_path / "card"
    os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))
