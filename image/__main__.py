"""`python -m image`: builds the card, its bill of materials, and with --bundle an update for boxes that have one. As root, for owners and emulation."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from image import bom, bundle, disk, root, tools
from image.layer import KERNELS, LayerError, layers

HERE = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m image", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "out/image", help="where to (default: out/image)")
    parser.add_argument("--kernel", choices=KERNELS, default="debian", help="whose (default: debian)")
    parser.add_argument("--archive", default="", metavar="LINE", help="of sources.list, for packages that Debian does not have (default: none)")
    parser.add_argument("--version", default="", help="of the image (default: the version of gigbox and the day of the last commit)")
    parser.add_argument("--keys", type=Path, metavar="DIR", help="cert.pem and key.pem for updates (default: OUT/keys, made where there are none)")
    parser.add_argument("--bundle", action="store_true", help="an update, too (default: the card alone)")
    parser.add_argument("--again", action="store_true", help="keeps Debian's packages as they lie in OUT/root, all else is made anew (default: fetches them)")
    parser.add_argument("--pack", action="store_true", help="only packs OUT/root as it lies there, into the same bytes as ever (default: fills it before)")
    parser.add_argument("--level", type=int, default=root.LEVEL, help=f"of zstd for the root, 1 to 22 (default: {root.LEVEL})")
    options = parser.parse_args()
    try:
        _build(options)
    except (tools.ToolError, LayerError, ValueError) as e:
        print(f"image: {e}", file=sys.stderr)
        return 1
    return 0


def _build(options: argparse.Namespace) -> None:
    if lost := tools.missing():
        raise tools.ToolError(f"{lost[0]}: not here, expected what `make image` installs")
    if os.geteuid():
        raise tools.ToolError("expected root, whose files the card's are")
    tools.foreign_programs()
    began, out, log = time.monotonic(), options.out, options.out / "build.log"
    out.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    epoch = int(tools.run("git", "log", "-1", "--format=%ct", cwd=HERE))
    version = options.version or _version(epoch)
    certificate, key = bundle.keys(options.keys or out / "keys", log)
    if not options.pack:
        _fill(options, version, epoch, certificate, log)
    print(f"image: the root after {time.monotonic() - began:.0f} s")
    parts = _pack(options, version, epoch, log)
    if options.bundle:
        bundle.bundle(parts["root-a"], parts["boot-a"], version, certificate, key, out / f"gigbox-{version}.raucb", log)
    print(f"image: {out / 'gigbox.img'}: version {version}, root {parts['root-a'].stat().st_size / 1e6:.0f} MB, in {time.monotonic() - began:.0f} s")


def _fill(options: argparse.Namespace, version: str, epoch: int, certificate: Path, log: Path) -> None:
    tree = options.out / "root"
    if not options.again:
        shutil.rmtree(tree, ignore_errors=True)
    chosen = layers(options.kernel)
    for layer in chosen:
        print(f"image: {layer.name} {layer.version}: {layer.purpose}")
    root.build(chosen, version, epoch, tree, certificate, options.archive, log, options.again)


def _pack(options: argparse.Namespace, version: str, epoch: int, log: Path) -> dict[str, Path]:
    """Files by partition: the same tree gives the same bytes."""
    out, tree = options.out, options.out / "root"
    parts = {p.label: out / f"{p.label.removesuffix('-a').removesuffix('-b')}.img" for p in disk.LAYOUT}
    bom.write(bom.bill(tree, version, epoch), out / "bom.spdx.json")
    root.squash(tree, epoch, parts["root-a"], log, options.level)
    disk.select(tree, epoch, parts["select"], log)
    disk.boot(tree, root.kernels(tree)[-1] if options.kernel == "debian" else "", epoch, parts["boot-a"], log)
    disk.data(epoch, parts["data"], log)
    disk.card(parts, out / "gigbox.img", log)
    return parts


def _version(epoch: int) -> str:
    sys.path.insert(0, str(HERE / "firmware"))
    from gigbox import __version__

    return f"{__version__}.{time.strftime('%Y%m%d', time.gmtime(epoch))}"


if __name__ == "__main__":
    sys.exit(main())
