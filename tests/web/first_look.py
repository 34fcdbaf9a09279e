"""How soon a phone can use the page, and how it draws: `python -m tests.web.first_look [TIMES] [SECONDS]` (PYTHONPATH=firmware).

Chromium at a fourth of this processor, 1.6 Mbit/s and 40 ms, nothing kept from before, at a box of its own with 16 channels that sound. Usable is when all 16
faders stand where the box says and may be moved. Of what the main thread did until then its own time is told too: what others do on this machine is not in it.
Then for so many seconds, nobody touching it: frames a second, tasks of the main thread that took longer than 50 ms, and whether its memory grows.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from gigbox.rack import RATE
from tests.live_box import Box
from tests.web.chrome import Chrome

CHANNELS, SLOWER = 16, 4
BYTES_A_SECOND, LATENCY_MS = 200_000, 40
USABLE = f"document.querySelectorAll('.strips .strip').length === {CHANNELS} && !document.body.classList.contains('lost')"
WATCH = f"""(() => {{
  const look = () => {{ if (document.body && {USABLE}) window.usable = performance.now(); else setTimeout(look, 10); }};
  look();
}})()"""
DRAWS = """new Promise(done => {
  const long = [], begun = performance.now(); let frames = 0;
  new PerformanceObserver(l => long.push(...l.getEntries().map(e => e.duration))).observe({ type: 'longtask' });
  const count = () => { frames++; if (performance.now() - begun < SECONDS * 1000) requestAnimationFrame(count); else done({ frames, long, took: performance.now() - begun }); };
  requestAnimationFrame(count);
})"""


class Phone(Chrome):
    """Counts what it loads."""

    loads: dict[str, int]

    def slow(self) -> None:
        for domain in ("Network", "Performance"):
            self.do(f"{domain}.enable")
        self.do("Network.setCacheDisabled", cacheDisabled=True)
        self.do("Network.setBypassServiceWorker", bypass=True)
        self.do("Network.emulateNetworkConditions", offline=False, latency=LATENCY_MS, downloadThroughput=BYTES_A_SECOND, uploadThroughput=94_000)
        self.do("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def _note(self, message: dict[str, Any]) -> None:
        super()._note(message)
        if message.get("method") == "Network.loadingFinished":
            self.loads[message["params"]["requestId"]] = message["params"]["encodedDataLength"]

    def measured(self) -> dict[str, float]:
        return {each["name"]: each["value"] for each in self.do("Performance.getMetrics")["metrics"]}

    def first_look(self, port: int) -> tuple[float, float, float, int, int]:
        """ms until it was painted at first and until it was usable, of these of the main thread's own, requests, bytes."""
        self.open("about:blank")
        self.until("location.href === 'about:blank'")
        self.loads = {}
        self.do("Performance.disable")
        self.do("Performance.enable", timeDomain="threadTicks")
        self.open(f"http://127.0.0.1:{port}/")
        self.until("!!window.usable")
        busy = self.measured()["TaskDuration"]
        painted = self.js("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
        return painted, self.js("window.usable"), 1000 * busy, len(self.loads), sum(self.loads.values())


def main(times: int = 5, seconds: float = 10.0) -> None:
    with tempfile.TemporaryDirectory() as folder:
        box = box_of_sixteen(Path(folder))
        box.start()
        phone = Phone(Path(folder))
        try:
            box.ready()
            phone.slow()
            phone.do("Emulation.setCPUThrottlingRate", rate=SLOWER)
            looks = [phone.first_look(box.port) for _ in range(times)]
            print("first look, ms: painted {:.0f}, usable {:.0f} (least {:.0f}, most {:.0f}), the page's own {:.0f}; {:.0f} requests, {:.0f} bytes".format(
                *np.median(looks, 0)[:2], min(look[1] for look in looks), max(look[1] for look in looks), *np.median(looks, 0)[2:]))
            draws(phone, seconds)
        finally:
            phone.close()
            box.end()


def draws(phone: Phone, seconds: float) -> None:
    time.sleep(1)
    phone.js("window.gc?.()")
    before = phone.measured()
    seen = phone.js(DRAWS.replace("SECONDS", str(seconds)))
    after = phone.measured()
    busy = (after["TaskDuration"] - before["TaskDuration"]) / seconds
    print(f"16 meters: {seen['frames'] / seen['took'] * 1000:.0f} frames a second; {len(seen['long'])} tasks over 50 ms {sorted(map(round, seen['long']))[-5:]}; "
          f"the main thread is busy for {100 * busy:.0f} % of the time; nodes {after['Nodes'] - before['Nodes']:+.0f}, "
          f"heap {(after['JSHeapUsedSize'] - before['JSHeapUsedSize']) / 1e6:+.1f} MB")


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
