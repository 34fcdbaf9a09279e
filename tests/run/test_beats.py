"""The supervisor hears beats of whoever sends them, and knows from whom they are."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import closing

from gigbox.pulse import Pulse
from gigbox.run.beats import MOST, Beats

ANOTHER = "import sys; from gigbox.pulse import Pulse; Pulse(sys.argv[1]).part()()"


def test_a_beat_is_known_by_its_sender() -> None:
    with closing(Beats()) as beats:
        assert beats.senders() == set()
        Pulse(beats.address).part()()
        other = subprocess.Popen([sys.executable, "-c", ANOTHER, beats.address])
        other.wait(20)
        assert beats.senders() == {os.getpid(), other.pid}
        assert beats.senders() == set()


def test_what_is_no_beat_is_nobodys() -> None:
    with closing(Beats()) as beats, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        for words in (b"", b"STATUS=busy", b"NOTWATCHDOG=1", b"\xff" * 2000):
            stranger.sendto(words, "\0" + beats.address[1:])
        assert beats.senders() == set()
        stranger.sendto(b"STATUS=busy\nWATCHDOG=1\n", "\0" + beats.address[1:])
        assert beats.senders() == {os.getpid()}


def test_who_sends_without_end_holds_nobody_up() -> None:
    with closing(Beats()) as beats:
        class Endless:
            taken = 0

            def recvmsg(self, *_: int) -> tuple[bytes, list[object], int, None]:
                self.taken += 1
                return b"WATCHDOG=1", [], 0, None

            def close(self) -> None: ...

        beats._socket.close()
        beats._socket = Endless()            # type: ignore[assignment]
        beats.senders()
        assert beats._socket.taken == MOST   # type: ignore[attr-defined]
