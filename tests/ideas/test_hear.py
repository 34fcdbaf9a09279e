"""Tempo, beats, key and chords of a band, heard through the strips that tell them."""

from __future__ import annotations

import numpy as np
import pytest

from gigbox.errors import ModelError
from gigbox.ideas.hear.beat import BeatEar
from gigbox.ideas.hear.chords import ChordEar
from gigbox.ideas.hear.key import KeyEar
from gigbox.ideas.hear.key_profiles import FILE, key_profiles
from gigbox.ideas.hear.lead import LeadEar
from gigbox.ideas.hear.listener import Listener
from gigbox.ideas.hear.mixdown import PIECE, Mixdown
from tests.ideas.band import ROLES, band, chord, hear, right, tone

SONG = ["C", "Am", "F", "G"] * 2


@pytest.fixture(scope="module")
def heard() -> tuple[Listener, list[str]]:
    return hear(band(SONG))


def test_chords_are_right_by_time(heard: tuple[Listener, list[str]]) -> None:
    assert right(heard[1], SONG) > 0.85


def test_the_key_is_that_of_the_song(heard: tuple[Listener, list[str]]) -> None:
    key = heard[0].now.key
    assert key
    assert (key.name, set(key.scale)) == ("C major", {0, 2, 4, 5, 7, 9, 11})


def test_the_tempo_is_known_after_five_seconds() -> None:
    listener, _ = hear(band(SONG[:3], bpm=124)[: 5 * 48000])
    assert listener.now.bpm == pytest.approx(124, rel=0.04)


def test_beats_come_where_they_are(heard: tuple[Listener, list[str]]) -> None:
    times = [at for at in heard[0].memory.times if at > 4]
    away = [abs(at / 0.6 - round(at / 0.6)) * 0.6 for at in times]
    assert len(times) > 18
    assert max(away) < 0.07


def test_a_minor_song_is_heard_as_one() -> None:
    listener, _ = hear(band(["Am", "Dm", "Am", "E", "Am", "F", "E", "Am"]))
    assert listener.now.key
    assert listener.now.key.name == "A minor"


def test_an_instrument_out_of_tune_plays_the_same_chords() -> None:
    _, found = hear(band(SONG, cents=35))
    assert right(found, SONG) > 0.8


def test_drums_and_voices_are_not_chords() -> None:
    """A loud wrong voice and loud drums change nothing."""
    sound = band(SONG)
    wrong = 3 * band(["F#"] * len(SONG))[:, 0]
    _, found = hear(np.column_stack([sound, wrong]), (*ROLES, "lead_vocal"))
    assert right(found, SONG) > 0.85
    _, fooled = hear(np.column_stack([sound, wrong]), (*ROLES, "keys"))
    assert right(fooled, SONG) < right(found, SONG)


def test_levels_of_preamplifiers_do_not_matter() -> None:
    _, found = hear(band(SONG) * np.array([0.02, 0.5, 0.7], np.float32))
    assert right(found, SONG) > 0.85


def test_each_instrument_counts_alike_however_loud_it_is() -> None:
    t = np.arange(PIECE) / 48000
    sound = np.column_stack([0.5 * np.sin(2 * np.pi * 440 * t), 0.005 * np.sin(2 * np.pi * 1000 * t)]).astype(np.float32)
    mixdown = Mixdown()
    for _ in range(3):
        harmony = mixdown.take(sound, ("keys", "electric_guitar"))[0][:, 0]
    spectrum = np.abs(np.fft.rfft(harmony))
    assert spectrum[100] == pytest.approx(spectrum[44], rel=0.1)


def test_a_finished_mix_is_heard_where_nobody_plays_chords() -> None:
    _, found = hear(band(SONG).sum(axis=1, keepdims=True), ("playback",))
    assert right(found, SONG) > 0.75


def test_chords_alone_have_a_tempo_too() -> None:
    listener, _ = hear(band(SONG, drums=False))
    assert listener.now.bpm == pytest.approx(100, rel=0.04)


def test_silence_has_no_chord_and_no_tempo() -> None:
    listener, found = hear(np.zeros((4 * 48000, 3), np.float32))
    assert (set(found), listener.now.bpm, listener.now.key) == ({""}, 0.0, None)


def test_samples_that_are_no_numbers_harm_nothing() -> None:
    sound = band(SONG)
    sound[100000:104000] = np.nan
    sound[110000, 0] = np.inf
    _, found = hear(sound)
    assert right(found, SONG) > 0.75


def test_a_strip_that_comes_or_goes_ends_nothing() -> None:
    listener, sound = Listener(), band(SONG)
    listener.hear(sound[:PIECE], ROLES)
    listener.hear(sound[:PIECE, :2], ROLES[:2])
    listener.hear(np.zeros((PIECE, 0), np.float32), ())
    assert listener.hear(sound[:PIECE], ROLES).seconds == pytest.approx(0.4)


