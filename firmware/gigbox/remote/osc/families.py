"""THE table of the X Air dialect: every node of the console's tree, its leaves in the order of a scene file, and for each leaf which parameter it is.

`{ch:02}` of a node stands for the numbers that COUNTS gives, `{ch}` of a path for the same. A leaf without a path is a constant that is remembered: nothing of
it is heard. Sources: the console's public lists of parameters, scene files that people share, and guides of clients where those differ.
"""

from __future__ import annotations

from gigbox.remote.osc.laws import AnyOf, Text, Whole, linear
from gigbox.remote.osc.vocabulary import (
    ATTACK,
    COLOUR,
    COMP,
    COMP_DB,
    DETECTOR,
    ENVELOPE,
    EQ_MODE,
    FADER,
    FILTER,
    FOLD,
    FREQUENCY,
    GAIN,
    GATE,
    GATE_DB,
    HEADAMP,
    HOLD,
    HPF,
    KEY,
    KIND,
    KNEE,
    LEVEL,
    MAKEUP_DB,
    MASK,
    MIX,
    NAME,
    NO_TAP,
    ON,
    OUT,
    PAN,
    PARAMETER,
    PHONES,
    POSITION,
    RANGE_DB,
    RATIO,
    RELEASE,
    ROUTED,
    SHADE,
    SHARE,
    SLIDER,
    SLIDERS,
    SLOT,
    SOURCE,
    TAP,
    TAPE,
    TRIM,
    USB,
    USB_PAIR,
    WEIGHT,
    Leaf,
    Node,
    Q,
    leaf,
)


def _config(node: str, name: str = "", colour: str = "", shade: int = 0, *more: Leaf) -> Node:
    """Clients ask also those for a source that have none."""
    unasked = [leaf(each, Whole(0, 18), hidden=True) for each in ("insrc", "rtnsrc") if each not in {known.name for known in more}]
    return Node(f"{node}/config", (leaf("name", NAME, name, start=""), leaf("color", COLOUR if colour else SHADE, colour, start=shade), *more, *unasked))


def _filter(node: str) -> Node:
    return Node(f"{node}/filter", (leaf("on", ON), leaf("type", FILTER, start=6), leaf("f", FREQUENCY, start=FREQUENCY.read("990.9"))))


def _dyn(node: str, box: str = "", key: bool = True) -> tuple[Node, ...]:
    """A compressor; without a `box` it is one that is not there, and off."""
    def at(name: str) -> str:
        return f"{box}/{name}" if box else ""

    return (Node(f"{node}/dyn", (
        leaf("on", ON, at("on")), leaf("mode", COMP), leaf("det", DETECTOR, start=1), leaf("env", ENVELOPE, start=1),
        leaf("thr", COMP_DB, at("threshold"), start=1.0), leaf("ratio", RATIO, at("ratio"), start=5), leaf("knee", KNEE, at("knee"), start=0.2),
        leaf("mgain", MAKEUP_DB, at("makeup")), leaf("attack", ATTACK, at("attack"), start=ATTACK.read("10")), leaf("hold", HOLD, start=HOLD.read("10")),
        leaf("release", RELEASE, at("release"), start=RELEASE.read("151")), leaf("mix", MIX, at("mix"), start=1.0), leaf("keysrc", KEY, hidden=not key),
        leaf("auto", ON))), _filter(f"{node}/dyn"))


def _eq(node: str, box: str, bands: tuple[int, ...], mode: bool) -> tuple[Node, ...]:
    """`bands`: which of the box's each of the console's is; 0 where it has none."""
    def band(box: str) -> tuple[Leaf, ...]:
        return (leaf("type", KIND, box and f"{box}/type", start=2), leaf("f", FREQUENCY, box and f"{box}/frequency", start=0.5),
                leaf("g", GAIN, box and f"{box}/gain", start=0.5), leaf("q", Q, box and f"{box}/q", start=Q.read("2.0")))

    return (Node(f"{node}/eq", (leaf("on", ON, box and f"{box}/eq/on", start=1), leaf("mode", EQ_MODE, hidden=not mode))),
            *(Node(f"{node}/eq/{n}", band(f"{box}/eq/{own}" if own else "")) for n, own in enumerate(bands, 1)))


def _insert(node: str) -> Node:
    return Node(f"{node}/insert", (leaf("on", ON), leaf("fxslot", SLOT), leaf("sel", SLOT, hidden=True)))


def _bus(node: str, box: str) -> tuple[Node, ...]:
    geq = tuple(leaf(band, SLIDER, f"{box}/geq/{n}/gain") for n, band in enumerate(SLIDERS, 1))
    return (*_dyn(node, key=node != "lr"), _insert(node), *_eq(node, box, (1, 0, 2, 3, 0, 4), True), Node(f"{node}/geq", geq))


