"""What runs: all programs, one of them alone, and what they are told at their start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gigbox import places, streams
from gigbox.cli.parser import add, add_denoiser, add_device, device_of, model_of, path, told_of
from gigbox.errors import GigboxError, MachineError
from gigbox.ports import PAGE

if TYPE_CHECKING:
    from gigbox.cli.parser import Commands
    from gigbox.panel.welcome import Welcome


def add_to(commands: Commands) -> None:
    _add_run(commands)
    _add_programs(commands)


def _add_run(commands: Commands) -> None:
    p = add(commands, "run", "play a gig through the box in real time, with its page",
             "Engine, desk, brain, ideas, web, panel, remote and tape are started, watched, and started again when they die.", _run)
    p.add_argument("--song", type=path, metavar="DIR", help="folder of recordings, one or two channels each, with or without song.toml; with --device in place "
                   "of the card's inputs (default: the demo gig)")
    p.add_argument("--roles", default="", metavar="1=kick,...", help="what channels carry, before song.toml; or named, or heard: by names, by ear alone")
    p.add_argument("--port", type=int, default=PAGE, help=f"of the page (default: {PAGE})")
    add_device(p)
    add_denoiser(p, None)


def _add_programs(commands: Commands) -> None:
    p = add(commands, "engine", "one program alone: the audio", "Plays through a sound card, or a song through the simulated one, until it is stopped. "
             "It needs nobody else: after a power cut it begins with the last mix.", _engine)
    p.add_argument("--song", type=path, metavar="DIR", help="as for run (default: the demo gig)")
    p.add_argument("--roles", default="", metavar="1=kick,...", help="as for run")
    add_device(p)
    add(commands, "desk", "one program alone: the truth about every parameter", "Listens on a Unix socket, one JSON object a line.", _desk)
    p = add(commands, "brain", "one program alone: the one that listens and decides", "Waits for engine and desk, and for their return.", _brain)
    p.add_argument("--model", metavar="NAME|FILE", help="as for run (default: denoise)")
    p = add(commands, "web", "one program alone: the page", "Shows what the box does, even while other programs are away.", _web)
    p.add_argument("--port", type=int, default=PAGE, help=f"(default: {PAGE})")
    p.add_argument("--host", default="0.0.0.0", help="address to listen on (default: all)")
    p.add_argument("--https", type=int, default=0, metavar="PORT", help="also HTTPS, with the box's own certificate (default: what $GIGBOX_HTTPS says)")
    p.add_argument("--host-name", action="append", default=[], metavar="NAME",
                   help="how the box is called beside its own name, for pages behind a proxy or a name server (default: what $GIGBOX_HOST_NAMES lists)")
    p = add(commands, "panel", "one program alone: knobs, lights and the small screen", "Works through GPIO, I2C and SPI where they are, and through the "
             "browser everywhere. Example: gigbox panel --terminal", _panel)
    p.add_argument("--pins", type=path, metavar="FILE", help="what is soldered where (default: panel.toml of the state folder, else the reference build)")
    p.add_argument("--port", type=int, default=PAGE, help=f"of the page, for its address on the screen (default: {PAGE})")
    what = p.add_mutually_exclusive_group()
    what.add_argument("--terminal", action="store_true", help="the panel of the box that runs here, in this terminal (default: be the panel)")
    p.add_argument("--welcome", action="store_true", help="with --terminal: how the first phone comes in, as long as nobody is engineer (default: the panel)")
    what.add_argument("--test", action="store_true", help="walks a builder through every part; the box must not run (default: be the panel)")
    what.add_argument("--check", action="store_true", help="only reads the pins, and says what is wrong with them (default: be the panel)")
    add(commands, "remote", "one program alone: apps and surfaces that people own", "OSC over the network, where box/osc allows it, and MIDI surfaces that are "
        "plugged in.", _remote)
    p = add(commands, "tape", "one program alone: the recorder; or what it recorded, start and stop",
            "Every strip's dry input and main, 24 bit, onto a stick "
            "where one is mounted. A take is a song: gigbox run --song TAKE plays it through the box. Example: gigbox tape list", _tape)
    p.add_argument("what", nargs="?", choices=("list", "start", "stop"), help="of the box that runs here (default: be the recorder)")
    p.add_argument("--json", action="store_true", help="list for programs (default: a table)")


def _run(options: argparse.Namespace) -> None:
    from gigbox.engine.song import open_song
    from gigbox.run.run import run

    places.state_dir(), places.socket_path()        # where there can be none it ends before anything starts
    device = device_of(options)
    song = open_song(options.song or _demo(), options.roles) if device.simulated or options.song else None
    run(song, options.port, options.period, device, options.denoise, model_of(options))


def _engine(options: argparse.Namespace) -> None:
    from gigbox.desk.last_mix import last_mix
    from gigbox.devices.plugged import Plugged
    from gigbox.engine.program import run
    from gigbox.engine.song import open_song

    plugged, device = Plugged(), device_of(options)
    song = told_of(open_song(options.song or _demo(), options.roles)) if device.simulated or options.song else None
    journal = places.state_dir() / "journal"
    free = not (options.device or options.song)      # the demo only plays until there is a card, and a card until it is gone for good
    run(song, places.rack_path(), options.period, device, lambda: last_mix(journal), plugged if free and device.simulated else None,
        (lambda: device_of(options)) if free else None)


def _desk(_: argparse.Namespace) -> None:
    from gigbox.desk.server import run

    run(places.state_dir(streams.say), places.socket_path(), places.rack_path())


def _brain(options: argparse.Namespace) -> None:
    from gigbox.brain.worker import run

    run(places.rack_path(), places.socket_path(), model_of(options))


def _web(options: argparse.Namespace) -> None:
    from gigbox.pulse import Pulse
    from gigbox.web.app import run

    if not 0 <= options.port <= 65535:
        raise GigboxError(f"--port: {options.port} is not in 0..65535")
    places.socket_path()
    if not 0 <= options.https <= 65535:
        raise GigboxError(f"--https: {options.https} is not in 0..65535")
    run(options.host, options.port, options.host_name, Pulse().part(), options.https)


def _panel(options: argparse.Namespace) -> int:
    from gigbox.panel import program

    if options.terminal:
        from gigbox.panel.terminal import terminal

        return terminal(places.panel_socket_path(), _welcome() if options.welcome else None)
    if options.check or options.test:
        board = program.board_of(options.pins)
        if options.test:
            from gigbox.panel.selftest import selftest

            return selftest(board)
        print("\n".join(f"{what}: {line}" for what, line in (*board.inputs().items(), *board.outputs().items())))
        return 0
    from gigbox.pulse import Pulse

    program.run(options.pins, options.port, Pulse().part())
    return 0


def _welcome() -> Welcome:
    from gigbox.network import network, settings
    from gigbox.panel.welcome import Welcome, has_radio
    from gigbox.people.pairing import Pairing
    from gigbox.people.people import People

    state = places.state_dir()
    return Welcome(Pairing(places.runtime_dir()), People(state), settings.load(state, network.serial()) if has_radio() else None)


def _remote(_: argparse.Namespace) -> None:
    from gigbox.remote.program import run

    run(places.rack_path(), places.socket_path())


def _tape(options: argparse.Namespace) -> None:
    if options.what == "list":
        from gigbox.tape.command import listed

        print(listed(options.json))
    elif options.what:
        from gigbox.tape.command import switch

        print(switch(options.what == "start", places.socket_path()))
    else:
        from gigbox.tape.program import run

        run(places.rack_path(), places.socket_path())


def _demo() -> Path:
    for folder in (Path(__file__).resolve().parents[3] / "demo/gig", Path("/usr/share/gigbox/demo/gig")):      # of a checkout, of a box
        if folder.is_dir():
            return folder
    raise MachineError("the demo gig is not here, expected demo/gig beside firmware/; name a folder with --song")
