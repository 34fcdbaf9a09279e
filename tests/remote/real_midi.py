"""What the part does on the kernel's own raw MIDI devices (snd-virmidi), two of them joined by the kernel's sequencer; run in a kernel of its own."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import struct
import tempfile
import time
from pathlib import Path

from gigbox.remote.midi.levels import Levels
from gigbox.remote.midi.part import Midi
from gigbox.remote.midi.ports import Ports, _cable
from tests.remote.conftest import Stage
from tests.remote.surface import FakeRack

SUBSCRIBE = struct.Struct("BBBBIIB3x64x")          # snd_seq_port_subscribe of sound/asequencer.h
SUBSCRIBE_IOCTL = 0x40000000 | SUBSCRIBE.size << 16 | ord("S") << 8 | 0x30
ASKS = bytes((0xF0, 0, 0, 0x66, 0x14, 1, *b"SERIALN", 1, 2, 3, 4, 0xF7))


def join(one: int, other: int) -> None:
    """What one sequencer client says, the other hears, and the other way round."""
    seq = os.open("/dev/snd/seq", os.O_RDWR)
    for sender, dest in ((one, other), (other, one)):
        fcntl.ioctl(seq, SUBSCRIBE_IOCTL, SUBSCRIBE.pack(sender, 0, dest, 0, 0, 0, 0))


def main() -> None:
    told: dict[str, object] = {}
    card = int(next(re.search(r"\d+", path.name)[0] for path in Path("/dev/snd").glob("midiC*D3")))          # type: ignore[index]
    clients = {int(device): int(client) for client, device in re.findall(
        r'Client +(\d+) : "Virtual Raw MIDI \d-(\d)"', Path("/proc/asound/seq/clients").read_text())}
    said: list[str] = []
    ports = Ports(said.append)
    found = ports.look()
    told["devices"], told["names"], told["cables"] = len(ports.found()), sorted({port.name for port in found}), len(found)
    told["asked"] = _cable(found[0].fd)          # by the ioctl, not in /proc
    others = Ports(said.append)
    others.look()
    told["busy"] = sorted(set(said))
    ports.close(), others.close()

    join(clients[0], clients[3])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for made in ("snd", "asound/card9", "desk"):
            (folder / made).mkdir(parents=True)
        (folder / "snd/midiC9D0").symlink_to(f"/dev/snd/midiC{card}D0")
        (folder / "asound/card9/midi0").write_text("One cable of it\n\nInput 0\n")
        surface = os.open(f"/dev/snd/midiC{card}D3", os.O_RDWR | os.O_NONBLOCK)
        stage = Stage(folder / "desk")
        rack = FakeRack(8)
        midi = Midi(stage.mirror, Ports(said.append, folder / "snd", folder / "asound"), Levels(lambda: rack), folder / "midi.toml", said.append)
        heard = bytearray()

        def run(seconds: float) -> None:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                midi.turn()
                with contextlib.suppress(BlockingIOError):
                    heard.extend(os.read(surface, 4096))

        run(0.5)
        os.write(surface, ASKS)
        run(3.0)
        told["answered"] = bytes((0xF0, 0, 0, 0x66, 0x14, 2)) in heard
        told["names shown"] = b"Ch 1" in heard and b"Ch 8" in heard
        told["fader"] = max((heard[at + 1] | heard[at + 2] << 7 for at in range(len(heard) - 2) if heard[at] == 0xE0), default=-1)
        for content in (b"\x90\x68\x7f", b"\xe0\x00\x5c", b"\x00\x57\x00\x50", b"\x90\x68", b"\x00"):       # running status, cut anywhere
            os.write(surface, content)
            run(0.1)
        run(0.5)
        told["heard"] = round(stage.heard("strip/1/level"), 1)
        told["said"] = said[len(said) - 2:]
        midi.close()
        stage.close()
    print("told" + json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
