"""A hand on the box's desk, by its shell."""

from __future__ import annotations

from image.machine import Machine

HAND = "from gigbox.desk.client import Client; from gigbox import places\nwith Client(places.socket_path(), by='checks') as d: d.get('box/*'); "


def set_to(box: Machine, path: str, value: object) -> None:
    box.says("python3", "-c", f"{HAND}d.set({{{path!r}: {value!r}}})")
