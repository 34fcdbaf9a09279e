"""The recogniser's training: it hears as the box does, keeps sources whole, and the same seed is the same training."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gigbox.brain import tflite
from gigbox.brain.who.recogniser import BANDS, CLASSES, FRAMES, RELEASED, Namer, standardise
from models.denoise.features import LEAST, WHOLE
from models.recognise import amps, analog, augment, blown, bowed, corpus, data, folds, fonts, measures, midi, modal, scores, sources, synths, thaw
from models.recognise.augment import Strength, Windows
from models.recognise.data import LOWEST_DB, STEP_DB, Entry, Pool, levels
from models.recognise.measures import FOURTEEN, Heard

RNG = np.random.default_rng


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """A recording of two sources in each class: bands at random, louder and softer."""
    rng, rows, at, frames = RNG(3), [], 0, []
    for kind in (*CLASSES, "noise"):
        for source in ("here", "there"):
            count = int(rng.integers(60, 400))
            frames.append(rng.integers(80, 200, (count, BANDS)).astype(np.uint8))
            rows.append([kind, source, f"{kind} {source}", 0, at, count])
            at += count
    np.concatenate(frames).tofile(tmp_path / "0.u8")
    with (tmp_path / "0.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return Pool(tmp_path)


def test_levels_are_the_cores_bands_to_half_a_decibel_wherever_pieces_meet() -> None:
    sound = (0.1 * RNG(1).standard_normal(300_000)).astype(np.float32)
    power = WHOLE.sums(WHOLE.spectra(sound))
    wanted = 10 * np.log10(power[: len(power) // 4 * 4].reshape(-1, 4, BANDS).mean(axis=1) + LEAST)
    np.testing.assert_allclose(levels(sound) * STEP_DB + LOWEST_DB, wanted, atol=STEP_DB / 2 + 0.01)


def test_windows_are_what_the_model_takes_and_the_same_for_the_same_seed(pool: Pool) -> None:
    first, second, other = (Windows(pool, pool.entries, seed).batch(12) for seed in (5, 5, 6))
    x, level, kind = first
    assert (x.shape, level.shape, kind.shape) == ((12, FRAMES, BANDS, 1), (12, 1), (12,))
    assert np.abs(x).max() <= 1
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(x, other[0])


def test_every_class_is_drawn_alike(pool: Pool) -> None:
    windows = Windows(pool, pool.entries, 1)
    counts = np.bincount(np.concatenate([windows.batch(64)[2] for _ in range(20)]), minlength=len(CLASSES))
    assert counts.min() > 40


def test_what_somebody_recorded_is_drawn_oftener_than_what_a_font_plays(pool: Pool) -> None:
    entries = [replace(e, count=60, name="bass/a.flac" if e.source == "here" else e.name) for e in pool.entries if e.kind == "bass"]
    recorded, played = sorted(Windows(pool, entries, 1).shares["bass"], reverse=True)
    assert recorded == pytest.approx(augment.RECORDED * played)


def test_no_source_is_heard_and_judged(pool: Pool) -> None:
    for fold in range(folds.FOLDS):
        heard, strange = folds.heard(pool.entries, [fold]), folds.strange(pool.entries, fold)
        assert not {e.source for e in heard} & {e.source for e in strange}
    assert len(folds.heard(pool.entries)) == len(pool.entries)


def test_parts_of_an_album_a_speaker_and_a_sampler_are_kept_apart_together() -> None:
    assert folds.fold_of("ichbinsoftware/everythingisremixed (Software-Entwicklungskit)") == folds.fold_of("Software-Entwicklungskit")
    assert folds.fold_of("sung GCompris voices someone") == folds.fold_of("GCompris voices someone")
    assert len({folds.fold_of(name) for name in ("TimGM6mb", "GeneralUser GS", "A320U", "Merlin")}) == 4


@pytest.mark.parametrize("sources", [
    ("freepats/e-guitar-FSBS-clean", "freepats/e-guitar-FSBS-jazz", "freepats/e-guitar-FSBS-dist1"),      # one guitar
    ("sfzinstruments/karoryfer.meatbass", "sfzinstruments/dsmolken.double-bass (1958 Otto Rubner)"),       # one double bass
    ("FreePats", "Debian freepats"),
    ("generative-music/samples-alex-bainter", "sfzinstruments/Discord-SFZ-GM-Bank (VCSL Yamaha upright)", "c19keyboards (Samulis, VSCO 2 CE)"),
    ("Tux Paint voices (Debian tuxpaint-stamps-default)", "Tux Paint stamps fr", "sung Tux Paint stamps el"),
    ("VCTK via GitHub mindslab-ai/nuwave", "VCTK (48 kHz reference) p226")])
def test_one_instrument_or_player_by_several_ways_is_in_one_fold(sources: tuple[str, ...]) -> None:
    assert len({folds.fold_of(source) for source in sources}) == 1


def test_speech_through_effects_is_speech(tmp_path: Path) -> None:
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments/index.csv").write_text("file,class,seconds,kind,source,licence\n"
                                                    'vocal/fx_hall.flac,vocal,6.5,"real speech, effects added (hall)",someone,CC0-1.0\n'
                                                    "vocal/choir.flac,vocal,6.5,recorded choir,someone,CC0-1.0\n")
    heard = {p: kind for kind, _, p in corpus.listed(tmp_path)}
    assert [heard[tmp_path / "instruments/vocal" / name] for name in ("fx_hall.flac", "choir.flac")] == ["speech", "singing"]


def test_the_weights_of_a_released_model_come_back_as_floats() -> None:
    path = tflite.find(RELEASED)
    w, frames = thaw.weights(path), RNG(2).uniform(-80, -20, (3, FRAMES, BANDS)).astype(np.float32)
    x, level = standardise(frames)
    heard = x.transpose(0, 3, 1, 2)
    for n, strides in enumerate(((2, 2), (2, 2), (2, 2), (2, 1), (1, 1))):
        kernel = w[f"{n}.weight"]
        pads = [(0, 0), (0, 0), *[(size // 2 if n < 4 else 0,) * 2 for size in kernel.shape[2:]]]
        parts = np.lib.stride_tricks.sliding_window_view(np.pad(heard, pads), kernel.shape[2:], axis=(2, 3))[:, :, :: strides[0], :: strides[1]]
        heard = np.maximum(np.einsum("ncabij,ocij->noab", parts, kernel, optimize=True) + w[f"{n}.bias"][:, None, None], 0)
    logits = heard.mean((2, 3)) @ w["mean.weight"].T + w["mean.bias"] + heard.max((2, 3)) @ w["most.weight"].T + level @ w["level.weight"].T
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    found = Namer(path).look(frames)
    assert (logits.argmax(axis=1) == found.argmax(axis=1)).all()
    np.testing.assert_allclose(np.exp(logits), np.exp(found), atol=0.1)


def heard_as(kind: str, *names: str) -> Heard:
    shares = np.full((len(names), len(CLASSES)), 0.01, np.float32)
    for row, name in zip(shares, names, strict=True):
        row[CLASSES.index(name)] = 0.85
    return Heard(kind, "a source", "a recording", shares, np.log(shares))


def test_a_voice_is_a_voice_and_a_kit_an_overhead() -> None:
    found = [heard_as("singing", "speech", "singing"), heard_as("drums", "hihat_overhead", "drums"), heard_as("kick", "kick", "tom")]
    f = measures.figures(found)
    assert {name: top1 for name, (top1, _) in f.by_class.items()} == {"vocal": 1.0, "hihat_overhead": 1.0, "kick": 0.5}
    assert f.top1 == pytest.approx(2.5 / 3)
    assert f.confusion[FOURTEEN.index("kick"), FOURTEEN.index("tom")] == 0.5


def test_wrong_and_sure_counts_only_above_the_threshold() -> None:
    found = [heard_as("kick", "tom"), heard_as("kick", "kick"), heard_as("speech", "singing")]
    assert measures.sure(found, 0.8) == (0.25, 1.0)
    assert measures.sure(found, 0.9) == (0.0, 0.0)


@pytest.mark.parametrize("player", fonts.PLAYERS, ids=lambda p: f"{p.kind}-{p.programs[0]}")
def test_players_stay_within_their_instrument(player: fonts.Player) -> None:
    for seed in range(5):
        notes = fonts.part(RNG(seed), player, 12)
        assert notes
        assert all(player.low - 2 <= n.pitch <= player.high + 14 and 0 < n.velocity < 128 and 0 <= n.start < 13 for n in notes)


def test_a_drummer_keeps_time_with_everything() -> None:
    notes = scores.groove(RNG(4), 20)
    assert all(0 <= n.start < 20 for part in notes.values() for n in part)
    assert all(len(notes[drum]) > 5 for drum in ("kick", "snare"))


def test_a_midi_file_has_its_notes_in_time() -> None:
    written = midi.file([scores.Note(0.5, 0.25, 60, 100), scores.Note(0.0, 1.0, 64, 90)], 7)
    assert written[:4] == b"MThd"
    assert int.from_bytes(written[18:22], "big") == len(written) - 22
    first, second = written.index(bytes([0x90, 64, 90])), written.index(bytes([0x90, 60, 100]))
    assert first < second
    assert written[second - 2:second] == bytes([0x81, 0x70])      # 240 ticks of 480 a second later


def test_made_sounds_are_sounds() -> None:
    rng = RNG(1)
    for patch in (synths.Subtractive, synths.Fm, synths.Organ):
        sound = synths.performed(patch(rng), scores.melody(rng, 3, 48, 72), 3)
        assert len(sound) == 3 * midi.RATE
        assert np.isfinite(sound).all()
        assert sound.std() > 0.01
    assert np.abs(synths.line_noise(rng, 2)).max() < 0.5


def test_a_recording_shorter_than_a_look_comes_after_silence(pool: Pool) -> None:
    entry = Entry("kick", "here", "short", 0, 0, 60)
    found = measures.looks(pool, entry)
    assert found.shape == (1, FRAMES, BANDS)
    assert found[0, : FRAMES - measures.EVERY].max() < -110


def centroid_hz(sound: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float((power * np.fft.rfftfreq(len(sound), 1 / midi.RATE)).sum() / power.sum())


@pytest.mark.parametrize("make", [lambda rng: bowed.Bowed(rng, 1.0), lambda rng: bowed.Bowed(rng, 0.4, 3), lambda rng: blown.Blown(rng, reed=False),
                                  lambda rng: blown.Blown(rng, reed=True), lambda rng: blown.Blown(rng, reed=False, players=2), analog.Analog],
                         ids=["violin", "cellos", "trumpet", "saxophone", "brass", "analog"])
def test_made_instruments_play_what_is_written(make: Callable[[np.random.Generator], modal.Instrument]) -> None:
    for seed in range(6):
        sound = make(RNG(seed)).note(scores.Note(0.0, 0.6, 62, 90))
        assert np.isfinite(sound).all()
        assert 0.1 * midi.RATE < len(sound) < 2.5 * midi.RATE
        assert np.std(sound) > 1e-4


def test_brass_is_brighter_the_louder_and_a_bow_hardly() -> None:
    def brightening(make: Callable[[np.random.Generator], modal.Instrument]) -> float:
        soft, loud = ([centroid_hz(make(RNG(seed)).note(scores.Note(0.0, 1.0, 60, velocity))) for seed in range(4)] for velocity in (40, 120))
        return float(np.median(np.array(loud) / soft))
    brass, bow = brightening(lambda rng: blown.Blown(rng, reed=False)), brightening(lambda rng: bowed.Bowed(rng, 1.0))
    assert brass > 1.3
    assert brass > bow + 0.15


@pytest.mark.parametrize("style", amps.STYLES)
def test_amplifiers_bring_every_guitar_to_the_desk_alike(style: str) -> None:
    dry = (np.sin(2 * np.pi * 220 * np.arange(midi.RATE) / midi.RATE) * np.exp(-np.arange(midi.RATE) / 12000)).astype(np.float32)
    for seed in range(3):
        sound = amps.guitar(RNG(seed), dry, style)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() == pytest.approx(0.5)
        assert len(sound) == len(dry)


def test_the_more_an_amplifier_is_driven_the_longer_it_sustains() -> None:
    dry = (np.sin(2 * np.pi * 220 * np.arange(40_000) / midi.RATE) * np.exp(-np.arange(40_000) / 12000)).astype(np.float32)

    def left(style: str) -> float:
        sounds = [amps.guitar(RNG(seed), dry, style) for seed in range(4)]
        return float(np.median([np.std(sound[28_000:38_000]) / np.std(sound[2000:12_000]) for sound in sounds]))
    assert left("metal") > 1.2 * left("clean")


def test_a_room_leaves_a_tail_behind_a_sound_and_nothing_before_it(pool: Pool) -> None:
    power = np.full((8, FRAMES, BANDS), 1e-9, np.float32)
    power[:, 40] = 1.0
    dry = power.copy()
    wet = Windows(pool, pool.entries, 2, Strength(room=1.0))._roomed(power)
    assert np.array_equal(wet[:, :40], dry[:, :40] + (wet[:, :40] - dry[:, :40]).clip(max=1e-8))
    assert (wet[:, 41] > 1e-5).all()
    assert (np.diff(wet[:, 41:, BANDS // 2], axis=1) <= 1e-9).all()


def test_one_name_for_many_made_instruments_makes_them_no_rarer(pool: Pool) -> None:
    entries = [replace(e, source=f"made {e.source}" if e.source == "here" else e.source, count=60) for e in pool.entries]
    shares = Windows(pool, entries, 1).shares["keys"]
    assert shares.max() / shares.min() == pytest.approx(2.0, rel=1e-3)


def test_what_is_written_can_be_used_while_more_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[Entry] = []

    def first() -> Iterator[corpus.Take]:
        yield corpus.Take("silence_noise", "a line", "line", (0.1 * RNG(1).standard_normal(2 * midi.RATE)).astype(np.float32))

    def second() -> Iterator[corpus.Take]:
        there.extend(Pool(tmp_path / "pool").entries)
        yield from ()
    monkeypatch.setattr(data, "jobs", lambda *_: [first, second])
    data.write(tmp_path, tmp_path, tmp_path / "pool", (0, 1))
    assert [(e.source, e.count) for e in there] == [("a line", 2 * midi.RATE // 1024)]


def test_packages_are_found_by_players_that_work_in_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the README says it: `--packages out/packages`."""
    monkeypatch.chdir(tmp_path)
    there = Path("out/packages") / sources.FONTS["FreePats"]
    there.parent.mkdir(parents=True)
    there.write_text("dir /usr/share/midi/freepats\n")
    here = sources.Unpacked(Path("out/packages")).freepats()
    assert here.is_absolute()
    assert here.read_text() == f"dir {tmp_path}/out/packages/usr/share/midi/freepats\n"
