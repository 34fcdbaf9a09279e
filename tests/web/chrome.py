"""A headless Chromium, driven through the DevTools protocol over one WebSocket."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
import urllib.request

import simple_websocket

PATIENCE_S = 60        # for what does happen, on a machine that is slow
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio", "--remote-debugging-port=0",
         "--host-resolver-rules=MAP gigbox.test 127.0.0.1")
TRACED = ["disabled-by-default-devtools.timeline", "devtools.timeline", "__metadata"]


class Chrome:
    def __init__(self, folder, width=390, height=844):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        assert program, "chromium: not found; install it (Debian: apt install chromium) to test the page in a real browser"
        self.process = subprocess.Popen([program, *FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = folder / "DevToolsActivePort"
        self._until(lambda: port_file.exists() and port_file.read_text().count("\n") >= 1, "chromium: did not open its DevTools port")
        port = port_file.read_text().split()[0]
        target = next(t for t in json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json")) if t["type"] == "page")
        self.socket = simple_websocket.Client(target["webSocketDebuggerUrl"], receive_bytes=1 << 20)
        self.number, self.faults, self.touch = 0, [], False
        for domain in ("Page", "Runtime", "Log"):
            self.do(f"{domain}.enable")
        self.size(width, height)

    def do(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            message = json.loads(self.socket.receive(timeout=PATIENCE_S) or "{}")
            self._note(message)
            if message.get("id") == self.number:
                assert "error" not in message, f"{method}: {message.get('error')}"
                return message["result"]
        raise AssertionError(f"{method}: no answer from chromium")

    def _note(self, message):
        kind, p = message.get("method"), message.get("params", {})
        if kind == "Runtime.exceptionThrown":
            details = p["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description", details["text"]))
        elif kind == "Runtime.consoleAPICalled" and p["type"] in ("error", "warning", "assert"):
            self.faults.append(" ".join(str(a.get("value", a.get("description"))) for a in p["args"]))
        elif kind == "Tracing.dataCollected":
            self.trace += p["value"]
        elif kind == "Tracing.tracingComplete":
            self.traced = True
        elif kind == "Log.entryAdded" and p["entry"]["level"] == "error":
            self.faults.append(f"{p['entry']['text']} {p['entry'].get('url', '')}")

    def size(self, width, height, mobile=True):
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def open(self, url):
        self.do("Page.navigate", url=url)

    def js(self, expression):
        result = self.do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def traces(self, expression):
        """What the page says to it, and what its main thread did meanwhile: `name`, `ts`, `dur` and of it `tdur` us of its own, `args`."""
        self.trace, self.traced = [], False
        self.do("Tracing.start", traceConfig={"includedCategories": TRACED}, transferMode="ReportEvents")
        said = self.js(expression)
        self.do("Tracing.end")
        while not self.traced:
            self.js("new Promise(done => setTimeout(done, 50))")
        mains = {(each["pid"], each["tid"]) for each in self.trace if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"}
        threads = [[each for each in self.trace if (each["pid"], each["tid"]) == main and "tdur" in each] for main in mains]
        return said, max(threads, key=lambda thread: sum(each["tdur"] for each in thread if each["name"] == "RunTask"))

    def until(self, expression, seconds=PATIENCE_S):
        return self._until(lambda: self.js(expression), f"never true in the page: {expression}", seconds)

    def box(self, selector, nth=0):
        """Left, top, width, height of an element on the screen."""
        return self.js(f"(r => [r.left, r.top, r.width, r.height])(document.querySelectorAll({json.dumps(selector)})[{nth}].getBoundingClientRect())")

    def centre(self, selector, nth=0):
        left, top, width, height = self.box(selector, nth)
        return left + width / 2, top + height / 2

    def mouse(self, kind, x, y):
        self.do("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, button="left", buttons=0 if kind == "Released" else 1, clickCount=1)

    def click(self, selector, nth=0):
        x, y = self.centre(selector, nth)
        self.mouse("Pressed", x, y)
        self.mouse("Released", x, y)

    def key(self, key, code=0):
        """A key that a person presses; `code` is what Windows calls it."""
        text = {"text": "\r"} if key == "Enter" else {}
        self.do("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self.do("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def drag(self, start, end, steps=8, let_go=True):
        self.mouse("Pressed", *start)
        for i in range(1, steps + 1):
            self.mouse("Moved", start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
        if let_go:
            self.mouse("Released", *end)

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.do("Page.captureScreenshot")["data"]))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @staticmethod
    def _until(condition, complaint, seconds=PATIENCE_S):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if result := condition():
                return result
            time.sleep(0.05)
        raise AssertionError(complaint)
