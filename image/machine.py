"""A machine that the card is put into: QEMU's `virt` with its own firmware, an Ethernet cable to this host, and a plug that can be pulled."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from image.card import Card
from image.disk import LAYOUT, MB
from image.tools import ToolError, run

FIRMWARE = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"
CORES, MEMORY_MB, CARD_MB = 4, 1024, 2048
# Its time is of its own instructions, one a nanosecond: how busy this host is changes neither what it reaches in time nor what systemd-analyze tells.
CLOCK = ("-accel", "tcg", "-icount", "shift=0,sleep=on")
DATA_AT = MB + sum(p.size for p in LAYOUT[:-1])


class Machine:
    """`card` is written to, as a real one is; `console` gets what its console says. Ports of this host lead to its page and its shell."""

    def __init__(self, card: Card, folder: Path, key: Path, stick: Path | None = None) -> None:
        """`stick`: a file system that is put in beside the card, to be read."""
        self.card, self.folder, self.key, self.stick = card, folder, key, stick
        self.console = folder / "console.log"
        self.page, self.shell = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.began = 0.0

    def power_on(self) -> None:
        command = ["nice", "-n", "10", "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", *CLOCK, "-smp", str(CORES),
                   "-m", str(MEMORY_MB), "-nodefaults", "-display", "none", "-bios", FIRMWARE,
                   "-drive", f"if=none,id=card,format=raw,file=nbd+unix:///?socket={self.card.served}", "-device", "virtio-blk-pci,drive=card,bootindex=0",
                   "-device", "virtio-rng-pci", "-serial", f"file:{self.console}", "-netdev",
                   f"user,id=cable,hostfwd=tcp:127.0.0.1:{self.page}-:80,hostfwd=tcp:127.0.0.1:{self.shell}-:22",
                   "-device", "virtio-net-pci,netdev=cable,romfile="]
        if self.stick:
            command += ["-drive", f"if=none,id=stick,format=raw,readonly=on,file={self.stick}", "-device", "virtio-blk-pci,drive=stick"]
        self.began = time.monotonic()
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.folder / "qemu.log").open("ab"))

    def is_on(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def pull_the_plug(self, kept: float = 0.0) -> int:
        """Nothing is told, nothing is written any more; of what no flush came behind, that share is kept by chance. How many pieces of 4 KB were lost."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            subprocess.run([*self._ssh()[:-1], "-O", "exit", self._ssh()[-1]], capture_output=True, stdin=subprocess.DEVNULL, check=False)
        return self.card.cut(kept)

    def ask_page(self, path: str = "/", timeout: float = 30.0) -> bytes:
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

    def starts(self, seconds: float) -> float:
        """Waits for the page and a shell; seconds from the power to the page."""
        took = self.until(self.page_answers, seconds, "the page")
        self.until(lambda: self.says("true") == "", seconds, "a shell")
        return took

    def page_answers(self, timeout: float = 30.0) -> bool:
        with contextlib.suppress(OSError):
            return b"gigbox" in self.ask_page(timeout=timeout).lower()
        return False

    def says(self, *words: str, timeout: float = 300.0) -> str:
        """What a command inside prints; ToolError where it fails or nobody answers."""
        try:
            done = subprocess.run(self.shell_command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            raise ToolError(f"{' '.join(words)}: no answer in {timeout:g} s") from None
        if done.returncode:
            raise ToolError(f"{' '.join(words)}: ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}")
        return done.stdout

    def shell_command(self, *words: str) -> list[str]:
        return [*self._ssh(), shlex.join(words)]

    def _ssh(self) -> list[str]:
        return ["ssh", "-q", "-i", str(self.key), "-p", str(self.shell), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "ConnectTimeout=120", "-o", "ControlMaster=auto", "-o", f"ControlPath={self.folder}/shell", "-o", "ControlPersist=yes",
                "-o", "ServerAliveInterval=30", "root@127.0.0.1"]

    def give(self, source: Path, goal: str, timeout: float = 600.0) -> None:
        """A file into the machine."""
        with source.open("rb") as file:
            done = subprocess.run([*self._ssh(), f"cat > {shlex.quote(goal)}"], stdin=file, capture_output=True, timeout=timeout, check=False)
        if done.returncode:
            raise ToolError(f"{goal}: {done.stderr.decode().strip()}")


@contextlib.contextmanager
def machine(image: Path, folder: Path, stick: Path | None = None) -> Iterator[Machine]:
    """With a card of 2 GB that holds `image`, and a key for its shell where the box looks for one. Off again at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    key, plain = folder / "key", folder / "card.img"
    for old in (key, key.with_suffix(".pub"), plain):
        old.unlink(missing_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    run("cp", "--sparse=always", image, plain)
    _put_on_data(plain, key.with_suffix(".pub"), "ssh/authorized_keys", folder)
    os.truncate(plain, CARD_MB * MB)
    card = Card(plain, folder / "card.socket")
    made = Machine(card, folder, key, stick)
    try:
        yield made
    finally:
        made.pull_the_plug()
        card.close()


def data_of(card: Path, goal: Path) -> None:
    """The data partition, grown by then, into a file of its own."""
    run("dd", f"if={card}", f"of={goal}", "bs=1M", f"skip={DATA_AT // MB}", "conv=sparse", "status=none")


def _put_on_data(card: Path, file: Path, goal: str, folder: Path) -> None:
    """As who has the card in a reader would."""
    data = folder / "data.img"
    run("dd", f"if={card}", f"of={data}", "bs=1M", f"skip={DATA_AT // MB}", f"count={LAYOUT[-1].size // MB}", "status=none")
    run("debugfs", "-w", "-R", f"mkdir {Path(goal).parent}", data)
    run("debugfs", "-w", "-R", f"write {file} {goal}", data)
    run("debugfs", "-w", "-R", f"sif {goal} mode 0100600", data)
    run("dd", f"if={data}", f"of={card}", "bs=1M", f"seek={DATA_AT // MB}", "conv=notrunc", "status=none")
    data.unlink()


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
