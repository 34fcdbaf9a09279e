"""The figures of a mix have the known answers where sounds are simple, and the table says them for a whole song."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from engine.sounds import RATE, noise, song_folder, tone, voice

from gigbox.engine.song import Song, parse_roles
from tests.measures.balance import false_rise
from tests.measures.bleed import staged
from tests.measures.figures import FIGURES, Case, convergence, crest, imbalance, lar_error, mono_loss, riding, wander, width
from tests.measures.mixture import report
from tests.measures.places import OFFSETS, common_trim, common_trim_by_then, wanted_by_then
from tests.measures.reference import imply, nearness, read_reference
from tests.measures.spectrum import OCTAVES, erb_powers, hidden, mean_mix, octave_levels, tilt
from tests.measures.systems import Material, Mixed, equal, raw, static

SECONDS = 24.0
SINGER, BASS = 0.2, 0.05      # amplitudes


@pytest.fixture(scope="module")
def duo(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A singer and a bass, one sine each, both of 1 kHz's neighbourhood, where K weighs alike; the bass 12 dB lower."""
    files = {"1.wav": tone(1000, SECONDS, amplitude=SINGER), "2.wav": tone(1010, SECONDS, amplitude=BASS)}
    return Material.read(Song.open(song_folder(tmp_path_factory.mktemp("duo"), files, subtype="FLOAT"), parse_roles("1=lead_vocal,2=bass")))


