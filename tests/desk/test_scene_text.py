"""A scene as a text: what goes out comes in again, and whatever a person writes into it is taken, or told in one line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.desk.paths import PATHS
from gigbox.desk.scene_text import from_text, to_text
from gigbox.desk.scenes import Scenes
from gigbox.desk.state import Desk
from gigbox.errors import SceneError


@pytest.fixture
def scenes(tmp_path: Path) -> Scenes:
    return Scenes(tmp_path / "scenes")


def played() -> Desk:
    desk = Desk()
    desk.set({"strip/3/level": -3.5, "strip/3/name": 'Ännchen "Ä" \\ #1', "strip/3/role": "kick", "strip/3/mute": True, "strip/3/eq/2/gain": 4,
              "box/style": "rock", "main/level": -1, "out/3/bus": "monitor_1", "box/song": "= [x]"}, "ann", 0)
    desk.move({"strip/4/level": -2, "strip/4/gate/threshold": -60, "strip/4/role": "snare"}, "x", "brain", 0)
    return desk


def test_what_goes_out_comes_in_again(scenes: Scenes) -> None:
    desk = played()
    scenes.save("rock", desk.scene(), 0)
    scenes.take("copy", scenes.exported("rock"), 1)
    assert scenes.load("copy") == scenes.load("rock")


def test_a_scene_that_says_everything_comes_in_again(scenes: Scenes) -> None:
    desk, rng = Desk(), random.Random(1)
    from gigbox.desk.paths import ADDRESSES, OF_CARD
    desk.set({a.path: a.param.at(rng.random()) for a in ADDRESSES if a.path not in OF_CARD}, "ann", 0)
    scenes.save("all", desk.scene(), 0)
    scenes.take("copy", scenes.exported("all"), 1)
    there, back = scenes.load("all"), scenes.load("copy")
    assert there["texts"] == back["texts"]
    for path, value in there["hand"].items():
        assert back["hand"][path] == (pytest.approx(value, abs=1e-5) if isinstance(value, float) else value), path


def test_a_person_can_read_it(scenes: Scenes) -> None:
    text = to_text("rock", played().scene(), 0)
    assert '\n[strip.3]\nrole = "kick"\nmute = true\neq.2.gain = 4.0\nlevel = -3.5\nname = "Ännchen \\"Ä\\" \\\\ #1"\n' in text
    assert "\n[auto.strip.4]\n" in text
    assert "\nlevel = -2.0\n" in text


def test_no_parameter_stands_where_others_lie() -> None:
    """Or a table could not hold both."""
    heads = {path.rsplit("/", n)[0] for path in PATHS for n in range(1, path.count("/") + 1)}
    assert not heads & set(PATHS)


@pytest.mark.parametrize(("text", "error"), [
    ("strip.3.level = 40", "strip/3/level: 40 dB is above 10 dB"),
    ("strip.3.level = 'loud'", "strip/3/level: 'loud' is not a number"),
    ("strip.3.level = nan", "strip/3/level: nan is not a number"),
    ("strip.3.level = [1]", "strip/3/level: [1], expected a number, a name, true or false"),
    ("strip.3.level = 1979-05-27", "strip/3/level: 1979-05-27, expected a number, a name, true or false"),
    ("strip.99.level = 0", "strip/99/level: 99 is not in 1..32"),
    ("strip.3.role = 'king'", "strip/3/role: 'king' is not one of unused, lead_vocal"),
    ("[strip.3]\nlevel = -3\nlevel = -4", "line 3: Cannot overwrite a value, expected TOML"),
    ("[strip.3\nlevel = -3", "line 1: Expected ']' at the end of a table declaration, expected TOML"),
    ("auto.strip.3.mute = true", "strip/3/mute: auto may not move it, expected a hand"),
    ("auto.strip.3.level = 20", "strip/3/level: auto 20 is not in -100..6"),
    ("auto = 3", "auto: 3, expected a table"),
    ("format = 9", "format 9, expected 2"),
    ("hello = 1", "hello: no such parameter"),
    ("a" + ".a" * 50 + " = 1", "a/a/a/a/a/a/a/a/a: no such parameter"),
    ("'strip/3/level/x/' = 1", "strip/3/level/x/: no such parameter"),
    ("strip.3.name = '" + "x" * 33 + "'", "strip/3/name: "),
    ("\0", "line 1 holds a byte of 0, save it as UTF-8"),
    ("\ud800", "line 1 is not UTF-8, save it as UTF-8"),
    ("x = " + "[" * 10000, ""),
    ("#" * 300_000, "longer than 256000 bytes"),
])
def test_what_cannot_be_is_one_line_and_saves_nothing(scenes: Scenes, text: str, error: str) -> None:
    with pytest.raises(SceneError) as caught:
        scenes.take("rock", text, 0)
    assert str(caught.value).startswith(f"scene 'rock': {error}")
    assert "\n" not in str(caught.value)
    assert scenes.names() == []


@pytest.mark.parametrize("text", ["", "\ufeffstrip.3.level = -3", "strip.3.level = -3\r\n", "# only words"])
def test_a_file_of_any_editor_is_taken(scenes: Scenes, text: str) -> None:
    scenes.take("rock", text, 0)
    assert scenes.load("rock")["hand"] == ({"strip/3/level": -3.0} if "level" in text else {})


WORDS = st.sampled_from(["strip", "3", "level", ".", "=", "[", "]", "\n", "-3", "auto", '"', "true", "1e9", "#", "'"])


@given(st.text(max_size=80) | st.lists(WORDS, max_size=20).map("".join))
def test_no_text_is_more_than_one_line_of_trouble(text: str) -> None:
    trouble = ""
    try:
        from_text("x", text)
    except SceneError as e:
        trouble = str(e)
    assert "\n" not in trouble
