"""How slow this machine is just now, so that a cost in time is judged by a ratio within one run and not by who else uses its cores."""

from __future__ import annotations

import time

import numpy as np

USUAL_S = 0.0042       # of `work`, thread time, on the machine that costs are budgeted for
ROUNDS, TIMES = 400, 7


def work() -> float:
    """Thread seconds of what the brain is made of: names looked up, small arrays, generators, a spectrum now and then."""
    table, small, long = {f"strip/{n}/level": float(n) for n in range(32)}, np.ones((16, 32), np.float32), np.ones(2048, np.float32)
    begin = time.thread_time()
    for n in range(ROUNDS):
        total = sum(table[f"strip/{k}/level"] for k in range(32) if k != n % 32)
        small = np.maximum(small * np.float32(0.999), np.float32(total * 1e-9))
        small.mean(axis=1)
        if n % 4 == 0:
            np.fft.rfft(long * np.float32(n))
    return time.thread_time() - begin


def slowness() -> float:
    """1 on the machine that costs are budgeted for, or a faster one; 2 where the same takes twice as long."""
    return max(min(work() for _ in range(TIMES)) / USUAL_S, 1.0)
