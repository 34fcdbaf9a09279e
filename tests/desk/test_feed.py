"""What the engine is told: every new value, the newest where its queue is full, and all that it has otherwise after it was replaced."""

from __future__ import annotations

import numpy as np

from gigbox.desk.feed import Feed
from gigbox.desk.state import Desk

from .fakes import FakeRack


def turns(feed: Feed, rack: FakeRack, count: int = 3) -> None:
    """The engine plays and the desk looks."""
    for _ in range(count):
        rack.drain()
        feed.check()


def test_only_what_differs_is_told_at_the_start() -> None:
    desk, rack = Desk(), FakeRack()
    desk.values[7], desk.values[9] = -3.1, 2
    feed = Feed(rack, desk.values)
    assert [index for index, _ in rack.queue] == [7, 9]
    turns(feed, rack)
    assert len(rack.pushed) == 2
    assert rack.values()[7] == np.float32(-3.1)


def test_a_full_queue_gets_the_newest_value_later() -> None:
    desk, rack = Desk(), FakeRack(room=2)
    feed = Feed(rack, desk.values)
    for step in range(5):
        desk.values[7], desk.values[9], desk.values[11] = step + 0.5, step + 1.5, step + 2.5
        feed.tell([7, 9, 11], desk.values)
    assert rack.queue == [(7, 0.5), (9, 1.5)]
    rack.drain()
    feed.flush()
    rack.drain()
    feed.flush()
    rack.drain()
    assert [float(rack.values()[i]) for i in (7, 9, 11)] == [4.5, 5.5, 6.5]
    assert not feed.pending


def test_a_replaced_engine_is_told_again_at_once() -> None:
    desk, rack = Desk(), FakeRack()
    feed = Feed(rack, desk.values)
    desk.values[7] = -3
    feed.tell([7], desk.values)
    turns(feed, rack)
    rack.values()[7], rack.frames = 0, 8                      # another engine: its own defaults, a heartbeat from the start
    feed.check()
    assert rack.queue == [(7, -3.0)]


def test_a_value_that_got_lost_is_told_again_while_the_engine_plays() -> None:
    desk, rack = Desk(), FakeRack()
    feed = Feed(rack, desk.values)
    rack.values()[7] = 1
    turns(feed, rack, 4)
    assert rack.values()[7] == np.float32(desk.values[7])
    assert len(rack.pushed) == 1


def test_a_value_that_got_lost_is_told_again_while_hands_move_without_a_pause() -> None:
    """An engine that mutes itself because nobody told it anything yet must not stay mute because somebody moves a fader."""
    desk, rack = Desk(), FakeRack()
    feed = Feed(rack, desk.values)
    rack.values()[7] = 1
    for step in range(5):
        desk.values[9] = step + 0.5
        feed.tell([9], desk.values)
        turns(feed, rack, 1)
    assert [value for index, value in rack.pushed if index == 7] == [desk.values[7]]
    assert rack.values()[7] == np.float32(desk.values[7])


def test_an_engine_that_stands_still_is_not_flooded() -> None:
    desk, rack = Desk(), FakeRack()
    feed = Feed(rack, desk.values)
    desk.values[7] = -3
    feed.tell([7], desk.values)
    for _ in range(50):
        feed.check()
    assert len(rack.pushed) == 1


def test_values_wait_for_an_engine_that_is_not_there_yet() -> None:
    desk, rack = Desk(), FakeRack()
    feed = Feed(None, desk.values)
    desk.values[7] = -3
    feed.tell([7], desk.values)
    feed.check()
    feed.attach(rack)
    assert rack.queue == [(7, -3.0)]


def test_what_the_engine_has_not_taken_yet_is_not_told_twice() -> None:
    desk, rack = Desk(), FakeRack()
    feed = Feed(rack, desk.values)
    turns(feed, rack)
    desk.values[7] = -3
    feed.tell([7], desk.values)
    rack.frames += 32                                        # it plays, and takes it only in its next turn
    feed.check()
    assert rack.pushed == [(7, -3.0)]
