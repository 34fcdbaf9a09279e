"""Random gigs: who plays what, and what hands do meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from contract.gig import Action, Gig
from contract.made import MADE
from gigbox import params

STRIPS = 4
NAMED = [*params.ROLES[1:], ""]
_strip = st.integers(1, STRIPS)
_role = st.sampled_from(NAMED)
_sound = st.sampled_from(sorted(MADE))
_rest: dict[str, st.SearchStrategy[object]] = {
    "level": st.floats(-90, 10), "trim": st.floats(-24, 24), "pan": st.floats(-1, 1), "mute": st.booleans(), "solo": st.booleans(),
    "eq/1/gain": st.floats(-18, 18), "eq/2/gain": st.floats(-18, 18), "eq/2/frequency": st.floats(20, 20000), "eq/4/gain": st.floats(-18, 18),
    "send/1/level": st.floats(-90, 10), "send/2/level": st.floats(-20, 0), "denoise/amount": st.floats(0, 24), "comp/threshold": st.floats(-60, 0),
    "gate/on": st.booleans(), "comp/on": st.booleans(), "link": st.booleans(), "role": st.sampled_from(params.ROLES),
    "name": st.sampled_from(["Anna", "Kit", ""])}
_box: dict[str, st.SearchStrategy[object]] = {
    "box/depth": st.sampled_from([0.0, 100.0, 40.0]), "box/freeze": st.booleans(), "box/mode": st.sampled_from(["soundcheck", "show"]),
    "box/style": st.sampled_from(params.STYLES), "monitor/1/follow": st.booleans(), "main/level": st.floats(-20, 0)}
_patterns = st.one_of(_strip.map(lambda n: f"strip/{n}"), st.tuples(_strip, st.sampled_from(["level", "trim", "eq", "pan", "send/1", "comp"])).map(
    lambda p: f"strip/{p[0]}/{p[1]}"), st.sampled_from(["strip", "strip/*/level", "strip/*/trim", "*"]))
hands: st.SearchStrategy[Action] = st.one_of(
    st.tuples(_strip, st.sampled_from(sorted(_rest))).flatmap(lambda p: _rest[p[1]].map(lambda value: ("set", f"strip/{p[0]}/{p[1]}", value))),
    st.sampled_from(sorted(_box)).flatmap(lambda path: _box[path].map(lambda value: ("set", path, value))),
    st.tuples(st.sampled_from(["lock", "unlock", "release", "keep"]), _patterns),
    st.sampled_from([("undo",), ("save",), ("recall",)]))
world: st.SearchStrategy[Action] = st.one_of(
    st.tuples(st.just("sound"), st.integers(0, STRIPS - 1), _sound),
    st.tuples(st.just("verdict"), st.integers(0, STRIPS - 1), st.sampled_from([*params.ROLES[1:], "singing", "silence_noise", ""]), st.floats(0, 1)))


@dataclass(frozen=True)
class Script:
    """`parts`: seconds, and what happens at the end of them."""

    roles: tuple[str, ...]
    sounds: tuple[str, ...]
    hand: dict[str, object]
    taste: bool
    parts: list[tuple[float, list[Action]]]

    def play(self) -> Gig:
        gig = Gig(self.roles, self.sounds, self.hand, taste=self.taste)
        try:
            for seconds, actions in self.parts:
                gig.play(round(seconds * 10))
                for action in actions:
                    gig.act(action)
            gig.play(10)
        finally:
            gig.close()
        return gig


_four = {"min_size": STRIPS, "max_size": STRIPS}
scripts = st.builds(
    Script, st.lists(_role, **_four).map(tuple), st.lists(_sound, **_four).map(tuple),
    st.fixed_dictionaries({}, optional={"strip/2/link": st.just(True), "box/mode": st.just("show"), "box/depth": st.just(50.0)}), st.booleans(),
    st.lists(st.tuples(st.sampled_from([0.3, 2.0, 5.0, 11.0]), st.lists(st.one_of(hands, world), min_size=1, max_size=3)), min_size=1, max_size=4))
