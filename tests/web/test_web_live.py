"""The live socket: what the desk says reaches the page, what the page wants reaches the desk, and rubbish harms nobody."""

from __future__ import annotations

import json

import pytest
from conftest import Ears, Site, wait_for
from fake_stage import FakeRack

from gigbox.web.live import Nurse, Page
from gigbox.web.meters import Meters


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


def test_what_came_of_a_wish_to_forget_comes_with_its_reason(site, page):
    page.say({"set": {"box/forget": "kazoo"}})
    assert page.hear("changed")["changed"]["box/forget"]["value"] == "kazoo"
    site.truth.change("hand", {"box/forget": None}, "brain", "forget: role: 'kazoo' is not one of ...")
    told = page.hear("changed")
    assert (told["changed"]["box/forget"]["value"], told["layer"], told["why"]) == ("", "hand", "forget: role: 'kazoo' is not one of ...")


def test_a_reason_is_told_even_where_the_page_shows_no_fader_for_it(site, page):
    site.truth.auto_moves({"strip/8/eq/2/gain": -2.0}, "keys -2.0 dB at 400 Hz: muddy")
    told = page.hear("changed")
    assert (told["changed"], told["why"]) == ({}, "keys -2.0 dB at 400 Hz: muddy")


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
    ("[]", "message: expected an object with one of set, release, lock, unlock, keep, undo"),
    ('{"auto": {"strip/1/level": 3}}', "message: expected an object with one of set, release, lock, unlock, keep, undo"),
    ('{"set": {}, "by": "engineer"}', "message: expected an object with one of set, release, lock, unlock, keep, undo"),
    ('{"undo": "panel"}', "undo: expected true; a page takes back its own last action"),
    ('{"set": 3}', "set: expected an object of paths and values"),
    ('{"set": {"strip/99/level": 1}}', "strip/99/level: 99 is not in 1..32"),
    ("x" * 70000, "message: 70000 characters, expected 65536 at most"),
], ids=["text", "bytes", "deep", "list", "auto", "two", "others", "number", "path", "long"])
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
        assert ears.hear("state")["state"]["strip/1/level"]["hand"] == -11.0
        assert site.truth.sets("strip/1/level") == []
        ears.socket.close()
    finally:
        site.close()


def test_a_page_hears_of_the_boxs_health_each_second_and_when_the_engine_goes(site):
    now, rack = [0.0], FakeRack(8)
    nurse, page = Nurse(Meters(lambda: rack, lambda: now[0]), lambda: now[0]), Page(site.desk_line, "web:phone-1")

    def told(seconds, frames):
        now[0] += seconds
        rack.play(frames)
        return [message["health"]["engine"] for message in map(json.loads, page.news(nurse.look())) if "health" in message]

    assert told(0, 0) == [False]
    assert told(0.5, 960) == [True]
    assert told(0.5, 960) == []
    assert told(0.6, 960) == [True]
    assert told(0.6, 0) == [False]
    page.close()


def test_a_page_that_goes_leaves_nothing_behind(site):
    line = site.desk_line
    before = len(line._posts)
    ears = Ears(site.socket())
    ears.hear("state")
    ears.socket.close()
    wait_for(lambda: len(line._posts) == before)


def test_a_page_that_does_not_read_gets_the_whole_state_later(site):
    line = site.desk_line
    post = line.open_post()
    line.collect(post)
    for i in range(600):
        site.truth.change("hand", {"strip/2/level": -float(i % 60)}, "panel")
    whole, changes = line.collect(post)
    line.close_post(post)
    assert whole["state"]["strip/2/level"]["hand"] == -59.0
    assert len(changes) < 600
