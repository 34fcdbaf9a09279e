"""The page of ideas while a song runs: `python -m tests.web.ideas_page [SONG_DIR] [OUT_DIR] [BARS]` (PYTHONPATH=firmware; demo/gig, out, and 12).

A box of its own plays the song. Once so many bars stand in the chart the page is pictured whole, as a phone and as a tablet have it, and its MIDI file is
read by somebody else's reader (mido): what it says is told.
"""

from __future__ import annotations

import io
import sys
import tempfile
import urllib.request
from pathlib import Path

import mido

from tests.live_box import Box
from tests.web.chrome import Chrome

SIZES = {"phone": (390, 2300), "tablet": (820, 1800)}
BARS_S = 120.0
USABLE = "document.querySelectorAll('.strips .strip').length > 0 && !document.body.classList.contains('lost')"
BARS = "document.querySelectorAll('.ideas .chart li').length"


class Gig(Box):
    """Plays a song as its song.toml has it."""

    def command(self, port: int = 0) -> list[str]:
        return super().command(port)[:-2]


def told(midi: bytes) -> str:
    """What a stranger finds in the file."""
    file = mido.MidiFile(file=io.BytesIO(midi))
    names = [next((m.name for m in track if m.type == "track_name"), "unnamed") for track in file.tracks]
    notes = [sum(m.type == "note_on" and m.velocity > 0 for m in track) for track in file.tracks]
    chords = [m.text for m in file.tracks[1] if m.type == "marker"]
    return f"mido: {file.length:.1f} s, " + ", ".join(f"{name} ({n} notes)" for name, n in zip(names, notes, strict=True)) + f"; chords {' '.join(chords[:12])}"


def main(song: Path, out: Path, bars: int) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        (folder / "song").symlink_to(song.resolve())
        box, phone = Gig(folder), Chrome(folder)
        box.start()
        try:
            box.all_run()
            phone.open(f"http://127.0.0.1:{box.port}/")
            phone.until(USABLE)
            phone.js("location.hash = '#/ideas'")
            phone.until(f"{BARS} >= {bars}", BARS_S)
            for name, size in SIZES.items():
                phone.size(*size)
                phone.until("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
                phone.picture(out / f"ideas-{name}.png")
                print(out / f"ideas-{name}.png")
            with urllib.request.urlopen(f"http://127.0.0.1:{box.port}/api/ideas/midi", timeout=10) as answer:
                print(told(answer.read()))
            print("\n".join(phone.faults) or "no fault in the browser's log")
        finally:
            phone.close()
            box.end()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0] if given else "demo/gig"), Path(given[1] if len(given) > 1 else "out"), int(given[2]) if len(given) > 2 else 12)
