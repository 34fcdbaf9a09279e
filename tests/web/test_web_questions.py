"""What the box asks is asked on the page, with two answers: yes is a hand's value, no is left alone."""

from __future__ import annotations

import pytest
from conftest import open_on_phone, wait_for

AMOUNT = "strip/2/denoise/amount"
ASKED = {"strip": 2, "takes": 6.4, "why": "Choir: noise off here? Cleaning takes 6 dB of what plays", "proposal": {AMOUNT: 0.0}}
CARDS = "document.querySelectorAll('.questions .card')"


@pytest.fixture
def phone(own_site, browser):
    own_site.truth.reports["questions"] = {"questions": [ASKED]}
    open_on_phone(browser, own_site, "!document.body.classList.contains('lost')")
    browser.js("location.hash = '#/auto'")
    browser.until(f"{CARDS}.length === 1")
    yield browser
    assert browser.faults == []


def test_a_question_says_how_much_is_taken_and_yes_is_what_a_hand_sets(own_site, phone):
    assert "noise off here?" in phone.js(f"{CARDS}[0].innerText")
    assert "6 dB of what plays" in phone.js(f"{CARDS}[0].innerText")
    phone.click(".questions .acts button", 0)
    wait_for(lambda: own_site.truth.sets(AMOUNT) == [0.0])
    phone.until(f"{CARDS}.length === 0")


def test_no_changes_nothing_and_asks_no_more(own_site, phone):
    phone.click(".questions .acts button", 1)
    phone.until(f"{CARDS}.length === 0")
    assert own_site.truth.sets(AMOUNT) == []
