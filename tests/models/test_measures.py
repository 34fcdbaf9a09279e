"""What denoisers are judged by says what it should of sounds whose answer is known; nothing here needs recordings or the packages of an evaluation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.denoise import report, rivals
from models.denoise.eval import Kept, System, evaluate, run, systems_named
from models.denoise.measures import RATE, Sound, active, active_level, advance, attenuation, find_delay, level_change, si_sdr, snr
from models.denoise.recordings import CHOOSE, Recording
from models.denoise.validation import FRAMES, HOW_MANY, Pair, mixed, pairs, read_folder, write_folder


def noise(seconds: float, rms: float, seed: int = 1) -> Sound:
    return np.asarray(rms * np.random.default_rng(seed).standard_normal(int(seconds * RATE)), np.float32)


def bursts(seconds: float, rms: float, seed: int = 2) -> Sound:
    """Half a second of noise, half a second of silence, and so on."""
    t = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(noise(seconds, rms, seed) * (t % 1 < 0.5), np.float32)


def test_si_sdr_is_the_ratio_of_what_fits_to_what_does_not() -> None:
    s, n = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE), np.sin(2 * np.pi * 660 * np.arange(RATE) / RATE)
    assert si_sdr(np.float32(s + 0.1 * n), np.float32(s)) == pytest.approx(20, abs=0.01)


def test_si_sdr_knows_no_scale_and_no_offset() -> None:
    s, n = noise(1, 0.1), noise(1, 0.01, 2)
    assert si_sdr(0.2 * (s + n) + np.float32(0.3), s) == pytest.approx(si_sdr(s + n, s), abs=0.01)


def test_the_same_sound_is_written_as_100_db_and_silence_as_minus_100() -> None:
    s = noise(1, 0.1)
    assert (si_sdr(s, s), si_sdr(np.zeros_like(s), s)) == (100.0, -100.0)


def test_pauses_count_neither_for_the_level_nor_as_active() -> None:
    assert active_level(bursts(4, 0.1)) == pytest.approx(-20, abs=0.1)
    assert active(bursts(4, 0.1)).mean() == pytest.approx(0.5, abs=0.01)
    assert active_level(np.zeros(RATE, np.float32)) == -120


def test_active_covers_a_sound_that_does_not_end_with_a_block() -> None:
    assert len(active(noise(1, 0.1)[:-123])) == RATE - 123
    assert len(active(noise(1, 0.1)[:7])) == 7


@pytest.mark.parametrize("snr_db", [0.0, 7.5, 20.0])
def test_a_mixture_has_the_ratio_that_was_asked_for_on_active_level(snr_db: float) -> None:
    clean = bursts(4, 0.05)
    noisy = mixed(clean, noise(4, 0.3, 3), snr_db)
    assert snr(clean, noisy - clean) == pytest.approx(snr_db, abs=0.02)


def test_level_change_is_that_of_where_the_clean_sound_is_active() -> None:
    clean = bursts(4, 0.1)
    assert level_change(clean * np.float32(0.5), clean) == pytest.approx(-6.02, abs=0.01)
    assert level_change(clean + (clean == 0) * noise(4, 0.1), clean) == pytest.approx(0, abs=0.05)


def test_attenuation_of_a_tenth_is_20_db_and_of_silence_100() -> None:
    n = noise(2, 0.1)
    assert attenuation(n, n * np.float32(0.1)) == pytest.approx(20, abs=0.01)
    assert attenuation(n, np.zeros_like(n)) == 100


@pytest.mark.parametrize("frames", [0, 1, 287, 960, 5000])
def test_a_delay_is_found_to_the_frame_and_taken_off(frames: int) -> None:
    sound = bursts(2, 0.1)
    late = np.concatenate([np.zeros(frames, np.float32), sound]) + noise(3, 0.02, 5)[: len(sound) + frames]
    assert find_delay(late, sound) == frames
    assert si_sdr(advance(late, frames, len(sound)), sound) > 10


def test_advance_fills_up_with_silence() -> None:
    assert np.array_equal(advance(np.ones(10, np.float32), 8, 5), np.float32([1, 1, 0, 0, 0]))


def test_a_rival_that_is_not_installed_names_the_remedy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(rivals.ctypes.util, "find_library", lambda name: None)
    assert list(systems_named(["speex"], [128], 18.0, None)) == []
    assert capsys.readouterr().err == "speex: left out (no libspeexdsp); apt-get install libspeexdsp1\n"


def test_a_system_nobody_knows_is_refused() -> None:
    with pytest.raises(SystemExit, match="--systems: 'krisp' is unknown, expected some of model, classic, off, rnnoise, webrtc, speex"):
        list(systems_named(["krisp"], [128], 18.0, None))


def singing(name: str = "singing-stationary_00") -> Pair:
    clean = bursts(2, 0.1)
    return Pair(name, name.partition("_")[0], "lead_vocal", clean, mixed(clean, noise(2, 0.1, 7), 5.0))


QUIET = Pair("noise_00", "noise", "speech", np.zeros(2 * RATE, np.float32), noise(2, 0.01))
VOICE = Pair("clean-singing_00", "clean-singing", "lead_vocal", bursts(2, 0.1), bursts(2, 0.1))
MUSIC = Pair("clean-music_00", "clean-music", "bass", noise(2, 0.1), noise(2, 0.1))


def half(sound: Sound, role: str) -> Sound:
    return sound * np.float32(0.5)


def test_any_function_is_judged_by_condition() -> None:
    rows = {str(row["name"]): row for row in evaluate({"half": half}, [singing(), QUIET, VOICE, MUSIC])}
    assert rows["singing-stationary_00"]["si_sdr_gain"] == pytest.approx(0, abs=1e-3)
    assert rows["noise_00"]["attenuation"] == pytest.approx(6.02, abs=0.01)
    assert rows["clean-singing_00"]["level"] == pytest.approx(-6.02, abs=0.01)
    assert rows["clean-music_00"]["si_sdr"] == 100
    assert "pesq" not in rows["clean-music_00"]


def test_two_processes_measure_what_one_does() -> None:
    found = [singing(), QUIET, VOICE, MUSIC]
    assert evaluate({"half": half}, found, jobs=2) == evaluate({"half": half}, found)


def test_the_role_of_a_pair_reaches_the_system() -> None:
    heard = []
    evaluate({"listens": lambda sound, role: heard.append(role) or sound}, [VOICE, MUSIC])      # type: ignore[func-returns-value]
    assert heard == ["lead_vocal", "bass"]


def test_another_length_out_than_in_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"short: \(95999,\) frames out, \(96000,\) in"):
        evaluate({"short": lambda sound, role: sound[1:]}, [QUIET])


def test_what_was_measured_once_is_measured_again_only_when_pair_or_system_changes(tmp_path: Path) -> None:
    runs = []

    def counted(sound: Sound, role: str) -> Sound:
        runs.append(role)
        return sound

    def again(identity: str, found: list[Pair]) -> list[report.Row]:
        return run([System("s", identity, counted)], found, Kept(tmp_path))

    first = again("1", [QUIET, VOICE])
    with (tmp_path / "s.jsonl").open("a") as file:
        file.write('{"key": "cut o\n')
    assert again("1", [QUIET, VOICE]) == first
    assert len(runs) == 2
    again("1", [QUIET, VOICE, MUSIC])
    assert len(runs) == 3
    again("2", [QUIET])
    assert len(runs) == 4


def row(system: str, condition: str, **values: float) -> report.Row:
    return {"system": system, "name": condition, "condition": condition, "role": ""} | values


def test_tables_keep_conditions_apart_and_write_the_worst_in_brackets() -> None:
    rows = [row("a-128", "speech-room", pesq=2.0, si_sdr_gain=1.0, ovrl=float("nan")), row("a-128", "speech-stationary", pesq=1.5, si_sdr_gain=5.0, ovrl=3.0),
            row("a-128", "clean-speech", level=-0.2, si_sdr=40.0), row("a-128", "clean-speech", level=-0.6, si_sdr=30.0),
            row("a-128", "noise", attenuation=12.0), row("a-128", "singing-room", si_sdr_gain=3.0)]
    systems = report.by_system(rows)
    assert "| a-128 | 1.75 | - | - | - | 3.00 | 3.0 | 3.0 | 12.0 | -0.4 (-0.6) | - (-) | - (-) | 35 (30) | - (-) |" in report.overall(systems)
    conditions = report.by_condition(systems)
    for line in ("| speech-room (1) | 2.00 / 1.0 |", "| singing-room (1) | 3.0 |", "| noise (1) | 12.0 |"):
        assert line in conditions
    assert "clean" not in conditions


@pytest.mark.parametrize(("pesq", "grade"), [(1.79, "missed"), (1.80, "must"), (1.95, "good"), (2.00, "great")])
def test_a_bar_names_the_step_that_was_cleared(pesq: float, grade: str) -> None:
    assert report.BARS[0].grade(pesq) == grade


@pytest.mark.parametrize(("level", "grade"), [(-0.9, "missed"), (0.9, "missed"), (-0.7, "must"), (-0.1, "great")])
def test_a_level_bar_is_missed_on_either_side(level: float, grade: str) -> None:
    assert next(bar for bar in report.BARS if bar.name == "clean voice level dB, worst").grade(level) == grade


def test_each_path_is_held_to_its_own_bars() -> None:
    rows = [row(system, "clean-speech", si_sdr=26.0, level=0.0) for system in ("m-128", "m-0")]
    lines = report.against_bars(report.by_system(rows)).splitlines()
    assert "| clean voice SI-SDR dB, worst, 2.7 ms path | 25 | 28 | 32 | 26 must | - |" in lines
    assert "| clean voice SI-SDR dB, worst, zero-delay path | 18 | 20 | 22 | - | 26 great |" in lines


def test_a_folder_of_pairs_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert write_folder(iter([QUIET, singing(), MUSIC]), tmp_path) == 3
    back = {pair.name: pair for pair in read_folder(tmp_path)}
    assert (back["clean-music_00"].role, back["noise_00"].condition) == ("bass", "noise")
    assert np.array_equal(back["singing-stationary_00"].noisy, singing().noisy)


def test_without_a_list_the_name_tells_the_condition_and_any_rate_and_sides_are_read(tmp_path: Path) -> None:
    for side in ("clean", "noisy"):
        (tmp_path / side).mkdir()
        soundfile.write(tmp_path / side / "street_01.wav", np.zeros((16000, 2)), 16000)
    (pair,) = read_folder(tmp_path)
    assert (pair.condition, pair.role, len(pair.noisy)) == ("street", "speech", RATE)


def test_a_folder_without_pairs_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"noisy: no \.wav in it, expected pairs clean/NAME\.wav and noisy/NAME\.wav"):
        list(read_folder(tmp_path))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder of recordings, most of them not kept apart; those that training hears are much too loud."""
    folder = tmp_path_factory.mktemp("data")
    lines = {"denoise/manifest.csv": ["file,class,source,speaker_or_recording,sample_rate,seconds"],
             "instruments/index.csv": ["file,class,seconds,kind,source,licence"]}
    made = [("speech", f"speaker{n}", f"s{n}") for n in range(40)] + [("noise", f"fs{n}", f"esc10_{('rain', 'clock-tick')[n // 8 % 2]}_{n}") for n in range(64)]
    made += [("noise", f"long{n}", f"street_{n}") for n in range(16)]
    made += [("singing", "Software-Entwicklungskit vocal (Potassium)", "song"), ("rir", "degrader_classroom", "room")]
    for n, (kind, key, name) in enumerate(made):
        held_out = Recording(Path(), {"rir": "room"}.get(kind, kind), key, 1.0, 1.0).fold == CHOOSE
        sound = bursts(7 if key.startswith("long") else 2, 0.05, n) if held_out else noise(1, 100, n)
        (folder / "denoise" / kind).mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / "denoise" / kind / f"{name}.wav", sound, RATE, "FLOAT")
        lines["denoise/manifest.csv"].append(f"{kind}/{name}.wav,{kind},x,{key},{RATE},{len(sound) / RATE}")
    (folder / "instruments/bass").mkdir(parents=True)
    soundfile.write(folder / "instruments/bass/low.wav", noise(8, 0.1), RATE)
    lines["instruments/index.csv"].append("bass/low.wav,bass,8.0,x,sfzinstruments/karoryfer.meatbass,CC0-1.0")
    for path, text in lines.items():
        (folder / path).write_text("\n".join(text) + "\n")
    return folder


def test_the_validation_set_has_every_condition_and_is_the_same_each_time(recordings: Path) -> None:
    one, two = list(pairs(recordings)), list(pairs(recordings))
    assert {condition: sum(pair.condition == condition for pair in one) for condition in HOW_MANY} == HOW_MANY
    assert all(a.name == b.name and np.array_equal(a.noisy, b.noisy) for a, b in zip(one, two, strict=True))
    assert len({pair.name for pair in one}) == len(one)


def test_the_validation_set_has_only_what_is_kept_apart_at_the_ratio_in_its_name(recordings: Path) -> None:
    kept = {f"s{n}" for n in range(40) if Recording(Path(), "speech", f"speaker{n}", 1.0, 1.0).fold == CHOOSE}
    for pair in pairs(recordings):
        assert pair.noisy.shape == pair.clean.shape == (FRAMES,)
        assert np.max(np.abs(pair.noisy)) < 1
        assert not pair.condition.startswith("speech") or f"s{pair.name.split('_')[2].removeprefix('speaker')}" in kept
        if pair.name.endswith("dB"):
            assert snr(pair.clean, pair.noisy - pair.clean) == pytest.approx(float(pair.name.rsplit("_", 1)[1][:-2]), abs=0.1)
