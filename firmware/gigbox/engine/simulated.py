"""The simulated sound card: a file that gigbox._gigsim, a plug-in of libasound, plays as any card is played. Whoever maps it feeds, hears and breaks it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gigbox.engine.libasound import ffi, lib
from gigbox.errors import CardError
from gigbox.rack import RATE, Floats

NAME = "gigsim"                            # of the PCM
PLUGIN = "_gigsim.abi3.so"
S16, S24, S32, S24_3 = 2, 6, 10, 32        # bits of snd_pcm_format_t
MMAP, MMAP_APART, READ, READ_APART = 0, 1, 3, 4      # bits of snd_pcm_access_t
FAULTS = {"xrun": lib.SIM_XRUN, "suspend": lib.SIM_SUSPEND, "unplug": lib.SIM_UNPLUG, "stall": lib.SIM_STALL, "halt": lib.SIM_HALT, "deaf": lib.SIM_DEAF,
          "short": lib.SIM_SHORT}

Ints = npt.NDArray[np.int32]


class SimulatedCard:
    """Made in memory, or at `path` (which outlives whoever plays it). `granted`: its time passes as `grant` allows; else it is the machine's."""

    def __init__(self, inputs: int, outputs: int, *, in_frames: int = 4 * RATE, out_frames: int = 0, path: Path | None = None, granted: bool = False,
                 looped: bool = False, formats: Sequence[int] = (S32,), accesses: Sequence[int] = (MMAP, READ), rates: Sequence[int] = (RATE,),
                 ppm: int = 0, skew_ppm: int = 0) -> None:
        self.inputs, self.outputs = inputs, outputs
        size = ffi.sizeof("gigsim") + 4 * (in_frames * inputs + out_frames * outputs)
        self._handle = os.memfd_create(NAME, os.MFD_CLOEXEC) if path is None else os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self.path = path or Path(f"/proc/self/fd/{self._handle}")
        try:
            os.posix_fallocate(self._handle, 0, size)
            self._memory = mmap.mmap(self._handle, size)
        except OSError as e:
            os.close(self._handle)
            raise CardError(f"simulated card: {e.strerror}, {size} bytes wanted") from None
        self._bytes = ffi.from_buffer(self._memory)
        self.c = ffi.cast("gigsim *", self._bytes)
        at = ffi.sizeof("gigsim")
        self.input: Ints = np.frombuffer(self._memory, np.int32, in_frames * inputs, at).reshape(in_frames, inputs)
        self.output: Ints = np.frombuffer(self._memory, np.int32, out_frames * outputs, at + 4 * in_frames * inputs).reshape(out_frames, outputs)
        self._describe(granted, looped, formats, accesses, rates)
        self.c.ppm, self.c.skew_ppm = ppm, skew_ppm

    def _describe(self, granted: bool, looped: bool, formats: Sequence[int], accesses: Sequence[int], rates: Sequence[int]) -> None:
        c = self.c
        c.magic, c.clock, c.looped = lib.SIM_MAGIC, lib.SIM_GRANTED if granted else lib.SIM_TIMER, looped
        c.inputs, c.outputs, c.in_channels, c.out_channels = self.inputs, self.outputs, self.inputs, self.outputs
        c.in_frames, c.out_frames = len(self.input), len(self.output)
        c.formats, c.accesses = (sum(1 << bit for bit in bits) for bits in (formats, accesses))
        for n, rate in enumerate(rates):
            c.rates[n] = rate

    @property
    def now(self) -> int:
        """Frames of its clock."""
        return self._load("now")

    @property
    def hungry(self) -> int:
        """Frames that passed without input."""
        return self._load("hungry")

    def _load(self, name: str) -> int:
        return int(lib.sim_load(ffi.addressof(self.c[0], name)))

    def feed(self, frames: Floats) -> int:
        """(n, inputs) float32, full scale at 1; how many found room. What comes late is heard late, whole."""
        return int(lib.sim_feed(self.c, ffi.from_buffer("float[]", frames), len(frames)))

    def heard(self, begin: int, end: int) -> Ints:
        """What was played from frame to frame: (n, outputs), full scale at 2^31."""
        return self.output[np.arange(begin, end) % len(self.output)]

    def grant(self, until: int) -> None:
        """Its time may pass up to this frame."""
        lib.sim_grant(self.c, until)

    def pass_by(self, frames: int) -> None:
        """Time that goes by while nobody plays it: granted time alone does so only in a program that waits for the card."""
        self.c.now += frames

    def fault(self, kind: str, at: int, size: int = 0) -> None:
        """At this frame of its clock; faults come in the order of their time. What `size` means: gigsim.h."""
        lib.sim_break(self.c, at, FAULTS[kind], size)

    def config(self) -> str:
        """A configuration of ALSA in which this is the only card, with a number or without one: gigsim:0."""
        plugin = Path(__file__).resolve().parents[1] / PLUGIN
        number = "@args [ N ] @args.N { type integer default 0 }"
        return f'pcm_type.{NAME} {{ lib "{plugin}" }}\npcm.{NAME} {{ {number} type {NAME} card "{self.path}" }}\n'

    def close(self) -> None:
        os.close(self._handle)


def only(card: SimulatedCard) -> None:
    """From now on this is the only card that libasound knows in this process."""
    handle = os.memfd_create("asound.conf", 0)
    os.write(handle, card.config().encode())
    os.environ["ALSA_CONFIG_PATH"] = f"/proc/self/fd/{handle}"
