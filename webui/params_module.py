"""Writes src/params.ts from THE table (gigbox.params): what the page knows of every parameter. `python webui/params_module.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gigbox.params import COUNTS, TABLE, TEXTS, Param

MODULE = Path(__file__).resolve().parent / "src/params.ts"
CURVE_STEPS = 100                # the page reads a fader's taper from this many pieces


def module(rows: Sequence[Param] = TABLE) -> str:
    """The whole file, for any table."""
    lists = {p.choices: f"CHOICES_{i}" for i, p in enumerate({p.choices: p for p in rows if p.choices}.values())}
    curves = {(p.low, p.high): p for p in rows if p.taper == "fader"}
    names = {span: f"CURVE_{i}" for i, span in enumerate(curves)}
    written = [f"const {name} = {_json(list(choices))} as const;" for choices, name in lists.items()]
    written += [f"const {names[span]} = {_json([round(p.at(i / CURVE_STEPS), 4) for i in range(CURVE_STEPS + 1)])};" for span, p in curves.items()]
    table = "\n".join(f"  {_json(p.path)}: {_row(p, lists, names)}," for p in rows)
    texts = "\n".join(f"  {_json(t.path)}: {t.longest}," for t in TEXTS)
    return f"""// params.ts - written by webui/params_module.py from THE table; do not edit. Range, default, taper and blend of every parameter.
export interface Row {{
  readonly unit: string; readonly low: number; readonly high: number; readonly start: number | readonly number[];
  readonly taper: "linear" | "log" | "fader" | "step"; readonly blend: "add" | "override" | "hand";
  readonly choices?: readonly string[]; readonly curve?: readonly number[]; readonly ofCard?: true;
}}
export const COUNTS = {_json(COUNTS)} as const;
{chr(10).join(written)}
export const TABLE = {{
{table}
}} as const satisfies Record<string, Row>;
/** Words that people set, and how long they may be. */
export const TEXTS = {{
{texts}
}} as const;
export type Pattern = keyof typeof TABLE;
export type TextPattern = keyof typeof TEXTS;
"""


def _row(p: Param, lists: dict[tuple[str, ...], str], curves: dict[tuple[float, float], str]) -> str:
    start = list(map(_plain, p.default)) if isinstance(p.default, tuple) else _plain(p.default)
    parts = [f"unit: {_json(p.unit)}, low: {_plain(p.low)}, high: {_plain(p.high)}, start: {_json(start)}, taper: {_json(p.taper)}, blend: {_json(p.blend)}"]
    parts += [f"choices: {lists[p.choices]}"] if p.choices else []
    parts += [f"curve: {curves[p.low, p.high]}"] if p.taper == "fader" else []
    parts += ["ofCard: true"] * p.of_card
    return f"{{ {', '.join(parts)} }}"


def _plain(x: float) -> float:
    return int(x) if x == int(x) else x


def _json(x: object) -> str:
    return json.dumps(x)


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
