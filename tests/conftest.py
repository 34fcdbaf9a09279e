"""For all tests: what a program under test does to this process is undone; and which of them run side by side."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from gigbox import blas

blas.one_thread()          # before anything loads numpy
HERE = Path(__file__).resolve().parent
# Real programs in real time, browsers, clocks, what costs so much of a core: one after another. Of the rest three files run at once.
ALONE = ("chaos", "desk", "engine", "health", "panel", "run", "web", "test_linecheck_live.py", "test_card.py", "test_card_faults.py",
         "test_cost.py", "test_render.py")
# Of those, what only computes, or waits for a browser as long as it takes.
EITHER = ("test_journal.py", "test_properties.py", "test_earlier.py", "test_past.py", "test_state.py", "test_pages.py", "test_parts_of_a_box.py",
          "test_walk.py", "test_encoder.py", "test_expander_encoder.py", "test_pots.py", "test_web_access.py", "test_web_browser.py", "test_web_door.py",
          "test_web_openapi.py", "test_web_pairing.py", "test_web_record.py", "test_web_slips.py", "test_web_stranger.py", "test_web_takes.py",
          "test_web_taste.py")


def pytest_configure() -> None:
    """What runs in the background of a shell ignores Ctrl-C, and so would all programs that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    parts = item.path.relative_to(HERE).parts
    if parts[-1] not in EITHER and any(part in ALONE for part in parts):
        item.add_marker("alone")


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """The command line ends politely on SIGTERM. A test's own children would inherit that, and one whose main thread waits for a lock would then never end."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    if signal.getsignal(signal.SIGTERM) is not before:
        signal.signal(signal.SIGTERM, before)
