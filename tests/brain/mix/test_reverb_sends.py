"""Voices and snares get their share of a reverb that a person chose, and none while somebody talks between songs."""

from __future__ import annotations

import pytest

from gigbox import params
from gigbox.brain.auto import Move
from gigbox.brain.mix.reverb_sends import BETWEEN_TICKS, ReverbSends
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import ROLES
from gigbox.brain.roles.sources import GUESS
from gigbox.desk.state import Desk
from tests.brain.band import band
from tests.brain.mix.test_monitors import Hands

OFF = params.OFF_DB


class Room:
    """A stage with a reverb in effect 1, unless said otherwise."""

    def __init__(self, stage: Stage, effects: dict[str, float] | None = None) -> None:
        self.stage, self.rule = stage, ReverbSends()
        self.hands = Hands({"fx/1/type": 1.0} if effects is None else effects)

    def tick(self, seconds: float = 0.1, playing: tuple[int, ...] | None = None) -> list[Move]:
        moves = []
        for _ in range(round(seconds * 10)):
            if playing is not None:
                self.stage.activity.active[:] = False
                self.stage.activity.active[list(playing)] = True
            self.stage.ticks += 1
            moves += list(self.rule.think(self.stage, self.hands))
        return moves

    def sends(self, fx: int = 1) -> list[float | None]:
        auto = self.stage.auto
        paths = [source.path(f"fxsend/{fx}/level") for source in self.stage.sources]
        return [auto[path] if auto.knows(path) else None for path in paths]


def test_voices_and_snares_get_their_share_in_a_soundcheck_with_a_reason() -> None:
    room = Room(band("lead_vocal", "backing_vocal", "snare", "kick", "speech", "keys", "playback"))
    moves = room.tick()
    assert room.sends() == [*(ROLES[name].reverb for name in ("lead_vocal", "backing_vocal", "snare")), None, None, None, None]
    assert moves[0].why == "strip 1 into the reverb, 10 dB under itself: a room for a lead vocal"
    assert room.sends(2) == [None] * 7
    assert room.tick(3) == []


@pytest.mark.parametrize("effects", [{}, {"fx/1/type": 2.0}, {"fx/2/type": 2.0}])
def test_nothing_is_sent_where_nobody_chose_a_reverb(effects: dict[str, float]) -> None:
    assert Room(band("lead_vocal"), effects).tick(2) == []


def test_the_reverb_may_be_the_second_effect_and_may_go_again() -> None:
    room = Room(band("lead_vocal"), {"fx/1/type": 2.0, "fx/2/type": 1.0})
    room.tick()
    assert (room.sends(1), room.sends(2)) == ([None], [ROLES["lead_vocal"].reverb])
    room.hands.held["fx/2/type"] = 0.0
    assert [m.why for m in room.tick()] == ["strip 1: no reverb there any more"]
    assert room.sends(2) == [OFF]


def test_what_was_not_heard_or_is_a_guess_waits() -> None:
    room = Room(band("lead_vocal", "lead_vocal"))
    room.stage.activity.certain[0] = False
    room.stage.sources[1].trust = GUESS
    room.tick(2)
    assert room.sends() == [None, None]


def test_in_a_show_it_comes_up_slowly() -> None:
    room = Room(band("lead_vocal", mode="show"))
    room.tick(1)
    assert room.sends() == [pytest.approx(-30 + 0.9 * 6, abs=0.7)]
    room.tick(5)
    assert room.sends() == [ROLES["lead_vocal"].reverb]


def test_while_somebody_talks_between_songs_voices_are_dry_and_the_snare_is_not() -> None:
    room = Room(band("lead_vocal", "snare", "keys", mode="soundcheck"))
    room.tick(2, playing=(0, 1, 2))
    room.stage.mode = "show"
    assert room.tick(BETWEEN_TICKS / 10 - 0.1, playing=(0,)) == []         # a break in a song
    told = room.tick(0.2, playing=(0,))
    assert [(m.path, m.value, m.why) for m in told] == [("strip/1/fxsend/1/level", OFF, "strip 1: no reverb while somebody talks between songs")]
    assert room.tick(5, playing=()) == []                                   # a pause for breath
    again = room.tick(0.5, playing=(1, 2))
    assert [(m.value, m.why) for m in again] == [(ROLES["lead_vocal"].reverb, "strip 1: 10 dB under itself into the reverb again")]


def test_a_speaker_between_songs_counts_as_well() -> None:
    room = Room(band("lead_vocal", "speech", "keys"))
    room.tick(1, playing=(0, 2))
    room.tick(3, playing=(1,))
    assert room.sends() == [OFF, None, None]


@pytest.mark.parametrize(("roles", "playing"), [(("lead_vocal", "backing_vocal", "keys"), (0, 1)), (("lead_vocal", "backing_vocal"), (0,))],
                         ids=["two voices sing", "nobody else is there"])
def test_singing_without_a_band_is_no_talk(roles: tuple[str, ...], playing: tuple[int, ...]) -> None:
    room = Room(band(*roles))
    room.tick(1, playing=tuple(range(len(roles))))
    assert room.tick(6, playing=playing) == []


def test_another_role_takes_its_send_away() -> None:
    room = Room(band("lead_vocal"))
    room.tick()
    room.stage.sources[0].role_name = "speech"
    assert [(m.value, m.why) for m in room.tick()] == [(OFF, "strip 1: no reverb for speech")]


def test_nothing_is_sent_at_a_talk() -> None:
    assert Room(band("lead_vocal", style="talk")).tick(1) == []


def test_the_desk_lets_it_and_depth_0_silences_it() -> None:
    param = params.find("strip/1/fxsend/1/level").param
    share = ROLES["lead_vocal"].reverb
    assert Desk().move({"strip/1/fxsend/1/level": share}, "a room", "brain", 0).ignored == {}
    assert param.effective(None, share, 1.0, OFF) == pytest.approx(share)
    assert param.effective(None, share, 0.0, OFF) == OFF
    assert param.effective(-20.0, share, 1.0, OFF) == -20.0
    assert param.effective(OFF, share, 1.0, OFF) == OFF
