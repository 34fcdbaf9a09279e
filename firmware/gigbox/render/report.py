"""What a render says of itself: levels before and after, every move with its reason, the mix, what it cost. See the folder's README."""

from __future__ import annotations

import csv
import json
import os
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from gigbox import __version__, params
from gigbox.brain.desk_view import role_of
from gigbox.desk.events import Event
from gigbox.engine.song import NAMED, Song, Track
from gigbox.loudness import integrated
from gigbox.rack import METER_FRAMES, RATE, Rack
from gigbox.recordings.folder import plain
from gigbox.render.session import TICK_S, Session

ONE_A_CHANNEL = ("dry", "strip", "level", "trim", "pan", "mute", "active")
ONE_A_TICK = ("limiter", "show")
TOLD_S = 30.0           # a sentence that is still being done is not told again
SAME_MOVE_S = 0.25      # steps of one parameter that follow each other this closely are one move


class Record:
    """One row for every 100 ms. Powers are K-weighted mean squares; gains are dB. An hour of 16 channels takes 40 MB."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._rows: dict[str, array[float]] = {name: array("d") for name in (*ONE_A_CHANNEL, "mix", *ONE_A_TICK)}

    def note(self, session: Session, dry: Rack) -> None:
        """Take this 100 ms off the meters."""
        rack, n = session.engine.rack, self._channels
        row: dict[str, Any] = {
            "dry": dry.view("strips.k_block")[:n], "strip": rack.view("strips.k_block")[:n],
            **{name: [session.value(f"strip/{i}/{name}") for i in range(1, n + 1)] for name in ("level", "trim", "pan", "mute")},
            "mix": rack.view("buses.k_block")[:2], "limiter": [20 * np.log10(max(float(rack.view("buses.limiter_gain")[0]), 1e-6))],
            "active": session.brain.automix.playing(n), "show": [session.mode == "show"],
        }
        for name, values in row.items():
            self._rows[name].extend(values)

    def __getitem__(self, name: str) -> Any:
        """(ticks, channels), or (ticks, sides) of the mix, or (ticks,)."""
        rows = np.array(self._rows[name])
        return rows if name in ONE_A_TICK else rows.reshape(-1, 2 if name == "mix" else self._channels)

    @property
    def out(self) -> Any:
        """K-weighted power of each strip behind its fader, (ticks, channels)."""
        level = self["level"]
        return self["strip"] * np.where(level <= params.OFF_DB, 0, 10 ** (level / 10))


def build_report(song: Song, session: Session, record: Record, mix: Path) -> dict[str, Any]:
    moves = list(joined_moves(session))
    energy = record["mix"].sum(axis=0)
    peak, seconds = _true_peak(mix), len(record["mix"]) * TICK_S
    return {
        "gigbox": __version__, "title": song.title, "seconds": round(soundfile.info(os.fsencode(mix)).duration, 3),
        "channels": [{
            "index": n, "file": plain(track.file.name), "name": track.name, **_role(session, n, track),
            "lufs_in": round(integrated(record["dry"][:, n - 1]), 2), "lufs_out": round(integrated(record.out[:, n - 1]), 2),
            "active_seconds": round(float(record["active"][:, n - 1].sum() * TICK_S), 1),
            "moves": [m for m in moves if m["path"].startswith(f"strip/{n}/")],
        } for n, track in enumerate(song.tracks, 1)],
        "told": list(told(session)),
        "mix": {
            "integrated_lufs": round(integrated(record["mix"].sum(axis=1)), 2), "true_peak_dbtp": round(peak, 2),
            "limiter_gr_p99_db": round(float(-np.percentile(record["limiter"], 1)), 2),
            "stereo_imbalance": round(float((energy[1] - energy[0]) / max(energy.sum(), 1e-12)), 4),
        },
        "latency_frames": {"main": session.engine.latency_main, "monitor": session.engine.latency_monitor},
        "cpu": {f"{who}_s_per_s": round(cpu / seconds, 5) for who, cpu in session.cpu.items()},
    }


def _role(session: Session, n: int, track: Track) -> dict[str, Any]:
    """What it was mixed as, who said so, and how sure that is: 1 where somebody said it, None where nobody knows."""
    role = role_of(session, n)
    if track.said:
        return {"role": role, "role_source": track.role_source, "confidence": 1.0}
    if n in session.brain.named:
        return {"role": role, "role_source": NAMED, "confidence": 1.0}
    verdicts = session.brain.verdicts
    sure = verdicts[n - 1].confidence if role != "unused" and n <= len(verdicts) else None
    return {"role": role, "role_source": "none" if role == "unused" else "heard", "confidence": None if sure is None else round(sure, 2)}


def write_report(path: Path, report: dict[str, Any]) -> None:
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


def write_automation(path: Path, session: Session) -> None:
    """One row for each change: seconds, whose, path, layer, the layer's value, what is heard of it (hand + depth * auto), why."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["t", "by", "path", "layer", "layer_value", "value", "why"])
        for event, value in _heard(session):
            layer_value = f"{event.new:.4f}" if isinstance(event.new, (int, float)) else event.new
            heard = value if isinstance(value, str) else f"{value:.4f}"
            table.writerow([f"{event.time:.3f}", event.by, event.path, event.layer, layer_value, heard, event.why])


