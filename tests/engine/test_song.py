"""A song is read as it is meant, and what cannot be played is told in one line that names it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recordings.headers import at_once

from gigbox.engine.song import Song, open_song, parse_roles
from gigbox.errors import SongError

from .sounds import RATE, noise, song_folder, tone

MONO = tone(440, 0.2)
STEREO = np.stack([MONO, 0.5 * MONO], 1)


def refused(folder: Path, roles: dict[int, str] | None = None) -> str:
    with pytest.raises(SongError) as error:
        Song.open(folder, roles)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_files_become_channels_in_the_order_of_their_names(tmp_path: Path) -> None:
    song = Song.open(song_folder(tmp_path / "gig", {"2.flac": MONO, "1.wav": MONO, "3.ogg": MONO}))
    assert [t.name for t in song.tracks] == ["1", "2", "3"]
    assert song.title == "gig"
    assert {t.role for t in song.tracks} == {"unused"}


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO})
    (folder / "notes.txt").write_text("not a sound")
    (folder / "x.wav").mkdir()
    assert [t.name for t in Song.open(folder).tracks] == ["a"]


def test_a_stereo_file_is_two_linked_strips(tmp_path: Path) -> None:
    song = Song.open(song_folder(tmp_path, {"1-keys.wav": STEREO, "2-bass.wav": MONO}))
    assert [(t.name, t.side, t.pair) for t in song.tracks] == [("1-keys L", 0, True), ("1-keys R", 1, False), ("2-bass", 0, False)]


def test_song_toml_names_files_roles_and_pairs(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO, "b.wav": MONO, "c.wav": MONO})
    (folder / "song.toml").write_text('''title = "Grüße"
        [[channel]]\nfile = "c.wav"\nname = "Bass"\nrole = "bass"
        [[channel]]\nfile = "b.wav"\nrole = "keys"\nstereo_pair = "k"
        [[channel]]\nfile = "a.wav"\nrole = "keys"\nstereo_pair = "k"''', "utf-8")
    song = Song.open(folder)
    assert song.title == "Grüße"
    assert [(t.file.name, t.name, t.role, t.role_source, t.pair) for t in song.tracks] == [
        ("c.wav", "Bass", "bass", "song.toml", False), ("b.wav", "b", "keys", "song.toml", True), ("a.wav", "a", "keys", "song.toml", False)]


def test_a_pair_of_song_toml_is_one_beside_a_stereo_file(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": STEREO, "b.wav": MONO, "c.wav": MONO})
    (folder / "song.toml").write_text("".join(f'[[channel]]\nfile = "{name}.wav"\nstereo_pair = "oh"\n' for name in "abc"), "utf-8")
    song = Song.open(folder)
    assert ([track.pair for track in song.tracks], song.notes) == ([True, False, True, False], ())


def test_a_pair_of_one_is_told(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO, "b.wav": MONO, "c.wav": MONO})
    pairs = {"a": "k", "b": "k", "c": "oh"}
    (folder / "song.toml").write_text("".join(f'[[channel]]\nfile = "{name}.wav"\nstereo_pair = "{pair}"\n' for name, pair in pairs.items()), "utf-8")
    song = Song.open(folder)
    assert [track.pair for track in song.tracks] == [True, False, False]
    assert song.notes == (f"{folder / 'song.toml'}: stereo_pair 'oh' is of one mono file without a neighbour, expected two in a row",)


@pytest.mark.parametrize(("toml", "slip"), [
    ('titel = "x"', "'titel' is not read, 'title' is"), ('[[channels]]\nfile = "a.wav"', "'channels' is not read, 'channel' is"),
    ('[[channel]]\nfile = "a.wav"\nroles = "kick"', "'roles' is not read, 'role' is"),
    ('[[channel]]\nfile = "a.wav"\nRole = "kick"', "'Role' is not read, 'role' is"),
    ('[[channel]]\nfile = "a.wav"\n"stereo-pair" = "k"', "'stereo-pair' is not read, 'stereo_pair' is")])
def test_a_slip_in_song_toml_is_told(tmp_path: Path, toml: str, slip: str) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO})
    (folder / "song.toml").write_text(toml, "utf-8")
    assert Song.open(folder).notes == (f"{folder / 'song.toml'}: {slip}",)


def test_what_else_a_person_notes_in_song_toml_is_theirs(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO})
    (folder / "song.toml").write_text('title = "x"\nslug = "x"\nchannels = 1\nbpm = 96\n[[channel]]\nfile = "a.wav"\nname = "a"\nnumber = 1\nkind = "singer"\n'
                                      'source = "x"\nbleed = "x"\n[[mark]]\nat = 1.0\n[split]\nengine = "x"', "utf-8")
    assert Song.open(folder).notes == ()


def test_a_channel_has_one_role() -> None:
    with pytest.raises(SongError, match=r"^--roles: channel 1 is said twice, expected one role for each$"):
        parse_roles("1=kick,2=bass,1=snare")


def test_given_roles_come_before_song_toml(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO, "b.wav": MONO})
    (folder / "song.toml").write_text('[[channel]]\nfile = "a.wav"\nrole = "bass"\n[[channel]]\nfile = "b.wav"')
    song = Song.open(folder, parse_roles("1=kick"))
    assert [(t.role, t.role_source) for t in song.tracks] == [("kick", "given"), ("unused", "none")]


@pytest.mark.parametrize(("roles", "source"), [("named", "none"), ("heard", "heard")])
def test_roles_may_be_left_to_names_or_to_the_sound_alone(tmp_path: Path, roles: str, source: str) -> None:
    folder = song_folder(tmp_path, {"a.wav": MONO, "b.wav": MONO})
    (folder / "song.toml").write_text('[[channel]]\nfile = "a.wav"\nrole = "bass"\n[[channel]]\nfile = "b.wav"')
    assert [(t.role, t.role_source, t.said) for t in open_song(folder, roles).tracks] == [("unused", source, False)] * 2


@pytest.mark.parametrize(("text", "roles"), [
    ("", {}), ("1=kick", {1: "kick"}), (" 1 = kick , 32=lead_vocal,", {1: "kick", 32: "lead_vocal"}),
])
def test_roles_are_read_as_typed(text: str, roles: dict[int, str]) -> None:
    assert parse_roles(text) == roles


@pytest.mark.parametrize(("text", "told"), [
    ("kick", "--roles: 'kick' is not CHANNEL=ROLE with a channel in 1..32"), ("0=kick", "'0=kick' is not CHANNEL=ROLE"),
    ("33=kick", "'33=kick' is not"), ("²=kick", "'²=kick' is not"), ("1.5=kick", "'1.5=kick' is not"), ("-1=kick", "'-1=kick' is not"),
    ("1=drumkit", "--roles: role 'drumkit' is unknown, expected one of unused, lead_vocal"), ("1=", "role '' is unknown"), ("1=Kick", "role 'Kick' is unknown"),
])
def test_roles_that_mean_nothing_are_refused(text: str, told: str) -> None:
    with pytest.raises(SongError) as error:
        parse_roles(text)
    assert told in str(error.value)


def test_a_role_for_a_channel_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(song_folder(tmp_path, {"a.wav": MONO}), {2: "kick"}) == "--roles: channel 2 does not exist, the song has 1"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere").startswith(f"{tmp_path / 'nowhere'}: no such folder, expected one with recordings")
    (tmp_path / "take.wav").touch()
    assert refused(tmp_path / "take.wav").startswith(f"{tmp_path / 'take.wav'}: is no folder, expected one with recordings")


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.wav").mkdir()
    assert refused(tmp_path).startswith(f"{tmp_path}: no recordings in it, expected files that end in")


def test_a_text_file_named_wav_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("dear diary\n" * 100)
    assert refused(tmp_path) == f"{tmp_path / 'a.wav'}: cannot be read as sound (Format not recognised)"


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg"])
def test_an_empty_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refused(tmp_path) == f"{tmp_path / name}: is empty, expected sound"


def test_a_recording_without_frames_is_told(tmp_path: Path) -> None:
    assert refused(song_folder(tmp_path, {"a.wav": np.zeros(0)})) == f"{tmp_path / 'a.wav'}: is empty, expected sound"


@pytest.mark.parametrize("left", [0.5, 0.999])
@pytest.mark.parametrize(("name", "told"), [("a.wav", "bytes, expected"), ("a.flac", "ends before its 48000 frames"), ("a.ogg", "ends without the last page")])
def test_a_recording_that_was_cut_off_is_told(tmp_path: Path, name: str, told: str, left: float) -> None:
    file = song_folder(tmp_path, {name: noise(1)}) / name
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * left)])
    message = refused(tmp_path)
    assert message.startswith(f"{file}: ")
    assert told in message
    assert message.endswith("is it cut off?")


def test_a_header_that_was_cut_off_is_told(tmp_path: Path) -> None:
    for name in ("a.wav", "a.flac", "a.ogg"):
        file = song_folder(tmp_path / name, {name: noise(0.2)}) / name
        file.write_bytes(file.read_bytes()[:40])
        assert str(file) in refused(file.parent)


def test_a_wav_with_chunks_before_the_sound_is_whole(tmp_path: Path) -> None:
    file = song_folder(tmp_path, {"a.wav": MONO}) / "a.wav"
    raw = file.read_bytes()
    at = raw.index(b"data")
    file.write_bytes(raw[:at] + b"JUNK\x0b\0\0\0--data\xff\xff\xff\0-\0" + raw[at:])
    assert len(Song.open(tmp_path).tracks) == 1


def test_a_wav_that_a_pipe_wrote_is_whole(tmp_path: Path) -> None:
    file = song_folder(tmp_path, {"a.wav": MONO}) / "a.wav"
    raw = bytearray(file.read_bytes())
    at = raw.index(b"data")
    raw[4:8] = raw[at + 4:at + 8] = b"\xff\xff\xff\xff"
    file.write_bytes(raw)
    assert len(Song.open(tmp_path).tracks) == 1


def test_more_than_two_channels_in_a_file_are_told(tmp_path: Path) -> None:
    assert refused(song_folder(tmp_path, {"a.wav": np.zeros((100, 5))})) == f"{tmp_path / 'a.wav'}: 5 channels, expected 1 or 2"


def test_32_files_are_played_and_the_33rd_is_told(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {f"{n:02d}.wav": MONO[:64] for n in range(1, 33)})
    assert len(Song.open(folder).tracks) == 32
    song_folder(folder, {"33.wav": MONO[:64]})
    assert refused(folder) == f"{folder / '33.wav'}: is channel 33, expected at most 32"


@pytest.mark.parametrize("rate", [4000, 384000])
def test_a_rate_out_of_bounds_is_told(tmp_path: Path, rate: int) -> None:
    assert refused(song_folder(tmp_path, {"a.wav": MONO}, rate)) == f"{tmp_path / 'a.wav'}: {rate} Hz, expected 8000 to 192000"


@pytest.mark.parametrize(("toml", "told"), [
    ('[[channel]]\nfile = "b.wav"', "song.toml: names 'b.wav', expected a file in"),
    ('[[channel]]\nfile = "a\\u0000/b.wav"', "song.toml: names 'a?/b.wav', expected a file in"),
    ('[[channel]]\nfile = ', "song.toml: cannot be read (Invalid value"),
    ("channel = 3", "song.toml: expected [[channel]] tables that each name a file"),
    ('[[channel]]\nrole = "kick"', "song.toml: expected [[channel]] tables that each name a file"),
    ('[[channel]]\nfile = "a.wav"\nrole = "drumkit"', "song.toml: role 'drumkit' is unknown, expected one of unused"),
    ('[[channel]]\nfile = "a.wav"\nrole = 3', "song.toml: role '3' is unknown"),
    (b"title = '\xff'", "song.toml: cannot be read (line 1 is not UTF-8, save it as UTF-8)"),
])
def test_a_song_toml_that_cannot_be_followed_is_told(tmp_path: Path, toml: str | bytes, told: str) -> None:
    song_folder(tmp_path, {"a.wav": MONO})
    (tmp_path / "song.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    assert told in refused(tmp_path)


def test_names_that_cannot_be_printed_get_question_marks(tmp_path: Path) -> None:
    song_folder(tmp_path, {"a.wav": MONO})
    (tmp_path / "song.toml").write_text('title = "two\\nlines"\n[[channel]]\nfile = "a.wav"\nname = "tab\\there"')
    song = Song.open(tmp_path)
    assert (song.title, song.tracks[0].name) == ("two?lines", "tab?here")


def test_a_dangling_link_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(tmp_path / "gone.wav")
    assert "no recordings in it" in refused(tmp_path)


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A song that somebody else owns; the test is nobody while it lasts."""
    with tempfile.TemporaryDirectory() as temp:
        folder = song_folder(Path(temp) / "gig", {"a.wav": MONO})
        Path(temp).chmod(0o755)
        (folder / "a.wav").chmod(0)
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            if os.access(folder / "a.wav", os.R_OK, effective_ids=True):
                pytest.skip("nobody can be denied a file here")
            yield folder
        finally:
            os.seteuid(os.getuid())


