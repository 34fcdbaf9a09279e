"""When a song is over: what carries it has played for a while and is silent. Time is an argument.

Between songs people talk, tune and clap, so voices and room count only where nothing else is on stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gigbox.brain.taste.pace import Pace

NOT_MUSIC = ("unused", "ambience")
VOICES = ("lead_vocal", "backing_vocal", "speech")
SONG_S = 45.0                 # no song is shorter
SILENCE_S = 6.0               # no break within one is longer


@dataclass
class SongEnd:
    """Seconds of playing since the last song ended, and of silence since the last note."""

    played: float = 0.0
    silent: float = 0.0
    _pace: Pace = field(default_factory=Pace)

    def tick(self, now: float, roles: Sequence[str], active: Sequence[bool]) -> bool:
        """True once, when a song is over. `roles`, `active`: of each strip."""
        passed = self._pace.passed(now)
        instruments = [on for role, on in zip(roles, active, strict=False) if role not in NOT_MUSIC + VOICES]
        voices = [on for role, on in zip(roles, active, strict=False) if role in VOICES]
        if any(instruments or voices):
            self.played, self.silent = self.played + passed, 0.0
            return False
        self.silent += passed
        if self.silent < SILENCE_S or self.played < SONG_S:
            return False
        self.played = 0.0
        return True
