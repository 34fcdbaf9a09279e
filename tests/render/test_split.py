"""`gigbox split`: a recording becomes a song of four stems that add up to it; what was half done is gone on with; demucs does it where it is installed."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gigbox.cli import main
from gigbox.engine.song import Song
from gigbox.errors import GigboxError, ModelError
from gigbox.rack import RATE, Floats
from gigbox.render.split import split as splitting
from gigbox.render.split.classic import Classic
from gigbox.render.split.engines import STEMS, engine
from gigbox.render.split.split import split


class Shares:
    """Each stem a known share of what comes in; counts what it was asked for."""

    name, rate = "shares", RATE

    def __init__(self, rate: int = RATE, most: int = 1000) -> None:
        self.rate, self.most, self.heard = rate, most, 0

    def split(self, sound: Floats) -> Floats:
        if self.heard == self.most:
            raise KeyboardInterrupt
        self.heard += 1
        return np.stack([share * sound for share in (0.1, 0.2, 0.3, 0.4)]).astype(np.float32)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """7 s of stereo noise, in pieces of 2 s."""
    file = tmp_path / "Tune \"one\".wav"
    soundfile.write(file, np.random.default_rng(3).uniform(-0.5, 0.5, (7 * RATE + 123, 2)).astype(np.float32), RATE, "FLOAT")
    return file


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PIECE_S", 2.0)
    monkeypatch.setattr(splitting, "AROUND_S", 0.5)


def stems_of(folder: Path) -> Floats:
    return np.stack([soundfile.read(folder / f"{name}.flac", dtype="float32")[0] for name in STEMS])


def test_the_stems_open_as_a_song_that_says_who_made_them(record: Path, tmp_path: Path) -> None:
    song = Song.open(split(record, tmp_path / "out", Shares()))
    assert song.title == 'Tune "one", split'
    assert [(track.name, track.role, track.pair) for track in song.tracks][::2] == [
        ("voice L", "lead_vocal", True), ("drums L", "drums", True), ("bass L", "bass", True), ("other L", "playback", True)]
    assert 'engine = "shares"' in (tmp_path / "out/song.toml").read_text()


def test_pieces_meet_without_a_seam_and_end_with_the_recording(record: Path, tmp_path: Path) -> None:
    sound, _ = soundfile.read(record, dtype="float32")
    stems = stems_of(split(record, tmp_path / "out", Shares()))
    assert stems.shape == (4, *sound.shape)
    np.testing.assert_allclose(stems[2], 0.3 * sound, atol=1e-6)


def test_an_engine_of_another_rate_gives_as_many_frames(record: Path, tmp_path: Path) -> None:
    assert stems_of(split(record, tmp_path / "out", Shares(44100))).shape == (4, 7 * RATE + 123, 2)


def test_what_was_stopped_goes_on_where_it_was(record: Path, tmp_path: Path) -> None:
    told: list[float] = []
    with pytest.raises(KeyboardInterrupt):
        split(record, tmp_path / "out", Shares(most=2), told.append)
    assert told == [2.0, 4.0]
    assert not (tmp_path / "out").exists()
    again = Shares()
    split(record, tmp_path / "out", again)
    assert again.heard == 2
    np.testing.assert_allclose(stems_of(tmp_path / "out").sum(axis=0), soundfile.read(record)[0], atol=1e-6)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Tune \"one\".wav", "out"]


def test_what_was_begun_with_another_recording_is_not_gone_on_with(record: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        split(record, tmp_path / "out", Shares(most=2))
    soundfile.write(record, np.zeros((6 * RATE, 1), np.float32), RATE, "FLOAT")
    other = Shares()
    split(record, tmp_path / "out", other)
    assert other.heard == 3
    assert not stems_of(tmp_path / "out").any()


@pytest.mark.parametrize("name", ["[ab]", "a*", "a"])
def test_what_was_begun_towards_another_folder_is_left_alone(record: Path, tmp_path: Path, name: str) -> None:
    others = [tmp_path / f".{other}.12345678.split" for other in ("a", "a.b", "ab") if other != name]
    for other in others:
        other.mkdir()
    split(record, tmp_path / name, Classic())
    assert all(other.is_dir() for other in others)


@pytest.mark.parametrize("name", ["song.toml", "voice.flac"])
def test_a_song_of_somebody_is_not_written_over(record: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("title = 'mine'\n")
    with pytest.raises(GigboxError, match="mine: holds a song that was not split, expected an empty folder or an earlier split"):
        split(record, tmp_path / "mine", Shares())
    assert (tmp_path / "mine" / name).read_text() == "title = 'mine'\n"


def test_an_earlier_split_is_replaced(record: Path, tmp_path: Path) -> None:
    engine_ = Shares()
    for _ in range(2):
        split(record, tmp_path / "out", engine_)
    assert engine_.heard == 8


def test_our_own_engine_parts_a_band() -> None:
    """A held chord at the sides, a singer with vibrato in the middle, a held bass, a hit of noise every half second: each is the most of its own stem."""
    t, dice = np.arange(4 * RATE) / RATE, np.random.default_rng(1)
    hits = dice.normal(0, 0.5, len(t)) * np.exp(-(t % 0.5) * 60)
    chord = sum(np.sin(2 * np.pi * hz * t + n) for n, hz in enumerate((330, 415, 494, 660))) * 0.08
    voice = sum(np.sin(2 * np.pi * 440 * k * t + k * 440 * 0.03 / 5.5 * np.sin(2 * np.pi * 5.5 * t)) / k for k in (1, 2, 3, 4)) * 0.2 * (t % 1.5 < 1)
    own = {"voice": [1.0, 1.0], "drums": [1.0, 1.0], "bass": [1.0, 1.0], "other": [1.0, -1.0]}
    sounds = dict(zip(STEMS, (voice, hits, 0.3 * np.sin(2 * np.pi * 82 * t), chord), strict=True))
    parts = {name: (sounds[name][:, None] * np.array(sides)).astype(np.float32) for name, sides in own.items()}
    mix = sum(parts.values())
    found = Classic().split(mix)
    np.testing.assert_allclose(found.sum(axis=0), mix, atol=1e-5)
    for name, stem in zip(STEMS, found, strict=True):
        alike = {other: abs(float(np.corrcoef(stem.ravel(), part.ravel())[0, 1])) for other, part in parts.items()}
        assert max(alike, key=lambda other: alike[other]) == name
        assert alike[name] > 0.7, alike


def test_a_broken_wish_is_said_in_one_line(record: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gigbox.render.split.engines.find_spec", lambda name: None)
    for wish, said in ((["--engine", "magic"], "--engine: 'magic' is not one of gigbox, demucs"),
                       (["--engine", "demucs"], "--engine: demucs is not installed, expected pip install 'gigbox[split]'; gigbox needs nothing"),
                       (["--engine", "gigbox", "--weights", "x.th"], "--weights: x.th is for the engine demucs, expected none beside gigbox")):
        assert main(["split", str(record), "-o", str(tmp_path / "out"), *wish]) == 2
        assert capsys.readouterr().err.strip().removeprefix("gigbox: ") == said


def test_without_demucs_our_own_engine_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gigbox.render.split.engines.find_spec", lambda name: None)
    assert engine().name == "gigbox"


class Demucs:
    """A model as demucs saves it: `sources`, `samplerate`."""

    sources, samplerate = ("drums", "bass", "other", "vocals", "guitar"), 44100

    def eval(self) -> None:
        pass


def install(monkeypatch: pytest.MonkeyPatch, model: object, asked: list[object]) -> None:
    """The names of demucs and torch that the engine asks for, with demucs' documented meaning: apply_model gives (1, sources, sides, frames)."""
    class Tensor:
        def __init__(self, array: np.ndarray) -> None:
            self.array = array

        def __getitem__(self, at: object) -> Tensor:
            return Tensor(self.array[at])

        def numpy(self) -> np.ndarray:
            return self.array

    class NoGrad:
        def __enter__(self) -> None:
            pass

        def __exit__(self, *what: object) -> None:
            pass

    def apply_model(model: object, mix: Tensor, shifts: int = 1, device: str = "") -> Tensor:
        return Tensor(np.stack([mix.array * share for share in (0.1, 0.2, 0.3, 0.35, 0.05)], axis=1))

    def load_model(path: Path) -> object:
        asked.append(path)
        if path.read_bytes() == b"":
            raise EOFError("Ran out of input")
        return model

    def get_model(name: str, repo: Path | None = None) -> object:
        asked.append((name, repo))
        if repo is None:
            raise SystemExit(1)
        return model

    for name, names in (("torch", {"from_numpy": Tensor, "no_grad": NoGrad}), ("demucs", {}), ("demucs.apply", {"apply_model": apply_model}),
                        ("demucs.states", {"load_model": load_model}), ("demucs.pretrained", {"get_model": get_model})):
        made = types.ModuleType(name)
        made.__dict__.update(names)
        monkeypatch.setitem(sys.modules, name, made)
    monkeypatch.setattr("gigbox.render.split.engines.find_spec", lambda name: name)


