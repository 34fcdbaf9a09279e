"""Takes over the network: listed, renamed, deleted by who may, taken home whole, and never anything that is no take."""

from __future__ import annotations

import http.client
import io
import json
import os
import socket
import threading
import zipfile
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from conftest import wait_for

from gigbox.people.person import Grant
from gigbox.takes import patience
from gigbox.takes.shelf import Place
from gigbox.takes.take import Track
from gigbox.tape.session import Session
from gigbox.web import downloads
from gigbox.web.serve import PAGES

CAST = [Track("01 Kick.wav", "Kick", "kick"), Track("02 Größe.wav", "Größe", "lead_vocal")]


def recorded(site, song="Blue", when=1.7e9, frames=48000, close=True):
    made = Session(Place(site.folder / "takes"), song, lambda: CAST, wall=lambda: when)
    made.write(0, (np.random.default_rng(3).standard_normal((frames, 4)) / 9).astype(np.float32), 0)
    if close:
        made.close()
    return made


@pytest.fixture
def takes(site):
    yield site
    for take in site.shelf.takes():
        if not take.grows:
            site.shelf.delete(take.name)
    site.local = True


def ask(site, method, path, body=None, token=""):
    there = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        there.request(method, path, None if body is None else json.dumps(body), {"Authorization": f"Bearer {token}"} if token else {})
        answer = there.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        there.close()


def path_of(made, rest=""):
    return f"/api/takes/{quote(made.folder.name)}{rest}"


def test_the_list_says_what_a_person_wants_to_know(takes):
    made = recorded(takes)
    (told,) = takes.json("/api/takes")
    assert (told["name"], told["seconds"], told["tracks"], told["lost"], told["grows"]) == (made.folder.name, 1.0, 2, 0, False)
    assert told["files"] == ["01 Kick.wav", "02 Größe.wav", "mix.wav", "song.toml"]


def test_a_file_comes_home_byte_by_byte(takes):
    made = recorded(takes)
    for name in ("02 Größe.wav", "song.toml"):
        status, body, headers = ask(takes, "GET", path_of(made, f"/files/{quote(name)}"))
        assert (status, body) == (200, (made.folder / name).read_bytes())
        assert headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote(f'{made.folder.name} - {name}', safe='')}")
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_all_of_it_comes_home_as_one_archive(takes):
    made = recorded(takes, frames=3 * 48000)
    status, body, _ = ask(takes, "GET", path_of(made, "/zip"))
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert found.testzip() is None
        assert found.namelist() == [f"{made.folder.name}/{name}" for name in ("01 Kick.wav", "02 Größe.wav", "mix.wav", "song.toml")]
        assert all(found.read(f"{made.folder.name}/{file.name}") == file.read_bytes() for file in made.folder.iterdir())


def test_a_download_holds_no_more_than_a_piece_in_memory(takes):
    made = recorded(takes, frames=20 * 48000)
    pieces = list(downloads.archive(takes.shelf.find(made.folder.name)))
    assert len(pieces) > 40
    assert max(map(len, pieces)) < downloads.PIECE + 1000


def test_it_is_renamed_and_deleted(takes):
    made = recorded(takes)
    assert ask(takes, "PUT", path_of(made), {"name": "First set"})[:2] == (200, b'{"name":"First set"}\n')
    assert ask(takes, "PUT", "/api/takes/First%20set", {"name": "../etc"})[0] == 422
    assert ask(takes, "DELETE", "/api/takes/First%20set")[0] == 200
    assert takes.json("/api/takes") == []
    status, body, _ = ask(takes, "DELETE", "/api/takes/First%20set")
    assert (status, json.loads(body)) == (404, {"error": "First set: no such take"})


def test_what_grows_stays_here(takes):
    made = recorded(takes, close=False)
    for method, rest in (("GET", "/zip"), ("GET", "/files/mix.wav"), ("DELETE", "")):
        status, body, _ = ask(takes, method, path_of(made, rest))
        assert (status, json.loads(body)["error"]) == (422, f"{made.folder.name}: is being recorded, expected it to be stopped first")
    made.close()


@pytest.mark.parametrize("path", ["/api/takes/..%2f..%2fetc/files/passwd", "/api/takes/../files/x", "/api/takes/{}/files/..%2f..%2fweb.key",
                                  "/api/takes/{}/files/.growing", "/api/takes/nothing/zip", "/api/takes/{}/files/%00"])
def test_nothing_but_takes_comes_out(takes, path):
    made = recorded(takes)
    (takes.folder / "web.key").write_text("secret")
    status, body, _ = ask(takes, "GET", path.format(quote(made.folder.name)))
    assert status in (400, 404)
    assert b"secret" not in body


