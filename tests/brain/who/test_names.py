"""What a name says of a role: right or silent, in seven languages, as bands write."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigbox.brain.who.names import role_of

HERE = Path(__file__).parent


def table(file: str) -> list[tuple[str, set[str]]]:
    rows = [line.split("\t") for line in (HERE / file).read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(name, set(roles.split("|"))) for name, roles, _ in rows]


def figures(file: str) -> tuple[float, float, float]:
    """Shares of names that are right or silent, wrong, and named at all, of those that say something."""
    said = [(role_of(name), right) for name, right in table(file)]
    wrong = [guess for guess, right in said if guess and guess.role not in right]
    meant = [guess for guess, right in said if "-" not in right]
    return 1 - len(wrong) / len(said), len(wrong) / len(said), sum(guess is not None for guess in meant) / len(meant)


@pytest.mark.parametrize("file", ["channel_names.tsv", "channel_names_aside.tsv", "channel_names_later.tsv"])
def test_names_of_bands_are_right_or_silent_and_most_are_named(file: str) -> None:
    right, wrong, named = figures(file)
    assert right >= 0.97
    assert wrong <= 0.01
    assert named >= 0.9


def test_there_are_300_names_in_seven_languages() -> None:
    lines = [line for file in ("channel_names.tsv", "channel_names_aside.tsv") for line in (HERE / file).read_text("utf-8").splitlines() if "\t" in line]
    assert len(lines) >= 300
    assert {line.split("\t")[2] for line in lines} == {"en", "de", "fr", "es", "it", "pt", "nl"}


@pytest.mark.parametrize("names", [
    ("Kick", "KICK", "01_kick.flac", "3-kick.ogg", "Kick 2", "kick_in", "KickIn", "Kick.In", "kicks"),
    ("Große Trommel", "GROSSE TROMMEL", "grosse-trommel", "Bass Drum", "bassdrum", "Bass-Drum", "bass drum L"),
])
def test_case_accents_numbers_joints_and_endings_do_not_matter(names: tuple[str, ...]) -> None:
    assert [(name, guess and guess.role) for name in names for guess in [role_of(name)]] == [(name, "kick") for name in names]


@pytest.mark.parametrize(("name", "role"), [
    ("Guitat", None), ("Guiatr", "electric_guitar"), ("Trompte", "brass_sax"), ("Keybaord", "keys"), ("Schlagzueg", "drums"), ("Pinao", "keys"),
    ("Snarre", "snare"), ("Geiger", None), ("Rider", None), ("Horne", None), ("Becker", None), ("Saxon", None)])
def test_a_misspelt_word_is_known_and_a_word_that_begins_alike_is_not(name: str, role: str | None) -> None:
    guess = role_of(name)
    assert (guess and guess.role) == role


@pytest.mark.parametrize("name", [
    "", "  ", "Anna", "7", "Ch 12", "Mic 3", "Track 07", "Audio 1", "SM58", "Kick + Bass", "Drum bass", "Snare Sax", "Drum Bus", "Vox Reverb", "Gtr FX",
    "🎤", "\x00", "Ünïcödé", "x" * 300, "Basil", "Tommy", "Logan", "Corinna", "Public Address Bus"])
def test_who_says_nothing_or_several_things_is_not_understood(name: str) -> None:
    assert role_of(name) is None


@pytest.mark.parametrize(("name", "role"), [
    ("bass drum", "kick"), ("bass", "bass"), ("bassoon", "brass_sax"), ("Bass Clarinet", "brass_sax"), ("Snare Drum", "snare"), ("Synth Bass", "bass"),
    ("Backing Track", "playback"), ("Backing Vox", "backing_vocal"), ("Twin Reverb", "electric_guitar"), ("Choir Pad", "synth"), ("Vox Amp", "electric_guitar"),
    ("Drum Kit OH", "hihat_overhead"), ("Click Track", "unused")])
def test_the_longest_word_counts(name: str, role: str) -> None:
    guess = role_of(name)
    assert guess is not None
    assert guess.role == role


@pytest.mark.parametrize(("name", "role"), [("Bass Vox", "lead_vocal"), ("Drum BV", "backing_vocal"), ("Keys Host", "speech")])
def test_the_voice_of_somebody_who_plays_is_a_voice(name: str, role: str) -> None:
    guess = role_of(name)
    assert guess is not None
    assert guess.role == role


def test_a_kind_is_a_hint_until_a_word_beside_it_says_more() -> None:
    names = ("Anna voc", "Lead voc Anna", "Voc back", "Git 2", "E-Git", "Git akust.", "Tom", "Tom 2")
    assert [guess and (guess.role, guess.sure) for guess in map(role_of, names)] == [
        ("lead_vocal", False), ("lead_vocal", True), ("backing_vocal", True), ("electric_guitar", False), ("electric_guitar", True), ("acoustic_guitar", True),
        ("tom", False), ("tom", True)]


def test_a_kind_and_a_hint_are_told_apart() -> None:
    found = [role_of(name) for name in ("Git 2", "Vox", "Kick", "Tom", "Pad")]
    assert [guess and (set(guess.roles), guess.hint) for guess in found] == [
        ({"electric_guitar", "acoustic_guitar"}, False), ({"lead_vocal", "backing_vocal"}, False), ({"kick"}, False), ({"tom"}, True), ({"synth"}, True)]


def test_who_sings_and_talks_by_one_microphone_is_a_voice() -> None:
    guess = role_of("Backing vocal and MC")
    assert guess is not None
    assert (guess.role, guess.sure, guess.hint, guess.roles) == ("backing_vocal", False, False, {"backing_vocal", "speech"})


def test_the_reason_is_the_name_as_it_was_typed() -> None:
    guess = role_of(" OH_L ")
    assert guess is not None
    assert guess.reason == "named 'OH_L'"
