"""All ears together: dry strips in, a tenth of a second at a time; what is heard now, and the song as it goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gigbox.ideas.chart.memory import Memory
from gigbox.ideas.hear.beat import BeatEar
from gigbox.ideas.hear.chords import BEHIND_S, ChordEar, Heard
from gigbox.ideas.hear.key import Key, KeyEar
from gigbox.ideas.hear.lead import LeadEar
from gigbox.ideas.hear.mixdown import Mixdown
from gigbox.ideas.hear.onsets import Onsets
from gigbox.ideas.hear.pitch_classes import PitchClasses
from gigbox.rack import Floats

STEP_S = 0.1
NOTHING = Heard(None, 1.0)
EXPECTS = 5                # steps between two words of the key to the chords


@dataclass(frozen=True)
class Now:
    """`seconds` since it listens; `bpm` 0: no tempo yet; `next_beat_s` on the same clock; `heard` is what sounded `BEHIND_S` ago."""

    seconds: float = 0.0
    bpm: float = 0.0
    tempo_sure: float = 0.0
    next_beat_s: float = 0.0
    heard: Heard = NOTHING
    key: Key | None = None


class Listener:
    """`hear` PIECE frames of all strips."""

    def __init__(self) -> None:
        self._mixdown, self._onsets, self._classes = Mixdown(), Onsets(), PitchClasses()
        self._beat, self._chords, self._key = BeatEar(), ChordEar(), KeyEar()
        self.lead, self.memory = LeadEar(), Memory()
        self._steps = 0
        self.now = Now()

    def hear(self, dry: Floats, roles: Sequence[str]) -> Now:
        """(PIECE, strips) at 48 kHz, before any processing; a role for each."""
        self._steps += 1
        seconds = self._steps * STEP_S
        low, rhythm = self._mixdown.take(dry, roles)
        beats = self._beat.hear(self._onsets.hear(rhythm))
        classes = self._classes.hear(low)
        heard = self._chords.hear(classes)
        key = self._key.hear(classes, heard.chord, heard.sure)
        if key and self._steps % EXPECTS == 0:
            self._chords.expect(key.tonic, key.minor, key.sure)
        self.lead.hear(dry, roles)
        self.memory.take(seconds, beats, seconds - BEHIND_S, heard)
        self.now = Now(seconds, self._beat.bpm, self._beat.sure, self._beat.next_s, heard, key)
        return self.now
