"""Who is who: a class is a role, of voices one leads, hands win, and nobody is renamed for a moment's doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from gigbox import params
from gigbox.brain.auto import Auto, Move
from gigbox.brain.who.casting import Casting, likely
from gigbox.brain.who.recogniser import Verdict

ON, OFF = -25.0, -80.0


def sure(name: str, confidence: float = 0.95) -> Verdict:
    return Verdict(name, confidence, ((name, confidence), ("keys" if name != "keys" else "synth", 1 - confidence)), 5.0)


class Night:
    """Verdicts and levels as a test says; what was cast."""

    def __init__(self, given: Mapping[int, str] | None = None) -> None:
        self.casting, self.auto, self.given = Casting(), Auto(), dict(given or {})

    def hear(self, verdicts: Sequence[Verdict], seconds: float, mode: str = "soundcheck", levels: Sequence[float] = ()) -> list[Move]:
        loudness = np.array(levels or [ON] * len(verdicts))
        return [m for _ in range(round(seconds * 10)) for m in self.casting.think(verdicts, loudness, self.given, mode, self.auto)]

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
