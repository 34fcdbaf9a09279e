"""The fader loop: each source to its role's place in loudness, slowly, with a reason; and where each role's strip starts.

Structure after Mansbridge, Finn, Reiss 2012 (AES 132): loudness gate with hysteresis, cross-adaptive target, slow slew.
It never sees or moves `hand`: trims and faders of people add to what is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gigbox.brain.activity import TICK_S, Activity, Array
from gigbox.brain.roles import LEAD_LUFS, ROLES, Role

TRIM_DB, TRIM_RATE = 18.0, 12.0                 # soundcheck: how far and how fast (dB/s) the digital trim may go
PEAK_DBFS = -6.0                                # and no peak is trimmed above this
TRIM_LU, RETRIM_LU = 2.0, 6.0                   # what it takes to trim for the first time, and to do it again
DEADBAND_LU = {"soundcheck": 0.5, "show": 0.75}  # a move begins beyond this
SETTLED_LU = 0.3                                # and ends within this
TIME_S = 2.0                                    # an error is worked off with this time constant
RATES = {"soundcheck": (-0.9, 0.9), "show": (-0.9, 0.9)}    # dB/s, down and up
TAU_S = 10.0                                    # of playing time: phrases are the music's business, not the fader's
SHOW_DOWN_DB, SHOW_UP_DB = 12.0, 3.0            # in a show, around where soundcheck ended
MOST_UP_DB = 6.0
WIDTH = 0.5                                     # of the roles' pans: much of an audience sits off the middle


@dataclass(frozen=True)
class Heard:
    """One look at the meters, an entry a strip: LUFS behind the inserts, before the fader, over 400 and 100 ms; peaks behind the
    trim, dBFS; and what hands added to the trims, dB."""

    momentary: Array
    latest: Array
    peaks: Array
    trims: Array


@dataclass(frozen=True)
class Move:
    """A wish for `auto`: in the desk's units, with the reason in words and numbers."""

    path: str
    value: float
    why: str


@dataclass
class Source:
    """One thing that sounds: a strip, or two linked ones (`strips` are 1-based; moves go to the first, the desk moves its partner)."""

    strips: tuple[int, ...]
    name: str
    role: Role
    role_name: str
    level: float = 0.0          # auto of the fader, dB
    trim: float = 0.0           # auto of the trim, dB
    anchor: float | None = None   # level when the show began
    trimming: bool = False
    trimmed: bool = False
    placed: bool = False
    moving: bool = False
    started: bool = field(default=False, repr=False)


