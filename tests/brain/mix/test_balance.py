"""Places: the role's, the style's, what taste taught, and one common trim that sets the band against the lead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gigbox.brain.hear.activity import Activity
from gigbox.brain.mix.balance import CAREFUL_DB, GUESS_DB, HELD_DB, RANGE_DB, SPARSE_DB, Balance, Taste, leading, no_taste
from gigbox.brain.roles import sources
from gigbox.brain.roles.roles import ROLES, STYLES

BAND = ("lead_vocal", "kick", "snare", "bass", "keys", "electric_guitar", "electric_guitar")


class Sounding:
    """Sources of which a test says who plays, and how far over its own average."""

    def __init__(self, *roles: str, taste: Taste = no_taste, style: str = "pop", mode: str = "soundcheck") -> None:
        self.sources, self.balance, self.style, self.mode = list(sources.find(roles)), Balance(taste), style, mode
        self.activity = Activity(np.zeros(len(roles)))
        self.activity.came[:] = -23.0

    def play(self, seconds: float, playing: Sequence[bool] | None = None, swing: Sequence[float] | None = None) -> float:
        """The common trim in the end."""
        on = np.array(playing if playing is not None else [True] * len(self.sources), bool)
        self.activity.active, self.activity.foreground = on, on
        momentary = self.activity.came + np.array(swing if swing is not None else np.zeros(len(on)))
        for _ in range(round(seconds * 10)):
            self.balance.think(self.sources, self.activity, momentary, self.style, self.mode)
        return self.balance.common

    def ratio(self, playing: Sequence[bool] | None = None) -> float:
        """dB of the lead over all else that plays, when each is at its place."""
        leads, on = leading(self.sources), np.array(playing if playing is not None else [True] * len(self.sources))
        power = np.where(np.isfinite(self.balance.offset), 10 ** (self.balance.offset / 10), 0) * on
        return float(10 * np.log10(power[leads].max() / power[~leads].sum()))


def others(*playing: int) -> list[bool]:
    """Who of BAND plays, by index."""
    return [n in playing for n in range(len(BAND))]


@pytest.mark.parametrize(("roles", "leads"), [
    (["lead_vocal", "speech", "keys"], [1, 0, 0]), (["speech", "keys", "speech"], [1, 0, 1]), (["lead_vocal", "lead_vocal"], [1, 1]),
    (["keys", "unused", "backing_vocal"], [0, 0, 0]), ([], [])])
def test_singers_lead_or_speech_where_there_is_none(roles: list[str], leads: list[int]) -> None:
    assert list(leading(list(sources.find(roles)))) == [bool(n) for n in leads]


@pytest.mark.parametrize("style", STYLES)
def test_the_lead_stands_over_the_band_as_the_style_has_it(style: str) -> None:
    stage = Sounding(*BAND, style=style)
    stage.play(30)
    assert stage.ratio() == pytest.approx(STYLES[style].lead, abs=HELD_DB["soundcheck"] + 0.05)


def test_the_common_trim_is_minus_lar_minus_the_bands_sum() -> None:
    """By hand: kick -4, snare -4, bass -3, keys -6, two guitars -5 are 3.5 dB together; pop wants the lead 1.5 over it."""
    band = 10 * np.log10(2 * 10**-0.4 + 10**-0.3 + 10**-0.6 + 2 * 10**-0.5)
    assert Sounding(*BAND).play(30) == pytest.approx(-1.5 - band, abs=HELD_DB["soundcheck"])


def test_it_moves_all_but_the_lead_alike() -> None:
    stage = Sounding(*BAND)
    stage.play(30)
    assert stage.balance.offset[0] == 0
    apart = stage.balance.offset[1:] - [ROLES[role].offset for role in BAND[1:]]
    np.testing.assert_allclose(apart, stage.balance.common)


def test_only_what_sounds_with_the_lead_counts() -> None:
    """The guitars are loud in the solos, and silent while she sings: then the rest may be that much louder."""
    stage = Sounding(*BAND)
    for _ in range(6):
        stage.play(4, others(0, 1, 2, 3, 4))
        stage.play(4, others(1, 2, 3, 4, 5, 6))
    assert stage.ratio(others(0, 1, 2, 3, 4)) == pytest.approx(STYLES["pop"].lead, abs=0.7)


def test_a_thin_verse_does_not_lift_the_band_beyond_bounds() -> None:
    stage = Sounding(*BAND)
    full = Sounding(*BAND).play(30)
    stage.play(30, others(1, 2, 3, 4, 5, 6))
    stage.play(6, others(0, 4))
    thinner = 10 * np.log10(30 / 24)            # what six thin seconds of thirty take from the average
    assert full + 3 < stage.balance.common <= full + SPARSE_DB + thinner + HELD_DB["soundcheck"]


def test_who_never_plays_counts_for_nothing() -> None:
    """A band of which one guitar is all that there is tonight is no thin verse of a whole band."""
    stage = Sounding(*BAND)
    stage.play(60, others(0, 5))
    assert stage.ratio(others(0, 5)) == pytest.approx(STYLES["pop"].lead, abs=HELD_DB["soundcheck"] + 0.05)


def test_until_the_lead_is_heard_the_band_waits_a_little_down_at_most() -> None:
    assert Sounding(*BAND).play(20, others(1, 2, 3, 4, 5, 6)) == GUESS_DB


def test_where_nobody_leads_places_are_the_roles() -> None:
    stage = Sounding("kick", "keys", "bass")
    stage.play(10)
    assert list(stage.balance.offset) == [-4, -6, -3]


def test_a_style_and_a_taste_move_a_place() -> None:
    stage = Sounding("kick", "bass", style="rap", taste=lambda kind, role, style: 1.5 if (kind, role, style) == ("level", "bass", "rap") else 0.0)
    stage.play(1)
    assert list(stage.balance.offset) == [-4 + 2, -3 + 2 + 1.5]


def test_who_has_no_role_has_no_place_and_counts_for_nothing() -> None:
    stage, without = Sounding(*BAND, "unused"), Sounding(*BAND)
    assert stage.play(20) == without.play(20)
    assert np.isnan(stage.balance.offset[-1])


def test_a_show_holds_the_trim_until_it_is_half_a_decibel_off() -> None:
    stage = Sounding(*BAND)
    stage.play(30)
    stage.mode, before = "show", stage.balance.common
    seen = {stage.play(0.1, swing=[0, *[0.15] * 6]) for _ in range(300)}
    assert seen == {before}
    assert stage.play(60, swing=[0, *[3.0] * 6]) < before - 1


@settings(max_examples=60, deadline=None)
@given(roles=st.lists(st.sampled_from([*ROLES, "unused"]), min_size=1, max_size=8), style=st.sampled_from(sorted(STYLES)), seed=st.integers(0, 10**6))
def test_the_common_trim_stays_in_its_range_whatever_plays(roles: list[str], style: str, seed: int) -> None:
    stage, dice = Sounding(*roles, style=style), np.random.default_rng(seed)
    for _ in range(8):
        common = stage.play(1, list(dice.random(len(roles)) < 0.6), list(dice.uniform(-30, 20, len(roles))))
        assert RANGE_DB[0] <= common <= RANGE_DB[1]
        assert np.isfinite(stage.balance.offset).all() == ("unused" not in roles)


def test_a_source_that_was_never_heard_breaks_nothing() -> None:
    stage = Sounding("lead_vocal", "keys")
    stage.activity.came[:] = np.nan
    assert np.isfinite(stage.play(5))


def test_who_comes_in_late_counts_as_he_plays_since_then() -> None:
    """A guitar that was not there yet says nothing of how it will play: the band makes way for it within seconds, as if it had always played."""
    late, always = Sounding(*BAND, mode="show"), Sounding(*BAND, mode="show")
    late.activity.came[5] = np.nan
    late.play(40, others(0, 1, 2, 3, 4, 6))
    late.activity.came[5] = -23.0
    assert late.play(2) == pytest.approx(always.play(42), abs=HELD_DB["show"])


@pytest.mark.parametrize(("likely", "place"), [
    ((("synth", 0.6), ("strings", 0.4)), -7.0),                             # both belong there
    ((("synth", 0.6), ("strings", 0.2)), -7.2),                             # and carefully by what is left
    ((("synth", 0.6), ("backing_vocal", 0.3), ("keys", 0.03)), -6.2),       # between both
    ((("backing_vocal", 0.6), ("hihat_overhead", 0.3)), -6.0),              # never more than 2 LU over the lowest
    ((("playback", 0.09),), ROLES["unknown"].offset - CAREFUL_DB),          # nothing is likely
    ((), ROLES["unknown"].offset - CAREFUL_DB)])
def test_who_is_unsure_belongs_where_what_it_may_be_does_on_average_and_hardly_over_the_lowest(likely: tuple[tuple[str, float], ...], place: float) -> None:
    stage = Sounding("lead_vocal", "unknown")
    stage.sources[1].trust, stage.sources[1].likely = "guess", likely
    stage.play(1)
    assert stage.balance.offset[1] - stage.balance.common == pytest.approx(place)


@pytest.mark.parametrize("likely", [(("bass", 0.5), ("kick", 0.3)), (("keys", 0.5),), ()])
def test_what_nobody_can_name_is_never_over_what_is_sure_while_the_band_leaves_room(likely: tuple[tuple[str, float], ...]) -> None:
    """Room is left for who may sing: not for what may be a second bass."""
    stage = Sounding("unknown", "unknown", "bass", "kick", "electric_guitar")
    stage.sources[0].trust, stage.sources[0].likely = "guess", (("backing_vocal", 0.3), ("synth", 0.3))
    stage.sources[1].trust, stage.sources[1].likely = "guess", likely
    stage.play(1)
    assert stage.balance.common == pytest.approx(GUESS_DB)
    assert stage.balance.offset[1] < stage.balance.offset[2]


def test_one_more_who_may_lead_makes_nobody_forget_how_the_band_plays_under_the_other() -> None:
    """Who is a guess leads more or less as that is heard, and the band would jump up with every change."""
    stage = Sounding("unknown", *BAND[1:6], "unknown", mode="show")
    for source in (stage.sources[0], stage.sources[6]):
        source.trust, source.likely = "guess", (("backing_vocal", 0.3), ("synth", 0.6))
    stage.sources[0].front = 0.5
    before = stage.play(60)
    assert before < GUESS_DB - HELD_DB["show"]
    stage.sources[6].front = 0.4
    assert stage.play(1) < before
    stage.sources[0].front = None
    assert stage.play(0.1) == pytest.approx(before, abs=2)


@pytest.mark.parametrize("mode", ["soundcheck", "show"])
def test_a_band_does_not_jump_up_in_a_show_when_another_one_leads(mode: str) -> None:
    """How it comes to the new one is heard first; a soundcheck begins anew with what is usual."""
    stage = Sounding(*BAND, "backing_vocal", mode=mode)
    before = stage.play(60, [*others(0, 1, 2, 3, 4, 5, 6), False])
    assert before < GUESS_DB - 1
    stage.sources[0].role_name, stage.sources[7].role_name = "backing_vocal", "lead_vocal"
    now = stage.play(0.1, [*others(1, 2, 3, 4, 5, 6), True])
    assert now == pytest.approx(before if mode == "show" else GUESS_DB, abs=0.2)
    assert stage.play(20, [*others(1, 2, 3, 4, 5, 6), True]) == pytest.approx(before, abs=1)