def _group(node: str, box: str = "") -> Node:
    """The box has one kind of group: it is the console's DCA, and its mute group."""
    paths = tuple(f"{box}/group/{n}/on" for n in range(1, 5)) if box else ()
    return Node(f"{node}/grp", (leaf("dca", MASK, *paths), leaf("mute", MASK, *paths)))


def _sends(node: str, box: str, of_strip: bool) -> tuple[Node, ...]:
    """Six to monitors, two to effects, and two that lead nowhere here. Those to an odd bus have a pan."""
    def monitor(n: int) -> Node:
        send = f"{box}/send/{n}" if box else ""
        strip = send if of_strip else ""
        return Node(f"{node}/mix/{n:02}", (leaf("level", LEVEL, send and f"{send}/level"), leaf("grpon", ON, start=1),
                                           leaf("tap", TAP if strip else NO_TAP, strip and f"{strip}/tap", start=4),
                                           leaf("pan", PAN, strip and f"{strip}/pan", start=0.5, hidden=n % 2 == 0)))

    def effect(n: int) -> Node:
        return Node(f"{node}/mix/{n:02}", (leaf("level", LEVEL, f"{box}/fxsend/{n - 6}/level" if of_strip and n <= 8 else ""), leaf("grpon", ON, start=1),
                                           leaf("tap", NO_TAP, start=4)))

    return (*map(monitor, range(1, 7)), *map(effect, range(7, 11)))


def _return(node: str, box: str = "", start: float = 0.75) -> tuple[Node, ...]:
    return (_config(node, "", "", 2, leaf("rtnsrc", USB_PAIR)),
            Node(f"{node}/preamp", (leaf("rtntrim", TRIM, start=0.5), leaf("rtnsw", ON), leaf("invert", ON, hidden=True), leaf("hpon", ON, hidden=True),
                                      leaf("hpf", HPF, hidden=True))), *_eq(node, "", (0, 0, 0, 0), False),
            Node(f"{node}/mix", (leaf("on", OUT if box else ON, box and f"{box}/mute", start=1), leaf("fader", FADER, box and f"{box}/level", start=start),
                                 leaf("lr", ON, start=1, fixed=bool(box)), leaf("pan", PAN, start=0.5))),
            *_sends(node, box, False), _group(node))


