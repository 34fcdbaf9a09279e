"""A layer of the card: one purpose, the packages that it needs, files that are laid over the root, and what is done in it afterwards."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

LAYERS = Path(__file__).resolve().parent / "layers"
KERNELS = ("debian", "raspberry")
PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
KEYS = {"name", "version", "purpose", "packages"}


class LayerError(Exception):
    """What is wrong with a layer, as one line."""


@dataclass(frozen=True)
class Layer:
    name: str
    version: str
    purpose: str
    packages: tuple[str, ...]
    folder: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """What is laid over the root, relative to it, sorted."""
        root = self.folder / "files"
        return tuple(sorted(p.relative_to(root) for p in root.rglob("*") if not p.is_dir()))

    @property
    def setup(self) -> Path | None:
        """A shell script that runs in the root, after the files of all layers are there."""
        script = self.folder / "setup.sh"
        return script if script.exists() else None


def read(folder: Path) -> Layer:
    """LayerError where its layer.toml is none."""
    path = folder / "layer.toml"
    try:
        told = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise LayerError(f"{path}: {e}, expected {', '.join(sorted(KEYS))}") from None
    if set(told) != KEYS:
        raise LayerError(f"{path}: {', '.join(sorted(set(told) ^ KEYS))}, expected {', '.join(sorted(KEYS))}")
    bad = [name for name in told["packages"] if not PACKAGE.fullmatch(name)]
    if bad:
        raise LayerError(f"{path}: '{bad[0]}' is no name of a package")
    return Layer(told["name"], told["version"], told["purpose"], tuple(told["packages"]), folder)


def layers(kernel: str, folder: Path = LAYERS) -> tuple[Layer, ...]:
    """All layers with that kernel, in the order of their folders' numbers; each file is laid by one of them alone."""
    others = {f"kernel-{each}" for each in KERNELS if each != kernel}
    found = tuple(layer for layer in map(read, sorted(p for p in folder.iterdir() if p.is_dir())) if layer.name not in others)
    owner: dict[Path, str] = {}
    for layer in found:
        for file in layer.files:
            if file in owner:
                raise LayerError(f"/{file}: laid by {owner[file]} and by {layer.name}, expected one of them")
            owner[file] = layer.name
    return found


def lay(layer: Layer, root: Path) -> None:
    """Its files into `root`, owned by root, as readable as they are here; what lies there already is replaced."""
    for file in layer.files:
        source, goal = layer.folder / "files" / file, root / file
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.unlink(missing_ok=True)
        goal.write_bytes(source.read_bytes())
        goal.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
