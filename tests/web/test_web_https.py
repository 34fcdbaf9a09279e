"""HTTPS for who wants it: the same server, the same deadlines, a certificate of the box's own."""

from __future__ import annotations

import shutil
import socket
import ssl
import stat
import subprocess
import time
from pathlib import Path

import pytest
from conftest import Site
from test_web_door import SHAKE, answer

from gigbox.errors import MachineError
from gigbox.ports import listen_on
from gigbox.web import certificate

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl, as the box does")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    site = Site(head_s=0.5, secure=(listen_on("127.0.0.1", 0), certificate.context(folder)))
    site.folder_of_tls = folder
    site.https = site.server._secure[0].getsockname()[1]
    yield site
    site.close()


def connect(site):
    context = ssl.create_default_context(cafile=site.folder_of_tls / "tls.crt")
    return context.wrap_socket(socket.create_connection(("127.0.0.1", site.https), timeout=60), server_hostname="127.0.0.1")


def test_a_browser_that_believes_the_certificate_is_served_and_its_cookie_is_for_https_alone(site):
    site.local = False
    with connect(site) as line:
        body = f'{{"key": "{site.pairing.invite("guest").key}"}}'
        line.sendall(f"POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1:{site.https}\r\nOrigin: https://127.0.0.1:{site.https}\r\nContent-Length: {len(body)}\r\n"
                     f"Connection: close\r\n\r\n{body}".encode())
        told = answer(line)
    assert told.startswith(b"HTTP/1.1 200")
    cookie = next(row for row in told.split(b"\r\n") if row.startswith(b"Set-Cookie: gigbox-token"))
    assert b"Secure" in cookie


def test_a_socket_opens_there(site):
    site.local = True
    with connect(site) as line:
        line.sendall(SHAKE.format("live").encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 101")


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01", bytes(300), b"\xff" * 5000])
def test_what_is_no_handshake_ends_in_time_and_harms_nobody(site, capfd, sent):
    with socket.create_connection(("127.0.0.1", site.https), timeout=60) as line:
        line.sendall(sent)
        begun = time.monotonic()
        answer(line)
        assert time.monotonic() - begun < 3
    assert site.get("/pair").status == 200
    assert capfd.readouterr().err == ""


def test_the_key_is_for_this_user_alone_and_stays(site):
    key = site.folder_of_tls / "tls.key"
    before = key.read_bytes()
    certificate.context(site.folder_of_tls)
    assert (stat.S_IMODE(key.stat().st_mode), key.read_bytes()) == (0o600, before)


def test_a_certificate_whose_making_was_broken_off_is_made_again(tmp_path, monkeypatch):
    def broken_off(command, **_):
        for word in ("-keyout", "-out"):
            Path(command[command.index(word) + 1]).write_bytes(b"")
        raise subprocess.TimeoutExpired(command, 1)

    with monkeypatch.context() as m:
        m.setattr(subprocess, "run", broken_off)
        with pytest.raises(MachineError, match=r"^https: openssl: TimeoutExpired, no certificate was made$"):
            certificate.context(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "tls.key").write_bytes(b"")           # and the power went between the two
    assert certificate.context(tmp_path).minimum_version == ssl.TLSVersion.TLSv1_2


def test_what_cannot_be_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "tls.key").write_text("x")
    (tmp_path / "tls.crt").write_text("x")
    with pytest.raises(MachineError, match=r"tls.crt: .*, expected a certificate and its key; delete both, and they are made anew$"):
        certificate.context(tmp_path)
    with pytest.raises(MachineError, match=r"^https: .*nowhere: No such file or directory, no certificate was made$"):
        certificate.context(tmp_path / "nowhere")
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "other").mkdir()
    with pytest.raises(MachineError, match=r"^https: openssl is not here; type: sudo apt-get install -y openssl$"):
        certificate.context(tmp_path / "other")
