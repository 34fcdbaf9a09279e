"""Until the one module that opens recordings is here."""
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import soundfile

from gigbox.errors import SongError
from gigbox.rack import Floats


class Recording:
    def __init__(self, file: Path) -> None:
        self.file = file
        self._sound = soundfile.SoundFile(os.fsencode(file))
        self.rate, self.channels, self.frames = int(self._sound.samplerate), int(self._sound.channels), int(self._sound.frames)

    def blocks(self, n: int) -> Iterator[Floats]:
        self._sound.seek(0)
        while True:
            try:
                raw = self._sound.read(n, dtype="float32", always_2d=True)
            except (soundfile.LibsndfileError, OSError) as e:
                raise SongError(f"{self.file}: cannot be decoded ({e})") from None
            if len(raw):
                yield raw
            if len(raw) < n:
                return

    def close(self) -> None:
        self._sound.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
