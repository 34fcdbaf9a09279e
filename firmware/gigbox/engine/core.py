"""The C engine as a plain object: frames in, frames out, as fast as the machine can."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

import numpy as np

from gigbox import params
from gigbox._core import ffi, lib
from gigbox.errors import MachineError
from gigbox.rack import OUTPUTS, QUANTUM, Floats, Rack


class Engine:
    """One engine on one rack. A context manager; `values` (path: value) are set before it starts, so that nothing glides.

    `inputs` and `outputs` are the card's, by default one for each strip and bus; the patch says what they feed and carry.
    """

    def __init__(self, channels: int, values: Mapping[str, float] | None = None, rack: Rack | None = None, *,
                 inputs: int | None = None, outputs: int = OUTPUTS) -> None:
        self.channels = channels
        self.inputs, self.outputs = channels if inputs is None else inputs, outputs
        self.rack = rack or Rack(None, channels)
        for path, value in (values or {}).items():
            self.rack.values()[params.find(path).index] = value
        self.c = lib.gb_engine_new(self.rack.c, channels)
        if self.c == ffi.NULL:
            raise MachineError(f"engine: no memory for {channels} channels")
        lib.gb_engine_card(self.c, self.inputs, self.outputs)

    def process(self, frames: Floats, *, stems: bool = False, into: Floats | None = None) -> tuple[Floats, Floats | None]:
        """(n, inputs) float32, n a multiple of QUANTUM, to outputs (n, outputs) and, if asked for, stems (n, channels, 2).

        `into` takes the outputs, (n, outputs) float32 in one piece, where a new array each time would cost too much.
        """
        n = len(frames)
        if n % QUANTUM or frames.ndim != 2 or frames.shape[1] != self.inputs:
            raise ValueError(f"frames: shape {frames.shape}, expected (a multiple of {QUANTUM}, {self.inputs})")
        source = np.ascontiguousarray(frames, np.float32)
        out = np.empty((n, self.outputs), np.float32) if into is None else into
        if out.shape != (n, self.outputs) or out.dtype != np.float32 or not out.flags.c_contiguous:
            raise ValueError(f"into: {out.dtype} {out.shape}, expected float32 {(n, self.outputs)} in one piece")
        strips = np.empty((n, self.channels, 2), np.float32) if stems else None
        lib.gb_process(self.c, _floats(source), _floats(out), ffi.NULL if strips is None else _floats(strips), n)
        return out, strips

    def stand_in(self) -> None:
        """What `feed` gives is heard in place of the card's inputs, a channel a strip. Before the first frame."""
        if not lib.gb_engine_stand_in(self.c):
            raise MachineError(f"engine: no memory for {self.channels} recorded channels")

    def feed(self, frames: Floats) -> int:
        """(n, channels) float32; how many of them there was room for. From another thread than plays."""
        source = np.ascontiguousarray(frames, np.float32)
        if source.ndim != 2 or source.shape[1] != self.channels:
            raise ValueError(f"frames: shape {frames.shape}, expected (any, {self.channels})")
        return int(lib.gb_engine_feed(self.c, _floats(source), len(source)))

    @property
    def hungry(self) -> int:
        """Periods that were silent because nothing was fed."""
        return int(lib.gb_engine_hungry(self.c))

    def set(self, path: str, value: float) -> None:
        """Queue a value, as the desk does; it is heard from the next quantum on."""
        self.rack.push(params.find(path).index, value)

    @property
    def latency_main(self) -> int:
        return int(self.rack.c.latency_main)

    @property
    def latency_monitor(self) -> int:
        return int(self.rack.c.latency_monitor)

    def close(self) -> None:
        if self.c != ffi.NULL:
            lib.gb_engine_free(self.c)
            self.c = ffi.NULL

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _floats(array: Floats) -> object:
    return ffi.from_buffer("float[]", array, require_writable=False)
