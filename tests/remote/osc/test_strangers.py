"""Clients that others wrote, unchanged, on a real part and a real desk: xair-api and behringer-mixer, all that they can."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import xair_api
import xair_api.xair
from behringer_mixer import mixer_api

from tests.live_box import eventually
from tests.remote.osc.conftest import PATIENCE_S, Served

SILENT_S = 2.0


@pytest.fixture
def remote(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """xair-api sends, sleeps 20 ms, and takes what came last. Here it sleeps until something came, so that no slow machine makes it fail."""
    came = threading.Event()
    heard = xair_api.xair.XAirRemote.msg_handler

    def hear(self: Any, address: str, *data: Any) -> None:
        heard(self, address, *data)
        came.set()

    def sleep(seconds: float) -> None:
        assert came.wait(SILENT_S), "not answered"
        came.clear()

    monkeypatch.setattr(xair_api.xair.XAirRemote, "msg_handler", hear)
    monkeypatch.setattr(xair_api.xair, "time", SimpleNamespace(sleep=sleep, time=time.time))
    with xair_api.connect("XR18", ip="127.0.0.1", port=served.port) as made:
        yield made


def properties(thing: Any, name: str, depth: int = 0) -> Iterator[tuple[str, Any, str]]:
    """All that is read and written of an object of theirs, and of what it holds."""
    for word in sorted(dir(type(thing))):
        found = getattr(type(thing), word)
        if isinstance(found, property) and found.fset:
            yield f"{name}.{word}", thing, word
        elif not word.startswith("_") and not callable(found) and hasattr(found, "_remote") and depth < 3:
            yield from properties(found, f"{name}.{word}", depth + 1)
        elif isinstance(found, tuple):
            for n, each in enumerate(found):
                if hasattr(each, "_remote"):
                    yield from properties(each, f"{name}.{word}[{n}]", depth + 1)


def test_every_property_of_xair_api_is_read_and_what_is_written_is_read_again(remote: Any) -> None:
    parts = {"lr": remote.lr, "strip": remote.strip[15], "bus": remote.bus[5], "dca": remote.dca[3], "fx": remote.fx[3], "fxsend": remote.fxsend[3],
             "rtn": remote.fxreturn[1], "silent": remote.fxreturn[3], "aux": remote.auxreturn, "config": remote.config, "headamp": remote.headamp[15]}
    seen = 0
    for name, part in parts.items():
        for where, thing, word in properties(part, name):
            if where.rpartition(".")[0].startswith("config.m") and word.startswith("amix"):
                continue          # inherited by what is within, where it is nothing
            before = getattr(thing, word)
            setattr(thing, word, before)
            after = getattr(thing, word)
            assert after == (pytest.approx(before, rel=0.13, abs=1.1) if isinstance(before, float | int) else before), where
            seen += 1
    assert seen > 350


FOURTH, ELEVENTH = 6, 10          # of the ratios: they write its place, and read its value
CASES: tuple[tuple[str, dict[str, tuple[Any, ...]]], ...] = (
    ("lr.mix", {"on": (False, True), "fader": (-80.6, -67.0, 10, -90)}), ("lr.insert", {"on": (True, False), "sel": (0, 4)}),
    ("lr.config", {"name": ("Main", "PA")}), ("lr.geq", {"slider_20": (-13.5, 5.5), "slider_6k3": (-8.5, 8.5)}),
    ("strip.0.mix", {"on": (True, False), "fader": (-12.0,)}), ("strip.0", {"mute": (True, False)}),
    ("strip.0.preamp", {"highpasson": (True, False), "usbinput": (True, False), "highpassfilter": (20, 399), "usbtrim": (-16.5, 5.5), "invert": (True, False)}),
    ("strip.0.config", {"inputsource": (0, 18), "usbreturn": (3, 12), "color": (0, 15), "name": ("Anna",)}),
    ("strip.0.gate", {"on": (True, False), "filteron": (True, False), "range": (11, 48), "attack": (5, 110), "release": (360, 2505), "filtertype": (0, 8),
                      "mode": ("exp2", "gate", "duck"), "threshold": (-79.5, 0.0), "hold": (355, 63.2), "filterfreq": (37.2, 12765)}),
    ("strip.0.dyn", {"mix": (50,), "threshold": (-30.5,), "mgain": (6.5,), "knee": (3,), "mode": ("exp", "comp"), "det": ("rms", "peak")}),
    ("strip.0.eq.himid", {"gain": (-7.5, 15.0), "quality": (0.3, 2.0), "frequency": (632.5,), "type": (2, 4)}), ("strip.0.send.3", {"level": (-20.0, -90)}),
    ("strip.0.automix", {"group": (0, 2), "weight": (-10.5, 3.5)}), ("strip.0.group", {"dca": (5, 0), "mute": (8, 0)}), ("bus.0.config", {"color": (0, 15)}),
    ("bus.0.dyn", {"on": (True, False), "env": ("lin", "log")}), ("bus.0.eq", {"on": (True, False), "mode": ("geq", "teq", "peq")}),
    ("fxsend.0.group", {"dca": (0, 12), "mute": (3, 8)}), ("dca.0", {"on": (False, True), "name": ("Drums",), "color": (3,)}),
    ("headamp.0", {"gain": (6.0, -12.0)}), ("config.mute_group.2", {"on": (True, False)}),
    ("config", {"amixenable": (True, False), "chlink1_2": (True, False), "buslink3_4": (True,), "link_eq": (False,)}),
    ("config.monitor", {"level": (-20.0,), "dim": (True,), "dimgain": (-30,), "dimfpl": (True,), "source": (3,)}))


def test_what_xair_api_sets_it_gets(remote: Any) -> None:
    for part, values in CASES:
        thing = remote
        for word in part.split("."):
            thing = thing[int(word)] if word.isdecimal() else getattr(thing, word)
        for name, wanted in values.items():
            for value in wanted:
                setattr(thing, name, value)
                assert getattr(thing, name) == value, (part, name)
    for place, ratio in ((FOURTH, 4.0), (ELEVENTH, 20)):
        remote.strip[0].dyn.ratio = place
        assert remote.strip[0].dyn.ratio == ratio


class Told:
    """What behringer-mixer calls back with."""

    def __init__(self) -> None:
        self.last: dict[str, Any] = {}

    def __call__(self, row: dict[str, Any]) -> None:
        self.last[row["property"]] = row["value"]

    async def until(self, name: str, value: Any) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.last.get(name) != value:
            assert time.monotonic() < end, (name, self.last.get(name))
            await asyncio.sleep(0.005)


def test_behringer_mixer_loads_all_follows_changes_sets_and_loads_a_snapshot(served: Served) -> None:
    served.stage.other.set({"strip/3/level": -20.0, "strip/3/name": "Kick", "strip/4/mute": True, "strip/3/colour": "red"})
    served.stage.other.save("05 Rock")
    asyncio.run(follow(served))


async def follow(served: Served) -> None:
    other = served.stage.other
    mixer: Any = mixer_api.create("XR18", ip="127.0.0.1", port=served.port, delay=0.001)
    assert await mixer.start()
    assert mixer.name()
    await mixer.reload()
    await asyncio.sleep(0.1)
    state = mixer.state()
    for name, value in {"/ch/3/mix_fader_db": -20.0, "/ch/3/config_name": "Kick", "/ch/4/mix_on": False, "/ch/3/config_color_name": "RD",
                        "/main/st/mix_on": True, "/bus/6/mix_fader_db": 0.0, "/dca/4/mix_on": True}.items():
        assert state[name] == (pytest.approx(value, abs=0.1) if isinstance(value, float) else value), name
    asked = [row["input"] for row in mixer._mappings.values() if not row["input"].startswith(("/main/st", "/-show", "/auxin", "/mtx", "/xinfo"))]
    known = [mixer._mappings[address]["output"] in state for address in asked if not address.startswith("/headamp/0/")]
    assert sum(known) > 0.95 * len(known) > 250
    told = Told()
    task = asyncio.create_task(mixer.subscribe(told))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(other.set, {"strip/3/level": -10.0, "strip/5/mute": True})
    await told.until("/ch/3/mix_fader_db", -10.0)
    await told.until("/ch/5/mix_on", False)
    await mixer.set_value("/ch/3/mix_fader_db", -5.0)
    await mixer.set_value("/ch/3/mix_on", False)
    await mixer.set_value("/ch/3/config_name", "Bass")
    await asyncio.to_thread(eventually, lambda: served.stage.heard("strip/3/level") == pytest.approx(-5, abs=0.1), PATIENCE_S, "it is heard")
    await told.until("/ch/3/config_name", "Bass")
    await mixer.load_scene(5)
    await told.until("/scene/current", 5)
    await asyncio.to_thread(eventually, lambda: served.stage.heard("strip/3/level") == pytest.approx(-20, abs=0.1), PATIENCE_S, "the snapshot")
    task.cancel()
    await mixer.unsubscribe()
    await mixer.stop()
