"""The engine process: owns the audio. It plays through a card until it is told to stop; a song comes in place of its inputs, or into the simulated one."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from gigbox import params, places
from gigbox.devices import in_use
from gigbox.devices.choice import Device, choose
from gigbox.devices.plugged import Plugged
from gigbox.engine.card import PERIODS, Card, CardWish
from gigbox.engine.core import Engine
from gigbox.engine.simulated import NAME, SimulatedCard, only
from gigbox.engine.telling import Telling
from gigbox.errors import CardError, GigboxError
from gigbox.pulse import Pulse
from gigbox.rack import CARD_STATES, OUTPUTS, RATE, Floats, Rack
from gigbox.stopping import Stopping
from gigbox.streams import say

if TYPE_CHECKING:
    from gigbox.engine.song import Song

AHEAD = 4 * RATE               # frames the simulated card holds: this process may stall for that long and nobody hears it
PATIENT = 4                    # periods of the simulated card: a machine that grants no real-time priority is late at times
STEP_S = 0.1
LOOK_S = 0.05                  # between two looks whether the audio thread goes on
PLUGGED_S = 1.0                # between two looks whether a card has come
LATER = 4                      # periods of a card that does not have so few as its profile says
AWAY = 5                       # looks that the card has to be away for before another one is taken

Beat = Callable[[], None]
LastMix = Callable[[], Sequence[float] | None]      # what was heard last, one value for each of params.addresses()


def run(song: Song | None, rack_path: Path, period: int = 0, device: Device | None = None, last: LastMix = lambda: None,
        plugged: Plugged | None = None, again: Callable[[], Device] | None = None) -> None:
    """Play until SIGTERM or SIGINT: through the device, with the song in place of its inputs where there is one. `period` 0: as the device likes it.

    Starts from the values that the rack holds, in 50 ms from silence; after a power cut there is none, and from the `last` mix. It ends when `plugged`
    has found other cards, or its own is away and `again` would choose another: whoever starts it again plays through that.
    """
    device, free = device or choose([]), not period
    period = period or device.period
    check_period(period)
    stopping = Stopping().watch_signals()
    lock = places.only_one(rack_path.with_suffix(".lock"), f"engine: already running on {rack_path}")
    if plugged is not None:
        threading.Thread(target=_await_card, args=(plugged, stopping), name="plugged", daemon=True).start()
    with ExitStack() as stack:
        if song is not None and device.simulated:
            _play_song(stack, song, period, _rack_of(rack_path, last), stopping)
        elif song is not None:
            _play_in_place_of_inputs(stack, song, device, period, _rack_of(rack_path, last), stopping, free)
        else:
            card = stack.enter_context(_card(device, period, free))
            look = Telling(device.card or device.capture, lambda: card.fault).look
            engine = _start(stack, card, _rack_of(rack_path, last)(card.facts.inputs), stopping, look)
            _tell_of(rack_path, device)
            if again is not None:
                threading.Thread(target=_await_spare, args=(engine.rack, again, stopping), name="spare", daemon=True).start()
            while not stopping.wait(STEP_S):
                pass
    os.close(lock)


def check_period(period: int) -> None:
    """GigboxError for frames a period that the engine does not work in."""
    if period not in PERIODS:
        raise GigboxError(f"--period: {period} is not one of {', '.join(map(str, PERIODS))}")


def _card(device: Device, period: int, free: bool) -> Card:
    """With these periods; where nobody asked for them (`free`) and the card has none such, with more or longer ones: late is better than silent."""
    told: CardError | None = None
    for frames, periods in ((frames, periods) for frames in PERIODS if frames >= period for periods in dict.fromkeys((device.periods, LATER))):
        try:
            card = Card(_wish(device, frames, periods))
        except CardError as e:
            told = told or e
            if free:
                continue
            raise
        if told is not None:
            say(f"engine: {told}; plays with {periods} periods of {frames} frames")
        return card
    raise told or CardError(f"{device.name}: no periods, expected some of {PERIODS}")


def _wish(device: Device, period: int, periods: int) -> CardWish:
    return CardWish(device.capture, device.playback, device.inputs, device.outputs, period, periods, reopen=device.reopen)


def _rack_of(rack_path: Path, last: LastMix) -> Callable[[int], Rack]:
    """The rack for so many strips, with what it begins from."""
    return lambda channels: _begun(Rack(rack_path, channels), last)


def _play_song(stack: ExitStack, song: Song, period: int, open_rack: Callable[[int], Rack], stopping: Stopping) -> None:
    from gigbox.engine.player import Player  # what reads recordings is not waited for where a card plays

    player = stack.enter_context(Player(song))
    simulated = SimulatedCard(player.channels, OUTPUTS, in_frames=AHEAD)
    only(simulated)
    card = stack.enter_context(Card(CardWish(NAME, period=period, periods=PATIENT)))
    pieces = player.pieces(None)
    _give(simulated.feed, next(pieces), stopping)

    def count(rack: Rack) -> Iterator[str]:
        rack.c.underruns = simulated.hungry // period
        yield from ()

    rack = open_rack(player.channels)
    _start(stack, card, rack, stopping, count)
    if rack.path is not None:
        _tell_of(rack.path, choose([]))
    while not stopping.is_set():
        _give(simulated.feed, next(pieces), stopping)


def _play_in_place_of_inputs(stack: ExitStack, song: Song, device: Device, period: int, open_rack: Callable[[int], Rack], stopping: Stopping,
                             free: bool = False) -> None:
    """A virtual soundcheck: the song comes in, and leaves by the card's outputs."""
    from gigbox.engine.player import Player

    player = stack.enter_context(Player(song))
    card = stack.enter_context(_card(device, period, free))
    look = Telling(device.card or device.capture, lambda: card.fault).look
    pieces = player.pieces(None)
    rack = open_rack(player.channels)

    def stand_in(engine: Engine) -> None:
        engine.stand_in()
        _give(engine.feed, next(pieces), stopping)

    engine = _start(stack, card, rack, stopping, look, stand_in)
    if rack.path is not None:
        _tell_of(rack.path, device)
    while not stopping.is_set():
        _give(engine.feed, next(pieces), stopping)


