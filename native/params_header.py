"""Writes src/params.h from THE table (gigbox.params): where each parameter lies, its range and default, and which block of the core it acts on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from gigbox.params import COUNTS, PROGRAMS, ROLES, TABLE, Param, table_hash

HEADER = Path(__file__).resolve().parent / "src/params.h"
BUSES = ("main", "monitor")      # they share their blocks


def header(rows: Sequence[Param] = TABLE) -> str:
    """The whole file, for any table."""
    firsts = list(itertools.accumulate((p.size for p in rows), initial=0))
    enums = "\n".join(f"  {_name(p.path)} = {first}," for p, first in zip(rows, firsts, strict=False))
    table = "\n".join(f"  {_row(p, first)},  // {p.path}" for p, first in zip(rows, firsts, strict=False))
    acts = " \\\n".join(f"  ROW({_name(p.path)}, {_owner(p)}, {_block(p)})" for p in rows if p.acts not in PROGRAMS)
    roles = ", ".join(f"GB_ROLE_{name.upper()}" for name in ROLES)
    sizes = "\n".join(f"#define GB_{name.upper()}S {count}" for name, count in COUNTS.items())
    return f"""// params.h - written by native/params_header.py from THE table; do not edit. Where each parameter lies, its range, its default, what it acts on.
#pragma once
{sizes}
#define GB_VALUES {firsts[-1]}
#define GB_ROWS {len(rows)}
#define GB_TABLE_HASH {table_hash(rows):#010x}u
enum gb_param {{
{enums}
}};
enum gb_role {{ {roles} }};
// `each`: values of one strip or monitor; `hurries`: no morph holds it up. The default of instance i is defaults[i % cycle].
typedef struct {{ int first, count, each; float low, high, smooth_ms; int hurries, cycle; float defaults[{max(len(_defaults(p)) for p in rows)}]; }} gb_row;
static const gb_row gb_rows[GB_ROWS] = {{
{table}
}};
// ROW(parameter, whose block, block): what is designed anew when a value changes. A row that is not here is read as it is, or by nobody.
#define GB_ACTS(ROW) \\
{acts}
"""


def _name(path: str) -> str:
    return "GB_" + path.replace("/*", "").replace("/", "_").upper()


def _row(p: Param, first: int) -> str:
    numbers = (p.low, p.high, p.smooth_ms)
    return (f"{{{first}, {p.size}, {p.size // COUNTS.get(_owner(p), 1)}, {', '.join(f'{x:.7g}' for x in numbers)}, {int(p.hurries)}, {len(_defaults(p))}, "
            f"{{{', '.join(f'{d:.7g}' for d in _defaults(p))}}}}}")


def _owner(p: Param) -> str:
    return p.path.split("/")[0]


def _block(p: Param) -> str:
    return f"{'bus' if _owner(p) in BUSES else _owner(p)}_{p.acts}".upper()


def _defaults(p: Param) -> tuple[float, ...]:
    return p.default if isinstance(p.default, tuple) else (p.default,)


if __name__ == "__main__":
    HEADER.write_text(header(), "utf-8")
