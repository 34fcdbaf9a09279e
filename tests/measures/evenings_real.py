"""The same evenings with the real loop: an engine plays made sounds, Automix moves the faders, taste hears the desk, a hand moves faders.

Songs come in at other levels each time (sd 4 dB), so trims and faders have work to do. The person listens for 20 s, and corrects then.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from gigbox.brain.roles.roles import LEAD_LUFS, ROLES
from gigbox.brain.taste.corrections import PULLED_DB
from gigbox.brain.taste.taste import Taste
from gigbox.engine.song import Track
from gigbox.params import find
from gigbox.rack import METER_FRAMES, RATE
from gigbox.render.session import TICK_S, Session
from tests.engine.sounds import drum, noise, pad, voice
from tests.measures.evenings import Person

BAND = ("lead_vocal", "backing_vocal", "kick", "keys", "electric_guitar")
LISTENS_S, VERSE_S, SONG_S = 20, 12, 48
LEVEL_SD_DB = 4.0
FADER = find("strip/1/level").param


@lru_cache(maxsize=1)
def sounds() -> np.ndarray:
    """(frames, 5) float32: two voices, a drum, keys, and a strummed noise."""
    t = np.arange(VERSE_S * RATE) / RATE
    strum = noise(VERSE_S, 0.1, 5) * np.exp(-(t % 0.5) / 0.2)
    made = (voice(VERSE_S, 0.08, 1), voice(VERSE_S, 0.06, 2), drum(VERSE_S, 0.5, 3), pad(VERSE_S, 0.05, 4), strum)
    return np.tile(np.stack(made, axis=1).astype(np.float32), (SONG_S // VERSE_S, 1))


def play(taste: Taste, person: Person) -> tuple[np.ndarray, np.ndarray]:
    """One song: what the person would have to correct when they have listened, and where they put the hands, dB by role."""
    gains = 10 ** (person.chance.normal(0, LEVEL_SD_DB, len(BAND)) / 20)
    tracks = [Track(Path(role), 0, role, role, "given", False) for role in BAND]
    session = Session(tracks, {"box/mode": "soundcheck", "box/denoise": "off", **({} if taste.on else {"box/taste": "off"})}, taste=taste)
    heard, hands = np.zeros(len(BAND)), np.zeros(len(BAND))
    frames = (sounds() * gains).astype(np.float32)
    for start in range(0, len(frames) - METER_FRAMES + 1, METER_FRAMES):
        session.play(frames[start:start + METER_FRAMES])
        session.think()
        if abs(session.now - LISTENS_S) < TICK_S / 2:
            heard = places(session)
            hands = np.clip(person.touches(heard), PULLED_DB + 1, FADER.high)
            session.set({f"strip/{n}/level": float(hand) for n, hand in enumerate(hands, 1) if hand}, "somebody")
    session.close()
    taste.song_ended()
    return np.abs(person.needs(heard)), np.abs(hands)


def places(session: Session) -> np.ndarray:
    """How far each role is heard from its usual place against the lead's loudness, dB."""
    levels = np.array([session.value(f"strip/{n}/level") for n in range(1, len(BAND) + 1)])
    stage = session.brain.automix.stage
    places = np.array([ROLES[role].offset + (0.0 if ROLES[role].leads else stage.balance.common) for role in BAND])
    return stage.activity.loudness + levels - LEAD_LUFS - places


def evening(seed: int, on: bool, songs: int, turns_after: int) -> np.ndarray:
    """Mean need of each song, dB."""
    person, taste = Person.born(seed, len(BAND)), Taste(on=on)
    needed = np.zeros(songs)
    for song in range(songs):
        if song == turns_after:
            person.liked = -person.liked
        needed[song] = play(taste, person)[0].mean()
    return needed


def table(evenings: int) -> str:
    """need by song, with taste off and on."""
    songs, turns_after = 12, 7
    lines = ["real loop, need, dB, by song  " + "".join(f"{song + 1:6}" for song in range(songs)) + f"    1st to 6th  turned before {turns_after + 1}: to 5th"]
    for on in (False, True):
        need = np.mean([evening(seed, on, songs, turns_after) for seed in range(evenings)], axis=0)
        lines.append(f"soundcheck  taste {'on' if on else 'off':12}" + "".join(f"{each:6.2f}" for each in need)
                     + f"{need[5] / need[0] - 1:13.0%}{need[turns_after + 4] / need[turns_after] - 1:24.0%}")
    return "\n".join(lines)
