"""The live socket: what the desk says reaches the page, what the page wants reaches the desk, and rubbish harms nobody."""

from __future__ import annotations

import json
import time

import pytest
from conftest import Ears, Site, wait_for
from fake_stage import FakeRack

from gigbox.web.access import Visitor
from gigbox.web.live import Nurse, Page
from gigbox.web.meters import Meters
from gigbox.web.wishes import VERBS


def test_a_page_gets_the_state_before_anything_else(page):
    first = page.first
    assert first["by"] == "web:phone-1"
    assert first["channels"] == 8
    assert first["state"]["strip/8/name"]["value"] == "Keys"
    assert first["reasons"][-1]["why"] == "keys -2.5 dB: covers lead vocal, 1-4 kHz"


def test_a_hand_reaches_the_desk_and_the_change_comes_back(site, page):
    page.say({"set": {"strip/3/level": -7.5}})
    told = page.hear("changed")
    assert told["changed"]["strip/3/level"] == {"hand": -7.5, "auto": None, "value": -7.5}
    assert told["by"] == "web:phone-1"
    assert site.truth.log[-1] == {"set": {"strip/3/level": -7.5}, "by": "web:phone-1"}


def test_the_desks_no_reaches_the_page_in_its_own_words(page):
    page.say({"set": {"strip/3/level": 40}})
    assert page.hear("error")["error"] == "strip/3/level: 40 dB is above 10 dB"


def test_a_move_of_the_box_comes_with_its_reason(site, page):
    site.truth.auto_moves({"strip/8/level": -3.0}, "keys -3.0 dB: still covers lead vocal")
    told = page.hear("changed")
    assert (told["layer"], told["why"]) == ("auto", "keys -3.0 dB: still covers lead vocal")


def test_a_move_and_the_reasons_of_before_are_of_one_clock_the_box_s(site, page):
    site.truth.auto_moves({"strip/8/level": -3.5}, "keys -3.5 dB: covers lead vocal once more")
    told = page.hear("changed")
    assert site.desk_line.first()["reasons"][-1] == {"why": told["why"], "time": told["time"]}
    site.truth.auto_moves({"strip/8/level": -3.6}, told["why"])
    goes_on = page.hear("changed")
    assert "why" not in goes_on
    assert goes_on["time"] >= told["time"]


def test_what_came_of_a_wish_to_forget_comes_with_its_reason(site, page):
    page.say({"set": {"box/forget": "kazoo"}})
    assert page.hear("changed")["changed"]["box/forget"]["value"] == "kazoo"
    site.truth.change("hand", {"box/forget": None}, "brain", "forget: role: 'kazoo' is not one of ...")
    told = page.hear("changed")
    assert (told["changed"]["box/forget"]["value"], told["layer"], told["why"]) == ("", "hand", "forget: role: 'kazoo' is not one of ...")


def test_every_parameter_of_the_box_is_told_with_its_reason(site, page):
    site.truth.auto_moves({"strip/8/eq/2/gain": -2.0}, "keys -2.0 dB at 400 Hz: muddy")
    told = page.hear("changed")
    assert (told["changed"]["strip/8/eq/2/gain"]["auto"], told["why"]) == (-2.0, "keys -2.0 dB at 400 Hz: muddy")


def test_two_moves_that_go_on_side_by_side_are_told_once_each(site, page):
    for step in range(1, 4):
        site.truth.auto_moves({"strip/8/level": -1.0 * step}, "keys 3.0 dB down: make way for the leads")
        site.truth.auto_moves({"strip/7/level": -0.5 * step}, "bass 1.5 dB down: was too loud for its place")
    heard = [page.hear("changed") for _ in range(6)]
    told = [change["why"] for change in heard if "why" in change]
    assert told == ["keys 3.0 dB down: make way for the leads", "bass 1.5 dB down: was too loud for its place"]


def test_release_lock_and_unlock_reach_the_desk(site, page):
    for wish in ({"release": "strip/3/level"}, {"lock": "strip/3"}, {"unlock": "strip/3"}):
        page.say(wish)
        page.hear("changed")
        assert site.truth.log[-1] == {**wish, "by": "web:phone-1"}


