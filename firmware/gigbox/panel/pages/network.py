"""Where a phone finds the box: the address in words, and as a code for its camera."""

from __future__ import annotations

import functools

import numpy as np
import segno

from gigbox.panel.pages.page import Page, Scene
from gigbox.panel.pages.pieces import head, paragraph
from gigbox.panel.picture.canvas import HEIGHT, WIDTH, Canvas
from gigbox.panel.picture.letters import Bits, width

QUIET = 2                 # modules of light around the code: less than the standard's 4, and phones read it


class Network(Page):
    name, title = "network", "Network"

    def draw(self, canvas: Canvas, scene: Scene) -> None:
        link, address = scene.box.link, scene.box.address
        if not address:
            head(canvas, "Network", "")
            paragraph(canvas, "No network: plug in a cable, or join one. The knobs need none.", 16, 3)
            return
        bits = code(link or f"http://{address}/")
        high = bits.shape[0]
        canvas.fill(WIDTH - HEIGHT, 0, HEIGHT, HEIGHT)
        canvas.put(bits, WIDTH - HEIGHT + (HEIGHT - high) // 2, (HEIGHT - high) // 2, ink=False)
        host, _, port = address.partition(":")
        canvas.write("Scan me", 1, 0, room=62)
        canvas.dots(0, 9, 60, 1)
        for n, row in enumerate((*parted(host), f":{port}")):
            canvas.write(row, 1, 14 + n * 11, room=61)
        if scene.box.code:
            canvas.write("Code", 1, HEIGHT - 19)
            canvas.write(scene.box.code, 1, HEIGHT - 9)


def parted(host: str) -> list[str]:
    """A host in lines that fit beside the code, parted at a dot."""
    if width(host) <= 61 or "." not in host:
        return [host]
    middle = min((n + 1 for n, c in enumerate(host) if c == "."), key=lambda n: abs(n - len(host) / 2))
    return [host[:middle], host[middle:]]


@functools.lru_cache(maxsize=4)
def code(link: str) -> Bits:
    """The code's dark modules, each two pixels wide, where that fits the screen."""
    modules = np.array(segno.make(link, error="l", boost_error=False, micro=False).matrix, bool)
    scale = 2 if 2 * (len(modules) + QUIET) <= HEIGHT else 1
    return np.kron(modules, np.ones((scale, scale), bool))
