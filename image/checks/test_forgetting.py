"""A box that forgets is as it was made: no level, no people, no key; and it starts anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from image.checks.conftest import BOOT_S
from image.checks.hand import set_to
from image.checks.kept import laid_out, mended
from image.machine import Machine, data_of, machine

pytestmark = pytest.mark.soak

NAME = "Forget me"


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Iterator[Machine]:
    """A box of its own: its shell is forgotten, too."""
    with machine(built / "gigbox.img", tmp_path) as made:
        made.power_on()
        made.starts(BOOT_S)
        yield made


def remembered(box: Machine, folder: Path) -> str:
    """Every file's name on the data partition, and what is written in them."""
    data = folder / "data.img"
    data_of(box.card.image, data)
    mended(data)
    copy = laid_out(data, folder / "data")
    return "\n".join(f"{path.relative_to(copy)} {path.read_bytes()!r}" for path in sorted(copy.rglob("*")) if path.is_file())


def test_a_reset_forgets_all(own: Machine, tmp_path: Path) -> None:
    set_to(own, "strip/1/name", NAME)
    own.until(lambda: NAME in own.says("sh", "-c", f"grep -rhao '{NAME}' /data/gigbox || true"), BOOT_S, "the name on the card")
    set_to(own, "box/mode", "soundcheck")             # it goes over to the show by itself, and forgets nothing during one
    own.says("sh", "-c", "echo yes | gigbox reset")
    own.until(lambda: not own.page_answers(), BOOT_S, "the end")
    own.until(own.page_answers, BOOT_S, "the new start")
    own.pull_the_plug()
    left = remembered(own, tmp_path)
    assert NAME not in left
    assert "authorized_keys" not in left
    assert "gigbox/" in left            # it has begun to remember anew
