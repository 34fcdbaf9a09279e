"""The page in a real browser: a hand on a fader, freeze, undo, a lost connection, and sound without gaps."""

from __future__ import annotations

import time

import pytest
from conftest import open_on_phone, wait_for

from gigbox.desk.client import Change

STRIPS = "document.querySelectorAll('.strips .strip').length"


@pytest.fixture(scope="module", autouse=True)
def sound(site):
    site.play(lively=True)


@pytest.fixture
def phone(site, browser):
    """The page at 390x844, with the state read."""
    open_on_phone(browser, site, f"{STRIPS} === 8 && !document.body.classList.contains('lost')")
    yield browser
    assert browser.faults == []


def test_eight_strips_with_names_and_targets_for_a_thumb(phone):
    assert phone.js("[...document.querySelectorAll('.strips .name')].map(e => e.textContent)")[:2] == ["Anna", "Ben"]
    small = phone.js("[...document.querySelectorAll('button:not([hidden]), .fader')].filter(e => e.offsetParent)"
                     ".map(e => [e.className, e.offsetWidth, e.offsetHeight]).filter(([, w, h]) => w < 44 || h < 44)")
    assert small == []
    unnamed = phone.js("[...document.querySelectorAll('button, input')].filter(e => !(e.ariaLabel || e.textContent || e.closest('label'))).length")
    assert unnamed == 0


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (844, 390), (1280, 800)])
def test_nothing_sticks_out_and_no_words_overlap(phone, width, height):
    phone.size(width, height)
    phone.until(f"innerWidth === {width}")
    assert phone.js("document.documentElement.scrollWidth") <= width
    assert phone.js("""[...document.querySelectorAll('.head')].flatMap(head => {
      const boxes = [...head.children].filter(e => e.offsetWidth).map(e => e.getBoundingClientRect());
      return boxes.filter((a, i) => boxes.some((b, k) =>
        k > i && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
    }).length""") == 0


def test_a_drag_moves_the_hand_without_a_jump_and_its_last_value_is_sent(site, phone):
    before = site.truth.hand["strip/1/level"]
    x, y = phone.centre(".strips .fader")
    fifth = phone.js("document.querySelector('.strips .rail').offsetWidth") / 5
    phone.drag((x, y), (x - fifth, y), steps=12)
    shown = float(phone.js("document.querySelector('.strips .you b').textContent.replace('−', '-')"))
    wait_for(lambda: site.truth.hand["strip/1/level"] == shown)
    values = site.truth.sets("strip/1/level")
    assert abs(values[0] - before) < 2.0
    assert values == sorted(values, reverse=True)
    assert -20.0 < shown < before - 4.0


def test_a_tap_on_noise_takes_more_of_it_and_then_none(site, phone):
    words = "document.querySelectorAll('.strips .noise')[0].textContent"
    for amount in (6, 12, 18, 24, 0):
        phone.click(".strips .noise")
        wait_for(lambda amount=amount: site.truth.hand.get("strip/1/denoise/amount") == amount)
        phone.until(f"{words} === '{f'noise −{amount}' if amount else 'noise'}'")


def test_the_finger_has_priority_while_it_touches(site, phone):
    words = "document.querySelectorAll('.strips .you b')[2].textContent"
    x, y = phone.centre(".strips .fader", 2)
    phone.drag((x, y), (x - 30, y), let_go=False)
    mine = phone.js(words)
    wait_for(lambda: site.truth.hand["strip/3/level"] == float(mine.replace("−", "-")))
    site.truth.change("hand", {"strip/3/level": 5.0}, "panel")
    time.sleep(0.2)
    assert phone.js(words) == mine
    phone.mouse("Released", x - 30, y)
    phone.until(f"{words} === '5.0'")


def test_a_double_tap_releases(site, phone):
    site.truth.change("hand", {"strip/2/level": -12.0}, "panel")
    phone.until("document.querySelectorAll('.strips .you b')[1].textContent === '−12.0'")
    phone.click(".strips .fader", 1)
    phone.click(".strips .fader", 1)
    wait_for(lambda: any(r.get("release") == "strip/2/level" for r in site.truth.log))
    phone.until("document.querySelectorAll('.strips .you b')[1].textContent === '0.0'")


def test_a_single_tap_changes_nothing(site, phone):
    before = len(site.truth.log)
    phone.click(".strips .fader", 3)
    time.sleep(0.2)
    assert len(site.truth.log) == before


def test_keys_move_a_fader_too(site, phone):
    phone.js("document.querySelectorAll('.strips .fader input')[3].focus()")
    before = site.truth.tell("strip/4/level").hand
    phone.do("Input.dispatchKeyEvent", type="keyDown", key="ArrowUp", code="ArrowUp", windowsVirtualKeyCode=38)
    wait_for(lambda: site.truth.tell("strip/4/level").hand == pytest.approx(before + 0.5, abs=0.06))


def test_freeze_mute_lock_mode_and_undo_reach_the_desk(site, phone):
    for selector, path in (("#freeze", "box/freeze"), (".strips .mute", "strip/1/mute")):
        phone.click(selector)
        phone.until(f"document.querySelector('{selector}').ariaPressed === 'true'")
        assert site.truth.hand[path] == 1.0
    phone.click(".strips .lock")
    phone.until("document.querySelector('.strips .lock').ariaPressed === 'true'")
    phone.click("[data-mode=soundcheck]")
    phone.until("document.querySelector('[data-mode=soundcheck]').ariaPressed === 'true'")
    phone.click("#undo")
    phone.until("document.getElementById('note').textContent === 'undone: box mode soundcheck → show'")


