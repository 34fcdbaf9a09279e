"""What nobody meant: slips of a wet hand, a loss under a finger or a pen, letters twice as large, names as long as they may be, a phone that lies asleep."""

from __future__ import annotations

import pytest
from conftest import PAGES, READY, fader, open_page, wait_for, you


@pytest.fixture(scope="module", autouse=True)
def sound(site):
    site.play(lively=True)


def test_letters_twice_as_large_leave_every_button_in_reach(phone):
    phone.size(195, 422)                                     # what they make of a phone
    phone.until("innerWidth === 195")
    for page in PAGES:
        open_page(phone, page)
        assert phone.js("[...document.querySelectorAll('.top button, .nav a, .nav-more')].filter(e => e.offsetWidth).map(e => e.getBoundingClientRect())"
                        ".filter(r => r.left < 0 || r.right > innerWidth + 1 || r.width < 24).length") == 0, page
        assert phone.js("[document.documentElement, document.querySelector('.page')].every(e => e.scrollWidth <= e.clientWidth)"), page
        assert phone.js("[...document.querySelectorAll('.card time')].every(e => e.offsetWidth > 40)"), page
    open_page(phone, "mix")
    bottom = "getBoundingClientRect().bottom"
    assert phone.js(f"[...document.querySelectorAll('.strips .mute')].every(e => e.{bottom} <= e.closest('.strip').{bottom})")
    assert phone.js(f"(e => (e.scrollTop = 9999, document.querySelector('.mute').{bottom} <= e.{bottom}))(document.querySelector('.page'))")


@pytest.mark.parametrize(("width", "height"), [(844, 390), (1180, 820)])
def test_a_long_name_leaves_its_channel_a_fader(site, phone, width, height):
    site.truth.change("hand", {"strip/2/name": 32 * "W"}, "panel")
    phone.size(width, height)
    phone.until(f"innerWidth === {width}")
    open_page(phone, "channel/2")
    phone.until("document.querySelector('.channel-head .name')?.textContent.startsWith('WWW')")
    left, _, wide, _ = phone.box(".channel-head .fader")
    site.truth.change("hand", {"strip/2/name": "Ben"}, "panel")
    assert wide > 140
    assert left + wide < width


def test_what_is_being_typed_stays_whatever_comes_meanwhile(site, phone):
    field = "input[data-path='strip/5/name']"
    open_page(phone, "channel/5")
    phone.click(".tabs button", 5)
    phone.until(f"document.querySelector(\"{field}\").checkVisibility()")
    phone.js(f"document.querySelector(\"{field}\").focus()")
    phone.js(f"document.querySelector(\"{field}\").select()")
    phone.do("Input.insertText", text="Over")
    site.truth.change("hand", {"strip/5/name": "Ohs"}, "panel")
    phone.until("document.querySelector('.channel-head .name').textContent === 'Ohs'")
    site.truth.alive = False
    phone.until("!document.getElementById('banner').hidden")
    site.truth.come_back()
    phone.until("document.getElementById('banner').hidden")
    phone.do("Input.insertText", text="heads")
    phone.key("Enter", 13)
    wait_for(lambda: site.truth.hand["strip/5/name"] == "Overheads")


def test_a_scene_is_not_saved_over_by_one_tap(site, phone):
    saves = lambda: [r["scene"]["save"] for r in site.truth.log if "save" in r.get("scene", {})]      # noqa: E731
    open_page(phone, "scenes")
    phone.until("!!document.querySelector('.scene-list')")
    phone.js("(e => { e.value = 'rock'; e.dispatchEvent(new Event('input', { bubbles: true })); })(document.querySelector('.row-form input'))")
    phone.until("document.querySelector('.row-form button').ariaLabel")
    for place in (".row-form .go", ".scene-list .acts button:nth-child(2)"):
        before = len(saves())
        phone.click(place)
        phone.until(f"document.querySelector('{place}').textContent === 'really?'")
        assert len(saves()) == before
        phone.click(place)
        wait_for(lambda before=before: len(saves()) == before + 1)


def test_a_finger_that_lay_on_a_fader_through_a_loss_moves_nothing_until_it_comes_anew(site, phone):
    x, y = phone.centre(fader(3))
    phone.drag((x, y), (x, y + 30), let_go=False)
    mine = phone.js(you(3))
    wait_for(lambda: site.truth.hand["strip/3/level"] == float(mine.replace("−", "-")))
    site.truth.alive = False
    phone.until("!document.getElementById('banner').hidden")
    site.truth.come_back()
    phone.until("document.getElementById('banner').hidden")
    for down in (40, 60, 80):
        phone.mouse("Moved", x, y + down)
    assert phone.js(you(3)) == mine
    phone.mouse("Released", x, y + 80)
    assert not phone.js("document.querySelector('.held')")


def test_what_the_whole_room_hears_takes_two_taps(site, phone):
    phantom = "strip/1/input/phantom"
    site.truth.change("hand", {phantom: 0.0}, "desk")              # which the card has
    for page, button, path in (("feedback", ".page-feedback .go", "main/guard/ringout"), ("channel/1", f"[data-path='{phantom}']", phantom)):
        open_page(phone, page)
        if page == "channel/1":
            phone.click(".tabs button", 3)
        phone.until(f"document.querySelector(\"{button}\")?.checkVisibility()")
        phone.js(f"document.querySelector(\"{button}\").scrollIntoView({{ block: 'center' }})")
        phone.click(button)
        phone.until(f"document.querySelector(\"{button}\").textContent === 'really?'")
        assert not site.truth.sets(path)
        phone.click(button)
        wait_for(lambda path=path: site.truth.sets(path))
    site.truth.change("hand", {"main/guard/ringout": None, phantom: None}, "desk")


def test_a_page_that_nobody_looks_at_wants_no_meters_and_shown_again_it_has_them(phone):
    asleep = """Object.defineProperty(document, 'hidden', { get: () => !window.awake });
      window.WebSocket = class extends WebSocket {
        constructor(at) { super(at); window.dialled = at; this.addEventListener('message', e => { if (typeof e.data !== 'string') window.meters = true; }); }
      }"""
    script = phone.do("Page.addScriptToEvaluateOnNewDocument", source=asleep)["identifier"]
    phone.do("Page.reload")
    phone.until(f"{READY} && !!window.dialled")
    assert phone.js("window.dialled").endswith("meters=0")
    phone.do("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    assert not phone.js("window.meters")
    phone.js("window.awake = true; document.dispatchEvent(new Event('visibilitychange'))")
    phone.until("window.meters")
    phone.do("Page.reload")
