"""The page in a real browser: a hand on a fader, freeze, undo, a lost connection, and sound without gaps."""

from __future__ import annotations

import threading
import time

import pytest
from conftest import PAGES, READY, fader, open_page, wait_for, you

from gigbox.desk.client import Change

SIZES = [(360, 640), (390, 844), (844, 390), (1180, 820), (1280, 800)]


@pytest.fixture(scope="module", autouse=True)
def sound(site):
    site.play(lively=True)


def test_eight_strips_with_names(phone):
    assert phone.js("[...document.querySelectorAll('.strips .name')].map(e => e.textContent)")[:2] == ["Anna", "Ben"]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_on_every_page_targets_are_for_a_thumb_and_nothing_sticks_out(phone, width, height):
    phone.size(width, height)
    phone.until(f"innerWidth === {width}")
    for page in PAGES:
        open_page(phone, page)
        small = phone.js("[...document.querySelectorAll('button, select, .fader, .nav a, .top a, input[type=text]')].filter(e => e.checkVisibility())"
                         ".map(e => [e.className, Math.round(e.offsetWidth), Math.round(e.offsetHeight)]).filter(([, w, h]) => w < 42 || h < 44)")
        assert small == [], page
        assert phone.js("[document.documentElement, document.querySelector('.page')].every(e => e.scrollWidth <= e.clientWidth)"), page


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_are_whole_and_no_words_overlap(site, phone, width, height):
    site.truth.change("hand", {"strip/2/name": "Backing vocal and MC"}, "panel")
    phone.until("document.querySelectorAll('.strips .name')[1].textContent === 'Backing vocal and MC'")
    phone.size(width, height)
    phone.until(f"innerWidth === {width}")
    assert phone.js("[...document.querySelectorAll('.strip-head .name')].filter(e => e.scrollWidth > e.clientWidth + 1"
                    " || e.getBoundingClientRect().bottom > e.parentElement.getBoundingClientRect().bottom + 1).map(e => e.textContent)") == []
    assert phone.js("""[...document.querySelectorAll('.strip-head, .say, .part-head')].flatMap(head => {
      const boxes = [...head.children].filter(e => e.offsetWidth).map(e => e.getBoundingClientRect());
      return boxes.filter((a, i) => boxes.some((b, k) =>
        k > i && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
    }).length""") == 0
    site.truth.change("hand", {"strip/2/name": "Ben"}, "panel")


def test_a_drag_moves_the_hand_without_a_jump_and_its_last_value_is_sent(site, phone):
    before = site.truth.hand["strip/1/level"]
    x, y = phone.centre(fader(1))
    fifth = phone.js(f"document.querySelector(\"{fader(1)} .rail\").offsetHeight") / 5
    phone.drag((x, y), (x, y + fifth), steps=12)
    shown = float(phone.js(you(1)).replace("−", "-"))
    wait_for(lambda: site.truth.hand["strip/1/level"] == shown)
    values = site.truth.sets("strip/1/level")
    assert abs(values[0] - before) < 2.0
    assert values == sorted(values, reverse=True)
    assert -20.0 < shown < before - 4.0


def test_the_finger_has_priority_while_it_touches(site, phone):
    x, y = phone.centre(fader(3))
    phone.drag((x, y), (x, y + 30), let_go=False)
    mine = phone.js(you(3))
    wait_for(lambda: site.truth.hand["strip/3/level"] == float(mine.replace("−", "-")))
    site.truth.change("hand", {"strip/3/level": 5.0}, "panel")
    time.sleep(0.2)
    assert phone.js(you(3)) == mine
    phone.mouse("Released", x, y + 30)
    phone.until(f"{you(3)} === '5.0'")


def test_a_double_tap_releases(site, phone):
    site.truth.change("hand", {"strip/2/level": -12.0}, "panel")
    phone.until(f"{you(2)} === '−12.0'")
    for _ in range(2):
        phone.click(fader(2))
    wait_for(lambda: any(r.get("release") == "strip/2/level" for r in site.truth.log))
    phone.until(f"{you(2)} === '0.0'")


