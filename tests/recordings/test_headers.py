"""Headers in any order and of any writer are read; those that say what cannot be are refused in one line."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from .headers import AS_16, EXTENSIBLE, FLOAT, RATE, SOUND, chunk, extended, fmt, heard, refused, riff, wav, written

EXACT = AS_16[:, None] / np.float32(32768)
FMT, DATA = fmt(2, 16), chunk(b"data", AS_16.tobytes())
JUNK = chunk(b"JUNK", b"--data\xff\xff\xff\0-")


@pytest.mark.parametrize("content", [
    pytest.param(riff(JUNK, FMT, DATA), id="junk first"),
    pytest.param(riff(DATA, FMT), id="sound first"),
    pytest.param(riff(DATA, JUNK, FMT), id="sound first, of odd neighbours"),
    pytest.param(riff(JUNK[:-1], FMT, DATA), id="its pad forgotten"),
    pytest.param(riff(FMT, JUNK[:-1], JUNK, JUNK[:-1], DATA), id="some pads forgotten"),
    pytest.param(riff(FMT, chunk(b"data", b""), DATA), id="an empty one before"),
    pytest.param(riff(FMT, FMT, DATA), id="said twice"),
    pytest.param(riff(FMT, DATA, size=0), id="the whole of no size"),
    pytest.param(riff(FMT, DATA, size=12345), id="the whole of another size"),
    pytest.param(riff(fmt(2, 16, byte_rate=1), DATA), id="another speed"),
    pytest.param(riff(fmt(2, 16, more=b"\0\0"), DATA), id="of 18 bytes"),
    pytest.param(riff(fmt(2, 16, tag=EXTENSIBLE, more=extended(16)), DATA), id="extensible"),
    pytest.param(riff(FMT, DATA, top=b"BW64", size=0xFFFFFFFF), id="BW64"),
    pytest.param(b"ID3\x03\0\0\0\0\x01\x0a" + bytes(138) + wav(), id="behind a tag"),
])
def test_a_wav_is_read_however_it_is_laid_out(tmp_path: Path, content: bytes) -> None:
    sound, notes = heard(tmp_path, content)
    np.testing.assert_array_equal(sound, EXACT)
    assert notes == ()


@pytest.mark.parametrize(("content", "told"), [
    (riff(FMT), "no data chunk in it; is it cut off?"),
    (riff(DATA), "no fmt chunk in it; is it cut off?"),
    (riff(), "no fmt chunk in it; is it cut off?"),
    (riff(FMT, DATA, DATA), "2 data chunks, expected one"),
    (riff(FMT, fmt(4, 16, channels=2), DATA), "2 fmt chunks that differ, expected one"),
    (riff(chunk(b"fmt ", bytes(12)), DATA), "a fmt chunk of 12 bytes, expected 16 or more"),
    (riff(FMT, *[chunk(b"junk", b"")] * 10_001, DATA), "more than 10000 chunks; is it damaged?"),
    (riff(fmt(0, 16, channels=0), DATA), "0 channels, expected 1 or 2"),
    (riff(fmt(6, 16, channels=3), DATA), "3 channels, expected 1 or 2"),
    (riff(fmt(0xFFFE, 16, channels=0xFFFF), DATA), "65535 channels, expected 1 or 2"),
    (riff(fmt(2, 16, rate=0), DATA), "0 Hz, expected 8000 to 192000"),
    (riff(fmt(2, 16, rate=7999), DATA), "7999 Hz, expected 8000 to 192000"),
    (riff(fmt(2, 16, rate=192001), DATA), "192001 Hz, expected 8000 to 192000"),
    (riff(fmt(2, 16, rate=10**9), DATA), "1000000000 Hz, expected 8000 to 192000"),
    (riff(fmt(2, 16, rate=2**32 - RATE), DATA), "4294919296 Hz, expected 8000 to 192000"),
    (riff(fmt(2, 16, tag=0x1234), DATA), "cannot be read as sound (Error in WAV/W64/RF64 file. Malformed 'fmt ' chunk)"),
    (riff(fmt(2, 16), chunk(b"data", b"\1")), "is empty, expected sound"),
])
def test_a_wav_that_says_what_cannot_be_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert refused(tmp_path, content) == told


def test_only_a_tag_is_passed_over(tmp_path: Path) -> None:
    assert refused(tmp_path, b"IDX" + bytes(7) + wav()) == "cannot be read as sound (Format not recognised)"
    assert refused(tmp_path, b"ID3\3" + bytes(6) + b"text" * 9, "b.wav").startswith("cannot be read as sound")


def aiff(rate: bytes, channels: int = 1) -> bytes:
    common = chunk(b"COMM", struct.pack(">HIH", channels, len(AS_16), 16) + rate, order=">")
    body = b"AIFF" + common + chunk(b"SSND", bytes(8) + AS_16.astype(">i2").tobytes(), order=">")
    return chunk(b"FORM", body, order=">")


@pytest.mark.parametrize(("content", "told"), [
    (aiff(b"\x7f\xff" + bytes(8)), "nan Hz, expected 8000 to 192000"),
    (aiff(b"\x7f\xfe" + b"\xff" * 8), "inf Hz, expected 8000 to 192000"),
    (aiff(b"\xc0\x0e" + b"\xbb\x80" + bytes(6)), "-48000 Hz, expected 8000 to 192000"),
    (aiff(bytes(10)), "0 Hz, expected 8000 to 192000"),
    (aiff(b"\x40\x0e" + b"\xbb\x80" + bytes(6), 999), "999 channels, expected 1 or 2"),
    (b"FORM\0\0\0\4AIFF", "no COMM chunk in it; is it cut off?"),
])
def test_an_aiff_that_says_what_cannot_be_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert refused(tmp_path, content, "a.aiff") == told


@pytest.mark.parametrize(("rate", "told"), [(np.nan, "nan"), (np.inf, "inf"), (-1.0, "-1"), (1e300, "1e+300")])
def test_a_caf_of_a_rate_that_cannot_be_is_refused(tmp_path: Path, rate: float, told: str) -> None:
    content = written("CAF", "PCM_16")
    at = content.index(b"desc") + 12
    assert refused(tmp_path, content[:at] + struct.pack(">d", rate) + content[at + 8:], "a.caf") == f"{told} Hz, expected 8000 to 192000"


@pytest.mark.parametrize("rate", [np.nan, np.inf, -np.inf])
def test_a_caf_whose_frame_and_rate_cannot_be_is_refused(tmp_path: Path, rate: float) -> None:
    content = written("CAF", "PCM_16")
    at = content.index(b"desc") + 12
    told = refused(tmp_path, content[:at] + struct.pack(">d", rate) + content[at + 8:at + 16] + struct.pack(">I", 1) + content[at + 20:], "a.caf")
    assert told == "1 x 16 bits in 1 bytes a frame, expected 2"


KINDS = (
    "WAV PCM_U8, WAV PCM_16, WAV PCM_24, WAV PCM_32, WAV FLOAT, WAV DOUBLE, WAV ULAW, WAV ALAW, WAV IMA_ADPCM, WAV GSM610, WAV PCM_16 BIG, "
    "WAVEX PCM_24, WAVEX FLOAT, RF64 PCM_24, W64 PCM_16, W64 FLOAT, AIFF PCM_S8, AIFF PCM_U8, AIFF PCM_24, AIFF PCM_16 LITTLE, AIFF FLOAT, AIFF DOUBLE, "
    "AIFF ULAW, AIFF IMA_ADPCM, CAF PCM_S8, CAF PCM_24, CAF PCM_24 LITTLE, CAF FLOAT, CAF ALAW, CAF ALAC_24, AU PCM_24, AU FLOAT, AU ULAW, "
    "AU PCM_16 LITTLE, AU G721_32, FLAC PCM_24, OGG VORBIS, OGG OPUS, MP3 MPEG_LAYER_III")


@pytest.mark.parametrize("kind", [tuple(kind.split()) for kind in KINDS.split(',')], ids=" ".join)
def test_what_is_whole_is_read_as_libsndfile_reads_it(tmp_path: Path, kind: tuple[str, ...]) -> None:
    sides = 1 if kind[1] in ("GSM610", "G721_32") else 2
    content = written(*kind, sound=np.stack([SOUND, -0.5 * SOUND], 1)[:, :sides])
    sound, notes = heard(tmp_path, content)
    np.testing.assert_array_equal(sound, soundfile.read(tmp_path / "a.wav", dtype="float32", always_2d=True)[0])
    assert notes == ()


@pytest.mark.parametrize(("kind", "told"), [(("VOC", "PCM_16"), "VOC (Creative Labs)"), (("NIST", "PCM_16"), "WAV (NIST Sphere)")])
def test_a_kind_that_nobody_here_knows_is_refused(tmp_path: Path, kind: tuple[str, str], told: str) -> None:
    assert refused(tmp_path, written(*kind)) == f"is {told}, expected WAV, AIFF, CAF, AU, FLAC, Ogg or MP3"


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_float_is_read_beyond_full_scale_and_below_what_is_normal(tmp_path: Path, subtype: str) -> None:
    sound = np.array([4.0, -1000.0, 1e-40, -1e-45, 0.0])
    np.testing.assert_array_equal(heard(tmp_path, written("WAV", subtype, sound=sound))[0][:, 0], sound.astype(np.float32))


def test_float_in_a_plain_header_is_float(tmp_path: Path) -> None:
    content = riff(fmt(4, 32, tag=FLOAT), chunk(b"data", SOUND.astype("<f4").tobytes()))
    np.testing.assert_array_equal(heard(tmp_path, content)[0][:, 0], SOUND.astype(np.float32))
