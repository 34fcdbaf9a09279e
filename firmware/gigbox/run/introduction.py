"""Telling the desk who plays: names, roles and links of another song than last time, 20 s of soundcheck for it, and who cleans, if that was asked for.
Through a card nobody knows who plays: names, roles and the rest stay as the band left them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from gigbox.desk.client import Client
from gigbox.engine.song import HEARD, Song
from gigbox.errors import GigboxError
from gigbox.stopping import Stopping

SOUNDCHECK_S = 20.0
RETRY_S = 0.2
BY = "run"


class Introduction:
    """A thread of its own, so that a desk that is away holds nobody up. What is done stays done: it goes on where the desk, or `gigbox run`, was killed."""

    def __init__(self, song: Song | None, denoise: str | None, stopping: Stopping, desk: Callable[[], Client] = lambda: Client(by=BY, timeout=2.0),
                 room: bool = False) -> None:
        """`room`: it is heard through a card; main then stays as the room has it."""
        self._song, self._denoise, self._stopping, self._desk = song, denoise, stopping, desk
        self._anew = ["strip", "strip/*/role", "strip/*/colour", *(() if room else ("main",))]
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Call until it comes back without an error: a machine may refuse threads."""
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="introduction", daemon=True)
            thread.start()
            self._thread = thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._desk() as desk:
                    self._introduce(desk)
                    self._end_soundcheck(desk)
                return
            except (GigboxError, OSError, RuntimeError):      # no desk, or no thread for its client
                self._stopping.wait(RETRY_S)

    def _introduce(self, desk: Client) -> None:
        if self._denoise:
            desk.set({"box/denoise": self._denoise}, why="--denoise")
            self._denoise = None
        if self._song and desk.get("box/song")["box/song"].value != self._song.title[:64]:
            desk.release(self._anew)
            desk.set(_hand(self._song), why="another song")

    def _end_soundcheck(self, desk: Client) -> None:
        """Of the soundcheck that began here: one that a hand began ends by hand."""
        if _ours(desk) and not self._stopping.wait(SOUNDCHECK_S) and _ours(desk):
            desk.set({"box/mode": "show"}, why="soundcheck is over")


def _ours(desk: Client) -> bool:
    if desk.get("box/mode")["box/mode"].value != "soundcheck":
        return False
    modes = (event for event in desk.history(500) if event["path"] == "box/mode")
    return bool(next(modes, {}).get("by") == BY)


def _hand(song: Song) -> dict[str, object]:
    hand: dict[str, object] = {"box/song": song.title[:64], "box/mode": "soundcheck"}
    for n, track in enumerate(song.tracks, 1):
        hand |= {f"strip/{n}/name": track.name[:32] if track.role_source != HEARD else "", f"strip/{n}/link": track.pair}
        hand |= {f"strip/{n}/role": track.role} if track.said else {}       # the brain finds out
    return hand
