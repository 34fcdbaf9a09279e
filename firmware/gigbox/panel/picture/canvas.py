"""What is drawn on: 64 rows of 128 pixels, lit or not."""

from __future__ import annotations

import functools

import numpy as np

from gigbox.panel.picture.letters import LARGE, NUMERAL, SMALL, Bits, fitted, text

WIDTH, HEIGHT = 128, 64


class Canvas:
    """`bits`: (64, 128), True is lit. What falls outside is not drawn; ink False takes light away, `flip` turns it over."""

    def __init__(self) -> None:
        self.bits: Bits = np.zeros((HEIGHT, WIDTH), bool)

    def fill(self, x: int, y: int, wide: int, high: int, ink: bool = True) -> None:
        self.bits[max(y, 0): max(y + high, 0), max(x, 0): max(x + wide, 0)] = ink

    def flip(self, x: int, y: int, wide: int, high: int) -> None:
        self.bits[max(y, 0): max(y + high, 0), max(x, 0): max(x + wide, 0)] ^= True

    def frame(self, x: int, y: int, wide: int, high: int, ink: bool = True) -> None:
        for piece in ((x, y, wide, 1), (x, y + high - 1, wide, 1), (x, y, 1, high), (x + wide - 1, y, 1, high)):
            self.fill(*piece, ink=ink)

    def dots(self, x: int, y: int, wide: int, high: int, every: int = 2) -> None:
        """A field of dots, for what is only said and not done."""
        top, left = max(y, 0), max(x, 0)
        self.bits[top: max(y + high, 0), left: max(x + wide, 0)] |= _field(every)[top: max(y + high, 0), left: max(x + wide, 0)]

    def put(self, bits: Bits, x: int, y: int, ink: bool = True) -> None:
        top, left = max(-y, 0), max(-x, 0)
        bits = bits[top: HEIGHT - y, left: WIDTH - x] if y < HEIGHT and x < WIDTH else bits[:0, :0]
        place = self.bits[max(y, 0): max(y, 0) + bits.shape[0], max(x, 0): max(x, 0) + bits.shape[1]]
        if ink:
            place |= bits
        else:
            place &= ~bits

    def write(self, words: str, x: int, y: int, face: int = SMALL, ink: bool = True, room: int = WIDTH, align: str = "left") -> int:
        """Words from `x` on, or ending there (`right`), or around it (`middle`); cut to `room`. How wide they are."""
        bits = text(fitted(words, room, face) if face != NUMERAL else words, face)
        wide = int(bits.shape[1])
        self.put(bits, x - {"left": 0, "right": wide, "middle": wide // 2}[align], y, ink)
        return wide

    def number(self, words: str, unit: str, middle: int, y: int) -> None:
        """The value that moves: numerals, the unit small behind them; words that are no number in large letters."""
        if not any(c.isdecimal() for c in words):
            self.write(words, middle, y + 4, LARGE, align="middle")
            return
        wide, behind = int(text(words, NUMERAL).shape[1]), int(text(unit, SMALL).shape[1])
        left = middle - (wide + (behind + 3 if unit else 0)) // 2
        self.write(words, left, y, NUMERAL)
        self.write(unit, left + wide + 3, y + NUMERAL - SMALL + 1)

    def packed(self) -> bytes:
        """1024 bytes: rows of 16 bytes from the top, the most significant bit leftmost."""
        return np.packbits(self.bits, axis=1).tobytes()


@functools.lru_cache
def _field(every: int) -> Bits:
    rows, columns = np.ogrid[:HEIGHT, :WIDTH]
    dotted: Bits = (rows + columns) % every == 0
    return dotted


def unpacked(frame: bytes) -> Bits:
    """The pixels of 1024 bytes."""
    return np.unpackbits(np.frombuffer(frame, np.uint8).reshape(HEIGHT, WIDTH // 8), axis=1).astype(bool)
