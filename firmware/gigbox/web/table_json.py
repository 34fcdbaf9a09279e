"""THE table as pages and scripts read it, with the taper of each row as points."""

from __future__ import annotations

import functools
from typing import Any

from gigbox import params
from gigbox.params import Param

CURVE_STEPS = 100                # a taper is read from this many pieces


@functools.lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    return {"rows": {row.path: told(row) for row in params.TABLE}, "hash": f"{params.table_hash():08x}",
            "texts": {text.path: {"longest": text.longest, "about": text.about} for text in params.TEXTS}}


def told(row: Param) -> dict[str, Any]:
    """`default` is the first instance's, `defaults` those of all where they differ; `curve` is the value at each hundredth of a fader's way."""
    defaults = {} if not isinstance(row.default, tuple) else {"defaults": [row.default_of(n) for n in range(row.counts[-1])]}
    curve = [] if row.choices else [round(row.at(i / CURVE_STEPS), 4) for i in range(CURVE_STEPS + 1)]
    return {"unit": row.unit, "low": row.low, "high": row.high, "default": row.default_of(0), **defaults, "taper": row.taper, "blend": row.blend,
            "about": row.about, "choices": list(row.choices), "counts": list(row.counts), "curve": curve}
