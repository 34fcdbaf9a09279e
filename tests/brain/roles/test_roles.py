"""Roles as people say them."""

from __future__ import annotations

import pytest

from gigbox.brain.roles.roles import spoken


@pytest.mark.parametrize(("role", "words"), [("electric_guitar", "an electric guitar"), ("lead_vocal", "a lead vocal"), ("keys", "keys"), ("drums", "drums"),
                                             ("brass_sax", "brass"), ("unknown", "what nobody has named")])
def test_a_role_is_spoken_with_the_article_that_it_bears(role: str, words: str) -> None:
    assert spoken(role) == words