class Automix:
    """Call `think` every 0.1 s. State is per source; `roles` are of the strips, in order; `pairs` are 1-based left strips."""

    def __init__(self, roles: Sequence[str], names: Sequence[str] = (), pairs: Sequence[int] = ()) -> None:
        self.sources = list(_sources(roles, names or [f"strip {n}" for n in range(1, len(roles) + 1)], set(pairs)))
        self.activity = Activity(np.array([s.role.span for s in self.sources], float))
        self._mode = ""

    def think(self, heard: Heard, mode: str) -> list[Move]:
        """What `auto` should do now; mode: soundcheck or show."""
        if not self.sources:
            return []
        momentary, latest = ([_sum_lufs([level[n - 1] - heard.trims[n - 1] for n in s.strips]) for s in self.sources]
                             for level in (heard.momentary, heard.latest))
        peaks = [max(heard.peaks[n - 1] - heard.trims[n - 1] for n in s.strips) for s in self.sources]
        self.activity.hear(np.array(momentary), np.array(latest), np.array(peaks), TAU_S)
        moves: list[Move] = []
        if mode != self._mode:
            for index, source in enumerate(self.sources):
                source.anchor = source.level if mode == "show" and self.activity.certain[index] and not source.trimming else None
            self._mode = mode
        for index, source in enumerate(self.sources):
            if not source.started:
                source.started = True
                moves += self._start(index, source)
                if mode == "soundcheck":
                    moves += self._place(source)
            if mode == "soundcheck" or source.trimming or self._late(index, source):
                moves += self._trim(index, source)
            moves += self._fade(index, source, mode)
        return moves

    def take(self, path: str, value: float) -> None:
        """What the desk holds of `auto` when this program starts or a move was refused: the loop goes on from there."""
        for source in self.sources:
            if path == f"strip/{source.strips[0]}/level":
                source.level = value
            elif path == f"strip/{source.strips[0]}/trim":
                source.trim = value
                source.trimmed |= value != 0

    def playing(self, strips: int) -> list[bool]:
        """Of each strip: whether it is playing now, as far as roles are known."""
        active = [False] * strips
        for source, on in zip(self.sources, self.activity.active, strict=True):
            for n in source.strips:
                active[n - 1] = bool(on)
        return active

    def _start(self, index: int, source: Source) -> Iterator[Move]:
        """Once per source: where its strip starts, by role."""
        strip, role = f"strip/{source.strips[0]}", source.role
        if role.hpf:
            yield Move(f"{strip}/hpf/on", 1, f"{source.name}: nothing of {_a(source.role_name)} lies below {role.hpf:.0f} Hz")
            yield Move(f"{strip}/hpf/frequency", role.hpf, f"{source.name}: nothing of {_a(source.role_name)} lies below {role.hpf:.0f} Hz")
        if role.denoise:
            yield Move(f"{strip}/denoise/amount", role.denoise, f"{source.name}: an open voice microphone, noise down by up to {role.denoise:.0f} dB")
        if role.leads:
            yield Move(f"{strip}/duck/key", 1, f"{source.name}: the others give way while it sounds")
        for path, db in zip(("bell", "level"), role.gives_way, strict=True):
            if db:
                yield Move(f"{strip}/duck/{path}", db, f"{source.name}: gives way to a voice by {db:.1f} dB{' around 2 kHz' if path == 'bell' else ''}")
        pan = self._pan(index)
        if pan:
            yield Move(f"{strip}/pan", pan, f"{source.name}: {'left' if pan < 0 else 'right'}, to leave the middle to the voice")

    def _place(self, source: Source) -> Iterator[Move]:
        """Soundcheck begins with the faders where the roles belong; down only, and not where a fader was already moved."""
        if not source.level and source.role.offset < 0:
            source.level = source.role.offset
            yield Move(f"strip/{source.strips[0]}/level", source.level, self._reason(source, source.level, None))

    def _pan(self, index: int) -> float:
        """Stereo sources open out; single ones take turns, left and right, so that both sides weigh alike."""
        source = self.sources[index]
        if len(source.strips) == 2:
            return -max(source.role.pan, WIDTH)
        alone = [s for s in self.sources if len(s.strips) == 1 and s.role.pan]
        if source not in alone:
            return 0.0
        turn = sorted(range(len(alone)), key=lambda i: (-alone[i].role.offset, i)).index(alone.index(source))
        return source.role.pan * WIDTH * (-1 if turn % 4 in (0, 3) else 1)

    def _late(self, index: int, source: Source) -> bool:
        """Silent all through soundcheck and playing now. Trimmed once even in a show, but never an open microphone: that could howl."""
        return not source.trimmed and not source.role.open_mic and self.activity.heard[index] < 4

    def _trim(self, index: int, source: Source) -> Iterator[Move]:
        """Soundcheck: bring what comes in to the nominal level, so that thresholds and faders mean the same on every strip."""
        loudness = self.activity.loudness[index]
        if not self.activity.certain[index] or not self.activity.foreground[index]:
            return
        more = min(LEAD_LUFS - loudness, PEAK_DBFS - self.activity.peak[index])
        wanted = min(max(source.trim + more, -TRIM_DB), TRIM_DB)
        error = wanted - source.trim
        if abs(error) < (SETTLED_LU if source.trimming else RETRIM_LU if source.trimmed else TRIM_LU):
            source.trimming = False
            source.trimmed = True
            return
        source.trimming = True
        step = float(np.clip(error, -TRIM_RATE * TICK_S, TRIM_RATE * TICK_S))
        source.trim += step
        self.activity.shift(index, step)
        came, peak = loudness - source.trim + step, self.activity.peak[index] - source.trim
        aim = f"wanted {LEAD_LUFS:.0f}" if more == LEAD_LUFS - loudness else f"peaks at {peak:.0f} dBFS, wanted {PEAK_DBFS:.0f} at most"
        yield Move(f"strip/{source.strips[0]}/trim", source.trim, f"{source.name} {source.trim:+.1f} dB: came in at {came:.0f} LUFS, {aim}")

    def _fade(self, index: int, source: Source, mode: str) -> Iterator[Move]:
        certain, loudness = bool(self.activity.certain[index]), float(self.activity.loudness[index])
        if mode == "show" and not certain:
            return
        wanted = LEAD_LUFS + source.role.offset - loudness if certain and not source.trimming else source.role.offset
        error = float(np.clip(self._fenced(wanted, source, mode) - source.level, -6, 6))
        if abs(error) < (SETTLED_LU if source.moving else DEADBAND_LU[mode]):
            source.moving = False
            source.placed |= source.trimmed
            return
        if error > 0 and not self.activity.sounding[index]:
            return
        source.moving = True
        first = mode == "soundcheck" and source.trimmed and not source.placed      # once, right behind its trim
        step = np.clip(error, -TRIM_RATE * TICK_S, TRIM_RATE * TICK_S) if first else np.clip(error / TIME_S, *RATES[mode]) * TICK_S
        source.level += float(step)
        yield Move(f"strip/{source.strips[0]}/level", source.level, self._reason(source, wanted, loudness if certain else None))

    def _fenced(self, wanted: float, source: Source, mode: str) -> float:
        low, high = -60.0, MOST_UP_DB
        if mode == "show" and source.anchor is not None:
            low, high = source.anchor - SHOW_DOWN_DB, min(high, source.anchor + SHOW_UP_DB)
        return min(max(wanted, low), high)

    def _reason(self, source: Source, wanted: float, loudness: float | None) -> str:
        place = f"{_a(source.role_name)} sits {source.role.offset:+.0f} LU from the lead"
        if loudness is None:
            return f"{source.name} to {wanted:+.1f} dB: {place}, not heard yet"
        return f"{source.name} to {wanted:+.1f} dB: plays at {loudness:.1f} LUFS, {place} at {LEAD_LUFS:.0f}"


def _sources(roles: Sequence[str], names: Sequence[str], pairs: set[int]) -> Iterator[Source]:
    for number, role in enumerate(roles, 1):
        if number - 1 in pairs or role not in ROLES:
            continue
        strips = (number, number + 1) if number in pairs and number < len(roles) else (number,)
        yield Source(strips, names[number - 1], ROLES[role], role)


def _sum_lufs(values: Sequence[float]) -> float:
    return float(10 * np.log10(sum(10 ** (v / 10) for v in values)))


def _a(role: str) -> str:
    words = role.replace("_", " ")
    return f"an {words}" if words[0] in "aeiou" else words if words in ("drums", "keys", "strings", "speech") else f"a {words}"
