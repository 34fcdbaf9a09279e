"""All that a training machine needs, in one small folder: the core's windows and bands, the recordings as Opus, the rooms.

    PYTHONPATH=firmware:. python -m models.denoise.pack --data DIR --out FOLDER --megabytes 50
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import soundfile

from gigbox.brain.denoise.denoiser import CLIP, REFERENCE_FALLS, REFERENCE_LEAST, STANDARD
from models.denoise import features
from models.denoise.recordings import RATE, Recording, find, load
from models.denoise.takes import KINDS

KBITS = {"speech": 30.0, "instrument": 36.0, "noise": 36.0}
CHUNK = 600 * RATE
ROOM = RATE                        # frames


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--megabytes", type=float, default=1000)
    o = p.parse_args()
    o.out.mkdir(parents=True, exist_ok=True)
    for old in o.out.glob("*.ogg"):
        old.unlink()
    found = find(o.data)
    sounds = [r for r in found if r.kind in KINDS]
    scale = min(1.0, o.megabytes / sum(r.seconds * KBITS[r.kind] / 8000 for r in sounds))
    keys = {key: n for n, key in enumerate(sorted({r.key for r in sounds}))}
    rows: list[tuple[float, ...]] = []
    files = 0
    for kind in KINDS:
        chunk: list[np.ndarray] = []
        for r in sorted((r for r in sounds if r.kind == kind), key=lambda r: r.path.name):
            sound = load(r.path)
            load.cache_clear()
            peak = float(np.max(np.abs(sound), initial=0))
            if peak < 1e-4 or len(sound) < RATE // 8:
                continue
            rows.append((files, sum(map(len, chunk)), len(sound), KINDS.index(kind), keys[r.key], r.hz, r.fold))
            chunk.append(sound * (0.8 / peak))
            if sum(map(len, chunk)) > CHUNK:
                files = _write(o.out, files, chunk, KBITS[kind] * scale)
                chunk = []
        if chunk:
            files = _write(o.out, files, chunk, KBITS[kind] * scale)
    rooms = [r for r in found if r.kind == "room"]
    np.savez_compressed(o.out / "index.npz", rows=np.array(rows, np.float64), rooms=np.array([_room(r) for r in rooms], np.int16),
                        room_fold=np.array([r.fold for r in rooms]))
    write_looks(o.out / "looks.npz")
    seconds: dict[tuple[str, int], float] = defaultdict(float)
    for row in rows:
        seconds[KINDS[int(row[3])], int(row[6])] += row[2] / RATE
    print({f"{kind} {fold}": f"{s / 60:.1f} min" for (kind, fold), s in sorted(seconds.items())},
          f"{sum(f.stat().st_size for f in o.out.iterdir()) / 2**20:.1f} MiB")


def write_looks(path: Path) -> None:
    """What training must hear as the box does: the C core's windows and bands, and the brain's numbers."""
    looks = {"whole": features.WHOLE, "brief": features.BRIEF, "fine": features.FINE}
    arrays = {f"{name}_{part}": getattr(look, part) for name, look in looks.items() for part in ("window", "bands")}
    np.savez_compressed(path, whole_hz=features.band_hz(), fine_hz=features.fine_hz(), standard=STANDARD, clip=CLIP, reference_least=REFERENCE_LEAST,
                        reference_falls=REFERENCE_FALLS, **arrays)


def _write(folder: Path, n: int, chunk: list[np.ndarray], kbits: float) -> int:
    level = 1 - (kbits * 1000 - 6000) / 250000             # libsndfile's measure of Opus' bit rate
    with soundfile.SoundFile(folder / f"{n:03d}.ogg", "w", RATE, 1, format="OGG", subtype="OPUS", compression_level=level) as file:
        whole = np.concatenate(chunk)
        for start in range(0, len(whole), 1 << 14):
            file.write(whole[start:start + (1 << 14)])
    return n + 1


def _room(recording: Recording) -> np.ndarray:
    """From shortly before its first sound."""
    room = load(recording.path)
    peak = int(np.argmax(np.abs(room)))
    room = np.pad(room[max(peak - 24, 0):][:ROOM], (0, ROOM))[:ROOM]
    return np.round(room / np.max(np.abs(room)) * 32000).astype(np.int16)


if __name__ == "__main__":
    main()
