"""Which recordings there are, what each is to the model, and who is kept apart for validation: whole speakers, songs, rooms and sources."""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

RATE = 48000
VOICE, INSTRUMENT, UNKNOWN = 1.0, -1.0, 0.0        # the role input of the model
KINDS = ("speech", "singing", "instrument", "noise", "room")
TRAIN, CHOOSE, JUDGE, NEITHER = 0, 1, 2, 3         # folds: learnt from; what choices are made on; what is told; of a singer that is one for all of them
FOLDS = {"choose": CHOOSE, "judge": JUDGE}
# Of what has few sources, these are kept apart; of the rest, every eighth key by its CRC.
CHOOSE_SOURCES = {"Software-Entwicklungskit vocal (Potassium)", "mdn/webaudio-examples (multi-track)", "sfzinstruments/karoryfer.frankensnare",
                  "sfzinstruments/karoryfer.weresax", "sfzinstruments/karoryfer.meatbass", "librosa/data: Brahms, US Army Strings (Musopen)",
                  "sfzinstruments/SplendidGrandPiano (AKAI public-domain set)", "degrader_classroom", "openair_st-andrews-church"}
JUDGE_SOURCES = {"Software-Entwicklungskit vocal (Francium)", "Software-Entwicklungskit vocal (Rubidium)", "sfzinstruments/karoryfer.bear-sax",
                 "sfzinstruments/GregSullivan.E-Pianos (Wurlitzer EP200)", "kmturley/karoryfer.black-and-green-guitars (Gretsch Anniversary)",
                 "freepats/upright-piano-KW", "sfzinstruments/dsmolken.double-bass (1958 Otto Rubner)", "sfzinstruments/karoryfer.emilyguitar",
                 "autotel/forbidden-music (University of Iowa MIS Steinway B)", "sfzinstruments/Discord-SFZ-GM-Bank (VCSL and VSCO 2 strings)",
                 "adewale/keyboardia (FreePats Drawbar Organ, setBfree)", "sfzinstruments/BengtNilsson.HeadroomPiano",
                 "openair_genesis6-live-room", "openair_jack-lyons-hall"}

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recording:
    """`key`: the speaker, song or recording it comes from; `hz`: the highest frequency it can hold anything at."""

    path: Path
    kind: str
    key: str
    seconds: float
    hz: float

    @property
    def fold(self) -> int:
        """The same for everything of a speaker, song, room or source."""
        for fold, sources in ((CHOOSE, CHOOSE_SOURCES), (JUDGE, JUDGE_SOURCES)):
            if self.key in sources:
                return fold
        if self.kind == "singing":
            return NEITHER
        share = zlib.crc32(self.key.encode()) % 8
        return {0: CHOOSE, 1: JUDGE}.get(share, TRAIN) if self.kind in ("speech", "noise") else TRAIN


def find(data: Path) -> list[Recording]:
    """All recordings under `data` (with denoise/manifest.csv and, if there, instruments/index.csv)."""
    found = []
    with (data / "denoise/manifest.csv").open() as file:
        for row in csv.DictReader(file):
            kind = {"rir": "room"}.get(row["class"], row["class"])
            found.append(Recording(data / "denoise" / row["file"], kind, row["speaker_or_recording"], float(row["seconds"]), _bandwidth(row)))
    if (data / "instruments/index.csv").exists():
        with (data / "instruments/index.csv").open() as file:
            for row in csv.DictReader(file):
                kind, key = _of_instruments(row)
                recording = Recording(data / "instruments" / row["file"], kind, key, float(row["seconds"]), 16000.0 if kind == "singing" else 20000.0)
                if kind == "instrument" or (kind and recording.fold == TRAIN):      # voices to judge with are those of denoise/ alone
                    found.append(recording)
    return found


def of(recordings: list[Recording], kind: str, fold: int) -> list[Recording]:
    return [r for r in recordings if r.kind == kind and r.fold == fold]


@lru_cache(maxsize=4096)
def load(path: Path) -> Sound:
    """(frames,) float32 at 48 kHz, the mean of all sides."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = sound.mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, RATE) if rate != RATE else mono, np.float32)


def _of_instruments(row: dict[str, str]) -> tuple[str, str]:
    """Kind and key of a row of instruments/index.csv: voices lie there too; kind "" for what is of no use here."""
    name = Path(row["file"]).stem
    if row["class"] == "silence_noise":
        return "", ""
    if row["class"] != "vocal":
        return "instrument", row["source"]
    if name.startswith("speech_"):
        return "speech", name
    song = name.split("_")[0]
    return "singing", row["source"] if song == "hum" else f"Software-Entwicklungskit vocal ({song.capitalize()})"


def _bandwidth(row: dict[str, str]) -> float:
    """Lossy voices end at 15 to 17 kHz, some noises far below: above that the loss knows nothing."""
    if row["class"] in ("noise", "rir"):
        return 20000.0
    if row["class"] == "singing":
        return 16000.0
    return 20000.0 if row["source"] == "rhasspy kerstin" else 15000.0 if int(row["sample_rate"]) >= 44100 else 0.45 * int(row["sample_rate"])
