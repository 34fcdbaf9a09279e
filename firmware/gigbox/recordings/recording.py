"""One recording, open: what it is, and its sound piece by piece. Everything in the box that reads sound reads it here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import soundfile

from gigbox.errors import SongError
from gigbox.recordings import aiff, au, caf, flac, ogg, riff
from gigbox.recordings.folder import shown
from gigbox.recordings.samples import SIDES, Look
from gigbox.recordings.source import Fault, Source, Window
from gigbox.streams import say

Floats = npt.NDArray[np.float32]
Tell = Callable[[str], None]

LOW_HZ, HIGH_HZ = 8000, 192000
FORMATS = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "CAF", "FLAC", "OGG", "MP3", "AU"}      # of libsndfile, that it may read without us
APPLE_DOUBLE = b"\x00\x05\x16\x07"      # `._name`: what a Mac keeps beside a file on foreign disks
# ValueError: a decoder that says it is behind its last frame leaves soundfile less than nothing to read.
UNDECODABLE = (soundfile.LibsndfileError, ValueError)


class Recording:
    """An open recording of 1 or 2 channels at 8 to 192 kHz that is whole; SongError names what is wrong. A context manager.

    `notes`: what has to be told although it can be read. `tell` is told once of samples that are no numbers, when they come; they are silence.
    """

    def __init__(self, path: Path, tell: Tell = say) -> None:
        self.path, self._name, self._tell = path, shown(path), tell
        try:
            self._source = Source(path)
            try:
                self._open()
            except BaseException:
                self._source.close()
                raise
        except (Fault, OSError, soundfile.LibsndfileError) as e:
            raise SongError(f"{self._name}: {_reason(e)}") from None

    def _open(self) -> None:
        self._look = _look(self._source)
        self.notes = tuple(f"{self._name}: {note}" for note in self._look.notes)
        if self._look.samples:
            _check(self._look.samples.channels, self._look.samples.rate, self._look.samples.frames)
        self._sound, self._window = self._decoder()
        self._at = 0
        self.channels, self.rate, self.frames = int(self._sound.channels), int(self._sound.samplerate), int(self._sound.frames)
        self._floats = self._sound.subtype in ("FLOAT", "DOUBLE")
        try:
            if self._sound.format not in FORMATS | {"RAW"}:
                raise Fault(f"is {self._sound.format_info}, expected WAV, AIFF, CAF, AU, FLAC, Ogg or MP3")
            _check(self.channels, self.rate, self.frames)
            if not self._look.samples:
                self._check_end()
        except BaseException:
            self._sound.close()
            raise

    def _decoder(self) -> tuple[soundfile.SoundFile, Window]:
        """A new one, at the first frame."""
        samples = self._look.samples
        if samples is None:
            window = Window(self._source, 0, self._source.size, head=self._look.head)
            return soundfile.SoundFile(window), window
        window = Window(self._source, samples.start, samples.size, width=samples.width, lift=samples.lift, big=samples.big)
        return soundfile.SoundFile(window, "r", round(samples.rate), samples.channels, samples.code, "BIG" if samples.big else "LITTLE", "RAW"), window

    def _check_end(self) -> None:
        """The last frame can be decoded. By another decoder: this one stays where it begins."""
        sound, _ = self._decoder()
        whole = not sound.seekable()
        with sound, suppress(*UNDECODABLE):
            whole = whole or (sound.seek(self.frames - 1) >= 0 and len(sound.read(1)) == 1)
        if not whole:
            raise Fault(f"ends before its {self.frames} frames; is it cut off?")

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    def read(self, frames: int) -> Floats:
        """The next frames, (n, channels) float32; fewer at the end, and then none."""
        wanted = min(frames, self.frames - self._at)
        try:
            sound: Floats = self._sound.read(wanted, dtype="float32", always_2d=True)
        except UNDECODABLE as e:
            raise self._undecoded(str(e)) from None
        if self._window.fault or len(sound) < wanted:
            raise self._undecoded(f"ends after {self._at + len(sound)} of {self.frames} frames")
        self._at += len(sound)
        return self._numbers(sound) if self._floats else sound

    def _undecoded(self, why: str) -> SongError:
        """The system's own reason is the better one."""
        fault = self._window.fault
        return SongError(f"{self._name}: cannot be decoded ({(fault.strerror or fault) if fault else why})")

    def _numbers(self, sound: Floats) -> Floats:
        wrong = ~np.isfinite(sound)
        if wrong.any():
            sound[wrong] = 0
            self._tell(f"{self._name}: has samples that are no numbers, silence is in their place")
            self._tell = _silent
        return sound

    def blocks(self, frames: int) -> Iterator[Floats]:
        """All that is left, (n, channels) float32, `frames` at a time; the last one may be shorter."""
        while len(piece := self.read(frames)):
            yield piece

    def whole(self) -> Floats:
        """All that is left at once."""
        return self.read(self.frames)

    def rewind(self) -> None:
        """To the first frame, also where libsndfile cannot seek."""
        self._sound.close()
        self._sound, self._window = self._decoder()
        self._at = 0

    def close(self) -> None:
        self._sound.close()
        self._source.close()

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def check(path: Path) -> tuple[int, float, tuple[str, ...]]:
    """Channels (1 or 2), seconds, and what has to be told of a recording that can be mixed; SongError otherwise."""
    with Recording(path) as recording:
        return recording.channels, recording.seconds, recording.notes


def _look(source: Source) -> Look:
    if not source.size:
        raise Fault("is empty, expected sound")
    if source.at(0, 4) == APPLE_DOUBLE:
        raise Fault("is what a Mac keeps beside a file, expected the file itself")
    found = (kind.look(source) for kind in (riff, aiff, caf, au, flac, ogg))
    return next((look for look in found if look), Look())


def _check(channels: int, rate: float, frames: int) -> None:
    if not frames:
        raise Fault("is empty, expected sound")
    if not 1 <= channels <= SIDES:
        raise Fault(f"{channels} channels, expected 1 or 2")
    if not (math.isfinite(rate) and LOW_HZ <= rate <= HIGH_HZ):
        raise Fault(f"{rate:.10g} Hz, expected {LOW_HZ} to {HIGH_HZ}")


def _reason(error: Exception) -> str:
    if isinstance(error, Fault):
        return str(error)
    if isinstance(error, soundfile.LibsndfileError):
        said = " ".join(str(error.error_string).split()).rstrip(".")
        return f"cannot be read as sound ({'it is damaged' if 'pipe' in said else said})"     # it says so of broken MP3, too
    return f"cannot be read as sound ({getattr(error, 'strerror', None) or error})"


def _silent(line: str) -> None:
    """Told already."""
