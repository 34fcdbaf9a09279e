"""How soon a phone can use the page, and how it draws: `python -m tests.web.first_look [TIMES] [SECONDS]` (PYTHONPATH=firmware).

Chromium at a fourth of this processor, 1.6 Mbit/s and 40 ms, nothing kept from before, at a box of its own with 16 channels that sound. Usable is when all 16
faders stand where the box says and may be moved. Of what the main thread did until then its own time is told too, and what that makes with the bytes one
after another: what others do on this machine is not in it.
Then for so many seconds on a phone, a tablet and a screen that shows all 16, nobody touching it: frames a second; and how long a frame keeps the main thread,
with what, and its longest task: its own time at this processor's speed, times four, so that what others do on this machine is not in it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from gigbox.rack import RATE
from tests.live_box import Box
from tests.web.chrome import Chrome

CHANNELS, SLOWER = 16, 4
SIZES = ((390, 844), (1180, 820), (1700, 900))
KINDS = {"script": ["FunctionCall"], "style and layout": ["UpdateLayoutTree", "Layout"], "paint and layers": ["PrePaint", "Paint", "Layerize", "Commit"]}
BYTES_A_SECOND, LATENCY_MS = 200_000, 40
USABLE = f"document.querySelectorAll('.strips .strip').length === {CHANNELS} && !document.body.classList.contains('lost')"
WATCH = f"""(() => {{
  const look = () => {{ if (document.body && {USABLE}) window.usable = performance.now(); else setTimeout(look, 10); }};
  look();
}})()"""
CAME = """(() => {
  const files = performance.getEntries().filter(e => e.transferSize && e.responseEnd <= window.usable);
  const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN;
  return [painted, window.usable, files.length, files.reduce((sum, e) => sum + e.transferSize, 0)];
})()"""
STOOD = """Promise.all(['largest-contentful-paint', 'layout-shift'].map(type => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries())).observe({ type, buffered: true }); setTimeout(() => done([]), 500);
}))).then(([paints, shifts]) => [paints.at(-1)?.startTime ?? NaN, shifts.reduce((sum, e) => sum + e.value, 0)])"""
DRAWS = """new Promise(done => {
  const begun = performance.now(); let frames = 0;
  const count = () => {
    const took = performance.now() - begun;
    if (took < SECONDS * 1000) frames++, requestAnimationFrame(count); else done({ frames, took });
  };
  requestAnimationFrame(count);
})"""


class Phone(Chrome):
    """Counts what it loads."""

    socket_bytes = 0

    def slow(self) -> None:
        for domain in ("Network", "Performance"):
            self.do(f"{domain}.enable")
        self.do("Network.setCacheDisabled", cacheDisabled=True)
        self.do("Network.setBypassServiceWorker", bypass=True)
        self.do("Network.emulateNetworkConditions", offline=False, latency=LATENCY_MS, downloadThroughput=BYTES_A_SECOND, uploadThroughput=94_000)
        self.do("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def _note(self, message: dict[str, Any]) -> None:
        super()._note(message)
        what, told = message.get("method"), message.get("params", {})
        if what == "Network.webSocketFrameReceived" and not self.socket_bytes:
            self.socket_bytes = len(told["response"]["payloadData"])          # the state, by which the faders stand

    def measured(self) -> dict[str, float]:
        return {each["name"]: each["value"] for each in self.do("Performance.getMetrics")["metrics"]}

    def first_look(self, port: int) -> tuple[float, ...]:
        """ms until it was painted at first, until it was usable, and of these of the main thread's own; what had come by then: requests, bytes. At last: ms
        until the largest thing was painted, and how much of the screen moved that had stood there."""
        self.open("about:blank")
        self.until("location.href === 'about:blank'")
        self.socket_bytes = 0
        self.do("Performance.disable")
        self.do("Performance.enable", timeDomain="threadTicks")
        self.open(f"http://127.0.0.1:{port}/")
        self.until("!!window.usable")
        own = 1000 * self.measured()["TaskDuration"]
        painted, usable, files, size = self.js(CAME)
        return painted, usable, own, files + 1, size + self.socket_bytes, *self.js(STOOD)


def main(times: int = 5, seconds: float = 10.0) -> None:
    with tempfile.TemporaryDirectory() as folder:
        box = box_of_sixteen(Path(folder))
        box.start()
        phone = Phone(Path(folder))
        try:
            box.ready()
            phone.slow()
            phone.do("Emulation.setCPUThrottlingRate", rate=SLOWER)
            tell(np.array([phone.first_look(box.port) for _ in range(times)]))
            for size in SIZES:
                draws(phone, box.port, size, seconds)
        finally:
            phone.close()
            box.end()


def tell(looks: np.ndarray) -> None:
    painted, usable, own, requests, size, largest, moved = np.median(looks, 0)
    rest = 2 * LATENCY_MS + 1000 * size / BYTES_A_SECOND + own
    print(f"first look: painted after {painted:.0f} ms, the largest after {largest:.0f}, {moved:.3f} of the screen moved; usable after {usable:.0f} ms "
          f"({looks[:, 1].min():.0f} to {looks[:, 1].max():.0f}); until then {requests:.0f} requests, {size:.0f} bytes, {own:.0f} ms of the page's own: "
          f"{rest:.0f} ms one after another, if nobody else used this machine")


def draws(phone: Phone, port: int, size: tuple[int, int], seconds: float) -> None:
    phone.size(*size)
    phone.first_look(port)
    time.sleep(2)                         # the other pages have come by then
    watch = DRAWS.replace("SECONDS", str(seconds))
    seen = phone.js(watch)
    phone.do("Emulation.setCPUThrottlingRate", rate=1)
    at_full, done = phone.traces(watch)
    phone.do("Emulation.setCPUThrottlingRate", rate=SLOWER)
    kinds = "; ".join(f"{kind} {SLOWER * ms(done, names) / at_full['frames']:.1f}" for kind, names in KINDS.items())
    longest = SLOWER * max(each["tdur"] for each in done if each["name"] == "RunTask") / 1000
    print(f"16 meters at {size[0]}x{size[1]}: {seen['frames'] / seen['took'] * 1000:.0f} frames a second at a fourth; a frame is "
          f"{SLOWER * ms(done, ['RunTask']) / at_full['frames']:.1f} ms of the page's own ({kinds}); its longest task {longest:.0f} ms")


def ms(done: list[dict[str, Any]], names: Collection[str]) -> float:
    """Of all that is called so; what is within another of these is counted once."""
    end, us = 0.0, 0.0
    for each in sorted((each for each in done if each["name"] in names), key=lambda each: (each["ts"], -each["dur"])):
        if each["ts"] >= end:
            end, us = each["ts"] + each["dur"], us + each["tdur"]
    return us / 1000


def box_of_sixteen(folder: Path) -> Box:
    """Noise in bursts of every length: meters that never stand."""
    made, noise = Box(folder), np.random.default_rng(1)
    (folder / "song").mkdir()
    t = np.arange(5 * RATE) / RATE
    for n in range(CHANNELS):
        swell = 0.5 + 0.5 * np.sin(2 * np.pi * (0.4 + 0.2 * n) * t)
        soundfile.write(folder / f"song/{n + 1:02}.wav", 0.1 * swell * noise.standard_normal(len(t)), RATE)
    return made


if __name__ == "__main__":
    main(*(kind(word) for kind, word in zip((int, float), sys.argv[1:], strict=False)))
