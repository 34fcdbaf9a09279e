"""Scenes are what they say, their figures have the known answers, and the box plays them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine.sounds import noise, song_folder, tone

from tests.measures.loudness import RATE, decibels
from tests.measures.recordings import Recording, find
from tests.measures.scene import Hand, Missing, Scene, Staged, Take, stage, strip
from tests.measures.scene_book import BOOK
from tests.measures.scene_figures import Played, SceneCase, converged, false_rides, figures, heal, music_back, over, rise_in_silence, speech_over_music
from tests.measures.scenes import DEMO, measure, record, table

SECONDS = 40.0
ROLES = ("lead_vocal", "speech", "keys", "playback", "bass")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Recording]:
    """A tone a role, of 1 kHz's neighbourhood."""
    folder = song_folder(tmp_path_factory.mktemp("song"), {f"{role}.wav": tone(1000 + 10 * n, 13) for n, role in enumerate(ROLES)})
    (folder / "song.toml").write_text("".join(f'[[channel]]\nfile = "{role}.wav"\nrole = "{role}"\n' for role in ROLES))
    return find([folder])


def played(staged: Staged, gain: np.ndarray | float) -> SceneCase:
    """By a box that does nothing but these gains."""
    curve = np.zeros((staged.ticks, len(staged.scene.strips))) + gain
    roles = np.zeros(curve.shape, int)
    return SceneCase.of(staged, Played(staged.own_powers * 10 ** (curve / 10), curve, roles, np.zeros(curve.shape, bool), []))


def duo(recordings: list[Recording], hands: tuple[Hand, ...] = ()) -> Staged:
    return stage(Scene("duo", (strip("Vox", "lead_vocal"), strip("Keys", "keys")), hands, SECONDS), recordings)


def talk(recordings: list[Recording]) -> Staged:
    return stage(Scene("talk", (strip("MC", Take("speech", 2, 22), leak=None), strip("DJ", "playback")), seconds=SECONDS), recordings)


def test_a_strip_plays_when_its_takes_say_so_and_a_microphone_hears_the_others(recordings: list[Recording]) -> None:
    staged = stage(Scene("x", (strip("Vox", Take("lead_vocal", 3, 5), gain=6), strip("DI", "bass")), seconds=8), recordings)
    level = decibels((staged.own ** 2).mean(axis=0))
    assert np.abs(staged.own[:3 * RATE, 0]).max() == np.abs(staged.own[5 * RATE:, 0]).max() == 0
    assert decibels((staged.dry[6 * RATE:, 0] ** 2).mean()) - level[1] == pytest.approx(-30 + 6, abs=0.1)
    np.testing.assert_array_equal(staged.dry[:, 1], staged.own[:, 1])     # a cable hears nobody
    assert staged.plays[:, 0].sum() == pytest.approx(20, abs=4)


def test_a_scene_is_the_same_every_time_and_nobody_plays_twice(recordings: list[Recording]) -> None:
    np.testing.assert_array_equal(duo(recordings).dry, duo(recordings).dry)
    with pytest.raises(Missing, match="two: nothing to hear for 'Keys 2', expected a recording of keys"):
        stage(Scene("two", (strip("Keys 1", "keys"), strip("Keys 2", "keys"))), recordings)
    both = stage(Scene("one", (strip("DI", "bass"), strip("Mic", "= DI", role="bass")), seconds=2), recordings)
    np.testing.assert_array_equal(both.own[:, 0], both.own[:, 1])


def test_a_part_off_its_place_is_an_error_of_that_much(recordings: list[Recording]) -> None:
    staged = duo(recordings)
    for off, error in ((-1.5, 0.0), (2.5, 4.0)):      # pop: the lead 1.5 over the band
        case = played(staged, [0.0, off])
        assert case.errors_at(20) == pytest.approx([0, error], abs=0.1)
        assert over(case, False) == pytest.approx(error, abs=0.1)
    assert len(case.errors_at(60)) == 0


