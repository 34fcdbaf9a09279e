"""The sound card as a plain object: opened through libasound, and played through by a real-time thread of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from types import TracebackType

from gigbox._core import ffi as core_ffi
from gigbox._core import lib as core
from gigbox.engine.core import Engine
from gigbox.engine.libasound import ffi, lib
from gigbox.errors import CardError, MachineError

PRIORITY = 80                               # SCHED_FIFO, where the system grants it
PERIODS = (32, 64, 128, 256)
FORMATS = ("", "S32", "S24_3", "S24", "S16")      # as gb_format counts them; "" is the best that there is


@dataclass(frozen=True)
class CardWish:
    """What a card is asked for; 0 and "" where anything will do. `playback`: by default the same device as `capture`; `reopen`: after an xrun, too."""

    capture: str
    playback: str = ""
    inputs: int = 0
    outputs: int = 0
    period: int = 64
    periods: int = 2
    format: str = ""
    rate: int = core.GB_RATE
    reopen: bool = False
    linked: bool = True
    watch_ms: int = 0
    retry_ms: int = 0


@dataclass(frozen=True)
class CardFacts:
    """What was got: frames, Hz, channels, one of FORMATS, whether samples are moved in place."""

    name: str
    rate: int
    inputs: int
    outputs: int
    period: int
    periods: int
    capture_format: str
    playback_format: str
    capture_mmap: bool
    playback_mmap: bool
    linked: bool


class Card:
    """One card, open. `play` starts the engine on it; a context manager, at whose end the engine falls to silence."""

    def __init__(self, wish: CardWish) -> None:
        """CardError, one line, where it cannot be had as wished for."""
        names = [ffi.new("char[]", os.fsencode(name)) for name in (wish.capture, wish.playback or wish.capture)]
        asked = ffi.new("gb_card_wish *", {
            "capture": names[0], "playback": names[1], "rate": wish.rate, "inputs": wish.inputs, "outputs": wish.outputs, "period": wish.period,
            "periods": wish.periods, "format": FORMATS.index(wish.format), "unlinked": not wish.linked, "reopen": wish.reopen,
            "watch_ms": wish.watch_ms, "retry_ms": wish.retry_ms})
        why = ffi.new(f"char[{lib.GB_CARD_WORDS}]")
        self._c = lib.gb_card_open(asked, why)
        if self._c == ffi.NULL:
            raise CardError(_text(why))

    @property
    def facts(self) -> CardFacts:
        got = lib.gb_card_got(self._c)
        return CardFacts(_text(got.name), got.rate, got.inputs, got.outputs, got.period, got.periods, FORMATS[got.capture_format],
                         FORMATS[got.playback_format], bool(got.capture_mmap), bool(got.playback_mmap), bool(got.linked))

    @property
    def fault(self) -> str:
        """Why a card that was unplugged is not taken back, or nothing."""
        return _text(lib.gb_card_fault(self._c))

    def play(self, engine: Engine, priority: int = PRIORITY) -> None:
        """From now on the engine's time is the card's. MachineError where there is no thread."""
        player = ffi.new("gb_card_player *", {"player": engine.c, "play": _of_core("gb_play"), "leave": _of_core("gb_engine_fade_out"),
                                              "left": _of_core("gb_engine_faded_out")})
        error = lib.gb_card_start(self._c, player[0], engine.rack.c, priority)
        if error:
            raise MachineError(f"engine: no audio thread ({os.strerror(error)})")

    def close(self) -> None:
        if self._c != ffi.NULL:
            lib.gb_card_close(self._c)
            self._c = ffi.NULL

    def __enter__(self) -> Card:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _of_core(name: str) -> object:
    """A function of the other module: the card knows no engine, it is told what to call."""
    return ffi.cast("void *", core_ffi.addressof(core, name))


def _text(chars: object) -> str:
    return str(ffi.string(chars).decode(errors="replace"))
