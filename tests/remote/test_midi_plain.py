"""Plain controllers, as the X Air family takes them: nothing leaps, and all is told back."""

from __future__ import annotations

import pytest

from tests.live_box import eventually
from tests.remote.surface import Cable, MidiStage

CC, PROGRAM, NOTE = 0xB0, 0xC0, 0x90


def plugged(midi: MidiStage, name: str = "nanoKONTROL Studio") -> Cable:
    """And at rest."""
    midi.sync()
    cable = midi.plug(name)
    midi.run(3)
    return cable


def told(cable: Cable) -> dict[tuple[int, int], int]:
    """The newest of each controller, by status and number."""
    content = cable.hear()
    return {(content[at], content[at + 1]): content[at + 2] for at in range(0, len(content), 3)}


def pick_up(midi: MidiStage, cable: Cable, status: int, number: int, *values: int) -> None:
    for value in values:
        cable.say(status, number, value)
        midi.run(0.01)


def test_faders_mutes_and_pans_are_where_the_family_has_them(midi: MidiStage) -> None:
    cable = plugged(midi)
    heard = midi.stage.heard
    for number, path in ((0, "strip/1/level"), (11, "strip/12/level"), (17, "fx/1/level"), (21, "monitor/1/level"), (26, "monitor/6/level"), (31, "main/level"),
                         (32, "group/1/level"), (35, "group/4/level")):
        pick_up(midi, cable, CC, number, 95, 80, 64, 48)
        midi.settle(lambda: heard(path) == pytest.approx(-19.7, abs=0.1), path)          # noqa: B023
    for number, path in ((1, "strip/2/mute"), (18, "fx/2/mute"), (22, "monitor/2/mute"), (31, "main/mute"), (33, "group/2/mute"), (38, "group/3/mute")):
        pick_up(midi, cable, CC | 1, number, 127)
        midi.run(0.1)
        midi.has(**{path.replace("/", "__"): True})
        pick_up(midi, cable, CC | 1, number, 0)
        midi.run(0.1)
        midi.has(**{path.replace("/", "__"): False})
    pick_up(midi, cable, CC | 2, 4, 64, 80, 100, 127)
    midi.settle(lambda: heard("strip/5/pan") == 1, "right")
    pick_up(midi, cable, CC | 2, 4, 100, 80, 64)
    midi.settle(lambda: heard("strip/5/pan") == 0, "the middle")


def test_strips_beyond_the_sixteenth_have_controllers_of_our_own(midi: MidiStage) -> None:
    midi.rack.channels = 32
    cable = plugged(midi)
    pick_up(midi, cable, CC, 40, 95, 110, 127)
    pick_up(midi, cable, CC, 55, 95, 110, 127)
    midi.settle(lambda: midi.stage.heard("strip/17/level") == midi.stage.heard("strip/32/level") == 10, "17 and 32")


def test_strips_that_the_box_has_not_are_neither_told_nor_heard(midi: MidiStage) -> None:
    cable = plugged(midi)
    found = told(cable)
    assert (CC, 11) in found
    assert (CC, 12) not in found
    pick_up(midi, cable, CC, 12, 95, 80, 64)
    midi.run(0.2)
    assert midi.stage.other.get("strip/13/level")["strip/13/level"].hand is None


def test_a_synthesiser_behind_an_interface_is_asked_once_who_it_is_and_told_nothing_more(midi: MidiStage) -> None:
    cable = plugged(midi, "USB MIDI Interface")
    midi.stage.other.set({"strip/1/level": -10})
    midi.run(1)
    assert cable.hear() == bytes((0xF0, 0, 0, 0x66, 0x14, 0, 0xF7, 0xF0, 0, 0, 0x66, 0x15, 0, 0xF7))
    cable.say(CC, 0, 80)          # a controller it is
    midi.run(0.5)
    assert len(cable.hear()) > 90


def test_what_a_controller_tells_as_it_is_plugged_in_moves_nothing(midi: MidiStage) -> None:
    midi.stage.other.save("a scene")
    midi.stage.other.set({"strip/1/mute": True, "strip/2/level": -30})
    midi.sync()
    before = midi.stage.other.history(3)
    cable = midi.plug("Controller")
    midi.run(0.1)
    cable.say(CC | 1, 0, 0, CC, 1, 20, CC, 1, 40, PROGRAM, 0)
    midi.run(0.3)
    for number in range(40):
        cable.say(CC, number, 127, CC | 1, number, 0)
    midi.run(3)
    assert midi.stage.other.history(3) == before


