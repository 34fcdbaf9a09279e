"""What to type so that the machine starts otherwise: into the Pi's own files, or for GRUB where the machine is no Pi."""

from __future__ import annotations

from pathlib import Path

PLACES = ("boot/firmware", "boot")     # where the Pi's firmware finds its files: since Debian 12, and before


def pi_file(root: Path, name: str) -> Path | None:
    """`config.txt` or `cmdline.txt` of a Pi as its system names it; None where the machine is none."""
    return next((Path("/", place, name) for place in PLACES if (root / place / name).is_file()), None)


def kernel_words(root: Path, words: str) -> str:
    """The line after which the kernel is started with these words."""
    if file := pi_file(root, "cmdline.txt"):
        return f"sudo sed -i '1s/$/ {words}/' {file} && sudo reboot"
    return f"echo 'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX {words}\"' | sudo tee -a /etc/default/grub && sudo update-grub && sudo reboot"
