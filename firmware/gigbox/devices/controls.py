"""What of a card can be turned: its mixer controls, with gains in decibels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gigbox.devices.alsa import CENT_DB, Alsa, Mixer

WILD_DB = 200.0               # what a driver without figures tells is no gain


@dataclass(frozen=True)
class Control:
    """`kind`: volume, switch or choice, of the capture or the playback side. `low_db` is None where a volume has no figures in decibels."""

    name: str
    number: int               # of those with the same name, from 0
    kind: str
    capture: bool
    channels: int
    low_db: float | None = None
    high_db: float | None = None
    choices: tuple[str, ...] = ()
    step_db: float = 0.0      # where all steps are alike


def controls(alsa: Alsa, index: int) -> tuple[Control, ...]:
    """All of a card's; those that ALSA cannot tell of are left out."""
    same: Counter[str] = Counter()
    told: list[Control] = []
    for name in alsa.mixers(cardindex=index):
        number, same[name] = same[name], same[name] + 1
        try:
            mixer = alsa.Mixer(name, id=number, cardindex=index)
        except alsa.ALSAAudioError:
            continue
        try:
            told += _of(alsa, mixer, name, number)
        except alsa.ALSAAudioError:
            continue
        finally:
            mixer.close()
    return tuple(told)


def _of(alsa: Alsa, mixer: Mixer, name: str, number: int) -> list[Control]:
    if choices := mixer.getenum():
        return [Control(name, number, "choice", False, 1, choices=tuple(choices[1]))]
    told: list[Control] = []
    volume, switch = {word.removeprefix("Joined ") for word in mixer.volumecap()}, {word.removeprefix("Joined ") for word in mixer.switchcap()}
    for capture, side in ((True, "Capture"), (False, "Playback")):
        direction = alsa.PCM_CAPTURE if capture else alsa.PCM_PLAYBACK
        if f"{side} Volume" in volume:
            channels = len(mixer.getvolume(direction, alsa.VOLUME_UNITS_RAW))
            told.append(Control(name, number, "volume", capture, channels, *_range_db(alsa, mixer, direction), step_db=_step_db(alsa, mixer, direction)))
        if f"{side} Mute" in switch:
            told.append(Control(name, number, "switch", capture, len(mixer.getrec() if capture else mixer.getmute())))
    return told


def _range_db(alsa: Alsa, mixer: Mixer, direction: int) -> tuple[float | None, float | None]:
    low, high = (cents / CENT_DB for cents in mixer.getrange(direction, alsa.VOLUME_UNITS_DB))
    return (low, high) if high > low and max(abs(low), abs(high)) < WILD_DB else (None, None)


def _step_db(alsa: Alsa, mixer: Mixer, direction: int) -> float:
    low, high = _range_db(alsa, mixer, direction)
    first, last = mixer.getrange(direction, alsa.VOLUME_UNITS_RAW)
    return (high - low) / (last - first) if low is not None and high is not None and last > first else 0.0
