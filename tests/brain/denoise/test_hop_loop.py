"""The loop that cleans holds on to the engine's memory as it is now, and waits where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigbox.brain.denoise.hop_loop import HopLoop
from gigbox.rack import Rack
from gigbox.stopping import Stopping


def heard(path: Path, monkeypatch: pytest.MonkeyPatch, channels: list[int]) -> list[int]:
    """How many channels the memory had that each hop was read from, where an engine for so many (0: none) begins before each look."""
    loop, seen = HopLoop(path, Stopping()), list[int]()
    monkeypatch.setattr(loop, "_door", type("", (), {"hear": lambda _, rack: not seen.append(rack.channels)})())
    monkeypatch.setattr("time.sleep", lambda _: None)
    for n in channels:
        if n:
            Rack(path, n)
        loop._look(0.0)
    return seen


def test_an_engine_that_begins_anew_for_other_channels_is_cleaned_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(tmp_path / "rack", monkeypatch, [2, 2, 3, 3]) == [2, 2, 3, 3]


def test_where_there_is_no_engine_it_waits_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard(tmp_path / "rack", monkeypatch, [0, 0, 2]) == [2]
