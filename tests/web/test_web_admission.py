"""Who may come in: names of this box, its own pages, whole handshakes. Everybody else hears why not in one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httputil import HTTPHeaders, RequestStartLine

from gigbox.cli import main
from gigbox.web.admission import Admission
from gigbox.web.app import named_by_environment

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
SHAKE = {"Host": "gigbox.local:8080", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY}


def asked(headers, path="/live?x=1", method="GET", version="HTTP/1.1"):
    admission = Admission(["/live"], ["mixer.example.org", "Stage."], "pi-4.lan")
    refusal = admission.refusal(RequestStartLine(method, path, version), HTTPHeaders({k: v for k, v in headers.items() if v is not None}))
    return (refusal.status, refusal.why) if refusal else None


@pytest.mark.parametrize("host", ["192.168.4.1", "192.168.4.1:8080", "10.0.0.7:80", "[::1]:8080", "[fe80::1]", "localhost:1", "gig.localhost", "gigbox",
                                  "GigBox.local:8080", "gigbox-2.local", "gigbox.local.", "pi-4.lan", "pi-4", "pi-4.local", "studio.pi-4.local",
                                  "mixer.example.org:443", "stage"])
def test_names_that_only_this_box_has_are_answered(host):
    assert asked({"Host": host}, "/") is None
    assert asked({**SHAKE, "Host": host, "Origin": f"http://{host}"}) is None


@pytest.mark.parametrize("host", ["evil.example", "gigbox.evil.example", "gigbox.local.evil.example:8080", "127.0.0.1.nip.io", "xgigbox.local", "evil.local",
                                  "example.org", "a.mixer.example.org", "gigboxXlocal", "127.1", "0x7f000001", "gigbox-.local", "local"])
def test_a_name_that_may_be_somebody_elses_is_refused(host):
    status, why = asked({"Host": host}, "/")
    assert status == 421
    assert why.startswith(f"Host '{host}': not a name of this box; use its address, or start it with GIGBOX_HOST_NAMES=")


@pytest.mark.parametrize("host", ["", None, "a b", "a,b", "gigbox:port", "http://gigbox", "user@gigbox", "gigbox/", "[::1", "gigbox:80:80", "gïgbox",
                                  "gigbox:123456", "gigbox,gigbox"])
def test_a_host_that_is_none_is_a_bad_request(host):
    assert asked({"Host": host}, "/")[0] == 400


def test_what_is_refused_is_told_on_one_short_line():
    for value in ("x" * 5000, "a\x00b", "é" * 300):
        _, why = asked({"Host": value}, "/")
        assert len(why) < 400
        assert "\n" not in why


@pytest.mark.parametrize(("change", "status", "why"), [
    ({"Upgrade": None}, 400, "/live: expected a WebSocket"),
    ({"Upgrade": "h2c"}, 400, "/live: expected a WebSocket"),
    ({"Connection": "keep-alive"}, 400, "/live: expected 'Connection: Upgrade'"),
    ({"Sec-WebSocket-Version": "8"}, 426, "/live: WebSocket version '8', expected 13"),
    ({"Sec-WebSocket-Version": None}, 426, "/live: WebSocket version 'none', expected 13"),
    ({"Sec-WebSocket-Version": "13, 8"}, 426, "/live: WebSocket version '13, 8', expected 13"),
    ({"Sec-WebSocket-Key": None}, 400, "/live: expected a Sec-WebSocket-Key of 16 bytes in base64"),
    ({"Sec-WebSocket-Key": "AAAA"}, 400, "/live: expected a Sec-WebSocket-Key of 16 bytes in base64"),
    ({"Sec-WebSocket-Key": "é" * 24}, 400, "/live: expected a Sec-WebSocket-Key of 16 bytes in base64"),
    ({"Content-Length": "5"}, 400, "/live: a WebSocket begins without a body"),
    ({"Transfer-Encoding": "chunked"}, 400, "/live: a WebSocket begins without a body"),
    ({"Origin": "http://[::1"}, 400, "/live: Origin 'http://[::1': expected scheme, name and port"),
    ({"Origin": "http://gigbox.local:99999"}, 400, "/live: Origin 'http://gigbox.local:99999': expected scheme, name and port"),
    ({"Origin": "null"}, 403, "/live: 'null' is another site"),
    ({"Origin": "http://gigbox.local"}, 403, "/live: 'http://gigbox.local' is another site"),
    ({"Origin": "http://evil.example:8080"}, 403, "/live: 'http://evil.example:8080' is another site"),
    ({"Origin": "http://gigbox:1,http://evil"}, 400, "/live: Origin 'http://gigbox:1,http://evil': expected scheme, name and port"),
    ({"Origin": ""}, 403, "/live: '' is another site"),
])
def test_a_handshake_that_is_wrong_is_refused_with_the_reason(change, status, why):
    assert asked(SHAKE) is None
    assert asked({**SHAKE, **change}) == (status, why)


@pytest.mark.parametrize(("method", "version"), [("POST", "HTTP/1.1"), ("GET", "HTTP/1.0")])
def test_a_handshake_is_a_get_of_http_1_1(method, version):
    assert asked(SHAKE, method=method, version=version) == (400, "/live: expected a WebSocket")


@pytest.mark.parametrize(("origin", "host"), [("http://gigbox.local", "gigbox.local:80"), ("https://gigbox.local", "gigbox.local"),
                                              ("https://gigbox", "gigbox:443"),
                                              ("http://GIGBOX.local:8080", "gigbox.LOCAL:8080"), ("http://[::1]:8080", "[::1]:8080")])
def test_the_same_place_in_other_words_is_the_same_place(origin, host):
    assert asked({**SHAKE, "Host": host, "Origin": origin}) is None


def test_a_page_of_another_site_may_look_but_change_nothing():
    other = {"Host": "gigbox.local", "Origin": "http://evil.example"}
    assert [asked(other, "/state", method) for method in ("GET", "HEAD", "OPTIONS")] == [None] * 3
    assert {asked(other, "/state", method) for method in ("POST", "PUT", "DELETE", "PATCH")} == {(403, "/state: 'http://evil.example' is another site")}
    assert asked({**other, "Origin": "http://gigbox.local"}, "/state", "POST") is None


@given(st.dictionaries(st.sampled_from(["Host", "Origin", "Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key", "Content-Length"]),
                       st.text(st.characters(max_codepoint=255)) | st.sampled_from(list(SHAKE.values()))), st.sampled_from(["/", "/live", "/live?x=/listen"]))
def test_whatever_headers_say_there_is_an_answer(headers, path):
    fault = asked(headers, path)
    assert fault is None or (fault[0] in (400, 403, 421, 426, 431) and "\n" not in fault[1])


def test_a_head_of_many_headers_is_refused():
    assert asked({"Host": "gigbox", **{f"X-{n}": "x" * 100 for n in range(170)}}, "/") == (431, "request: its head is longer than 16 KB")


@pytest.mark.parametrize("name", ["http://mixer", "mixer:8080", "a b", "", "*.example.org", "müller"])
def test_a_host_name_that_is_none_is_one_line(name, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path))
    assert main(["web", "--port", "0", "--host-name", name]) == 2
    told = capsys.readouterr().err
    assert told == f"gigbox: --host-name: {name!r} is not a name, expected one such as mixer.example.org, without port or http://\n"


def test_names_come_from_the_environment_too(monkeypatch):
    monkeypatch.setenv("GIGBOX_HOST_NAMES", "mixer.example.org, stage\tbox.lan,")
    assert named_by_environment() == ["mixer.example.org", "stage", "box.lan"]
