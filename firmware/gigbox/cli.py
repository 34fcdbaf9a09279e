"""The commands; nothing else. Errors are one line on stderr: exit code 2 for what was asked, 1 for what the machine failed at."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gigbox import __version__, params, places, streams
from gigbox.errors import GigboxError, MachineError

if TYPE_CHECKING:
    from gigbox.devices.choice import Device
    from gigbox.engine.song import Song


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    streams.prepare()
    try:
        try:
            options = _parser().parse_args(arguments)
            signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))     # what is half written is cleared away; programs have their own
            command: Callable[[argparse.Namespace], int | None] = options.command
            return command(options) or 0
        finally:
            sys.stdout.flush()
    except GigboxError as e:
        streams.say(str(e))
        return e.exit_code
    except KeyboardInterrupt:
        return 130
    except RuntimeError as e:
        if "new thread" not in str(e):         # Python has no class of its own for a machine that refuses threads
            raise
        streams.say(f"the machine: {e}, expected room for one")
        return 1
    except BrokenPipeError:
        return 1
    except OSError as e:
        streams.say(f"{e.filename or 'the machine'}: {e.strerror or e}")
        return 1
    except MemoryError:
        streams.say("not enough memory")
        return 1


def _parser() -> Parser:
    parser = Parser(prog="gigbox", description="A smart mixing box: denoises and mixes live channels in real time, says why, and gives way to hands.",
                    epilog="First of all try: gigbox run   (plays the demo gig; the page is at http://localhost:8080)")
    parser.add_argument("--version", action="version", version=f"gigbox {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    _add_run(commands)
    _add_render(commands)
    _add_denoise(commands)
    _add_recognise(commands)
    _add_linecheck(commands)
    _add_models(commands)
    _add_taste(commands)
    _add_devices(commands)
    _add_bench(commands)
    _add_units(commands)
    _add_health(commands)
    _add_doctor(commands)
    _add_programs(commands)
    return parser


def _add(commands: argparse._SubParsersAction[Parser], name: str, about: str, more: str, command: Callable[[argparse.Namespace], int | None]) -> Parser:
    parser = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}. {more}")
    parser.set_defaults(command=command)
    return parser


def _add_denoiser(p: Parser, default: str | None) -> None:
    p.add_argument("--denoise", choices=params.DENOISERS[::-1], default=default, help=f"who cleans (default: {default or 'as it was left; model at first'})")
    p.add_argument("--model", metavar="NAME|FILE", help="a model of `gigbox models`, or another .tflite file with the same tensors (default: denoise)")


def _add_device(p: Parser) -> None:
    p.add_argument("--device", default="", metavar="NAME", help="a card or profile of `gigbox devices`, or CAPTURE+PLAYBACK of ALSA "
                   "(default: the best card that is found; sim where there is none, or --song says what is played)")
    p.add_argument("--period", type=int, default=0, help="frames a period: 32, 64, 128 or 256 (default: as the card likes it, 64)")


def _add_models(commands: argparse._SubParsersAction[Parser]) -> None:
    _add(commands, "models", "the models of the box, with their cards", "What each was made of, how well it does, and where it is known to fail.", _models)


def _add_taste(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "taste", "what corrections taught the box: show it, change it, forget it",
             "The box need not run; one that runs takes over what is changed here. Example: gigbox taste --set backing_vocal/level=2", _taste)
    what = p.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="all of it to stdout, for another box or for keeping (default: in words)")
    what.add_argument("--import", dest="source", type=Path, metavar="FILE", help="instead of what was learnt, what --json wrote (default: none)")
    what.add_argument("--forget", nargs="?", const="", metavar="ROLE[/KIND]", help="what was learnt of a role, or all of it (default: nothing)")
    what.add_argument("--set", action="append", default=[], metavar="ROLE/KIND[/STYLE]=VALUE",
                      help="where a role starts from now on, from its own place; kinds: level eq_low eq_high pan denoise comp (default: none)")


def _add_run(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "run", "play a gig through the box in real time, with its page",
             "Engine, desk, brain and web are started, watched, and started again when they die.", _run)
    p.add_argument("--song", type=Path, metavar="DIR", help="folder of recordings, one or two channels each, with or without song.toml (default: the demo gig)")
    p.add_argument("--roles", default="", metavar="1=kick,...", help="what channels carry, before song.toml; or named, or heard: by names, by ear alone")
    p.add_argument("--port", type=int, default=8080, help="of the page (default: 8080)")
    _add_device(p)
    _add_denoiser(p, None)


def _add_render(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "render", "mix a song into a folder, faster than real time",
             "Writes mix.flac, report.json, automation.csv and mix.png. The same input gives the same bytes, but for the cpu seconds in report.json. "
             "Example: gigbox render demo/gig -o out", _render)
    p.add_argument("song", type=Path, metavar="SONG_DIR", help="folder of WAV, FLAC or OGG files; a stereo file takes two linked strips")
    p.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help="folder to write into; made if missing")
    p.add_argument("--mode", choices=("soundcheck", "show"), help="all the way (default: soundcheck for 20 s, then show)")
    p.add_argument("--depth", type=float, default=100.0, metavar="0..100", help="how much of the automatic mix is heard; 0 is a plain mixer (default: 100)")
    _add_denoiser(p, "model")
    p.add_argument("--lookahead", type=int, choices=(0, 128), default=128, help="frames that main waits for a denoise filter of less phase (default: 128)")
    p.add_argument("--stems", action="store_true", help="also write what each strip gives to main: stems/NN_role.flac")
    p.add_argument("--roles", default="", metavar="1=kick,...", help="what channels carry, before song.toml; or named, or heard: by names, by ear alone")
    p.add_argument("--seconds", type=float, metavar="S", help="how much to render; the song is looped to fill it (default: the song once)")


def _add_denoise(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "denoise", "clean a recording, or a folder of them, through a strip of the box",
             "All else of the strip is neutral; the output is aligned with the input. Example: gigbox denoise talk.wav clean.wav", _denoise)
    p.add_argument("source", type=Path, metavar="IN", help="a file or a folder of files")
    p.add_argument("goal", type=Path, metavar="OUT", help="a file (.wav, .flac, .ogg) or a folder, like IN")
    _add_denoiser(p, "model")
    p.add_argument("--role", choices=("heard", *params.ROLES), default="heard",
                   help="what the recordings are, for the model (default: heard, what each sounds like)")
    p.add_argument("--floor-db", type=float, default=18.0, metavar="0..24", help="how far noise may be taken down (default: 18)")
    p.add_argument("--lookahead", type=int, choices=(0, 128), default=128, help="0: minimum phase, no delay; 128: as little phase as that allows (default)")


def _add_recognise(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "recognise", "say what a recording is, or each of a folder of them",
             "Each is played through a strip of the box; two channels are heard as their mean. Example: gigbox recognise demo/gig", _recognise)
    p.add_argument("source", type=Path, metavar="FILE|DIR", help="a recording, or a folder with recordings in it or below it")
    p.add_argument("--json", action="store_true", help="an array with all of it (default: a line a recording)")
    p.add_argument("--model", metavar="NAME|FILE", help="a model of `gigbox models`, or another .tflite file with the same tensors (default: recognise)")


def _add_linecheck(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "linecheck", "what each line is worth: dead, humming, noisy, clipping, turned, and how far to turn each preamp",
             "Asks the box that runs here; or, with SONG_DIR, listens to a song's recordings. Everybody should play. "
             "Example: gigbox linecheck demo/gig", _linecheck)
    p.add_argument("song", type=Path, nargs="?", metavar="SONG_DIR", help="a folder of recordings, as for render (default: the box that runs here)")
    p.add_argument("--seconds", type=float, default=10.0, metavar="1..60", help="how long to listen (default: 10)")
    p.add_argument("--at", type=float, metavar="S", help="where in the song to begin (default: 0)")
    p.add_argument("--roles", metavar="1=kick,...", help="what channels carry, before song.toml (default: as song.toml says)")
    p.add_argument("--json", action="store_true", help="all figures as JSON (default: a table)")
    p.add_argument("--turn", action="store_true", help="turn the card's preamps as the newest line check said; listens to nothing (default: only say it)")


def _add_devices(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "devices", "the sound cards of this machine: channels, rates, formats, mixer controls, and which one the box takes",
             "Exit code 1 where there is none. Example: gigbox devices --json", _devices)
    p.add_argument("--json", action="store_true", help="everything, for programs (default: a table)")


def _add_bench(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "bench", "what every block costs, in nanoseconds and instructions per frame, against its budget",
             "With --job and --raw: the standard mixing job on raw interleaved float32, printing 'ENGINE cpu=S audio=S' on stderr. "
             "With --denoise: what cleaning by the model costs, brain and engine together. With --brain: what recognition and mixing cost.", _bench)
    p.add_argument("--denoise", action="store_true", help="the model for 1 to 32 channels, in %% of a core (default: the blocks)")
    p.add_argument("--brain", action="store_true", help="recognition and mixing for 1 to 32 channels, in %% of a core (default: the blocks)")
    p.add_argument("--job", type=Path, metavar="JOB.json", help="numbers of the standard job")
    p.add_argument("--raw", type=Path, metavar="IN.raw", help="interleaved float32 frames at 48 kHz")
    p.add_argument("--channels", type=int, default=16, metavar="N", help="in IN.raw (default: 16)")
    p.add_argument("-o", "--out", type=Path, metavar="OUT.raw", help="left, right, aux 1, aux 2 as float32")


def _add_health(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "health", "how the box that runs here does: latency, load, missed periods and why, the machine, and what is wrong",
             "Exit code 1 where something is wrong. Example: gigbox health --watch", _health)
    p.add_argument("--json", action="store_true", help="everything, for programs; with --watch a line each time (default: a table)")
    p.add_argument("--watch", action="store_true", help="again each second, until Ctrl-C (default: once)")


def _add_doctor(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "doctor", "whether this machine can be a mixing box, and for each fault the one line to type", "Exit code 1 where there is a fault. "
             "Nothing is changed.", _doctor)
    p.add_argument("--json", action="store_true", help="all findings, for programs (default: a table)")


def _add_units(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "units", "the same programs as services of systemd: started with the machine, watched, fenced in",
             "Example: sudo gigbox units /etc/systemd/system --user gigbox && sudo systemctl enable --now gigbox.target", _units)
    p.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="where the files are written (default: to stdout)")
    p.add_argument("--user", default="", help="who the programs run as (default: who asks)")
    p.add_argument("--port", type=int, default=8080, help="of the page (default: 8080)")
    p.add_argument("--model", metavar="NAME|FILE", help="as for run (default: denoise)")
    _add_device(p)


def _add_programs(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "engine", "one program alone: the audio", "Plays through a sound card, or a song through the simulated one, until it is stopped. "
             "It needs nobody else: after a power cut it begins with the last mix.", _engine)
    p.add_argument("--song", type=Path, metavar="DIR", help="as for run (default: the demo gig)")
    p.add_argument("--roles", default="", metavar="1=kick,...", help="as for run")
    _add_device(p)
    _add(commands, "desk", "one program alone: the truth about every parameter", "Listens on a Unix socket, one JSON object a line.", _desk)
    p = _add(commands, "brain", "one program alone: the one that listens and decides", "Waits for engine and desk, and for their return.", _brain)
    p.add_argument("--model", metavar="NAME|FILE", help="as for run (default: denoise)")
    p = _add(commands, "web", "one program alone: the page", "Shows what the box does, even while other programs are away.", _web)
    p.add_argument("--port", type=int, default=8080, help="(default: 8080)")
    p.add_argument("--host", default="0.0.0.0", help="address to listen on (default: all)")
    p.add_argument("--host-name", action="append", default=[], metavar="NAME",
                   help="how the box is called beside its own name, for pages behind a proxy or a name server (default: what $GIGBOX_HOST_NAMES lists)")


def _run(options: argparse.Namespace) -> None:
    from gigbox.engine.song import open_song
    from gigbox.run.run import run

    places.state_dir(), places.socket_path()        # where there can be none it ends before anything starts
    device = _device(options)
    song = open_song(options.song or _demo(), options.roles) if device.simulated else None
    run(song, options.port, options.period, device, options.denoise, _model(options))


def _render(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from gigbox.engine.song import open_song
    from gigbox.render.render import Options, render

    depth = params.find("box/depth").param.check(options.depth, "--depth")
    if options.seconds is not None and not 0 < options.seconds <= 24 * 3600:
        raise GigboxError(f"--seconds: {options.seconds:g} is not between 0 and 86400")
    song = _told(open_song(options.song, options.roles))
    with tqdm(total=round(options.seconds or song.seconds, 1), unit="s", desc="render", delay=1, leave=False, disable=None) as bar:
        report = render(song, options.out, Options(options.mode, depth, options.denoise, options.lookahead, options.stems, options.seconds, _model(options)),
               lambda seconds: bar.update(round(seconds, 1) - bar.n) and None)
    if all(channel["role"] == "unused" for channel in report["channels"]):
        streams.say(f"{options.song}: no channel has a role, and none was recognised, so nothing was moved; name them in song.toml or with "
                    "--roles 1=kick,2=lead_vocal")


def _denoise(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from gigbox.render.denoise import Options, denoise

    floor = params.find("strip/1/denoise/amount").param.check(options.floor_db, "--floor-db")
    done = denoise(options.source, options.goal, Options(options.denoise, floor, options.lookahead, options.role, _model(options)))
    for _ in tqdm(done, unit="file", desc="denoise", delay=1, leave=False, disable=None):
        pass


def _recognise(options: argparse.Namespace) -> None:
    import json

    from gigbox.brain.tflite import find
    from gigbox.brain.who.recogniser import RELEASED, Namer
    from gigbox.render.recognise import recognise

    found = recognise(options.source, Namer(find(options.model or RELEASED)).path)
    if options.json:
        print(json.dumps([each.row() for each in found], indent=1))
        return
    for each in found:
        print(each.line(), flush=True)


def _linecheck(options: argparse.Namespace) -> None:
    import json

    from tqdm import tqdm

    from gigbox.brain.linecheck.ask import check_seconds, line_check, turn_preamps
    from gigbox.brain.linecheck.report import table

    if options.turn:
        if options.song is not None:
            raise GigboxError("linecheck: --turn is for the box that runs here, expected no SONG_DIR")
        print("\n".join(turn_preamps(places.socket_path())))
        return
    seconds = check_seconds(options.seconds, "--seconds")
    if options.song is None and (options.at is not None or options.roles is not None):
        raise GigboxError("linecheck: --at and --roles need a SONG_DIR")
    with tqdm(total=round(seconds, 1), unit="s", desc="line check", delay=1, leave=False, disable=None) as bar:
        def progress(done: float) -> None:
            bar.update(round(done, 1) - bar.n)

        if options.song is None:
            report = line_check(places.socket_path(), seconds, progress)
        else:
            from gigbox.engine.song import open_song
            from gigbox.render.linecheck import check

            report = check(_told(open_song(options.song, options.roles or "")), seconds, options.at or 0.0, progress=progress).as_dict()
    print(json.dumps(report, indent=1) if options.json else table(report))


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


def _model(options: argparse.Namespace) -> Path | None:
    """The model that was asked for, looked at before anything starts."""
    if options.model is None:
        return None
    from gigbox.brain.denoise.denoiser import Masker
    from gigbox.brain.tflite import find

    return Masker(find(options.model)).path


def _models(_: argparse.Namespace) -> None:
    from gigbox.brain.tflite import listing

    print(listing())


def _taste(options: argparse.Namespace) -> None:
    from gigbox.brain.taste import command as taste_command

    taste_command.run(options.json, options.source, options.forget, options.set)


def _bench(options: argparse.Namespace) -> int:
    if options.denoise or options.brain:
        from gigbox.render.cost import mixing_table, table

        print(table() if options.denoise else mixing_table())
        return 0
    if not options.job and not options.raw:
        from gigbox.engine.bench import main_bench

        return main_bench()
    if not options.job or not options.raw:
        raise GigboxError("bench: --job and --raw go together")
    count = params.COUNTS["strip"]
    if not 1 <= options.channels <= count:
        raise GigboxError(f"--channels: {options.channels} is not in 1..{count}")
    from gigbox.engine.job import run_job

    run_job(options.job, options.raw, options.channels, options.out)
    return 0


def _engine(options: argparse.Namespace) -> None:
    from gigbox.desk.last_mix import last_mix
    from gigbox.engine.program import run
    from gigbox.engine.song import open_song

    device = _device(options)
    song = _told(open_song(options.song or _demo(), options.roles)) if device.simulated else None
    journal = places.state_dir() / "journal"
    run(song, places.rack_path(), options.period, device, lambda: last_mix(journal))


def _device(options: argparse.Namespace) -> Device:
    """Which card is played through. A song that is named is heard, unless a card is, too."""
    from gigbox.devices.alsa import library
    from gigbox.devices.cards import found
    from gigbox.devices.choice import choose

    if options.song and options.device not in ("", "sim"):
        raise GigboxError(f"--song: is for the simulated card, expected no --device {options.device} beside it")
    return choose([] if options.song or options.device == "sim" else found(library()), options.device)


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

    files = units(programs(None, options.port, options.period, _model(options), options.device), options.user)
    if options.folder:
        write(options.folder, files)
    else:
        print("\n".join(f"# {name}\n{text}" for name, text in files.items()))


def _desk(_: argparse.Namespace) -> None:
    from gigbox.desk.server import run

    run(places.state_dir(streams.say), places.socket_path(), places.rack_path())


def _brain(options: argparse.Namespace) -> None:
    from gigbox.brain.worker import run

    run(places.rack_path(), places.socket_path(), _model(options))


def _web(options: argparse.Namespace) -> None:
    from gigbox.pulse import Pulse
    from gigbox.web.app import run

    if not 0 <= options.port <= 65535:
        raise GigboxError(f"--port: {options.port} is not in 0..65535")
    places.socket_path()
    run(options.host, options.port, options.host_name, Pulse().part())


def _told(song: Song) -> Song:
    """Says of its recordings what has to be said."""
    for note in song.notes:
        streams.say(note)
    return song


def _demo() -> Path:
    folder = Path(__file__).resolve().parents[2] / "demo/gig"
    if not folder.is_dir():
        raise MachineError("the demo gig is not here, expected demo/gig beside firmware/; name a folder with --song")
    return folder


if __name__ == "__main__":
    sys.exit(main())
