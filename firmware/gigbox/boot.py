"""Which start of the machine this is: the monotonic clock of another one means nothing here."""

from __future__ import annotations

import functools
import uuid
from pathlib import Path


@functools.lru_cache(maxsize=1)
def boot() -> str:
    """The same in every process until the machine starts again; where the kernel does not tell, only in this one."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return str(uuid.uuid4())