def test_meters_move_and_the_newest_reason_shows(site, phone):
    phone.until("document.querySelector('.health').textContent.includes('running')")
    levels = {phone.js("document.querySelector('.bar i').style.getPropertyValue('--v')") for _ in range(20) if not time.sleep(0.03)}
    assert len(levels) > 3
    site.truth.auto_moves({"strip/5/eq/1/gain": -1.0}, "overheads -1.0 dB at 100 Hz: kick leaks in")
    phone.until("document.getElementById('newest').textContent.startsWith('overheads -1.0 dB')")


def test_a_lost_desk_is_told_and_the_page_comes_back_with_the_new_state(site, phone):
    site.truth.alive = False
    phone.until("document.getElementById('banner').textContent === 'desk: not running, the box mixes on'")
    site.truth.hand["strip/6/level"] = -33.0
    site.truth.come_back()
    phone.until("document.getElementById('banner').hidden && document.querySelectorAll('.strips .you b')[5].textContent === '−33.0'")


def listens(phone):
    phone.click("#listen")
    phone.until("document.getElementById('heard').dataset.playing === 'true'")
    time.sleep(2)
    heard = phone.js("({...document.getElementById('heard').dataset})")
    phone.click("#listen")
    return heard


def test_listening_plays_two_seconds_without_a_gap(phone, tmp_path):
    heard = listens(phone)
    assert float(heard["rms"]) == pytest.approx(0.25 / 2 ** 0.5, rel=0.02)
    assert (heard["gaps"], heard["skips"]) == ("0", "0")
    phone.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 20000


def test_listening_works_where_the_browser_has_no_worklet(site, phone):
    phone.open(f"http://gigbox.test:{site.port}/")
    phone.until(f"document.readyState === 'complete' && {STRIPS} === 8 && location.hostname === 'gigbox.test'")
    assert phone.js("isSecureContext") is False
    assert float(listens(phone)["rms"]) == pytest.approx(0.25 / 2 ** 0.5, rel=0.05)


def test_a_lost_connection_is_told_and_nothing_from_before_it_is_sent(site, phone, monkeypatch):
    x, y = phone.centre(".strips .fader", 2)
    phone.drag((x, y), (x - 40, y), let_go=False)
    mine = phone.js("document.querySelectorAll('.strips .you b')[2].textContent")
    wait_for(lambda: site.truth.hand["strip/3/level"] == float(mine.replace("−", "-")))
    with monkeypatch.context() as away:
        away.setattr(site.server.door, "make_room", lambda _: False)
        site.hang_up()
        phone.until("document.getElementById('banner').textContent === 'connection lost: the box mixes on'")
        before = len(site.truth.log)
        phone.mouse("Moved", x + 40, y)
        phone.mouse("Released", x + 40, y)
        site.truth.hand["strip/3/level"] = -22.0
        site.desk_line._hear(Change({"strip/3/level": site.truth.tell("strip/3/level")}))
    phone.until("document.getElementById('banner').hidden && document.querySelectorAll('.strips .you b')[2].textContent === '−22.0'")
    assert len(site.truth.log) == before
    assert all("WebSocket" in fault for fault in phone.faults)
    phone.faults.clear()


@pytest.mark.parametrize(("rate", "drift"), [(48000, 0.0), (48000, 3e-4), (48000, -3e-4), (44100, 1e-4)])
def test_the_ring_follows_another_clock_for_minutes_without_gap_or_skip(phone, rate, drift):
    report = phone.js(f"""(async () => {{
      const {{ Ring }} = await import('/static/listen-worklet.js');
      const ring = new Ring({rate}), left = new Float32Array(128), right = new Float32Array(128), chunk = new Int16Array(1920).fill(8192);
      let owed = 0, least = Infinity, most = 0;
      for (let out = 0; out < 180 * {rate}; out += 128) {{
        owed += 128 * 48000 / {rate} * (1 + {drift});
        for (; owed >= 960; owed -= 960) ring.push(chunk);
        ring.pull(left, right);
        const ms = (ring.write - ring.read) / 48;
        if (out > 20 * {rate}) {{ least = Math.min(least, ms); most = Math.max(most, ms); }}
      }}
      return {{ ...ring.report(), least, most, last: left[127] }};
    }})()""")
    assert (report["gaps"], report["skips"]) == (0, 0)
    assert report["least"] > 50
    assert report["most"] < 200
    assert report["last"] == pytest.approx(0.25, abs=1e-4)


def test_a_stalled_network_is_one_gap_and_then_more_is_kept_in_hand(phone):
    report = phone.js("""(async () => {
      const { Ring } = await import('/static/listen-worklet.js');
      const ring = new Ring(48000), left = new Float32Array(960), right = new Float32Array(960), chunk = new Int16Array(1920).fill(8192);
      let jump = 0, last = 0;
      for (let i = 0; i < 400; i++) {
        if (i < 100 || i > 130) ring.push(chunk);
        ring.pull(left, right);
        for (const x of left) { jump = Math.max(jump, Math.abs(x - last)); last = x; }
      }
      return { ...ring.report(), jump, target: ring.target / 48 };
    })()""")
    assert (report["gaps"], report["playing"]) == (1, True)
    assert report["target"] == pytest.approx(180)
    assert report["jump"] < 0.25 / 64
