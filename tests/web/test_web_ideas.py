"""The notebook of ideas over the web: read, taken along, played on the phone alone, and said to be away where nobody writes it."""

from __future__ import annotations

import base64
import json
import time
import urllib.error

import pytest
from conftest import open_on_phone

from gigbox import places

CHART, MIDI = "{title: x}\n| A . . . |\n", b"MThd and so on"
BOOK = {
    "on": True, "title": "x", "seed": 1, "metre": 4, "bar_count": 4, "chordpro": CHART, "midi": base64.b64encode(MIDI).decode(),
    "tempo": {"bpm": 96.0, "sure": 0.8, "next_beat_s": 9.0}, "key": {"name": "A major", "sure": 0.9}, "chord": {"name": "F#m", "sure": 0.85},
    "next": [{"name": "D", "share": 0.47, "notes": [57, 62, 66]}, {"name": "E", "share": 0.31, "notes": [56, 59, 64]}],
    "bars": [[[0, "A"]], [[0, "E"], [2, "D"]], [[0, "A"]], [[0, "F#m"]]], "over": [[0, 4, "A", [57, 61, 64]]], "melody": [[0, 1, 69, 90], [1, 1, 71, 80]],
    "bass": [[0, 2, 33, 100]], "drums": {"kick": [112] + [0] * 15, "snare": [0] * 16, "hat": [80, 0] * 8, "open": [0] * 16},
    "words": {language: {"mood": mood, "images": ["a · b"], "rhymes": [["night", "light"]], "meter": "x /"}
              for language, mood in (("en", "joyful"), ("de", "froh"))}}
READY = "document.querySelectorAll('.strips .strip').length === 8 && !document.body.classList.contains('lost')"


@pytest.fixture(autouse=True)
def book(tmp_path, monkeypatch):
    """Writes the notebook as its program does."""
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path))

    def write(**more):
        places.ideas_path().write_text(json.dumps({"at": time.monotonic(), **BOOK, **more}))
    return write


def fault(site, path):
    with pytest.raises(urllib.error.HTTPError) as e:
        site.get(path)
    return e.value.code, json.load(e.value)["error"]


def test_a_page_reads_all_but_the_files(site, book):
    book()
    told = site.json("/api/ideas")
    assert told["chord"] == {"name": "F#m", "sure": 0.85}
    assert not {"midi", "chordpro"} & told.keys()


def test_the_song_is_taken_along_as_chordpro_and_midi(site, book):
    book()
    chart, midi = site.get("/api/ideas/chart"), site.get("/api/ideas/midi")
    assert (chart.read().decode(), chart.headers["Content-Disposition"]) == (CHART, 'attachment; filename="song.cho"')
    assert (midi.read(), midi.headers["Content-Type"]) == (MIDI, "audio/midi")


def test_what_is_not_there_is_told_in_a_line(site, book):
    away = "ideas: the program that listens is away, expected gigbox ideas to run"
    assert site.json("/api/ideas") == {"on": False, "why": away}
    book(at=time.monotonic() - 60)
    assert fault(site, "/api/ideas/midi") == (404, "ideas/midi: none so far")
    book(on=False, chordpro=None)
    assert fault(site, "/api/ideas/chart") == (404, "ideas/chart: none so far")


def test_the_page_shows_and_plays_them_on_this_phone(site, browser, book):
    book()
    site.play(lively=True)
    open_on_phone(browser, site, READY)
    browser.js("location.hash = '#/ideas'")
    browser.until("document.querySelectorAll('.ideas .chart li').length === 4")
    assert browser.js("[...document.querySelectorAll('.now b')].map(e => e.textContent)") == ["F#m", "A major", "96"]
    assert browser.js("[...document.querySelectorAll('.chord b')].map(e => e.textContent)") == ["D", "E"]
    small = browser.js("[...document.querySelectorAll('.ideas button, .ideas a')].map(e => [e.textContent, e.offsetHeight]).filter(([, h]) => h < 44)")
    assert small == []
    assert browser.js("document.querySelector('.page').scrollWidth <= document.querySelector('.page').clientWidth")
    browser.js("[...document.querySelectorAll('.ideas button')].find(e => e.textContent === 'Melody').click()")
    browser.until("document.querySelector('.ideas [aria-pressed=true]')?.textContent === 'Melody'")
    browser.js("document.querySelector('.ideas button.wide').click()")
    browser.until("document.querySelector('.ideas button.wide').textContent.includes('number 2')")
    assert browser.faults == []


def test_the_page_says_why_there_is_nothing(site, browser, book):
    places.ideas_path().write_text(json.dumps({"at": 1.0, "on": False, "why": "depth is 0"}))
    open_on_phone(browser, site, READY)
    browser.js("location.hash = '#/ideas'")
    browser.until("document.querySelector('.ideas .empty')?.textContent === 'no ideas at depth 0'")
    assert browser.faults == []
