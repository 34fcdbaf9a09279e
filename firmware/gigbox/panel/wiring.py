"""The drawing of the wiring, made from the pins, so that it cannot lie: `python -m gigbox.panel.wiring [--table] [PINS.toml] > docs/wiring.svg`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from gigbox.errors import PanelError
from gigbox.panel.pins import Board, load, parts, reference
from gigbox.streams import say

# The 40 pins of a Pi's header, by GPIO number; and those that chips on buses need.
HEADER = {2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21, 25: 22, 11: 23, 8: 24, 7: 26,
          0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40}
GROUND, THREE_VOLTS = 6, 1
SDA, SCL = {1: 2}, {1: 3}
MOSI, MISO, SCLK, SELECT = 10, 9, 11, (8, 7)
EXPANDER_PIN = {**{f"B{n}": 1 + n for n in range(8)}, **{f"A{n}": 21 + n for n in range(8)}}      # of an MCP23017 in DIP-28
CONVERTER_PIN = {"VDD": 16, "VREF": 15, "AGND": 14, "CLK": 13, "DOUT": 12, "DIN": 11, "CS": 10, "DGND": 9}    # of an MCP3008 in DIP-16; CH0 to CH7 are 1 to 8

ROW, WIDE, LEFT = 15, 250, 30
COLOURS = {"I2C": "#1f6feb", "SPI": "#b35900", "3.3 V": "#c0222c", "ground": "#444", "line": "#1a7f37"}
STYLE = ("text{font:11px system-ui,sans-serif;fill:#1f2328}.h{font-weight:600;font-size:13px}.s{fill:#59636e}"
         "rect{fill:#f6f8fa;stroke:#8c959f;rx:6}path{fill:none;stroke-width:1.6}")


@dataclass(frozen=True)
class Wire:
    """From a pin of a part to a pin of another; `kind` is one of COLOURS."""

    part: str
    pin: str
    to: str
    to_pin: str
    kind: str


def wires(board: Board) -> list[Wire]:
    """Every wire, the Pi's header and expanders at one end."""
    found = [*_display(board), *_pots(board), *_expanders(board), *_inputs(board), *_lights(board)]
    return sorted(found, key=lambda w: (w.part in ("lights", "encoder 1", "encoder 2"), w.part == "pots"))


def _pi(gpio: int) -> tuple[str, str]:
    return "Raspberry Pi", f"pin {HEADER[gpio]} (GPIO{gpio})"


def _end(board: Board, line: str) -> tuple[str, str]:
    owner, place = parts(line)
    if owner == "gpio":
        return _pi(int(place))
    return f"expander {owner}", f"pin {EXPANDER_PIN[place]} (GP{place})"


def _power(part: str, supply: str = "VCC", ground: str = "GND") -> Iterator[Wire]:
    yield Wire(part, supply, "Raspberry Pi", f"pin {THREE_VOLTS} (3.3 V)", "3.3 V")
    yield Wire(part, ground, "Raspberry Pi", f"pin {GROUND} (ground)", "ground")


def _display(board: Board) -> Iterator[Wire]:
    if (display := board.display) is None:
        return
    part = f"display {display.chip.upper()}"
    yield from _power(part)
    if display.bus == "i2c":
        yield Wire(part, "SDA", *_pi(SDA[1]), "I2C")
        yield Wire(part, "SCL", *_pi(SCL[1]), "I2C")
        return
    for pin, gpio in (("MOSI", MOSI), ("SCK", SCLK), ("CS", SELECT[display.select])):
        yield Wire(part, pin, *_pi(gpio), "SPI")
    for pin, line in (("DC", display.dc), ("RES", display.reset)):
        if line:
            yield Wire(part, pin, *_end(board, line), "line")


def _pots(board: Board) -> Iterator[Wire]:
    if (pots := board.pots) is None:
        return
    part = f"converter {pots.chip.upper()}"
    for pin in ("VDD", "VREF"):
        yield Wire(part, f"pin {CONVERTER_PIN[pin]} ({pin})", "Raspberry Pi", f"pin {THREE_VOLTS} (3.3 V)", "3.3 V")
    for pin in ("AGND", "DGND"):
        yield Wire(part, f"pin {CONVERTER_PIN[pin]} ({pin})", "Raspberry Pi", f"pin {GROUND} (ground)", "ground")
    for pin, gpio in (("CLK", SCLK), ("DOUT", MISO), ("DIN", MOSI), ("CS", SELECT[pots.select])):
        yield Wire(part, f"pin {CONVERTER_PIN[pin]} ({pin})", *_pi(gpio), "SPI")
    for n, channel in enumerate(pots.inputs, 1):
        yield Wire("pots", f"pot {n}, wiper", part, f"pin {channel + 1} (CH{channel})", "line")


