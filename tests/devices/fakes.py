"""ALSA as a fake: cards with directions and mixer controls, at the seam of pyalsaaudio. Gains are in hundredths of a decibel, as there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class FakeError(Exception):
    pass


@dataclass
class FakeSide:
    channels: list[int]
    rates: Any = (8000, 192000)
    formats: tuple[str, ...] = ("S32_LE", "S16_LE")
    busy: bool = False


@dataclass
class FakeControl:
    """A capture volume where `db` is given (its ends), a capture switch where `switch`; `step` is of the hardware."""

    name: str
    db: tuple[float, float] | None = None
    switch: bool = False
    channels: int = 1
    step: float = 0.5
    choices: tuple[str, ...] = ()
    playback: bool = False
    values: list[int] = field(default_factory=list)
    wrote: list[tuple[int, int]] = field(default_factory=list)       # channel, value
    broken: bool = False

    def __post_init__(self) -> None:
        low = round((self.db or (0, 0))[0] * 100)
        self.values = self.values or [low if self.db else 0] * self.channels


@dataclass
class FakeCard:
    id: str
    name: str
    longname: str = ""
    capture: FakeSide | None = None
    playback: FakeSide | None = None
    controls: list[FakeControl] = field(default_factory=list)


class FakePcm:
    def __init__(self, side: FakeSide) -> None:
        self._side = side

    def getchannels(self) -> list[int]:
        return self._side.channels

    def getrates(self) -> Any:
        return self._side.rates

    def getformats(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self._side.formats)}

    def close(self) -> None:
        pass


class FakeMixer:
    def __init__(self, alsa: FakeAlsa, control: FakeControl) -> None:
        self._alsa, self._control = alsa, control

    def volumecap(self) -> list[str]:
        side = "Playback" if self._control.playback else "Capture"
        return [f"{side} Volume"] if self._control.db else []

    def switchcap(self) -> list[str]:
        side = "Playback" if self._control.playback else "Capture"
        return [f"Joined {side} Mute"] if self._control.switch else []

    def getenum(self) -> tuple[Any, ...]:
        return (self._control.choices[0], list(self._control.choices)) if self._control.choices else ()

    def getrange(self, pcmtype: int, units: int) -> list[int]:
        low, high = self._control.db or (0, 0)
        return [0, round((high - low) / self._control.step)] if units == self._alsa.VOLUME_UNITS_RAW else [round(low * 100), round(high * 100)]

    def getvolume(self, pcmtype: int, units: int) -> list[int]:
        return list(self._values())

    def setvolume(self, volume: int, channel: int, pcmtype: int, units: int) -> None:
        assert (pcmtype, units) == (self._alsa.PCM_CAPTURE, self._alsa.VOLUME_UNITS_DB)
        assert self._control.db is not None
        low, high = (round(end * 100) for end in self._control.db)
        step = round(self._control.step * 100)
        self._write(channel, min(max(low + round((volume - low) / step) * step, low), high))

    def getrec(self) -> list[int]:
        return list(self._values())

    def setrec(self, capture: int, channel: int) -> None:
        self._write(channel, capture)

    getmute = getrec
    setmute = setrec

    def _values(self) -> list[int]:
        if self._control.broken:
            raise FakeError("No such device")
        return self._control.values

    def _write(self, channel: int, value: int) -> None:
        self._values()[channel] = value
        self._control.wrote.append((channel, value))

    def handleevents(self) -> int:
        return 0

    def close(self) -> None:
        pass


class FakeAlsa:
    ALSAAudioError = FakeError
    PCM_PLAYBACK, PCM_CAPTURE, PCM_NONBLOCK, PCM_FORMAT_S32_LE = 0, 1, 1, 10
    VOLUME_UNITS_PERCENTAGE, VOLUME_UNITS_RAW, VOLUME_UNITS_DB = 0, 1, 2

    def __init__(self, *cards: FakeCard) -> None:
        self.here = list(cards)

    def card_indexes(self) -> list[int]:
        return list(range(len(self.here)))

    def cards(self) -> list[str]:
        return [card.id for card in self.here]

    def card_name(self, index: int) -> tuple[str, str]:
        return self.here[index].name, self.here[index].longname

    def mixers(self, cardindex: int) -> list[str]:
        return [control.name for control in self.here[cardindex].controls]

    def Mixer(self, control: str, id: int, cardindex: int) -> FakeMixer:
        if cardindex >= len(self.here):
            raise FakeError("No such device")
        return FakeMixer(self, [c for c in self.here[cardindex].controls if c.name == control][id])

    def PCM(self, direction: int, mode: int, *, device: str, **wanted: Any) -> FakePcm:
        card = next(c for c in self.here if device == f"hw:CARD={c.id},DEV=0")
        side = card.capture if direction == self.PCM_CAPTURE else card.playback
        if side is None:
            raise FakeError(f"No such file or directory [{device}]")
        if side.busy:
            raise FakeError(f"Device or resource busy [{device}]")
        return FakePcm(side)


def scarlett() -> FakeCard:
    """Two microphones with gains, one switch for the phantom power of both, pads."""
    return FakeCard("USB", "Scarlett 4i4 USB", "Focusrite Scarlett 4i4 USB at usb-0000:01:00.0-1.2, high speed", FakeSide([6]), FakeSide([4]), [
        FakeControl("Line In 1 Gain", db=(0, 69), step=1), FakeControl("Line In 2 Gain", db=(0, 69), step=1),
        FakeControl("Line In 1-2 Phantom Power", switch=True), FakeControl("Line In 1 Pad", switch=True), FakeControl("Line In 2 Pad", switch=True),
        FakeControl("Line In 1 Level", choices=("Line", "Inst")), FakeControl("Master", db=(-127, 0), playback=True)])


def dac8x() -> FakeCard:
    return FakeCard("sndrpihifiberry", "snd_rpi_hifiberry_dac8x", "RPi-simple", FakeSide([8]), FakeSide([8], formats=("S32_LE", "S24_LE", "S16_LE")))


def hdmi() -> FakeCard:
    return FakeCard("vc4hdmi0", "vc4-hdmi-0", "vc4-hdmi-0", None, FakeSide([2]))


def stereo() -> FakeCard:
    return FakeCard("pisound", "pisound", "pisound PS-1", FakeSide([2]), FakeSide([2], rates=[48000, 96000, 192000]))
