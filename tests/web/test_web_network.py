"""The page asks an engineer once in which country the box is, where it opens a hotspot; what is told holds from its next start on."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from conftest import Site

from gigbox.network import settings
from gigbox.network.settings import Settings


@pytest.fixture
def site(monkeypatch, tmp_path):
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path))
    site = Site()
    site.state = tmp_path
    yield site
    site.close()


def put(site, said):
    asked = urllib.request.Request(f"http://127.0.0.1:{site.port}/api/network", json.dumps(said).encode(), {"Content-Type": "application/json"}, method="PUT")
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        return json.load(e)


def test_a_machine_without_a_hotspot_asks_nothing(site):
    assert site.json("/api/network") == {"name": "", "country": "", "asks": False}
    assert put(site, {"country": "DE"}) == {"error": "network: this box opens no hotspot"}
    assert not (site.state / settings.FILE).exists()


def test_a_hotspot_asks_until_it_was_told(site):
    settings.save(site.state, Settings("gigbox-1a2b", "abcdefgh23"))
    assert site.json("/api/network") == {"name": "gigbox-1a2b", "country": "", "asks": True}
    assert put(site, {"country": "de"}) == {"name": "gigbox-1a2b", "country": "DE", "asks": False}
    assert settings.load(site.state) == Settings("gigbox-1a2b", "abcdefgh23", "DE")


@pytest.mark.parametrize(("said", "told"), [({"country": "Germany"}, "country: 'Germany' is not one, expected two letters such as DE"),
                                            ({}, "network: expected a country, two letters such as DE"), ({"key": "x"}, "body: expected an object of country")])
def test_what_is_no_country_is_one_line(site, said, told):
    settings.save(site.state, Settings("gigbox-1a2b", "abcdefgh23"))
    assert put(site, said) == {"error": told}
    assert site.json("/api/network")["asks"]