def _heard(session: Session) -> Iterator[tuple[Event, float | str]]:
    """Every event with the value that is heard from then on."""
    layers: dict[str, dict[str, float | None]] = {}
    depth = params.find("box/depth").default / 100
    for event in session.events:
        if params.find_text(event.path) is not None:
            yield event, str(event.new)
            continue
        address = params.find(event.path)
        layer = layers.setdefault(event.path, {"hand": None, "auto": None})
        layer[event.layer] = None if event.new is None else float(event.new)
        if event.path == "box/depth":
            depth = float(event.new or 0) / 100
        yield event, address.param.effective(layer["hand"], layer["auto"], depth, address.default)


def joined_moves(session: Session) -> Iterator[dict[str, Any]]:
    """The brain's steps joined into moves: when it began, from where to where, and the last reason given."""
    under_way: dict[str, dict[str, Any]] = {}
    ended: list[dict[str, Any]] = []
    for event, value in _heard(session):
        if event.layer != "auto" or isinstance(value, str):
            continue
        move = under_way.get(event.path)
        if move is None or event.time - move["end"] > SAME_MOVE_S:
            before = move["to"] if move else params.find(event.path).default
            move = under_way[event.path] = {"t": round(event.time, 3), "path": event.path, "from": round(before, 2)}
            ended.append(move)
        move |= {"end": event.time, "to": round(value, 2), "why": event.why}
    return ({k: v for k, v in move.items() if k != "end"} for move in ended)


def told(session: Session) -> Iterator[dict[str, Any]]:
    """What a person is told of the moves: all that is done for one reason is one, whatever and however long it moves."""
    said: dict[str, dict[str, Any]] = {}
    every: list[dict[str, Any]] = []
    for event, _ in _heard(session):
        if event.layer != "auto":
            continue
        before = said.get(event.why)
        if before is None or event.time - before["end"] > TOLD_S:
            before = said[event.why] = {"t": round(event.time, 3), "why": event.why}
            every.append(before)
        before["end"] = round(event.time, 3)
    return iter(every)


def _true_peak(mix: Path) -> float:
    """dBTP of a file, eight times oversampled: twice what ITU-R BS.1770-4 annex 2 asks for, flat to 21.9 kHz."""
    with soundfile.SoundFile(os.fsencode(mix)) as sound:
        over = soxr.ResampleStream(RATE, 8 * RATE, sound.channels, dtype="float32")
        peak = 1e-6
        for block in sound.blocks(METER_FRAMES * 10, dtype="float32", always_2d=True):
            peak = max(peak, float(np.abs(block).max(initial=0)), float(np.abs(over.resample_chunk(block)).max(initial=0)))
        tail = over.resample_chunk(np.zeros((0, sound.channels), np.float32), last=True)
    return float(20 * np.log10(max(peak, float(np.abs(tail).max(initial=0)))))