def test_undo_takes_back_this_pages_last_action_and_says_what(site, page):
    page.say({"set": {"strip/4/level": -9.0}})
    page.hear("changed")
    site.truth.change("hand", {"strip/5/level": 1.0}, "panel")
    page.say({"undo": True})
    undone = page.hear("undone")["undone"]
    assert [undone[0][0], undone[0][1], undone[0][2]] == ["strip/4/level", "-9.0 dB", "-3.2 dB"]
    assert site.truth.hand["strip/5/level"] == 1.0


def test_undo_with_nothing_of_ones_own_is_an_error_in_words(site):
    stranger = Ears(site.socket(name="tablet-9"))
    stranger.hear("state")
    stranger.say({"undo": True})
    assert stranger.hear("error")["error"] == "undo: web:tablet-9 has done nothing that can be taken back"
    stranger.socket.close()


@pytest.mark.parametrize(("rubbish", "complaint"), [
    ("not json", "message: not JSON"),
    (b"\xff\x00", "message: not JSON"),
    ("[" * 60000, "message: not JSON"),
    ("[]", f"message: expected an object with one of {', '.join(VERBS)}"),
    ('{"auto": {"strip/1/level": 3}}', f"message: expected an object with one of {', '.join(VERBS)}"),
    ('{"set": {}, "by": "engineer"}', f"message: expected an object with one of {', '.join(VERBS)}"),
    ('{"set": {"strip/1/level": 3}, "of": "strip/1"}', "set: 'of' has no meaning for it"),
    ('{"want": {"meters": -1}}', "want: meters -1, expected 0 to 20 a second"),
    ('{"want": {"spectrum": []}}', "want: spectrum [], expected a strip such as strip/3, listen, main, monitor/1, or null"),
    ('{"scene": {"burn": "rock"}}', 'scene: {"burn": "rock"}, expected one of recall, save, delete and a name'),
    ('{"undo": "panel"}', "undo: expected true; a page takes back its own last action"),
    ('{"set": 3}', "set: expected an object of paths and values"),
    ('{"set": {"strip/99/level": 1}}', "strip/99/level: 99 is not in 1..32"),
    ("x" * 70000, "message: 70000 characters, expected 65536 at most"),
], ids=["text", "bytes", "deep", "list", "auto", "two", "of", "hz", "spectrum", "scene", "others", "number", "path", "long"])
def test_rubbish_gets_an_error_and_the_connection_stays(page, rubbish, complaint):
    page.say(rubbish)
    assert page.hear("error")["error"] == complaint
    page.say({"set": {"strip/1/mute": False}})
    assert "strip/1/mute" in page.hear("changed")["changed"]


def test_a_desk_that_dies_is_told_and_read_again_when_it_is_back():
    site = Site()
    try:
        ears = Ears(site.socket())
        ears.hear("state")
        site.truth.alive = False
        assert ears.hear("desk")["desk"] is False
        ears.say({"set": {"strip/1/level": -50}})
        assert ears.hear("error")["error"] == "desk: not running, nothing was changed"
        site.truth.hand["strip/1/level"] = -11.0
        site.truth.come_back()
        assert ears.hear("delta")["delta"]["strip/1/level"]["hand"] == -11.0
        assert site.truth.sets("strip/1/level") == []
        ears.socket.close()
    finally:
        site.close()


def test_a_page_hears_of_the_boxs_health_each_second_and_when_the_engine_goes(site):
    now, rack = [0.0], FakeRack(8)
    nurse, page = Nurse(Meters(lambda: rack, lambda: now[0]), lambda: now[0]), Page(site.desk_line, Visitor("engineer", "phone-1"))

    def told(seconds, frames):
        now[0] += seconds
        rack.play(frames)
        return [message["health"]["engine"] for message in map(json.loads, page.vitals(nurse, nurse.look())) if "health" in message]

    assert told(0, 0) == [False]
    assert told(0.5, 960) == [True]
    assert told(0.5, 960) == []
    assert told(0.6, 960) == [True]
    assert told(0.6, 0) == [False]


def test_a_page_that_goes_leaves_nothing_behind(site):
    before = len(site.server.live.sockets)
    ears = Ears(site.socket())
    ears.hear("state")
    ears.socket.close()
    wait_for(lambda: len(site.server.live.sockets) == before)


