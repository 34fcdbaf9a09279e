"""Talk: speech microphones share one gain, and playback makes way for whoever speaks."""

from __future__ import annotations

from collections.abc import Iterator

from gigbox.brain.auto import Move
from gigbox.brain.mix.stage import Stage

DUCK_DB = 10.0            # of playback, under speech
AFTER_S = 4.0             # the deep duck stays for so long after a word


class SpeechGroup:
    """`think` once a tick. Gain is shared among speech microphones only, never across a band (guides of every gain-sharing mixer)."""

    def __init__(self) -> None:
        self._last = -10**9

    def think(self, stage: Stage) -> Iterator[Move]:
        talkers = [(i, s) for i, s in enumerate(stage.sources) if s.role_name == "speech"]
        yield from self._share(stage, len(talkers))
        if any(stage.activity.active[i] for i, _ in talkers):
            self._last = stage.ticks
        speaking = stage.ticks - self._last < AFTER_S * 10
        alone = bool(talkers) and not any(s.role_name == "lead_vocal" for s in stage.sources)
        for source in stage.sources:
            if source.role_name != "playback" or source.role is None:
                continue
            deep = speaking or alone
            db = DUCK_DB if deep else source.role.gives_way[1]
            why = f"{source.name}: gives way by {db:.0f} dB to {'speech' if deep else 'the voice'}"
            yield from stage.auto.put(source.path("duck/level"), db, why)

    def _share(self, stage: Stage, talkers: int) -> Iterator[Move]:
        for source in stage.sources:
            wanted = float(source.role_name == "speech" and talkers > 1)
            path = source.path("share/on")
            if wanted or stage.auto[path]:
                why = f"one of {talkers} speech microphones: the one that speaks has the gain" if wanted else "the only speech microphone, or none any more"
                yield from stage.auto.put(path, wanted, f"{source.name}: {why}")
