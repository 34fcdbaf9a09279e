"""What a band makes of what is heard of each: a second bass is rare, a whole kit beside single drums too; a lone strip is what it sounds like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from gigbox.brain.who.ensemble import weigh
from gigbox.brain.who.names import role_of
from gigbox.brain.who.recogniser import Verdict

KIT = {2: "kick", 3: "snare", 4: "tom"}
BAND = {2: "kick", 3: "snare", 4: "bass", 5: "electric_guitar"}


def heard(**shares: float) -> Verdict:
    top = tuple(sorted(shares.items(), key=lambda share: -share[1]))
    return Verdict(top[0][0] if top[0][1] >= 0.75 else "", top[0][1], top, 8.0)


def beside(verdict: Verdict, told: Mapping[int, str], own: Sequence[float] = (), name: str = "") -> Verdict:
    """What becomes of a verdict on strip 1, where others carry what is told."""
    count = max(told, default=1)
    guesses = {1: guess} if (guess := role_of(name)) else {}
    return weigh([verdict] + [Verdict()] * (count - 1), told, guesses, np.array(own or [1.0] * count))[0]


@pytest.mark.parametrize("verdict", [heard(drums=0.6, hihat_overhead=0.3), heard(singing=0.69, hihat_overhead=0.3), heard(playback=0.9, synth=0.05), Verdict()])
def test_alone_it_is_what_it_sounds_like(verdict: Verdict) -> None:
    found = beside(verdict, {})
    assert found.name == ("" if found.confidence < 0.75 else found.top[0][0])
    assert [name for name, _ in found.top[:2]] == [name for name, _ in verdict.top]
    assert found.why == ""


@pytest.mark.parametrize(("verdict", "told", "best"), [
    (heard(drums=0.6, hihat_overhead=0.3, snare=0.1), KIT, "hihat_overhead"),
    (heard(snare=0.5, drums=0.45), {2: "drums"}, "drums"),
    (heard(bass=0.5, synth=0.4), {2: "bass"}, "synth"),
    (heard(playback=0.6, brass_sax=0.3), BAND, "brass_sax"),
    (heard(synth=0.5, singing=0.3), BAND, "singing"),
    (heard(singing=0.6, speech=0.3), {2: "speech"}, "speech")])
def test_who_else_is_on_stage_decides_what_is_near_and_is_told(verdict: Verdict, told: dict[int, str], best: str) -> None:
    found = beside(verdict, told)
    assert found.top[0][0] == best
    assert f"alone it would be {verdict.top[0][0]}" in found.why


@pytest.mark.parametrize(("verdict", "told"), [
    (heard(drums=0.97, snare=0.02), KIT), (heard(bass=0.95, keys=0.04), {2: "bass"}), (heard(playback=0.97, brass_sax=0.02), BAND),
    (heard(synth=0.95, singing=0.04), BAND), (heard(singing=0.95, speech=0.04), {2: "speech"})])
def test_what_is_heard_beyond_doubt_stays(verdict: Verdict, told: dict[int, str]) -> None:
    assert beside(verdict, told).top[0][0] == verdict.top[0][0]


def test_no_voice_is_made_sure_by_a_band_without_one() -> None:
    found = beside(heard(singing=0.6, synth=0.3), BAND)
    assert found.confidence > 0.75
    assert found.name == ""


def test_what_the_others_explain_is_no_recording() -> None:
    verdict = heard(playback=0.97, hihat_overhead=0.02)
    assert beside(verdict, KIT, own=[0.3, 1.0, 1.0, 1.0]).top[0][0] == "hihat_overhead"
    assert beside(verdict, KIT, own=[0.9, 1.0, 1.0, 1.0]).top[0][0] == "playback"


@pytest.mark.parametrize("name", ["kick", "bass"])
def test_a_second_one_is_the_first_by_another_way_or_rather_something_else(name: str) -> None:
    verdict = heard(**{name: 0.85, "synth": 0.1})
    assert beside(verdict, {2: name}, own=[0.2, 1.0]).name == name
    assert beside(verdict, {2: name}, own=[1.0, 1.0]).name == ""


def test_a_name_of_a_kind_leaves_no_other_and_a_hint_makes_one_likelier() -> None:
    assert beside(heard(keys=0.9, acoustic_guitar=0.05), {}, name="Git").name == "acoustic_guitar"
    assert beside(heard(kick=0.4, tom=0.2), {}, name="Tom").top[0][0] == "tom"
    assert beside(heard(singing=0.97, tom=0.001), {}, name="Tom").name == "singing"
    assert beside(Verdict(), {}, name="Git").top[0][0] == "electric_guitar"


@pytest.mark.parametrize(("own", "told", "best"), [
    (0.7, {2: "kick", 3: "snare", 4: "bass", 5: "keys"}, "hihat_overhead"),                           # it hears everybody
    (1.0, {2: "kick", 3: "snare", 4: "bass", 5: "keys"}, "playback"),                                 # all its own: a machine that plays along
    (0.7, {2: "kick", 3: "snare", 4: "hihat_overhead", 5: "keys"}, "playback"),                       # there is an overhead already
    (0.4, {2: "kick", 3: "snare", 4: "bass", 5: "keys"}, "playback"),                                 # mere bleed: nobody knows yet whose it is
    (0.7, {2: "speech", 3: "speech"}, "playback")])                                                   # and here is no kit
def test_a_microphone_over_a_kit_that_hears_everybody_is_no_recording(own: float, told: dict[int, str], best: str) -> None:
    assert beside(heard(playback=0.97, drums=0.01), told, [own, *[1.0] * (max(told) - 1)]).top[0][0] == best
