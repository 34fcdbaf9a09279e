"""What was tried and measured: rows for programs, a page for people."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from gigbox.files import write_whole

Row = dict[str, object]
LONGEST = 300                 # letters of a reason


def figure(promise: str, what: str, value: float, unit: str, promised: str) -> Row:
    return {"promise": promise, "what": what, "figure": round(float(value), 4), "unit": unit, "promised": promised}


def outcome(promise: str, report: pytest.TestReport) -> Row:
    return {"promise": promise, "kept": bool(report.passed), "why": "" if report.passed else _why(report)}


def _why(report: pytest.TestReport) -> str:
    """What was found, in its words; where a machine rather than a check says no, where it did."""
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = (crash.message if crash else str(report.longrepr)).splitlines()
    return " ".join(line.strip() for line in lines if line.strip())[:LONGEST]


def write(folder: Path, rows: list[Row], name: str = "results") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{name}.json", text(rows))
    write_whole(folder / f"{name}.html", page(rows).encode())


def text(rows: list[Row]) -> bytes:
    return (json.dumps(rows, indent=1) + "\n").encode()


def page(rows: list[Row]) -> str:
    """A table for a person: each promise, whether it was kept, and what was measured."""
    kept = {row["promise"]: row for row in rows if "kept" in row}
    lines = []
    for name, row in kept.items():
        figures = "; ".join(f"{r['what']} {r['figure']:g} {r['unit']} (promised: {r['promised']})" for r in rows if r["promise"] == name and "what" in r)
        words = str(name).removeprefix("test_").replace("_", " ")
        lines.append(f"<tr><td>{'kept' if row['kept'] else 'BROKEN'}<td>{html.escape(words)}<td>{html.escape(figures or str(row['why']))}")
    style = "body{font:16px sans-serif;margin:2em}td{padding:.3em .8em;border-top:1px solid #ccc}"
    return (f"<!doctype html><meta charset=utf-8><title>gigbox: promises</title><style>{style}</style><h1>Promises</h1><table>" + "".join(lines) + "</table>\n")
