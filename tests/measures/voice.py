"""What `strip/*/voice` takes and leaves, through the real strips: python -m tests.measures.voice SONG_DIR [SONG_DIR ...]

Each song's parts are mixed to stereo, voices in the middle, the others spread by their order; the mask of the mix is done to voice and backing alone.
  no voice    dB by which the voice is down, and the backing; SI-SDR of the backing before and after
  only voice  dB by which the backing is down, and the voice; SI-SDR of the voice before and after
Then how late a strip with a mask is, by cross-correlation, and what the mask costs a pair with the filter that is made of it, in processor time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from gigbox._core import ffi, lib

from gigbox.brain.denoise.door import Door
from gigbox.brain.denoise.voice import Voice
from gigbox.engine.core import Engine
from gigbox.engine.song import Song
from gigbox.rack import HOP, RATE, Rack
from gigbox.render.hops import play
from tests.measures.bleed import DELAY, WHOLE, db, si_sdr
from tests.measures.systems import Material

SECONDS = 4
VOICES = ("lead_vocal", "backing_vocal", "speech")


def stereo(material: Material) -> tuple[np.ndarray, np.ndarray]:
    """(frames, 2) of the voices, and of all else, equally loud where there are both."""
    voice, backing = np.zeros((2, len(material.dry) // WHOLE * WHOLE, 2))
    places = iter(np.tile([0.0, -0.5, 0.6, 0.0, -0.8, 0.8, 0.3], 5))
    for part in material.parts:
        sound = material.dry[:len(voice), list(part.channels)].astype(float)
        angle = (0.0 if part.role in VOICES else next(places)) * np.pi / 4 + np.pi / 4
        both = sound if sound.shape[1] == 2 else sound * [np.cos(angle), np.sin(angle)]
        (voice if part.role in VOICES else backing)[:] += both
    if voice.any() and backing.any():
        voice *= np.sqrt(np.mean(backing ** 2) / np.mean(voice ** 2))
    level = 0.1 / np.sqrt(np.mean((voice + backing) ** 2))
    return (voice * level).astype(np.float32), (backing * level).astype(np.float32)


def behind(sound: np.ndarray, amount: float, hear: Callable[[Rack], object], lookahead: bool = True) -> np.ndarray:
    """(frames, 2) behind a pair of strips with the knob at `amount`, as late as they are."""
    values = {"strip/1/link": 1.0, "box/denoise": 0.0, "box/lookahead": float(lookahead)}
    values |= {f"strip/{n}/{row}": value for n in (1, 2) for row, value in (("voice", amount), ("pan", -1.0))}
    with Engine(2, values) as engine:
        engine.rack.want(1 << 60)
        _, stems = play(engine, sound, hear, stems=True)
    assert stems is not None
    return stems[:, :, 0].astype(float)


def through(mix: np.ndarray, parts: tuple[np.ndarray, ...], amount: float) -> list[np.ndarray]:
    """Each part behind the mask of the mix."""
    given: list[np.ndarray] = []
    door = Door(Voice())

    def note(rack: Rack) -> None:
        if door.hear(rack):
            given.append(door._product.copy())

    def again(left: list[np.ndarray]) -> Callable[[Rack], object]:
        return lambda rack: left and lib.gb_give_gains(rack.c, int(rack.c.frames) // HOP, ffi.from_buffer("float[]", left.pop(0)))

    behind(mix, amount, note)
    return [behind(part, amount, again(list(given)))[DELAY:] for part in parts]


def late_and_dear(lookahead: bool) -> tuple[float, float, float]:
    """ms by which a strip with a mask is late; us of processor time a hop and pair; and the share of a core that this is."""
    dice = np.random.default_rng(1)
    sound = (0.1 * (dice.normal(size=(SECONDS * RATE, 1)) + 0.5 * dice.normal(size=(SECONDS * RATE, 2)))).astype(np.float32)
    door, spent = Door(Voice()), list[float]()

    def hear(rack: Rack) -> None:
        began = time.process_time()
        if door.hear(rack):
            spent.append(time.process_time() - began)

    left, out = sound[:, 0].astype(float), behind(sound, 100.0, hear, lookahead)[:, 0]
    same = np.fft.irfft(np.fft.rfft(out, 2 * len(left)) * np.conj(np.fft.rfft(left, 2 * len(left))))
    return 1000 * int(np.argmax(same[:RATE])) / RATE, 1e6 * float(np.median(spent)), float(np.median(spent)) * RATE / HOP


def figures(material: Material, amount: float) -> list[float]:
    """dB of what is taken, dB of what is to stay, SI-SDR of that before, and after."""
    voice, backing = stereo(material)
    out = through(voice + backing, (voice, backing), amount)
    dry = [x[:-DELAY].astype(float) for x in (voice, backing)]
    change = [db(float(np.sum(a ** 2)) / float(np.sum(b ** 2))) for a, b in zip(out, dry, strict=True)]
    stays = 1 if amount < 0 else 0
    return [change[1 - stays], change[stays], si_sdr((dry[0] + dry[1]).ravel(), dry[stays].ravel()), si_sdr((out[0] + out[1]).ravel(), dry[stays].ravel())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", nargs="+", type=Path)
    options = parser.parse_args()
    print("| song | knob | taken dB | stays dB | SI-SDR before | after |\n|---|---|---|---|---|---|")
    for folder in options.songs:
        material = Material.read(Song.open(folder))
        if len({part.role in VOICES for part in material.parts}) < 2:
            print(f"| {folder.name} | nothing to part: {'only voices' if material.parts[0].role in VOICES else 'no voice'} |" + " |" * 4)
            continue
        for amount, name in ((-100, "no voice"), (100, "only voice")):
            print(f"| {folder.name} | {name} | " + " | ".join(f"{x:+.1f}" for x in figures(material, amount)) + " |", flush=True)
    for lookahead in (True, False):
        late, us, share = late_and_dear(lookahead)
        print(f"{'with' if lookahead else 'without'} look-ahead: {late:.2f} ms late, {us:.0f} us a hop and pair, {100 * share:.1f} % of a core")


if __name__ == "__main__":
    main()