def test_what_is_told_is_sure_where_it_is_clear_and_not_where_it_is_not() -> None:
    clear, blurred = np.zeros(24), np.full(24, 1 / 12)
    clear[[0, 4, 7]], clear[12] = 1 / 3, 1.0
    ear = ChordEar()
    for _ in range(20):
        sure = ear.hear(clear)
    other = ChordEar()
    for _ in range(20):
        unsure = other.hear(blurred)
    assert sure.chord
    assert (sure.chord.name, sure.sure > 0.95, unsure.sure < 0.3) == ("C", True, True)


def test_another_key_is_believed_after_three_seconds_and_not_before() -> None:
    ear = KeyEar()
    c, e = np.zeros(24), np.zeros(24)
    c[[0, 2, 4, 5, 7, 9, 11]], e[[4, 6, 8, 9, 11, 1, 3]] = 1 / 7, 1 / 7
    c[[0, 7]] += 0.2
    e[[4, 11]] += 0.2
    for _ in range(100):
        first = ear.hear(c, None, 0.0)
    scores = [ear.hear(e * 100, None, 0.0) for _ in range(40)]
    assert first
    assert (first.name, scores[25] and scores[25].name, scores[-1] and scores[-1].name) == ("C major", "C major", "E major")


def key_of(names: str) -> str:
    """Of a loop that goes round four times, two seconds a chord, heard without a fault."""
    ear, key = KeyEar(), None
    for name in names.split() * 4:
        sounds, now = np.zeros(24), chord(name)
        sounds[list(now.tones)], sounds[12 + now.root] = 1 / 3, 1.0
        for _ in range(20):
            key = ear.hear(sounds, now, 0.9)
    return key.name if key else ""


@pytest.mark.parametrize("names", ["F C G Am", "F G Am C", "Dm G C", "F C Am G", "C G Am F"])
def test_a_loop_has_the_key_of_its_chords_wherever_it_begins(names: str) -> None:
    """Pitch classes and the first chord alone would say F, and G."""
    assert key_of(names) == "C major"


def test_the_same_chords_are_another_key_where_they_say_so() -> None:
    assert [key_of(names) for names in ("Am F C G", "C Am F G", "Am G F E", "Cm Bb Ab G")] == ["A minor", "C major", "A minor", "C minor"]


def test_profiles_that_are_broken_are_told_in_a_line() -> None:
    with pytest.raises(ModelError, match=r"nowhere.npz: .*expected the file that models/ideas makes"):
        key_profiles(FILE.with_name("nowhere.npz"))


def test_a_song_that_says_too_little_is_in_the_key_of_its_first_chord() -> None:
    """Am and C alone: both keys have them."""
    found = []
    for first, second in (("Am", "C"), ("C", "Am")):
        listener, _ = hear(band([first, second] * 3))
        found.append(listener.now.key and listener.now.key.name)
    assert found == ["A minor", "C major"]


def test_tempo_follows_a_band_that_gets_faster() -> None:
    ear, at, found = BeatEar(), 0.0, []
    grid = np.zeros(4000)
    while at < 39.5:
        grid[int(at * 100)] = 1.0
        at += 60 / (100 + at / 2)
    for n in range(400):
        found += ear.hear(grid[n * 10: n * 10 + 10])
    assert ear.bpm == pytest.approx(118, rel=0.04)


def test_the_mixdown_does_not_depend_on_how_it_is_seen() -> None:
    """The low sounds of two pieces are those of one stream: nothing clicks at the seam."""
    sound = np.column_stack([np.sin(2 * np.pi * 440 * np.arange(4 * PIECE) / 48000)] * 2).astype(np.float32)
    mixdown = Mixdown()
    low = np.concatenate([mixdown.take(sound[n * PIECE: (n + 1) * PIECE], ("keys", "bass"))[0] for n in range(4)])[PIECE // 2:, 0]
    steps = np.abs(np.diff(low, n=2))
    assert steps.max() < 1.2 * 0.1 * np.sqrt(2) * (2 * np.pi * 440 / 12000) ** 2


def test_the_tune_so_far_is_known_by_its_range_and_steps() -> None:
    ear = LeadEar()
    sound = np.concatenate([0.2 * tone(pitch, 24000) for pitch in (60, 62, 64, 65, 67, 65, 64, 62, 60, 62, 64, 60)]).astype(np.float32)
    for n in range(len(sound) // PIECE):
        ear.hear(sound[n * PIECE: (n + 1) * PIECE, None], ("lead_vocal",))
    manner = ear.manner()
    assert manner.low <= 60
    assert manner.high >= 67
    assert manner.steps.sum() >= 8
    assert manner.steps[14 - 4: 14 + 5].sum() == manner.steps.sum()
