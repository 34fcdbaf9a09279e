"""What a strip's name says of its role: words of bands in seven languages (names.toml). Right, or silent: who is in doubt says nothing."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files

from gigbox import params

VOICES = ("lead_vocal", "backing_vocal", "speech")      # "Bass Vox" is the bass player's voice
LETTERS, TYPO_FROM, LONG = 3, 5, 6      # a word that others may be glued to, one that may have a typo in it, one that may have any typo
PIECES = 3                                              # known words that one word may be made of
ENDING = re.compile(r"\.(wav|wave|flac|aiff?|ogg|oga|mp3|w64|rf64|caf|opus|m4a)$", re.IGNORECASE)
TOKENS = re.compile(r"[a-z]+|\d+|[+&/]")


@dataclass(frozen=True)
class Guess:
    """`sure`: the role itself was said; else only its kind was (a voice, a guitar), which may be any of `roles`, of them `role` most likely; or, where
    `roles` has but one, a word that means something else as well (Tom is a drum, and a man). `reason`: for a person."""

    role: str
    reason: str
    sure: bool = True
    roles: frozenset[str] = frozenset()

    @property
    def hint(self) -> bool:
        """Whether it may as well be something quite different."""
        return not self.sure and len(self.roles) < 2


@dataclass(frozen=True)
class Kind:
    """A word's meaning: its role, whether that is certain, and words beside it that make another role of it."""

    role: str
    sure: bool = True
    beside: dict[str, str] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class Words:
    """names.toml, every word as plain letters."""

    meant: dict[str, Kind]
    single: frozenset[str]      # of those, what is one word as it stands in the file
    alone: dict[str, Kind]
    people: frozenset[str]
    nothing: frozenset[str]
    beside: frozenset[str]
    gives_way: dict[str, frozenset[str]]


@lru_cache(maxsize=256)
def role_of(name: str) -> Guess | None:
    """The role that a channel's or a file's name says, or None where it says none, or several."""
    tokens, words = plain(name), _words()
    found, rest = _read(tokens, words)
    if words.nothing & set(rest):
        return None
    kinds = [words.meant[text] for text in found] or [words.alone[token] for token in rest if token in words.alone]
    person = len(tokens) == 1 and tokens[0] in words.people
    return _one([replace(_made(kind, set(rest)), reason=f"named '{name.strip()}'") for kind in kinds], words, person)


def plain(name: str) -> list[str]:
    """Words, numbers and what joins them, in small letters without accents: `02-OH_L.wav` is 02, oh, l."""
    text = ENDING.sub("", name.strip()).replace("œ", "oe").replace("Œ", "oe").replace("ß", "ss")
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return TOKENS.findall(bare.casefold())


def _read(tokens: list[str], words: Words) -> tuple[list[str], list[str]]:
    """The known words in a name, longest first, none within another, and the rest. Several tokens may make one word, and one token several."""
    spans = sorted(((i, j) for i in range(len(tokens)) for j in range(i + 1, min(i + 4, len(tokens)) + 1)), key=lambda s: -len("".join(tokens[slice(*s)])))
    found, left = [], dict(enumerate(tokens))
    for i, j in spans:
        text = "".join(tokens[i:j])
        if text in words.meant and all(n in left for n in range(i, j)):
            found.append(text)
            for n in range(i, j):
                del left[n]
    rest = []
    for token in left.values():
        known = token in words.beside | words.nothing | words.people | _all_modifiers()
        pieces = [token] if known else _split(token, words) or _typo(token, words) or [token]
        found += [piece for piece in pieces if piece in words.meant]
        rest += [piece for piece in pieces if piece not in words.meant]
    return found, rest


def _split(token: str, words: Words, most: int = PIECES) -> list[str]:
    """Known words that together are the token; none where it is not made of such."""
    for end in range(len(token) - 1, 1, -1):
        first = token[:end]
        if not _piece(first, words):
            continue
        rest = token[end:]
        if _piece(rest, words):
            return [first, rest]
        if most > 2 and (more := _split(rest, words, most - 1)):
            return [first, *more]
    return []


def _piece(text: str, words: Words) -> bool:
    return (len(text) >= LETTERS and (text in words.meant or text in _all_modifiers())) or (len(text) > 1 and text in words.beside)


def _typo(token: str, words: Words) -> list[str]:
    """Longer words of one and the same role of which it may be a misspelling."""
    near = [word for word in words.single if _misspelt(token, word)] if len(token) >= TYPO_FROM else []
    return near[:1] if len({words.meant[word].role for word in near}) == 1 else []