def test_a_page_that_does_not_read_gets_what_is_new_as_one_message_later(site):
    line = site.desk_line
    since = line.seq
    for i in range(600):
        site.truth.change("hand", {"strip/2/level": -float(i % 60)}, "panel")
    texts, seq = line.missed(since)
    assert (len(texts), seq) == (1, since + 600)
    message = json.loads(texts[0])
    assert message["changed"] == {"strip/2/level": {"hand": -59.0, "auto": -1.0, "value": -60.0}}
    assert "by" not in message


def test_every_step_is_told_in_order_to_a_page_that_keeps_up(site):
    line = site.desk_line
    since = line.seq
    for i in range(20):
        site.truth.change("hand", {"strip/2/level": -float(i)}, "panel")
    messages = [json.loads(text) for text in line.missed(since)[0]]
    assert [m["seq"] for m in messages] == list(range(since + 1, since + 21))
    assert [m["changed"]["strip/2/level"]["hand"] for m in messages] == [-float(i) for i in range(20)]


def test_a_page_that_comes_back_is_told_what_it_missed_and_no_more(site):
    page = Ears(site.socket())
    first = page.hear("state")
    epoch, since = first["epoch"], first["seq"]
    page.socket.close()
    site.truth.change("hand", {"strip/2/level": -1.0}, "panel")
    site.truth.change("hand", {"strip/2/level": -2.0, "strip/7/pan": 0.5}, "panel")
    again = Ears(site.socket(f"/live?epoch={epoch}&since={since}"))
    told = again.hear("delta")
    assert told["delta"] == {"strip/2/level": {"hand": -2.0, "auto": -1.0, "value": -3.0}, "strip/7/pan": {"hand": 0.5, "auto": None, "value": 0.5}}
    again.socket.close()


@pytest.mark.parametrize("query", ["",
                                   "?epoch=other&since=1", "?since=99999999", "?epoch={epoch}&since=99999999",
                                   "?epoch={epoch}&since=-1", "?epoch={epoch}&since=x"])
def test_a_page_of_which_nothing_is_sure_gets_the_whole_state(site, query):
    ears = Ears(site.socket("/live" + query.format(epoch=site.desk_line.epoch)))
    assert "strip/1/name" in ears.hear("state")["state"]
    ears.socket.close()


def test_what_nobody_has_set_is_not_told(page):
    assert page.first["state"]["strip/8/level"]["hand"] is not None
    assert "strip/3/gate/threshold" not in page.first["state"]
    assert len(json.dumps(page.first)) < 8000


def test_an_answer_comes_to_who_gave_an_id(page):
    page.say({"set": {"strip/3/level": -7.25}, "id": "a"})
    assert page.hear("answer") == {"answer": "a", "ok": None}
    page.say({"set": {"strip/3/level": 40}, "id": 2})
    assert page.hear("answer") == {"answer": 2, "error": "strip/3/level: 40 dB is above 10 dB"}
    page.say({"scenes": True, "id": 3})
    assert page.hear("answer") == {"answer": 3, "ok": ["rock"]}
    page.say({"history": 1, "of": "strip/3", "id": 4})
    assert page.hear("answer")["ok"][0]["path"] == "strip/3/level"


def test_locks_come_as_places(site, page):
    page.say({"lock": "strip/4"})
    assert page.hear("locks")["locks"] == ["strip/4"]
    page.say({"unlock": "strip/4"})
    assert page.hear("locks")["locks"] == []


def test_a_page_that_was_told_nothing_yet_may_not_write(site):
    page = Page(site.desk_line, Visitor("engineer", "phone-1"))
    before = len(site.truth.log)
    assert json.loads(page.take('{"set": {"strip/1/level": -3}}'))["error"] == "set: this page has not been told the state yet, expected it to read first"
    assert len(site.truth.log) == before
    list(page.news(8))
    assert page.take('{"set": {"strip/1/level": -3}}') == ""


def test_a_change_is_there_long_before_the_next_round_of_meters(site, page):
    """The desk's word is what wakes the loop: rounds are 50 ms apart."""
    took = []
    for n in range(9):
        begun = time.monotonic()
        page.say({"set": {"strip/3/level": -10.0 - n}})
        page.hear("changed")
        took.append(time.monotonic() - begun)
    assert sorted(took)[4] < 0.04
