"""Whose hand it is: each browser gets a name from the box, such as phone-3f2a9c1b, in a cookie that the box has signed. Nobody can take another's."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from itsdangerous import BadSignature, Signer

from gigbox.files import write_whole
from gigbox.streams import say

COOKIE = "gigbox-hand"
COOKIE_S = 365 * 24 * 3600
KEY_BYTES = 32
SCRIPT = "script"             # keeps no cookie, so that it is one hand all the time


class Hands:
    """`key` is the box's secret. A name is public (others see it in `by` and in the journal); what proves it is only in the cookie."""

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(key, salt="gigbox hand", digest_method=hashlib.sha256)

    def known(self, cookie: str | None) -> str | None:
        """The name that the box has put into that cookie; None where it has not."""
        try:
            return self._signer.unsign(cookie or "").decode()
        except (BadSignature, UnicodeError):
            return None

    def cookie(self, name: str) -> str:
        return self._signer.sign(name).decode()


def fresh_name(agent: str) -> str:
    """A name for a newcomer; `agent` is how its browser calls itself, for the word that a person reads."""
    if "Mozilla" not in agent:
        return SCRIPT
    return f"{'phone' if 'Mobi' in agent else 'laptop'}-{secrets.token_hex(4)}"


def lasting_key(path: Path) -> bytes:
    """The box's secret, made at the first time; where it cannot be kept, names last until the program ends."""
    try:
        if path.exists() and len(key := path.read_bytes()) == KEY_BYTES:
            return key
        write_whole(path, key := secrets.token_bytes(KEY_BYTES), private=True)
    except OSError as e:
        say(f"web: {path}: {e.strerror}; pages that were open before get new names")
        return secrets.token_bytes(KEY_BYTES)
    return key
