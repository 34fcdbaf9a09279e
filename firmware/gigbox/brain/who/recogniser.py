"""The recogniser: what each channel carries, from the last three seconds that the core heard of it, looked at once a second."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gigbox import params
from gigbox._core import ffi
from gigbox.brain import tflite
from gigbox.brain.arrays import Array, Flags, Indices
from gigbox.rack import BANDS, CHANNELS, FEATURE_HOPS, FLOAT_DB, HOP, RATE, Floats, Rack

CLASSES: tuple[str, ...] = ("acoustic_guitar", "bass", "brass_sax", "drums", "electric_guitar", "hihat_overhead", "keys", "kick", "playback",
                            "silence_noise", "singing", "snare", "speech", "strings", "synth", "tom")
RELEASED = "recognise"
POOLED = 4                     # hops a frame, means of power
FRAMES = 144                   # of a look: 3.07 s
FRAME_S = POOLED * HOP / RATE
# The model's contract: dB under the loudest band of the look, from 0 to -RANGE_DB, as 1 to -1; and that loudest band itself, about -1 to 1.
RANGE_DB = 70.0
LEVEL_MEAN, LEVEL_SPAN, LEVEL_MOST = -55.0, 40.0, 1.5
THRESHOLD = 0.75               # confidence below which it is unsure (what that is worth among strangers: models/release/recognise.toml)
SLOTS = 10                     # parts of a second; a channel is looked at in one of them
MEMORY_S, RECENT_S = 15.0, 2.5  # of playing: after so long, what was heard counts by 1/e; and what was heard lately
CHANGED = 2                    # looks in a row after which what was heard lately, if it is sure of something else, is all that counts
PLAYING_DB = 30.0              # a frame that is further than this under the channel's own loudest moments is a gap, or somebody else
FORGETS_DB = 0.1               # what those loudest moments sink a second
TONE_SHARE, TONE_SWING, TONE_GAP = 0.95, 0.25, 0.001     # of a test tone: its share of the power, how far that sinks (its trim may move), and silence beside it
# Two of a kind, hard to tell apart and of little consequence: the better one is named when both together are sure enough.
PAIRS = (("singing", "speech"), ("drums", "hihat_overhead"))
SILENCE = CLASSES.index("silence_noise")
HEAD = ffi.offsetof("gb_features", "energy") // 4
NEWEST = FEATURE_HOPS - 4      # hops that are safe from the engine, which goes on writing
TRIM = params.FIRST["strip/*/trim"]


def standardise(heard: Floats) -> tuple[Floats, Floats]:
    """(looks, FRAMES, BANDS) dB to the model's inputs x (looks, FRAMES, BANDS, 1) in -1..1 and level (looks, 1) in -LEVEL_MOST..LEVEL_MOST."""
    loudest = heard.max(axis=(1, 2))
    x = np.clip((heard - loudest[:, None, None]) * np.float32(2 / RANGE_DB) + np.float32(1), -1, 1)
    level = np.clip((loudest - np.float32(LEVEL_MEAN)) / np.float32(LEVEL_SPAN), -LEVEL_MOST, LEVEL_MOST)
    return x[..., None].astype(np.float32), level[:, None].astype(np.float32)


def pure_tone(heard: Floats) -> Flags:
    """Test tones, of (looks, FRAMES, BANDS) dB: all but nothing outside three neighbouring bands, and as loud as ever while it sounds. Nobody plays so."""
    power = np.exp(heard * np.float32(np.log(10) / 10))
    whole, bands = power.sum(axis=2), power.sum(axis=1)
    near = bands[:, :-2] + bands[:, 1:-1] + bands[:, 2:]
    pure = near.max(axis=1) > TONE_SHARE * bands.sum(axis=1)
    top = whole.max(axis=1, keepdims=True)
    sounds, even = (whole > top * share for share in (TONE_GAP, 1 - TONE_SWING))
    return np.asarray(pure & (even.sum(axis=1) > TONE_SHARE * sounds.sum(axis=1) - 2))      # it may begin and end within a frame


