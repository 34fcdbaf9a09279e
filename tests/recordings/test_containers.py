"""Samples in containers wider than they are sound as they were meant, or are refused: never noise, never 48 dB too soft."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gigbox.recordings.recording import Recording

from .headers import AS_16, AS_24, EXTENSIBLE, SOUND, chunk, extended, fmt, heard, refused, riff, written

STEREO = np.stack([AS_24, -AS_24], 1)
NARROW = AS_16.astype("<i4")


def wide(data: np.ndarray, frame: int, bits: int, channels: int = 1, **more: object) -> bytes:
    return riff(fmt(frame, bits, channels=channels, **more), chunk(b"data", data.tobytes()))        # type: ignore[arg-type]


def bytes_of(samples: np.ndarray, first: int, count: int) -> np.ndarray:
    """Of little-endian numbers, (n, count)."""
    return samples.astype("<i4").view(np.uint8).reshape(-1, 4)[:, first:first + count]


@pytest.mark.parametrize("content", [
    pytest.param(wide(AS_24, 4, 24), id="24 low in 4"),
    pytest.param(wide(AS_24 & 0xFFFFFF, 4, 24), id="24 low in 4, with zeros for a sign"),
    pytest.param(wide(AS_24 << 8, 4, 24), id="24 high in 4"),
    pytest.param(wide(AS_24 << 8, 4, 24, tag=EXTENSIBLE, more=extended(24)), id="24 high in 4, extensible"),
    pytest.param(wide(AS_24, 4, 24, tag=EXTENSIBLE, more=extended(24)), id="24 low in 4, extensible"),
    pytest.param(wide(AS_24 << 8, 4, 32, tag=EXTENSIBLE, more=extended(24)), id="as the format has it"),
    pytest.param(wide(NARROW, 4, 16), id="16 low in 4"),
    pytest.param(wide(NARROW << 16, 4, 16), id="16 high in 4"),
    pytest.param(wide(AS_24 << 8, 4, 16), id="16 in 4, and they are 24"),
    pytest.param(wide(bytes_of(NARROW, 0, 3), 3, 16), id="16 low in 3"),
    pytest.param(wide(bytes_of(NARROW << 8, 0, 3), 3, 16), id="16 high in 3"),
    pytest.param(wide((SOUND * 2047).astype("<i2") << 4, 2, 12), id="12 in 2"),
])
def test_a_wider_container_sounds_as_its_samples(tmp_path: Path, content: bytes) -> None:
    sound, notes = heard(tmp_path, content)
    np.testing.assert_allclose(sound[:, 0], SOUND, atol=1e-3)
    assert notes == ()


@pytest.mark.parametrize("samples", [STEREO, STEREO << 8])
def test_both_sides_of_a_wider_container_stay_apart(tmp_path: Path, samples: np.ndarray) -> None:
    sound, _ = heard(tmp_path, wide(samples, 8, 24, 2))
    np.testing.assert_allclose(sound, np.stack([SOUND, -SOUND], 1), atol=1e-6)


@pytest.mark.parametrize("samples", [AS_24, AS_24 << 8])
def test_a_wider_container_is_read_in_big_endian_too(tmp_path: Path, samples: np.ndarray) -> None:
    content = riff(fmt(4, 24, order=">"), chunk(b"data", samples.astype(">i4").tobytes(), order=">"), top=b"RIFX")
    np.testing.assert_allclose(heard(tmp_path, content)[0][:, 0], SOUND, atol=1e-6)


@pytest.mark.parametrize("samples", [AS_24, AS_24 << 8])
def test_a_wider_container_of_a_caf_is_read(tmp_path: Path, samples: np.ndarray) -> None:
    content = written("CAF", "PCM_24")
    at, sound = content.index(b"desc") + 12, content.index(b"data") + 16
    said = content[at:at + 16] + (4).to_bytes(4, "big") + content[at + 20:at + 32]
    big = samples.astype(">i4").tobytes()
    content = content[:at] + said + content[at + 32:sound - 12] + (len(big) + 4).to_bytes(8, "big") + bytes(4) + big
    np.testing.assert_allclose(heard(tmp_path, content, "a.caf")[0][:, 0], SOUND, atol=1e-6)


def test_pieces_of_any_length_are_the_same_sound(tmp_path: Path) -> None:
    whole, _ = heard(tmp_path, wide(STEREO, 8, 24, 2))
    with Recording(tmp_path / "a.wav") as recording:
        np.testing.assert_array_equal(np.concatenate(list(recording.blocks(7))), whole)


SOFT = AS_24 >> 9 << 8        # soft and high, or loud and low


def test_where_the_samples_do_not_show_it_the_format_says_it(tmp_path: Path) -> None:
    sound, _ = heard(tmp_path, wide(SOFT, 4, 24, tag=EXTENSIBLE, more=extended(24)))
    np.testing.assert_array_equal(sound[:, 0], (SOFT / 2.0**31).astype(np.float32))


def test_silence_in_a_wider_container_is_silence(tmp_path: Path) -> None:
    assert not heard(tmp_path, wide(np.zeros(99, "<i4"), 4, 24))[0].any()


@pytest.mark.parametrize(("content", "told"), [
    (wide(SOFT, 4, 24), "1 x 24 bits in 4 bytes a frame, expected 3"),
    (wide(SOFT, 4, 24, tag=EXTENSIBLE, byte_rate=3 * 48000, more=extended(24)), "1 x 24 bits in 4 bytes a frame, expected 3"),
    (wide(np.random.default_rng(1).integers(-2**31, 2**31, 999).astype("<i4"), 4, 24), "1 x 24 bits in 4 bytes a frame, expected 3"),
    (wide(AS_16, 2, 8), "1 x 8 bits in 2 bytes a frame, expected 1"),
    (wide(AS_16, 2, 16, 2), "2 x 16 bits in 2 bytes a frame, expected 4"),
    (wide(AS_24, 5, 24, 2), "2 x 24 bits in 5 bytes a frame, expected 6"),
    (wide(AS_24, 8, 24), "1 x 24 bits in 8 bytes a frame, expected 3"),
    (wide(AS_24, 8, 32, tag=3), "1 x 32 bits in 8 bytes a frame, expected 4"),
    (wide(AS_16, 2, 0), "0-bit signed samples, expected up to 32 bits, or float of 32 or 64"),
    (wide(AS_16, 2, 16, tag=3), "16-bit float samples, expected up to 32 bits, or float of 32 or 64"),
    (wide(AS_24, 8, 64), "64-bit signed samples, expected up to 32 bits, or float of 32 or 64"),
])
def test_what_the_samples_do_not_show_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert refused(tmp_path, content) == told


@pytest.mark.parametrize("frame", [0, 2])
def test_a_frame_that_is_too_short_is_packed_where_the_bytes_a_second_say_so(tmp_path: Path, frame: int) -> None:
    both = np.stack([AS_16, -AS_16], 1)
    sound, _ = heard(tmp_path, wide(both, frame, 16, 2, byte_rate=4 * 48000))
    np.testing.assert_array_equal(sound, both / np.float32(32768))
