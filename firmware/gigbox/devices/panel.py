"""The knobs of a card as they are: read and turned. It may take a USB interface milliseconds, or seconds where it is in trouble: never in a thread that
somebody waits for."""

from __future__ import annotations

from collections.abc import Mapping

from gigbox.devices.alsa import CENT_DB, Alsa, Mixer
from gigbox.devices.choice import Device
from gigbox.devices.controls import controls
from gigbox.devices.preamps import Knob, knobs
from gigbox.devices.profiles import profiles
from gigbox.errors import MachineError


class Panel:
    """The card's preamplifiers, opened. MachineError where it is gone, here and in all that is asked of it."""

    def __init__(self, alsa: Alsa, device: Device) -> None:
        self._alsa, self._card = alsa, device.card
        try:
            index = dict(zip(alsa.cards(), alsa.card_indexes(), strict=True))[device.card]
            profile = next(p for p in profiles() if p.name == device.profile)
            self.knobs = knobs(profile, controls(alsa, index))
            self._mixers = {key: alsa.Mixer(key[0], id=key[1], cardindex=index) for key in {(knob.control, knob.number) for knob in self.knobs}}
        except KeyError:
            raise self._gone("is not there") from None
        except (alsa.ALSAAudioError, ValueError) as e:
            raise self._gone(e) from None

    def read(self) -> dict[Knob, float]:
        """Where every knob stands: decibels, or 0 and 1."""
        try:
            for mixer in self._mixers.values():
                mixer.handleevents()
            return {knob: self._read(self._mixers[knob.control, knob.number], knob) for knob in self.knobs}
        except self._alsa.ALSAAudioError as e:
            raise self._gone(e) from None

    def turn(self, wanted: Mapping[Knob, float]) -> None:
        """As near as the hardware's steps allow. What falls is turned first, so that nothing is louder on the way."""
        try:
            for knob, value in sorted(wanted.items(), key=lambda item: item[1]):
                self._turn(self._mixers[knob.control, knob.number], knob, value)
        except self._alsa.ALSAAudioError as e:
            raise self._gone(e) from None

    def close(self) -> None:
        for mixer in self._mixers.values():
            mixer.close()

    def _read(self, mixer: Mixer, knob: Knob) -> float:
        if knob.kind == "gain":
            return mixer.getvolume(self._alsa.PCM_CAPTURE, self._alsa.VOLUME_UNITS_DB)[knob.channel] / CENT_DB
        return float(mixer.getrec()[knob.channel] if knob.capture else 1 - mixer.getmute()[knob.channel])      # a mute is a switch turned over

    def _turn(self, mixer: Mixer, knob: Knob, value: float) -> None:
        if knob.kind == "gain":
            mixer.setvolume(round(value * CENT_DB), knob.channel, self._alsa.PCM_CAPTURE, self._alsa.VOLUME_UNITS_DB)
        elif knob.capture:
            mixer.setrec(int(value), knob.channel)
        else:
            mixer.setmute(1 - int(value), knob.channel)

    def _gone(self, error: object) -> MachineError:
        return MachineError(f"card {self._card}: {error}, its preamps are left as they are")
