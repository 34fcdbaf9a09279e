"""The balance that a render reaches, measured from its stems: on the demo gig, and on every song of the folder $GIGBOX_SONGS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gigbox.engine.song import Song
from gigbox.render.render import Options, render
from tests.measures.balance import Balance, measure
from tests.measures.places import LAR

DEMO = Path(__file__).resolve().parents[2] / "demo/gig"
OTHERS = sorted(p.parent for p in Path(os.environ["GIGBOX_SONGS"]).glob("*/song.toml")) if os.environ.get("GIGBOX_SONGS") else []


@pytest.fixture(scope="module", params=[DEMO, *OTHERS], ids=lambda folder: folder.name)
def balance(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Balance:
    song, out = Song.open(request.param), tmp_path_factory.mktemp("render") / "out"
    render(song, out, Options(stems=True))
    return measure(song, out, LAR["pop"])


def test_roles_sit_where_they_belong(balance: Balance) -> None:
    assert balance.mean_lu <= 1.5


def test_true_peaks_stay_below_one_dbtp(balance: Balance) -> None:
    assert balance.peak_dbtp <= -1.0


def test_the_limiter_hardly_works(balance: Balance) -> None:
    assert balance.limiter_p99_db <= 3.0


def test_faders_ride_slowly(balance: Balance) -> None:
    assert balance.riding_p95_db_s <= 1.0


def test_nothing_silent_is_raised(balance: Balance) -> None:
    assert balance.false_rides == 0
