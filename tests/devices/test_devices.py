"""What cards are found, which one the box takes, and what `gigbox devices` tells of them: with a fake of ALSA, and on a machine without any card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gigbox import cli
from gigbox.cli.parser import device_of
from gigbox.devices import alsa as seam
from gigbox.devices import in_use
from gigbox.devices.cards import Card, Side, found
from gigbox.devices.choice import choose
from gigbox.devices.listing import rows, table
from gigbox.devices.preamps import knobs
from gigbox.devices.profiles import profile_of, profiles
from gigbox.errors import GigboxError, MachineError

from .fakes import FakeAlsa, FakeCard, FakeControl, FakeSide, dac8x, hdmi, scarlett, stereo


def cards(*here: FakeCard) -> list[Card]:
    return found(FakeAlsa(*here))


def test_a_card_tells_its_channels_rates_and_formats() -> None:
    card, = cards(stereo())
    assert card.capture == Side(2, 2, (44100, 48000, 88200, 96000, 176400, 192000), ("S32_LE", "S16_LE"))
    assert card.playback == Side(2, 2, (48000, 96000, 192000), ("S32_LE", "S16_LE"))


@pytest.mark.parametrize(("told", "rates"), [(48000, (48000,)), ((44100, 96000), (44100, 48000, 88200, 96000)), ([96000, 48000], (48000, 96000))])
def test_rates_are_understood_in_all_three_ways_of_pyalsaaudio(told: object, rates: tuple[int, ...]) -> None:
    card, = cards(FakeCard("a", "a", "", FakeSide([2], rates=told), FakeSide([2])))
    assert card.capture is not None
    assert card.capture.rates == rates


def test_controls_are_told_with_kind_direction_and_decibels() -> None:
    card, = cards(scarlett())
    told = {control.name: (control.kind, control.capture, control.low_db, control.high_db) for control in card.controls}
    assert told["Line In 1 Gain"] == ("volume", True, 0, 69)
    assert told["Line In 1-2 Phantom Power"] == ("switch", True, None, None)
    assert told["Line In 1 Level"][0] == "choice"
    assert told["Master"] == ("volume", False, -127, 0)


def test_a_control_or_a_card_that_goes_while_it_is_looked_at_is_left_out() -> None:
    card = scarlett()
    card.controls[0].broken = True
    assert "Line In 1 Gain" not in [control.name for control in cards(card)[0].controls]


@pytest.mark.parametrize(("card", "profile"), [
    (dac8x(), "dac8x-adc8x"), (scarlett(), "usb"), (stereo(), "stereo"), (hdmi(), None),
    (FakeCard("x", "snd_rpi_hifiberry_studio_dac8x", "", FakeSide([8]), FakeSide([8])), "studio-dac8x"),
    (FakeCard("ezsound", "ezsound-6x8iso", "", FakeSide([6]), FakeSide([8])), "ezsound"),
], ids=lambda x: getattr(x, "id", x))
def test_each_card_has_the_profile_of_its_kind(card: FakeCard, profile: str | None) -> None:
    fits = profile_of(cards(card)[0])
    assert (fits.name if fits else None) == profile


def test_the_profiles_are_the_six_of_the_design() -> None:
    assert [profile.name for profile in profiles()] == ["dac8x-adc8x", "studio-dac8x", "ezsound", "usb", "stereo", "sim"]


def test_the_best_card_is_taken_wherever_it_stands() -> None:
    assert choose(cards(hdmi(), stereo(), scarlett(), dac8x())).card == "sndrpihifiberry"
    device = choose(cards(hdmi(), stereo(), scarlett()))
    assert (device.card, device.capture, device.inputs, device.outputs) == ("USB", "hw:CARD=USB,DEV=0", 6, 4)


def test_without_a_card_that_has_both_directions_the_simulated_one_is_taken() -> None:
    assert choose([]).simulated
    assert choose(cards(hdmi())).simulated


def test_a_card_with_too_few_inputs_is_none_of_its_profile() -> None:
    alone = FakeCard("sndrpihifiberry", "snd_rpi_hifiberry_dac8x", "", None, FakeSide([8]))       # the DAC without its ADC
    assert choose(cards(alone)).simulated
    with pytest.raises(MachineError, match="has no inputs, expected both on one card"):
        choose(cards(alone), "sndrpihifiberry")


@pytest.mark.parametrize(("wish", "card"), [("usb", "USB"), ("USB", "USB"), ("1", "USB"), ("hw:1", "USB"), ("stereo", "pisound"), ("pisound", "pisound")])
def test_a_card_is_asked_for_by_profile_id_or_number(wish: str, card: str) -> None:
    assert choose(cards(stereo(), scarlett()), wish).card == card


def test_names_of_alsa_are_taken_as_they_are() -> None:
    device = choose([], "hw:Loopback,1,0+hw:Loopback,1,1")
    assert (device.capture, device.playback) == ("hw:Loopback,1,0", "hw:Loopback,1,1")
    assert choose([], "hw:2,0").playback == "hw:2,0"


def test_what_is_no_card_and_no_profile_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(GigboxError, match=r"--device: 'foo' is no profile .dac8x-adc8x, studio-dac8x, ezsound, usb, stereo, sim. and no card .here: USB") as e:
        choose(cards(scarlett()), "foo")
    assert e.value.exit_code == 2


def test_a_profile_whose_card_is_missing_says_what_to_put_into_config_txt() -> None:
    with pytest.raises(MachineError, match=r"--device dac8x-adc8x: no such card is found, .*dtoverlay=hifiberry-dac8x") as e:
        choose(cards(scarlett()), "dac8x-adc8x")
    assert e.value.exit_code == 1


def test_a_card_that_another_program_holds_is_still_known_by_its_name() -> None:
    held = dac8x()
    held.capture, held.playback = FakeSide([8], busy=True), FakeSide([8], busy=True)
    card, = cards(held)
    assert card.busy
    assert choose([card]).profile == "dac8x-adc8x"
    assert "another program holds it" in table([card])


def test_gains_phantom_and_pads_are_found_for_their_inputs() -> None:
    card, = cards(scarlett())
    profile = profile_of(card)
    assert profile is not None
    told = {(knob.kind, knob.inputs): (knob.control, knob.low, knob.high) for knob in knobs(profile, card.controls)}
    assert told == {("gain", (1,)): ("Line In 1 Gain", 0, 69), ("gain", (2,)): ("Line In 2 Gain", 0, 69),
                    ("phantom", (1, 2)): ("Line In 1-2 Phantom Power", 0, 1), ("pad", (1,)): ("Line In 1 Pad", 0, 1), ("pad", (2,)): ("Line In 2 Pad", 0, 1)}


@pytest.mark.parametrize(("control", "inputs"), [
    (FakeControl("Mic", db=(0, 40), channels=4), [(1,), (2,), (3,), (4,)]),
    (FakeControl("ADC2", db=(0, 40), channels=2), [(3,), (4,)]),
    (FakeControl("Mic-AN3 Gain", db=(0, 65)), [(3,)]),
    (FakeControl("Mic 1", db=None, switch=True), []),
    (FakeControl("Mic 1", db=(0, 40), playback=True), []),
    (FakeControl("Mic 1 Boosts", db=(0, 40)), []),
], ids=lambda x: getattr(x, "name", ""))
def test_other_names_are_read_as_their_makers_meant_them(control: FakeControl, inputs: list[tuple[int, ...]]) -> None:
    card, = cards(replace(scarlett(), controls=[control]))
    usb = next(p for p in profiles() if p.name == "usb")
    assert [knob.inputs for knob in knobs(usb, card.controls) if knob.kind == "gain"] == inputs


def test_a_gain_without_decibels_is_none_because_it_could_not_be_taken_back() -> None:
    card, = cards(replace(scarlett(), controls=[FakeControl("Mic", db=(0, 0))]))
    usb = next(p for p in profiles() if p.name == "usb")
    assert knobs(usb, card.controls) == ()


def test_the_table_has_a_line_a_card_what_is_wrong_with_it_and_which_one_is_taken() -> None:
    told = table(cards(hdmi(), scarlett())).splitlines()
    assert told[0].split() == ["card", "name", "in", "out", "rates", "formats", "profile"]
    assert told[1].split()[:4] == ["vc4hdmi0", "vc4-hdmi-0", "0", "2"]
    assert told[2] == "  has no inputs: the box needs both on one card"
    assert told[3].split()[0] == "USB"
    assert "gain of input 1: Line In 1 Gain (0 to 69 dB)" in told[4]
    assert "phantom of input 1-2: Line In 1-2 Phantom Power" in told[4]
    assert told[5] == "  controls: Line In 1 Level (Line | Inst), Master (-127 to 0 dB)"
    assert told[-1] == "gigbox run plays through USB (usb); another one: gigbox run --device CARD"


def test_a_card_of_another_rate_says_so() -> None:
    assert "does not run at 48000 Hz" in table(cards(FakeCard("a", "a", "", FakeSide([2], rates=44100), FakeSide([2], rates=44100))))


def test_json_has_everything_of_the_table() -> None:
    told = json.loads(json.dumps(rows(cards(hdmi(), scarlett()))))
    assert told["taken"]["card"] == "USB"
    assert [card["profile"] for card in told["cards"]] == [None, "usb"]
    assert told["cards"][1]["capture"]["most"] == 6
    assert len(told["cards"][1]["preamps"]) == 5


def test_a_machine_without_a_card_says_what_to_do_and_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(seam, "library", FakeAlsa)
    assert cli.main(["devices"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("gigbox: no sound card is found here, so the box plays through the simulated one. Plug in a USB interface")
    assert "dtoverlay=hifiberry-dac8x" in told.err
    assert told.err.count("\n") == 1


def test_json_without_a_card_is_json_all_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(seam, "library", FakeAlsa)
    assert cli.main(["devices", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["cards"], told["taken"]["profile"]) == ([], "sim")


def test_this_very_machine_is_looked_at_through_the_real_library() -> None:
    real = seam.library()
    listed = found(real)
    assert len(listed) <= len(real.cards())
    assert choose(listed).profile in [profile.name for profile in profiles()]


@pytest.mark.parametrize("command", ["run", "engine"])
@pytest.mark.parametrize(("words", "code", "line"), [
    (["--device", "foo"], 2, "--device: 'foo' is no profile (dac8x-adc8x, studio-dac8x, ezsound, usb, stereo, sim) and no card (here: USB)"),
    (["--device", "ezsound"], 1, "--device ezsound: no such card is found, expected ezsound-6x8iso, Raspberry Pi 5; on a Raspberry Pi config.txt says "
                                 "dtoverlay=ezsound-6x8iso"),
    (["--device", "foo", "--song", "."], 2, "--device: 'foo' is no profile (dac8x-adc8x, studio-dac8x, ezsound, usb, stereo, sim) and no card (here: USB)"),
    (["--device", "USB", "--period", "77"], 2, "--period: 77 is not one of 32, 64, 128, 256"),
])
def test_a_device_that_cannot_be_had_is_refused_before_anything_starts(
        command: str, words: list[str], code: int, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr(seam, "library", lambda: FakeAlsa(scarlett()))
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    assert cli.main([command, *words]) == code
    assert capsys.readouterr().err == f"gigbox: {line}\n"


def test_a_song_that_is_named_is_heard_though_there_is_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seam, "library", lambda: FakeAlsa(scarlett()))
    parse = cli.parser().parse_args
    assert device_of(parse(["run", "--song", "x"])).simulated
    assert device_of(parse(["run", "--device", "sim"])).simulated
    assert device_of(parse(["run", "--device", "USB", "--song", "x"])).card == "USB"
    assert device_of(parse(["run"])).card == "USB"


def test_what_asks_for_a_device_again_finds_the_same(tmp_path: Path) -> None:
    here = cards(stereo(), scarlett())
    for wish in ("", "stereo", "hw:Loopback,1,0+hw:Loopback,1,1", "sim"):
        device = choose(here, wish)
        assert choose(here, device.wish) == device


def test_which_card_is_played_through_is_told_beside_the_rack(tmp_path: Path) -> None:
    assert in_use.read(tmp_path / "rack") is None
    device = choose(cards(scarlett()))
    in_use.tell(tmp_path / "rack", device)
    assert in_use.read(tmp_path / "rack") == device
    (tmp_path / in_use.NAME).write_text('{"profile": "usb", "stars": 3}')
    assert in_use.read(tmp_path / "rack") is None
