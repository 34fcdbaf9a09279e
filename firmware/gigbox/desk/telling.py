"""How the desk tells a parameter: `{"hand": -3.0, "auto": -1.2, "value": -4.2}`, switches as true and false, choices by name."""

from __future__ import annotations

from gigbox.desk.paths import ADDRESSES, INDEX, TEXTS
from gigbox.desk.state import Desk
from gigbox.params import SWITCH, Param


def tell(desk: Desk, path: str) -> dict[str, object]:
    """Both layers (null: never set), what is heard, and `"locked": true` only where a lock holds."""
    if path in TEXTS:
        text = desk.texts.get(path)
        return {"hand": text, "auto": None, "value": text or ""}
    address = ADDRESSES[INDEX[path]]
    hand, auto, value = (_said(address.param, layer[address.index]) for layer in (desk.hand, desk.auto, desk.values))
    told = {"hand": hand, "auto": auto, "value": value}
    return {**told, "locked": True} if desk.locked(path) else told


def _said(param: Param, value: float | None) -> object:
    if value is None or not param.choices:
        return value
    return bool(value) if param.choices == SWITCH else param.choices[int(value)]
