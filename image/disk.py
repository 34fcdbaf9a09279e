"""The card: a partition that says which slot starts, two slots of kernel and root, and one of data. No mounts; the same inputs give the same bytes."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from image.tools import run

MB = 1 << 20
NAMES = uuid.UUID("9bb2c6a5-3f0e-4b7e-8f5a-1f3d0f5a6a10")        # of the card's partitions: one each, the same in every build
TYPES = {"esp": "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "fat": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", "root": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
         "data": "B20B6183-225E-54D5-BC3B-8961C52A153F"}        # of our own, so that nothing else is grown in its place; systemd-repart looks for it


@dataclass(frozen=True)
class Partition:
    label: str
    kind: str
    size: int


SELECT = Partition("select", "esp", 32 * MB)
BOOT = tuple(Partition(f"boot-{slot}", "fat", 128 * MB) for slot in "ab")
ROOT = tuple(Partition(f"root-{slot}", "root", 320 * MB) for slot in "ab")
DATA = Partition("data", "data", 128 * MB)      # grows to the end of the card at the first start
LAYOUT = (SELECT, *BOOT, *ROOT, DATA)
ENVIRONMENT = 1024                               # bytes of GRUB's, always
# The last core is the engine's where there are four: no timer tick, no callback, no interrupt of others.
COMMAND_LINE = ("ro systemd.volatile=state systemd.condition_first_boot=false isolcpus=domain,managed_irq,3 nohz_full=3 rcu_nocbs=3 irqaffinity=0-2 "
                "panic=5 quiet loglevel=3 fsck.mode=skip")        # gigbox-data checks what is written to
GRUB_MODULES = ("part_gpt", "fat", "normal", "linux", "loadenv", "regexp", "test", "echo", "search", "configfile", "sleep", "reboot", "minicmd")
GRUB = """# Which slot: the primary one, or once the one that is to be tried.
set timeout=0
load_env --file /grubenv
set slot="$primary"
if [ -n "$try" ]; then
  set slot="$try"
  set try=""
  save_env --file /grubenv try
fi
set part=gpt2
if [ "$slot" = "B" ]; then set part=gpt3; else set slot=A; fi
regexp --set=1:disk '^([^,]*),' "$root"
set root="$disk,$part"
source /kernel.cfg
linux /vmlinuz $command_line gigbox.slot=$slot
initrd /initrd.img
boot
"""


def environment(primary: str = "A", trying: str = "", bad: str = "") -> bytes:
    """GRUB's environment, which the box's own `slots` writes, too."""
    return f"# GRUB Environment Block\nprimary={primary}\ntry={trying}\nbad={bad}\n".encode().ljust(ENVIRONMENT, b"#")


def autoboot(primary: str = "A") -> bytes:
    """The same to a Raspberry Pi: partitions by number."""
    first, second = (2, 3) if primary == "A" else (3, 2)
    return f"[all]\nboot_partition={first}\ntryboot_a_b=1\n[tryboot]\nboot_partition={second}\n".encode()


def select(root: Path, epoch: int, goal: Path, log: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "EFI/BOOT").mkdir(parents=True)
        (folder / "grub").mkdir()
        (folder / "grub/grub.cfg").write_text(GRUB)
        (folder / "grubenv").write_bytes(environment())
        (folder / "autoboot.txt").write_bytes(autoboot())
        run("grub-mkimage", "-O", "arm64-efi", "-d", root / "usr/lib/grub/arm64-efi", "-p", "/grub", "-o", folder / "EFI/BOOT/BOOTAA64.EFI",
            *GRUB_MODULES, log=log)
        _fat(folder, SELECT, epoch, goal, log)


def boot(root: Path, kernel: str, epoch: int, goal: Path, log: Path) -> None:
    """kernel: the version that GRUB starts; empty where a Raspberry Pi's firmware chooses among those that its package laid into /boot/firmware."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kernel:
            shutil.copyfile(root / f"boot/vmlinuz-{kernel}", folder / "vmlinuz")
            shutil.copyfile(root / f"boot/initrd.img-{kernel}", folder / "initrd.img")
            (folder / "kernel.cfg").write_text(f'set command_line="{COMMAND_LINE} console=tty0 console=ttyAMA0,115200"\n')
        else:
            shutil.copytree(root / "boot/firmware", folder, dirs_exist_ok=True)
            (folder / "cmdline.txt").write_text(f"{COMMAND_LINE} console=tty1\n")
        _fat(folder, BOOT[0], epoch, goal, log)


def data(epoch: int, goal: Path, log: Path) -> None:
    """Empty: gigbox-data makes its folders, and whoever puts a key on it makes ssh. Laid out for the card that it grows to, not for its own 128 MB: in
    blocks of 1 KB, and with an inode for each 4 KB, 6 % of a large card would be tables."""
    goal.unlink(missing_ok=True)
    run("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-i", str(64 << 10), "-m", "1", "-L", "data", "-U", _named("data"),
        "-E", f"hash_seed={_named('hash')},lazy_itable_init=0,root_owner=0:0", goal, f"{DATA.size >> 10}k", env={"E2FSPROGS_FAKE_TIME": str(epoch)}, log=log)


def card(parts: dict[str, Path], goal: Path, log: Path) -> None:
    """All partitions into one file, as long as the card must be at least, with holes where nothing is."""
    start, lines, offsets = MB, ["label: gpt", f"label-id: {_named('card')}", "unit: sectors", "first-lba: 34"], {}
    for p in LAYOUT:
        lines.append(f"start={start // 512}, size={p.size // 512}, type={TYPES[p.kind]}, uuid={_named(p.label)}, name={p.label}")
        offsets[p.label] = start
        start += p.size
    goal.unlink(missing_ok=True)
    with goal.open("wb") as f:
        f.truncate(start + MB)
    with tempfile.NamedTemporaryFile("w", suffix=".sfdisk") as script:
        script.write("\n".join(lines) + "\n")
        script.flush()
        run("sh", "-c", 'exec sfdisk -q --no-reread --no-tell-kernel "$1" < "$2"', "sh", goal, script.name, log=log)
    for p in LAYOUT:
        _into(goal, offsets[p.label], parts[p.label], p)


def _into(card: Path, offset: int, part: Path, partition: Partition) -> None:
    size = part.stat().st_size
    if size > partition.size:
        raise ValueError(f"{part}: {size >> 20} MB, expected at most {partition.size >> 20} MB for the partition {partition.label}")
    with part.open("rb") as source, card.open("r+b") as f:
        while piece := source.read(MB):
            if piece.strip(b"\0"):
                f.seek(offset)
                f.write(piece)
            offset += len(piece)
        f.flush()
        os.fsync(f.fileno())


def _fat(folder: Path, p: Partition, epoch: int, goal: Path, log: Path) -> None:
    goal.unlink(missing_ok=True)
    with goal.open("wb") as f:
        f.truncate(p.size)
    environment = {"SOURCE_DATE_EPOCH": str(epoch), "MTOOLS_SKIP_CHECK": "1"}
    run("mkfs.vfat", "--invariant", "-F", "16", "-i", f"{uuid.uuid5(NAMES, p.label).fields[0]:08x}", "-n", p.label.upper()[:6], goal, env=environment, log=log)
    for path in sorted(folder.rglob("*")):
        os.utime(path, (epoch, epoch))
    run("mcopy", "-s", "-m", "-i", goal, *sorted(folder.iterdir()), "::", env=environment, log=log)


def _named(label: str) -> str:
    return str(uuid.uuid5(NAMES, label))
