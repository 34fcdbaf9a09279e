"""What reads bytes that others made: each takes any, and answers, or raises an error of the box's own, which is one line."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from gigbox.desk.access import Reader
from gigbox.desk.journal import Journal
from gigbox.desk.reports import Reports
from gigbox.desk.requests import Later, Requests
from gigbox.desk.scenes import Scenes
from gigbox.engine.song import Song
from gigbox.errors import GigboxError
from gigbox.network.settings import FILE, load
from gigbox.recordings.recording import Recording
from tests.desk.fakes import Inline, OneClock

Target = Callable[[bytes], None]
MANY = 256 * 1024             # frames: as much of a recording as is read
FOLDER = Path(tempfile.mkdtemp(prefix="gigbox-fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def desk(data: bytes) -> None:
    """Lines of its socket, one after another, by a client that has read."""
    folder = _fresh("desk")
    requests, reader = Requests(OneClock(), Scenes(folder), Reports(folder / "reports"), lambda: 100.0), Reader(True)
    for line in data.split(b"\n")[:20]:
        answer = requests.answer(line, reader)
        told, _ = answer.finish(Inline().submit(answer.job)) if isinstance(answer, Later) else answer
        assert ("ok" in told) != ("error" in told), told
        assert "\n" not in str(told.get("error", "")), told


def journal(data: bytes) -> None:
    """A file of it that a power cut, a bad card or a hand left; what is written afterwards is there again."""
    folder = _fresh("journal")
    (folder / "000001.journal").write_bytes(data)
    held = Journal(folder, _one_line, desk=OneClock(), threads=Inline, boot="this boot")
    try:
        held.load()
    finally:
        held.close(1.0)


def scene(data: bytes) -> None:
    folder = _fresh("scenes")
    scenes = Scenes(folder)
    scenes.save("a", {"hand": {"strip/1/level": -3.0}}, 1.0)
    next(folder.rglob("a.*")).write_bytes(data)
    _told(lambda: scenes.load("a"))


def song(data: bytes) -> None:
    folder = _fresh("song")
    (folder / "song.toml").write_bytes(data)
    _told(lambda: Song.open(folder))


def recording(data: bytes) -> None:
    """The first byte says what its name ends with."""
    names = ("wav", "aiff", "caf", "au", "flac", "ogg", "w64", "mp3")
    path = _fresh("recording") / f"1.{names[data[0] % len(names)] if data else 'wav'}"
    path.write_bytes(data[1:])

    def read() -> None:
        with Recording(path, _one_line) as it:
            it.read(MANY)
    _told(read)


def network(data: bytes) -> None:
    folder = _fresh("network")
    (folder / FILE).write_bytes(data)
    _told(lambda: load(folder).wifi_code())


TARGETS: dict[str, Target] = {"desk": desk, "journal": journal, "scene": scene, "song": song, "recording": recording, "network": network}


def _told(job: Callable[[], object]) -> None:
    try:
        job()
    except GigboxError as e:
        _one_line(str(e))


def _one_line(text: str) -> None:
    assert text, "an error without a word"
    assert "\n" not in text, text


def _fresh(name: str) -> Path:
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
