"""What NetworkManager is told, and how its lines are read: by a stand-in that answers as nmcli does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gigbox.commands import run
from gigbox.errors import MachineError
from gigbox.network import network
from gigbox.network.manager import HOTSPOT, Manager
from gigbox.network.settings import Settings

HERE = Settings("gigbox-1a2b", "abcdefgh23", "DE")


class Nmcli:
    """Answers by the beginning of a command; `refuses` are parts of commands that fail."""

    def __init__(self, radio: bool = True, refuses: str = "") -> None:
        self.told: list[list[str]] = []
        self._refuses = refuses
        self._answers = {"nmcli -t -f DEVICE,TYPE,STATE device": ("wlan0:wifi:disconnected\n" if radio else "") + "eth0:ethernet:connected\nlo:loopback:x\n",
                         "nmcli -t -f SSID,CHAN,SIGNAL": "Bar\\: gäste:36:80\n:40:70\nBand:44:90\n", "nmcli -t -g WIFI-PROPERTIES.5GHZ": "yes\n",
                         "nmcli -t -g IP4.ADDRESS": "192.168.1.7/24 | 10.0.0.2/8\n", "nmcli -t -f NAME connection": "Wired\n" + HOTSPOT + "\n"}

    def __call__(self, command: Sequence[str]) -> str:
        self.told.append(list(command))
        line = " ".join(command)
        if self._refuses and self._refuses in line:
            raise MachineError("nmcli: Error: Secrets were required, but not provided.")
        return next((answer for start, answer in self._answers.items() if line.startswith(start)), "")

    def lines(self) -> list[str]:
        return [" ".join(command) for command in self.told]


def test_the_hotspot_opens_on_the_channel_that_nobody_uses_in_place_of_the_old_one() -> None:
    nmcli = Nmcli()
    assert network.start(HERE, Manager(nmcli)) == "hotspot gigbox-1a2b on channel 48, 3 networks are heard"
    lines = nmcli.lines()
    assert "iw reg set DE" in lines
    added = next(line for line in lines if "connection add" in line)
    assert "ssid gigbox-1a2b" in added
    assert "band a 802-11-wireless.channel 48" in added
    assert lines.index(f"nmcli connection delete id {HOTSPOT}") < lines.index(added) < lines.index(f"nmcli connection up id {HOTSPOT}")


def test_no_country_no_five_ghz() -> None:
    nmcli = Nmcli()
    assert "on channel 1," in network.start(Settings("a", "12345678"), Manager(nmcli))
    assert not any("reg set" in line for line in nmcli.lines())


def test_a_network_is_joined_only_where_it_was_told_and_is_near() -> None:
    assert network.start(HERE.joining("Band", "geheim123"), Manager(Nmcli())) == "joined Band"
    assert network.start(HERE.joining("Elsewhere", "geheim123"), Manager(Nmcli())).startswith("hotspot")


def test_a_wrong_password_is_no_gig_without_a_page() -> None:
    assert network.start(HERE.joining("Band", "wrong-one"), Manager(Nmcli(refuses="up id Band"))).startswith("hotspot")


def test_names_with_colons_are_read_whole() -> None:
    assert [name for name, _ in Manager(Nmcli()).heard("wlan0")] == ["Bar: gäste", "", "Band"]


def test_a_neighbours_strange_name_keeps_no_box_from_its_hotspot() -> None:
    """What nmcli writes of `C:\\`, of `a\\:b`, and of a name with the end of a line in it."""
    nmcli = Nmcli()
    nmcli._answers["nmcli -t -f SSID,CHAN,SIGNAL"] = "C\\:\\\\:36:80\na\\\\\\:b:40:70\ntwo\nlines:44:60\nu\u2028v:48:50\n"
    assert [name for name, _ in Manager(nmcli).heard("wlan0")] == ["C:\\", "a\\:b", "lines", "u\u2028v"]
    assert network.start(HERE, Manager(nmcli)).startswith("hotspot gigbox-1a2b on channel")


@pytest.mark.parametrize(("refuses", "told"), [("wifi list", "on channel 36, 0 networks are heard; nmcli: Error"), ("5GHZ", "on channel 1, 3 networks"),
                                               ("reg set", "on channel 1, 3 networks are heard; nmcli: Error")])
def test_a_radio_that_does_not_answer_a_question_opens_the_hotspot_all_the_same(refuses: str, told: str) -> None:
    assert told in network.start(HERE, Manager(Nmcli(refuses=refuses)))


def test_a_network_that_is_called_as_a_word_of_nmcli_is_joined_by_its_name() -> None:
    nmcli = Nmcli()
    Manager(nmcli).join("wlan0", "ifname", "geheim123")
    assert "nmcli connection up id ifname" in nmcli.lines()


def test_a_box_without_a_radio_says_what_helps() -> None:
    assert network.start(HERE, Manager(Nmcli(radio=False))) == "no radio: the page is reached by an Ethernet cable"


def test_a_person_is_told_where_the_page_is() -> None:
    told = network.told(HERE, Manager(Nmcli()))
    assert "ethernet eth0   http://192.168.1.7, http://10.0.0.2" in told
    assert "abcdefgh23" in told


def test_a_machine_without_networkmanager_says_so() -> None:
    with pytest.raises(MachineError, match="no-such-nmcli: No such file or directory, expected a box"):
        run(["no-such-nmcli"])
    assert "No such file" in network.told(HERE, Manager(lambda command: run(["no-such-nmcli"])))
