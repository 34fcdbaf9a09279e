"""What is written from THE table is what gigbox.params writes, and no index ever moves."""

from __future__ import annotations

from pathlib import Path

from gigbox import params
from gigbox.params import TABLE

ROOT = Path(__file__).resolve().parents[2]
# First indices as they were when first released: rows may only be appended behind the last.
RELEASED = {"strip/*/role": 0, "strip/*/input/gain": 32, "strip/*/trim": 96, "strip/*/mute": 224, "strip/*/hpf/on": 288, "strip/*/denoise/amount": 512,
            "box/depth": 2895, "box/lookahead": 2900, "box/duck/threshold": 2902, "box/share/depth": 2908}


def test_the_c_header_is_what_the_table_says() -> None:
    assert (ROOT / "native/src/params.h").read_text() == params.c_header()


def test_the_page_has_the_same_table() -> None:
    assert (ROOT / "webui/src/params.ts").read_text() == params.typescript()


def test_rows_keep_their_index() -> None:
    assert {path: params.FIRST[path] for path in RELEASED} == RELEASED


def test_appending_a_row_moves_nothing() -> None:
    ends = [params.FIRST[p.path] + p.size for p in TABLE]
    assert ends == [*(params.FIRST[p.path] for p in TABLE[1:]), params.VALUES]
