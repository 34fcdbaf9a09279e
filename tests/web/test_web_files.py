"""The built page: what a phone is sent at first, how small, and how long it may keep it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from flask import Flask

from gigbox.web import page_files

ROOT = Path(__file__).resolve().parents[2]
STATIC = page_files.STATIC
FIRST_LOAD = 100 << 10
FIRST_FADER = 45 << 10


def client(folder=STATIC):
    app = Flask(__name__, static_folder=None)
    page_files.serve_page(app, folder)
    app.add_url_rule("/", view_func=lambda: page_files.answer("index.html", folder))
    return app.test_client()


@pytest.fixture(name="web")
def _web():
    return client()


def first_load():
    """What the page names."""
    text = (STATIC / "index.html").read_text()
    return ["/", *re.findall(r'(?:src|href)="(/static/[^"]+)"', text)]


def test_the_first_load_is_at_most_100_kb_in_at_most_12_requests(web):
    loads = [web.get(path, headers={"Accept-Encoding": "gzip, deflate, br"}) for path in first_load()]
    assert all(answer.status_code == 200 for answer in loads)
    assert len(loads) + 3 <= 12                                             # and the socket, who we are, the service worker
    assert sum(len(answer.data) for answer in loads) <= FIRST_LOAD
    assert [a.headers["Content-Encoding"] for a in loads if a.mimetype in ("text/javascript", "text/css", "text/html")] == ["br"] * 4


def test_a_first_fader_waits_for_45_kb_and_neither_for_other_pages_nor_for_other_languages(web):
    loads = {path: web.get(path, headers={"Accept-Encoding": "br"}).data for path in first_load()}
    assert sum(len(data) for path, data in loads.items() if "manifest" not in path and "icon" not in path) <= FIRST_FADER
    later = [f"/static/assets/{path.name}" for path in (STATIC / "assets").glob("*.js") if f"/static/assets/{path.name}" not in loads]
    assert sorted(Path(path).name.partition("-")[0] for path in later) == ["de", "others"]
    assert all(path in web.get("/static/sw.js").text for path in later)                              # but they are kept, where a browser may


@pytest.mark.parametrize(("accepted", "sent"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None), ("br;q=0, gzip", "gzip"), ("identity", None)])
def test_a_browser_gets_the_packing_that_it_takes(web, accepted, sent):
    answer = web.get("/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == sent
    assert (answer.mimetype, answer.headers["Vary"]) == ("text/html", "Accept-Encoding")


def test_what_has_its_contents_in_its_name_is_kept_for_ever_and_nothing_else(web):
    for path in first_load():
        assert ("immutable" in web.get(path).headers["Cache-Control"]) == path.startswith("/static/assets/"), path


def test_the_service_worker_may_keep_the_page_and_knows_each_file_of_it(web):
    worker = web.get("/static/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    for path in first_load():
        assert path.endswith(".png") or f'\\"{path}\\"' in worker.text or f'"{path}"' in worker.text, path


def test_nothing_outside_the_page_is_served(web):
    assert [web.get(path).status_code for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/nothing.js")] == [404] * 3


def test_a_page_that_is_not_built_is_one_line(tmp_path):
    answer = client(tmp_path).get("/")
    assert (answer.status_code, answer.text) == (503, "web: the page is not built, type: make\n")


def test_the_page_asks_for_nothing_from_elsewhere_and_has_nothing_inline():
    texts = [f.read_text() for f in STATIC.rglob("*") if f.suffix in (".html", ".js", ".css", ".svg", ".webmanifest")]
    addresses = {url for text in texts for url in re.findall(r"https?://[\w.-]+", text)}
    assert addresses <= {"http://www.w3.org", "https://preactjs.com"}
    page = (STATIC / "index.html").read_text()
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", page)


def test_the_parameters_of_the_page_are_those_of_the_table():
    module = runpy.run_path(str(ROOT / "webui/params_module.py"))["module"]
    assert (ROOT / "webui/src/params.ts").read_text() == module(), "params.ts is stale, write it anew with python webui/params_module.py"


def test_a_fader_of_the_page_follows_its_taper_within_a_hundredth_of_a_db():
    from gigbox import params
    steps, level = runpy.run_path(str(ROOT / "webui/params_module.py"))["CURVE_STEPS"], params.find("strip/1/level").param
    curve = [round(level.at(i / steps), 4) for i in range(steps + 1)]
    for i in range(1000):
        at, low = i / 1000 * steps, int(i / 1000 * steps)
        assert curve[low] + (at - low) * (curve[low + 1] - curve[low]) == pytest.approx(level.at(i / 1000), abs=0.01)
