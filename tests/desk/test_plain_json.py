"""JSON read strictly: what Python passes or stumbles over is one line."""

from __future__ import annotations

import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigbox.desk.plain_json import DEEPEST, read, write


@pytest.mark.parametrize(("content", "error"), [
    (b"{", "not JSON"), (b"", "not JSON"), (b"\xff", "not UTF-8"), ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
    (b"[" * 900 + b"]" * 900, "nested deeper than 32"), (b'{"a":' * 900 + b"1" + b"}" * 900, "nested deeper than 32"),
    (b"[" * 100_000, "nested deeper than 32"), (b"[{" * 17, "nested deeper than 32"),
    (b"NaN", "NaN is not a number"), (b"[-Infinity]", "-Infinity is not a number"), (b"1e999", "1e999 is out of all bounds"),
    (b"9" * 5000, "99999999999999999999... is out of all bounds"), (b'{"a": 1, "a": 2}', "'a' is there twice"),
    (b'{"x": {"b": 1, "c": 1, "b": 1}}', "'b' is there twice"),
    (b'"\\u0000"', "a text with NUL or half of a surrogate pair in it"), (b'{"\\ud800": 1}', "a text with NUL or half of a surrogate pair in it"),
    (b'["\\udfff"]', "a text with NUL or half of a surrogate pair in it"), (b'"\x00"', "not JSON"),
])
def test_what_is_wrong_is_said(content: bytes, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        read(content)


def test_what_is_right_is_read() -> None:
    assert read(b"\xef\xbb\xbf{}") == {}
    assert str(read(b"-0.0")) == "0.0"
    assert read(b'"\\ud83c\\udfb8"') == "🎸"
    assert read(b'{"a": "' + b"[" * 1000 + b'\\""}') == {"a": "[" * 1000 + '"'}          # brackets in a text are no nesting
    assert read(b"[" * DEEPEST + b"]" * DEEPEST)
    assert len(read(b"[" + b",".join([b"[]"] * 1000) + b"]")) == 1000


def test_in_a_thread_too_what_is_too_deep_is_one_line() -> None:
    caught: list[str] = []

    def work() -> None:
        nested: list[object] = []
        for _ in range(5000):
            nested = [nested]
        for job in (lambda: read(b"[" * 100_000 + b"]" * 100_000), lambda: write(nested)):
            try:
                job()
            except ValueError as e:
                caught.append(str(e))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert caught == ["nested deeper than 32"] * 2


@given(st.recursive(st.none() | st.booleans() | st.integers(-10 ** 15, 10 ** 15) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters="\0")), inner)))
def test_what_is_written_is_read_the_same(value: object) -> None:
    assert read(write(value)) == value