def _expanders(board: Board) -> Iterator[Wire]:
    for name, expander in board.expanders.items():
        part = f"expander {name}"
        yield from _power(part, "pin 9 (VDD)", "pin 10 (VSS)")
        yield Wire(part, "pin 18 (RESET)", "Raspberry Pi", f"pin {THREE_VOLTS} (3.3 V)", "3.3 V")
        yield Wire(part, "pin 13 (SDA)", *_pi(SDA[1]), "I2C")
        yield Wire(part, "pin 12 (SCL)", *_pi(SCL[1]), "I2C")
        for n in range(3):
            high = (expander.address - 0x20) >> n & 1
            place, kind = (f"pin {THREE_VOLTS} (3.3 V)", "3.3 V") if high else (f"pin {GROUND} (ground)", "ground")
            yield Wire(part, f"pin {15 + n} (A{n})", "Raspberry Pi", place, kind)
        if expander.interrupt:
            yield Wire(part, "pin 20 (INTA)", *_end(board, expander.interrupt), "line")


def _inputs(board: Board) -> Iterator[Wire]:
    for what, line in board.inputs().items():
        part, _, pin = what.partition("/")
        yield Wire(part.replace("_", " ") if pin else "buttons", {"push": "switch", "": part.upper()}.get(pin, pin), *_end(board, line), "line")


def _lights(board: Board) -> Iterator[Wire]:
    for what, line in board.outputs().items():
        yield Wire("lights", f"{what.replace('_', ' ')}, long leg", *_end(board, line), "line")


def table(board: Board) -> str:
    """The wires as a table of Markdown, part by part."""
    rows = [f"| {w.part} | {w.pin} | {w.to} | {w.to_pin} |" for w in wires(board)]
    return "\n".join(["| part | its pin | goes to | there |", "|---|---|---|---|", *rows])


def drawing(board: Board) -> str:
    """The wires as SVG: parts left, what they go to right, each of its kind's colour."""
    all_wires = wires(board)
    goals = {name: sorted({w.to_pin for w in all_wires if w.to == name}, key=_number) for name in dict.fromkeys(w.to for w in all_wires)}
    sources: dict[str, list[str]] = {}
    for w in all_wires:
        sources.setdefault(w.part, []).append(w.pin)
    left, at_left, low = _column(sources, LEFT, 50)
    right, at_right, low_right = _column(goals, 760, 50, right=True)
    paths = []
    for n, w in enumerate(all_wires):
        y1, y2 = at_left[w.part, w.pin], at_right[w.to, w.to_pin]
        x1, x2 = LEFT + WIDE, 760
        bend = x1 + 40 + (n * 13) % (x2 - x1 - 80)
        paths.append(f'<path stroke="{COLOURS[w.kind]}" d="M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"/>')
    legend = "".join(f'<path stroke="{colour}" d="M{LEFT + 110 * n} 26h24"/><text x="{LEFT + 110 * n + 30}" y="30">{kind}</text>'
                     for n, (kind, colour) in enumerate(COLOURS.items()))
    high = max(low, low_right) + 20
    notes = "To ground: the middle pin of encoders, the other side of switches and buttons, lights through 1 kilohm. Ends of pots: left ground, right 3.3 V."
    box = f'viewBox="0 0 {760 + WIDE + LEFT} {high + 24}" role="img" aria-label="wiring of the panel"'
    return (f'<svg xmlns="http://www.w3.org/2000/svg" {box}><style>{STYLE}</style>'
            f'<rect x="0" y="0" width="100%" height="100%" style="fill:#fff;stroke:none"/>{legend}{"".join(paths)}{left}{right}'
            f'<text class="s" x="{LEFT}" y="{high + 10}">{notes}</text></svg>\n')


def _column(blocks: dict[str, list[str]], x: int, y: int, right: bool = False) -> tuple[str, dict[tuple[str, str], int], int]:
    """The parts below each other, where each of their pins is, and how far down they go."""
    drawn, at = [], {}
    for name, pins in blocks.items():
        high = ROW * (len(pins) + 1) + 10
        drawn.append(f'<rect x="{x}" y="{y}" width="{WIDE}" height="{high}"/><text class="h" x="{x + 10}" y="{y + 16}">{escape(name)}</text>')
        for n, pin in enumerate(pins):
            at[name, pin] = middle = y + ROW * (n + 2) - 2
            place, anchor = (x + 10, "start") if right else (x + WIDE - 10, "end")
            drawn.append(f'<text x="{place}" y="{middle + 4}" text-anchor="{anchor}">{escape(pin)}</text>')
        y += high + 8
    return "".join(drawn), at, y


def _number(pin: str) -> int:
    return int("".join(c for c in pin.split("(")[0] if c.isdecimal()) or 0)


def main(words: Sequence[str]) -> int:
    """`[--table] [FILE]`: the drawing, or the table, of a file of pins or of the reference build."""
    named = [word for word in words if word != "--table"]
    try:
        board = load(Path(named[0])) if named else reference()
    except PanelError as e:
        for line in str(e).splitlines():
            say(line)
        return e.exit_code
    sys.stdout.write(table(board) + "\n" if "--table" in words else drawing(board))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
