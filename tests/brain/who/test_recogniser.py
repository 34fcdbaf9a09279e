"""The recogniser hears what the core publishes, looks at each channel once a second, is not misled by pauses, and names anew what changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from engine.sounds import RATE, noise, tone

from gigbox.brain import tflite
from gigbox.brain.who import recogniser as recognise
from gigbox.brain.who.recogniser import CLASSES, FRAMES, Evidence, Namer, Recogniser
from gigbox.engine.core import Engine
from gigbox.errors import ModelError
from gigbox.rack import BANDS, CHANNELS, FLOAT_DB, HOP
from gigbox.render.hops import play
from models.denoise import features

LOUD, SOFT = np.full(FRAMES, -20.0, np.float32), np.full(FRAMES, -60.0, np.float32)


def sure_of(name: str, share: float = 0.9) -> np.ndarray:
    """Log-probabilities of a model that takes it for this."""
    logs = np.full(len(CLASSES), np.log((1 - share) / (len(CLASSES) - 1)), np.float32)
    logs[CLASSES.index(name)] = np.log(share)
    return logs


class Deaf:
    """A network that remembers what it was shown, and always says the same."""

    def __init__(self, says: str = "kick") -> None:
        self.seen: list[np.ndarray] = []
        self.says = says

    def look(self, heard: np.ndarray) -> np.ndarray:
        self.seen.append(heard.copy())
        return np.tile(sure_of(self.says), (len(heard), 1))


def with_deaf(network: Deaf) -> Recogniser:
    recogniser = Recogniser()
    recogniser._network = network     # type: ignore[assignment]
    return recogniser


def listen(recogniser: Recogniser, sound: np.ndarray, every: int = 1, trims: Sequence[float] = ()) -> None:
    """`sound`: (n, channels), through an engine; `hear` is called every so many hops, and then the first strip's trim is turned to the next of `trims`."""
    frames = np.asarray(sound[: len(sound) // HOP * HOP], np.float32)
    count = [0]

    def hear(rack: object) -> None:
        count[0] += 1
        if count[0] % every == 0:
            recogniser.hear(rack)     # type: ignore[arg-type]
            if count[0] // every <= len(trims):
                engine.set("strip/1/trim", trims[count[0] // every - 1])

    with Engine(frames.shape[1]) as engine:
        play(engine, frames, hear)


def test_what_it_looks_at_is_what_the_core_heard_of_the_last_three_seconds() -> None:
    sound = np.stack([noise(5, 0.1, 1) * (np.arange(5 * RATE) / RATE % 0.5 < 0.2), noise(5, 0.1, 2)], 1)
    network = Deaf()
    listen(with_deaf(network), sound, every=19)
    first = network.seen[-2][0]                    # channels take turns: the last but one look is at channel 0
    heard = features.WHOLE.sums(features.WHOLE.spectra(sound[:, 0].astype(np.float32)))
    power = heard[: len(heard) // recognise.POOLED * recognise.POOLED].reshape(-1, recognise.POOLED, BANDS).mean(axis=1)
    wanted = 10 * np.log10(power + 1e-12)
    errors = [np.abs(first - wanted[at:at + FRAMES])[wanted[at:at + FRAMES] > -80].max() for at in range(len(wanted) - FRAMES + 1)]
    assert min(errors) < 0.1


@pytest.mark.parametrize("channels", [1, 3, 16, 32])
def test_each_channel_is_looked_at_once_a_second_and_few_at_a_time(channels: int) -> None:
    network = Deaf()
    listen(with_deaf(network), np.tile(noise(4, 0.1, 1)[:, None], channels), every=19)
    assert sum(map(len, network.seen)) == pytest.approx(4 * channels, abs=channels)
    assert max(map(len, network.seen)) <= -(-channels // recognise.SLOTS) * 2


def test_a_test_tone_is_nobodys_instrument() -> None:
    network = Deaf()
    beating = tone(330, 4, RATE, 0.1) * (1 + 0.3 * tone(3, 4, RATE, 1.0))
    listen(with_deaf(network), np.stack([tone(330, 4, RATE, 0.1), tone(1000, 4, RATE, 0.3), beating, noise(4, 0.1, 1)], 1), every=19)
    assert sum(map(len, network.seen)) == pytest.approx(2 * 4, abs=2)      # of what beats and of noise alone


def test_what_its_trim_does_is_no_playing() -> None:
    network, sound = Deaf(), np.stack([noise(4, 0.1, 1), tone(1000, 4, RATE, 0.3)], 1)
    listen(with_deaf(network), sound[:, :1], every=19, trims=-1.2 * np.arange(1, 13))
    level = 10 * np.log10((10 ** (network.seen[-1][0] / 10)).sum(axis=1))
    assert np.median(level[-40:]) == pytest.approx(np.median(level[:40]), abs=0.5)
    tuned = Deaf()
    listen(with_deaf(tuned), sound[:, 1:], every=19, trims=-1.2 * np.arange(1, 13))
    assert tuned.seen == []


def test_nothing_heard_is_no_verdict() -> None:
    recogniser = Recogniser()
    listen(recogniser, np.zeros((3 * RATE, 2)))
    assert [(v.name, v.confidence, v.top, v.seconds) for v in recogniser.verdicts()] == [("", 0.0, (), 0.0)] * 2


def test_one_second_of_playing_is_enough_for_a_verdict() -> None:
    recogniser = with_deaf(Deaf("snare"))
    listen(recogniser, noise(1.1, 0.1, 1)[:, None])
    (verdict,) = recogniser.verdicts()
    assert verdict.name == "snare"
    assert verdict.confidence == pytest.approx(0.9, abs=1e-3)
    assert verdict.top[0][0] == "snare"
    assert len(verdict.top) == 3
    assert verdict.seconds == pytest.approx(1.0, abs=0.1)


def test_less_sure_than_the_threshold_is_unsure() -> None:
    evidence = Evidence()
    evidence.take(sure_of("kick", recognise.THRESHOLD - 0.05), LOUD)
    assert evidence.verdict.name == ""
    assert evidence.verdict.top[0] == ("kick", pytest.approx(recognise.THRESHOLD - 0.05, abs=1e-3))


def test_two_of_a_kind_share_their_confidence() -> None:
    evidence, shares = Evidence(), np.full(len(CLASSES), 0.08 / (len(CLASSES) - 2), np.float32)
    shares[[CLASSES.index("drums"), CLASSES.index("hihat_overhead")]] = 0.48, 0.44
    evidence.take(np.log(shares), LOUD)
    verdict = evidence.verdict
    assert verdict.name == "drums"
    assert verdict.confidence == pytest.approx(verdict.top[0][1] + verdict.top[1][1])
    assert verdict.confidence > recognise.THRESHOLD > verdict.top[0][1]


def test_a_pause_and_bleed_far_below_do_not_count() -> None:
    evidence = Evidence()
    for _ in range(5):
        evidence.take(sure_of("singing"), LOUD)
    before = evidence.verdict
    for _ in range(30):
        evidence.take(sure_of("drums"), SOFT)
        evidence.take(sure_of("silence_noise"), SOFT)
    after = evidence.verdict
    assert (after.name, after.seconds) == (before.name, before.seconds)
    assert after.confidence == pytest.approx(before.confidence)


def test_bleed_is_forgotten_when_the_channels_own_sound_comes() -> None:
    evidence = Evidence()
    for _ in range(20):
        evidence.take(sure_of("drums"), SOFT)
    evidence.take(sure_of("singing"), LOUD)
    assert evidence.verdict.name == "singing"


def test_a_line_on_which_nobody_plays_is_told_until_somebody_does() -> None:
    evidence = Evidence()
    for _ in range(10):
        evidence.take(sure_of("silence_noise"), SOFT)
    assert evidence.verdict.name == "silence_noise"
    evidence.take(sure_of("bass"), LOUD)
    assert evidence.verdict.name == "bass"


def test_a_source_that_changes_is_named_anew_within_five_seconds() -> None:
    evidence = Evidence()
    for _ in range(60):
        evidence.take(sure_of("keys"), LOUD)
    for _ in range(5):
        evidence.take(sure_of("strings"), LOUD)
    assert evidence.verdict.top[0][0] == "strings"


def test_what_is_forgotten_begins_anew() -> None:
    recogniser = with_deaf(Deaf("keys"))
    listen(recogniser, np.tile(noise(2.2, 0.1, 1)[:, None], 2))
    recogniser.forget(1)
    first, second = recogniser.verdicts()
    assert (first.name, second.name, second.seconds) == ("keys", "", 0.0)
    assert recogniser._heard[:, :, 1].max() == FLOAT_DB


def test_another_rack_and_an_engine_that_began_anew_are_strangers() -> None:
    recogniser = with_deaf(Deaf("keys"))
    listen(recogniser, np.tile(noise(2.2, 0.1, 1)[:, None], 2))
    listen(recogniser, noise(0.5, 0.1, 1)[:, None])
    assert [v.name for v in recogniser.verdicts()] == [""]
    listen(recogniser, noise(0.3, 0.1, 1)[:, None])
    listen(recogniser, noise(1.2, 0.1, 1)[:, None])
    assert [v.name for v in recogniser.verdicts()] == ["keys"]


def test_a_channel_alone_is_what_it_is_among_others() -> None:
    sound = noise(3.2, 0.1, 1) * (np.arange(int(3.2 * RATE)) / RATE % 0.5 < 0.1)
    alone, among = Recogniser(), Recogniser()
    listen(alone, sound[:, None], every=19)
    listen(among, np.tile(sound[:, None], 4), every=19)
    assert among.verdicts()[0] == alone.verdicts()[0]


def test_a_model_of_another_kind_is_told_by_its_tensor() -> None:
    with pytest.raises(ModelError) as error:
        Namer(tflite.find("denoise"))
    assert str(error.value) == f"{tflite.find('denoise')}: no input 'level', expected x, level (it has fine, h1, h2, x)"


def test_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.tflite: no such model"):
        Recogniser(tflite.find(str(tmp_path / "gone.tflite")))


def test_the_core_keeps_more_hops_than_a_tenth_of_a_second() -> None:
    assert recognise.NEWEST * HOP > 0.3 * RATE
    assert CHANNELS >= 32
