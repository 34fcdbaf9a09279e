"""Each program finds its folders, and the same ones as the others, with and without a home, a session, or a line in passwd."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from gigbox import places
from gigbox.desk.client import Client
from gigbox.doctor.house import House
from gigbox.errors import MachineError

USER = f"gigbox-{os.getuid()}"


@pytest.fixture(autouse=True)
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing named, a home in passwd, and folders that everybody may use."""
    for name in ("GIGBOX_RUN", "GIGBOX_STATE", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("shm", "tmp", "var", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").touch()
    monkeypatch.setattr(places, "SHARED", tuple(tmp_path / name for name in ("shm", "tmp", "var")))
    monkeypatch.setattr(places, "SERVICES", (tmp_path / "services/run", tmp_path / "services/state"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: SimpleNamespace(pw_dir=str(tmp_path / "home")))
    return tmp_path


def unknown(_: int) -> object:
    raise KeyError


@pytest.mark.parametrize(("named", "found"), [
    ({"GIGBOX_STATE": "named", "XDG_STATE_HOME": "xdg", "HOME": "me"}, "named"),
    ({"XDG_STATE_HOME": "xdg", "HOME": "me"}, "xdg/gigbox"),
    ({"HOME": "me"}, "me/.local/state/gigbox"),
    ({}, "home/.local/state/gigbox"),
    ({"XDG_STATE_HOME": "file/x", "HOME": "file"}, "home/.local/state/gigbox"),
])
def test_state_lies_where_people_mean_it(world: Path, monkeypatch: pytest.MonkeyPatch, named: dict[str, str], found: str) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, str(world / value))
    assert places.state_dir() == world / found
    assert (world / found).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("nothing", ["", "relative", "../up"])
def test_what_is_no_whole_path_is_passed_over(world: Path, monkeypatch: pytest.MonkeyPatch, nothing: str) -> None:
    monkeypatch.chdir(world)
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, nothing)
    assert (places.runtime_dir(), places.state_dir(), places.cache_dir()) == (
        world / "shm" / USER, world / "home/.local/state/gigbox", world / "home/.cache/gigbox")
    assert not (world / "relative").exists()


def test_without_any_home_state_outlasts_the_power_all_the_same_and_that_is_told(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    lines = list[str]()
    assert places.state_dir(lines.append) == world / "var" / USER
    assert lines == [f"{world / 'var' / USER}: journal, scenes and taste are here (there is no home folder)"]
    assert places.cache_dir() == world / "shm" / USER / "cache"


def test_where_nothing_else_can_be_written_state_lies_with_the_rack_and_that_is_told(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    (world / "var" / USER).touch()
    lines = list[str]()
    assert places.state_dir(lines.append) == world / "shm" / USER / "state"
    assert lines == [f"{world / 'shm' / USER / 'state'}: journal, scenes and taste are here and lost with the power ({world / 'var' / USER}: file exists)"]


def test_in_a_folder_for_all_only_our_own_is_taken(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (world / "shm" / "gigbox-4711").mkdir()                   # by whoever we are not
    (world / "elsewhere").mkdir()
    (world / "var" / "gigbox-4711").symlink_to(world / "elsewhere")
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    (world / "tmp" / "gigbox-4711").mkdir()
    with pytest.raises(MachineError, match=r"shm/gigbox-4711: is somebody else's; .*tmp/gigbox-4711: is somebody else's; name a folder for rack and socket"):
        places.runtime_dir()
    with pytest.raises(MachineError, match=r"var/gigbox-4711: is somebody else's"):
        places._first("", "", [world / "var" / "gigbox-4711"], places._fault)


@pytest.mark.parametrize(("name", "ask", "what"), [("GIGBOX_STATE", places.state_dir, "journal, scenes and taste"),
                                                   ("GIGBOX_RUN", places.runtime_dir, "rack and socket")])
def test_what_is_named_and_will_not_do_is_refused(world: Path, monkeypatch: pytest.MonkeyPatch, name: str, ask: object, what: str) -> None:
    monkeypatch.setenv(name, str(world / "file"))
    with pytest.raises(MachineError) as error:
        ask()                                                 # type: ignore[operator]
    assert str(error.value) == f"{world / 'file'}: file exists; name a folder for {what} with {name}"


def test_state_on_a_disk_that_can_only_be_read_is_read(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = world / "home/.local/state/gigbox"
    (state / "journal").mkdir(parents=True)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK and access(path, mode))
    assert places.state_dir() == state


def test_where_the_box_runs_as_services_of_this_user_a_shell_means_that_box(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in places.SERVICES:
        folder.mkdir(parents=True)
    lines = list[str]()
    assert (places.runtime_dir(), places.state_dir(lines.append)) == places.SERVICES
    assert lines == []
    monkeypatch.setenv("GIGBOX_RUN", str(world / "mine"))
    assert places.runtime_dir() == world / "mine"


def test_services_of_another_user_or_that_have_not_run_since_the_start_are_nobodys(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places.SERVICES[1].mkdir(parents=True)
    assert places.state_dir() == world / "home/.local/state/gigbox"
    places.SERVICES[0].mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert places.state_dir() == world / "home/.local/state/gigbox"
    assert places.runtime_dir() not in places.SERVICES if os.geteuid() else True


def test_a_journal_that_somebody_else_laid_into_a_folder_for_all_is_not_ours(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    (world / "var" / "gigbox-4711" / "journal").mkdir(parents=True)
    (world / "shm" / "gigbox-4711").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(MachineError, match="is somebody else's"):
        places.state_dir()


def test_a_named_folder_that_is_not_whole_is_that_of_where_one_stands(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world)
    monkeypatch.setenv("GIGBOX_RUN", "here")
    assert places.socket_path() == world / "here/desk.sock"


def test_a_folder_too_deep_for_a_socket_is_refused_or_passed_over(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = world / "/".join(["x" * 50] * 3)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert places.runtime_dir() == world / "shm" / USER
    monkeypatch.setenv("GIGBOX_RUN", str(deep))
    with pytest.raises(MachineError) as error:
        places.rack_path()
    size = len(str(deep / "desk.sock"))
    assert str(error.value) == f"{deep}: {size + 1} bytes with panel.sock, expected 107 at most for a socket; name a folder for rack and socket with GIGBOX_RUN"
    with pytest.raises(MachineError, match=f"^{deep}/desk.sock: {size} bytes with desk.sock, expected 107 at most"):
        Client(deep / "desk.sock")


def test_the_longest_path_that_a_socket_may_have_is_not_refused(tmp_path: Path) -> None:
    folder = Path("/") / ("é" * 48)                           # bytes count, not letters: 1 + 96 + 1 + 9
    assert places.check_socket(folder / "desk.sock") == folder / "desk.sock"
    with pytest.raises(MachineError):
        places.check_socket(folder / "desks.sock")


def test_one_whom_nobody_knows_is_called_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container: the doctor and the units say who that is."""
    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.setattr(places.pwd, "getpwuid", nobody)
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    assert places.user_name() == str(os.getuid())
    house = House(list, str, {}, Path("/"), groups=[])
    assert house.user == str(os.getuid())
