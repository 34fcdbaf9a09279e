"""The simulated panel in the browser: what the panel says comes to the page, what the page does comes to the panel."""

import json
import queue

import pytest

from gigbox.panel.simulated import Simulated


@pytest.fixture
def away(tmp_path, monkeypatch):
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path))
    return tmp_path / "panel.sock"


def test_a_page_sees_and_turns_the_panel_and_lets_go_when_it_closes(away, site):
    events = queue.SimpleQueue()
    panel = Simulated(away, events.put)
    try:
        panel.show(bytes(1024), (False,) * 12, [0.5] * 8, [""] * 8)
        page = site.socket("/panel")
        told = {}
        while len(told) < 5:
            told |= json.loads(page.receive(8))
        assert set(told) == {"panel", "frame", "leds", "pots", "labels"}
        page.send(json.dumps({"press": ["mute", True]}))
        assert events.get(timeout=60) == ("press", "mute", True)
        page.close()
        assert events.get(timeout=60) == ("press", "mute", False)
    finally:
        panel.close()


def test_a_page_is_told_that_the_panel_is_away_and_of_its_return(away, site):
    page = site.socket("/panel")
    assert json.loads(page.receive(8)) == {"panel": None}
    panel = Simulated(away, lambda event: None)
    try:
        assert json.loads(page.receive(8))["panel"]["pots"] == 8
    finally:
        panel.close()
    assert json.loads(page.receive(8)) == {"panel": None}
    page.close()
