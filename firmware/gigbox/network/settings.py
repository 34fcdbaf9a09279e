"""What the box keeps of networks: its hotspot's name and key, the country, whom it may join."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from gigbox.errors import GigboxError
from gigbox.files import free_name, write_whole

FILE = "network.json"
LETTERS = "abcdefghkmnpqrstuvwxyz23456789"      # none that is read as another, from an OLED in the dark
KEY_LENGTH = 10                                # 49 bits
COUNTRY = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Settings:
    """country: two letters of ISO 3166, empty until told. join: passwords by network."""

    name: str
    key: str
    country: str = ""
    join: dict[str, str] = field(default_factory=dict)

    def with_hotspot(self, name: str | None, key: str | None) -> Settings:
        name, key = self.name if name is None else name, self.key if key is None else key
        _check(name, key, "--name", "--key")
        return replace(self, name=name, key=key)

    def with_country(self, country: str) -> Settings:
        if not COUNTRY.fullmatch(country):
            raise GigboxError(f"country: {country[:20]!r} is not one, expected two letters such as DE")
        return replace(self, country=country.upper())

    def joining(self, name: str, password: str) -> Settings:
        _check(name, password or self.key, "--join", f"password of {name}")
        return replace(self, join={**self.join, name: password})

    def forgetting(self, name: str) -> Settings:
        if name not in self.join:
            raise GigboxError(f"--forget: {name!r} is not known, expected one of {', '.join(sorted(self.join)) or 'none'}")
        return replace(self, join={each: password for each, password in self.join.items() if each != name})

    def wifi_code(self) -> str:
        """What a QR code says, so that a phone joins the hotspot by its camera."""
        name, key = (re.sub(r'([\\;,":])', r"\\\1", text) for text in (self.name, self.key))
        return f"WIFI:T:WPA;S:{name};P:{key};;"


def _check(name: str, key: str, of_name: str, of_key: str) -> None:
    """GigboxError where a phone could not use them (IEEE 802.11: 32 bytes, 8 to 63 printable letters)."""
    size = len(name.encode("utf-8", "surrogateescape"))
    if not 1 <= size <= 32 or not name.isprintable():
        raise GigboxError(f"{of_name}: {name!r} is {size} bytes, expected 1 to 32 that can be read")
    if not 8 <= len(key) <= 63 or not all(" " <= letter <= "~" for letter in key):
        raise GigboxError(f"{of_key}: {len(key)} letters, expected 8 to 63 of ASCII")


def at_start(folder: Path, serial: str, say: Callable[[str], None]) -> Settings:
    """The same for a box that starts: without a hotspot nobody could mend a file that is empty or broken. It is kept aside, and that is said."""
    try:
        return load(folder, serial)
    except GigboxError as e:
        path = folder / FILE
        try:
            kept = path.rename(free_name(path))
        except OSError:
            raise e from None
        say(f"{path}: cannot be used, set aside as {kept.name}; name and key of the hotspot are new ones")
        return load(folder, serial)


def load(folder: Path, serial: str = "") -> Settings:
    """Those of `folder`; a box that has none gets its own, named by the last four signs of its serial number, which are kept at once."""
    path = folder / FILE
    try:
        told = json.loads(path.read_text())
        kept = Settings(str(told["name"]), str(told["key"]), str(told.get("country", "")), {str(k): str(v) for k, v in dict(told.get("join", {})).items()})
        _check(kept.name, kept.key, f"{path}: name", f"{path}: key")
        return kept
    except FileNotFoundError:
        fresh = Settings(f"gigbox-{serial[-4:] or secrets.token_hex(2)}", "".join(secrets.choice(LETTERS) for _ in range(KEY_LENGTH)))
        save(folder, fresh)
        return fresh
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise GigboxError(f"{path}: {type(e).__name__}: {e}, expected name and key of the hotspot; remove it, and new ones are made") from None


def save(folder: Path, settings: Settings) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / FILE, (json.dumps(asdict(settings), indent=1) + "\n").encode(), private=True)
    except OSError as e:
        raise GigboxError(f"{folder / FILE}: {e.strerror}, expected a folder that can be written") from None
