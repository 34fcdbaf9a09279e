"""Voices and snares in a room: where a person has chosen a reverb, each gets its share of it by role, and none while somebody talks between songs.

How much is a role's `reverb`: about 9 LU under the voice was liked best (Pestana 2014). The core's reverb is as loud as what it is given, so a send is that.
"""

from __future__ import annotations

from collections.abc import Iterator

from gigbox import params
from gigbox.brain.auto import Move
from gigbox.brain.desk_view import View, choice
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.sources import Source

VOICES = ("lead_vocal", "backing_vocal")
NOT_PLAYED = ("speech", "ambience", *VOICES)      # what sounds between songs as well
BETWEEN_TICKS, AGAIN_TICKS = 20, 3                # so long nobody plays before it is no pause in a song; and so long they play before it is one again
SHOW_RATE = 6.0                                   # dB/s: in a show a send comes up slowly
FROM_DB = -30.0                                   # from here


class ReverbSends:
    """`think` once a tick, behind the rules of the mix. In a soundcheck what is heard gets its send; in a show what is heard since, slowly."""

    def __init__(self) -> None:
        self._silent = self._playing = 0      # ticks that nobody, that somebody has played for
        self._talk = False

    def think(self, stage: Stage, view: View) -> Iterator[Move]:
        self._hear(stage)
        reverb = next((fx for fx in range(1, params.COUNTS["fx"] + 1) if choice(view, f"fx/{fx}/type") == "reverb"), 0)
        for index, source in enumerate(stage.sources):
            for fx in range(1, params.COUNTS["fx"] + 1):
                path = source.path(f"fxsend/{fx}/level")
                share = source.role.reverb if source.role and fx == reverb and stage.style != "talk" else 0.0
                if share and (stage.auto.knows(path) or self._known(stage, index)):
                    yield from self._send(stage, path, source, share)
                elif not share and stage.auto.knows(path):
                    why = f"no reverb for {source.what}" if fx == reverb else "no reverb there any more"
                    yield from stage.auto.put(path, params.OFF_DB, f"{source.name}: {why}")

    def _known(self, stage: Stage, index: int) -> bool:
        """Whether it was heard, and for what it is: what nobody is sure of may be a talker."""
        return bool(stage.activity.certain[index]) and stage.sources[index].sure

    def _send(self, stage: Stage, path: str, source: Source, share: float) -> Iterator[Move]:
        if self._talk and source.role_name in VOICES:
            yield from stage.auto.put(path, params.OFF_DB, f"{source.name}: no reverb while somebody talks between songs")
            return
        new = not stage.auto.knows(path)
        why = f"{source.name} into the reverb, {-share:.0f} dB under itself: a room for {source.what}"
        if new and stage.mode == "show":
            yield from stage.auto.put(path, FROM_DB, why)
        elif new or stage.mode == "soundcheck" or stage.auto[path] <= params.OFF_DB:      # and back behind talk, at once
            yield from stage.auto.put(path, share, why if new else f"{source.name}: {-share:.0f} dB under itself into the reverb again")
        else:
            yield from stage.auto.toward(path, share, SHOW_RATE, why)

    def _hear(self, stage: Stage) -> None:
        """The band has stopped, and one voice alone is heard: that is talk. Two together sing."""
        active = [s.role_name for s, on in zip(stage.sources, stage.activity.active, strict=True) if on]
        played = any(name not in NOT_PLAYED for name in active)
        self._silent, self._playing = (0, self._playing + 1) if played else (self._silent + 1, 0)
        band = any(s.role and s.role_name not in NOT_PLAYED and heard for s, heard in zip(stage.sources, stage.activity.heard, strict=True))
        voices = sum(name in VOICES for name in active)
        if band and self._silent >= BETWEEN_TICKS and voices < 2 and (voices or "speech" in active):
            self._talk = True
        elif self._playing >= AGAIN_TICKS or voices > 1:
            self._talk = False