def test_a_single_tap_changes_nothing(site, phone):
    before = len(site.truth.log)
    phone.click(fader(4))
    time.sleep(0.2)
    assert len(site.truth.log) == before


def test_keys_move_a_fader_too(site, phone):
    phone.js(f"document.querySelector(\"{fader(4)} input\").focus()")
    before = site.truth.tell("strip/4/level").hand
    phone.do("Input.dispatchKeyEvent", type="keyDown", key="ArrowUp", code="ArrowUp", windowsVirtualKeyCode=38)
    wait_for(lambda: site.truth.tell("strip/4/level").hand == pytest.approx(before + 0.5, abs=0.06))


def test_freeze_mute_mode_lock_and_undo_reach_the_desk(site, phone):
    for selector, path in (("#freeze", "box/freeze"), (".strips .mute", "strip/1/mute"), (".strips .solo", "strip/1/solo")):
        phone.click(selector)
        phone.until(f"document.querySelector('{selector}').ariaPressed === 'true'")
        wait_for(lambda path=path: site.truth.hand.get(path) == 1.0)
    open_page(phone, "channel/1")
    phone.click(".channel-head .lock")
    wait_for(lambda: "strip/1" in site.truth.locked)
    open_page(phone, "auto")
    phone.click("[data-path='box/mode'] button", 0)
    wait_for(lambda: site.truth.hand.get("box/mode") == 0)
    phone.click("#undo")
    phone.until("document.getElementById('note').textContent === 'undone: Mode soundcheck → show'")


def test_one_decision_of_many_steps_is_one_card(site, phone):
    open_page(phone, "auto")
    for step in range(1, 9):
        site.truth.auto_moves({"strip/5/level": -2.2 - step / 10}, f"Overheads to {-10.2 - step / 10:.1f}: plays at {-20 - step / 10:.1f} LUFS")
        time.sleep(0.06)
    phone.until("document.querySelector('[data-path=\"strip/5/level\"] .way b')?.textContent === '−11.0 dB'")
    assert phone.js("document.querySelectorAll('.card[data-path=\"strip/5/level\"]').length") == 1
    assert phone.js("document.querySelector('[data-path=\"strip/5/level\"] .cause').textContent").startswith("plays at")


def test_meters_move_and_the_newest_reason_shows(site, phone):
    phone.until("document.querySelector('.health').textContent.includes('ms')")
    picture = "document.querySelector('.strips canvas').toDataURL()"
    assert len({phone.js(picture) for _ in range(12) if not time.sleep(0.04)}) > 3
    site.truth.auto_moves({"strip/5/eq/1/gain": -1.0}, "overheads -1.0 dB at 100 Hz: kick leaks in")
    phone.until("document.querySelector('.newest').textContent.startsWith('overheads -1.0 dB')")


def test_what_a_decision_is_about_is_heard_alone_on_this_phone(site, phone):
    open_page(phone, "auto")
    site.truth.auto_moves({"strip/8/level": -3.5}, "Keys -1.0 dB: covers Anna, 1-4 kHz")
    ear = ".card[data-path='strip/8/level'] .hear"
    phone.until(f"!!document.querySelector(\"{ear}\")")
    phone.click(ear)
    wait_for(lambda: site.truth.hand.get("strip/8/solo") == 1.0)
    phone.until("document.querySelector('#listen').ariaPressed === 'true'")
    open_page(phone, "mix")
    wait_for(lambda: site.truth.hand.get("strip/8/solo") == 0.0)
    phone.click("#listen")
    phone.until("!!document.getElementById('listen-stop')")
    phone.click("#listen-stop")
    phone.until("!document.querySelector('dialog')")


def test_all_meters_of_a_bank_are_on_one_canvas(phone):
    count = "[...document.querySelectorAll('.bank')].map(bank => ['.strip', 'canvas'].map(what => bank.querySelectorAll(what).length))"
    assert phone.js(count) == [[4, 1], [4, 1]]


