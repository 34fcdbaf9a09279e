"""What the brain knows of the desk: both layers, what is heard, and texts, by path. The live program and a render each have their own."""

from __future__ import annotations

from typing import Protocol

from gigbox import params


class View(Protocol):
    """Paths are of single parameters."""

    def hand(self, path: str) -> float | None: ...
    def auto(self, path: str) -> float | None: ...
    def value(self, path: str) -> float: ...
    def text(self, path: str) -> str: ...


class Layers(Protocol):
    """A parameter as the desk tells it: hand and auto (None: never set) and what is heard; choices by name."""

    @property
    def hand(self) -> float | str | bool | None: ...
    @property
    def auto(self) -> float | str | bool | None: ...
    @property
    def value(self) -> float | str | bool | None: ...


def choice(view: View, path: str) -> str:
    """The name of what is chosen."""
    return params.find(path).param.text(view.value(path))


def role_of(view: View, strip: int) -> str:
    """What the strip carries: as a hand says, else as the box heard. Whatever the depth: a mix that is turned down goes on being made."""
    path = f"strip/{strip}/role"
    index = view.hand(path)
    index = view.auto(path) if index is None else index
    return params.ROLES[int(index or 0)]
