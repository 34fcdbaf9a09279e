"""mix.png says what happened to whom, in words that fit: legible for one channel or sixteen, whatever the names and reasons are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gigbox.engine.song import Song
from gigbox.render import picture
from gigbox.render.columns import Columns
from gigbox.render.notes import Note, notes
from gigbox.render.pen import Pen, font, shortened, spelled, width, wrapped
from gigbox.render.picture import LEFT, RIGHT, WIDTH, draw

TICKS = 300
WHY = "Ann +5.0 dB: came in at -28 LUFS, wanted -23"


def move(t: float, path: str, start: float, end: float, why: str = WHY) -> dict[str, Any]:
    return {"t": t, "path": f"strip/1/{path}", "from": start, "to": end, "why": why}


def test_the_set_up_is_one_note_and_the_largest_moves_follow_in_time() -> None:
    moves = [move(0.1, "hpf/on", 0, 1), move(0.1, "hpf/frequency", 80, 100), move(0.1, "pan", 0, -0.25), move(0.1, "level", 0, -4),
             move(4, "trim", 0, 5), move(9, "level", -4, -3), move(20, "level", -3, -5), move(30, "level", -5, -5.2)]
    found, more = notes(moves, 3)
    assert found == [Note(0.1, "start: low cut 100 Hz, pan 25 left, fader -4.0 dB"), Note(4, "trim +5.0 dB: came in at -28 LUFS, wanted -23"),
                     Note(20, "fader -5.0 dB: came in at -28 LUFS, wanted -23")]
    assert more == 2


def test_moves_that_go_on_are_one_and_what_has_one_reason_is_one() -> None:
    moves = [move(4, "level", 0, -1, "a"), move(5, "level", -1, -2, "b"), move(6, "level", -2, -1, "c"), move(12, "level", -1, 2, "d"),
             move(15, "hum/on", 0, 1, "x: hum at 50 Hz"), move(15, "hum/depth", 18, 24, "x: hum at 50 Hz"), move(15, "hum/harmonics", 8, 7, "x: hum at 50 Hz")]
    assert [n.text for n in notes(moves, 9)[0]] == ["fader -2.0 dB: b", "fader -1.0 dB: c", "fader +2.0 dB: d", "hum notches 24 dB: hum at 50 Hz"]


def test_every_parameter_can_be_told() -> None:
    for path, end in (("eq/2/gain", -3.0), ("comp/on", 1.0), ("comp/on", 0.0), ("gate/threshold", -50.0), ("send/3/level", -12.0), ("role", 4.0), ("pan", 0.0)):
        assert len(notes([move(4, path, 9.0, end)], 5)[0]) == 1
    assert notes([move(4, "eq/2/gain", 0, -3.0, "Keys -3.0 dB: covers the voice")], 5)[0][0].text == "eq 2 -3.0 dB: covers the voice"


def test_words_fit_their_room_and_are_spelled_with_the_letters_there_are() -> None:
    assert spelled("Höhe − größte 日…") == "Hohe - grosste ?…"
    assert shortened("short", 13, 500) == "short"
    assert width(shortened("a long word or two " * 9, 13, 200), 13) <= 200
    lines = wrapped("one two three four five six seven eight nine ten", 13, 90, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line, 13) <= 90 for line in lines)
    assert wrapped("W" * 200, 13, 90, 2)[0].endswith("…")


def test_columns_keep_what_they_join() -> None:
    for ticks in (1, 2, 300, 5000, 40000):
        at = Columns(ticks, LEFT, RIGHT)
        assert len(at.x) == min(ticks, 2 * (RIGHT - LEFT))
        assert (np.diff(at.x) > 0).all()
        assert LEFT < at.x[0] <= at.x[-1] < RIGHT
        np.testing.assert_allclose(at.mean(np.full(ticks, 3.0)), 3)
    assert (at.of(-1), at.of(0), at.of(1e9)) == (LEFT, LEFT, RIGHT)


def record(channels: int, ticks: int = TICKS) -> dict[str, Any]:
    rng = np.random.default_rng(channels)
    power = 10 ** rng.uniform(-6, -1.5, (ticks, channels))
    level = np.linspace(0, -8, ticks)[:, None] + np.zeros(channels)
    level[:, -1] = -90
    return {"dry": power, "level": level, "trim": np.full((ticks, channels), 18.0), "pan": np.tile(np.linspace(-1, 1, channels), (ticks, 1)),
            "mute": np.tile(np.arange(channels) == 1, (ticks, 1)).astype(float), "mix": power[:, :1] @ np.ones((1, 2)), "limiter": -rng.uniform(0, 9, ticks),
            "active": (power > 1e-4).astype(float), "show": (np.arange(ticks) >= 200).astype(float)}


class Recorded(dict[str, Any]):
    @property
    def out(self) -> Any:
        return self["dry"] * 10 ** (self["level"] / 10)


def report(channels: int, moves: int) -> dict[str, Any]:
    why = "A rather long name of a microphone to +2.1 dB: plays at -29.1 LUFS, an electric guitar sits -5 LU from the lead at -23, and so on and on"
    kinds = [("unused", "none", None), ("lead_vocal", "heard", 0.93), ("electric_guitar", "heard", 0.41), ("hihat_overhead", "song.toml", 1.0)]
    return {
        "seconds": TICKS / 10, "mix": {"integrated_lufs": -18.7, "true_peak_dbtp": -1.1, "limiter_gr_p99_db": -0.0, "stereo_imbalance": -0.12},
        "channels": [{
            "index": n, "name": "A rather long name of a microphone", **dict(zip(("role", "role_source", "confidence"), kinds[n % 4], strict=True)),
            "lufs_in": -34.0, "lufs_out": -70.0 if n == 1 else -23.0,
            "moves": [move(0.1, path, 0, 1, why) for path in ("hpf/on", "hpf/frequency", "duck/bell", "duck/level", "pan", "level")]
            + [move(1 + i * 0.3, "level", 0, (-1) ** i * (2 + i % 7), why) for i in range(moves)]
            + [move(29.8, path, 0, 6, why + path) for path in ("eq/1/gain", "eq/2/gain", "trim") for _ in range(moves > 0)],
        } for n in range(1, channels + 1)],
    }


@pytest.mark.parametrize(("channels", "moves"), [(1, 0), (6, 3), (10, 40), (16, 40), (32, 9)])
def test_no_words_lie_on_others_or_leave_the_picture(channels: int, moves: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boxes: list[tuple[float, float, float, float, str]] = []
    write = Pen.text

    def noted(pen: Pen, at: tuple[float, float], text: str, ink: str, size: float, anchor: str = "la") -> None:
        if text:
            boxes.append((*(v + d for v, d in zip((*at, *at), font(size).getbbox(spelled(text), anchor=anchor), strict=True)), text))
        write(pen, at, text, ink, size, anchor)

    monkeypatch.setattr(Pen, "text", noted)
    draw(tmp_path / "mix.png", Song("A title", tmp_path, (), 30.0), Recorded(record(channels)), report(channels, moves))      # type: ignore[arg-type]
    size = Image.open(tmp_path / "mix.png").size
    assert size[0] == WIDTH
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1] for box in boxes)
    assert [(a[4], b[4]) for i, a in enumerate(boxes) for b in boxes[:i]
            if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1] == []
    words = " ".join(box[4] for box in boxes)
    assert all(word in words for word in ("goes out", "soundcheck", "show", "no role", "limiter takes", "Main")) or channels < 6
    assert channels < 6 or ("MUTED" in words and "electric guitar? 41% sure" in words and "heard, 93% sure" in words and "fader off" in words)


def test_a_picture_of_nothing_is_a_picture(tmp_path: Path) -> None:
    for ticks in (1, 2, 5):
        draw(tmp_path / "mix.png", Song("", tmp_path, (), 0.1), Recorded(record(2, ticks)), report(2, 0))      # type: ignore[arg-type]
        assert Image.open(tmp_path / "mix.png").size[0] == WIDTH


def test_the_same_mix_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        draw(tmp_path / name, Song("x", tmp_path, (), 30.0), Recorded(record(6)), report(6, 9))      # type: ignore[arg-type]
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_lane_shows_what_went_out_and_where_the_fader_went(tmp_path: Path) -> None:
    """The column of pixels under a moment is blue up to its loudness, and the fader's line is at its dB."""
    data = Recorded(record(2))
    data["dry"][:] = 10 ** ((-30 + 0.691) / 10)
    data["level"][:], data["active"][:] = -12, 1
    draw(tmp_path / "mix.png", Song("x", tmp_path, (), 30.0), data, report(2, 0))      # type: ignore[arg-type]
    column = np.asarray(Image.open(tmp_path / "mix.png").convert("RGB")).astype(int)[:, (LEFT + RIGHT) // 2]
    high, top = picture.lane_height(2), picture.TOP
    blue = np.abs(column[top:top + high] - [0x2a, 0x78, 0xa8]).sum(1) < 12
    assert np.flatnonzero(blue)[0] == pytest.approx(high * (42 - 6) / 48, abs=2)       # -42 LUFS on a lane from -6 to -54
    white = np.flatnonzero(column[top:top + high].min(1) > 200)
    assert high * 0.5 == pytest.approx(white.mean(), abs=2)                            # -12 dB on a scale from +12 to -36


def test_what_the_limiter_takes_hangs_from_the_line_of_nothing(tmp_path: Path) -> None:
    ink = [int(picture.LIMIT[at:at + 2], 16) for at in (1, 3, 5)]
    rows = []
    for part in (0.5, 1.0):
        data = Recorded(record(2))
        data["limiter"][:] = -part * picture.LIMIT_DB
        draw(tmp_path / "mix.png", Song("x", tmp_path, (), 30.0), data, report(2, 0))      # type: ignore[arg-type]
        column = np.asarray(Image.open(tmp_path / "mix.png").convert("RGB")).astype(int)[:, (LEFT + RIGHT) // 2]
        rows.append(np.flatnonzero(np.abs(column - ink).sum(1) < 12))
    assert abs(rows[0][0] - rows[1][0]) <= 1
    assert len(rows[1]) == pytest.approx(2 * len(rows[0]), abs=4)
    assert len(rows[1]) == pytest.approx(picture.LIMIT_H - 2, abs=3)
