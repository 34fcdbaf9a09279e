"""numpy's BLAS: the box's sums are small and many, and threads that share them wait busily for each other (a notebook of ideas then takes 10 % of a core in
place of 2)."""

from __future__ import annotations

import os


def one_thread() -> None:
    """Of this process and those that it starts; to be called before numpy is loaded. Who has set another number keeps it."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
