"""Asks a disk that may never answer, such as a stick that hangs: in a thread of its own, and who asks waits only so long."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

WAIT_S = 3.0              # of a request; a web program whose threads all wait longer than 5 s is held to be dead

Told = TypeVar("Told")


class Patience:
    """A disk that hangs costs one wait; until it has answered that, it is asked nothing more."""

    def __init__(self) -> None:
        self._late: dict[str, Future[object]] = {}

    def ask(self, disk: str, act: Callable[[], Told], seconds: float = WAIT_S) -> Told:
        """What `act` gives or raises. TimeoutError, an OSError, where that takes longer, or an earlier question to `disk` has no answer yet."""
        if (late := self._late.get(disk)) is not None and not late.done():
            raise _silent(disk)
        asked: Future[Told] = beside(act)
        try:
            fault = asked.exception(seconds)
        except TimeoutError:
            self._late[disk] = asked      # type: ignore[assignment]
            raise _silent(disk) from None
        if fault is not None:
            raise fault
        return asked.result()


def beside(act: Callable[[], Told]) -> Future[Told]:
    """In a thread that no end of this process waits for. OSError where the machine refuses one."""
    asked: Future[Told] = Future()
    asked.set_running_or_notify_cancel()
    try:
        threading.Thread(target=_answer, args=(asked, act), name="disk", daemon=True).start()
    except RuntimeError:
        raise OSError(errno.EAGAIN, "this machine has no thread left for it") from None
    return asked


def _answer(asked: Future[Told], act: Callable[[], Told]) -> None:
    try:
        asked.set_result(act())
    except BaseException as e:
        asked.set_exception(e)


def _silent(disk: str) -> OSError:
    return OSError(errno.ETIMEDOUT, "the disk has not answered yet", disk)
