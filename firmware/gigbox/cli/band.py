"""Who plays with it: people who come in, and what their hands taught."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gigbox.cli.parser import Parser, add, path
from gigbox.errors import GigboxError

if TYPE_CHECKING:
    from gigbox.cli.parser import Commands


def add_to(commands: Commands) -> None:
    _add_taste(commands)
    _add_people(commands)


def _add_taste(commands: Commands) -> None:
    p = add(commands, "taste", "what corrections taught the box: show it, change it, forget it",
             "The box need not run; one that runs takes over what is changed here. Example: gigbox taste --set backing_vocal/level=2", _taste)
    what = p.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="all of it to stdout, for another box or for keeping (default: in words)")
    what.add_argument("--import", dest="source", type=path, metavar="FILE", help="instead of what was learnt, what --json wrote (default: none)")
    what.add_argument("--forget", nargs="?", const="", metavar="ROLE[/KIND]", help="what was learnt of a role, or all of it (default: nothing)")
    what.add_argument("--set", action="append", default=[], metavar="ROLE/KIND[/STYLE]=VALUE",
                      help="where a role starts from now on, from its own place; kinds: level eq_low eq_high pan denoise comp (default: none)")


def _add_people(commands: Commands) -> None:
    p = add(commands, "pair", "lets a phone in: prints a code, and a link as a picture for its camera",
             "Good for one phone and 15 minutes. Without ROLE the first one becomes engineer, later ones have to be approved. "
             "Example: gigbox pair musician --monitor 2 --strips 1,3", _pair)
    p.add_argument("role", nargs="?", metavar="ROLE", help="engineer, musician (own monitor, names of own strips) or guest (looks) (default: see above)")
    _add_place(p)
    p.add_argument("--name", default="", help="how they are called (default: as the phone says)")
    p.add_argument("--script", default="", metavar="NAME", help="prints a token for a script instead: Authorization: Bearer TOKEN (default: for a phone)")
    p = add(commands, "people", "who may touch the box, and who asks to", "Example: gigbox people --revoke Anna", _people)
    what = p.add_mutually_exclusive_group()
    what.add_argument("--approve", default="", metavar="ID", help="says yes to one who waits, as they ask or as ROLE (default: only lists)")
    what.add_argument("--refuse", default="", metavar="ID", help="says no (default: only lists)")
    what.add_argument("--revoke", default="", metavar="NAME|ID", help="they are nobody from now on (default: only lists)")
    p.add_argument("--role", metavar="ROLE", help="with --approve: engineer, musician or guest (default: as they ask)")
    _add_place(p)
    p.add_argument("--json", action="store_true", help="for programs (default: a table)")


def _add_place(p: Parser) -> None:
    p.add_argument("--monitor", type=int, default=0, metavar="1..6", help="of a musician (default: none)")
    p.add_argument("--strips", default="", metavar="1,2,...", help="of a musician, to name (default: none)")


def _taste(options: argparse.Namespace) -> None:
    from gigbox.brain.taste import command as taste_command

    taste_command.run(options.json, options.source, options.forget, options.set)


def _pair(options: argparse.Namespace) -> None:
    from gigbox.people import command

    command.pair(options.role, options.monitor, _strips(options.strips), options.name, options.script)


def _people(options: argparse.Namespace) -> None:
    from gigbox.people import command

    command.people(options.approve, options.refuse, options.revoke, options.role, options.monitor, _strips(options.strips), options.json)


def _strips(text: str) -> tuple[int, ...]:
    words = text.replace(",", " ").split()
    if not all(word.isdecimal() and len(word) < 4 for word in words):
        raise GigboxError(f"--strips: {text[:40]!r}, expected numbers such as 1,3")
    return tuple(map(int, words))
