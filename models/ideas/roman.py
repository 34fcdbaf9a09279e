"""Roman numerals, as free-midi-chords writes them, as (degree 0..11 above the tonic, minor)."""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMERALS = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
NATURAL_MINOR = {"iii": 3, "vi": 8, "vii": 10}        # where a minor key writes them without a flat
NUMERAL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)")


def read(symbols: Sequence[str], minor: bool = False) -> list[tuple[int, bool]]:
    """Empty where one of them is not understood. `minor`: written against the natural minor scale."""
    degrees = NUMERALS | (NATURAL_MINOR if minor else {})
    found = []
    for symbol in symbols:
        if not (match := NUMERAL.fullmatch(symbol)):
            return []
        accidental, numeral, _ = match.groups()
        found.append(((degrees[numeral.lower()] + {"b": -1, "#": 1, "": 0}[accidental]) % 12, numeral.islower()))
    return found
