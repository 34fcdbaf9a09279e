"""The root file system: Debian's packages, gigbox with its wheels, the layers' files; then one squashfs, the same bytes for the same inputs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from image import wheels
from image.layer import Layer, lay
from image.tools import run

SUITE = "trixie"
LEVEL = 19                  # of zstd: 190 MB; at 3 it is 220, in a tenth of the time
COMPONENTS = "main non-free-firmware"        # the radio's firmware
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Kept: who wrote a package, and on what terms.
LEFT_OUT = (*(f"path-exclude=/usr/share/{name}/*" for name in ("man", "info", "doc", "locale", "bash-completion", "bug", "lintian")),
            "path-include=/usr/share/doc/*/copyright")
# Of no use on a box: what a kernel has for graphics, infrared, television; caches; what differs from one build to the next.
DRIVERS = ("gpu", "media", "infiniband", "scsi", "iio", "isdn", "accel", "staging", "remoteproc", "mtd",
           *(f"net/ethernet/{maker}" for maker in ("mellanox", "qlogic", "chelsio", "intel", "netronome", "hisilicon", "broadcom/bnx2x")),
           *(f"net/wireless/{maker}" for maker in ("ath", "intel", "marvell", "mediatek", "realtek/rtw88", "realtek/rtw89")))
MOUNTED = ("boot", "proc", "sys", "dev", "run")         # left empty
UNSTABLE = ("var/cache", "var/log", "var/lib/apt/lists", "var/lib/systemd/catalog", "root/.cache", "etc/machine-id", "var/lib/dbus/machine-id",
            "boot/grub", "tmp")


def build(layers: Sequence[Layer], version: str, epoch: int, root: Path, certificate: Path, archive: str, log: Path, again: bool = False) -> None:
    """A tree at `root`, which must not be there yet, or be one that was built from the same packages: `again` keeps those. Updates signed by
    `certificate` will be taken. archive: a line of sources.list for what Debian does not have, or empty."""
    if not again:
        _packages(sorted({name for layer in layers for name in layer.packages}), epoch, root, archive, log)
    wheels.install(root, log, again)
    for layer in layers:
        lay(layer, root)
    shutil.copyfile(certificate, root / "etc/rauc/keyring.pem")
    _release(root, version)
    _prune(root)
    for layer in layers:
        if layer.setup:
            _inside(root, layer.setup, log)
    for kernel in kernels(root):
        run("chroot", root, "update-initramfs", "-c", "-k", kernel, env={"SOURCE_DATE_EPOCH": str(epoch)}, log=log)
    _settle(root)


def _packages(names: Sequence[str], epoch: int, root: Path, archive: str, log: Path) -> None:
    run("mmdebstrap", "--mode=root", "--architectures=arm64", "--variant=minbase", "--format=directory", f"--keyring={KEYRING}",
        f"--components={COMPONENTS}", '--aptopt=Apt::Install-Recommends "0"', *(f"--dpkgopt={line}" for line in LEFT_OUT),
        f"--include={','.join(names)}", SUITE, root, *(("", archive) if archive else ()),
        env={"SOURCE_DATE_EPOCH": str(epoch), "INITRD": "No"}, log=log)      # the initial RAM disk comes last


def kernels(root: Path) -> list[str]:
    return sorted(p.name for p in (root / "usr/lib/modules").iterdir())


def squash(root: Path, epoch: int, image: Path, log: Path, level: int = LEVEL) -> None:
    """Without /boot, which has partitions of its own. Sorted, one time for all, so that the same tree gives the same bytes."""
    image.unlink(missing_ok=True)
    run("mksquashfs", root, image, "-comp", "zstd", "-Xcompression-level", str(level), "-b", "256K", "-noappend", "-no-progress", "-quiet",
        "-all-time", str(epoch), "-mkfs-time", str(epoch), "-no-exports",
        *(word for name in MOUNTED for word in ("-p", f"{name} d 755 0 0")), "-e", *MOUNTED, log=log)


def _inside(root: Path, script: Path, log: Path) -> None:
    inside = root / "setup.sh"
    inside.write_bytes(script.read_bytes())
    try:
        run("chroot", root, "sh", "-eu", "/setup.sh", env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}, log=log)
    finally:
        inside.unlink()


def _release(root: Path, version: str) -> None:
    path = root / "usr/lib/os-release"
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("PRETTY_NAME=", "IMAGE_"))]
    path.write_text("\n".join([f'PRETTY_NAME="gigbox {version}"', *lines, "IMAGE_ID=gigbox", f'IMAGE_VERSION="{version}"', ""]))


def _prune(root: Path) -> None:
    for modules in (root / "usr/lib/modules").iterdir():
        for name in DRIVERS:
            shutil.rmtree(modules / "kernel/drivers" / name, ignore_errors=True)
        run("chroot", root, "depmod", "-a", modules.name)


def _settle(root: Path) -> None:
    for name in UNSTABLE:
        path = root / name
        if path.is_dir():
            for each in path.iterdir():
                shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
        elif name == "etc/machine-id":
            path.write_text("")
        else:
            path.unlink(missing_ok=True)
    for name in ("var/lib/dpkg/status-old", "var/lib/dpkg/available-old", "etc/.pwd.lock", "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-"):
        (root / name).unlink(missing_ok=True)