CH, S = "ch/{ch:02}", "strip/{ch}"
CHANNEL = (
    _config(CH, f"{S}/name", f"{S}/colour", 0, leaf("insrc", SOURCE, start=1), leaf("rtnsrc", USB)),
    Node(f"{CH}/preamp", (leaf("rtntrim", TRIM, start=0.5), leaf("rtnsw", ON), leaf("invert", ON, f"{S}/polarity"), leaf("hpon", ON, f"{S}/hpf/on"),
                          leaf("hpf", HPF, f"{S}/hpf/frequency"))),
    Node(f"{CH}/gate", (leaf("on", ON, f"{S}/gate/on"), leaf("mode", GATE, f"{S}/gate/ratio"), leaf("thr", GATE_DB, f"{S}/gate/threshold"),
                        leaf("range", RANGE_DB, f"{S}/gate/range"), leaf("attack", ATTACK, f"{S}/gate/attack"), leaf("hold", HOLD, f"{S}/gate/hold"),
                        leaf("release", RELEASE, f"{S}/gate/release"), leaf("keysrc", KEY))),
    _filter(f"{CH}/gate"), *_dyn(CH, f"{S}/comp"), _insert(CH), *_eq(CH, S, (1, 2, 3, 4), False),
    Node(f"{CH}/mix", (leaf("on", OUT, f"{S}/mute"), leaf("fader", FADER, f"{S}/level"), leaf("lr", ON, start=1, fixed=True), leaf("pan", PAN, f"{S}/pan"))),
    *_sends(CH, S, True), _group(CH, S),
    Node(f"{CH}/automix", (leaf("group", SHARE, f"{S}/share/on"), leaf("weight", WEIGHT, f"{S}/share/weight"))),
)
BUS, MONITOR = "bus/{bus}", "monitor/{bus}"
BUSES = (
    _config(BUS, f"{MONITOR}/name", "", 3), *_bus(BUS, MONITOR),
    Node(f"{BUS}/mix", (leaf("on", OUT, f"{MONITOR}/mute"), leaf("fader", FADER, f"{MONITOR}/level"), leaf("lr", ON), leaf("pan", PAN, start=0.5))),
    _group(BUS),
)
MAIN = (
    _config("lr", "", "", 6), *_bus("lr", "main"),
    Node("lr/mix", (leaf("on", OUT, "main/mute"), leaf("fader", FADER, "main/level"), leaf("pan", PAN, start=0.5), leaf("lr", ON, start=1, hidden=True))),
)
CONFIG = (
    Node("config/chlink", tuple(leaf(f"{n}-{n + 1}", ON, f"strip/{n}/link") for n in range(1, 17, 2))),
    Node("config/buslink", tuple(leaf(f"{n}-{n + 1}", ON, f"monitor/{n}/link") for n in range(1, 7, 2))),
    Node("config/linkcfg", tuple(leaf(name, ON, start=1) for name in ("preamp", "eq", "dyn", "fdrmute"))),
    Node("config/solo", (leaf("level", LEVEL), leaf("source", PHONES, start=1), leaf("sourcetrim", linear(73, -18, 18), start=0.5), leaf("chmode", FOLD),
                         leaf("busmode", FOLD), leaf("dimatt", linear(41, -40, 0, ".0f"), start=0.5), leaf("dim", ON), leaf("mono", ON), leaf("mute", ON),
                         leaf("dimpfl", ON), leaf("dimfpl", ON, hidden=True))),
    Node("config/amixenable", (leaf("X", ON), leaf("Y", ON))), Node("config/amixlock", (leaf("X", ON), leaf("Y", ON))),
    Node("config/mute", tuple(leaf(str(n), ON, f"group/{n}/mute") for n in range(1, 5))),
    Node("config", (leaf("amixenable", ON, hidden=True), leaf("amixlock", ON, hidden=True))),
)
GROUPS = (Node("dca/{dca}", (leaf("on", OUT, "group/{dca}/mute"), leaf("fader", FADER, "group/{dca}/level"))), _config("dca/{dca}", "group/{dca}/name", "", 8))
PATCH = (
    Node("headamp/{ch:02}", (leaf("gain", HEADAMP, f"{S}/input/gain", f"{S}/trim", either=True), leaf("phantom", ON, f"{S}/input/phantom"))),
    Node("headamp/{ha:02}", (leaf("gain", HEADAMP, start=HEADAMP.read("0")), leaf("phantom", ON, fixed=True))),
    *(Node(f"routing/main/{n:02}", (leaf("src", Whole(0, 10), start=n - 1),)) for n in (1, 2)),
    *(Node(f"routing/aux/{n:02}", (leaf("src", ROUTED, start=25 + n), leaf("pos", POSITION, start=10))) for n in range(1, 7)),
    Node("routing/p16/{ch:02}", (leaf("src", ROUTED), leaf("pos", POSITION, start=3))),
    Node("routing/usb/{usb:02}", (leaf("src", ROUTED), leaf("pos", POSITION))),
)
EFFECTS = (
    Node("fx/{fx}", (leaf("type", Whole(0, 60)), leaf("insert", ON))), Node("fx/{fx}/par", tuple(leaf(f"{n:02}", PARAMETER) for n in range(1, 65))),
    _config("fxsend/{fx}", "", "", 4),
    Node("fxsend/{fx}/mix", (leaf("on", ON, start=1), leaf("fader", FADER, start=0.75), leaf("lr", ON, hidden=True))), _group("fxsend/{fx}"),
)
STRIPS = range(1, 17)
STATE = (
    Node("-stat/solosw", (*(leaf(f"{n:02}", ON, f"strip/{n}/solo") for n in STRIPS), *(leaf(f"{n:02}", ON) for n in range(17, 61)))),
    Node("-stat", (leaf("solo", AnyOf(len(STRIPS)), *(f"strip/{n}/solo" for n in STRIPS)), leaf("usbmounted", ON, fixed=True))),
    Node("-prefs", (leaf("name", Text(), start="gigbox", fixed=True),)),
    Node("-stat/tape", (leaf("state", TAPE, "tape/record"), leaf("file", Text(), start="", fixed=True), leaf("etime", Whole(0, 35999), fixed=True),
                        leaf("rtime", Whole(-1000, 35999), fixed=True))),
)
ROOMS = ("-prefs/", "-stat/", "-libs/", "-urec/", "-usb/")       # of the console's own household: what is asked for there is 0, until somebody says otherwise
NODES = (*CONFIG, *CHANNEL, *_return("rtn/aux", start=0.0), *_return("rtn/{rtn}", "fx/{rtn}"), *_return("rtn/{silent}"), *BUSES, *EFFECTS, *MAIN, *GROUPS,
         *PATCH, *STATE)
