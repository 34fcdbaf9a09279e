"""How a setting is said outside of the desk's memory: choices by name, switches as true and false, so that a longer list of choices relabels nothing.

Files of earlier versions have choices by number; these are read by the orders that those versions had.
"""

from __future__ import annotations

import re

from gigbox.desk.events import Setting
from gigbox.desk.paths import ADDRESSES, INDEX
from gigbox.params import SWITCH, Param

# The orders of those versions that wrote numbers. Never changed: what is appended to the table since was never written as a number.
ORDERS = {row: tuple(names.split()) for row, names in {
    "strip/*/role": "unused lead_vocal backing_vocal speech kick snare hihat_overhead tom drums bass electric_guitar acoustic_guitar keys synth"
                    " strings brass_sax playback ambience",
    "strip/*/hpf/slope": "12 24",
    "strip/*/eq/*/type": "bell low_shelf high_shelf",
    "strip/*/send/*/tap": "pre post",
    "strip/*/colour": "none red pink orange yellow green cyan blue purple white",
    "main/eq/*/type": "bell low_shelf high_shelf",
    "monitor/*/eq/*/type": "bell low_shelf high_shelf",
    "fx/*/type": "off reverb delay",
    "box/mode": "soundcheck show",
    "box/style": "pop rock country rap metal jazz worship singer_songwriter talk",
    "box/denoise": "off classic model",
    "box/lookahead": "0 128",
    "box/listen": "main monitor_1 monitor_2 monitor_3 monitor_4 monitor_5 monitor_6",
}.items()}
_NUMBER = re.compile(r"(?<=/)[0-9]+(?=/|$)")


def said(path: str, layer: str, value: Setting) -> Setting:
    """As clients and files have it."""
    param = _param(path, layer)
    if param is None or value is None or isinstance(value, str) or not param.choices:
        return value
    return bool(value) if param.choices == SWITCH else param.choices[int(value)]


def meant(path: str, layer: str, value: Setting) -> Setting:
    """Back again. A name that this version does not know stays a text; ValueError where no version can have said that."""
    param = _param(path, layer)
    if param is None or value is None:
        return value
    if not param.choices:
        return float(value)
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        order = ORDERS.get(_NUMBER.sub("*", path), param.choices)
        value = order[min(max(round(value), 0), len(order) - 1)]
    return float(param.choices.index(value)) if value in param.choices else value


def _param(path: str, layer: str) -> Param | None:
    """The numbered parameter that a setting is of; a lock or a text has none."""
    return ADDRESSES[INDEX[path]].param if layer != "lock" and path in INDEX else None
