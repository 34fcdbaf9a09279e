"""The drawing of the wiring cannot lie: it is what the pins say, and the documents hold it as it is."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from gigbox.panel.pins import read, reference
from gigbox.panel.wiring import HEADER, drawing, main, table, wires

DOCS = Path(__file__).parents[2] / "docs"


def test_the_documents_show_the_wiring_of_the_pins() -> None:
    assert (DOCS / "wiring.svg").read_text() == drawing(reference())
    assert table(reference()) in (DOCS / "build.md").read_text()


def test_every_line_of_the_pins_is_drawn_once() -> None:
    board = reference()
    lines = [w for w in wires(board) if w.kind == "line"]
    assert len(lines) == len(board.inputs()) + len(board.outputs()) + len(board.expanders) + 8      # and the wipers
    assert len({(w.to, w.to_pin) for w in lines}) == len(lines)


def test_a_drawing_is_a_picture_with_a_path_a_wire() -> None:
    tree = ElementTree.fromstring(drawing(reference()))
    paths = tree.findall("{http://www.w3.org/2000/svg}path")
    assert len(paths) == len(wires(reference())) + 5       # and the legend


def test_a_panel_on_spi_is_drawn_on_spi() -> None:
    board = read("[display]\nbus = 'spi'\ndc = 'gpio6'\nreset = 'gpio12'\nselect = 1", "x.toml")
    assert {(w.pin, w.to_pin) for w in wires(board)} >= {("DC", "pin 31 (GPIO6)"), ("RES", "pin 32 (GPIO12)"), ("CS", "pin 26 (GPIO7)")}


@pytest.mark.parametrize(("content", "error"), [(None, "No such file or directory"), (b"\xff", "is not UTF-8"), (b"[encoders", "expected")])
def test_a_file_that_cannot_be_drawn_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, error: str) -> None:
    file = tmp_path / "panel.toml"
    if content is not None:
        file.write_bytes(content)
    assert main([str(file)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err.startswith("gigbox: ")) == ("", 1, True)
    assert error in err


def test_the_header_has_every_gpio_once() -> None:
    assert sorted(HEADER) == list(range(28))
    assert len(set(HEADER.values())) == 28
    assert not {1, 2, 4, 6, 9, 14, 17, 20, 25, 30, 34, 39} & set(HEADER.values())       # supply and ground
