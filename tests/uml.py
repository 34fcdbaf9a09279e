"""What a test wants to see through the kernel's own ALSA and its own lines runs in a kernel of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigbox.errors import MachineError
from hil import uml
from hil.uml import inside

__all__ = ["inside"]


@pytest.fixture(scope="module", name="kernel")
def built() -> Path:
    try:
        return uml.kernel()
    except MachineError as e:
        pytest.fail(str(e))
