"""How long a recording is: what was cut off is refused, what never knew is taken as far as it goes, and what lies behind the sound is not heard."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from gigbox.recordings import flac
from gigbox.recordings.chunks import UNKNOWN
from gigbox.recordings.recording import Recording

from .headers import AS_16, RATE, SOUND, chunk, fmt, heard, refused, riff, wav, written

EXACT = AS_16[:, None] / np.float32(32768)
LIST = chunk(b"LIST", b"INFOISFT\x0e\0\0\0Lavf58.76.100\0")
ID3 = chunk(b"id3 ", b"ID3\x03" + bytes(301))
LISTS = {"nothing": b"", "LIST": LIST, "id3": ID3, "both": ID3 + LIST, "its pad forgotten": ID3[:-1], "ID3v1": b"TAG" + bytes(125)}
SIZES = {"SoX": 0x7FFFF000, "SoX, less its header": 0x7FFFF000 - 36, "arecord": 0x80000000, "ffmpeg": 0xFFFFFFFF, "ffmpeg, less its header": 0xFFFFFFFF - 36,
         "nothing": 0}


@pytest.mark.parametrize("behind", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_wav_that_never_knew_its_length_is_taken_up_to_what_is_no_sound(tmp_path: Path, size: int, behind: bytes) -> None:
    sound, notes = heard(tmp_path, wav(size=size, behind=behind))
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == (UNKNOWN,)


@pytest.mark.parametrize("behind", [b"", LIST])
def test_a_wav_without_sound_is_empty_and_what_lies_behind_is_none(tmp_path: Path, behind: bytes) -> None:
    assert refused(tmp_path, wav(b"", behind=behind)) == "is empty, expected sound"


@pytest.mark.parametrize("top", [b"RIFF", b"RIFX", b"RF64", b"BW64"])
@pytest.mark.parametrize("behind", [b"", LIST])
def test_every_kind_of_riff_may_not_know_its_length(tmp_path: Path, top: bytes, behind: bytes) -> None:
    order = ">" if top == b"RIFX" else "<"
    data = AS_16.astype(f"{order}i2").tobytes()
    if order == ">" and behind:
        behind = LIST[:4] + LIST[7:3:-1] + LIST[8:]
    content = riff(fmt(2, 16, order=order), chunk(b"data", data, 0xFFFFFFFF, order), behind, top=top, size=0xFFFFFFFF)
    sound, notes = heard(tmp_path, content)
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == (UNKNOWN,)


@pytest.mark.parametrize("top", [b"RF64", b"BW64"])
def test_the_length_of_an_rf64_is_in_its_ds64(tmp_path: Path, top: bytes) -> None:
    said = chunk(b"ds64", struct.pack("<QQQI", 0, AS_16.nbytes, len(AS_16), 0))
    content = riff(said, fmt(2, 16), chunk(b"data", AS_16.tobytes(), 0xFFFFFFFF), LIST, top=top, size=0xFFFFFFFF)
    sound, notes = heard(tmp_path, content)
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == ()


@pytest.mark.parametrize("said", [2**64 - 1, 0, 24])
def test_a_wave64_may_not_know_its_length(tmp_path: Path, said: int) -> None:
    content = written("W64", "PCM_16", sound=AS_16)
    at = content.index(b"data\xf3") + 16
    sound, notes = heard(tmp_path, content[:at] + struct.pack("<Q", said) + content[at + 8:], "a.w64")
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == (UNKNOWN,)


@pytest.mark.parametrize("said", [0, 0x7F000000, 0xFFFFFFFF])
@pytest.mark.parametrize("behind", [b"", chunk(b"NAME", b"a name", order=">")])
def test_an_aiff_may_not_know_its_length(tmp_path: Path, said: int, behind: bytes) -> None:
    content = bytearray(written("AIFF", "PCM_16", sound=AS_16))
    common, sound_at = content.index(b"COMM"), content.index(b"SSND")
    content[common + 10:common + 14] = struct.pack(">I", min(said, 0x7F000000) // 2)
    content[sound_at + 4:sound_at + 8] = struct.pack(">I", said)
    sound, notes = heard(tmp_path, bytes(content) + behind, "a.aiff")
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == (UNKNOWN,)


def test_a_caf_may_not_know_its_length(tmp_path: Path) -> None:
    content = written("CAF", "PCM_16", sound=AS_16)
    at = content.index(b"data") + 4
    sound, notes = heard(tmp_path, content[:at] + b"\xff" * 8 + content[at + 8:], "a.caf")
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == (UNKNOWN,)


def test_an_au_may_not_know_its_length(tmp_path: Path) -> None:
    content = written("AU", "PCM_16", sound=AS_16)
    sound, notes = heard(tmp_path, content[:8] + b"\xff" * 4 + content[12:], "a.au")
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == (UNKNOWN,)


def unknown_total(content: bytes) -> bytes:
    at = 8 + 13
    return content[:at] + bytes([content[at] & 0xF0]) + bytes(4) + content[at + 5:]


@pytest.mark.parametrize("behind", [b"", b"TAG" + bytes(125)])
def test_a_flac_that_never_knew_its_length_is_whole(tmp_path: Path, behind: bytes) -> None:
    whole, _ = heard(tmp_path, written("FLAC", "PCM_16"), "a.flac")
    sound, notes = heard(tmp_path, unknown_total(written("FLAC", "PCM_16")) + behind, "b.flac")
    np.testing.assert_array_equal(sound, whole)
    assert notes == ()


def test_a_flac_that_never_knew_its_length_begins_again_when_it_is_over(tmp_path: Path) -> None:
    sound, _ = heard(tmp_path, unknown_total(written("FLAC", "PCM_16")), "a.flac")
    with Recording(tmp_path / "a.flac") as recording:
        recording.whole()
        recording.rewind()
        np.testing.assert_array_equal(recording.whole(), sound)


def test_a_segment_of_a_flac_is_as_long_as_its_blocks(tmp_path: Path) -> None:
    """They keep the numbers that they had in the whole."""
    whole = written("FLAC", "PCM_16", sound=np.arange(20000) % 3000 / 4000)
    blocks = [at for at, _, _ in sorted(flac._blocks(whole, 4096))]
    content = unknown_total(whole)
    sound, _ = heard(tmp_path, content[: blocks[0]] + content[blocks[2]:], "a.flac")
    np.testing.assert_allclose(sound[:, 0], (np.arange(20000) % 3000 / 4000)[8192:], atol=1e-4)


@pytest.mark.parametrize(("size", "frames"), [(b"\x10", 192), (b"\x20", 576), (b"\x50", 4608), (b"\x80", 256), (b"\xc0", 4096), (b"\xf0", 32768)])
@pytest.mark.parametrize(("rate", "behind"), [(9, b""), (12, b"\x30"), (13, b"\xbb\x80"), (14, b"\x12\xc0")])
@pytest.mark.parametrize(("kind", "coded", "number"), [(b"\xf8", b"\x07", 7 * 4096), (b"\xf9", b"\x07", 7), (b"\xf9", "é".encode(), 0xE9),
                                                        (b"\xf9", "𝄞".encode(), 0x1D11E), (b"\xf9", b"\xfe" + b"\xbf" * 6, 2**36 - 1)])
def test_the_header_of_a_flac_block_tells_its_place(kind: bytes, coded: bytes, number: int, size: bytes, frames: int, rate: int, behind: bytes) -> None:
    header = b"\xff" + kind + bytes([size[0] | rate, 8]) + coded + behind
    assert flac._block(header + bytes([flac.crc8(header)]), 4096) == (number, frames)
    assert flac._block(header + bytes([flac.crc8(header) ^ 1]), 4096) == (0, 0)


@pytest.mark.parametrize("left", [0.3, 0.5, 0.999])
@pytest.mark.parametrize(("form", "subtype", "endian", "name"), [
    ("WAV", "PCM_24", "FILE", "a.wav"), ("WAV", "PCM_16", "BIG", "a.wav"), ("WAVEX", "FLOAT", "FILE", "a.wav"), ("WAV", "MS_ADPCM", "FILE", "a.wav"),
    ("RF64", "PCM_16", "FILE", "a.rf64"), ("W64", "PCM_24", "FILE", "a.w64"), ("AIFF", "PCM_24", "FILE", "a.aiff"), ("AIFF", "FLOAT", "FILE", "a.aif"),
    ("CAF", "PCM_16", "FILE", "a.caf"), ("CAF", "ALAC_16", "FILE", "a.caf"), ("AU", "PCM_16", "FILE", "a.au"), ("FLAC", "PCM_16", "FILE", "a.flac"),
    ("OGG", "VORBIS", "FILE", "a.ogg"), ("OGG", "OPUS", "FILE", "a.ogg"),
])
def test_what_was_cut_off_is_refused(tmp_path: Path, form: str, subtype: str, endian: str, name: str, left: float) -> None:
    whole = written(form, subtype, endian, np.random.default_rng(1).normal(0, 0.1, RATE))
    assert len(heard(tmp_path, whole, name)[0]) == RATE or subtype == "MS_ADPCM"
    assert refused(tmp_path, whole[: int(len(whole) * left)], name).endswith("; is it cut off?")


@pytest.mark.parametrize("left", [0.3, 0.5, 0.999])
def test_a_flac_that_never_knew_its_length_and_was_cut_off_is_refused(tmp_path: Path, left: float) -> None:
    whole = unknown_total(written("FLAC", "PCM_24", sound=np.random.default_rng(1).normal(0, 0.1, RATE)))
    assert refused(tmp_path, whole[: int(len(whole) * left)], "a.flac") == "ends in the middle of a FLAC block; is it cut off?"


def test_fewer_frames_than_an_aiff_promises_are_told(tmp_path: Path) -> None:
    content = bytearray(written("AIFF", "PCM_16"))
    at = content.index(b"COMM") + 10
    content[at:at + 4] = struct.pack(">I", 5000)
    assert refused(tmp_path, bytes(content), "a.aiff") == "4800 frames, expected 5000; is it cut off?"


def test_compressed_sound_of_unknown_length_is_refused(tmp_path: Path) -> None:
    content = bytearray(written("WAV", "IMA_ADPCM"))
    at = content.index(b"data") + 4
    content[at:at + 4] = b"\xff" * 4
    assert refused(tmp_path, bytes(content)) == "its header does not say how long it is, expected that of compressed sound"


@pytest.mark.parametrize("like", [b"", b"like\xff\xff\xff\x0f"])
def test_sound_behind_the_sound_is_told(tmp_path: Path, like: bytes) -> None:
    """As where a recorder that writes its header now and then died in between; also where it looks like a chunk that ends nowhere."""
    data = AS_16.tobytes() * 3
    content = bytearray(wav(data, size=480))
    content[524:524 + len(like)] = like
    sound, notes = heard(tmp_path, bytes(content))
    assert len(sound) == 240
    assert notes == (f"{3 * AS_16.nbytes - 480} bytes behind the sound are left out, its header does not say what they are",)


@pytest.mark.parametrize("kind", ["AIFF", "WAV", "CAF"])
@pytest.mark.parametrize("seconds", [0.01, 0.5])
def test_what_is_behind_the_sound_is_told_if_it_would_last(tmp_path: Path, kind: str, seconds: float) -> None:
    content = written(kind, "PCM_16")
    frames, bytes_a_frame = len(heard(tmp_path, content, f"a.{kind.lower()}")[0]), 2
    behind = b"\x55" * int(seconds * RATE) * bytes_a_frame
    sound, notes = heard(tmp_path, content + behind, f"b.{kind.lower()}")
    assert len(sound) == frames
    assert len(notes) == (seconds > 0.1)


def test_a_second_file_behind_the_first_is_told(tmp_path: Path) -> None:
    loud = np.random.default_rng(1).integers(-9999, 9999, RATE).astype("<i2").tobytes()
    sound, notes = heard(tmp_path, wav() + wav(loud))
    assert len(sound) == len(AS_16)
    assert notes == (f"{len(wav(loud))} bytes behind the sound are left out, its header does not say what they are",)


@pytest.mark.parametrize("behind", [b"", b"\0", bytes(100), LIST, ID3 + LIST, ID3[:-1]])
def test_a_little_behind_the_sound_is_nothing_to_tell(tmp_path: Path, behind: bytes) -> None:
    sound, notes = heard(tmp_path, wav() + behind)
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == ()


def test_a_wav_beyond_4_gib_is_as_long_as_the_file(tmp_path: Path) -> None:
    """Its 32 bits of size have begun at 0 again."""
    path = tmp_path / "a.wav"
    path.write_bytes(riff(fmt(4, 16, channels=2), chunk(b"data", b"", 96), size=132))
    os.truncate(path, 44 + 96 + 2**32)
    with Recording(path) as recording:
        assert recording.frames == 24 + 2**30
        assert recording.notes == ()


def test_a_wav_of_2_gib_that_is_whole_is_as_long_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(riff(fmt(2, 16), chunk(b"data", b"", 0x7FFFF000), size=0x7FFFF024))
    os.truncate(path, 44 + 0x7FFFF000)
    with path.open("ab") as file:
        file.write(LIST)
    with Recording(path) as recording:
        assert recording.frames == 0x7FFFF000 // 2
        assert recording.notes == ()


def test_what_is_read_does_not_end_before_it_should(tmp_path: Path) -> None:
    """A hole in an Ogg, which only who decodes it finds."""
    whole = written("OGG", "VORBIS", sound=np.random.default_rng(1).normal(0, 0.1, 3 * RATE))
    told = refused(tmp_path, whole[: len(whole) // 2] + whole[len(whole) // 2 + 9000:], "a.ogg")
    assert told.startswith("cannot be decoded (ends after ")
    assert told.endswith(f" of {3 * RATE} frames)")


def test_a_second_stream_of_an_ogg_is_told(tmp_path: Path) -> None:
    one, two = (written("OGG", "VORBIS", sound=SOUND * k) for k in (1, 0.5))
    assert one[14:18] != two[14:18]
    sound, notes = heard(tmp_path, one + two, "a.ogg")
    assert len(sound) == len(SOUND)
    assert notes == ("more than one stream is in it, only the first is taken",)
