"""Taste on the page, in a real browser: what was learnt in words, forgotten at a second tap, learnt or not, by thumb and by keys."""

from __future__ import annotations

import pytest
from conftest import open_on_phone, wait_for

LINES = "[...document.querySelectorAll('.likes li')].map(e => e.firstChild.innerText)"
FOCUS = "document.activeElement.textContent"
LEARN = "document.querySelector(\"[data-path='box/taste']\")"


@pytest.fixture
def phone(own_site, browser):
    """The page at 390x844, with what the box decides and learnt."""
    open_on_phone(browser, own_site, "!document.body.classList.contains('lost')")
    browser.js("location.hash = '#/auto'")
    browser.until(f"{LINES}.length === 3")
    yield browser
    assert browser.faults == []


def asked(own_site):
    return own_site.truth.sets("box/forget")


def tap(phone, selector, nth=0):
    phone.js(f"document.querySelectorAll(\"{selector}\")[{nth}].scrollIntoView({{ block: 'center' }})")
    phone.click(selector, nth)


def test_it_says_what_was_learnt_in_the_boxs_own_words(phone):
    assert phone.js(LINES)[:2] == ["You like lead vocals 1.4 dB louder (3 corrections)\nYou like lead vocals 2.6 dB louder in rock (2 corrections)",
                                   "You like snares 2.0 dB softer (3 corrections)"]


def test_a_line_is_forgotten_at_the_second_tap(own_site, phone):
    tap(phone, ".likes button", 1)
    phone.until("document.querySelectorAll('.likes button')[1].textContent === 'really?'")
    phone.until("document.getElementById('note').textContent === 'tap again: it cannot be taken back'")
    assert asked(own_site) == []
    tap(phone, ".likes button", 1)
    wait_for(lambda: asked(own_site) == ["snare/level"])
    own_site.truth.forgets("snare/level")
    phone.until(f"{LINES}.length === 2")


def test_nothing_moves_between_the_two_taps(phone):
    tap(phone, ".likes button", 1)
    before = [phone.box(".likes li", n) for n in range(3)]
    phone.until("!!document.getElementById('note').textContent")
    assert [phone.box(".likes li", n) for n in range(3)] == before


def test_all_of_it_is_forgotten_at_the_second_tap(own_site, phone):
    for _ in range(2):
        tap(phone, ".all")
    wait_for(lambda: asked(own_site) == ["all"])
    own_site.truth.forgets("all")
    phone.until("document.querySelector('.taste-none')?.textContent.startsWith('The box has learnt nothing yet')")
    assert phone.js("!document.querySelector('.all') && !document.querySelector('[download]')")


def test_what_another_has_forgotten_is_gone_here_too(own_site, phone):
    own_site.truth.forgets("keys/pan")
    phone.until(f"{LINES}.length === 2")


def test_learning_is_switched_off_and_on(own_site, phone):
    for on in (False, True):
        tap(phone, "[data-path='box/taste']")
        wait_for(lambda on=on: own_site.truth.hand.get("box/taste") == on)
        phone.until(f"{LEARN}.ariaChecked === '{str(on).lower()}'")


def test_what_was_learnt_can_be_taken_along(own_site, phone):
    assert phone.js("(a => [a.getAttribute('href'), a.download])(document.querySelector('[download]'))") == ["/taste", "taste.json"]
    assert phone.js("fetch('/taste').then(a => a.json())") == own_site.truth.reports["taste"]


def test_keys_forget_too(own_site, phone):
    phone.js("document.querySelectorAll('.likes button')[2].focus()")
    for _ in range(2):
        phone.key("Enter", 13)
    wait_for(lambda: asked(own_site) == ["keys/pan"])


def test_a_reader_of_the_screen_hears_what_each_button_is_for(phone):
    named = phone.js("[...document.querySelectorAll('.likes button')].map(e => document.getElementById(e.getAttribute('aria-describedby')).innerText)")
    assert named == phone.js(LINES)
    assert phone.js(f"(e => [e.getAttribute('role'), e.ariaChecked])({LEARN})") == ["switch", "true"]


def test_without_a_desk_nothing_is_forgotten_and_that_is_told(own_site, phone):
    own_site.truth.alive = False
    phone.until("document.body.classList.contains('lost') && document.getElementById('banner').textContent === 'the desk is away: the box mixes on'")
    tap(phone, ".likes button")
    tap(phone, ".likes button")
    assert asked(own_site) == []
    phone.faults.clear()      # the browser notes each answer that is none
