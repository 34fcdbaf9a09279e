"""The targets themselves hold for what is whole, cut off and turned round; `make fuzz` looks further."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

SEEDS = {
    "desk": b'{"get": "strip/*/level", "id": 1}\n{"set": {"strip/3/level": -3}, "by": "x"}\n{"scene": {"save": "a"}}\n{"undo": true}\n{"report": "health"}',
    "journal": b'{"at": 1, "by": "x", "set": []}\n',
    "scene": b'{"hand": {"strip/1/level": -3.0}}', "song": b'title = "x"\n[[tracks]]\nfile = "1.wav"\nrole = "kick"\n',
    "recording": b"\0RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0w\x01\0\x02\0\x10\0data\x08\0\0\0" + bytes(8),
    "network": b'{"name": "a", "key": "12345678", "country": "DE", "join": {}}',
}


@pytest.mark.parametrize("name", TARGETS)
def test_whole_cut_and_turned(name: str) -> None:
    dice, seed = random.Random(1), SEEDS[name]
    for n in range(150):
        data = bytearray(seed)
        for _ in range(n % 7):
            data[dice.randrange(len(data))] = dice.randrange(256)
        TARGETS[name](bytes(data[:dice.randrange(len(data) + 1)] if n % 3 == 2 else data))


@pytest.mark.parametrize("found", sorted((Path(__file__).parent / "found").iterdir()), ids=lambda path: path.name)
def test_what_was_found_once_is_a_line_for_ever(found: Path) -> None:
    """Named TARGET-WHAT."""
    TARGETS[found.name.partition("-")[0]](found.read_bytes())
