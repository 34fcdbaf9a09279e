"""Who is who: a class is a role, of voices one leads, hands win, and nobody is renamed for a moment's doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from gigbox import params
from gigbox.brain.auto import Auto, Move
from gigbox.brain.who.casting import Casting, likely, possible
from gigbox.brain.who.recogniser import Verdict

ON, OFF = -25.0, -80.0


def sure(name: str, confidence: float = 0.95) -> Verdict:
    return Verdict(name, confidence, ((name, confidence), ("keys" if name != "keys" else "synth", 1 - confidence)), 5.0)


class Night:
    """Verdicts and levels as a test says; what was cast."""

    def __init__(self, given: Mapping[int, str] | None = None, names: Sequence[str] = ()) -> None:
        self.casting, self.auto, self.given, self.names = Casting(), Auto(), dict(given or {}), names

    def hear(self, verdicts: Sequence[Verdict], seconds: float, mode: str = "soundcheck", levels: Sequence[float] = (),
             own: Sequence[float] = ()) -> list[Move]:
        loudness, shares = np.array(levels or [ON] * len(verdicts)), np.array(own or [1.0] * len(verdicts))
        return [m for _ in range(round(seconds * 10))
                for m in self.casting.think(verdicts, loudness, self.given, mode, self.auto, self.names, shares)]

    def role(self, n: int) -> str:
        return params.ROLES[int(self.auto[f"strip/{n}/role"])]


def test_a_class_is_a_role_and_has_its_colour() -> None:
    night = Night()
    moves = night.hear([sure("kick"), sure("bass")], 0.1)
    assert (night.role(1), night.role(2)) == ("kick", "bass")
    assert params.COLOURS[int(night.auto["strip/1/colour"])] == "blue"
    assert "95%" in moves[0].why


def test_silence_and_doubt_name_nobody() -> None:
    night = Night()
    unsure = Verdict("", 0.4, (("keys", 0.4), ("synth", 0.3)), 1.0)
    assert night.hear([sure("silence_noise"), unsure, Verdict()], 10) == []


def test_long_doubt_is_taken_for_what_is_most_likely_and_says_so() -> None:
    night = Night()
    moves = night.hear([Verdict("", 0.65, (("keys", 0.65), ("synth", 0.3)), 6.0)], 0.1)
    assert night.role(1) == "keys"
    assert "not sure" in moves[0].why
    assert likely(Verdict("", 0.25, (("keys", 0.25),), 60.0)) == ""


@pytest.mark.parametrize(("level", "seconds", "role"), [(-21.0, 6.0, "playback"), (-21.0, 5.9, "unused"), (-36.0, 60.0, "unused")])
def test_playback_is_named_late_and_only_where_it_is_no_bleed(level: float, seconds: float, role: str) -> None:
    """The bleed of a whole band sounds like it."""
    night = Night()
    night.hear([sure("keys"), Verdict("playback", 0.95, (("playback", 0.95),), seconds)], 0.1, levels=[-20.0, level])
    assert (night.role(1), night.role(2)) == ("keys", role)


def test_who_sings_alone_leads() -> None:
    night = Night()
    both = [sure("singing"), sure("singing")]
    night.hear(both, 4, levels=[ON, ON])
    night.hear(both, 6, levels=[OFF, ON])
    assert (night.role(1), night.role(2)) == ("backing_vocal", "lead_vocal")


def test_of_two_who_sing_alike_the_first_leads_and_goes_on_leading() -> None:
    night = Night()
    both = [sure("singing"), sure("singing")]
    night.hear(both, 10)
    assert (night.role(1), night.role(2)) == ("lead_vocal", "backing_vocal")
    night.hear(both, 0.5, levels=[OFF, ON])             # a line of one's own is not yet the lead
    assert night.role(1) == "lead_vocal"


def test_in_a_show_the_lead_stays_the_lead_until_another_has_sung_far_more() -> None:
    night = Night()
    both = [sure("singing"), sure("singing")]
    night.hear(both, 10)
    night.hear(both, 10, "show", [OFF, ON])
    assert (night.role(1), night.role(2)) == ("lead_vocal", "backing_vocal")
    night.hear(both, 60, "show", [OFF, ON])
    assert (night.role(1), night.role(2)) == ("backing_vocal", "lead_vocal")


def test_hands_win() -> None:
    night = Night({1: "speech", 2: "lead_vocal"})
    moves = night.hear([sure("singing"), sure("kick"), sure("singing")], 30, levels=[ON, ON, ON])
    assert not any(m.path.startswith(("strip/1/", "strip/2/")) for m in moves)
    assert night.role(3) == "backing_vocal"             # the lead that a hand named is the only one


def test_a_voice_that_only_talks_is_speech_and_one_in_company_sings() -> None:
    talk = Verdict("speech", 0.9, (("speech", 0.9), ("singing", 0.05)), 5.0)
    alone = Night()
    alone.hear([talk, sure("keys")], 10)
    assert alone.role(1) == "speech"
    company = Night()
    company.hear([talk, sure("singing")], 10)
    assert {company.role(1), company.role(2)} == {"lead_vocal", "backing_vocal"}


@pytest.mark.parametrize(("mode", "seconds"), [("soundcheck", 1.5), ("show", 20.0)])
def test_a_role_is_taken_back_only_after_it_was_heard_as_another_for_long(mode: str, seconds: float) -> None:
    night = Night()
    night.hear([sure("keys")], 5)
    night.hear([sure("synth")], seconds - 0.2, mode)
    assert night.role(1) == "keys"
    night.hear([sure("keys")], 0.2, mode)               # and the count begins anew
    night.hear([sure("synth")], seconds - 0.2, mode)
    assert night.role(1) == "keys"
    night.hear([sure("synth")], 0.6, mode)
    assert night.role(1) == "synth"


def test_who_was_named_for_the_bleed_of_others_gets_a_name_of_its_own_at_once() -> None:
    """Whoever sings at last into a microphone that heard but the others is no overhead for 20 s more."""
    night = Night()
    night.hear([sure("hihat_overhead")], 20)
    night.casting.forget(1)
    night.hear([Verdict()], 1, "show")
    assert night.role(1) == "hihat_overhead"
    night.hear([sure("singing")], 0.1, "show")
    assert night.role(1) == "lead_vocal"
    night.hear([sure("keys")], 19, "show")              # and then it is hers
    assert night.role(1) == "lead_vocal"


def test_in_a_show_a_role_changes_only_for_what_is_sure() -> None:
    night = Night()
    night.hear([sure("keys")], 5)
    night.hear([sure("synth", 0.8)], 60, "show")
    assert night.role(1) == "keys"


def test_a_strip_that_had_no_role_gets_one_at_once_in_a_show_too() -> None:
    night = Night()
    night.hear([sure("snare")], 0.1, "show")
    assert night.role(1) == "snare"


def test_a_name_that_nothing_speaks_for_any_more_is_taken_back_in_soundcheck_alone() -> None:
    for mode, left in (("soundcheck", "unused"), ("show", "lead_vocal")):
        night = Night()
        night.hear([sure("singing")], 5)
        night.hear([Verdict("", 0.3, (("synth", 0.3), ("keys", 0.2), ("playback", 0.2)), 20.0)], 5, mode)
        assert night.role(1) == left


GUESSED_VOICE = Verdict("", 0.69, (("singing", 0.69), ("hihat_overhead", 0.3)), 8.0)
TALK = Verdict("speech", 0.99, (("speech", 0.92), ("singing", 0.07)), 9.0)
UNHEARD = Verdict()


def test_a_guessed_voice_never_leads_until_it_is_sure() -> None:
    night = Night()
    night.hear([GUESSED_VOICE], 5)
    assert (night.role(1), night.casting.unsure) == ("backing_vocal", {1})
    night.hear([sure("singing")], 1)
    assert (night.role(1), night.casting.unsure) == ("lead_vocal", set())


@pytest.mark.parametrize(("left", "lead"), [(0.6, 1), (0.2, 2)])
def test_a_moments_doubt_makes_nobody_else_the_lead(left: float, lead: int) -> None:
    """Of two singers the first one, who leads, is no longer surely a voice; whether she rather is one decides."""
    night = Night()
    night.hear([sure("singing"), sure("singing")], 4, levels=[ON, ON])
    assert night.role(1) == "lead_vocal"
    moves = night.hear([Verdict("", left, (("singing", left), ("synth", 0.2)), 5.0), sure("singing")], 1, levels=[ON, ON])
    assert night.casting.lead == lead
    assert bool(moves) == (lead == 2)


def test_who_is_hardly_sure_displaces_no_lead_in_a_show() -> None:
    night = Night()
    pad = Verdict("singing", 0.77, (("singing", 0.76), ("synth", 0.2)), 20.0)
    night.hear([pad, sure("singing")], 4, levels=[OFF, ON])
    night.hear([pad, sure("singing")], 60, "show", levels=[ON, OFF])
    assert night.role(2) == "lead_vocal"


def test_a_guess_takes_nothing_from_a_role_that_was_surely_heard() -> None:
    night = Night()
    night.hear([sure("hihat_overhead"), sure("singing")], 2)
    night.hear([GUESSED_VOICE, sure("singing")], 40)
    assert (night.role(1), night.role(2)) == ("hihat_overhead", "lead_vocal")


def test_a_lead_that_turns_out_to_talk_is_no_lead_any_more() -> None:
    night = Night()
    night.hear([sure("singing"), sure("keys")], 3)
    night.hear([TALK, sure("keys")], 10)
    assert night.role(1) == "speech"


def test_who_has_sung_is_a_singer_also_while_she_talks() -> None:
    night = Night()
    night.hear([sure("singing"), sure("keys")], 10)
    night.hear([TALK, sure("keys")], 40, "show")
    assert night.role(1) == "lead_vocal"


def test_a_talker_stays_one_while_speech_is_likelier_than_singing() -> None:
    night = Night()
    night.hear([TALK, sure("keys")], 3)
    night.hear([Verdict("speech", 0.95, (("speech", 0.6), ("singing", 0.35)), 9.0), sure("keys")], 10)
    assert night.role(1) == "speech"


def test_two_who_talk_by_turns_are_talkers_though_each_is_heard_in_the_others_microphone() -> None:
    night = Night()
    for levels in ([ON, ON - 27], [ON - 27, ON]) * 2:
        night.hear([TALK, TALK], 8, levels=levels)
        assert (night.role(1), night.role(2)) == ("speech", "speech")


def test_what_was_heard_of_a_voice_before_she_came_in_was_somebody_else() -> None:
    night = Night()
    night.hear([sure("singing"), sure("singing")], 20, levels=[ON, ON - 20])
    assert night.casting.voices.of[2].sounded > 15
    night.hear([sure("singing"), sure("singing")], 1, levels=[ON, ON])
    assert night.casting.voices.of[2].sounded < 2


def test_many_who_sing_together_all_the_time_are_a_choir_that_nobody_leads() -> None:
    night = Night()
    night.hear([sure("singing"), sure("singing"), sure("singing"), sure("keys")], 10)
    assert [night.role(n) for n in (1, 2, 3)] == ["backing_vocal"] * 3
    band = Night()
    band.hear([sure("singing")] * 3 + [sure(name) for name in ("kick", "bass", "keys")], 10)
    assert [band.role(n) for n in (1, 2, 3)] == ["lead_vocal", "backing_vocal", "backing_vocal"]


def test_the_confidence_is_about_what_is_said() -> None:
    why = Night().hear([TALK], 0.1)[0].why
    assert "speech (92%, else singing 7%)" in why


def test_what_is_only_bleed_is_no_guess_and_no_recording() -> None:
    night = Night()
    night.hear([Verdict("", 0.65, (("drums", 0.65), ("tom", 0.3)), 8.0), sure("playback")], 10, own=[0.2, 0.2])
    assert (night.role(1), night.role(2)) == ("unused", "unused")
    night.hear([Verdict("", 0.65, (("drums", 0.65), ("tom", 0.3)), 8.0), Verdict("playback", 0.95, (("playback", 0.95),), 8.0)], 10, own=[0.9, 0.9])
    assert (night.role(1), night.role(2)) == ("drums", "playback")


def test_a_name_counts_before_anything_is_heard_and_is_the_reason() -> None:
    night = Night(names=["Kick", "Lead Vox", "Spare"])
    moves = night.hear([UNHEARD] * 3, 0.1)
    assert [night.role(n) for n in (1, 2, 3)] == ["kick", "lead_vocal", "unused"]
    assert [m.why for m in moves if m.path.endswith("/role")][:2] == ["strip 1 is named 'Kick'", "strip 2 is named 'Lead Vox'"]
    assert night.casting.unsure == set()


def test_a_hand_counts_before_a_name_and_a_name_before_what_is_heard() -> None:
    night = Night({1: "snare"}, names=["Kick", "Bass"])
    moves = night.hear([sure("tom"), sure("singing", 0.99)], 30)
    assert not any(m.path == "strip/1/role" for m in moves)
    assert night.role(2) == "bass"


def test_where_a_name_and_the_sound_disagree_it_is_said_once_and_the_name_counts() -> None:
    night = Night(names=["Kick", "Snare"])
    night.hear([Verdict("singing", 0.98, (("singing", 0.97), ("speech", 0.01)), 9.0), sure("drums", 0.99)], 30)
    assert night.casting.remarks == ["strip 1 is named 'Kick', but sounds like singing (98%); its name counts until somebody says otherwise"]
    assert night.role(1) == "kick"


def test_a_new_name_counts_at_once_in_a_show_too() -> None:
    night = Night(names=["Keys"])
    night.hear([sure("keys")], 10)
    night.names = ["Sax"]
    night.hear([sure("keys")], 0.1, "show")
    assert night.role(1) == "brass_sax"


def test_of_a_kind_the_sound_decides_which_and_nothing_else() -> None:
    night = Night(names=["Git 2", "Gitarre"])
    night.hear([UNHEARD] * 2, 0.1)
    assert (night.role(1), night.role(2)) == ("electric_guitar", "electric_guitar")
    night.hear([Verdict("keys", 0.8, (("keys", 0.8), ("acoustic_guitar", 0.15)), 5.0), sure("singing")], 10)
    assert (night.role(1), night.role(2)) == ("acoustic_guitar", "electric_guitar")


def test_who_is_called_a_voice_is_a_singer_and_the_first_leads_before_anybody_sings() -> None:
    night = Night(names=["Anna voc", "Vox 2"])
    night.hear([UNHEARD] * 2, 0.1)
    assert (night.role(1), night.role(2)) == ("lead_vocal", "backing_vocal")
    night.hear([TALK, sure("singing")], 10, levels=[OFF, ON])
    assert (night.role(1), night.role(2)) == ("backing_vocal", "lead_vocal")


def test_a_name_that_may_mean_something_else_is_a_hint_and_no_more() -> None:
    night = Night(names=["Tom", "Tom", "Tom"])
    night.hear([UNHEARD, Verdict("", 0.4, (("kick", 0.4), ("tom", 0.2)), 9.0), Verdict("singing", 0.98, (("singing", 0.98),), 9.0)], 3)
    assert [night.role(n) for n in (1, 2, 3)] == ["tom", "tom", "lead_vocal"]
    assert night.casting.unsure == {1, 2}


def test_a_voice_that_nobody_is_sure_of_may_back_and_never_lead_and_noise_belongs_nowhere() -> None:
    assert possible(Verdict("", 0.5, (("singing", 0.5), ("silence_noise", 0.3), ("keys", 0.2)), 9.0)) == (("backing_vocal", 0.5), ("keys", 0.2))
    assert possible(Verdict("", 0.5, (("speech", 0.5), ("synth", 0.2)), 9.0)) == (("backing_vocal", 0.5), ("synth", 0.2))


def test_who_sing_in_turns_both_lead_and_who_sings_with_them_backs() -> None:
    night = Night()
    for on in ((ON, OFF, OFF), (OFF, ON, OFF), (ON, OFF, OFF), (OFF, ON, OFF), (ON, OFF, ON), (OFF, ON, ON)) * 2:
        night.hear([sure("singing")] * 3, 2, "show", levels=on)
    assert [night.role(n) for n in (1, 2, 3)] == ["lead_vocal", "lead_vocal", "backing_vocal"]


def test_who_sings_in_turns_with_a_lead_that_others_back_leads_too() -> None:
    night = Night()
    for on in ((ON, OFF, ON), (OFF, ON, OFF)) * 5:
        night.hear([sure("singing")] * 3, 2, "show", levels=on)
    assert [night.role(n) for n in (1, 2, 3)] == ["lead_vocal", "lead_vocal", "backing_vocal"]


def test_a_phrase_alone_makes_nobody_a_lead_beside_one_who_sings_much_more() -> None:
    night = Night()
    for on in ((ON, OFF), (ON, OFF), (ON, OFF), (OFF, ON)) * 3:
        night.hear([sure("singing")] * 2, 2, "show", levels=on)
    assert [night.role(n) for n in (1, 2)] == ["lead_vocal", "backing_vocal"]


def test_who_is_far_under_the_loudest_leads_in_no_turn() -> None:
    night = Night()
    for on in ((ON, OFF), (OFF, ON - 20)) * 6:
        night.hear([sure("singing")] * 2, 2, "show", levels=on)
    assert night.role(2) == "backing_vocal"


def test_turns_do_not_end_with_one_phrase_together() -> None:
    night = Night()
    for on in ((ON, OFF), (OFF, ON)) * 4 + ((ON, ON),) * 3:
        night.hear([sure("singing")] * 2, 2, "show", levels=on)
    assert night.role(2) == "lead_vocal"


def test_beside_a_lead_that_was_told_nobody_takes_turns() -> None:
    night = Night({1: "lead_vocal"})
    for on in ((ON, OFF), (OFF, ON)) * 5:
        night.hear([sure("singing")] * 2, 2, "show", levels=on)
    assert night.role(2) == "backing_vocal"


def test_of_two_singers_the_one_who_sings_now_counts_for_more_than_the_one_of_minutes_ago() -> None:
    """Both count alike where they sing alike; and of those who take turns all counts, since each is silent for a verse."""
    alike, later, turns = Night(), Night(), Night()
    alike.hear([sure("singing")] * 2, 40, levels=[ON, ON])
    later.hear([sure("singing")] * 2, 60, levels=[ON, OFF])
    later.hear([sure("singing")] * 2, 15, "show", levels=[OFF, ON])
    for on in ((ON, OFF), (OFF, ON)) * 2:
        turns.hear([sure("singing")] * 2, 20, "show", levels=on)
    sung = [[night.casting.voices.sung(n)[0] for n in (1, 2)] for night in (alike, later, turns)]
    assert sung[0][0] == pytest.approx(sung[0][1])
    assert sung[1][1] > sung[1][0]
    assert turns.casting.voices.turns == {2}
    assert sung[2][0] == pytest.approx(sung[2][1])


def test_who_is_named_within_a_second_behind_another_is_named_together() -> None:
    """A band that begins is looked at strip by strip; each name a sentence would be a page."""
    night = Night()
    known = [Verdict()] * 5
    moves: list[tuple[int, str]] = []
    for n, name in enumerate(("kick", "bass", "keys", "strings", "synth")):
        known[n] = sure(name)
        moves += [(n, move.path) for move in night.hear(known, 0.2) if move.path.endswith("/role")]
    moves += [(9, move.path) for move in night.hear(known, 1.0) if move.path.endswith("/role")]
    assert [when for when, _ in moves] == [0, 9, 9, 9, 9]
