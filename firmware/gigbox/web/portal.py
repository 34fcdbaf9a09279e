"""On the hotspot every name is the box: a phone that looks for the internet hears what it waits for, and stays; a browser that asks for a page gets the box's.

A phone leaves a network, or asks its person what to do, where its probe of a captive portal is not answered word for word. Nothing else is pretended.
"""

from __future__ import annotations

from dataclasses import dataclass

from tornado.httputil import HTTPHeaders, RequestStartLine

from gigbox.network.manager import ADDRESS

HOTSPOT = ADDRESS.partition("/")[0]
APPLE = "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
MOZILLA = '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>'
# What is asked for, of whatever maker's host, and what a phone wants to read there; empty: HTTP 204.
PROBES = {
    "/generate_204": "", "/gen_204": "", "/mobile/status.php": "",                              # Android and Chrome, and makers who took that over
    "/hotspot-detect.html": APPLE, "/library/test/success.html": APPLE,                         # iOS, macOS
    "/connecttest.txt": "Microsoft Connect Test", "/ncsi.txt": "Microsoft NCSI",                # Windows
    "/success.txt": "success\n", "/canonical.html": MOZILLA,                                    # Firefox
    "/check_network_status.txt": "NetworkManager is online\n",                                  # GNOME, Debian, Fedora
    "/kindle-wifi/wifistub.html": "<!-- 81ce4465-7167-4dcb-835b-dcc9e44c112a -->",              # Kindle, Fire
}


@dataclass(frozen=True)
class Told:
    """An answer of HTTP."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def told(start: RequestStartLine, headers: HTTPHeaders, mine: bool) -> Told | None:
    """For a request that came in by the hotspot. None: it is for the page. `mine`: it asks for a name of the box."""
    if mine or start.method not in ("GET", "HEAD") or not headers.get("Host"):
        return None
    path = start.path.partition("?")[0]
    if path in PROBES:
        body = PROBES[path]
        kind = "text/html" if body.startswith("<") else "text/plain"
        return Told(200 if body else 204, body, (("Content-Type", f"{kind}; charset=utf-8"),) if body else ())
    return Told(302, headers=(("Location", f"http://{HOTSPOT}/"),))
