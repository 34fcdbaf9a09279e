"""What is done with recordings and models, and how fast."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gigbox import params, places, streams
from gigbox.cli.parser import add, add_denoiser, model_of, path, told_of
from gigbox.errors import GigboxError

if TYPE_CHECKING:
    from gigbox.cli.parser import Commands


def add_to(commands: Commands) -> None:
    _add_render(commands)
    _add_denoise(commands)
    _add_split(commands)
    _add_recognise(commands)
    _add_linecheck(commands)
    _add_models(commands)
    _add_bench(commands)


def _add_render(commands: Commands) -> None:
    p = add(commands, "render", "mix a song into a folder, faster than real time",
             "Writes mix.flac, report.json, automation.csv and mix.png. The same input gives the same bytes, but for the cpu seconds in report.json. "
             "Example: gigbox render demo/gig -o out", _render)
    p.add_argument("song", type=path, metavar="SONG_DIR", help="folder of WAV, FLAC or OGG files; a stereo file takes two linked strips")
    p.add_argument("-o", "--out", type=path, required=True, metavar="OUT", help="folder to write into; made if missing")
    p.add_argument("--mode", choices=("soundcheck", "show"), help="all the way (default: soundcheck for 20 s, then show)")
    p.add_argument("--depth", type=float, default=100.0, metavar="0..100", help="how much of the automatic mix is heard; 0 is a plain mixer (default: 100)")
    add_denoiser(p, "model")
    p.add_argument("--lookahead", type=int, choices=(0, 128), default=128, help="frames that main waits for a denoise filter of less phase (default: 128)")
    p.add_argument("--stems", action="store_true", help="also write what each strip gives to main: stems/NN_role.flac")
    p.add_argument("--roles", default="", metavar="1=kick,...", help="what channels carry, before song.toml; or named, or heard: by names, by ear alone")
    p.add_argument("--seconds", type=float, metavar="S", help="how much to render; the song is looped to fill it (default: the song once)")


def _add_denoise(commands: Commands) -> None:
    p = add(commands, "denoise", "clean a recording, or a folder of them, through a strip of the box",
             "All else of the strip is neutral; the output is aligned with the input. Example: gigbox denoise talk.wav clean.wav", _denoise)
    p.add_argument("source", type=path, metavar="IN", help="a file or a folder of files")
    p.add_argument("goal", type=path, metavar="OUT", help="a file (.wav, .flac, .ogg) or a folder, like IN")
    add_denoiser(p, "model")
    p.add_argument("--role", choices=("heard", *params.ROLES), default="heard",
                   help="what the recordings are, for the model (default: heard, what each sounds like)")
    p.add_argument("--floor-db", type=float, default=18.0, metavar="0..24", help="how far noise may be taken down (default: 18)")
    p.add_argument("--lookahead", type=int, choices=(0, 128), default=128, help="0: minimum phase, no delay; 128: as little phase as that allows (default)")


def _add_split(commands: Commands) -> None:
    p = add(commands, "split", "take a stereo recording apart: voice, drums, bass and other, as a song to rehearse with",
            "Takes its time, and goes on where it was when it is started again. The box's own engine leaves much of the voice in the others; demucs, where "
            "it is installed (pip install 'gigbox[split]'), is far better. song.toml says which one it was. "
            "Example: gigbox split record.flac -o rehearsal", _split)
    p.add_argument("recording", type=path, metavar="SONG", help="a WAV, AIFF, FLAC, OGG or MP3 file")
    p.add_argument("-o", "--out", type=path, required=True, metavar="OUT", help="folder to write into; it opens as a song. Made if missing")
    p.add_argument("--engine", default="", metavar="NAME", help="gigbox or demucs (default: demucs where it is installed)")
    p.add_argument("--weights", type=path, metavar="FILE|DIR", help="demucs' weights: a .th file, or a folder of them; such a file may run anything, "
                   "so take only what you trust (default: demucs fetches its own)")


def _add_recognise(commands: Commands) -> None:
    p = add(commands, "recognise", "say what a recording is, or each of a folder of them",
             "Each is played through a strip of the box; two channels are heard as their mean. Example: gigbox recognise demo/gig", _recognise)
    p.add_argument("source", type=path, metavar="FILE|DIR", help="a recording, or a folder with recordings in it or below it")
    p.add_argument("--json", action="store_true", help="an array with all of it (default: a line a recording)")
    p.add_argument("--model", metavar="NAME|FILE", help="a model of `gigbox models`, or another .tflite file with the same tensors (default: recognise)")


def _add_linecheck(commands: Commands) -> None:
    p = add(commands, "linecheck", "what each line is worth: dead, humming, noisy, clipping, turned, and how far to turn each preamp",
             "Asks the box that runs here; or, with SONG_DIR, listens to a song's recordings. Everybody should play. "
             "Example: gigbox linecheck demo/gig", _linecheck)
    p.add_argument("song", type=path, nargs="?", metavar="SONG_DIR", help="a folder of recordings, as for render (default: the box that runs here)")
    p.add_argument("--seconds", type=float, default=10.0, metavar="1..60", help="how long to listen (default: 10)")
    p.add_argument("--at", type=float, metavar="S", help="where in the song to begin (default: 0)")
    p.add_argument("--roles", metavar="1=kick,...", help="what channels carry, before song.toml (default: as song.toml says)")
    p.add_argument("--json", action="store_true", help="all figures as JSON (default: a table)")
    p.add_argument("--turn", action="store_true", help="turn the card's preamps as the newest line check said; listens to nothing (default: only say it)")


def _add_models(commands: Commands) -> None:
    add(commands, "models", "the models of the box, with their cards", "What each was made of, how well it does, and where it is known to fail.", _models)


def _add_bench(commands: Commands) -> None:
    p = add(commands, "bench", "what every block costs, in nanoseconds and instructions per frame, against its budget",
             "With --job and --raw: the standard mixing job on raw interleaved float32, printing 'ENGINE cpu=S audio=S' on stderr. "
             "With --periods: how long a period takes with everything on. "
             "With --denoise: what cleaning by the model costs, brain and engine together. With --brain: what recognition and mixing cost.", _bench)
    p.add_argument("--periods", action="store_true", help="a period of 64 frames: mean, p99.9 and the worst of a minute (default: the blocks)")
    p.add_argument("--denoise", action="store_true", help="the model for 1 to 32 channels, in %% of a core (default: the blocks)")
    p.add_argument("--brain", action="store_true", help="recognition and mixing for 1 to 32 channels, in %% of a core (default: the blocks)")
    p.add_argument("--job", type=path, metavar="JOB.json", help="numbers of the standard job")
    p.add_argument("--raw", type=path, metavar="IN.raw", help="interleaved float32 frames at 48 kHz")
    p.add_argument("--channels", type=int, default=16, metavar="N", help="in IN.raw (default: 16)")
    p.add_argument("-o", "--out", type=path, metavar="OUT.raw", help="left, right, aux 1, aux 2 as float32")


def _render(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from gigbox.engine.song import open_song
    from gigbox.render.render import Options, render

    depth = params.find("box/depth").param.check(options.depth, "--depth")
    if options.seconds is not None and not 0 < options.seconds <= 24 * 3600:
        raise GigboxError(f"--seconds: {options.seconds:g} is not between 0 and 86400")
    song = told_of(open_song(options.song, options.roles))
    with tqdm(total=round(options.seconds or song.seconds, 1), unit="s", desc="render", delay=1, leave=False, disable=None) as bar:
        report = render(song, options.out, Options(options.mode, depth, options.denoise, options.lookahead, options.stems, options.seconds, model_of(options)),
               lambda seconds: bar.update(round(seconds, 1) - bar.n) and None)
    if all(channel["role"] == "unused" for channel in report["channels"]):
        streams.say(f"{options.song}: no channel has a role, and none was recognised, so nothing was moved; name them in song.toml or with "
                    "--roles 1=kick,2=lead_vocal")


def _denoise(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from gigbox.render.denoise import Options, denoise

    floor = params.find("strip/1/denoise/amount").param.check(options.floor_db, "--floor-db")
    done = denoise(options.source, options.goal, Options(options.denoise, floor, options.lookahead, options.role, model_of(options)))
    for _ in tqdm(done, unit="file", desc="denoise", delay=1, leave=False, disable=None):
        pass


def _split(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from gigbox.recordings.recording import check
    from gigbox.render.split.engines import engine
    from gigbox.render.split.split import split

    _, seconds, notes = check(options.recording)
    for note in notes:
        streams.say(note)
    with tqdm(total=round(seconds, 1), unit="s", desc="split", delay=1, leave=False, disable=None) as bar:
        split(options.recording, options.out, engine(options.engine, options.weights), lambda done: bar.update(round(done, 1) - bar.n) and None)


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

            report = check(told_of(open_song(options.song, options.roles or "")), seconds, options.at or 0.0, progress=progress).as_dict()
    print(json.dumps(report, indent=1) if options.json else table(report))


def _models(_: argparse.Namespace) -> None:
    from gigbox.brain.tflite import listing

    print(listing())


def _bench(options: argparse.Namespace) -> int:
    if options.denoise or options.brain:
        from gigbox.render.cost import mixing_table, table

        print(table() if options.denoise else mixing_table())
        return 0
    if options.periods:
        from gigbox.engine.periods import table as of_periods

        print(of_periods())
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