def test_convergence_and_healing_are_counted_from_what_happened(recordings: list[Recording]) -> None:
    staged = duo(recordings, (Hand(22.0, "Keys", "keys"),))
    gain = np.tile([0.0, -1.5], (staged.ticks, 1))
    gain[:290, 1] += 6
    case = played(staged, gain)
    assert heal(case, open_mic=False) == pytest.approx(7.0, abs=0.2)
    assert np.isnan(heal(case, open_mic=True))
    assert converged(case) == pytest.approx(5.0, abs=1.0)      # of 5 s, three are right then
    assert heal(played(staged, [0.0, 6.0]), open_mic=False) == float("inf")


def test_music_belongs_ten_db_under_speech_and_back_after_it(recordings: list[Recording]) -> None:
    staged = talk(recordings)
    gain = np.tile([0.0, -1.5], (staged.ticks, 1))
    gain[20:232, 1] -= 8.5
    case = played(staged, gain)
    assert speech_over_music(case) == pytest.approx(10, abs=0.3)
    assert music_back(case) == pytest.approx(1.4, abs=0.4)
    assert np.nanmax(np.abs(case.offs)) == pytest.approx(0, abs=0.3)
    gone = played(staged, np.where(gain < -5, -22.0, gain))
    assert np.nanmin(gone.offs[:, [p.under for p in gone.parts]]) == pytest.approx(-10, abs=0.3)     # 12 too low, 2 of them tolerated


def test_what_is_raised_while_only_bleed_comes_in_is_told(recordings: list[Recording]) -> None:
    staged = stage(Scene("spare", (strip("Vox", "lead_vocal"), strip("Spare")), seconds=SECONDS), recordings)
    gain = np.zeros((staged.ticks, 2))
    gain[200:, 1] = 5
    case = played(staged, gain)
    assert (rise_in_silence(case), false_rides(case)) == (5, pytest.approx(5))
    assert rise_in_silence(played(staged, [3.0, 0.0])) == 0


def test_who_is_unsure_and_loud_is_told(recordings: list[Recording]) -> None:
    case = played(duo(recordings), [0.0, 2.5])
    assert np.isnan(over(case, True))
    unsure = np.zeros_like(case.played.unsure)
    unsure[100:140, 1] = True
    case = SceneCase.of(case.staged, replace(case.played, unsure=unsure))
    assert over(case, True) == pytest.approx(4, abs=0.1)


def test_recordings_are_found_by_list_too_and_a_speaker_is_one(tmp_path: Path) -> None:
    song_folder(tmp_path / "speech", {f"{n}.wav": noise(1, 0.05, n) for n in range(3)})
    (tmp_path / "manifest.csv").write_text("file,class,speaker_or_recording,seconds\n" + "".join(f"speech/{n}.wav,speech,{'ab'[n // 2]},1\n" for n in range(3)))
    found = find([tmp_path])
    assert [(r.role, len(r.pieces), r.seconds) for r in found] == [("speech", 2, 2.0), ("speech", 1, 1.0)]
    assert len(found[0].read(5 * RATE)) == 5 * RATE


@pytest.mark.parametrize("roles", ["given", "named", "heard"])
def test_the_box_plays_scenes_of_the_demo_gig(roles: str) -> None:
    scene = replace(next(s for s in BOOK if s.name == "two singers and a guitar"), seconds=5.0)
    case = measure(scene, find([DEMO]), roles)
    lines = table([case], roles).splitlines()
    assert len({line.count(" | ") for line in lines if "---" not in line}) == 1
    assert lines[0].count("<br>") == len(figures(roles)) - 1      # all but one have a goal
    assert [s["is"] for s in record(case, roles)["strips"]] == ["lead_vocal", "backing_vocal", "electric_guitar"]      # type: ignore[attr-defined]
    assert ("lead_vocal" in {s["taken for"].get(20) for s in record(case, roles)["strips"]}) is False      # it is over by then


def test_every_scene_has_a_name_of_its_own_and_sounds_in_the_end() -> None:
    assert len({scene.name for scene in BOOK}) == len(BOOK) >= 22
    for scene in BOOK:
        assert len({s.name for s in scene.strips}) == len(scene.strips), scene.name
        assert scene.last < scene.seconds - 5, scene.name
