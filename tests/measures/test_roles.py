"""The table of roles counts what is right, what is wrong and whether the box was sure."""

from __future__ import annotations

from pathlib import Path

from engine.sounds import song_folder, voice

from tests.measures.roles import Cast, casts, report


def test_each_strip_is_counted_once_and_what_is_not_right_is_named() -> None:
    found = [Cast("a", "vox", "lead_vocal", "lead_vocal", 0.9), Cast("a", "gtr", "electric_guitar", "keys", 0.8), Cast("b", "pad", "synth", "keys", 0.6),
             Cast("b", "", "bass", "unused", 0.0)]
    text = report(found)
    assert text.splitlines()[2:] == [
        "| a | 2 | 1 | 1 | 0 | 0 |", "| b | 2 | 0 | 0 | 1 | 1 |", "| all | 4 | 1 | 1 | 1 | 1 |", "",
        "25% named rightly, 25.0% wrongly and surely", "",
        "a: gtr, electric_guitar: wrong and sure: keys (80%)", "b: pad, synth: wrong, a guess: keys (60%)", "b: (no name), bass: not named"]


def test_what_song_toml_says_is_the_truth_and_is_not_told(tmp_path: Path) -> None:
    folder = song_folder(tmp_path, {"1.wav": voice(6.0), "2.wav": 0 * voice(6.0)}, subtype="FLOAT")
    channels = [f'[[channel]]\nnumber = {n}\nfile = "{n}.wav"\nrole = "{role}"\n' for n, role in enumerate(("bass", "kick"), 1)]
    (folder / "song.toml").write_text("".join(channels))
    found = list(casts(folder))
    assert [cast.role for cast in found] == ["bass"]      # the other never plays
    assert found[0].taken != "bass"