def test_what_the_box_moves_lays_out_what_it_moved_and_not_the_page(site, phone):
    """As a phone has 60 times a second for all that it does."""
    def moves():
        for n in range(12):
            time.sleep(0.05)
            site.truth.auto_moves({"strip/1/level": -1.0 - n / 4, "strip/2/level": -2.0 - n / 4}, f"Anna to {n}: plays at -{n} LUFS")

    phone.until(f"{you(1)} !== ''")
    mover = threading.Thread(target=moves)
    mover.start()
    _, done = phone.traces("new Promise(done => setTimeout(done, 900))")
    mover.join()
    laid_out = sorted(each["args"]["beginData"]["totalObjects"] for each in done if each["name"] == "Layout")
    assert len(laid_out) > 5
    assert laid_out[len(laid_out) * 4 // 5] < 100, laid_out     # but for what is told once a second: how the box does


def test_a_finger_drags_a_band_of_the_equaliser(site, phone):
    open_page(phone, "channel/2")
    x, y = phone.centre(".dot", 2)
    phone.drag((x, y), (x + 40, y - 30), steps=6)
    wait_for(lambda: site.truth.hand.get("strip/2/eq/3/gain", 0) > 2 and site.truth.hand.get("strip/2/eq/3/frequency", 0) > 2600)


def test_banks_are_swiped_and_named(phone):
    phone.click(".banks button", 1)
    phone.until("document.querySelector('.strips').scrollLeft > 200 && document.querySelectorAll('.banks button')[1].ariaPressed === 'true'")
    assert phone.js("document.querySelectorAll('.banks button')[1].ariaLabel") == "5–8: Overheads to Keys"


def test_strips_stand_in_the_order_that_a_finger_or_keys_gave_them(phone):
    order = "[...document.querySelectorAll('.strips .name')].map(e => e.textContent).slice(0, 3)"
    phone.click(".banks .tool")
    phone.until("document.querySelectorAll('.grip').length === 8")
    phone.drag(phone.centre(".grip", 2), phone.centre(".grip", 0), steps=10)
    phone.js("document.querySelectorAll('.grip')[1].dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))")
    phone.click(".arrange .go")
    phone.until(f"{order}.join() === 'Kick,Ben,Anna'")
    phone.do("Page.reload")
    phone.until(f"{order}.join() === 'Kick,Ben,Anna'")
    phone.js("localStorage.clear()")


def test_more_me_raises_my_own_send_and_no_other(site, phone):
    open_page(phone, "monitors/2")
    phone.click(".pick button", 1)
    phone.until("!!document.querySelector('.more-me')")
    phone.click(".more-me .go")
    wait_for(lambda: site.truth.hand.get("strip/2/send/2/level") == -30)
    phone.click(".more-me .go")
    wait_for(lambda: site.truth.hand.get("strip/2/send/2/level") == -28.5)
    assert "strip/1/send/2/level" not in site.truth.hand


def test_the_whole_page_speaks_german_and_stays_so(phone):
    open_page(phone, "health")
    phone.js("(e => { e.value = 'de'; e.dispatchEvent(new Event('change', { bubbles: true })); })(document.getElementById('language'))")
    phone.until("document.querySelector('h1').textContent === 'Zustand' && document.documentElement.lang === 'de'")
    phone.js("localStorage.clear()")


def test_a_lost_desk_is_told_and_the_page_comes_back_with_the_new_state(site, phone):
    site.truth.alive = False
    phone.until("document.getElementById('banner').textContent === 'the desk is away: the box mixes on'")
    site.truth.hand["strip/6/level"] = -33.0
    site.truth.come_back()
    phone.until(f"document.getElementById('banner').hidden && {you(6)} === '−33.0'")


def listens(phone):
    phone.click("#listen")
    phone.until("document.getElementById('heard')?.dataset.playing === 'true'")
    time.sleep(2)
    heard = phone.js("({...document.getElementById('heard').dataset})")
    phone.click("#listen-stop")
    phone.until("!document.querySelector('dialog')")
    return heard


def test_listening_plays_two_seconds_without_a_gap(phone, tmp_path):
    heard = listens(phone)
    assert float(heard["rms"]) == pytest.approx(0.25 / 2 ** 0.5, rel=0.02)
    assert (heard["gaps"], heard["skips"]) == ("0", "0")
    phone.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 20000


def test_listening_works_where_the_browser_has_no_worklet(site, phone):
    phone.open(f"http://gigbox.test:{site.port}/")
    phone.until(f"document.readyState === 'complete' && location.hostname === 'gigbox.test' && {READY}")
    assert phone.js("isSecureContext") is False
    assert float(listens(phone)["rms"]) == pytest.approx(0.25 / 2 ** 0.5, rel=0.05)
    phone.faults[:] = [fault for fault in phone.faults if "Cross-Origin-Opener-Policy" not in fault]      # which such an origin does not know


def test_a_lost_connection_is_told_and_nothing_from_before_it_is_sent(site, phone, monkeypatch):
    x, y = phone.centre(fader(3))
    phone.drag((x, y), (x, y + 40), let_go=False)
    mine = phone.js(you(3))
    wait_for(lambda: site.truth.hand["strip/3/level"] == float(mine.replace("−", "-")))
    with monkeypatch.context() as away:
        away.setattr(site.server.door, "make_room", lambda _: False)
        site.hang_up()
        phone.until("document.getElementById('banner').textContent === 'connection lost: the box mixes on'")
        before = len(site.truth.log)
        phone.mouse("Moved", x, y - 40)
        phone.mouse("Released", x, y - 40)
        site.truth.hand["strip/3/level"] = -22.0
        site.desk_line._hear(Change({"strip/3/level": site.truth.tell("strip/3/level")}))
    phone.until(f"document.getElementById('banner').hidden && {you(3)} === '−22.0'")
    assert len(site.truth.log) == before
    assert all("WebSocket" in fault or "/api/me" in fault for fault in phone.faults)
    phone.faults.clear()


def test_who_comes_in_is_met_in_their_language(site, browser):
    agent = browser.js("navigator.userAgent")
    said = {}
    for language in ("en-GB", "de-AT"):
        browser.do("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        browser.open("about:blank")
        browser.until("location.href === 'about:blank'")
        browser.open(f"http://127.0.0.1:{site.port}/pair#nosuchlinkatall")
        browser.until("document.querySelector('#say')?.textContent.match(/There is no such|gibt es nicht/)")
        said[language] = browser.js("document.documentElement.lang + ' ' + document.querySelector('main').innerText")
        assert browser.js("[...document.querySelectorAll('[data-say]')].every(e => e.textContent.trim() && e.textContent !== 'undefined')")
    browser.do("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage="")
    browser.faults.clear()
    assert said["en-GB"].startswith("en ")
    assert "your name" in said["en-GB"]
    assert said["de-AT"].startswith("de ")
    assert [word for word in ("your name", "Come in", "my own", "dein Name") if word in said["de-AT"]] == ["dein Name"]


def test_a_guest_sees_what_is_not_theirs_to_touch(site, browser):
    link, site.local = site.pairing.invite("guest", name="Eve").key, False
    try:
        browser.open("about:blank")
        browser.until("location.href === 'about:blank'")
        browser.open(f"http://127.0.0.1:{site.port}/pair#{link}")
        browser.until("document.querySelectorAll('.strips .fader.idle').length === 8 && !document.body.classList.contains('lost')")
        for page in ("mix", "channel/2", "auto", "linecheck", "feedback"):
            browser.js(f"location.hash = '#/{page}'")
            browser.until(f"!!document.querySelector('.page-{page.split('/')[0]}')?.innerText")
            browser.until("[...document.querySelectorAll('.fader')].every(e => e.matches('.idle'))")
            kinds = "#undo, #freeze, .mute, .solo, .lock, .freeze, .talk, .card button, .go, [role=switch], select[data-path]"
            touchable = browser.js(f"[...document.querySelectorAll('{kinds}')].filter(e => !e.disabled && !e.closest('dialog')).map(e => e.outerHTML)")
            assert touchable == [], page
    finally:
        browser.js("fetch('/api/me', { method: 'DELETE' }).then(() => 0)")
        browser.faults.clear()
        site.local = True