def test_demucs_does_it_where_it_is_installed(record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    install(monkeypatch, Demucs(), asked)
    weights = tmp_path / "small.th"
    weights.write_bytes(b"weights")
    by = engine("", weights)
    assert (by.name, by.rate, asked) == ("demucs small.th", 44100, [weights])
    sound = np.random.default_rng(2).normal(0, 0.1, (1000, 2)).astype(np.float32)
    level = sound - sound.mean()
    for stem, share in zip(by.split(sound), (0.35, 0.1, 0.2, 0.35), strict=True):      # a guitar goes with the others
        np.testing.assert_allclose(stem, share * level, atol=1e-5)


def test_weights_that_cannot_be_had_are_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Demucs(), [])
    (tmp_path / "empty.th").touch()
    with pytest.raises(ModelError, match=r"empty.th cannot be loaded \(Ran out of input\), expected a .th file of demucs"):
        engine("demucs", tmp_path / "empty.th")
    with pytest.raises(ModelError, match="--weights: htdemucs from its network address cannot be loaded"):
        engine("demucs")


def test_a_model_of_other_sources_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Demucs()
    model.sources = ("speech", "noise")      # type: ignore[assignment]
    install(monkeypatch, model, [])
    (tmp_path / "two.th").write_bytes(b"weights")
    with pytest.raises(GigboxError, match=r"two.th knows no bass, drums, voice"):
        engine("demucs", tmp_path / "two.th")
