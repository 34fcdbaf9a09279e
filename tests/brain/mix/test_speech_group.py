"""Talkers share one gain, and playback makes way for whoever speaks."""

from __future__ import annotations

from gigbox.brain.mix.speech_group import AFTER_S, DUCK_DB, SpeechGroup
from gigbox.brain.roles.roles import STYLES
from tests.brain.band import band, tick


def test_gain_is_shared_among_speech_microphones_only() -> None:
    stage = band("speech", "lead_vocal", "speech", "keys", "ambience")
    tick(SpeechGroup(), stage)
    assert [stage.auto[f"strip/{n}/share/on"] for n in range(1, 6)] == [1, 0, 1, 0, 0]


def test_one_talker_has_nobody_to_share_with() -> None:
    stage, speech = band("speech", "lead_vocal"), SpeechGroup()
    assert tick(speech, stage) == []
    stage.sources[1].role_name = "speech"
    tick(speech, stage)
    assert (stage.auto["strip/1/share/on"], stage.auto["strip/2/share/on"]) == (1, 1)
    stage.sources[1].role_name = "lead_vocal"
    tick(speech, stage)
    assert (stage.auto["strip/1/share/on"], stage.auto["strip/2/share/on"]) == (0, 0)


def test_playback_gives_way_by_ten_db_while_somebody_speaks_and_less_to_a_singer() -> None:
    stage, speech = band("speech", "playback", "lead_vocal"), SpeechGroup()
    tick(speech, stage)
    assert stage.auto["strip/2/duck/level"] == 10
    stage.activity.active[0] = False
    tick(speech, stage, AFTER_S - 0.2)
    assert stage.auto["strip/2/duck/level"] == 10
    tick(speech, stage, 0.3)
    assert stage.auto["strip/2/duck/level"] == 3


def test_where_there_is_only_talk_the_duck_waits_for_the_next_word() -> None:
    stage, speech = band("speech", "playback"), SpeechGroup()
    stage.activity.active[:] = False
    tick(speech, stage, 20)
    assert stage.auto["strip/2/duck/level"] == 10


def test_instruments_do_not_give_way_to_talk_like_playback() -> None:
    stage = band("speech", "keys", "drums")
    assert not any("duck" in m.path for m in tick(SpeechGroup(), stage))


def test_talk_stands_eight_to_twelve_db_over_music_that_gives_way() -> None:
    assert 8 <= STYLES["talk"].lead + DUCK_DB <= 12
