"""The box as a machine: its cards, how it does, its services, networks and updates."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING

from gigbox import places, ports, streams
from gigbox.cli.parser import add, add_device, model_of, path
from gigbox.errors import GigboxError, MachineError

if TYPE_CHECKING:
    from gigbox.cli.parser import Commands


def add_to(commands: Commands) -> None:
    _add_devices(commands)
    _add_units(commands)
    _add_network(commands)
    _add_update(commands)
    _add_reset(commands)
    _add_health(commands)
    _add_doctor(commands)


def _add_devices(commands: Commands) -> None:
    p = add(commands, "devices", "the sound cards of this machine: channels, rates, formats, mixer controls, and which one the box takes",
             "Exit code 1 where there is none. Example: gigbox devices --json", _devices)
    p.add_argument("--json", action="store_true", help="everything, for programs (default: a table)")


def _add_units(commands: Commands) -> None:
    p = add(commands, "units", "the same programs as services of systemd: started with the machine, watched, fenced in",
             "Example: sudo gigbox units /etc/systemd/system --user gigbox && sudo systemctl enable --now gigbox.target", _units)
    p.add_argument("folder", type=path, nargs="?", metavar="DIR", help="where the files are written (default: to stdout)")
    p.add_argument("--cores", type=int, default=0, help="of the machine that they are for (default: of this one)")
    p.add_argument("--user", default="", help="who the programs run as (default: who asks)")
    p.add_argument("--port", type=int, default=ports.PAGE, help=f"of the page (default: {ports.PAGE})")
    p.add_argument("--model", metavar="NAME|FILE", help="as for run (default: denoise)")
    add_device(p)


def _add_network(commands: Commands) -> None:
    p = add(commands, "network", "the box's hotspot and how its page is reached: shown, changed, opened",
             "What is changed holds from the next start of it. Example: gigbox network --country DE --start", _network)
    p.add_argument("--name", help="of the hotspot (default: gigbox- and four signs of its own)")
    p.add_argument("--key", help="of the hotspot, 8 to 63 letters (default: made by chance)")
    p.add_argument("--country", help="two letters, such as DE: which channels are allowed (default: none told, 2.4 GHz alone)")
    p.add_argument("--join", metavar="NAME", help="a network to be joined where it is near, instead of the hotspot; its password is asked for (default: none)")
    p.add_argument("--forget", metavar="NAME", help="a network to be joined no more")
    p.add_argument("--start", action="store_true", help="open the hotspot, or join; the box does it at every start")


def _add_update(commands: Commands) -> None:
    p = add(commands, "update", "a signed bundle into the slot that does not run, tried at the next start",
             "A slot whose sound and page do not come is left again. Nothing is replaced during a show. Example: gigbox update /media/gigbox-2.raucb", _update)
    what = p.add_mutually_exclusive_group(required=True)
    what.add_argument("bundle", nargs="?", type=path, metavar="BUNDLE", help="a file of `make bundle`")
    what.add_argument("--allowed", metavar="VERSION", help="only whether a bundle of this version may be installed now; RAUC asks before it writes")
    what.add_argument("--confirm", action="store_true", help="wait for sound and page, and keep this slot; the box does it after every start")


def _add_reset(commands: Commands) -> None:
    p = add(commands, "reset", "a box as it was made: scenes, taste, people, networks and keys are forgotten, and it starts anew",
            "The same as both buttons held for eight seconds while the power comes. Never during a show.", _reset)
    p.add_argument("--yes", action="store_true", help="no question (default: it is asked)")


def _add_health(commands: Commands) -> None:
    p = add(commands, "health", "how the box that runs here does: latency, load, missed periods and why, the machine, and what is wrong",
             "Exit code 1 where something is wrong. Example: gigbox health --watch", _health)
    p.add_argument("--json", action="store_true", help="everything, for programs; with --watch a line each time (default: a table)")
    p.add_argument("--watch", action="store_true", help="again each second, until Ctrl-C (default: once)")


def _add_doctor(commands: Commands) -> None:
    p = add(commands, "doctor", "whether this machine can be a mixing box, and for each fault the one line to type", "Exit code 1 where there is a fault. "
             "Nothing is changed.", _doctor)
    p.add_argument("--json", action="store_true", help="all findings, for programs (default: a table)")


def _devices(options: argparse.Namespace) -> int:
    import json

    from gigbox.devices.alsa import library
    from gigbox.devices.cards import found
    from gigbox.devices.listing import rows, table

    cards = found(library())
    if options.json:
        print(json.dumps(rows(cards), indent=1))
    elif cards:
        print(table(cards))
    else:
        streams.say(table(cards))
    return 0 if cards else 1


def _health(options: argparse.Namespace) -> int:
    import json
    import time

    from gigbox.desk.client import Client
    from gigbox.health.alone import without_desk
    from gigbox.health.words import table

    while True:
        try:
            with Client(places.socket_path(), by="health", timeout=2.0) as desk:
                told = desk.report("health")["told"]
        except MachineError:
            told = without_desk(places.rack_path(), places.state_dir())
        print(json.dumps(told, indent=None if options.watch else 1) if options.json else table(told) + "\n" * options.watch, flush=True)
        if not options.watch:
            return 1 if told["troubles"] else 0
        time.sleep(1)


def _doctor(options: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from gigbox.devices.alsa import library
    from gigbox.devices.cards import found
    from gigbox.doctor import house, kernel
    from gigbox.doctor.finding import FAULT, table
    from gigbox.health.alone import without_desk

    state = places.state_dir()
    told = without_desk(places.rack_path(), state)
    here = house.House(lambda: found(library()), _usable_models, told["machine"], state, plays=told["sound"] is not None)
    findings = [*kernel.checks(kernel.Kernel()), *house.checks(here)]
    print(json.dumps([asdict(each) for each in findings], indent=1) if options.json else table(findings))
    return 1 if any(each.state == FAULT for each in findings) else 0


def _usable_models() -> str:
    """The released models, opened; ModelError where one cannot be."""
    from gigbox.brain.denoise.denoiser import Masker
    from gigbox.brain.tflite import find
    from gigbox.brain.who.recogniser import RELEASED, Namer

    return ", ".join(path.stem for path in (Masker(find("denoise")).path, Namer(find(RELEASED)).path))


def _units(options: argparse.Namespace) -> None:
    from gigbox.run.programs import programs
    from gigbox.run.units import units, write

    if not 1 <= options.port <= 65535:
        raise GigboxError(f"--port: {options.port} is not in 1..65535")
    if not 0 <= options.cores <= 1024:
        raise GigboxError(f"--cores: {options.cores} is not in 1..1024")
    if options.period:
        from gigbox.engine.program import check_period  # needs the built core

        check_period(options.period)
    if options.user and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", options.user):
        raise GigboxError(f"--user: {options.user!r} is no name of a user, expected one such as gigbox")

    files = units(programs(None, options.port, options.period, model_of(options), options.device), options.user, count=options.cores or None)
    if options.folder:
        write(options.folder, files)
    else:
        print("\n".join(f"# {name}\n{text}" for name, text in files.items()))


def _network(options: argparse.Namespace) -> None:
    from gigbox.network import network
    from gigbox.network.manager import Manager
    from gigbox.network.settings import at_start, load, save

    state = places.state_dir()
    kept = settings = at_start(state, network.serial(), streams.say) if options.start else load(state, network.serial())
    if options.name is not None or options.key is not None:
        settings = settings.with_hotspot(options.name, options.key)
    country = options.country
    if country is None and not settings.country and not options.start and sys.stdin.isatty():
        country = _asked("in which country is the box? two letters such as DE, or nothing: ") or None
    if country is not None:
        settings = settings.with_country(country)
    if options.join is not None:
        settings = settings.joining(options.join, _password(options.join))
    if options.forget is not None:
        settings = settings.forgetting(options.forget)
    if settings != kept:
        save(state, settings)
    print(network.start(settings, Manager()) if options.start else network.told(settings, Manager()))


def _asked(question: str) -> str:
    """What a person types; nothing where nobody is there."""
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _password(network: str) -> str:
    """What a person types unseen, or the first line that a script says."""
    import getpass

    try:
        return getpass.getpass(f"password of {network}: ") if sys.stdin.isatty() else input()
    except EOFError:
        raise GigboxError(f"--join: no password of {network!r} was typed, expected one, or an empty line for an open network") from None


def _reset(options: argparse.Namespace) -> int:
    from gigbox import reset
    from gigbox.desk.client import Client
    from gigbox.update import install

    reset.check()
    install.refuse_during_show("reset", lambda: Client(places.socket_path(), by="reset", timeout=2.0))
    if not options.yes and _asked("everything that the box remembers is forgotten; type yes: ") != "yes":
        streams.say("nothing is forgotten")
        return 1
    reset.ask(places.runtime_dir())
    return 0


def _update(options: argparse.Namespace) -> None:
    from gigbox import commands
    from gigbox.desk.client import Client
    from gigbox.rack import Rack
    from gigbox.update import confirm, install

    if options.confirm:
        print(confirm.settle(confirm.earned(lambda: Rack(places.rack_path()), confirm.page_answers), commands.run))
        return
    install.refuse_during_show("update", lambda: Client(places.socket_path(), by="update", timeout=2.0))
    if options.allowed is not None:
        install.refuse_older(options.allowed)
    else:
        print(install.install(options.bundle))
