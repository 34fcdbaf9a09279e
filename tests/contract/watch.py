"""The contract of hand and auto, asserted event by event. What is locked, frozen or touched it reads from the events alone, not from the desk."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from gigbox import params
from gigbox.brain.mix.feedback_margin import SPARE_DB
from gigbox.desk.events import Event
from gigbox.rack import Floats
from gigbox.render.session import Session

TOUCH_S, MOST_UP_DB, TRIM_DB = 20.0, 6.0, 18.0       # the design's, whatever the code says
LEVEL_RATE, FAST_RATE, EQ_RATE, PAN_RATE, THRESHOLD_RATE = 0.9, 12.0, 0.5, 0.5, 1.0      # a second
ANEW_RATE, ANEW_S = 3.0, 10.0   # of a fader in a show, after a hand has said what the strip is
MAKE_WAY_RATE = 6.0            # down, for a lead that has only begun
TICK_S, ALIKE = 0.1, 1e-6
QUIET_DB = -62.0                # of a strip's input behind the trim of auto: nothing quieter is playing
BLOCKS = 10                     # of 100 ms, that a strip may be followed in its decay


class Watch:
    """`look` after every step. `frames`: what came in meanwhile."""

    def __init__(self, session: Session) -> None:
        self.session, self.seen = session, 0
        self.strips = len(session.tracks)
        self.touched: dict[str, float] = {}
        self.roles: dict[str, float] = {}              # when a hand said what a strip is, by the path of its fader
        self.locks: set[str] = set()
        self.hand: dict[str, float | str | bool | None] = {}
        self.placed: set[tuple[int, str]] = set()       # strips and roles that soundcheck has placed
        self.anchors: list[float] | None = None        # trims and faders of auto when the show began
        self.open: set[int] = set()                    # strips that were open in soundcheck, or then
        self.sound = deque([np.zeros((1, self.strips))], BLOCKS)

    def look(self, frames: Floats | None = None) -> None:
        if self.session.mode != "show" or self.anchors is None:
            self.open |= {n for n in range(1, self.strips + 1) if not self.session.value(f"strip/{n}/mute")}
        if frames is not None:
            self.sound.append(np.nan_to_num(frames.astype(float), posinf=0, neginf=0))
        for event in self.session.events[self.seen:]:
            if event.kind == "auto":
                self._auto(event)
            else:
                self._other(event)
        self.seen = len(self.session.events)
        self._depth()

    def gains(self) -> list[float]:
        """dB of trim and fader together, as the box goes on from: what a hand keeps of it counts. Of a pair the left one is told."""
        auto = self.session.brain.automix.auto
        told = [n - 1 if self.hand.get(f"strip/{n - 1}/link") else n for n in range(1, self.strips + 1)]
        return [auto[f"strip/{n}/trim"] + auto[f"strip/{n}/level"] for n in told]

    def _other(self, e: Event) -> None:
        """What a hand did; of layer auto too, where it kept, undid or recalled."""
        if e.layer == "lock":
            (self.locks.add if e.new else self.locks.discard)(e.path)
        if e.layer != "hand":
            return
        self.hand[e.path] = e.new
        if e.path.endswith("/role"):
            self.roles[e.path.removesuffix("role") + "level"] = e.time
        if e.kind == "set":
            self.touched[e.path] = e.time
        else:
            self.touched.pop(e.path, None)
        if e.path == "box/mode":
            self.anchors = self.gains() if self.session.mode == "show" else None

    def _auto(self, e: Event) -> None:
        assert (e.layer, e.by) == ("auto", "brain"), e
        self._in_range(e)
        self._reason(e)
        self._left_alone(e)
        self._slew(e)
        words = e.path.split("/")
        if words[0] == "strip" and words[2:] in (["level"], ["trim"]) and _number(e.new) > _number(e.old) + ALIKE:
            self._raised(e, int(words[1]))

    def _in_range(self, e: Event) -> None:
        address = params.find(e.path)           # no text: that is an error here
        param = address.param
        assert param.blend != "hand", e
        value = e.new
        assert isinstance(value, float), e
        assert math.isfinite(value), e
        if param.blend == "override":
            assert param.low <= value <= param.high, e
        elif param.path == "strip/*/level":
            assert value <= MOST_UP_DB, e
        elif param.path == "strip/*/trim":
            assert abs(value) <= TRIM_DB, e
        else:
            assert abs(value) <= param.high - param.low, e

    def _reason(self, e: Event) -> None:
        """Who, and why: a number, or words behind the colon that say what was found."""
        assert 0 < len(e.why) <= 200, e
        assert e.why.isprintable(), e
        assert any(c.isdigit() for c in e.why) or len(e.why.partition(": ")[2].split()) >= 2, e

    def _left_alone(self, e: Event) -> None:
        assert not self.frozen, e
        assert not any(e.path == lock or e.path.startswith(f"{lock}/") for lock in self.locks), e
        assert not 0 <= e.time - self.touched.get(e.path, -math.inf) < TOUCH_S, e

    @property
    def frozen(self) -> bool:
        return bool(self.hand.get("box/freeze"))

    def _slew(self, e: Event) -> None:
        """One event of a path a tick, so that steps are rates."""
        row, step = params.find(e.path).param.path, _number(e.new) - _number(e.old)
        if row == "strip/*/level" and step < 0 and self.session.mode == "soundcheck" and "not heard yet" in e.why:
            return          # soundcheck begins with the faders where the roles belong: down, at once
        if row == "strip/*/level" and step < 0 and "can go no higher" in e.why:      # down is safe, and a lead that nobody hears is no show
            assert abs(step) <= MAKE_WAY_RATE * TICK_S + 1e-5, e
            return
        level = FAST_RATE if self.session.mode == "soundcheck" else ANEW_RATE if e.time - self.roles.get(e.path, -math.inf) <= ANEW_S else LEVEL_RATE
        rate = {"strip/*/level": level, "strip/*/trim": FAST_RATE, "strip/*/eq/*/gain": EQ_RATE,
                "strip/*/pan": PAN_RATE, "strip/*/send/*/level": FAST_RATE}.get(row, math.inf)
        assert abs(step) <= rate * TICK_S + 1e-5, e

    def _raised(self, e: Event, strip: int) -> None:
        """Only what plays, by what the rules say and by what comes in. There is no exception: what a hand released or kept stays where it is
        until it sounds. A level or trim that hands, a keep, an undo or a scene moved is no move of auto."""
        if strip > self.strips:            # the side of a linked one that the box has no input for: it is heard nowhere
            return
        playing = self.session.brain.automix.playing(self.strips)
        assert playing[strip - 1], e
        sides = [strip, *([strip + 1] if self.hand.get(f"strip/{strip}/link") else []), *([strip - 1] if self.hand.get(f"strip/{strip - 1}/link") else [])]
        power = np.square(np.concatenate(self.sound)).mean(axis=0) + 1e-20      # with DC: it thumps where a hand switches filters
        loudest = max(float(power[n - 1]) for n in sides if n <= self.strips)
        assert 10 * math.log10(loudest) + max(self.session.auto(f"strip/{n}/trim") or 0 for n in sides) > QUIET_DB, e
        self._margin(e, strip)

    def _margin(self, e: Event, strip: int) -> None:
        """The powers of the gains of all open microphones stay within those when the show began, and a few dB."""
        mine = [s.strips[0] for s in self.session.brain.sources if s.role and s.role.open_mic]
        if self.anchors is None or self.session.mode != "show" or strip not in mine:
            return
        gains = self.gains()
        now, then = (sum(10 ** (gain[n - 1] / 10) for n in mine if n in self.open) for gain in (gains, self.anchors))
        assert now <= then * 10 ** (SPARE_DB / 10) + 1e-5, (e, self.anchors, gains)

    def _depth(self) -> None:
        """Depth 0 is what hands have set."""
        desk = self.session.desk
        if self.session.value("box/depth") > 0:
            return
        for address, hand, value in zip(params.addresses(), desk.hand, desk.values, strict=True):
            assert value == (address.default if hand is None else hand), address.path


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