@dataclass(frozen=True)
class Verdict:
    """What a channel carries. `name`: one of CLASSES, "" for unsure; `confidence`: 0..1, of the best class, with that of its like in PAIRS; `top`: the
    three best, each with its own; `seconds`: of playing that it is based on, 0 where nothing was heard yet; `why`: where others on stage decided it."""

    name: str = ""
    confidence: float = 0.0
    top: tuple[tuple[str, float], ...] = ()
    seconds: float = 0.0
    why: str = ""


@dataclass
class Namer:
    """A recognising model: looks in, log-probabilities out. Float models do as well; int8 is what the box ships."""

    path: Path
    _model: tflite.Model = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._model = tflite.Model(self.path, {"x": (FRAMES, BANDS, 1), "level": 1}, {"logits": len(CLASSES)})

    def look(self, heard: Floats) -> Floats:
        """(looks, FRAMES, BANDS) dB to (looks, classes) log-probabilities."""
        x, level = standardise(heard)
        out = self._model(x=self._model.quantised("x", x), level=self._model.quantised("level", level))
        logits = self._model.real("logits", out["logits"])
        logits -= logits.max(axis=1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), np.float32)


class Mean:
    """Log-probabilities of looks, each counting by its weight, older ones fading."""

    def __init__(self) -> None:
        self.logs, self.weight = np.zeros(len(CLASSES)), 0.0

    def take(self, logs: Floats, weight: float, fade: float) -> None:
        self.logs, self.weight = self.logs * fade + weight * logs, self.weight * fade + weight

    def shares(self) -> Array:
        """(classes,) probabilities that sum to 1; all alike where nothing was heard."""
        mean = self.logs / max(self.weight, 1e-9)
        share = np.exp(mean - mean.max())
        return np.asarray(share / share.sum())


class Evidence:
    """What the looks at one channel add up to."""

    def __init__(self) -> None:
        self._long, self._recent, self._otherwise = Mean(), Mean(), 0
        self._loudest, self._sounded, self._seconds = FLOAT_DB, False, 0.0
        self.verdict = Verdict()

    def take(self, logs: Floats, level: Floats) -> None:
        """One look: (classes,) log-probabilities; level: (FRAMES,) dB of the loudest band of each frame.

        It counts by how much was played in it. A look into which nothing of the channel's own falls does not count, once there was any: a pause, or
        bleed. A sound that is far louder than all before it is taken for the channel's own, and the others for bleed.
        """
        silent = bool(np.argmax(logs) == SILENCE)
        if silent and self._sounded:
            return
        rise = float(level.max()) - self._loudest
        kept = 10 ** (-max(rise - 10, 0) / 10) if self._seconds else 0.0
        if not silent and not self._sounded:
            self._sounded, kept = True, 0.0
        self._loudest = max(self._loudest - FORGETS_DB, float(level.max()))
        playing = level > max(self._loudest - PLAYING_DB, FLOAT_DB + 1)
        weight = 1.0 if silent else float(playing.mean())
        new = FRAME_S * float(playing[-round(1 / FRAME_S):].sum() if kept else playing.sum())
        self._long.take(logs, weight, kept * float(np.exp(-new / MEMORY_S)))
        self._recent.take(logs, weight, kept * float(np.exp(-new / RECENT_S)))
        self._seconds = (self._seconds if kept else 0.0) + new
        self._notice_change()
        self.verdict = self._say()

    def _notice_change(self) -> None:
        """Somebody plugged something else in without a word."""
        recent = self._recent.shares()
        differs = np.argmax(recent) != np.argmax(self._long.shares()) and recent.max() >= THRESHOLD
        self._otherwise = self._otherwise + 1 if differs else 0
        if self._otherwise >= CHANGED:
            self._long.logs, self._long.weight, self._otherwise = self._recent.logs.copy(), self._recent.weight, 0
            self._seconds = min(self._seconds, CHANGED + RECENT_S)

    def shares(self) -> Array:
        """(classes,) probabilities that sum to 1; all alike where nothing was heard."""
        return self._long.shares()

    def _say(self) -> Verdict:
        if not self._long.weight:
            return Verdict()
        share = self.shares()
        best = [(CLASSES[k], float(share[k])) for k in np.argsort(-share, kind="stable")[:3]]
        name = best[0][0]
        confidence = sum(float(share[CLASSES.index(like)]) for like in next((pair for pair in PAIRS if name in pair), (name,)))
        return Verdict(name if confidence >= THRESHOLD else "", confidence, tuple(best), self._seconds)


