"""A hotspot that a phone can join, a file that is the box's own, and one line for what cannot be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gigbox.errors import GigboxError
from gigbox.network.settings import FILE, KEY_LENGTH, LETTERS, Settings, at_start, load, save

HERE = Settings("gigbox-1a2b", "abcdefgh23")


def test_a_fresh_box_makes_its_own_and_keeps_it(tmp_path: Path) -> None:
    first = load(tmp_path, "10000000abcd1234")
    assert first.name == "gigbox-1234"
    assert len(first.key) == KEY_LENGTH
    assert set(first.key) <= set(LETTERS)
    assert load(tmp_path) == first
    assert load(tmp_path / "other", "10000000abcd1234").key != first.key


def test_a_broken_file_is_told_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(GigboxError, match=r"network.json: JSONDecodeError: .*expected name and key"):
        load(tmp_path)
    assert (tmp_path / FILE).read_text() == "{"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": "Band"}', b'{"name": "Band", "key": "geheim123", "join": 3}', b"\xff\xfe", b"\0" * 4096,
                                     b'{"name": "Band", "key": "short"}', b'{"name": "", "key": "geheim123"}'])
def test_a_box_that_starts_with_a_broken_file_opens_a_hotspot_all_the_same(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    said: list[str] = []
    found = at_start(tmp_path, "10000000abcd1234", said.append)
    assert (found.name, len(found.key)) == ("gigbox-1234", KEY_LENGTH)
    assert load(tmp_path) == found
    assert (tmp_path / f"{FILE}.broken").read_bytes() == content
    assert said == [f"{tmp_path / FILE}: cannot be used, set aside as {FILE}.broken; name and key of the hotspot are new ones"]
    assert at_start(tmp_path, "", said.append) == found
    assert len(said) == 1


def test_what_was_told_is_kept(tmp_path: Path) -> None:
    save(tmp_path, HERE.with_country("de").joining("Café", "geheim123").with_hotspot("Band", None))
    assert load(tmp_path) == Settings("Band", "abcdefgh23", "DE", {"Café": "geheim123"})
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600         # passwords are in it
    assert json.loads((tmp_path / FILE).read_text())["country"] == "DE"


@pytest.mark.parametrize(("change", "told"), [
    (lambda s: s.with_hotspot("", None), "--name: '' is 0 bytes"), (lambda s: s.with_hotspot("ü" * 17, None), "is 34 bytes, expected 1 to 32"),
    (lambda s: s.with_hotspot("a\nb", None), "that can be read"), (lambda s: s.with_hotspot(None, "short"), "--key: 5 letters, expected 8 to 63"),
    (lambda s: s.with_hotspot(None, "schlüssel1"), "of ASCII"), (lambda s: s.with_country("Germany"), "expected two letters such as DE"),
    (lambda s: s.forgetting("x"), "--forget: 'x' is not known, expected one of none"), (lambda s: s.joining("x", "short"), "password of x: 5 letters"),
    (lambda s: s.joining("", "geheim123"), "--join: '' is 0 bytes"), (lambda s: s.with_country("ß"), "expected two letters such as DE"),
    (lambda s: s.with_hotspot("\udce9", None), "--name: '\\udce9' is 1 bytes"),
])
def test_what_no_phone_could_use_is_one_line(change, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GigboxError, match=re.escape(told)):
        change(HERE)


def test_a_code_keeps_its_own_signs_apart() -> None:
    assert HERE.wifi_code() == "WIFI:T:WPA;S:gigbox-1a2b;P:abcdefgh23;;"
    assert Settings('a;b:"c', "x\\y,z:12").wifi_code() == r'WIFI:T:WPA;S:a\;b\:\"c;P:x\\y\,z\:12;;'
