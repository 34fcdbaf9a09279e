"""What the core's filter could do to a record if its gains knew the answer, beside centre extraction: is a model worth it, and at which pace?

    PYTHONPATH=firmware:. python -m models.split.ceilings --data DIR [--fold choose] [--stems FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import fft

from gigbox.rack import HOP, QUANTUM
from models.denoise.features import FINE
from models.split.eval import HEAD, row
from models.split.played import LOOKAHEAD, Ends, by_centre, by_share, figures
from models.split.songs import Song, songs

AHEAD = 32                          # frames behind the end of a hop where its gain is heard, on average (models/denoise/looks.py)


def ideal(song: Song, frames: int, pace: int, *, a_side: bool) -> npt.NDArray[np.float32]:
    """(hops, FINE_BANDS, 2): the share of the voice in each band's power, over a Hann window of so many frames around where it is heard."""
    window, hops = np.hanning(frames), (len(song.voice) + 2 * QUANTUM + LOOKAHEAD) // HOP
    centre = (np.arange(hops) // pace * pace + 1) * HOP + AHEAD + (pace - 1) * HOP // 2 - QUANTUM
    at = (centre[:, None] + np.arange(frames) - frames // 2 + 4 * frames).clip(0)
    power = []
    for part in (song.voice, song.backing):
        padded = np.pad(part, ((4 * frames, 4 * frames + 4 * HOP), (0, 0)))
        of_side = [np.abs(fft.rfft(padded[np.minimum(at, len(padded) - 1), side] * window, 2048)[:, :-1]) ** 2 @ FINE.bands for side in (0, 1)]
        power.append(np.stack(of_side if a_side else [sum(of_side)] * 2, axis=-1))
    return np.asarray(power[0] / (power[0] + power[1] + 1e-15), np.float32)


def in_turn(shares: npt.NDArray[np.float32]) -> Ends:
    return lambda rack: by_share(shares[min(int(rack.frames) // HOP - 1, len(shares) - 1)])


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--fold", default="choose")
    p.add_argument("--stems", type=Path)
    o = p.parse_args()
    print(HEAD)
    for song in songs(o.data, o.fold, o.stems):
        print(row(song.name, "centre extraction", *figures(song, by_centre())), flush=True)
        for name, pace, a_side in (("ideal, both sides alike", 1, False), ("ideal, a side", 1, True), ("ideal, every other hop", 2, False)):
            print(row(song.name, name, *figures(song, in_turn(ideal(song, 1920, pace, a_side=a_side)))), flush=True)


if __name__ == "__main__":
    main()
