"""An update: root and kernel of one slot, signed. The key that made a card's first image makes its updates; a box takes no other."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from image.tools import run

DAYS = 20 * 365


def keys(folder: Path, log: Path | None = None) -> tuple[Path, Path]:
    """Certificate and key in `folder`, made where there are none. Whoever has the key decides what a box runs."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    if not certificate.exists():
        folder.mkdir(parents=True, exist_ok=True)
        mask = os.umask(0o077)
        try:
            run("openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-sha256", "-days", str(DAYS),
                "-subj", "/O=gigbox/CN=gigbox updates", "-addext", "extendedKeyUsage=emailProtection",
                "-addext", "keyUsage=critical,digitalSignature,keyCertSign", "-keyout", key, "-out", certificate, log=log)
        finally:
            os.umask(mask)
    return certificate, key


def bundle(root: Path, boot: Path, version: str, certificate: Path, key: Path, goal: Path, log: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(root, folder / "root.img")
        shutil.copyfile(boot, folder / "boot.img")
        (folder / "manifest.raucm").write_text(f"[update]\ncompatible=gigbox\nversion={version}\n\n[bundle]\nformat=verity\n\n"
                                               "[image.rootfs]\nfilename=root.img\n\n[image.boot]\nfilename=boot.img\n")
        goal.unlink(missing_ok=True)
        run("rauc", "bundle", f"--cert={certificate}", f"--key={key}", folder, goal, log=log)
