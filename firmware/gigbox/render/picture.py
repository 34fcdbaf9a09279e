"""mix.png: a lane a channel with what came in, what goes out, where its fader went and why; below them the mix and its limiter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gigbox.engine.song import NAMED, Song
from gigbox.rack import lufs
from gigbox.render.columns import Array, Columns, windowed
from gigbox.render.notes import notes
from gigbox.render.pen import Pen, shortened, width, wrapped

if TYPE_CHECKING:
    from gigbox.render.report import Record

WIDTH, LEFT, RIGHT, EDGE = 1680, 236, 1130, 18      # the traces lie between LEFT and RIGHT, the words to both sides
TOP, GAP, MIX_H, LIMIT_H, BOTTOM = 130, 9, 150, 44, 40
LINE, SMALL, LINES_A_NOTE, NUMBER = 16, 13, 2, 17   # the notes of a lane
INK, PAPER, LANE, FAINT, GRID = "#ece9e2", "#14161a", "#1b1e24", "#949aa4", "#2d323a"
BEFORE, SOUND, IDLE, FADER, NOTE, UNSURE = "#e6c8f7", "#2a78a8", "#24485c", "#fbf8ef", "#f2b134", "#f2b134"
MIX, WINDOW, TARGET, LIMIT = "#7d6a35", "#f2b134", "#8fd694", "#e4572e"      # told apart by people who see colours differently too
LOUDEST, QUIETEST = -6.0, -54.0                     # LUFS at the top and the bottom of a lane
FADER_TOP, FADER_BOTTOM = 12.0, -36.0               # dB
LEGEND = ((SOUND, "goes out"), (IDLE, "out, not playing"), (BEFORE, "came in"), (FADER, "fader, the dashes are 0 dB"), (NOTE, "a move, told on the right"))
LIMIT_DB = 6.0
SURE = 0.6                                          # below this confidence a role is a guess


def lane_height(channels: int) -> int:
    return 104 if channels <= 10 else 88


def draw(path: Path, song: Song, record: Record, report: dict[str, Any]) -> None:
    """Write the picture as a PNG, 1680 pixels wide."""
    channels, high = report["channels"], lane_height(len(report["channels"]))
    mix_top = TOP + len(channels) * (high + GAP) + GAP
    height = mix_top + MIX_H + LIMIT_H + BOTTOM
    pen, at = Pen(WIDTH, height, PAPER), Columns(len(record["mix"]), LEFT, RIGHT)
    _title(pen, song, report)
    _legend(pen)
    for n in range(len(channels)):
        pen.box(LEFT, TOP + n * (high + GAP), RIGHT, TOP + n * (high + GAP) + high, LANE)
    pen.box(LEFT, mix_top, RIGHT, mix_top + MIX_H + LIMIT_H, LANE)
    _time(pen, at, height, record)
    for n, channel in enumerate(channels):
        _lane(pen, at, channel, record, n, TOP + n * (high + GAP), high)
    _mix(pen, at, record, report, mix_top)
    pen.save(path)


def _y(values: Any, top: float, height: float, high: float, low: float) -> Any:
    return top + height * np.clip((high - np.asarray(values)) / (high - low), 0, 1)


def _points(x: Array, y: Array) -> list[tuple[float, float]]:
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def _title(pen: Pen, song: Song, report: dict[str, Any]) -> None:
    mix, seconds = report["mix"], round(report["seconds"])
    pen.text((EDGE, 14), shortened(song.title, 26, WIDTH - 2 * EDGE), INK, 26)
    figures = (f"{seconds // 60}:{seconds % 60:02d} min", f"{mix['integrated_lufs']:.1f} LUFS", f"peak {mix['true_peak_dbtp']:.1f} dBTP",
               f"limiter takes {abs(mix['limiter_gr_p99_db']):.1f} dB at most (99 % of the time)", _balance(mix["stereo_imbalance"]))
    pen.text((EDGE, 50), "  ·  ".join(figures), FAINT, 15)


def _balance(imbalance: float) -> str:
    side = "right" if imbalance > 0 else "left"
    return "left and right alike" if abs(imbalance) < 0.02 else f"{side} {10 * np.log10((1 + abs(imbalance)) / max(1 - abs(imbalance), 1e-6)):.1f} dB stronger"


def _legend(pen: Pen) -> None:
    x, y = float(EDGE), 84
    for ink, text in LEGEND:
        if ink == NOTE:
            _number(pen, (x + 9, y + 8), "1")
        elif ink in (BEFORE, FADER):
            pen.line([(x, y + 8), (x + 18, y + 8)], ink, 2)
        else:
            pen.box(x, y + 2, x + 18, y + 14, ink)
        pen.text((x + 25, y), text, FAINT, 14)
        x += 25 + width(text, 14) + 26
    pen.text((RIGHT + EDGE, y), "what was done, and why", FAINT, 14)
    pen.text((RIGHT - 2, y), f"lanes: {LOUDEST:.0f} to {QUIETEST:.0f} LUFS", FAINT, 12, "ra")


def _time(pen: Pen, at: Columns, height: int, record: Record) -> None:
    seconds = at.ticks / 10
    step = next(s for s in (5, 10, 30, 60, 300, 600, 3600) if seconds / s <= 14 or s == 3600)
    for second in range(0, int(seconds) + 1, step):
        pen.line([(at.of(second), TOP), (at.of(second), height - BOTTOM)], GRID)
        pen.text((at.of(second), height - BOTTOM + 8), f"{second // 60}:{second % 60:02d}", FAINT, 14, "ma")
    begins = np.flatnonzero(np.diff(record["show"]) > 0)
    if len(begins):
        x = at.of((int(begins[0]) + 1) / 10)
        pen.dashes((x, TOP - 6), (x, height - BOTTOM), FAINT)
        pen.text((x - 6, TOP - 11), "soundcheck", FAINT, 12, "rm")
        pen.text((x + 6, TOP - 11), "show", FAINT, 12, "lm")


def _lane(pen: Pen, at: Columns, channel: dict[str, Any], record: Record, n: int, top: float, high: float) -> None:
    out, came_in = at.loudness(record.out[:, n]), at.loudness(record["dry"][:, n])
    playing, fader = at.mean(record["active"][:, n]) >= 0.5, at.mean(np.maximum(record["level"][:, n], FADER_BOTTOM))
    bottom, y = top + high, _y(out, top, high, LOUDEST, QUIETEST)
    for on, ink in ((False, IDLE), (True, SOUND)):
        for begin, end in _stretches(playing == on):
            piece = slice(begin, min(end + 1, len(y)))
            pen.area([(float(at.x[piece][0]), bottom), *_points(at.x[piece], y[piece]), (float(at.x[piece][-1]), bottom)], ink)
    pen.line(_points(at.x, _y(came_in, top, high, LOUDEST, QUIETEST)), BEFORE, 1)
    unity = float(_y(0.0, top, high, FADER_TOP, FADER_BOTTOM))
    pen.dashes((LEFT, unity), (RIGHT, unity), FAINT, 3)
    pen.line(_points(at.x, _y(fader, top, high, FADER_TOP, FADER_BOTTOM)), FADER, 2)
    _face(pen, channel, record, n, top, high)
    _told(pen, at, channel, top, high)


def _stretches(flags: Array) -> list[tuple[int, int]]:
    """Runs of True as (first, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _face(pen: Pen, channel: dict[str, Any], record: Record, n: int, top: float, high: float) -> None:
    """Who it is, on the left."""
    row, muted = (high - 84) / 4, record["mute"][-1, n] > 0
    pen.text((EDGE, top + 1), shortened(f"{channel['index']}  {channel['name']}", 18, LEFT - 2 * EDGE - 62 * muted), INK, 18)
    _role(pen, channel, top + 24 + row)
    pen.text((EDGE, top + 43 + 2 * row), f"LUFS {_loudness(channel['lufs_in'])} in, {_loudness(channel['lufs_out'])} out", FAINT, SMALL)
    level, trim = record["level"][-1, n], record["trim"][-1, n]
    pen.text((EDGE, top + 62 + 3 * row), f"trim {trim:+.1f}  fader {'off' if level <= -90 else f'{level:+.1f}'} dB", INK, SMALL)
    _pan(pen, float(record["pan"][-1, n]), top + 69 + 3 * row)
    if muted:
        pen.tag((LEFT - 58, top + 2), "MUTED", PAPER, LIMIT)


def _loudness(value: float) -> str:
    return "nothing" if value <= -70 else f"{value:.0f}"


def _role(pen: Pen, channel: dict[str, Any], y: float) -> None:
    role, source, sure = channel["role"].replace("_", " "), channel["role_source"], channel["confidence"]
    if role == "unused":
        pen.tag((EDGE, y), "no role: left alone", PAPER, UNSURE)
        return
    told = source in ("song.toml", "given", NAMED) or sure is None
    if not told and sure < SURE:
        pen.tag((EDGE, y), f"{role}? {sure:.0%} sure", PAPER, UNSURE)
        return
    pen.text((EDGE, y), role, "#6bb7dd", 15)
    if not told or source == NAMED:
        pen.text((EDGE + width(role, 15) + 7, y + 2), "by its name" if told else f"heard, {sure:.0%} sure", FAINT, 12)


def _pan(pen: Pen, pan: float, y: float) -> None:
    """A dot on a short line from left to right."""
    left, right = LEFT - 56, LEFT - 14
    pen.line([(left, y), (right, y)], FAINT)
    pen.line([((left + right) / 2, y - 4), ((left + right) / 2, y + 4)], FAINT)
    pen.dot(((left + right) / 2 + pan * (right - left) / 2, y), 4, FADER)


def _told(pen: Pen, at: Columns, channel: dict[str, Any], top: float, high: float) -> None:
    """Numbers on the lane where something was moved, and the words to them on the right."""
    lines, room, y = int((high - 2) // LINE), WIDTH - RIGHT - 2 * EDGE - 24, top + 1
    found, more = notes(channel["moves"], lines)
    if more:
        found, more = notes(channel["moves"], lines - 1)
    texts = [wrapped(note.text, SMALL, room, LINES_A_NOTE) for note in found]
    if sum(map(len, texts)) + (more > 0) > lines:
        texts = [wrapped(note.text, SMALL, room, 1) for note in found]
    for number, (x, text) in enumerate(zip(_apart([at.of(note.t) for note in found]), texts, strict=True), 1):
        _number(pen, (x, top + 10), str(number))
        _number(pen, (RIGHT + EDGE + 8, y + 8), str(number))
        for row, line in enumerate(text):
            _words(pen, (RIGHT + EDGE + 24, y), line, row == 0)
            y += LINE
    if more:
        pen.text((RIGHT + EDGE + 24, y), f"and {more} smaller {'move' if more == 1 else 'moves'}", FAINT, SMALL)


def _apart(wanted: list[float]) -> list[float]:
    """Places for numbers from left to right, each beside the one before, and none over the edge."""
    x = np.array(wanted)
    for i in range(len(x)):
        x[i] = max(x[i], LEFT + 9, x[i - 1] + NUMBER if i else 0)
    return [float(min(place, RIGHT - 9 - NUMBER * (len(x) - 1 - i))) for i, place in enumerate(x)]


def _words(pen: Pen, at: tuple[float, float], line: str, first: bool) -> None:
    """What was done stands out of why."""
    done, colon, why = line.partition(": ") if first else ("", "", line)
    pen.text(at, done + colon, INK, SMALL)
    pen.text((at[0] + width(done + colon, SMALL), at[1]), why, FAINT, SMALL)


def _number(pen: Pen, at: tuple[float, float], text: str) -> None:
    pen.dot(at, 7.5, NOTE)
    pen.text((at[0], at[1] + 0.5), text, PAPER, 11, "mm")


def _mix(pen: Pen, at: Columns, record: Record, report: dict[str, Any], top: float) -> None:
    """Loudness of the main outputs over 400 ms and 3 s, what it should be, and below it what the limiter takes."""
    power, mix = record["mix"].sum(axis=1), report["mix"]
    pen.text((EDGE, top + 2), "Main", INK, 20)
    for line, (text, ink) in enumerate((("loudness, 400 ms and 3 s", WINDOW), (f"{mix['integrated_lufs']:.1f} LUFS as a whole", TARGET))):
        pen.text((EDGE, top + 32 + 20 * line), text, ink, 14)
    for level in (-12, -18, -24, -36, -48):
        y = float(_y(level, top, MIX_H, LOUDEST, QUIETEST))
        pen.line([(LEFT, y), (RIGHT, y)], GRID)
        pen.text((LEFT - 8, y), f"{level}", FAINT, 12, "rm")
    y = _y(at.loudness(power), top, MIX_H, LOUDEST, QUIETEST)
    pen.area([(float(at.x[0]), top + MIX_H), *_points(at.x, y), (float(at.x[-1]), top + MIX_H)], MIX)
    pen.line(_points(at.x, _y(lufs(at.mean(windowed(power, 30))), top, MIX_H, LOUDEST, QUIETEST)), WINDOW, 2.5)
    wanted = mix.get("target_lufs", mix["integrated_lufs"])
    y = float(_y(wanted, top, MIX_H, LOUDEST, QUIETEST))
    pen.dashes((LEFT, y), (RIGHT, y), TARGET)
    pen.text((RIGHT + EDGE, y), f"{'wanted' if 'target_lufs' in mix else 'as a whole'} {wanted:.1f} LUFS", TARGET, SMALL, "lm")
    _limiter(pen, at, record, top + MIX_H)


def _limiter(pen: Pen, at: Columns, record: Record, top: float) -> None:
    taken = at.mean(-np.asarray(record["limiter"], float))
    pen.line([(LEFT, top), (RIGHT, top)], PAPER, 3)
    pen.text((EDGE, top + 10), "limiter takes", LIMIT, 14)
    pen.text((LEFT - 8, top + 8), "0", FAINT, 12, "rm")
    pen.text((LEFT - 8, top + LIMIT_H - 8), f"-{LIMIT_DB:.0f} dB", FAINT, 12, "rm")
    pen.area([(LEFT, top + 2), *_points(at.x, top + 2 + np.clip(taken / LIMIT_DB, 0, 1) * (LIMIT_H - 2)), (RIGHT, top + 2)], LIMIT)
    pen.text((RIGHT + EDGE, top + LIMIT_H / 2), f"{abs(float(taken.max())):.1f} dB at most", LIMIT, SMALL, "lm")
