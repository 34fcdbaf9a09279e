"""How fast taste learns what somebody likes: python -m tests.measures.evenings [--evenings N] [--real N]

A scripted person likes each of eight roles some dB off its usual place (sd 2.5 dB), and corrects with a noise of 1 dB what is more than
1 dB off. One touch in ten is adversarial: to the wrong side, by 1 to 6 dB. Each song is a fresh start: hands are taken back before it, so
that nothing but taste remembers. After twelve songs the person turns round: what was liked louder is liked softer.

  need      mean over roles of what the person would have to correct, dB (0 where it is within 1 dB)
  touched   the same of what was touched, with noise and adversarial touches

First against a light model of the loop, in which the box puts each role at its place and taste beside it; taste itself is the real one, and
hears each fader. With --real the real loop mixes: an engine plays made sounds, Automix moves the faders, a hand moves them through the desk.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gigbox.brain.taste.taste import Taste
from gigbox.desk.client import Value

ROLES = ("lead_vocal", "backing_vocal", "kick", "snare", "bass", "electric_guitar", "keys", "acoustic_guitar")
LIKED_SD_DB, TOUCH_SD_DB, TOLERATED_DB, ADVERSARIAL = 2.5, 1.0, 1.0, 0.1
SONGS, TURNS_AFTER = 24, 12
MODES: dict[str, Callable[[int], str]] = {
    "soundcheck": lambda song: "soundcheck", "evening": lambda song: "soundcheck" if song % 6 == 0 else "show", "show": lambda song: "show"}
SONG_S = 30


@dataclass
class Person:
    """Somebody with a taste, in dB by role, and a hand that is not always theirs."""

    liked: np.ndarray
    chance: np.random.Generator

    @classmethod
    def born(cls, seed: int, roles: int = len(ROLES)) -> Person:
        chance = np.random.default_rng(seed)
        return cls(chance.normal(0, LIKED_SD_DB, roles), chance)

    def needs(self, heard: np.ndarray) -> np.ndarray:
        """What is too far off, dB; `heard`: how far each role is from its usual place."""
        off = self.liked - heard
        return np.where(np.abs(off) > TOLERATED_DB, off, 0.0)

    def touches(self, heard: np.ndarray) -> np.ndarray:
        """Where the hand is put, dB; 0: not touched."""
        needs = self.needs(heard)
        honest = np.where(needs != 0, needs + self.chance.normal(0, TOUCH_SD_DB, len(needs)), 0.0)
        wrong = -np.sign(self.liked) * self.chance.uniform(1, 6, len(needs))
        return np.where(self.chance.random(len(needs)) < ADVERSARIAL, wrong, honest)


class LightLoop:
    """A box that has each role at its place within a moment: auto is what taste adds, and hands add to it."""

    def __init__(self, taste: Taste) -> None:
        self.taste, self.now = taste, 0.0
        for n, role in enumerate(ROLES, 1):
            self._tell(f"strip/{n}/role", role, None)

    def start(self, mode: str) -> np.ndarray:
        """Hands off, a new song: how far each role starts from its usual place, dB."""
        self.taste.take("box/mode", Value(mode, None, mode), self.now)
        for n in range(1, len(ROLES) + 1):
            self._tell(f"strip/{n}/level", None, None)
        self._auto = np.array([self.taste.offset("level", role, "pop") for role in ROLES])
        for n, auto in enumerate(self._auto, 1):
            self._tell(f"strip/{n}/level", None, auto)
        return self._auto

    def play(self, hands: np.ndarray) -> None:
        """Somebody moves faders, and the song goes on to its end."""
        for n, (hand, auto) in enumerate(zip(hands, self._auto, strict=True), 1):
            if hand:
                self._tell(f"strip/{n}/level", float(hand), auto, "somebody")
        for _ in range(SONG_S):
            self.now += 1.0
            self.taste.tick(self.now, [True] * len(ROLES))
        self.taste.song_ended()

    def _tell(self, path: str, hand: object, auto: float | None, by: str = "") -> None:
        self.taste.take(path, Value(hand, auto, hand if isinstance(hand, str) else (hand or 0.0) + (auto or 0.0)), self.now, by)      # type: ignore[arg-type, operator]


def evening(seed: int, mode: str, on: bool = True, songs: int = SONGS) -> tuple[np.ndarray, np.ndarray]:
    """need and touched of each song, dB."""
    person, loop = Person.born(seed), LightLoop(Taste(on=on))
    needed, touched = np.zeros(songs), np.zeros(songs)
    for song in range(songs):
        if song == TURNS_AFTER:
            person.liked = -person.liked
        heard = loop.start(MODES[mode](song))
        hands = person.touches(heard)
        needed[song], touched[song] = np.abs(person.needs(heard)).mean(), np.abs(hands).mean()
        loop.play(hands)
    return needed, touched


def evenings(count: int, mode: str, on: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """The same, averaged over so many people."""
    found = [evening(seed, mode, on) for seed in range(count)]
    return np.mean([needed for needed, _ in found], axis=0), np.mean([touched for _, touched in found], axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evenings", type=int, default=100, help="people, each with a taste of their own (default: 100)")
    parser.add_argument("--real", type=int, default=0, metavar="N", help="so many with the real loop instead, 12 songs each, a second a song (default: none)")
    options = parser.parse_args()
    if options.real:
        from tests.measures.evenings_real import table

        print(table(options.real))
        return
    shown = [0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16, 19, 23]
    print(f"need, dB, by song{'':14}" + "".join(f"{song + 1:6}" for song in shown) + "    1st to 6th  turned, 1st to 5th   touched, 1st to 6th")
    for mode in MODES:
        for on in (False, True):
            needed, touched = evenings(options.evenings, mode, on)
            print(f"{mode:11} taste {'on' if on else 'off':3}{'':13}" + "".join(f"{needed[song]:6.2f}" for song in shown)
                  + f"{needed[5] / needed[0] - 1:13.0%}{needed[16] / needed[12] - 1:19.0%}{touched[5] / touched[0] - 1:22.0%}", flush=True)


if __name__ == "__main__":
    main()
