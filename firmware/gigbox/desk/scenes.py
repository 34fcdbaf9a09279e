"""Saved states of the desk, one JSON file each: both layers and the texts. Everything in a file, also one that is brought, is checked before it is used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from gigbox.desk import paths, plain_json, scene_text
from gigbox.desk.choices import meant, said
from gigbox.desk.events import Setting
from gigbox.desk.fences import auto_range, auto_value, hand_value
from gigbox.errors import GigboxError, SceneError
from gigbox.files import as_text, on_disk, sync_to_disk, write_whole
from gigbox.texts import decoded, printable

FORMATS = (1, 2)              # 1 has choices by number
LONGEST = 48
BIGGEST = 1_000_000           # bytes; a scene that says every parameter has some 200 000


class Scenes:
    """The scenes in a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, name: str, state: Mapping[str, Mapping[str, Any]], now: float) -> None:
        """Writes `Desk.scene()` under a name; a scene of that name is replaced."""
        path = self._path(name)
        content = json.dumps({"format": FORMATS[-1], "name": name, "saved": now, **state}, ensure_ascii=False, indent=0).encode()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, content)
        except OSError as e:
            raise SceneError(f"scene '{name}': not saved: {e.strerror}") from None

    def load(self, name: str) -> dict[str, dict[str, Any]]:
        """hand, auto and texts by path, all of them within the table; choices by name."""
        return _layers(name, self._scene(name))

    def exported(self, name: str) -> str:
        """As a text that a person can read."""
        scene = self._scene(name)
        saved = scene.get("saved", 0)
        return scene_text.to_text(name, _layers(name, scene), saved if isinstance(saved, (int, float)) and 0 <= saved < 1e11 else 0)

    def take(self, name: str, text: str, now: float) -> None:
        """Saves what such a text says under a name, if all of it is within the table."""
        self._path(name)
        self.save(name, _layers(name, scene_text.from_text(name, text)), now)

    def _scene(self, name: str) -> dict[str, Any]:
        content = self._read(name)
        try:
            scene = plain_json.read(decoded(content).encode())
        except ValueError:
            raise SceneError(f"scene '{name}': broken, expected a whole JSON file") from None
        if not isinstance(scene, dict) or scene.get("format") not in FORMATS:
            found = scene.get("format") if isinstance(scene, dict) else None
            raise SceneError(f"scene '{name}': format {found!r:.20}, expected {FORMATS[0]} to {FORMATS[-1]}")
        return scene

    def delete(self, name: str) -> None:
        try:
            self._path(name).unlink()
            sync_to_disk(self.folder)
        except FileNotFoundError:
            raise SceneError(f"scene '{name}': no such scene") from None
        except OSError as e:
            raise SceneError(f"scene '{name}': not deleted: {e.strerror}") from None

    def names(self) -> list[str]:
        """Of all that can be asked for."""
        return sorted(name for path in self.folder.glob("*.json") if _fault(name := as_text(path.stem)) is None)

    def _path(self, name: str) -> Path:
        """Where it is, however its letters and their accents are put together: a phone and a Mac do that each in their own way."""
        if fault := _fault(name):
            raise SceneError(fault)
        path, meant = self.folder / on_disk(f"{name}.json"), normalize("NFC", name)
        if path.exists():
            return path
        alike = (other for other in self.folder.glob("*.json") if normalize("NFC", as_text(other.stem)) == meant)
        return next(alike, self.folder / on_disk(f"{meant}.json"))

    def _read(self, name: str) -> bytes:
        path = self._path(name)
        try:
            if path.stat().st_size > BIGGEST:
                raise SceneError(f"scene '{name}': {path.stat().st_size} bytes, expected {BIGGEST} at most")
            return path.read_bytes()
        except FileNotFoundError:
            raise SceneError(f"scene '{name}': no such scene") from None
        except OSError as e:
            raise SceneError(f"scene '{name}': not readable: {e.strerror}") from None


def _layers(name: str, scene: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    try:
        return {layer: _checked(layer, scene.get(layer)) for layer in ("hand", "auto", "texts")}
    except GigboxError as e:
        raise SceneError(f"scene '{name}': {e}") from None


def _checked(layer: str, values: object) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise SceneError(f"'{layer}' is missing")
    for path in values:
        if (paths.known(path) in paths.TEXTS) != (layer == "texts"):
            raise SceneError(f"{path}: has no place in '{layer}'")
    return {path: said(path, layer, _within(path, layer, value)) for path, value in values.items()}


def _within(path: str, layer: str, value: object) -> Setting:
    """The checked value; a number that stands for a choice is of an older version's order."""
    checked = _auto(path, value) if layer == "auto" else hand_value(path, value)
    return checked if isinstance(value, (str, bool)) else meant(path, layer, checked)


def _auto(path: str, value: object) -> float | None:
    """Of a file, what lies beyond a fence is an error: it was not this desk that wrote it."""
    number = auto_value(path, value)
    if isinstance(value, (int, float)) and number != value:
        low, high = auto_range(paths.ADDRESSES[paths.INDEX[path]].param)
        raise SceneError(f"{path}: auto {value:g} is not in {low:g}..{high:g}")
    return number


def _fault(name: str) -> str | None:
    """Why no scene can have this name."""
    if not name or len(name) > LONGEST or name != name.strip():
        return f"scene {name[:LONGEST]!r}: a name has 1 to {LONGEST} characters, none of them a blank at an end"
    if not printable(name) or name.startswith(".") or "/" in name or "\\" in name:
        return f"scene {name!r}: a name has no slash, no control character and no dot in front"
    return None