def test_a_controller_that_is_switched_on_later_opens_no_mute_and_lifts_no_fader(midi: MidiStage) -> None:
    midi.stage.other.set({f"strip/{n}/mute": True for n in range(1, 13)} | {f"strip/{n}/level": -30 for n in range(1, 13)})
    cable = plugged(midi, "MIDI interface")
    before = midi.stage.other.history(3)
    for number in range(12):
        cable.say(CC, number, 127, CC | 1, number, 0)
    midi.run(1)
    for number in range(12):
        cable.say(CC, number, 0, CC | 1, number, 0)
    midi.run(1)
    assert midi.stage.other.history(3) == before
    cable.say(CC | 1, 3, 0)
    midi.run(0.1)
    midi.has(strip__4__mute=False)          # but a hand does


def test_a_fader_counts_once_it_passed_the_value(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/1/level": -10})
    cable = plugged(midi)
    pick_up(midi, cable, CC, 0, 100, 90, 80, 70)
    assert midi.stage.other.get("strip/1/level")["strip/1/level"].hand == -10
    pick_up(midi, cable, CC, 0, 60)
    midi.settle(lambda: midi.stage.heard("strip/1/level") < -11, "passed")


def test_what_changes_elsewhere_is_told_back_but_not_into_a_hand(midi: MidiStage) -> None:
    cable = plugged(midi)
    assert told(cable)[CC, 0] == 95
    midi.stage.other.set({"strip/1/level": -10, "strip/2/mute": True, "strip/3/pan": -1})
    midi.sync()
    midi.run(0.5)
    found = told(cable)
    assert (found[CC, 0], found[CC | 1, 1], found[CC | 2, 2]) == (63, 127, 1)
    pick_up(midi, cable, CC, 0, 63, 66, 70, 75)
    midi.settle(lambda: midi.stage.heard("strip/1/level") > -7, "in the hand")
    midi.run(3)
    assert (CC, 0) not in told(cable)
    pick_up(midi, cable, CC, 0, 76, 77)
    eventually(lambda: midi.stage.heard("strip/1/level") > -5.8, 5, "in the hand")
    midi.stage.other.set({"strip/1/level": -30})
    midi.sync()
    midi.run(0.3)
    assert (CC, 0) not in told(cable)
    midi.run(2)
    assert told(cable)[CC, 0] == 32


@pytest.mark.parametrize("late", [0, 1, 2, 4])
def test_a_cable_that_sends_all_back_moves_nothing(midi: MidiStage, late: int) -> None:
    cable = plugged(midi)
    sent = [b""] * late
    for step in range(40):
        midi.stage.other.auto({"strip/1/level": -step / 5, "strip/2/trim": step / 10}, "round and round")
        midi.run(0.05)
        sent.append(cable.hear())
        if content := sent.pop(0):
            cable.say(*content)
    midi.run(0.5)
    assert all(midi.stage.other.get(path)[path].hand is None for path in ("strip/1/level", "strip/2/level", "main/level"))


def test_program_changes_recall_scenes_by_the_order_of_their_names(midi: MidiStage) -> None:
    midi.stage.other.set({"box/recall": 0})
    for level, name in ((-10, "b"), (-20, "a")):
        midi.stage.other.set({"strip/1/level": level})
        midi.stage.other.save(name)
    cable = plugged(midi)
    cable.say(PROGRAM, 1)
    midi.settle(lambda: midi.stage.heard("strip/1/level") == -10, "the second")
    assert midi.stage.other.history(1)[0]["by"] == "midi:nanoKONTROL Studio"
    cable.say(PROGRAM, 0)
    midi.settle(lambda: midi.stage.heard("strip/1/level") == -20, "the first")
    cable.say(PROGRAM, 64, PROGRAM, 7, PROGRAM | 1, 1)
    midi.run(0.5)
    assert midi.stage.heard("strip/1/level") == -20


def test_foot_switches_do_what_the_file_says(midi: MidiStage) -> None:
    midi.file.write_text("""
        [[device]]
        name = "x-touch mini"
        speaks = "mcu"
        [[map]]
        note = 60
        channel = 10
        path = "box/tap"
        how = "press"
        [[map]]
        cc = 80
        path = "group/1/mute"
        how = "toggle"
        [[map]]
        cc = 81
        path = "strip/1/talk"
        how = "hold"
        [[map]]
        cc = 11
        path = "box/depth"
        low = 20
        high = 80
        name = "pedal"
    """)
    cable = plugged(midi, "Foot Pedal")
    before = midi.stage.heard("box/tempo")
    for _ in range(3):
        cable.say(NOTE | 9, 60, 100, NOTE | 9, 60, 0)
        midi.run(0.2)
    midi.settle(lambda: midi.stage.heard("box/tempo") != before, "tapped")
    for on in (True, False):
        cable.say(CC, 80, 127, CC, 80, 0)
        midi.run(0.2)
        midi.has(group__1__mute=on)
    for value in (127, 0):
        cable.say(CC, 81, value)
        midi.run(0.2)
        midi.has(strip__1__talk=bool(value))
    midi.stage.other.set({"box/depth": 50})
    midi.sync()
    pick_up(midi, cable, CC, 11, 70, 60, 30, 0)
    midi.settle(lambda: midi.stage.heard("box/depth") == 20, "the lower end")
    midi.surface("X-Touch MINI", 2)
    assert midi.said[-1] == "midi: X-Touch MINI: here, as a surface"


def test_what_the_file_maps_counts_on_a_surface_too(midi: MidiStage) -> None:
    midi.file.write_text('[[map]]\nnote = 102\npath = "box/mute_all"\nhow = "toggle"\n')
    surface = midi.surface()
    surface.press(102)
    midi.settle(lambda: surface.lamps[16] == 1, "all are silent")
    surface.drag(0, 8392)
    midi.settle(lambda: midi.stage.heard("strip/1/level") == pytest.approx(-10, abs=0.01), "and the rest is as it was")


def test_a_wrong_file_is_told_line_by_line_and_what_held_before_still_does(midi: MidiStage) -> None:
    cable = plugged(midi)
    midi.said.clear()
    midi.file.write_text("""
        [[device]]
        name = "x"
        speaks = "french"
        [[map]]
        cc = 128
        note = 3
        path = "strip/99/level"
        [[map]]
        cc = 1
        path = "strip/1/level"
        low = -100
        colour = "red"
        [other]
    """)
    midi.run(2)
    assert midi.said == [
        "midi.toml: device 1: speaks 'french', expected one of mcu, extender, plain, off",
        "midi.toml: map 1: expected cc or note, one of them", "midi.toml: map 1: cc: 128 is not in 0..127",
        "midi.toml: map 1: strip/99/level: 99 is not in 1..32",
        "midi.toml: map 2: colour: not known, expected one of name, channel, cc, note, path, how, low, high",
        "midi.toml: other: not known, expected [[device]] or [[map]]"]
    pick_up(midi, cable, CC, 0, 95, 80)
    midi.settle(lambda: midi.stage.heard("strip/1/level") < -1, "as before")
    midi.file.write_text("[[map]\n")
    midi.run(2)
    assert midi.said[-1].startswith("midi.toml: ")
    midi.file.write_text('[[device]]\nname = "nano"\nspeaks = "off"\n')
    midi.run(2)
    assert midi.midi.devices == []
    midi.file.unlink()
    midi.run(2)
    assert len(midi.midi.devices) == 1


@pytest.mark.parametrize("name", ["Foot Pedal", "X-Touch"])
def test_a_pedal_that_is_pulled_while_a_foot_is_on_it_is_let_go(midi: MidiStage, name: str) -> None:
    midi.file.write_text("""
        [[map]]
        cc = 81
        path = "strip/1/talk"
        how = "hold"
    """)
    cable = plugged(midi, name)
    cable.say(CC, 81, 127)
    midi.run(0.2)
    midi.has(strip__1__talk=True)
    cable.pull()
    midi.run(0.2)
    midi.has(strip__1__talk=False)