def case_of(mix: np.ndarray, material: Material, lar: float = 1.5) -> Case:
    return Case(material, Mixed("x", [mix / 2, mix / 2], np.zeros((len(mix) // 4800, 2)), mix), lar)


def value(case: Case, head: str) -> float:
    return next(f for f in FIGURES if f.head == head).of(case)


def test_the_lead_over_all_else_is_the_ratio_of_their_powers(duo: Material) -> None:
    assert Case(duo, raw(duo), 1.5).lars[0] == pytest.approx(12.04, abs=0.05)
    assert Case(duo, equal(duo), 1.5).lars[0] == pytest.approx(0, abs=0.05)
    assert Case(duo, static(duo), 1.5).lars[0] == pytest.approx(3, abs=0.05)


def test_one_trim_for_the_band_makes_the_lar_that_is_wanted(duo: Material) -> None:
    assert common_trim(duo.roles, duo.on, duo.powers, 1.5) == pytest.approx(1.5, abs=0.05)


def test_the_trim_by_then_knows_only_what_was_heard() -> None:
    """A verse over a soft bass, then one over a bass 20 dB louder: at first the band may stand higher than the whole song says it should have."""
    on, powers = np.ones((400, 2), bool), np.ones((400, 2))
    on[:50, 0] = False
    powers[:200, 1] = 0.01
    roles = ["lead_vocal", "bass"]
    by_then, whole = common_trim_by_then(roles, on, powers, 1.5), common_trim(roles, on, powers, 1.5)
    assert np.isnan(by_then[:50]).all()
    assert by_then[100:200] == pytest.approx(1.5)
    assert whole < by_then[-1] < 1.5
    assert wanted_by_then(roles, by_then)[100] == pytest.approx([0.0, OFFSETS["bass"] + 1.5])


def test_a_part_off_its_place_is_an_error_of_that_much(duo: Material) -> None:
    static_, raw_ = Case(duo, static(duo), 3.0), Case(duo, raw(duo), 3.0)
    assert static_.errors.max() == pytest.approx(0, abs=0.05)
    assert lar_error(static_) == pytest.approx(0, abs=0.05)
    assert raw_.errors.mean() == pytest.approx(9.04 / 2, abs=0.05)     # the bass 9 LU too low, the lead at its place
    assert value(raw_, "p95 LU") == pytest.approx(9.04, abs=0.05)


def test_convergence_is_when_the_error_stays_small(duo: Material) -> None:
    start = raw(duo)
    gain = np.tile([0.0, 9.04], (duo.ticks, 1))
    gain[:80, 1] = 0
    late = Mixed("x", [start.stems[0], start.stems[1] * np.repeat(10 ** (gain[:, 1] / 20), 4800)[:, None]], gain, start.mix)
    assert convergence(Case(duo, late, 3.0)) == pytest.approx(8.6, abs=0.5)     # the mean of both over 1 s is below 2 LU
    assert convergence(Case(duo, start, 3.0)) == float("inf")
    assert convergence(Case(duo, static(duo), 3.0)) == 0


def test_movement_is_told_in_db_per_second_and_minute(duo: Material) -> None:
    gain = np.zeros((duo.ticks, 2))
    gain[:, 1] = np.arange(duo.ticks) * 0.05
    moving = Case(duo, Mixed("x", raw(duo).stems, gain, raw(duo).mix), 1.5)
    assert riding(moving) == pytest.approx(0.5)
    assert wander(moving) == pytest.approx(30, rel=0.03)


def test_only_what_is_silent_rises_falsely() -> None:
    power = np.repeat([1e-2, 1e-9], 50)
    for at, db in ((20, 0.0), (80, 0.5)):
        gain = np.zeros(100)
        gain[at:] = 0.5
        assert false_rise(gain, power).sum() == pytest.approx(db)


def test_sides_and_peaks(duo: Material) -> None:
    sine, other = tone(440, 6, amplitude=0.5), tone(660, 6, amplitude=0.5)
    middle, apart, right = np.stack([sine, sine], 1), np.stack([sine, other], 1), np.stack([0 * sine, sine], 1)
    assert crest(case_of(middle, duo)) == pytest.approx(3.01, abs=0.02)
    assert value(case_of(middle, duo), "peak dBTP") == pytest.approx(-6.02, abs=0.05)
    assert (width(case_of(middle, duo)), mono_loss(case_of(middle, duo))) == pytest.approx((0, 0), abs=1e-6)
    assert width(case_of(apart, duo)) == pytest.approx(1, abs=0.01)
    assert mono_loss(case_of(apart, duo)) == pytest.approx(3.01, abs=0.05)
    assert imbalance(case_of(right, duo)) == pytest.approx(1)
    assert value(case_of(middle, duo), "limiter p99 dB") == pytest.approx(0, abs=1e-6)
    halved = Mixed("x", [middle], np.zeros((60, 1)), middle / 2)
    assert value(Case(duo, halved, 1.5), "limiter p99 dB") == pytest.approx(6.02, abs=0.01)


def test_a_voice_is_hidden_by_what_is_louder_in_its_own_bands() -> None:
    on = np.ones(30, bool)
    hiss = np.repeat(noise(3)[:, None], 2, 1)
    bands = erb_powers(hiss).shape[1]
    assert hidden(hiss, hiss, on) == 0
    assert hidden(hiss, 10 * hiss, on) == pytest.approx(14 * bands, abs=0.1)      # 20 dB less 6 in every band
    low, high = (np.repeat(tone(hz, 3)[:, None], 2, 1) for hz in (400, 4000))
    assert hidden(0.1 * low, high, on) == 0
    assert hidden(0.1 * low, low, on) > 14


def test_a_spectrum_is_as_far_from_itself_as_nothing_and_from_a_tilted_one_as_the_tilt() -> None:
    x = np.repeat(noise(4)[:, None], 2, 1)
    levels = octave_levels(x)
    np.testing.assert_allclose(np.diff(levels)[3:8], 3.01, atol=0.3)     # white noise: 3 dB an octave
    assert tilt(x * 0.1, levels) == pytest.approx(0, abs=0.01)
    assert tilt(x, levels + np.tile([2.0, -2.0], 5)) == pytest.approx(2, abs=0.01)
    assert len(mean_mix(1.5)) == len(OCTAVES)
    assert np.abs(np.diff(mean_mix(1.5))).max() < 12      # no hole and no peak
    assert (mean_mix(6) - mean_mix(0))[4] > 0 > (mean_mix(6) - mean_mix(0))[1]     # more voice: more at 500 Hz, less at 63 Hz


def test_the_gains_of_a_reference_are_found_and_a_mix_like_it_is_near(tmp_path: Path) -> None:
    t = np.arange(round(SECONDS * RATE)) / RATE
    sounds = [voice(SECONDS), tone(150, SECONDS) * (t % 2 < 1), noise(SECONDS) * (t % 0.5 < 0.2)]
    dB = np.array([3.0, -6.0, 0.0])
    folder = song_folder(tmp_path, {f"{n}.wav": 0.3 * x for n, x in enumerate(sounds)}, subtype="FLOAT")
    human = np.sum([0.3 * x * 10 ** (g / 20) for x, g in zip(sounds, dB, strict=True)], axis=0)
    soundfile.write(folder / "reference.w64", np.repeat(human[:, None], 2, 1), RATE, "FLOAT")
    (folder / "song.toml").write_text("".join(f'[[channel]]\nfile = "{n}.wav"\nrole = "{r}"\n' for n, r in enumerate(("lead_vocal", "bass", "snare")))
                                      + '[reference]\nfile = "reference.w64"\n')
    material = Material.read(Song.open(folder), 2 * SECONDS + 5)
    reference = read_reference(material)
    assert reference is not None
    implied = imply(material, reference)
    np.testing.assert_allclose(implied.gains - implied.gains[0], dB - dB[0], atol=0.5)
    stems = [np.repeat(material.dry[:, [n]] * 10 ** (g / 20), 2, 1) * 0.5 for n, g in enumerate(dB)]
    alike = nearness(material, Mixed("x", stems, np.zeros((material.ticks, 3)), np.sum(stems, axis=0)), reference, implied)
    unlike = nearness(material, equal(material), reference, implied)
    assert max(alike.bands_db, alike.contour_lu, alike.spectra_db) < 0.1 < 1 < min(unlike.bands_db, unlike.spectra_db)
    assert alike.contour > 0.999
    assert alike.gains_db < 0.5 < 1.5 < unlike.gains_db


def test_a_song_without_roles_keeps_its_sounds(duo: Material) -> None:
    bare = duo.song.without_roles()
    assert {(t.role, t.role_source) for t in bare.tracks} == {("unused", "heard")}
    assert [t.file for t in bare.tracks] == [t.file for t in duo.song.tracks]


def test_the_table_tells_every_system_and_marks_what_misses(tmp_path: Path) -> None:
    folder = song_folder(tmp_path / "trio", {"1.wav": voice(SECONDS, 0.03), "2.wav": tone(110, SECONDS, amplitude=0.02), "3.wav": noise(SECONDS, 0.01)})
    (folder / "song.toml").write_text("".join(f'[[channel]]\nfile = "{n}.wav"\nrole = "{r}"\n' for n, r in ((1, "lead_vocal"), (2, "bass"), (3, "synth"))))
    for roles in ("given", "heard"):
        rows = report([folder], ["ours", "raw", "equal"], roles, "rock", None).splitlines()
        assert rows[0].startswith(f"Style rock (LAR +0.0 dB), roles {roles}")
        assert [row.split(" | ")[1] for row in rows[4:7]] == ["gigbox", "raw sum", "equal loudness"]
        assert all(row.count("|") == rows[2].count("|") for row in rows[3:7])
        assert "| **" in rows[6]      # equal loudness misses the rock balance


def test_on_a_stage_who_plays_is_told_of_the_sources_alone(duo: Material, tmp_path: Path) -> None:
    """The singer's microphone hears the bass, which comes by cable; the second half is the bass alone."""
    half = Material(duo.song, duo.dry * np.repeat([[1, 1], [0, 1]], len(duo.dry) // 2, axis=0).astype(np.float32), duo.one_pass)
    staged_ = staged(half, tmp_path, 1)
    assert [track.role for track in staged_.song.tracks] == ["lead_vocal", "bass"]
    late = slice(staged_.ticks // 2 + 10, None)
    assert not staged_.on[late, 0].any()
    assert np.abs(staged_.dry[-RATE:, 0]).max() > 1e-3
