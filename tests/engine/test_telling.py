"""What happens to a card is said once, in words."""

from __future__ import annotations

from gigbox.engine.telling import Telling
from gigbox.rack import CARD_CAUSES, CARD_STATES, Rack


def happens(rack: Rack, cause: str, lost: int) -> None:
    event = rack.c.card_event[rack.c.card_events % 64]
    event.cause, event.lost = CARD_CAUSES.index(cause), lost
    rack.c.card_events += 1


def test_each_gap_is_told_once_with_its_cause_and_how_long_it_was() -> None:
    rack, telling = Rack(None, 1), Telling("hw:CARD=Box", lambda: "")
    assert list(telling.look(rack)) == []
    happens(rack, "late", 480)
    assert list(telling.look(rack)) == ["hw:CARD=Box: sound was away for 10 ms, the machine woke the audio thread too late"]
    assert list(telling.look(rack)) == []


def test_many_gaps_between_two_looks_are_one_line_a_cause() -> None:
    rack, telling = Rack(None, 1), Telling("hw:CARD=Box", lambda: "")
    for _ in range(200):
        happens(rack, "load", 96)
    happens(rack, "stood", 9600)
    assert list(telling.look(rack)) == [      # of the oldest nobody knows any more how long they were
        "hw:CARD=Box: sound was away for 124 ms in 62 pieces, a period took longer to mix than the card waits",
        "hw:CARD=Box: sound was away for 200 ms, the card stood still"]


def test_unplugging_a_refusal_and_the_return_are_told_once_each() -> None:
    fault = [""]
    rack, telling = Rack(None, 1), Telling("hw:CARD=Box", lambda: fault[0])
    rack.c.card_state = CARD_STATES.index("unplugged")
    assert list(telling.look(rack)) == ["hw:CARD=Box: unplugged; nothing is heard until it is back"]
    assert list(telling.look(rack)) == []
    fault[0] = "hw:CARD=Box: came back with 8 inputs and 8 outputs, expected 10 and 10"
    assert list(telling.look(rack)) == [fault[0]]
    assert list(telling.look(rack)) == []
    rack.c.card_state, fault[0] = CARD_STATES.index("running"), ""
    happens(rack, "gone", 48000)
    assert list(telling.look(rack)) == ["hw:CARD=Box: back"]
    assert list(telling.look(rack)) == []
