"""The commands; nothing else. Errors are one line on stderr: exit code 2 for what was asked, 1 for what the machine failed at."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence

from gigbox import __version__, blas, streams
from gigbox.cli.parser import Parser
from gigbox.errors import GigboxError


def main(arguments: Sequence[str] | None = None) -> int:
    streams.prepare()
    blas.one_thread()
    try:
        try:
            options = parser().parse_args(arguments)
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


def parser() -> Parser:
    from gigbox.cli import band, ideas, machine, programs, sound  # here, where Ctrl-C is one already: the table alone takes a Pi half a second

    made = Parser(prog="gigbox", description="A smart mixing box: denoises and mixes live channels in real time, says why, and gives way to hands.",
                  epilog="First of all try: gigbox run   (plays the demo gig; the page is at http://localhost:8080)")
    made.add_argument("--version", action="version", version=f"gigbox {__version__}")
    commands = made.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for kind in (programs, sound, ideas, band, machine):
        kind.add_to(commands)
    return made
