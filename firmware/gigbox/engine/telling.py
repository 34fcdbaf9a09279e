"""What a person has to know of the card, in words, each thing once: missed periods and why, that it is unplugged, that it is back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from gigbox.rack import CARD_CAUSES as CAUSES
from gigbox.rack import CARD_STATES as STATES
from gigbox.rack import CARD_WORDS, RATE, Rack


class Telling:
    """Looks at an engine's rack, as often as anybody likes."""

    def __init__(self, device: str, fault: Callable[[], str]) -> None:
        """`fault`: why a card that was plugged in again is not taken back, or nothing."""
        self._device, self._fault = device, fault
        self._told, self._away, self._fault_told = 0, False, ""

    def look(self, rack: Rack) -> Iterator[str]:
        """What happened since the last look."""
        yield from self._events(rack)
        away, fault = STATES[rack.c.card_state] == "unplugged", self._fault()
        if away and not self._away:
            yield f"{self._device}: unplugged; nothing is heard until it is back"
        if not away and self._away:
            yield f"{self._device}: back"
        if away and fault and fault != self._fault_told:
            yield fault
        self._away, self._fault_told = away, fault if away else ""

    def _events(self, rack: Rack) -> Iterator[str]:
        count, lost = Counter[int](), Counter[int]()
        events, self._told = rack.card_events(self._told)
        for cause, frames in events:
            count[cause] += 1
            lost[cause] += frames
        for cause, times in sorted(count.items()):
            if CAUSES[cause] != "gone":
                pieces = f" in {times} pieces" if times > 1 else ""
                yield f"{self._device}: sound was away for {lost[cause] * 1000 / RATE:.0f} ms{pieces}, {CARD_WORDS[CAUSES[cause]]}"
