"""When a song is over: silence of what carries it, not of those who talk."""

from __future__ import annotations

from collections.abc import Sequence

from gigbox.brain.taste.song_end import SongEnd

BAND = ("lead_vocal", "keys", "ambience", "unused")
TALK = ("speech", "speech")


def ends(songs: SongEnd, roles: Sequence[str], *parts: tuple[float, Sequence[bool]], start: float = 100.0) -> list[float]:
    """Seconds at which songs ended, through parts of (seconds, who plays)."""
    now, found = start, []
    for seconds, active in parts:
        for _ in range(round(seconds * 2)):
            now += 0.5
            if songs.tick(now, roles, active):
                found.append(now - start)
    return found


def test_a_song_ends_6_s_behind_its_last_note() -> None:
    assert ends(SongEnd(), BAND, (60, [True, True, True, False]), (30, [False] * 4)) == [66.0]


def test_a_singer_who_talks_between_songs_does_not_go_on_with_the_song() -> None:
    assert ends(SongEnd(), BAND, (60, [True, True, True, False]), (30, [True, False, True, False])) == [66.0]


def test_a_break_within_a_song_is_not_its_end() -> None:
    playing, still = [True, True, False, False], [True, False, False, False]
    assert ends(SongEnd(), BAND, (40, playing), (5, still), (40, playing), (10, still)) == [91.0]


def test_a_riff_between_songs_is_no_song() -> None:
    playing, still = [True, True, False, False], [False] * 4
    assert ends(SongEnd(), BAND, (60, playing), (10, still), (20, playing), (60, still)) == [66.0]


def test_where_only_voices_are_on_stage_they_carry_it() -> None:
    assert ends(SongEnd(), TALK, (60, [True, False]), (10, [False, False])) == [66.0]


def test_what_was_not_seen_does_not_count() -> None:
    songs = SongEnd()
    assert ends(songs, BAND, (40, [True] * 4)) == []
    assert ends(songs, BAND, (10, [False] * 4), start=9000.0) == []
