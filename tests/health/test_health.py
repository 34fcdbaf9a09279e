"""One structure from the desk and without it; each trouble is a line with its remedy; the command ends with 1 where there is one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk.fakes import Box, Inline

from gigbox import cli
from gigbox.desk.client import Client
from gigbox.desk.vitals import Vitals
from gigbox.errors import GigboxError
from gigbox.health.alone import without_desk
from gigbox.health.health import health
from gigbox.health.words import table

SOUND: dict[str, Any] = {
    "strips": 8, "period": 64, "realtime": True, "card": {"state": "running", "inputs": 8, "outputs": 8, "periods": 2},
    "latency_ms": {"main": 7.23, "monitor": 3.56}, "load": {"mean": 12.0, "p999": 31.2, "worst": 48.0},
    "xruns": 2, "xruns_lately": 0, "causes": {"load": 0, "late": 2, "card": 0, "suspended": 0, "stood": 0, "gone": 0},
    "recoveries": 2, "underruns": 0, "faults": 0, "clipping": [], "denoiser": "model", "gains": {"age_ms": 5.3, "late": False, "late_times": 0}}
MACHINE: dict[str, Any] = {"temperature_c": 51.0, "throttling": None, "memory_mb": 4000, "memory_free_mb": 3000, "disk_mb": 30000, "disk_free_mb": 9000,
                           "load_average": 1.0}
DESK: dict[str, Any] = {"clients": ["brain", "web"], "disk": "well", "slowest_s": 0.01}


def wrong(part: str, **values: Any) -> list[str]:
    """The troubles where one thing is otherwise."""
    told = copy.deepcopy({"sound": SOUND, "machine": MACHINE, "desk": DESK})
    for key, value in values.items():
        told[part][key] = {**told[part][key], **value} if isinstance(value, dict) and told[part][key] else value
    return list(health(told["sound"], told["machine"], told["desk"])["troubles"])


def test_a_box_that_is_well_has_no_trouble_and_says_so() -> None:
    told = health(SOUND, MACHINE, DESK)
    assert told["troubles"] == []
    lines = table(told).splitlines()
    assert lines[-1] == "all is well"
    assert "latency      main 7.23 ms, monitor 3.56 ms" in lines
    assert "load         mean 12 %, p99.9 31.2 %, worst 48 %" in lines
    assert "missed       2 periods (2 x the machine woke the audio thread too late), 2 recoveries, 0 faults" in lines
    assert "clients      brain, web" in lines


@pytest.mark.parametrize(("part", "values", "line"), [
    ("sound", {"card": {"state": "unplugged"}}, "card: unplugged, nothing is heard until it is back"),
    ("sound", {"realtime": False}, "engine: has no real-time priority, expected SCHED_FIFO; type: gigbox doctor"),
    ("sound", {"load": {"p999": 95.3}}, "load: 95.3 % of a period at the 99.9th percentile, expected less than 90 %; take a longer --period"),
    ("sound", {"xruns_lately": 1}, "sound: 1 period missed within the last minute, expected none; type: gigbox doctor, or take a longer --period"),
    ("sound", {"xruns_lately": 34}, "sound: 34 periods missed within the last minute, expected none; type: gigbox doctor, or take a longer --period"),
    ("sound", {"clipping": [3]}, "strip 3: its input clips again and again; turn down the gain of the preamplifier before it"),
    ("sound", {"gains": {"late": True}}, "denoiser: the brain's gains are late, the classical one stands in"),
    ("machine", {"temperature_c": 82.5}, "temperature: 82.5 degrees, expected less than 80; give it air"),
    ("machine", {"throttling": {"now": {"under_voltage": True}, "since": {}}}, "processor: the supply is too weak: use the Pi's own (27 W), and a short cable"),
    ("machine", {"disk_free_mb": 90}, "disk: 90 MB free, expected 200 MB"),
    ("machine", {"memory_free_mb": 50}, "memory: 50 MB free, expected 100 MB"),
    ("desk", {"disk": "failing"}, "desk: its disk is failing; what is set now may be lost with the power"),
])
def test_each_trouble_is_one_line_that_says_what_was_expected_or_to_be_done(part: str, values: dict[str, Any], line: str) -> None:
    assert wrong(part, **values) == [line]


def test_without_engine_and_desk_both_are_told() -> None:
    assert health(None, MACHINE, None)["troubles"] == ["engine: does not play; type: gigbox run", "desk: does not answer; faders stay where they are"]
    assert "sound" in table(health(None, MACHINE, None))


def test_a_rack_that_nobody_plays_from_is_no_engine(tmp_path: Path) -> None:
    assert without_desk(tmp_path / "rack", tmp_path)["sound"] is None


def test_the_desk_tells_the_same_structure_to_everybody(box: Box, connect: Callable[..., Client]) -> None:
    box.stop()
    box.vitals = Vitals(lambda now: SOUND, lambda: MACHINE)
    box.start()
    client = connect("ann")
    told = client.report("health")["told"]
    assert told == {"sound": SOUND, "machine": MACHINE, "desk": {**told["desk"], "disk": "well"}, "troubles": []}
    assert "ann" in told["desk"]["clients"] or "somebody" in told["desk"]["clients"]
    with pytest.raises(GigboxError, match="report 'health': is the desk's own, expected another name"):
        client.post("health", {})


def test_a_machine_that_takes_its_time_holds_no_hand_up() -> None:
    looks: list[float] = []
    vitals = Vitals(lambda now: looks.append(now), lambda: MACHINE, Inline)
    for tenth in range(31):
        vitals.tick(tenth / 10)
    assert len(looks) in (3, 4)
    assert vitals.told(["a"], {"card": "slow", "slowest_s": 1})["troubles"][-1].startswith("desk: its disk is slow")


@pytest.mark.parametrize("words", [["health"], ["health", "--json"]])
def test_the_command_without_a_box_says_what_is_wrong_and_ends_with_1(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                      capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GIGBOX_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("GIGBOX_STATE", str(tmp_path / "state"))
    assert cli.main(words) == 1
    out = capsys.readouterr().out
    assert "engine: does not play; type: gigbox run" in (json.loads(out)["troubles"] if "--json" in words else out)
