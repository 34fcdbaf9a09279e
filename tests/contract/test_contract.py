"""Hand and auto keep their contract whatever comes in and whatever hands do."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, example, given, settings

from contract.scripts import Script, scripts

EXAMPLES = int(os.environ.get("GIGBOX_EXAMPLES", "25"))
PHASES = [phase for phase in Phase if phase != Phase.shrink]       # a gig takes a second: to find a shorter one would take minutes


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(script=scripts)
@example(Script(("drums", "hihat_overhead", "hihat_overhead", "tom"), ("voice", "hum", "pad", "loud voice"), {"strip/2/link": True}, True,
                [(11.0, [("set", "strip/4/link", True)])]))          # the last strip is linked, and the box has none beside it
def test_auto_keeps_within_its_fences_and_gives_way_to_hands(script: Script) -> None:
    script.play()