def test_a_musician_takes_it_home_and_a_guest_or_a_stranger_does_not(takes):
    made = recorded(takes)
    takes.local = False
    musician, guest = (takes.people.add(name, Grant(role, *more))[1] for name, role, *more in (("Ben", "musician", 2, (3,)), ("Eve", "guest")))
    for path in ("/api/takes", path_of(made, "/zip"), path_of(made, "/files/mix.wav")):
        assert [ask(takes, "GET", path, token=token)[0] for token in (musician, guest, "")] == [200, 403, 401]
    for method in ("PUT", "DELETE"):
        assert [ask(takes, method, path_of(made), {"name": "x"}, token)[0] for token in (musician, guest, "")] == [403, 403, 401]
    assert ask(takes, "PUT", "/api/values/tape/record", True, musician)[0] == 403
    assert made.folder.exists()


def test_downloads_wait_for_their_turn_and_too_many_are_refused(takes, monkeypatch):
    made = recorded(takes, frames=40 * 48000)
    held = [begun(takes, path_of(made, "/zip")) for _ in range(downloads.MOST)]
    answers = [there.getresponse() for there in held]                   # and nobody reads them
    waits = begun(takes, path_of(made, "/files/mix.wav"))
    monkeypatch.setattr(downloads, "WAITING", len(held) + 1)
    _, body, _ = wait_for(lambda: (found := ask(takes, "GET", path_of(made, "/zip")))[0] == 503 and found)
    assert json.loads(body)["error"] == f"{made.folder.name}: {len(held) + 1} downloads wait already, expected some to end first"
    held[0].close()
    answers[0].close()
    assert len(waits.getresponse().read()) > 40 * 48000 * 6
    for there in (*answers[1:], *held[1:], waits):
        there.close()


def begun(site, path):
    """A request whose answer is not read yet; little of it fits between here and there."""
    there = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    there.sock = socket.socket()
    there.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    there.sock.settimeout(10)
    there.sock.connect(("127.0.0.1", site.port))
    there.request("GET", path)
    return there


def test_who_goes_away_in_the_middle_leaves_room(takes):
    made = recorded(takes, frames=60 * 48000)
    for _ in range(downloads.MOST + 1):
        there = http.client.HTTPConnection("127.0.0.1", takes.port, timeout=60)
        there.request("GET", path_of(made, "/zip"))
        assert there.getresponse().read(1000)
        there.close()
    wait_for(lambda: ask(takes, "GET", path_of(made, "/files/song.toml"))[0] == 200)


def test_a_stick_that_hangs_holds_up_no_request(takes, monkeypatch):
    """A pipe into which nobody writes is never read to its end."""
    made, pipe = recorded(takes), takes.folder / "takes/hangs/mix.wav"
    monkeypatch.setattr(patience.Patience.ask, "__defaults__", (0.1,))
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    hung = [begun(takes, "/api/takes") for _ in range(2 * PAGES)]
    assert ask(takes, "GET", "/api/values")[0] == 200
    place = takes.folder / "takes"
    assert {there.getresponse().read() for there in hung} == {json.dumps({"error": f"{place}: has not answered yet"}, separators=(",", ":")).encode() + b"\n"}
    status, body, _ = ask(takes, "GET", path_of(made, "/zip"))
    assert (status, json.loads(body)["error"]) == (503, f"{made.folder.name}: not found, and {place} has not answered yet")
    os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))
    pipe.unlink()
    pipe.parent.rmdir()
    wait_for(lambda: takes.json("/api/takes"))
    for there in hung:
        there.close()


def test_downloads_from_a_disk_that_hangs_end_and_others_have_their_turn(takes, monkeypatch):
    made, answers = recorded(takes), threading.Event()
    given, size = downloads.whole_file, Path.stat

    def hanging(path):
        answers.wait(100) if path.name.startswith("01") else None
        yield from given(path)

    def hanging_size(path, **more):
        answers.wait(100) if path.name.startswith("02") else None
        return size(path, **more)

    monkeypatch.setattr(downloads, "whole_file", hanging)
    monkeypatch.setattr(downloads, "DISK_S", 0.2)
    held = [begun(takes, path_of(made, "/files/01%20Kick.wav")) for _ in range(downloads.MOST)]
    take = takes.shelf.find(made.folder.name)
    monkeypatch.setattr(takes.shelf, "find", lambda name: take)
    monkeypatch.setattr(Path, "stat", hanging_size)
    assert ask(takes, "GET", path_of(made, f"/files/{quote('02 Größe.wav')}"))[0] == 503
    assert len(ask(takes, "GET", path_of(made, "/files/mix.wav"))[1]) == 44 + 48000 * 6
    answers.set()
    monkeypatch.undo()
    for there in held:
        there.close()
