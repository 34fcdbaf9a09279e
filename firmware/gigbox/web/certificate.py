"""The box's own certificate, for who wants HTTPS: made once, signed by nobody, so that each browser asks once whether it is believed."""

from __future__ import annotations

import os
import ssl
import subprocess
import tempfile
from pathlib import Path

from gigbox.errors import MachineError
from gigbox.files import write_whole
from gigbox.people.address import here

DAYS = 3650
LONG_S = 20


def context(folder: Path) -> ssl.SSLContext:
    """What a server answers with; MachineError where there can be none."""
    key, certificate = folder / "tls.key", folder / "tls.crt"
    if not (key.exists() and certificate.exists()):
        _make(key, certificate)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as e:
        why = f"{e.strerror or e.__class__.__name__}, expected a certificate and its key; delete both, and they are made anew"
        raise MachineError(f"https: {certificate}: {why}") from None
    return made


def names() -> str:
    """What the box is called, as a certificate says it."""
    own, address = os.uname().nodename, here()
    found = ["DNS:localhost", "IP:127.0.0.1", f"DNS:{own}", f"DNS:{own.partition('.')[0]}.local", "DNS:gigbox.local"]
    return ",".join(dict.fromkeys([*found, f"{'DNS' if address.endswith('.local') else 'IP'}:{address}"]))


def _make(key: Path, certificate: Path) -> None:
    """Both whole or not there; the key first, so that what a power cut leaves is made again."""
    try:
        with tempfile.TemporaryDirectory(prefix=".tls.", dir=key.parent) as work:
            made = Path(work, key.name), Path(work, certificate.name)
            _ask_openssl(*made)
            write_whole(key, made[0].read_bytes(), private=True)
            write_whole(certificate, made[1].read_bytes())
    except OSError as e:
        raise MachineError(f"https: {key.parent}: {e.strerror}, no certificate was made") from None


def _ask_openssl(key: Path, certificate: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(DAYS), "-subj", "/CN=gigbox",
               "-addext", f"subjectAltName={names()}", "-keyout", str(key), "-out", str(certificate)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONG_S, umask=0o077, check=False)
    except FileNotFoundError:
        raise MachineError("https: openssl is not here; type: sudo apt-get install -y openssl") from None
    except (OSError, subprocess.TimeoutExpired) as e:
        raise MachineError(f"https: openssl: {e.__class__.__name__}, no certificate was made") from None
    if done.returncode:
        words = " ".join(done.stderr.split())[-120:]
        raise MachineError(f"https: openssl: {words}, no certificate was made")
