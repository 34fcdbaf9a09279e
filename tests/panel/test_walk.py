"""What turning and pushing does, page by page: told to the desk, and never more than was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gigbox.desk.client import Change, Value
from gigbox.panel.knobs.button import HOLD_S
from gigbox.panel.pages.page import stepped, value_at, way
from gigbox.panel.sight.box import AIM_S, Move
from gigbox.panel.walk import BRIGHT, DARK, DIM_S, REST_S, Panel
from tests.panel.world import Wishes, asking, gig


class Held:
    """A panel in a hand, with a clock that only it moves."""

    def __init__(self, strips: int = 8) -> None:
        self.now = 100.0
        self.box = gig(strips, lambda: self.now)
        self.wishes = Wishes(self.box)
        self.panel = Panel(self.box, self.wishes, lambda: self.now)

    def push(self, name: str, seconds: float = 0.1) -> None:
        self.panel.press(name, True)
        self.now += seconds
        self.panel.look()
        self.panel.press(name, False)
        self.now += 0.1
        self.panel.look()

    def hold(self, name: str) -> None:
        self.push(name, HOLD_S + 0.01)

    def turn(self, encoder: int, clicks: int) -> None:
        for _ in range(abs(clicks)):
            self.now += 0.2
            self.panel.turn(encoder, 1 if clicks > 0 else -1)

    def open(self, title: str) -> None:
        """By the menu, as a person."""
        self.panel.open("mix")
        self.push("encoder_1")
        titles = [page.title for page in self.panel.menu.open(self.box)]
        self.turn(1, -len(titles))
        self.turn(1, titles.index(title))
        self.push("encoder_1")


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.mark.parametrize("path", ["strip/1/level", "strip/1/send/2/level", "strip/1/pan", "box/depth"])
def test_a_pots_full_way_is_the_full_range_and_its_middle_the_default(path: str) -> None:
    from gigbox import params

    param = params.find(path).param
    assert (value_at(path, 0.0), value_at(path, 1.0)) == (param.low, param.high)
    if param.low < param.default < param.high:          # type: ignore[operator]
        assert value_at(path, 0.5) == param.default
    assert all(abs(way(path, value_at(path, n / 50)) - n / 50) < 0.02 for n in range(51))


def test_a_pot_sets_the_hand_and_its_middle_is_as_the_box_mixes_it(held: Held) -> None:
    held.panel.stand(2, 0.5)
    held.panel.pot(2, 0.55)
    held.panel.pot(2, 0.5)
    assert held.wishes.sets == [{"strip/2/level": 1.0}, {"strip/2/level": 0.0}]
    assert held.panel.where.strip == 2


def test_after_power_up_no_pot_moves_a_level_before_its_value_is_passed(held: Held) -> None:
    for pot in range(1, 9):
        held.panel.stand(pot, 1.0)
    assert held.wishes.sets == []
    for to in (0.95, 0.8, 0.65):
        held.panel.pot(3, to)
    assert held.wishes.sets == []
    assert held.panel.where.moving is not None
    assert held.panel.where.moving.pot == 0.65
    held.panel.pot(3, 0.49)
    assert [list(each) for each in held.wishes.sets] == [["strip/3/level"]]


def test_another_bank_lets_go_of_every_value() -> None:
    held = Held(strips=16)
    held.panel.stand(2, 0.5)
    held.panel.pot(2, 0.7)
    held.turn(1, 9)
    assert held.panel.where.strip == 11
    before = len(held.wishes.sets)
    held.panel.pot(2, 0.9)
    assert len(held.wishes.sets) == before
    held.panel.pot(2, 0.4)
    assert list(held.wishes.sets[-1]) == ["strip/10/level"]


def test_a_drawn_pot_follows_its_value_and_holds_it_at_once(held: Held) -> None:
    held.panel.pot(3, 0.9, real=False)
    assert held.wishes.sets == [{"strip/3/level": 8.0}]
    assert held.panel.ways()[2] == 0.9


def test_the_encoders_walk_and_change(held: Held) -> None:
    held.turn(1, 2)
    held.turn(2, -3)
    assert held.wishes.sets == [{"strip/3/level": -0.5}, {"strip/3/level": -1.0}, {"strip/3/level": -1.5}]


def test_a_fader_that_is_off_opens_with_the_first_click_and_closes_below_it() -> None:
    assert [stepped("strip/1/send/1/level", value, steps) for value, steps in ((-90.0, 1), (-60.0, -1), (-3.0, 1), (-60.0, 0))] == [-60.0, -90.0, -2.5, -60.0]


def test_fast_turns_lose_no_step_to_the_echo_of_the_desk(held: Held) -> None:
    for _ in range(5):
        held.now += 0.05
        held.panel.turn(2, 1)
        with held.box._lock:                     # an old answer comes late
            held.box._values["strip/1/level"] = Value(1.5, 2.5, 4.0)
    assert held.wishes.sets[-1] == {"strip/1/level": 3.5}


def test_mute_taps_the_selected_strip_and_holds_everything(held: Held) -> None:
    held.turn(1, 1)
    held.push("mute")
    assert held.wishes.sets == [{"strip/2/mute": 1.0}]
    held.hold("mute")
    everything = {"main/mute": 1.0, **{f"monitor/{n}/mute": 1.0 for n in range(1, 7)}}
    assert held.wishes.sets[-1] == everything
    held.hold("mute")
    assert held.wishes.sets[-1] == dict.fromkeys(everything, 0.0)


def test_auto_taps_freeze_and_holds_a_line_check(held: Held) -> None:
    held.push("auto")
    assert held.wishes.sets == [{"box/freeze": 1.0}]
    held.hold("auto")
    assert held.wishes.sets[-1] == {"box/linecheck": 10.0}
    assert held.panel.where.page == "linecheck"


def test_a_long_push_goes_back_and_home(held: Held) -> None:
    held.open("Monitors")
    held.push("encoder_1")
    held.hold("encoder_1")
    assert (held.panel.where.page, held.panel.where.inside) == ("monitors", False)
    held.hold("encoder_2")
    assert held.panel.where.page == "mix"


def test_more_me_is_three_turns_and_a_push_away(held: Held) -> None:
    held.open("Monitors")
    held.turn(1, 1)
    held.push("encoder_1")
    held.turn(2, 2)
    assert held.wishes.sets[-1] == {"strip/1/send/2/level": -5.0}
    held.panel.stand(5, 0.0)
    held.panel.pot(5, 0.2)
    assert list(held.wishes.sets[-1]) == ["strip/5/send/2/level"]


def test_a_card_is_kept_locked_or_taken_back(held: Held) -> None:
    held.open("Reasons")
    held.push("encoder_2")
    held.turn(2, 2)
    held.push("encoder_2")
    assert [(what, done) for what, _, done in held.wishes.asked] == [("keep", "Keys level: kept"), ("lock", "Keys level: locked")]
    held.turn(2, -1)
    held.push("encoder_2")

    class Desk:
        def set(self, values: dict[str, float], why: str) -> None:
            self.sets = values

    desk = Desk()
    held.wishes.asked[-1][1](desk)
    assert desk.sets == {"strip/8/level": 2.5}            # the move was 2.5 dB down


def test_a_card_that_is_read_stays_under_the_finger_whatever_comes_meanwhile(held: Held) -> None:
    held.open("Reasons")
    held.panel.look()
    held.box.moves.appendleft(Move("strip/5/level", "overhead -1.0 dB: just now", None, -1.0, 0.0))
    held.panel.look()
    held.push("encoder_2")
    assert [done for _, _, done in held.wishes.asked] == ["Keys level: kept"]


def test_nobody_is_let_in_by_a_push_that_was_meant_for_another(held: Held) -> None:
    answered: list[str] = []
    held.box.answer = lambda who, act: answered.append(who.name)
    held.box.asking = [asking(id="a", name="Anna"), asking(id="b", name="Ben")]
    held.panel.look()
    held.box.asking = [asking(id="b", name="Ben")]              # Anna gives up just before the push
    held.panel.press("encoder_2", True)
    held.now += 0.1
    held.panel.press("encoder_2", False)
    assert (answered, held.wishes.asked) == ([], [])


@pytest.mark.parametrize(("page", "clicks", "button", "done"), [
    ("Scenes", 2, "encoder_1", ("recall", "rock is back")), ("Feedback", 2, "encoder_2", {"main/guard/ringout": "loud"})])
def test_what_everybody_would_hear_at_once_is_asked_first(held: Held, page: str, clicks: int, button: str, done: object) -> None:
    """A scene that comes back, a room that is rung out: a push may be meant for another page."""
    held.box._values["main/guard/on"] = Value(True, None, True)
    held.open(page)
    held.turn(1, clicks)
    held.push(button)
    assert (held.wishes.asked, held.wishes.sets) == ([], [])
    held.push(button)
    assert [*((what, told) for what, _, told in held.wishes.asked), *held.wishes.sets] == [done]


def test_a_new_scene_is_saved_with_one_push_and_that_is_told(held: Held) -> None:
    held.open("Scenes")
    held.turn(1, 9)
    held.push("encoder_1")
    assert held.wishes.asked[-1][0::2] == ("save", "scene 2 is saved")


def test_a_resting_panel_is_woken_by_the_first_touch_alone_but_a_pot_and_mute_act(held: Held) -> None:
    held.now += REST_S + 1
    assert held.panel.resting
    assert held.panel.contrast == DARK
    held.push("encoder_1")
    assert (held.panel.where.page, held.panel.resting) == ("mix", False)
    held.now += REST_S + 1
    held.panel.turn(2, 1)
    assert held.wishes.sets == []
    held.now += REST_S + 1
    held.push("mute")
    held.now += REST_S + 1
    held.panel.pot(2, 0.6, real=False)
    assert [list(each) for each in held.wishes.sets] == [["strip/1/mute"], ["strip/2/level"]]


def test_the_screen_goes_darker_before_it_rests(held: Held) -> None:
    assert held.panel.contrast == BRIGHT
    held.now += DIM_S
    assert (held.panel.contrast, held.panel.resting) == (DARK, False)


def test_no_pixel_is_lit_for_good_while_the_panel_rests(held: Held) -> None:
    held.now += REST_S
    always = held.panel.draw().bits
    for _ in range(200):
        held.now += 10
        always = always & held.panel.draw().bits
    assert not always.any()


def test_who_wants_in_comes_up_by_itself_and_a_push_decides(held: Held) -> None:
    answered: list[tuple[str, str]] = []
    held.box.answer = lambda who, act: answered.append((who.name, act))
    held.box.asking = [asking()]
    held.panel.look()
    assert held.panel.where.page == "pairing"
    held.now += 1.0
    held.turn(2, 1)
    held.push("encoder_2")
    held.wishes.asked[-1][1](None)
    assert answered == [("Anna", "look")]
    held.box.asking = []
    held.panel.look()
    assert held.panel.where.page == "mix"


def test_a_push_that_was_on_its_way_as_a_name_came_up_lets_nobody_in(held: Held) -> None:
    """Neither the finger that meant the mix, nor the one that meant who stood there before."""
    held.panel.press("encoder_1", True)
    held.now += 0.1
    held.box.asking = [asking()]
    held.panel.look()
    held.panel.press("encoder_1", False)
    held.panel.look()
    assert (held.panel.where.page, held.wishes.asked) == ("pairing", [])
    held.now += 1.0
    other = asking()
    other.id, other.name = "a-2", "a stranger"
    held.box.asking = [other]                    # Anna's time is over
    held.panel.look()
    held.push("encoder_1")
    assert held.wishes.asked == []
    held.now += 1.0
    held.push("encoder_1")
    assert held.wishes.asked[-1][2] == "a stranger: is in"


def test_a_line_check_that_a_phone_started_is_counted_down(held: Held) -> None:
    held.open("Line check")
    held.panel.look()
    held.box.hear(Change({"box/linecheck": Value(10.0, None, 10.0)}, by="phone"))
    held.panel.look()
    begun = held.panel.draw().bits
    held.now += 4
    held.panel.look()
    assert (held.panel.draw().bits != begun).any()
    assert held.panel.where.since == held.now - 4


def lights(held: Held) -> dict[str, bool]:
    from gigbox.panel.leds import NAMES

    return dict(zip(NAMES, held.panel.lights(), strict=True))


def over_a_second(held: Held, name: str) -> float:
    """The share of two seconds that a light is lit."""
    lit = 0
    for _ in range(200):
        held.now += 0.01
        lit += lights(held)[name]
    return lit / 200


def test_lights_tell_signal_clip_and_mute_of_each_strip(held: Held) -> None:
    assert over_a_second(held, "strip_1") == 1.0
    assert 0.4 < over_a_second(held, "strip_6") < 0.6            # it clips: it flickers
    assert 0.05 < over_a_second(held, "strip_4") < 0.15          # it is muted: a short blink
    assert lights(held)["signal"]
    assert lights(held)["clip"]
    assert lights(held)["muted"]


def test_the_auto_light_blinks_while_the_box_is_frozen_and_is_dark_at_depth_0(held: Held) -> None:
    assert over_a_second(held, "auto") == 1.0
    held.box.hear(Change({"box/freeze": Value(True, None, True)}, by="phone"))
    assert over_a_second(held, "auto") == pytest.approx(0.5, abs=0.02)
    held.box.hear(Change({"box/freeze": Value(False, None, False)}, by="phone"))
    held.box.hear(Change({"box/depth": Value(0.0, None, 0.0)}, by="phone"))
    assert over_a_second(held, "auto") == 0.0


@pytest.mark.parametrize("title", ["Channel", "Depth", "Undo", "Line check", "Health", "Network", "Messages"])
def test_every_page_bears_every_turn_and_push(held: Held, title: str) -> None:
    acts: list[Callable[[], None]] = [lambda: held.turn(1, 3), lambda: held.turn(2, -2), lambda: held.push("encoder_1"), lambda: held.push("encoder_2"),
                                      lambda: held.turn(1, -30), lambda: held.hold("encoder_1")]
    held.open(title)
    for act in acts:
        act()
        assert held.panel.draw().bits.any()


def test_an_encoder_that_slips_while_it_is_pushed_turns_nothing(held: Held) -> None:
    """A finger that pushes turns a little, and the page that comes up by the push would take it: five per cent of depth, another strip."""
    held.open("Depth")
    held.panel.press("encoder_1", True)
    held.now += 0.03
    held.panel.turn(1, 1)
    held.now += 0.06
    held.panel.press("encoder_1", False)
    held.now += 0.03
    held.panel.turn(1, -1)
    assert [path for each in held.wishes.sets for path in each] == ["box/freeze"]
    held.panel.turn(2, -1)                       # the other one is meant
    held.now += 0.1
    held.panel.turn(1, -1)
    assert [list(each) for each in held.wishes.sets[1:]] == [["box/depth"], ["box/depth"]]


def test_of_two_knobs_at_once_one_is_read_and_both_are_heard(held: Held) -> None:
    shown = []
    for n in range(20):
        held.now += 0.005
        held.panel.pot(1 + n % 2, 0.5 + 0.01 * n, real=False)
        assert held.panel.where.moving is not None
        shown.append(held.panel.where.moving.path)
    assert set(shown) == {"strip/1/level"}
    assert {path for each in held.wishes.sets for path in each} == {"strip/1/level", "strip/2/level"}
    held.now += 0.3
    held.panel.pot(2, 0.8, real=False)
    assert held.panel.where.moving.path == "strip/2/level"


def test_what_is_drawn_of_parameters_is_made_anew_only_when_one_is_otherwise(held: Held) -> None:
    box, made = held.box, list[float]()

    def depth() -> float:
        made.append(box.value("box/depth"))
        return made[-1]

    assert [box.known("depth", depth) for _ in range(3)] == [100.0] * 3
    assert len(made) == 1
    box.hear(Change({"box/depth": Value(40.0, None, 40.0)}, by="phone"))
    assert [box.known("depth", depth) for _ in range(2)] == [40.0] * 2
    box.aim({"box/depth": 70.0})
    assert box.known("depth", depth) == 70.0
    held.now += AIM_S + 0.01                     # the desk never said so
    assert [box.known("depth", depth) for _ in range(2)] == [40.0] * 2
    assert len(made) == 4
