"""Mackie Control: what a hand does is heard, what is heard is shown, and nothing moves by being plugged in."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.remote.surface import CHALLENGE, MidiStage, Surface

ZERO = 12588          # where 0 dB is printed: 4396 above the middle (guide 5b)


def hand(midi: MidiStage, path: str) -> object:
    return midi.stage.other.get(path)[path].hand


def test_a_surface_is_asked_who_it_is_and_shows_the_box(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/1/level": 10, "strip/2/level": -90, "strip/3/level": -10, "strip/4/mute": True, "strip/5/solo": True,
                          "strip/1/name": "Ännchen Müller", "box/depth": 80, "main/level": -30})
    surface = midi.surface()
    assert bytes((0xF0, 0, 0, 0x66, 0x14, 0, 0xF7)) in surface.words
    assert [surface.faders[n] for n in range(9)] == [16383, 0, 8392, ZERO, ZERO, ZERO, ZERO, ZERO, 4196]
    assert [surface.lamps[16 + n] for n in range(8)] == [0, 0, 0, 127, 0, 0, 0, 0]
    assert [surface.lamps[8 + n] for n in range(8)] == [0, 0, 0, 0, 127, 0, 0, 0]
    assert surface.lamps[115] == 127
    assert (surface.lamps[24], surface.lamps[25]) == (127, 0)
    assert [surface.upper(n) for n in range(3)] == ["Annche", "Ch 2", "Ch 3"]
    assert surface.lower(0) == "C"
    assert surface.controls[48] == 64 | 1 << 4 | 6
    assert surface.digits() == "PNDEPTH   80"
    assert midi.said == ["midi: X-Touch: here, as a surface"]


def test_nothing_is_set_by_being_plugged_in_whatever_the_surface_tells_of_itself(midi: MidiStage) -> None:
    before = midi.stage.other.history(5)
    cable = midi.plug("X-Touch")
    surface = Surface(midi, cable, 0x14)
    midi.surfaces.append(surface)
    midi.run(0.02)
    for pitch in (ZERO - 300, ZERO, ZERO + 300, 16383):
        for number in range(9):
            surface.slide(number, pitch)
    midi.run(3)
    for number in range(9):
        surface.slide(number, 16000)          # and again, untouched
    midi.run(1)
    assert midi.stage.other.history(5) == before


def test_a_fader_is_heard_where_it_is_put_and_its_motor_is_left_to_the_finger(midi: MidiStage) -> None:
    midi.stage.other.auto({"strip/3/level": -4.0}, "covers lead vocal")
    surface = midi.surface()
    surface.drag(2, 8392)
    midi.settle(lambda: midi.stage.heard("strip/3/level") == pytest.approx(-10, abs=0.01), "heard")
    assert hand(midi, "strip/3/level") == pytest.approx(-6, abs=0.01)
    assert midi.stage.other.history(1)[0]["by"] == "midi:X-Touch"
    assert (surface.upper(2), surface.lower(2)) == ("Ch 3", "-10dB") or surface.lower(2) == "-10.0"
    surface.moves.clear()
    midi.stage.other.set({"strip/3/level": -34.0, "strip/4/level": -34.0})
    midi.settle(lambda: (3, surface.faders[3]) in surface.moves and surface.faders[3] < 4000, "the one beside it moves")
    assert not [move for move in surface.moves if move[0] == 2], "a motor against the hand"
    surface.release(2)
    midi.settle(lambda: surface.faders[2] == surface.moves[-1][1] < 8000, "the motor has it back")


def test_a_finger_that_rests_on_a_fader_moves_nothing(midi: MidiStage) -> None:
    surface = midi.surface()
    before = midi.stage.other.history(1)
    surface.touch(4)
    for tremble in (5, -20, 30, -40, 12):
        surface.slide(4, ZERO + tremble)
    surface.release(4)
    midi.run(1)
    assert midi.stage.other.history(1) == before


def test_of_a_surface_that_feels_fingers_only_those_count_and_a_fader_that_was_let_go_is_put_right(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.touch(4)
    surface.slide(4, ZERO + 30)
    midi.run(0.1)
    surface.moves.clear()
    surface.release(4)
    midi.run(0.3)
    assert surface.moves == [(4, ZERO)]
    before = midi.stage.other.history(1)
    for pitch in range(ZERO - 500, ZERO + 500, 50):          # a motor that tells of itself
        surface.slide(4, pitch)
        surface.slide(5, pitch)
    midi.run(1)
    assert midi.stage.other.history(1) == before


def test_pulled_down_is_off_and_pushed_up_is_the_top(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.drag(0, 0)
    surface.drag(8, 16383)
    midi.settle(lambda: midi.stage.heard("strip/1/level") == -90 and midi.stage.heard("main/level") == 10, "both ends")


def test_a_motor_that_did_not_get_there_makes_nothing_leap(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/1/level": -30})
    surface = midi.surface()
    surface.touch(0)
    for step in range(12):
        surface.slide(0, ZERO + 40 * step)          # it stands at 0 dB, whatever it was sent
    midi.settle(lambda: hand(midi, "strip/1/level") != -30, "it moves")
    midi.run(0.5)
    assert midi.stage.heard("strip/1/level") < -25


def test_a_fader_that_becomes_another_strip_under_the_finger_makes_nothing_leap(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/9/level": -40})
    surface = midi.surface()
    surface.drag(0, ZERO - 500)
    midi.run(0.3)
    surface.press(47)
    surface.slide(0, ZERO - 500)
    surface.slide(0, ZERO - 300)
    midi.run(0.5)
    assert midi.stage.heard("strip/9/level") < -35


def test_what_others_put_elsewhere_under_a_finger_does_not_leap_back(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.drag(0, ZERO - 600)
    midi.settle(lambda: midi.stage.heard("strip/1/level") < -1, "in the hand")
    midi.run(0.6)
    midi.stage.other.set({"strip/1/level": -40})
    midi.settle(lambda: midi.mirror.value("strip/1/level") == -40, "a scene, say")
    surface.slide(0, ZERO - 500)
    midi.run(0.5)
    assert -41 < midi.stage.heard("strip/1/level") < -35


def test_a_surface_without_touch_takes_hold_as_it_passes_the_value(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/1/level": -10})
    surface = midi.surface()
    for pitch in range(2000, 8000, 400):
        surface.slide(0, pitch)
    midi.run(0.3)
    assert hand(midi, "strip/1/level") == -10
    for pitch in range(8000, 12600, 300):
        surface.slide(0, pitch)
    surface.moves.clear()
    for _ in range(10):
        surface.slide(0, 12500)
        midi.run(0.1)
    midi.settle(lambda: midi.stage.heard("strip/1/level") > -1, "passed")
    assert not surface.moves, "a motor, if there is one, against the hand"
    midi.run(2)
    assert surface.moves[-1][0] == 0, "but afterwards it is put right"


def test_buttons_of_strips(midi: MidiStage) -> None:
    surface = midi.surface()
    for note in (16 + 1, 8 + 2, 0 + 3):
        surface.press(note)
    midi.settle(lambda: surface.lamps[17] == surface.lamps[10] == 127, "lit")
    midi.has(strip__2__mute=True, strip__3__solo=True, tape__record=False)
    surface.press(17)
    surface.press(90)
    midi.settle(lambda: surface.lamps[17] == surface.lamps[10] == surface.lamps[115] == 0, "dark")


def test_a_mute_that_is_not_its_own_flashes(midi: MidiStage) -> None:
    surface = midi.surface()
    midi.stage.other.set({"strip/1/group/2/on": True, "group/2/mute": True, "strip/2/group/2/on": True, "strip/2/mute_safe": True})
    midi.settle(lambda: surface.lamps[16] == 1, "flashing")
    assert (surface.lamps[17], surface.lamps[18]) == (0, 0)
    surface.press(87)
    midi.settle(lambda: surface.lamps[18] == 1 and surface.lamps[87] == 127, "all")
    midi.settle(lambda: midi.stage.other.get("box/mute_all")["box/mute_all"].value is True, "at the desk, too")


def test_banks_of_a_box_of_32_strips_and_of_12(midi: MidiStage) -> None:
    midi.rack.channels = 32
    midi.stage.other.set({f"strip/{n}/name": f"S{n}" for n in range(1, 33)})
    surface = midi.surface()
    for first in (9, 17, 25, 25):
        surface.press(47)
        midi.settle(lambda: surface.upper(0) == f"S{first}", f"bank of {first}")          # noqa: B023
    surface.press(48)
    midi.settle(lambda: surface.upper(0) == "S24", "one to the left")
    surface.press(49)
    surface.press(49)
    midi.settle(lambda: surface.upper(7) == "S32", "not beyond the end")
    for _ in range(4):
        surface.press(46)
    midi.settle(lambda: surface.upper(0) == "S1", "home")


def test_only_strips_that_the_box_has(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.press(47)
    midi.settle(lambda: surface.upper(3) == "Ch 12" and surface.upper(4) == "", "four strips")
    assert [surface.faders[n] for n in range(3, 6)] == [ZERO, 0, 0]
    surface.drag(5, 9000)
    surface.press(16 + 5), surface.press(24 + 5), surface.press(32 + 5)
    surface.turn(16 + 5, 3)
    midi.run(0.5)
    assert surface.lamps[24 + 5] == 0
    surface.press(44)
    surface.turn(16, 8)
    midi.settle(lambda: midi.stage.heard("strip/1/eq/1/gain") == pytest.approx(3), "the strip that was selected still is")
    assert midi.stage.other.get("strip/14/level")["strip/14/level"].hand is None


def test_knobs_turn_pan_and_what_the_page_says_of_the_selected_strip(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.turn(16, 10)
    surface.turn(17, -10)
    midi.settle(lambda: midi.stage.heard("strip/1/pan") == pytest.approx(20 / 96) and midi.stage.heard("strip/2/pan") == pytest.approx(-20 / 96), "pan")
    assert (surface.lower(0), surface.lower(1)) == ("R21", "L21")
    surface.press(32)
    midi.settle(lambda: midi.stage.heard("strip/1/pan") == 0, "pushed: back to the middle")
    surface.press(24 + 2)
    surface.press(44)
    surface.turn(16, 8)
    midi.settle(lambda: midi.stage.heard("strip/3/eq/1/gain") == pytest.approx(3), "bass of strip 3")
    assert (surface.upper(0), surface.upper(1), surface.lower(0), surface.digits()[:2]) == ("Gain1", "Freq1", "3.0 dB", "EQ")
    surface.press(40)
    surface.turn(16, 4)
    midi.settle(lambda: midi.stage.heard("strip/1/trim") == pytest.approx(2), "trim of strip 1")
    surface.press(41)
    surface.turn(17, 12)
    midi.settle(lambda: midi.stage.heard("strip/3/send/2/level") > -90, "send of strip 3 to monitor 2")
    surface.press(45)
    midi.settle(lambda: surface.upper(4) == "Comp", "dynamics")


def test_sends_on_faders(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/1/send/2/level": -10, "monitor/2/level": -30, "strip/1/level": 0})
    surface = midi.surface()
    surface.press(50)
    midi.settle(lambda: surface.digits()[:2] == "M1" and surface.faders[0] == 0, "monitor 1")
    surface.press(99)
    midi.settle(lambda: surface.digits()[:2] == "M2" and surface.faders[0] == 8392 and surface.faders[8] == 4196 and surface.lamps[50] == 127, "monitor 2")
    surface.drag(1, ZERO)
    midi.settle(lambda: midi.stage.heard("strip/2/send/2/level") == pytest.approx(0, abs=0.01), "a send")
    assert midi.stage.other.get("strip/2/level")["strip/2/level"].hand is None
    surface.release(1)
    surface.press(50)
    midi.settle(lambda: surface.faders[0] == ZERO and surface.lamps[50] == 0, "faders again")


def test_groups_effects_and_monitors_have_faders_too(midi: MidiStage) -> None:
    surface = midi.surface()
    for note, name, path in ((67, "Grp 1", "group/1/level"), (66, "FX 1", "fx/1/level"), (68, "Mon 1", "monitor/1/level")):
        surface.press(note)
        midi.settle(lambda: surface.upper(0) == name, name)          # noqa: B023
        surface.drag(0, 8392)
        midi.settle(lambda: midi.stage.heard(path) == pytest.approx(-10, abs=0.01), path)          # noqa: B023
        surface.release(0)
    surface.press(51)
    midi.settle(lambda: surface.upper(0) == "Ch 1", "strips again")


def test_the_wheel_turns_how_much_of_the_box_is_heard(midi: MidiStage) -> None:
    surface = midi.surface()
    for _ in range(30):
        surface.turn(60, -1)
    midi.settle(lambda: midi.stage.heard("box/depth") == 70, "depth")
    midi.settle(lambda: surface.digits() == "PNDEPTH   70", "on the digits")
    surface.press(43)
    surface.turn(17, -1)
    midi.settle(lambda: midi.stage.other.get("box/mode")["box/mode"].value == "soundcheck" and surface.lamps[75] == 127, "soundcheck")
    assert surface.lamps[74] == 127
    surface.press(74)
    midi.settle(lambda: midi.stage.other.get("box/freeze")["box/freeze"].value is True and surface.lamps[74] == 0, "frozen")


def test_record_stop_tap_undo_and_scenes(midi: MidiStage) -> None:
    other = midi.stage.other
    for level, name in ((-10, "b second"), (-20, "a first")):
        other.set({"strip/1/level": level, "box/recall": 0})
        other.save(name)
    surface = midi.surface()
    surface.press(95)
    midi.settle(lambda: other.get("tape/record")["tape/record"].value is True and surface.lamps[95] == surface.lamps[0] == 127, "records")
    surface.press(93)
    midi.settle(lambda: other.get("tape/record")["tape/record"].value is False and surface.lamps[95] == 0, "stopped")
    surface.press(55)
    midi.settle(lambda: midi.stage.heard("strip/1/level") == -10 and surface.row() == "Scene: b second", "the second by name")
    surface.press(81)
    midi.settle(lambda: midi.stage.heard("strip/1/level") == -20, "undone")
    surface.press(56)
    midi.settle(lambda: surface.row() == "There is no scene 3", "told")
    before = midi.stage.heard("box/tempo")
    for _ in range(3):
        surface.press(89)
        midi.run(0.01)
    midi.settle(lambda: midi.stage.heard("box/tempo") != before, "tapped")


def test_a_move_of_the_box_is_told_with_its_reason_where_no_hand_is_busy(midi: MidiStage) -> None:
    surface = midi.surface()
    why = "Keys -2.5 dB: covers lead vocal"
    midi.mirror._clock = lambda: midi.now
    midi.stage.other.auto({"strip/3/level": -2.5}, why)
    midi.settle(lambda: surface.row() == why, "told")
    surface.turn(16, 1)
    midi.settle(lambda: surface.row() != why, "a hand ends it")
    midi.run(12)
    surface.turn(16, 1)
    midi.run(0.1)
    midi.stage.other.auto({"strip/5/level": -1.5}, "Bass -1.5 dB: covers keys")
    midi.settle(lambda: midi.mirror.reason and midi.mirror.reason.why.startswith("Bass"), "known")
    assert surface.row() != "Bass -1.5 dB: covers keys", "a hand is busy"
    surface.press(52)
    midi.settle(lambda: surface.row() == "Bass -1.5 dB: covers keys", "asked for")


def test_meters_are_told_again_and_again_and_what_clipped_is_shown(midi: MidiStage) -> None:
    surface = midi.surface()
    midi.rack.arrays["strips.out_peak"][:3] = (10 ** (-15 / 20), 1.0, 0.0)
    midi.run(1)
    assert {value >> 4 for value in surface.pressures} == {0, 1}
    assert surface.pressures.count(0x05) > 10
    assert 0x1C in surface.pressures
    assert 0x1E in surface.pressures
    midi.rack.arrays["strips.out_peak"][:] = 0
    surface.pressures.clear()
    midi.run(3)
    assert surface.pressures == [0x1F]


@pytest.mark.parametrize("model", [0x14, 0x15])
def test_a_surface_behind_an_interface_that_nobody_knows_is_asked_answered_and_told_all(midi: MidiStage, model: int) -> None:
    surface = midi.surface("Some MIDI interface", model=model, serial=b"ABCDEFG")
    c = CHALLENGE          # as Logic Control's manual has it
    expected = (0x7F & (c[0] + (c[1] ^ 0x0A) - c[3]), 0x7F & ((c[2] >> 4) ^ (c[0] + c[3])), 0x7F & ((c[3] - (c[2] << 2)) ^ (c[0] | c[1])),
                0x7F & (c[1] - c[2] + (0xF0 ^ (c[3] << 4))))
    answer = bytes((0xF0, 0, 0, 0x66, model, 2, *surface.serial, *expected, 0xF7))
    assert surface.words.count(answer) == 1
    surface.cable.say(0xF0, 0, 0, 0x66, model, 3, *surface.serial, 0xF7)
    midi.run(2)
    assert surface.words.count(answer) == 1
    assert (surface.faders[0], surface.upper(0)) == (ZERO, "Ch 1")
    kind = "a surface" if model == 0x14 else "an extender"
    assert midi.said == ["midi: Some MIDI interface: here, as a controller", f"midi: Some MIDI interface: here, as {kind}"]


def test_a_device_that_is_now_this_and_now_that_is_what_it_said_first(midi: MidiStage) -> None:
    surface = midi.surface("Some MIDI interface")
    midi.surfaces.clear()
    for _ in range(30):
        for model in (0x14, 0x15):
            surface.cable.say(0xF0, 0, 0, 0x66, model, 1, *b"ABCDEFG", *CHALLENGE, 0xF7)
        midi.run(0.02)
    assert midi.said == ["midi: Some MIDI interface: here, as a controller", "midi: Some MIDI interface: here, as a surface"]


def test_a_surface_that_was_switched_on_anew_is_answered_and_told_all_anew(midi: MidiStage) -> None:
    surface = midi.surface(serial=b"ABCDEFG")
    surface.faders.clear(), surface.lamps.clear(), surface.words.clear()
    surface.ask()
    midi.run(1)
    assert len([word for word in surface.words if word[5] == 2]) == 1
    assert (surface.faders[0], surface.lamps[24]) == (ZERO, 127)


def test_a_surface_that_asks_for_a_mixer_gets_its_answer_each_time(midi: MidiStage) -> None:
    surface = midi.surface()
    for _ in range(3):
        surface.words.clear()
        surface.cable.say(0xF0, 0x00, 0x20, 0x32, 0x58, 0x54, 0x00, 0xF7)
        midi.run(0.3)
        assert bytes((0xF0, 0, 0, 0x66, 0x14, 0, 0xF7)) in surface.words


def test_an_engine_that_stands_still_shows_no_meters_and_keeps_its_strips(midi: MidiStage) -> None:
    surface = midi.surface()
    midi.rack.arrays["strips.out_peak"][:] = 0.1
    midi.run(0.5)
    assert surface.pressures
    midi.rack.stands = True
    midi.run(1.5)
    surface.pressures.clear()
    midi.run(1)
    assert (surface.pressures, surface.upper(7)) == ([], "Ch 8")


def test_scribble_strips_have_the_strips_colours_where_a_surface_has_lamps_for_them(midi: MidiStage) -> None:
    midi.stage.other.set({"strip/1/colour": "red", "strip/2/colour": "cyan"})
    colours = [[word[6:-1] for word in midi.surface(name, card).words if word[5] == 0x72] for card, name in enumerate(("X-Touch", "Platform M+"), 1)]
    assert colours == [[bytes((1, 6, 7, 7, 7, 7, 7, 7))], []]


def test_two_surfaces_look_at_different_things_and_show_one_box(midi: MidiStage) -> None:
    left, right = midi.surface("X-Touch", 1), midi.surface("Platform M+", 2)
    right.press(47)
    midi.settle(lambda: right.upper(0) == "Ch 9" and left.upper(0) == "Ch 1", "different banks")
    right.press(46)
    left.drag(3, 8392)
    midi.settle(lambda: right.faders[3] == 8392, "the other's motor follows")
    right.press(16)
    midi.settle(lambda: left.lamps[16] == 127, "and its lamp")


def test_an_extender_goes_on_where_the_surface_ends(midi: MidiStage) -> None:
    midi.rack.channels = 24
    main = midi.surface("X-Touch", 1)
    more = midi.surface("X-Touch-Ext", 2, 0x15)
    midi.settle(lambda: (main.upper(0), more.upper(0)) == ("Ch 1", "Ch 9"), "side by side")
    more.drag(1, 8392)
    midi.settle(lambda: midi.stage.heard("strip/10/level") == pytest.approx(-10, abs=0.01), "its second fader is strip 10")
    more.press(24)
    midi.settle(lambda: more.lamps[24] == 127 and main.lamps[24] == 0, "one is selected")
    main.press(47)
    midi.settle(lambda: main.upper(0) == "Ch 17" and more.upper(0) == "", "a bank of sixteen")
    main.cable.pull()
    midi.surfaces.remove(main)
    midi.settle(lambda: more.upper(0) == "Ch 17", "alone")


def test_unplugged_while_a_fader_moves_and_plugged_in_again(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.drag(0, 9000)
    midi.run(0.02)
    surface.slide(0, 8392)
    surface.cable.say(0xE0, 0x10)          # cut in the middle
    midi.run(0.1)
    surface.cable.pull()
    midi.surfaces.clear()
    midi.settle(lambda: any("gone" in line for line in midi.said), "it is seen")
    midi.settle(lambda: midi.stage.heard("strip/1/level") == pytest.approx(-10, abs=0.01), "the last move counts")
    again = midi.surface()
    assert again.faders[0] == 8392
    assert len(midi.said) == 3


def test_a_surface_that_takes_nothing_hinders_nobody_and_is_right_when_it_takes_again(midi: MidiStage) -> None:
    surface, other = midi.surface("X-Touch", 1), midi.surface("Platform M+", 2)
    midi.surfaces.remove(surface)          # nobody reads there
    outbox = midi.midi.devices[0].speaker.outbox          # type: ignore[union-attr]
    write, outbox._write = outbox._write, lambda content: 0          # type: ignore[method-assign]
    for step in range(200):
        midi.mirror.set({"strip/1/level": -step / 5}, "test")
        midi.run(0.02)
    midi.settle(lambda: other.faders[0] < 5000, "the other is served")
    assert [line for line in midi.said if "takes nothing" in line] == ["midi: X-Touch: takes nothing, it is told all anew when it does"]
    outbox._write = write          # type: ignore[method-assign]
    surface.cable.hear()
    midi.surfaces.append(surface)
    midi.settle(lambda: surface.faders[0] == other.faders[0], "the newest state")


def test_messages_are_apart(midi: MidiStage) -> None:
    surface = midi.surface()
    surface.press(47)
    counted = []
    for _ in range(40):
        before = surface.messages
        midi.run(0.005)          # one turn
        counted.append(surface.messages - before)
    assert max(counted) <= 1          # of turns that are 5 ms apart


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([bytes((0xF0, 0, 0, 0x66, 0x14, 1)), b"\xe0\x7f\x7f", b"\x90\x68\x7f", b"\x90\x2f\x7f"])),
                max_size=12))
def test_a_broken_cable_breaks_nothing(midi: MidiStage, pieces: list[bytes]) -> None:
    if not midi.surfaces:
        midi.surface()
    surface = midi.surfaces[0]
    for piece in pieces:
        surface.cable.say(*piece)
        midi.run(0.02)
    surface.cable.say(0xF7)
    midi.run(0.1)
    assert len(midi.midi.devices) == 1


@pytest.mark.parametrize("late", [0, 1, 4])
def test_faders_that_feel_no_finger_and_tell_where_their_motors_go_move_nothing(midi: MidiStage, late: int) -> None:
    surface = midi.surface()
    surface.moves.clear()
    sent: list[list[tuple[int, int]]] = [[]] * late
    for step in range(40):
        midi.stage.other.auto({"strip/1/level": -step / 5}, "round and round")
        midi.run(0.05)
        sent.append(list(surface.moves))
        surface.moves.clear()
        for number, pitch in sent.pop(0):
            surface.slide(number, pitch)
    midi.run(0.5)
    assert midi.stage.other.get("strip/1/level")["strip/1/level"].hand is None
