"""Where each role's strip starts: what is known of it before a note is heard. Once per source, and again when its role turns out to be another."""

from __future__ import annotations

from collections.abc import Iterator

from gigbox.brain.auto import Move
from gigbox.brain.mix.stage import Stage
from gigbox.brain.roles.roles import Role
from gigbox.brain.roles.sources import Source

KNEE_DB = 6.0
START_THRESHOLD_DB = -18.0      # of compressors, until it is heard how much they take
GATE_HOLD_MS, GATE_RELEASE_MS = 80.0, 200.0


class StartingPoints:
    """`think` once a tick."""

    def __init__(self) -> None:
        self._done: dict[int, str] = {}

    def think(self, stage: Stage) -> Iterator[Move]:
        for source in stage.sources:
            if source.role is None or self._done.get(source.strips[0]) == source.role_name:
                continue
            again = source.strips[0] in self._done
            self._done[source.strips[0]] = source.role_name
            for rest, value, why in (*self._strip(source, source.role, stage), *self._giving_way(source, source.role), *self._dynamics(source.role)):
                known = stage.auto.knows(source.path(rest))
                if (value or known) and (again or not known):      # what an earlier program found out stays
                    yield from stage.auto.put(source.path(rest), value, f"{source.name}: {why}")

    def forget(self, path: str) -> None:
        """Auto has no say there after all: where it was locked or held still, the strip starts when it may."""
        words = path.split("/")
        if words[0] == "strip":
            self._done.pop(int(words[1]), None)

    def _strip(self, source: Source, role: Role, stage: Stage) -> Iterator[tuple[str, float, str]]:
        nothing = f"nothing of {source.what} lies below {role.hpf:.0f} Hz"
        yield "hpf/on", float(role.hpf > 0), nothing if role.hpf else f"{source.what} may reach all the way down"
        if role.hpf:
            yield "hpf/frequency", role.hpf, nothing
        amount = min(max(role.denoise + stage.balance.taste("denoise", source.role_name, stage.style), 0.0), 24.0) if role.denoise else 0.0
        yield "denoise/amount", amount, f"an open voice microphone, noise down by up to {amount:.0f} dB" if amount else "no voice, nothing to clean"

    def _giving_way(self, source: Source, role: Role) -> Iterator[tuple[str, float, str]]:
        yield "duck/key", float(role.leads), "the others give way while it sounds" if role.leads else "nobody gives way to it"
        bell, level = role.gives_way
        yield "duck/bell", bell, f"gives way to a voice by {bell:.1f} dB around 2 kHz" if bell else "gives way to nobody"
        yield "duck/level", level, f"gives way to a voice by {level:.1f} dB" if level else "gives way to nobody"

    def _dynamics(self, role: Role) -> Iterator[tuple[str, float, str]]:
        if role.takes:
            yield "comp/ratio", role.ratio, f"{role.ratio:g}:1 keeps it even"
            yield "comp/knee", KNEE_DB, "begins softly"
            yield "comp/threshold", START_THRESHOLD_DB, "a starting point, until it is heard how much is taken"
        yield "comp/on", float(role.takes > 0), f"compressed by {role.takes:g} dB on average" if role.takes else "needs no compressor"
        if role.gate:
            yield "gate/range", role.gate, f"down by {role.gate:.0f} dB between hits, once they are known"
            yield "gate/hold", GATE_HOLD_MS, "as long as a hit rings"
            yield "gate/release", GATE_RELEASE_MS, "and then softly"
