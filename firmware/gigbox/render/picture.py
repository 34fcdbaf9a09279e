"""mix.png: the mix's loudness over time, and below it one lane a channel with what it played, where its fader went, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gigbox.engine.song import Song
from gigbox.rack import lufs

if TYPE_CHECKING:
    from gigbox.render.report import Record

WIDTH, LEFT, RIGHT = 1600, 250, 330
MIX_H, LANE_H, GAP, TOP, BOTTOM = 190, 84, 10, 76, 46
INK, PAPER, FAINT, GRID = "#e8e6e1", "#14161a", "#8a8f98", "#2a2e35"
MIX, LIMIT, SOUND, IDLE, FADER = "#f2b134", "#e4572e", "#3fa7d6", "#2b5266", "#f7f3e8"    # told apart by people who see colours differently too
LOUDEST, QUIETEST = -6.0, -54.0      # LUFS at the top and bottom of a lane
FADER_TOP, FADER_BOTTOM = 12.0, -36.0


def draw(path: Path, song: Song, record: Record, report: dict[str, Any]) -> None:
    """Write the picture as a PNG."""
    channels = report["channels"]
    height = TOP + MIX_H + GAP + len(channels) * (LANE_H + GAP) + BOTTOM
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    ticks = len(record["mix"])
    _title(pen, song, report)
    _time(pen, ticks, height)
    _mix(pen, record, TOP)
    for n, channel in enumerate(channels):
        _lane(pen, channel, record, n, TOP + MIX_H + GAP + n * (LANE_H + GAP))
    image.save(path, optimize=False, compress_level=3)


def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def _x(ticks: int) -> Any:
    return LEFT + np.arange(ticks) * ((WIDTH - LEFT - RIGHT) / max(ticks, 1))


def _y(values: Any, top: int, height: int, high: float, low: float) -> Any:
    return top + height * np.clip((high - np.asarray(values)) / (high - low), 0, 1)


def _title(pen: ImageDraw.ImageDraw, song: Song, report: dict[str, Any]) -> None:
    mix = report["mix"]
    pen.text((20, 14), song.title, INK, _font(26))
    pen.text((20, 48), f"{report['seconds']:.0f} s   {mix['integrated_lufs']:.1f} LUFS   peak {mix['true_peak_dbtp']:.1f} dBTP   "
             f"limiter at most {mix['limiter_gr_p99_db']:.1f} dB (99 %)   left against right {mix['stereo_imbalance']:+.2f}", FAINT, _font(15))
    pen.text((WIDTH - RIGHT + 16, 48), "why, last of all", FAINT, _font(15))


def _time(pen: ImageDraw.ImageDraw, ticks: int, height: int) -> None:
    x = _x(ticks)
    step = next(s for s in (5, 10, 30, 60, 300, 600, 3600) if ticks / (s * 10) <= 14 or s == 3600)
    for second in range(0, ticks // 10 + 1, step):
        at = x[min(second * 10, ticks - 1)]
        pen.line((at, TOP, at, height - BOTTOM + 6), GRID)
        pen.text((at, height - BOTTOM + 10), f"{second // 60}:{second % 60:02d}", FAINT, _font(14), anchor="ma")


def _mix(pen: ImageDraw.ImageDraw, record: Record, top: int) -> None:
    power = record["mix"].sum(axis=1)
    x = _x(len(power))
    pen.text((20, top + 6), "main", INK, _font(20))
    pen.text((20, top + 34), "loudness, 400 ms", MIX, _font(14))
    pen.text((20, top + 54), "limiter takes, from the top", LIMIT, _font(14))
    for level in (-12, -18, -24, -36, -48):
        y = _y(level, top, MIX_H, LOUDEST, QUIETEST)
        pen.line((LEFT, y, WIDTH - RIGHT, y), GRID)
        pen.text((LEFT - 8, y), f"{level}", FAINT, _font(13), anchor="rm")
    reduction = _y(record["limiter"], top, MIX_H, 0, -24)
    pen.polygon([(LEFT, top), *zip(x, reduction, strict=True), (x[-1], top)], LIMIT)
    pen.line(list(zip(x, _y(lufs(_momentary(power)), top, MIX_H, LOUDEST, QUIETEST), strict=True)), MIX, 3)


def _lane(pen: ImageDraw.ImageDraw, channel: dict[str, Any], record: Record, n: int, top: int) -> None:
    loud, active, fader = lufs(_momentary(record.out[:, n])), record["active"][:, n] > 0, record["level"][:, n]
    x, bottom = _x(len(loud)), top + LANE_H
    pen.rectangle((LEFT, top, WIDTH - RIGHT, bottom), "#191c21")
    y = _y(loud, top, LANE_H, LOUDEST, QUIETEST)
    for at, level, on in zip(x, y, active, strict=True):
        pen.line((at, bottom, at, level), SOUND if on else IDLE, 3)
    pen.line(list(zip(x, _y(fader, top, LANE_H, FADER_TOP, FADER_BOTTOM), strict=True)), FADER, 2)
    pen.text((20, top + 2), f"{channel['index']}  {channel['name'][:18]}", INK, _font(18))
    pen.text((20, top + 26), channel["role"].replace("_", " "), SOUND, _font(14))
    pen.text((20, top + 45), f"in {channel['lufs_in']:.1f}  out {channel['lufs_out']:.1f} LUFS", FAINT, _font(13))
    pen.text((20, top + 63), f"trim {record['trim'][-1, n]:+.1f}  fader {fader[-1]:+.1f} dB", FADER, _font(13))
    whys = list(dict.fromkeys(m["why"] for m in reversed(channel["moves"]) if m["path"].endswith(("/level", "/trim"))))[:2]
    for line, text in enumerate(piece for why in whys for piece in _wrapped(why, 46)):
        if line < 5:
            pen.text((WIDTH - RIGHT + 16, top + 2 + 16 * line), text, FAINT, _font(13))


def _momentary(power: Any) -> Any:
    return np.convolve(np.concatenate([np.zeros(3), power]), np.full(4, 0.25), "valid")


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += word + " "
    return lines
