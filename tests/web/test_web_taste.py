"""Taste on the page, in a real browser: what was learnt in words, forgotten at a second tap, learnt or not, by thumb and by keys."""

from __future__ import annotations

import pytest
from conftest import Site, open_on_phone, wait_for

LINES = "[...document.querySelectorAll('.likes li')].map(e => e.firstChild.innerText)"
FOCUS = "document.activeElement.textContent"


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def phone(site, browser):
    """The page at 390x844, with the sheet open."""
    open_on_phone(browser, site, "document.querySelectorAll('.strips .strip').length === 8")
    browser.click("#taste-open")
    browser.until(f"{LINES}.length === 3")
    yield browser
    assert browser.faults == []


def asked(site):
    return site.truth.sets("box/forget")


def test_it_says_what_was_learnt_in_the_boxs_own_words(phone):
    assert phone.js(LINES)[:2] == ["You like lead vocals 1.4 dB louder (3 corrections)\nYou like lead vocals 2.6 dB louder in rock (2 corrections)",
                                   "You like snares 2.0 dB softer (3 corrections)"]


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (844, 390), (1280, 800)])
def test_every_target_is_one_for_a_thumb_and_nothing_sticks_out(phone, width, height):
    phone.size(width, height)
    phone.until(f"innerWidth === {width}")
    small = phone.js("[...document.querySelectorAll('#taste button, #taste a, .top button')]"
                     ".map(e => [e.textContent, e.offsetWidth, e.offsetHeight]).filter(([, w, h]) => w < 44 || h < 44)")
    assert small == []
    left, _, across, _ = phone.box("#taste")
    assert 0 <= left <= left + across <= width
    assert phone.js("document.getElementById('taste').scrollWidth <= document.getElementById('taste').clientWidth")


def test_a_line_is_forgotten_at_the_second_tap(site, phone):
    phone.click(".likes button", 1)
    phone.until("document.querySelectorAll('.likes button')[1].textContent === 'really?'")
    phone.until("document.getElementById('taste-note').textContent === 'tap again: it cannot be taken back'")
    assert asked(site) == []
    phone.click(".likes button", 1)
    wait_for(lambda: asked(site) == ["snare/level"])
    site.truth.forgets("snare/level")
    phone.until(f"{LINES}.length === 2 && document.getElementById('taste-note').textContent === 'forgot snare/level'")


def test_nothing_moves_between_the_two_taps(phone):
    before = [phone.box(".likes button", n) for n in range(3)]
    phone.click(".likes button", 1)
    phone.until("document.getElementById('taste-note').textContent")
    assert [phone.box(".likes button", n) for n in range(3)] == before


def test_all_of_it_is_forgotten_at_the_second_tap(site, phone):
    phone.click("#taste .all")
    phone.click("#taste .all")
    wait_for(lambda: asked(site) == ["all"])
    site.truth.forgets("all")
    phone.until("document.querySelector('#taste .words').textContent.startsWith('The box has learnt nothing yet')")
    assert phone.js("[...document.querySelectorAll('#taste .all, #taste .take')].every(e => e.hidden)")


def test_what_another_has_forgotten_is_gone_here_too(site, phone):
    site.truth.forgets("keys/pan")
    phone.until(f"{LINES}.length === 2")


def test_learning_is_switched_off_and_on(site, phone):
    learn = "document.querySelector('#taste .learn')"
    for on in (False, True):
        phone.click("#taste .learn")
        wait_for(lambda on=on: site.truth.hand.get("box/taste") == on)
        phone.until(f"{learn}.ariaChecked === '{str(on).lower()}' && {learn}.innerText.endsWith('{'on' if on else 'off'}')")


def test_what_was_learnt_can_be_taken_along(site, phone):
    assert phone.js("(a => [a.getAttribute('href'), a.download])(document.querySelector('#taste .take'))") == ["/taste", "taste.json"]
    assert phone.js("fetch('/taste').then(a => a.json())") == site.truth.reports["taste"]


def test_keys_reach_all_of_it_and_leave_it(site, phone):
    phone.js("document.querySelectorAll('.likes button')[2].focus()")
    for _ in range(2):
        phone.key("Enter", 13)
    wait_for(lambda: asked(site) == ["keys/pan"])
    site.truth.forgets("keys/pan")
    phone.until(f"{LINES}.length === 2 && {FOCUS} === 'forget'")      # not lost with the line
    phone.key("Escape", 27)
    phone.until(f"!document.getElementById('taste').open && {FOCUS} === 'taste'")


def test_a_reader_of_the_screen_hears_what_each_button_is_for(phone):
    named = phone.js("[...document.querySelectorAll('.likes button')].map(e => document.getElementById(e.getAttribute('aria-describedby')).innerText)")
    assert named == phone.js(LINES)
    assert phone.js("(e => [e.getAttribute('role'), e.ariaChecked])(document.querySelector('#taste .learn'))") == ["switch", "true"]
    assert phone.js("document.getElementById(document.getElementById('taste').getAttribute('aria-labelledby')).textContent") == "Taste"


def test_without_a_desk_nothing_is_forgotten_and_that_is_said(site, phone):
    site.truth.alive = False
    phone.until("document.body.classList.contains('lost')")
    phone.click(".likes button")
    phone.click(".likes button")
    phone.until("document.getElementById('taste-note').textContent === 'not connected: nothing was forgotten'")
    assert asked(site) == []
    phone.faults.clear()      # the browser notes each answer that is none
