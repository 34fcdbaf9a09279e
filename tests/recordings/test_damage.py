"""Whatever happened to a file, it is sound or one line: no other error, no wrong number, no end that never comes."""

from __future__ import annotations

import io
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from gigbox.errors import SongError
from gigbox.recordings.recording import Recording

from .test_lengths import unknown_total

LONGEST_S = 2.0
NOISE = np.random.default_rng(1).normal(0, 0.1, 300)
KINDS = [("WAV", "PCM_16", "FILE"), ("WAV", "FLOAT", "FILE"), ("WAV", "PCM_24", "BIG"), ("WAV", "IMA_ADPCM", "FILE"), ("WAVEX", "PCM_24", "FILE"),
         ("RF64", "PCM_16", "FILE"), ("W64", "PCM_24", "FILE"), ("AIFF", "PCM_16", "FILE"), ("AIFF", "FLOAT", "FILE"), ("CAF", "PCM_16", "FILE"),
         ("CAF", "ALAC_16", "FILE"), ("AU", "PCM_16", "FILE"), ("FLAC", "PCM_16", "FILE"), ("OGG", "VORBIS", "FILE")]


def whole(form: str, subtype: str, endian: str) -> bytes:
    memory = io.BytesIO()
    soundfile.write(memory, NOISE, 48000, subtype, endian, form)
    return memory.getvalue()


WHOLE = {f"{form}-{subtype}-{endian}": whole(form, subtype, endian) for form, subtype, endian in KINDS}
WHOLE["FLAC-unknown"] = unknown_total(WHOLE["FLAC-PCM_16-FILE"])
BYTES = st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255)
PLACES = st.integers(0, 120) | st.integers(0, 2000)
CHANGES = st.lists(st.tuples(PLACES, BYTES), max_size=6)
CUTS = st.none() | st.tuples(PLACES, st.integers(1, 400))


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
@settings(max_examples=60)
@given(changes=CHANGES, missing=CUTS, kept=st.none() | PLACES, behind=st.binary(max_size=40))
def test_damage_is_sound_or_one_line(content: bytes, changes: list[tuple[int, int]], missing: tuple[int, int] | None, kept: int | None, behind: bytes) -> None:
    damaged = bytearray(content)
    for at, byte in changes:
        damaged[at % len(damaged)] = byte
    if missing:
        del damaged[missing[0]:sum(missing)]
    is_sound_or_one_line(bytes(damaged[:kept]) + behind)


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_every_end_is_sound_or_one_line(content: bytes) -> None:
    for end in {*range(0, min(len(content), 300), 3), *range(0, len(content), 61)}:
        is_sound_or_one_line(content[:end])


def is_sound_or_one_line(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        path.write_bytes(content)
        began, notes = time.monotonic(), list[str]()
        try:
            with Recording(path, notes.append) as recording:
                sound = recording.whole()
                notes += recording.notes
                assert sound.shape == (recording.frames, recording.channels)
                assert np.isfinite(sound).all()
        except SongError as error:
            notes.append(str(error))
        assert all("\n" not in note and note.startswith(f"{path}: ") for note in notes)
        assert time.monotonic() - began < LONGEST_S
