"""A machine that the card is put into: QEMU's `virt` with its own firmware, an Ethernet cable to this host, and a plug that can be pulled."""

from __future__ import annotations

import contextlib
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from image.disk import LAYOUT, MB
from image.tools import ToolError, run

FIRMWARE = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"
NEEDED = ("qemu-system-aarch64", "qemu-img", "debugfs", "ssh", "ssh-keygen")
CORES, MEMORY_MB = 2, 1024


class Machine:
    """`card` is written to, as a real one is; `log` gets what its console says. Ports of this host lead to its page and its shell."""

    def __init__(self, card: Path, folder: Path, key: Path | None = None) -> None:
        self.card, self.folder, self.key = card, folder, key
        self.console = folder / "console.log"
        self.page, self.shell = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.began = 0.0

    def power_on(self) -> None:
        command = ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-accel", "tcg,thread=multi", "-smp", str(CORES), "-m", str(MEMORY_MB),
                   "-nodefaults", "-display", "none", "-bios", FIRMWARE, "-drive", f"if=none,id=card,file={self.card},format=qcow2,cache=writethrough",
                   "-device", "virtio-blk-pci,drive=card,bootindex=0", "-device", "virtio-rng-pci", "-serial", f"file:{self.console}", "-netdev",
                   f"user,id=cable,hostfwd=tcp:127.0.0.1:{self.page}-:80,hostfwd=tcp:127.0.0.1:{self.shell}-:22",
                   "-device", "virtio-net-pci,netdev=cable,romfile="]
        self.began = time.monotonic()
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.folder / "qemu.log").open("ab"))

    def pull_the_plug(self) -> None:
        """Nothing is told, nothing is written any more."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def ask_page(self, path: str = "/", timeout: float = 5.0) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page}{path}", timeout=timeout) as answer:
            return bytes(answer.read())

    def until(self, happens: Callable[[], bool], seconds: float, what: str) -> float:
        """Seconds since the power came. ToolError, with the console's end, where it does not happen or the machine ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ToolError):
                if happens():
                    return time.monotonic() - self.began
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(1)
        last = self.console.read_text(errors="replace")[-2000:] if self.console.exists() else ""
        raise ToolError(f"{what}: not within {seconds:.0f} s; the console says: {last}")

    def page_answers(self) -> bool:
        return b"gigbox" in self.ask_page().lower()

    def says(self, *words: str, timeout: float = 60.0) -> str:
        """What a command inside prints; ToolError where it fails or nobody answers."""
        done = subprocess.run([*self._ssh(), shlex.join(words)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False)
        if done.returncode:
            raise ToolError(f"{' '.join(words)}: ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}")
        return done.stdout

    def _ssh(self) -> list[str]:
        return ["ssh", "-q", "-i", str(self.key), "-p", str(self.shell), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "ConnectTimeout=10", "root@127.0.0.1"]

    def give(self, source: Path, goal: str, timeout: float = 600.0) -> None:
        """A file into the machine."""
        with source.open("rb") as file:
            done = subprocess.run([*self._ssh(), f"cat > {shlex.quote(goal)}"], stdin=file, capture_output=True, timeout=timeout, check=False)
        if done.returncode:
            raise ToolError(f"{goal}: {done.stderr.decode().strip()}")


@contextlib.contextmanager
def machine(image: Path, folder: Path) -> Iterator[Machine]:
    """With a card of 2 GB that holds `image`, and a key for its shell where the box looks for one. Off again at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    key, plain, card = folder / "key", folder / "plain.img", folder / "card.qcow2"
    for old in (key, key.with_suffix(".pub"), plain, card):
        old.unlink(missing_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    run("cp", "--sparse=always", image, plain)
    _put_on_data(plain, key.with_suffix(".pub"), "ssh/authorized_keys", folder)
    run("qemu-img", "convert", "-O", "qcow2", plain, card)
    run("qemu-img", "resize", "-q", card, "2G")
    plain.unlink()
    made = Machine(card, folder, key)
    try:
        yield made
    finally:
        made.pull_the_plug()


def _put_on_data(card: Path, file: Path, goal: str, folder: Path) -> None:
    """As who has the card in a reader would."""
    offset = MB + sum(p.size for p in LAYOUT[:-1])
    data = folder / "data.img"
    run("dd", f"if={card}", f"of={data}", "bs=1M", f"skip={offset // MB}", f"count={LAYOUT[-1].size // MB}", "status=none")
    run("debugfs", "-w", "-R", f"write {file} {goal}", data)
    run("debugfs", "-w", "-R", f"sif {goal} mode 0100600", data)
    run("dd", f"if={data}", f"of={card}", "bs=1M", f"seek={offset // MB}", "conv=notrunc", "status=none")
    data.unlink()


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