def test_a_recording_that_may_not_be_read_is_told(forbidden: Path) -> None:
    assert refused(forbidden) == f"{forbidden / 'a.wav'}: cannot be read as sound (Permission denied)"


def test_the_longest_file_is_the_songs_length(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"a.wav": tone(440, 0.5), "b.wav": tone(440, 1.25)})
    song_folder(folder, {"c.wav": tone(440, 1.0, 8000)}, 8000)
    assert Song.open(folder).seconds == pytest.approx(1.25)
    assert soundfile.info(folder / "c.wav").samplerate < RATE


def test_channels_are_numbered_as_people_count_and_roles_follow(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {f"{n}.wav": MONO for n in (1, 2, 3, 10, 11, 12)})
    song = Song.open(folder, parse_roles("2=kick,4=bass"))
    assert [t.name for t in song.tracks] == ["1", "2", "3", "10", "11", "12"]
    assert [t.name for t in song.tracks if t.role != "unused"] == ["2", "10"]


def test_what_a_mac_leaves_beside_a_recording_is_no_channel(tmp_path: Path) -> None:
    song_folder(tmp_path, {"1-vocal.wav": MONO})
    (tmp_path / "._1-vocal.wav").write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(300))
    assert [t.name for t in Song.open(tmp_path).tracks] == ["1-vocal"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_song_toml_of_any_editor_is_followed(tmp_path: Path, encoding: str, ends: str) -> None:
    song_folder(tmp_path, {"a.wav": MONO})
    (tmp_path / "song.toml").write_bytes(f'title = "Grüße"{ends}[[channel]]{ends}file = "a.wav"{ends}role = "kick"{ends}'.encode(encoding))
    song = Song.open(tmp_path)
    assert (song.title, song.tracks[0].role) == ("Grüße", "kick")


def test_a_name_with_its_accents_apart_is_found(tmp_path: Path) -> None:
    """A Mac writes u and two dots where a song.toml has ü."""
    song_folder(tmp_path, {"Flu\u0308gel.wav": MONO})
    (tmp_path / "song.toml").write_text('[[channel]]\nfile = "Flügel.wav"', "utf-8")
    assert len(Song.open(tmp_path).tracks) == 1


def test_a_song_toml_that_is_no_file_is_told_at_once(tmp_path: Path) -> None:
    song_folder(tmp_path, {"a.wav": MONO})
    os.mkfifo(tmp_path / "song.toml")
    with at_once():
        assert refused(tmp_path) == f"{tmp_path / 'song.toml'}: is no file, expected text"


def test_a_song_toml_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    song_folder(tmp_path, {"a.wav": MONO})
    (tmp_path / "song.toml").symlink_to("gone.toml")
    assert refused(tmp_path) == f"{tmp_path / 'song.toml'}: cannot be read (No such file or directory)"


def test_a_song_toml_nested_without_end_is_told(tmp_path: Path) -> None:
    song_folder(tmp_path, {"a.wav": MONO})
    (tmp_path / "song.toml").write_text("a = " + "[" * 100_000)
    assert refused(tmp_path).startswith(f"{tmp_path / 'song.toml'}: cannot be read (")


def test_a_song_tells_what_has_to_be_told_of_its_files(tmp_path: Path) -> None:
    song_folder(tmp_path, {"1.wav": STEREO, "1.flac": MONO})
    raw = bytearray((tmp_path / "1.wav").read_bytes())
    at = raw.index(b"data") + 4
    raw[at:at + 4] = b"\0\xf0\xff\x7f"
    (tmp_path / "1.wav").write_bytes(raw)
    (tmp_path / "rough mix.mp3").touch()
    notes = [note.removeprefix(f"{tmp_path}/").partition(",")[0].partition(" (")[0] for note in Song.open(tmp_path).notes]
    assert notes == ["rough mix.mp3: left out", "1.flac: its name is also that of 1.wav; each is taken", "1.wav: its header does not say how long it is"]