class Recogniser:
    """Hears all channels of a rack. Call `hear` each 100 ms: each channel is looked at once a second, some of them each time, so the cost is even."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another model than the released one. ModelError, MachineError where it cannot run."""
        self._network = Namer(path or tflite.find(RELEASED))
        self._hop, self._slot = 0, 0
        self._newest = -1                            # as the engine counts them, which begins anew when it is started again
        self._begin(0)

    def hear(self, rack: Rack) -> None:
        """Take in the hops that are new, and look at the channels whose turn it is. Each is heard as it came in, whatever its trim does."""
        hops = rack.hops
        if rack.channels != len(self._evidence) or hops < self._hop or (hops > self._hop and self._frame(rack, hops - 1) < self._newest):
            self._begin(rack.channels)
            self._hop = max(hops - NEWEST, 0)
        self._collect(rack, hops)
        slot = self._hop * HOP * SLOTS // RATE
        due = {n % SLOTS for n in range(max(self._slot, slot - SLOTS) + 1, slot + 1)}
        self._slot = slot
        self._look(np.array([n for n in range(len(self._evidence)) if n % SLOTS in due], np.intp))

    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each channel of the rack."""
        return tuple(evidence.verdict for evidence in self._evidence)

    def forget(self, channel: int) -> None:
        """Somebody plugged something else into `channel`, counted from 0."""
        self._evidence[channel] = Evidence()
        self._heard[:, :, channel] = FLOAT_DB

    def _begin(self, channels: int) -> None:
        self._evidence = [Evidence() for _ in range(channels)]
        self._heard = np.full((FRAMES, BANDS, channels), FLOAT_DB, np.float32)      # a ring of frames
        self._at = 0                                                                # its oldest frame

    @staticmethod
    def _frame(rack: Rack, hop: int) -> int:
        return int(ffi.addressof(rack.c.features, hop % FEATURE_HOPS).hop)

    def _collect(self, rack: Rack, hops: int) -> None:
        """New hops into frames; an odd one waits for the next."""
        self._hop = max(self._hop, hops - NEWEST)
        count = (hops - self._hop) // POOLED * POOLED
        if count <= 0:
            return
        index = np.arange(self._hop, self._hop + count) % FEATURE_HOPS
        sets = np.frombuffer(ffi.buffer(rack.c.features), np.float32).reshape(FEATURE_HOPS, -1)
        energy = sets[index, HEAD:HEAD + BANDS * CHANNELS].reshape(count // POOLED, POOLED, BANDS, CHANNELS)[..., : len(self._evidence)]
        power = np.power(np.float32(10), energy * np.float32(0.1)).mean(axis=1)
        came = 10 * np.log10(np.maximum(power, np.float32(1e-12)))
        trims = rack.values()[TRIM:TRIM + len(self._evidence)]      # a trim that is turned is no instrument that swells
        self._heard[(self._at + np.arange(len(power))) % FRAMES] = np.where(came > FLOAT_DB + 1, np.maximum(came - trims, FLOAT_DB), FLOAT_DB)
        self._at = (self._at + len(power)) % FRAMES
        self._hop += count
        self._newest = self._frame(rack, hops - 1)

    def _look(self, channels: Indices) -> None:
        order = (self._at + np.arange(FRAMES)) % FRAMES
        heard = self._heard[order[:, None], :, channels[None, :]].transpose(1, 0, 2)
        there = (heard.max(axis=(1, 2), initial=FLOAT_DB) > FLOAT_DB + 1) & ~pure_tone(heard) if len(channels) else np.zeros(0, bool)
        heard, channels = heard[there], channels[there]
        if len(channels):
            for n, logs, level in zip(channels, self._network.look(heard), heard.max(axis=2), strict=True):
                self._evidence[n].take(logs, level)