def _misspelt(token: str, word: str) -> bool:
    """One letter within it missing, too much, or changed for its neighbour; in a long word also another one, or the last one missing. Words that only
    begin alike are others: a Geiger is no Geige."""
    if len(word) < TYPO_FROM or word[0] != token[0]:
        return False
    at = next((i for i, (a, b) in enumerate(zip(token, word, strict=False)) if a != b), min(len(token), len(word)))
    if len(token) == len(word):
        swapped = token[at:at + 2] == word[at:at + 2][::-1] and token[at + 2:] == word[at + 2:]
        return at < len(word) - 1 and (swapped or (len(word) >= LONG and token[at + 1:] == word[at + 1:]))
    if len(token) == len(word) + 1:
        return at < len(word) and token[at + 1:] == word[at:]
    return len(token) + 1 == len(word) and token[at:] == word[at + 1:] and (at < len(token) or len(token) >= LONG)


def _made(kind: Kind, beside: set[str]) -> Guess:
    """Of a kind and the words beside it, the role, and whether that is certain."""
    said = {kind.beside[word] for word in beside if word in kind.beside}
    roles = said if len(said) == 1 else {kind.role, *kind.beside.values()}
    return Guess(min(said) if len(said) == 1 else kind.role, "", kind.sure or len(said) == 1, frozenset(roles))


def _one(guesses: list[Guess], words: Words, person: bool) -> Guess | None:
    """What is left when roles that give way have done so; None of several, but for several voices, of which it is one."""
    said = {guess.role for guess in guesses}
    if "unused" in said:
        guesses = [guess for guess in guesses if guess.role == "unused"]
    elif said & set(VOICES):
        guesses = [guess for guess in guesses if guess.role in VOICES]
        guesses = [guess for guess in guesses if guess.sure] or guesses
        if len({guess.role for guess in guesses}) > 1:          # who sings and talks, by one microphone
            guesses = [replace(guess, role=guesses[0].role, sure=False, roles=frozenset(g.role for g in guesses)) for guess in guesses]
    else:
        guesses = [guess for guess in guesses if not said & words.gives_way.get(guess.role, frozenset())]
    if len({guess.role for guess in guesses}) != 1:
        return None
    best = max(guesses, key=lambda guess: guess.sure)
    return replace(best, sure=best.sure and not person)


@lru_cache(maxsize=1)
def _all_modifiers() -> frozenset[str]:
    return frozenset(word for kind in _words().meant.values() for word in kind.beside if len(word) >= LETTERS)


@lru_cache(maxsize=1)
def _words() -> Words:
    """The file, checked: a word means one thing."""
    table = tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))
    meant: dict[str, Kind] = {}
    for entry in table["kind"].values():
        _add(meant, Kind(entry["role"], False, {_joined(w): role for role, beside in entry["with"].items() for w in beside}), entry["words"])
    for role, entry in table["role"].items():
        _add(meant, Kind(role), entry["words"])
    alone = {_joined(word): Kind(role, False) for role, entry in table["role"].items() for word in entry.get("alone", ())}
    single = frozenset(_joined(word) for entries in (table["kind"], table["role"]) for entry in entries.values() for word in entry["words"] if " " not in word)
    _add_plurals(meant)
    people, nothing, beside = (frozenset(map(_joined, table[name]["words"])) for name in ("people", "nothing", "beside"))
    return Words(meant, single, alone, people, nothing, beside, {role: frozenset(others) for role, others in table["gives_way"].items()})


def _add(meant: dict[str, Kind], kind: Kind, words: list[str]) -> None:
    assert kind.role in params.ROLES, f"names.toml: role '{kind.role}' is unknown, expected one of {', '.join(params.ROLES)}"
    for word in words:
        text = _joined(word)
        assert meant.get(text, kind).role == kind.role, f"names.toml: '{word}' is said to be {kind.role} and {meant[text].role}, expected one of them"
        meant[text] = kind


def _add_plurals(meant: dict[str, Kind]) -> None:
    """As English, French, Spanish and Portuguese make them, and German and Dutch; others are in the file."""
    for word, kind in list(meant.items()):
        endings = ["s"] * (len(word) >= LETTERS) + ["n"] * (len(word) >= TYPO_FROM and word.endswith("e")) + ["en"] * (len(word) >= LONG)
        for ending in endings:
            meant.setdefault(word + ending, kind)


def _joined(word: str) -> str:
    return "".join(plain(word))
