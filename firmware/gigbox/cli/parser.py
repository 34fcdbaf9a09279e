"""How a command is said, and what several of them take: says what is wrong in one line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gigbox import streams

if TYPE_CHECKING:
    from gigbox.devices.choice import Device
    from gigbox.engine.song import Song

    Commands = argparse._SubParsersAction["Parser"]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def path(text: str) -> Path:
    """Of an empty variable of a shell would become the folder where one is."""
    if not text:
        raise argparse.ArgumentTypeError("'' is no name, expected one of a file or folder")
    return Path(text)


def add(commands: Commands, name: str, about: str, more: str, command: Callable[[argparse.Namespace], int | None]) -> Parser:
    parser = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}. {more}")
    parser.set_defaults(command=command)
    return parser


def add_denoiser(p: Parser, default: str | None) -> None:
    from gigbox import params

    p.add_argument("--denoise", choices=params.DENOISERS[::-1], default=default, help=f"who cleans (default: {default or 'as it was left; model at first'})")
    p.add_argument("--model", metavar="NAME|FILE", help="a model of `gigbox models`, or another .tflite file with the same tensors (default: denoise)")


def add_device(p: Parser) -> None:
    p.add_argument("--device", default="", metavar="NAME", help="a card or profile of `gigbox devices`, or CAPTURE+PLAYBACK of ALSA "
                   "(default: the best card that is found; sim where there is none, or --song says what is played)")
    p.add_argument("--period", type=int, default=0, help="frames a period: 32, 64, 128 or 256 (default: as the card likes it, 64)")


def device_of(options: argparse.Namespace) -> Device:
    """Which card is played through. A song that is named is heard through the simulated one, unless another is named with it."""
    from gigbox.devices.alsa import library
    from gigbox.devices.cards import found
    from gigbox.devices.choice import choose

    return choose([] if options.device == "sim" or (options.song and not options.device) else found(library()), options.device)


def model_of(options: argparse.Namespace) -> Path | None:
    """The model that was asked for, looked at before anything starts."""
    if options.model is None:
        return None
    from gigbox.brain.denoise.denoiser import Masker
    from gigbox.brain.tflite import find

    return Masker(find(options.model)).path


def told_of(song: Song) -> Song:
    """Says of its recordings what has to be said."""
    for note in song.notes:
        streams.say(note)
    return song
