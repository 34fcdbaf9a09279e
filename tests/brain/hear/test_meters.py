"""A strip's loudness is what it plays, whatever others make it give way by."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from engine.sounds import noise, voice

from gigbox.brain.hear.meters import Meters
from gigbox.engine.core import Engine
from gigbox.rack import METER_FRAMES


def loudness(settings: Mapping[tuple[int, str], float], *sounds: np.ndarray) -> np.ndarray:
    """LUFS of each strip once the box has heard these for 2 s; `settings`: by parameter, of strip 1, 2 ..."""
    engine = Engine(len(sounds), {f"strip/{n}/{path}": value for (n, path), value in settings.items()})
    try:
        for piece in np.stack(sounds, axis=1).astype(np.float32).reshape(-1, METER_FRAMES, len(sounds)):
            engine.process(piece)
        return Meters().hear(engine.rack, np.zeros(len(sounds))).momentary
    finally:
        engine.close()


def test_music_that_is_ducked_is_as_loud_as_music_that_is_not() -> None:
    sounds = voice(2, 0.1), noise(2, 0.05)
    ducked, free = (loudness({(1, "duck/key"): 1.0, (2, "duck/level"): db}, *sounds) for db in (12.0, 0.0))
    np.testing.assert_allclose(ducked, free, atol=0.1)


def test_a_talker_whose_gain_is_shared_is_as_loud_as_one_alone() -> None:
    sounds = voice(2, 0.1), voice(2, 0.01, seed=2)
    shared, alone = (loudness({(n, "share/on"): on for n in (1, 2)}, *sounds) for on in (1.0, 0.0))
    np.testing.assert_allclose(shared, alone, atol=0.1)


def test_how_much_of_auto_is_heard_is_told() -> None:
    for depth in (100.0, 30.0):
        engine = Engine(1, {"box/depth": depth})
        try:
            assert Meters().hear(engine.rack, np.zeros(1)).depth == depth
        finally:
            engine.close()
