"""What may be asked for: a hand's values by the table, a box's values also by the fences of auto."""

from __future__ import annotations

import math

from gigbox import params
from gigbox.desk.events import Setting
from gigbox.desk.paths import ADDRESSES, INDEX, TEXTS
from gigbox.errors import FenceError, ParamError
from gigbox.texts import printable

# What auto may add, by row: never more than +6 dB to a level; trim as far as soundcheck may set it.
MOST = {"strip/*/level": (-math.inf, 6.0), "main/level": (-math.inf, 6.0), "monitor/*/level": (-math.inf, 6.0), "strip/*/trim": (-18.0, 18.0)}


def hand_value(path: str, value: object) -> Setting:
    """A hand's value as it is kept: a float within the range, or a text; ParamError says what was wrong."""
    if path in TEXTS:
        return _text(path, value)
    param = ADDRESSES[INDEX[path]].param
    return param.check(_number(path, param, value), path) + 0.0       # -0.0 is 0.0


def auto_value(path: str, value: object) -> float | None:
    """The box's value: held within range and fence. FenceError where only hands may set; None has no opinion."""
    param = None if path in TEXTS else ADDRESSES[INDEX[path]].param
    if param is None or param.blend == "hand":
        raise FenceError(f"{path}: auto may not move it, expected a hand")
    if value is None:
        return None
    if isinstance(value, str) or param.choices:
        return param.check(_number(path, param, value), path)
    number = _number(path, param, value)
    if not isinstance(number, (int, float)) or not math.isfinite(number):
        raise ParamError(f"{path}: {_short(value)} is not a number")
    low, high = auto_range(param)
    within = float(min(max(number, low), high))
    return param.check(within, path) if param.taper == "step" else within


def auto_range(param: params.Param) -> tuple[float, float]:
    """Between which values auto lies: an offset where it adds, otherwise the parameter's own range."""
    if param.blend != "add":
        return param.low, param.high
    low, high = MOST.get(param.path, (-math.inf, math.inf))
    return max(low, param.low - param.high), min(high, param.high - param.low)


def held(path: str, layer: str, value: float) -> float:
    """A value of an older table within what this one allows."""
    param = ADDRESSES[INDEX[path]].param
    low, high = auto_range(param) if layer == "auto" else (param.low, param.high)
    return min(max(float(value), low), high)


def _number(path: str, param: params.Param, value: object) -> object:
    """Only what float() takes, and true and false only for switches; the rest is told apart by Param.check."""
    if isinstance(value, bool) and param.choices != params.SWITCH:
        raise ParamError(f"{path}: {str(value).lower()} is not a number")
    if (isinstance(value, int) and abs(value) > 1e9) or (isinstance(value, (str, list, dict)) and len(str(value)) > 60):
        raise ParamError(f"{path}: {_short(value)} is out of all bounds")
    return value


def _text(path: str, value: object) -> str | None:
    longest = TEXTS[path].longest
    if not isinstance(value, str):
        raise ParamError(f"{path}: {_short(value)} is not a text")
    if len(value) > longest or not printable(value):
        raise ParamError(f"{path}: '{_short(value)}' is too long or not printable, expected {longest} characters at most")
    return value or None


def _short(value: object) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 1e9 else f"{'-' if value < 0 else ''}more than 1000000000"
    return text if len(text) <= 30 else text[:30] + "..."
