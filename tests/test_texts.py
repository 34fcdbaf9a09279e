"""Text is read as it was meant, whichever system wrote it, or told in one line."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

import pytest

from gigbox.texts import BIGGEST, decoded, printable, read_text

TEXT = 'title = "Grüße ☃ 𝄞"\n[[channel]]\nfile = "1.wav"\n'


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_of_any_system_is_the_same(tmp_path: Path, encoding: str, ends: str) -> None:
    (tmp_path / "a.toml").write_bytes(TEXT.replace("\n", ends).encode(encoding))
    assert read_text(tmp_path / "a.toml") == TEXT


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be")])
def test_big_endian_text_is_the_same(mark: bytes, encoding: str) -> None:
    assert decoded(mark + TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_is_text(mark: bytes) -> None:
    assert decoded(mark) == ""


@pytest.mark.parametrize(("content", "told"), [
    (b"title = 1\nname = 'Gr\xfc\xdfe'\n", "line 2 is not UTF-8, save it as UTF-8"),
    (codecs.BOM_UTF16_LE + b"a\0\n", "line 1 is not UTF-16-LE, save it as UTF-8"),
    ("one\ntwo".encode("utf-16-le"), "line 1 holds a byte of 0, save it as UTF-8"),
    (b"one\ntwo\0", "line 2 holds a byte of 0, save it as UTF-8"),
])
def test_what_is_no_text_is_told(content: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{told}$"):
        decoded(content)


def test_what_never_ends_is_told_before_the_memory_is_full(tmp_path: Path) -> None:
    for endless in (Path("/dev/zero"), tmp_path / "long"):
        if endless.name == "long":
            endless.write_bytes(b"x" * (BIGGEST + 1))
        with pytest.raises(ValueError, match=f"^more than {BIGGEST} bytes, expected a text that a person wrote$"):
            read_text(endless)


def test_a_name_stands_in_one_line_and_all_of_it_is_seen():
    seen = ("Zoë", "漢字", "مرحبا", "🎸 Ann", "a b", "-", "\U000a8901", "\ufffd")
    hidden = ("a\nb", "\x00", "\x7f", "\u00a0", "\u00ad", "a\u200b", "\u202eabc", "\u2028", "\ufeff", "\ud800", "Ann\U000e0041")
    assert [printable(name) for name in (*seen, *hidden)] == [True] * len(seen) + [False] * len(hidden)
    assert [hex(n) for n in range(sys.maxunicode + 1) if chr(n).isprintable() and not printable(chr(n))] == []
