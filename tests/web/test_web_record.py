"""The record page in a real browser: start and stop, how it goes, takes opened, renamed, taken home and deleted; and what the denoiser takes, made audible."""

from __future__ import annotations

import json

import pytest
from conftest import open_on_phone, wait_for
from test_web_takes import recorded

ROW = "document.querySelector('.takes li')"
NOTE = "document.getElementById('note').textContent"


@pytest.fixture
def phone(own_site, browser):
    """The page at 390x844, with two takes; the recorder waits."""
    recorded(own_site, "Blue", 1.7e9, 48000 * 3)
    recorded(own_site, "Green", 1.71e9)
    tell(own_site, False)
    open_on_phone(browser, own_site, "!document.body.classList.contains('lost')")
    browser.js("location.hash = '#/record'")
    browser.until(f"!!{ROW} && !!document.querySelector('.recorder [role=status]')")
    yield browser
    assert browser.faults == []


def tell(own_site, on, **more):
    own_site.truth.reports["tape"] = {"on": on, "name": "2026 Blue", "stick": True, "seconds": 65.0 if on else 0.0, "left_s": 11520, "lost_frames": 0,
                                      "tracks": 16, "trouble": ""} | more


def said(phone, selector):
    return phone.js(f"document.querySelector({json.dumps(selector)}).textContent")


def test_a_tap_starts_and_another_one_stops(own_site, phone):
    assert said(phone, ".clock") == "0:00"
    assert said(phone, ".recorder [role=status]") == "Room for 3:12:00 on the stick."
    phone.click(".record-key")
    wait_for(lambda: own_site.truth.sets("tape/record") == [True])
    tell(own_site, True)
    phone.until("document.querySelector('.clock').textContent.startsWith('1:0')")
    assert said(phone, ".recorder .hint") == "16 tracks and the mix, into 2026 Blue"
    phone.until("+document.querySelector('.clock').textContent.slice(2) > 6")          # it is counted on
    phone.click(".record-key")
    wait_for(lambda: own_site.truth.sets("tape/record") == [True, False])


def test_what_went_wrong_is_said(own_site, phone):
    tell(own_site, False, trouble="takes: the disk is full, the recording has ended", lost_frames=24000)
    phone.until("document.querySelectorAll('.recorder .ill').length === 2")
    assert phone.js("[...document.querySelectorAll('.recorder .ill')].map(e => e.textContent)") == [
        "takes: the disk is full, the recording has ended", "0.50 s are silent: the disk was too slow."]


def test_a_take_is_opened_renamed_and_taken_home(own_site, phone):
    assert phone.js(f"{ROW}.innerText.split('\\n').slice(1, 2)") == ["0:01 · 1 MB · 2 tracks"]
    phone.click(".takes button")
    phone.until("document.querySelectorAll('.files a').length === 4")
    where = phone.js("[...document.querySelectorAll('.sheet a')].map(a => a.href)")
    sizes = phone.js(f"Promise.all({json.dumps(where)}.map(url => fetch(url).then(a => a.arrayBuffer()).then(b => b.byteLength)))")
    assert sizes[0] > sum(sizes[1:])
    assert said(phone, ".command").endswith(f'"{own_site.shelf.takes()[0].folder}"')
    phone.js("document.querySelector('.sheet input').focus(); document.querySelector('.sheet input').select()")
    phone.do("Input.insertText", text="First set")
    phone.click(".sheet .row-form button")
    phone.until(f"{ROW}.innerText.startsWith('First set')")
    assert own_site.shelf.takes()[0].name == "First set"


def test_a_take_is_deleted_at_the_second_tap(own_site, phone):
    phone.click(".takes button")
    phone.until("!!document.querySelector('.sheet .danger')")
    phone.js("document.querySelector('.sheet .danger').scrollIntoView({ block: 'center' })")
    phone.click(".sheet .danger")
    phone.until(f"{NOTE} === 'tap again: it cannot be taken back'")
    assert len(own_site.shelf.takes()) == 2
    phone.click(".sheet .danger")
    wait_for(lambda: len(own_site.shelf.takes()) == 1)
    phone.until("document.querySelectorAll('.takes li').length === 1 && !document.querySelector('.sheet')")


def test_what_the_denoiser_takes_is_heard_while_the_channel_is_open(own_site, phone):
    phone.js("location.hash = '#/channel/3'")
    phone.until("!!document.getElementById('tab-clean')")
    phone.click("#tab-clean")
    phone.click(".hear-taken")
    wait_for(lambda: own_site.truth.sets("box/taken") == ["strip_3"])
    phone.until("document.querySelector('.hear-taken').getAttribute('aria-pressed') === 'true'")
    phone.js("location.hash = '#/channel/4'")
    wait_for(lambda: own_site.truth.sets("box/taken") == ["strip_3", "off"])
