"""The presets of LMMS and the banks of ZynAddSubFX, played by LMMS without a screen: synthesizers that other people made."""

from __future__ import annotations

import gzip
import os
import subprocess
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

import numpy as np
import soundfile

from models.recognise.midi import RATE, Sound
from models.recognise.scores import Note

TICKS = 96                 # of a second, at 120 beats a minute
PATIENCE_S = 120           # for a preset
TO_KEY = -12               # LMMS counts its keys from an octave higher
# Presets by class; those that are named nowhere are synths if their folder is in SYNTHS. Drums and effects are left out.
SYNTHS = ("BitInvader", "LB302", "Monstro", "Nescaline", "OpulenZ", "Organic", "SID", "TripleOscillator", "Watsyn")
BASSES = ("bass", "reece", "subbass", "rubberband")
KEYS = ("organ", "epiano", "harmonium", "harpsichord")
LIKE_OTHERS = ("kick", "snare", "hat", "noise", "wind", "fx", "voice", "choir", "vocal", "flute", "sax", "trumpet", "horn", "piano", "violin", "marimba")
ZYN_BANKS = {"Arpeggios": "synth", "Bass": "bass", "Dual": "synth", "Fantasy": "synth", "Organ": "keys", "Pads": "synth", "Rhodes": "keys",
             "Synth": "synth", "SynthPiano": "synth", "olivers-100": "synth", "the_mysterious_bank": "synth", "the_mysterious_bank_2": "synth",
             "Laba170bank": "synth", "Cormi_Sound": "synth", "Cris Owl Alvarez": "synth",
             "net-wisdom": "synth", "Collection": "synth", "Companion": "synth"}
LEFT_OUT = ("drums", "bell", "xylo", "harp", "vibraphone", "guitar", "clarinet", "oboe", "bagpipe", "brass", "cello", "whistle", "rock", "spacefx", "engine",
            "mega", "fireball", "chomp", "toy_piano", "string", "laser", "gun", "fiddle", "steel", "wire", "talking", "whistle", "reed", "ahh", "tick", "drip")


def kind_of(preset: Path) -> str:
    """Its class, or nothing; presets of LMMS before 1.0 are written otherwise and left out."""
    name = preset.stem.lower()
    if b"instrumenttracksettings" not in preset.read_bytes():
        return ""
    if any(word in name for word in KEYS):
        return "keys"
    if any(word in name for word in BASSES):
        return "bass"
    return "synth" if preset.parent.name in SYNTHS and not any(word in name for word in LEFT_OUT) else ""


def zyn_kind_of(instrument: Path) -> str:
    """The class of an instrument of ZynAddSubFX by its bank and name, or nothing."""
    bank, name = instrument.parent.name, instrument.stem.lower()
    kind = ZYN_BANKS.get(bank, "")
    if kind != "synth":
        return kind
    if any(word in name for word in BASSES):
        return "bass"
    if any(word in name for word in KEYS):
        return "keys"
    return "" if any(word in name for word in (*LEFT_OUT, *LIKE_OTHERS)) else kind


def _zyn(instrument: Path) -> xml.Element:
    """A track with ZynAddSubFX on it, playing one instrument of a bank (.xiz)."""
    whole = instrument.read_bytes()
    state = xml.fromstring((gzip.decompress(whole) if whole[:2] == b"\x1f\x8b" else whole).strip())
    played = state.find("INSTRUMENT")
    if played is None:
        raise RuntimeError(f"{instrument}: no instrument in it")
    state.remove(played)
    master = xml.SubElement(state, "MASTER")
    xml.SubElement(master, "par", name="volume", value="80")
    part = xml.SubElement(master, "PART", id="0")
    xml.SubElement(part, "par_bool", name="enabled", value="yes")
    part.append(played)
    track = xml.Element("track", type="0", name="zyn", muted="0", solo="0")
    settings = xml.SubElement(track, "instrumenttrack", vol="100", pan="0", pitch="0", basenote="57", fxch="0", pitchrange="1", usemasterpitch="1")
    xml.SubElement(xml.SubElement(settings, "instrument", name="zynaddsubfx"), "zynaddsubfx").append(state)
    return track


def _preset(preset: Path) -> xml.Element:
    track = xml.parse(preset).getroot().find("instrumenttracksettings")
    if track is None:
        raise RuntimeError(f"{preset}: no instrument in it")
    track.tag = "track"
    return track


def play(preset: Path, notes: list[Note], seconds: float) -> Sound:
    """(n,) float32 at 48 kHz; silence, with a word, where LMMS does not come to an end. `preset`: of LMMS (.xpf) or of ZynAddSubFX (.xiz)."""
    track = _zyn(preset) if preset.suffix == ".xiz" else _preset(preset)
    length = str(int(seconds * TICKS) // 192 * 192 + 192)
    pattern = xml.SubElement(track, "pattern", pos="0", len=length, type="1", muted="0", steps="16", name="")
    for note in notes:
        xml.SubElement(pattern, "note", pos=str(round(note.start * TICKS)), len=str(max(round(note.length * TICKS), 1)), key=str(note.pitch + TO_KEY),
                       vol=str(round(note.velocity / 1.27)), pan="0")
    project = xml.Element("lmms-project", version="1.0", type="song", creator="LMMS", creatorversion="1.2.2")
    xml.SubElement(project, "head", timesig_numerator="4", timesig_denominator="4", bpm="120", mastervol="60", masterpitch="0")
    xml.SubElement(xml.SubElement(project, "song"), "trackcontainer", type="song", width="600", height="300").append(track)
    with tempfile.TemporaryDirectory() as folder:
        song, out = Path(folder) / "a.mmp", Path(folder) / "a.wav"
        xml.ElementTree(project).write(song)
        command = ["lmms", "--allowroot", "render", str(song), "-f", "wav", "-s", str(RATE), "-o", str(out)]
        quiet = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": folder}
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet, timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            print(f"{preset.name}: left out, LMMS took over {PATIENCE_S} s for it", flush=True)
            return np.zeros(round(seconds * RATE), np.float32)
        if not out.exists():
            raise RuntimeError(f"{preset.name}: LMMS made no sound ({done.stderr.strip()[-200:]})")
        sound, _ = soundfile.read(out, dtype="float32", always_2d=True)
    return np.asarray(sound.mean(axis=1)[: int(seconds * RATE)], np.float32)
