"""Where each role's strip starts: what is known of it before a note is heard. Once per source, and again when its role turns out to be another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gigbox.brain.auto import Move
from gigbox.brain.mix.naming import in_words
from gigbox.brain.mix.stage import Stage
from gigbox.brain.mix.telling import listed
from gigbox.brain.roles.roles import UNKNOWN, Role
from gigbox.brain.roles.sources import Source

KNEE_DB = 6.0
START_THRESHOLD_DB = -18.0      # of compressors, until it is heard how much they take
NOBODY = "strip without a name yet: begins a little lower, with no low cut and no compressor"      # one sentence, of however many
GATE_HOLD_MS, GATE_RELEASE_MS = 80.0, 200.0


class StartingPoints:
    """`think` once a tick."""

    def __init__(self) -> None:
        self._done: dict[int, str] = {}

    def think(self, stage: Stage) -> Iterator[Move]:
        new = [s for s in stage.sources if s.role is not None and self._done.get(s.strips[0]) != s.role_name]
        why = self._reason([s for s in new if not s.named and s.role_name != UNKNOWN])
        for source in new:
            assert source.role is not None
            again = source.strips[0] in self._done
            self._done[source.strips[0]], source.starts = source.role_name, source.named or (NOBODY if source.role_name == UNKNOWN else why)
            for rest, value in (*self._strip(source, source.role, stage), *self._giving_way(source.role), *self._dynamics(source.role)):
                known = stage.auto.knows(source.path(rest))
                if rest == "comp/threshold" and known:             # found for its sound, whatever it is called
                    continue
                if (value or known) and (again or not known):      # what an earlier program found out stays
                    yield from stage.auto.put(source.path(rest), value, source.starts)

    def _reason(self, sources: Sequence[Source]) -> str:
        """One sentence for all that start together."""
        if len(sources) == 1 and (role := sources[0].role):
            return f"{sources[0].name}: set up as {sources[0].what}, not heard yet: {in_words(role)}"
        return listed([s.name for s in sources],
                      ": set up for what they are, not heard yet: low cuts, compressors, who gives way, sides, first fader places") if sources else ""

    def forget(self, path: str) -> None:
        """Auto has no say there after all: where it was locked or held still, the strip starts when it may."""
        words = path.split("/")
        if words[0] == "strip":
            self._done.pop(int(words[1]), None)

    def _strip(self, source: Source, role: Role, stage: Stage) -> Iterator[tuple[str, float]]:
        yield "hpf/on", float(role.hpf > 0)
        if role.hpf:
            yield "hpf/frequency", role.hpf
        yield "denoise/amount", min(max(role.denoise + stage.balance.taste("denoise", source.role_name, stage.style), 0.0), 24.0) if role.denoise else 0.0

    def _giving_way(self, role: Role) -> Iterator[tuple[str, float]]:
        bell, level = role.gives_way
        yield from (("duck/key", float(role.leads)), ("duck/bell", bell), ("duck/level", level))

    def _dynamics(self, role: Role) -> Iterator[tuple[str, float]]:
        """The threshold and the gate are found when it is heard."""
        if role.takes:
            yield from (("comp/ratio", role.ratio), ("comp/knee", KNEE_DB), ("comp/threshold", START_THRESHOLD_DB))
        yield "comp/on", float(role.takes > 0)
        if role.gate:
            yield from (("gate/range", role.gate), ("gate/hold", GATE_HOLD_MS), ("gate/release", GATE_RELEASE_MS))