def _start(stack: ExitStack, card: Card, rack: Rack, stopping: Stopping, look: Callable[[Rack], Iterator[str]],
           before: Callable[[Engine], object] = lambda engine: None) -> Engine:
    """The engine plays on the card, once what is to be done `before` is. It is closed after the card: that lets it fall to silence."""
    engine = Engine(rack.channels, rack=rack)
    before(engine)
    stack.callback(engine.close)
    stack.callback(card.close)
    card.play(engine)
    threading.Thread(target=_watch, args=(engine.rack, look, stopping), name="pulse", daemon=True).start()
    return engine


def _tell_of(rack_path: Path, device: Device) -> None:
    """Beside what feeds the sound: a slow disk takes longer over this than there is sound ahead. A full one ends nothing."""
    def tell() -> None:
        try:
            in_use.tell(rack_path, device)
        except OSError as e:
            say(f"engine: {rack_path.with_name(in_use.NAME)}: {e.strerror}; nobody knows which card's preamplifiers to turn")

    threading.Thread(target=tell, name="in use", daemon=True).start()


def _begun(rack: Rack, last: LastMix) -> Rack:
    """After a power cut what was confirmed last is heard; where nobody knows it, nothing until the desk has told what everybody had set."""
    if not rack.fresh:
        return rack
    if (known := last()) is not None:
        rack.values()[:] = known
        return rack
    for address in params.addresses():
        if address.param.path in ("main/mute", "monitor/*/mute"):
            rack.values()[address.index] = 1
    return rack


def _watch(rack: Rack, look: Callable[[Rack], Iterator[str]], stopping: Stopping) -> None:
    """The pulse is the audio thread's: the one that feeds it may stall and nobody hears it. What happens to the card is said here."""
    beat, before = Pulse().part(), 0
    while not stopping.wait(LOOK_S):
        before, moved = rack.frames, rack.frames != before
        if moved:
            beat()
        for line in look(rack):
            say(f"engine: {line}")


def _await_card(plugged: Plugged, stopping: Stopping, every: float = PLUGGED_S) -> None:
    while not stopping.wait(every):
        if plugged.look():
            say("engine: another sound card is here; starts again, to play through it")
            stopping.set()


def _await_spare(rack: Rack, again: Callable[[], Device], stopping: Stopping, every: float = PLUGGED_S) -> None:
    """Who plugs in another interface in place of a dead one is heard."""
    away = 0
    while not stopping.wait(every):
        away = away + 1 if CARD_STATES[rack.c.card_state] == "unplugged" else 0
        if not away or away % AWAY:
            continue
        try:
            found = again()
        except (GigboxError, OSError):        # cards that come and go at this very moment: the next look may find them
            continue
        if not found.simulated:
            say(f"engine: its card is away, and {found.card} is here; starts again, to play through it")
            stopping.set()


def _give(feed: Callable[[Floats], int], piece: Floats, stopping: Stopping) -> None:
    """All of a piece to who plays it, as room comes."""
    done = 0
    while done < len(piece) and not stopping.is_set():
        taken = feed(piece[done:])
        done += taken
        if not taken:
            stopping.wait(STEP_S)
