"""A chart as ChordPro (chordpro.org): a grid of bars that other programs print, transpose and show."""

from __future__ import annotations

from gigbox.ideas.chart.memory import Bar, Chart

ROW = 4                    # bars a line
MADE = "made by the box (gigbox): heard, not written; chords may be wrong"


def chordpro(chart: Chart, title: str) -> str:
    head = [f"{{title: {_plain(title)}}}", f"{{comment: {MADE}}}"]
    if chart.key:
        head.append(f"{{key: {chart.key.name.split()[0]}{'m' if chart.key.minor else ''}}}")
    if chart.bpm:
        head.append(f"{{tempo: {chart.bpm:.0f}}}")
    head.append(f"{{time: {chart.metre}/4}}")
    rows = ["| " + " | ".join(_bar(bar) for bar in chart.bars[at: at + ROW]) + " |" for at in range(0, len(chart.bars), ROW)]
    return "\n".join([*head, "{start_of_grid}", *rows, "{end_of_grid}", ""])


def _bar(bar: Bar) -> str:
    """A chord where it begins, a dot for each beat that goes on, `N` where nobody plays."""
    starts = dict(bar.chords)
    return " ".join((chord.name if (chord := starts[beat]) else "N") if beat in starts else "." for beat in range(bar.beats))


def _plain(title: str) -> str:
    return title.replace("{", "(").replace("}", ")").strip() or "a song"
