"""Every page as it is on the glass: drawn, sent over the simulated wire, decoded by the chip, and compared with its picture pixel by pixel.

A picture that is meant to change: `python -m tests.panel.test_pages` writes them all anew; look at them before they are committed.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import KeysView
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gigbox.desk.client import Change, Value
from gigbox.panel.pages.page import Moving, Where
from gigbox.panel.pages.pieces import both
from gigbox.panel.parts.screen import open_screen
from gigbox.panel.picture.letters import UNKNOWN, Bits, text, width, wrapped
from gigbox.panel.pins import Board, Display
from gigbox.panel.sight.box import Box
from gigbox.panel.walk import Panel
from tests.panel import held
from tests.panel.wires import Machine, serial
from tests.panel.world import Wishes, asking, gig

PICTURES, SHEET = Path(__file__).parent / "pictures", Path(__file__).parents[2] / "docs/panel.png"
SCALE = 3
FREQUENCY, GAIN = "main/notch/9/frequency", "main/notch/9/gain"


def served(box: Box, values: dict[str, Any]) -> None:
    """Rows of parts that this box has not yet, or not always."""
    with box._lock:
        box._values.update({path: Value(value, None, value) for path, value in values.items()})


def muted(box: Box) -> None:
    served(box, {"main/mute": True})


def all_muted(box: Box) -> None:
    served(box, {"box/mute_all": True})


def listening(box: Box) -> None:
    served(box, {"box/linecheck": 10.0})


def waiting(box: Box) -> None:
    box.asking = [asking()]


def offline(box: Box) -> None:
    box.address = box.link = ""


def troubled(box: Box) -> None:
    weak = "processor: the supply is too weak: use the Pi's own (27 W), and a short cable"
    box.reports["health"] = {"told": {**box.reports["health"]["told"], "troubles": [weak]}}


def hearing(box: Box) -> None:
    box.ideas = {"on": True, "tempo": {"bpm": 96.2, "sure": 0.8}, "key": {"name": "A major", "sure": 0.9}, "chord": {"name": "F#m", "sure": 0.85},
                 "bar_count": 14, "next": [{"name": "D", "share": 0.47}, {"name": "E", "share": 0.31}, {"name": "Bm", "share": 0.11}],
                 "bars": [[[0, name], [2, other]] for name, other in zip("AEDAEADAEADEAE", "AEDAEBDAEADEAD", strict=True)]}


def off(box: Box) -> None:
    box.ideas = {"on": False, "why": "ideas are off"}


def silent(box: Box) -> None:
    box.moves.clear()


PAGES: dict[str, tuple[Where, Any]] = {
    "mix": (Where(), None), "mix-muted": (Where(strip=4), muted), "mix-all-muted": (Where(), all_muted),
    "mix-moving": (Where(moving=Moving("strip/1/level", 9)), None),
    "mix-take-hold": (Where(moving=Moving("strip/7/level", 9, 0.9)), None),
    "channel": (Where(page="channel"), None), "channel-pan": (Where(page="channel", cursor={"channel": 2}), None),
    "channel-switch": (Where(page="channel", cursor={"channel": 6}), None), "channel-give-back": (Where(page="channel", cursor={"channel": 99}), None),
    "monitors": (Where(page="monitors", monitor=2), None), "monitors-sends": (Where(page="monitors", monitor=2, inside=True), None),
    "monitors-moving": (Where(page="monitors", monitor=2, inside=True, moving=Moving("strip/2/send/2/level", 9)), None),
    "depth": (Where(page="depth"), None), "reasons": (Where(page="reasons"), None), "reasons-none": (Where(page="reasons"), silent),
    "undo": (Where(page="undo"), None),
    "linecheck": (Where(page="linecheck", cursor={"linecheck": 9}), None), "linecheck-listening": (Where(page="linecheck"), listening),
    "linecheck-problem": (Where(page="linecheck"), None), "linecheck-good": (Where(page="linecheck", cursor={"linecheck": 1}), None),
    "scenes": (Where(page="scenes", cursor={"scenes": 2}), None), "scenes-new": (Where(page="scenes", cursor={"scenes": 9}), None),
    "scenes-asked": (Where(page="scenes", asked="rock", cursor={"scenes": 2}), None),
    "ideas": (Where(page="ideas"), hearing), "ideas-off": (Where(page="ideas"), off), "chart": (Where(page="chart"), hearing),
    "health": (Where(page="health"), None), "health-wrong": (Where(page="health"), troubled),
    "network": (Where(page="network"), None), "network-none": (Where(page="network"), offline), "messages": (Where(page="messages"), None),
    "pairing": (Where(page="pairing"), waiting), "menu": (Where(page="menu", cursor={"menu": 2}), None)}


def page_of(name: str) -> Panel:
    where, also = PAGES[name]
    box = gig()
    if also:
        also(box)
    panel = Panel(box, Wishes(box), lambda: 0.0)
    panel.where = replace(where, cursor=dict(where.cursor), act=dict(where.act))
    panel._page().settle(panel._scene())
    return panel


def on_glass(panel: Panel, chip: str = "ssd1306") -> Bits:
    display = Display(chip=chip)
    machine = Machine(Board(display))
    open_screen(chip, serial(display, machine)).show(panel.draw().bits)
    return machine.oled.glass()


def resting() -> Panel:
    box, now = gig(), [0.0]
    panel = Panel(box, Wishes(box), lambda: now[0])
    now[0] = 1000.0
    return panel


def toast() -> Panel:
    panel = page_of("mix")
    panel.say("everything is muted")
    return panel


def away() -> Panel:
    panel = page_of("mix")
    panel.box.desk = False
    return panel


LONG = "Anna-Katharina von Hohenlohe II."


def long_named(page: Where, strips: int = 16) -> Panel:
    box = gig(strips)
    with box._lock:
        box._values.update({f"{owner}/{n}/name": Value(LONG, None, LONG) for owner, count in (("strip", strips), ("monitor", 6), ("group", 4))
                            for n in range(1, count + 1)})
    served(box, {"strip/12/group/1/on": True})
    panel = Panel(box, Wishes(box), lambda: 0.0)
    panel.where = page
    return panel


def sixteen() -> Panel:
    return long_named(Where(strip=12))


OTHERS = {"mix-16": sixteen, "saver": resting, "toast": toast, "desk-away": away}


def pictured(name: str) -> Panel:
    return OTHERS[name]() if name in OTHERS else page_of(name)


@pytest.mark.parametrize("name", [*PAGES, *OTHERS])
def test_a_page_is_on_the_glass_as_in_its_picture(name: str) -> None:
    wanted = np.asarray(Image.open(PICTURES / f"{name}.png").convert("L")) > 0
    assert np.array_equal(on_glass(pictured(name)), wanted)


@pytest.mark.parametrize("name", ["mix", "network", "depth"])
def test_a_page_is_the_same_on_an_sh1106(name: str) -> None:
    assert np.array_equal(on_glass(page_of(name), "sh1106"), on_glass(page_of(name)))


def test_every_page_of_the_menu_has_a_picture() -> None:
    panel = page_of("mix")
    with_parts = {"feedback", "effects", "groups", "remote", "record"}         # drawn below, where their rows are served
    assert {page.name for page in panel.menu._pages} - with_parts <= {name.split("-")[0] for name in PAGES}


@pytest.mark.parametrize("name", ["feedback", "effects", "groups", "record", "remote", "pairing", "ideas", "chart"])
def test_a_page_is_hidden_where_its_part_is_not_served(name: str) -> None:
    panel = page_of("mix")
    with panel.box._lock:
        for path in [path for path in panel.box._values
                     if path.split("/")[0] in ("fx", "group", "tape") or "guard" in path or "ideas" in path or path == "box/osc"]:
            del panel.box._values[path]
    assert name not in [page.name for page in panel.menu.open(panel.box)]


def test_letters_of_many_languages_are_letters() -> None:
    for letter in "ÄÖÜäöüßéèêëàâçñáíóúÅåØøÆæŁłŚśŠšŽžČčĞğİıŐő":
        assert not np.array_equal(text(letter), UNKNOWN), letter


@pytest.mark.parametrize("names", [("花子", "太郎"), ("Анна", "Иван"), ("Γιώργος", "Ελένη"), ("مريم", "يوسف"), ("민준", "서연"), ("🎸", "🥁"), ("नेहा", "अमित")])
def test_names_in_other_scripts_are_spelled_and_told_apart(names: tuple[str, str]) -> None:
    one, other = (text(name) for name in names)
    assert not np.array_equal(one, other)
    assert not any(held.found(each, UNKNOWN) for each in (one, other))


def test_what_has_no_sound_is_a_hollow_box_and_what_is_not_seen_is_nothing() -> None:
    assert np.array_equal(text("\ue000"), UNKNOWN)
    assert np.array_equal(text("A\u200dnna\ufe0f"), text("Anna"))


@pytest.mark.parametrize(("page", "words"), [
    (Where(page="undo", strip=12), "level"), (Where(page="groups", strip=12, cursor={"groups": 99}), "in"),
    (Where(page="monitors", strip=12, inside=True), ": Anna"), (Where(page="monitors", moving=Moving("strip/12/send/2/level", 9)), "to"),
    (Where(strip=12), "12"), (Where(page="channel", strip=12), "12 Anna")])
def test_a_long_name_hides_nothing_else_that_has_to_be_read(page: Where, words: str) -> None:
    assert held.found(on_glass(long_named(page)), text(words))


@given(st.text(max_size=40), st.text(max_size=40), st.integers(60, 128))
def test_two_names_side_by_side_fit_and_the_short_one_is_whole(one: str, other: str, room: int) -> None:
    whole = both(one, " to ", other, room)
    assert width(whole) <= room
    half = (room - width(" to ") - 2) // 2
    assert width(one) > half or whole.startswith(one)
    assert width(other) > half or whole.endswith(other)


def test_a_unit_stays_with_its_number_at_the_end_of_a_line() -> None:
    for words in ("the supply is too weak: use the Pi's own (27 W), and a short cable", "covers Anna by 12 dB around 2 kHz\n and -48 dBFS, 30 % of 10 ms"):
        for room in range(60, 128, 4):
            lines = wrapped(words, room, 20)
            assert " ".join(lines) == " ".join(words.split())
            assert not [line for line in lines if line.startswith(("W)", "dB", "kHz", "%", "ms"))]


def test_all_that_is_muted_is_said_as_long_as_it_is() -> None:
    """Not only while the finger is on the button: it is dark, and nothing sounds."""
    assert held.found(on_glass(page_of("mix-all-muted")), text("all muted"))
    assert held.found(on_glass(page_of("mix-muted")), text("main muted"))


def test_the_present_of_the_desk_replaces_what_was_known() -> None:
    box = gig()
    box.hear(Change({"box/depth": Value(40.0, None, 40.0)}))
    assert (box.value("box/depth"), box.served("strip/1/level")) == (40.0, False)


def test_the_documents_show_the_pages_as_they_are() -> None:
    assert np.array_equal(np.asarray(Image.open(SHEET)), np.asarray(sheet()))


def sheet() -> Image.Image:
    """Eight pages as they look: bluish on black, three pixels a pixel."""
    names = ("mix", "mix-moving", "monitors-sends", "reasons", "linecheck-problem", "scenes", "network", "menu")
    whole = Image.new("RGB", (4 * 140 * SCALE, 2 * 76 * SCALE), (40, 42, 46))
    for n, name in enumerate(names):
        page = Image.open(PICTURES / f"{name}.png").convert("L").resize((128 * SCALE, 64 * SCALE), Image.Resampling.NEAREST)
        glass = Image.new("RGB", (134 * SCALE, 70 * SCALE), (4, 6, 10))
        glass.paste((196, 226, 255), (3 * SCALE, 3 * SCALE), page)
        whole.paste(glass, ((n % 4 * 140 + 3) * SCALE, (n // 4 * 76 + 3) * SCALE))
    return whole.convert("P", palette=Image.Palette.ADAPTIVE, colors=4).convert("RGB")


def test_nobody_who_looks_finds_a_box_that_has_just_forgotten_everything() -> None:
    """While the desk tells all anew, a knob would start from a default otherwise."""
    box, seen = gig(), list[float]()

    class Told(UserDict[str, Value]):
        def keys(self) -> KeysView[str]:
            seen.append(box.value("strip/4/level"))
            return super().keys()

    box.hear(Change(Told(box._values)))      # type: ignore[arg-type]
    assert seen == [2.0]


def test_a_move_of_the_box_copies_none_of_the_thousands_of_values() -> None:
    box = gig()
    known = box._values
    box.hear(Change({"strip/4/level": Value(-3.0, None, -3.0)}, by="brain"))
    assert box._values is known
    assert box.value("strip/4/level") == -3.0


def write_all() -> None:
    from tests.panel import test_parts_of_a_box, test_record

    PICTURES.mkdir(exist_ok=True)
    for name in (*PAGES, *OTHERS):
        Image.fromarray(on_glass(pictured(name))).save(PICTURES / f"{name}.png", optimize=True)
    test_parts_of_a_box.draw_all()
    test_record.draw_all()
    sheet().save(SHEET, optimize=True)


if __name__ == "__main__":
    write_all()
