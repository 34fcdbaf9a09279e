"""Whatever an app says, the part goes on, and answers the next one."""

from __future__ import annotations

import random
import time

from gigbox.remote.osc import tree, wire
from tests.live_box import eventually
from tests.remote.osc.conftest import PATIENCE_S, Served
from tests.remote.osc.test_door import answered

VERBS = ("/xinfo", "/meters", "/batchsubscribe", "/subscribe", "/renew", "/unsubscribe", "/node", "/", "/xremote", "/-snap/load", "/-snap/save",
         "/-snap/07/name", "/-snap/name", "/-snap/x/name", "/-snap/", "/-action/clearsolo", "/gigbox/", "/gigbox/schema", "/gigbox/watch",
         "/gigbox/undo", "/gigbox/scene/recall", "/gigbox/scene/save", "/gigbox/strip/*", "/gigbox/strip/1/level", "/gigbox/strip/1/name",
         "/gigbox/box/osc", "/gigbox/box/song", "/gigbox/scenes")
ARGS = (0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 0.0, 1.0, -1e30, 1e30, "", "x", "nan", "inf", "1e999", "/meters/1", "/meters/x", "/meters/", "ch/01/mix",
        "ch/01/mix ON -oo", '/ch/01/config "', "%", "k", "strip/*", "*", "../..", "\u202e", b"\0", b"blob" * 50)


def test_messages_by_chance_stop_nothing(served: Served) -> None:
    chance, app = random.Random(7), served.app()
    addresses = (*VERBS, *chance.sample(sorted(tree.ENTRIES), 300), "/", "//", "/#", "/-prefs/" + "y" * 50)
    for n in range(3000):
        app.raw(wire.write(chance.choice(addresses), *chance.choices(ARGS, k=chance.randrange(6))))
        if n % 50 == 0:
            time.sleep(0.001)          # or the kernel throws most away
    eventually(lambda: answered(served.app()), PATIENCE_S, "it is answered, once that host was told its part")
    assert served.alive
