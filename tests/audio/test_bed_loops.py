"""The loops of beds: at their level, calm, and without a place where one hears them begin again."""

import hashlib
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from voicecoach.audio import bed_loops
from voicecoach.audio.bed import LOOP_LUFS
from voicecoach.audio.loudness import (
    MOMENTARY_MS,
    Samples,
    block_power,
    gated_lufs,
    integrated_lufs,
    loudest_momentary_lufs,
)
from voicecoach.audio.recordings import true_peak_dbtp
from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count
from voicecoach.errors import BedError

NAMES = ("brown", "waves", "rain")
ALL = pytest.mark.parametrize("name", NAMES)
KINDS = pytest.mark.parametrize(
    ("file_name", "subtype"),
    [
        ("sound.wav", "PCM_16"),
        ("sound.wav", "PCM_U8"),
        ("sound.wav", "PCM_24"),
        ("sound.wav", "FLOAT"),
        ("sound.flac", "PCM_16"),
        ("sound.ogg", "VORBIS"),
        ("sound.ogg", "OPUS"),
        ("sound.mp3", "MPEG_LAYER_III"),
    ],
)

Sound = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def loops() -> dict[str, Samples]:
    return {name: bed_loops.made(name) for name in NAMES}


def noise(length_ms: int, rate_hz: int = 48_000, rms: float = 0.05) -> Sound:
    return np.random.default_rng(3).normal(0, rms, length_ms * rate_hz // 1000)


def sine(frequency_hz: float, length_ms: int, rate_hz: int = 48_000) -> Sound:
    time_s = np.arange(length_ms * rate_hz // 1000) / rate_hz
    return np.asarray(0.2 * np.sin(2 * np.pi * frequency_hz * time_s), dtype=np.float64)


def silence(length_ms: int, rate_hz: int = 48_000) -> Sound:
    return np.zeros(length_ms * rate_hz // 1000)


def written(path: Path, sound: Sound, rate_hz: int = 48_000, subtype: str | None = None) -> Path:
    soundfile.write(path, sound, rate_hz, subtype)
    return path


def share(sound: Samples, from_hz: float, to_hz: float) -> float:
    """The share of the power of ``sound`` between two frequencies."""
    power = np.abs(np.fft.rfft(sound.astype(np.float64))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ)
    return float(power[(hz >= from_hz) & (hz < to_hz)].sum() / power.sum())


def share_db(sound: Samples, from_hz: float, to_hz: float) -> float:
    return float(10 * np.log10(share(sound, from_hz, to_hz)))


def momentary_lufs(loop: Samples) -> npt.NDArray[np.float64]:
    """Every 100 ms, round the seam."""
    power = block_power(np.concatenate([loop, loop[: sample_count(400)]]), 400)
    return np.asarray(10 * np.log10(power), dtype=np.float64)


def assert_seamless(loop: Samples) -> None:
    """Where the loop begins again it jumps, bends and hisses no more than elsewhere."""
    around = np.roll(loop.astype(np.float64), len(loop) // 2)
    seam = len(loop) // 2
    for order in (1, 2):
        steps = np.abs(np.diff(around, order))
        assert steps[seam - order : seam].max() <= np.quantile(steps, 0.9999)
    spectrum = np.fft.rfft(around)
    spectrum[np.fft.rfftfreq(len(around), 1 / SAMPLE_RATE_HZ) < 5000] = 0
    hiss = np.fft.irfft(spectrum, len(around)) ** 2
    width = sample_count(5)
    energy = np.convolve(hiss, np.ones(width), mode="valid")
    assert energy[seam - width : seam + 1].max() <= np.quantile(energy, 0.9999) + 1e-12


# Built in


@ALL
def test_a_built_in_loop_is_one_channel_at_the_level_of_loops(
    name: str, loops: dict[str, Samples]
) -> None:
    assert loops[name].dtype == np.float32
    assert loops[name].ndim == 1
    assert integrated_lufs(loops[name]) == pytest.approx(LOOP_LUFS, abs=0.05)


@ALL
def test_a_built_in_loop_is_so_long_that_no_pattern_is_noticed(
    name: str, loops: dict[str, Samples]
) -> None:
    assert 60 <= len(loops[name]) / SAMPLE_RATE_HZ <= 95


@ALL
def test_a_built_in_loop_leaves_room_for_16_bits(name: str, loops: dict[str, Samples]) -> None:
    assert true_peak_dbtp(loops[name]) < -3
    assert abs(loops[name].mean()) < 1e-4


@ALL
def test_a_built_in_loop_has_no_seam(name: str, loops: dict[str, Samples]) -> None:
    assert_seamless(loops[name])


@pytest.mark.parametrize(("name", "most_lu"), [("brown", 2), ("waves", 6), ("rain", 2)])
def test_no_moment_of_a_built_in_loop_stands_out(
    name: str, most_lu: float, loops: dict[str, Samples]
) -> None:
    assert loudest_momentary_lufs(np.tile(loops[name], 2)) < LOOP_LUFS + most_lu


@ALL
def test_nothing_in_a_built_in_loop_startles(name: str, loops: dict[str, Samples]) -> None:
    """Half a second changes the loudness by less than 3 LU, and no 10 ms stand out."""
    loudness = momentary_lufs(loops[name])
    assert np.abs(loudness[5:] - loudness[:-5]).max() < 3
    nearby = block_power(loops[name], 400, 10)
    short = block_power(loops[name], 10, 10)[20:][: len(nearby)]
    assert (10 * np.log10(short / nearby)).max() < 9


@ALL
def test_a_built_in_loop_is_the_same_every_time(name: str, loops: dict[str, Samples]) -> None:
    assert bed_loops.made(name).tobytes() == loops[name].tobytes()


def test_a_built_in_loop_is_the_same_in_another_process(loops: dict[str, Samples]) -> None:
    program = (
        "import hashlib; from voicecoach.audio.bed_loops import made;"
        f"print(*(hashlib.sha256(made(name).tobytes()).hexdigest() for name in {NAMES}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    here = [hashlib.sha256(loops[name].tobytes()).hexdigest() for name in NAMES]
    assert ran.stdout.split() == here


def test_brown_noise_falls_by_6_db_an_octave(loops: dict[str, Samples]) -> None:
    edges = [150, 300, 600, 1200]
    octaves = [share_db(loops["brown"], low, 2 * low) for low in edges]
    assert np.diff(octaves) == pytest.approx([-3] * 3, abs=0.5)  # each octave is twice as wide


def test_brown_noise_has_nothing_that_a_phone_cannot_play_nor_anything_sharp(
    loops: dict[str, Samples],
) -> None:
    assert share_db(loops["brown"], 0, 30) < -10
    assert share_db(loops["brown"], 4000, 11_025) < -80


def test_waves_come_8_to_14_s_apart_and_differ_in_height(loops: dict[str, Samples]) -> None:
    power = 10 ** (momentary_lufs(loops["waves"]) / 10)
    blur = np.fft.rfft(np.hanning(40), len(power))
    smooth = np.roll(np.fft.irfft(np.fft.rfft(power) * blur, len(power)), -20)
    around = [smooth[(np.arange(-30, 31) + i) % len(smooth)].max() for i in range(len(smooth))]
    crests = np.flatnonzero(smooth == around)
    apart_s = np.diff([*crests, crests[0] + len(smooth)]) / 10
    assert len(crests) >= 5
    assert apart_s.min() >= 7.5
    assert apart_s.max() <= 14.5
    assert np.ptp(apart_s) > 2
    assert np.ptp(10 * np.log10(smooth[crests])) > 2


def test_waves_are_never_silent_and_always_swell(loops: dict[str, Samples]) -> None:
    loudness = momentary_lufs(loops["waves"])
    assert loudness.min() > LOOP_LUFS - 9
    assert np.ptp(loudness) > 6


def test_waves_are_brighter_at_the_crest(loops: dict[str, Samples]) -> None:
    seconds = loops["waves"][: 80 * SAMPLE_RATE_HZ].reshape(80, SAMPLE_RATE_HZ)
    by_loudness = sorted(seconds, key=integrated_lufs)
    trough, crest = (np.concatenate(part) for part in (by_loudness[:15], by_loudness[-15:]))
    assert share_db(crest, 2000, 8000) > share_db(trough, 2000, 8000) + 3


def test_rain_is_a_band_that_falls_to_the_top(loops: dict[str, Samples]) -> None:
    rain = loops["rain"]
    assert share(rain, 400, 5000) > 0.85
    assert share_db(rain, 0, 200) < -15
    assert share_db(rain, 1000, 2000) > share_db(rain, 4000, 8000) + 5
    assert share_db(rain, 8000, 11_025) < -60


def test_rain_has_drops_in_it(loops: dict[str, Samples]) -> None:
    """In a narrow band, drops stand out of the noise, which alone would be rarely so loud."""
    rain = loops["rain"]
    spectrum = np.fft.fft(rain)
    hz = np.fft.fftfreq(len(rain), 1 / SAMPLE_RATE_HZ)
    spectrum[(hz < 1000) | (hz > 1200)] = 0
    power = np.abs(np.fft.ifft(spectrum)) ** 2
    assert (power > 8 * power.mean()).mean() > 1.5 * np.exp(-8)  # noise alone: e^-8


def test_a_bed_that_is_not_built_in_is_refused() -> None:
    with pytest.raises(BedError, match=r"fire: there is no such bed; choose brown, waves or rain"):
        bed_loops.made("fire")


# From a file


@KINDS
def test_a_file_of_any_usual_kind_becomes_a_loop(
    file_name: str, subtype: str, tmp_path: Path
) -> None:
    path = written(tmp_path / file_name, noise(12_000), 48_000, subtype)
    loop = bed_loops.from_file(path)
    assert loop.dtype == np.float32
    assert len(loop) == pytest.approx(sample_count(9000), abs=sample_count(60))  # less the seam
    assert integrated_lufs(loop) == pytest.approx(LOOP_LUFS, abs=0.05)
    assert true_peak_dbtp(loop) <= -3
    assert_seamless(loop)


@pytest.mark.parametrize("length_ms", [1200, 4000, 25_000])
@pytest.mark.parametrize("frequency_hz", [110, 441.3])
def test_a_steady_tone_has_no_seam(frequency_hz: float, length_ms: int, tmp_path: Path) -> None:
    loop = bed_loops.from_file(written(tmp_path / "a.wav", sine(frequency_hz, length_ms)))
    assert_seamless(loop)


def test_the_end_is_crossfaded_with_equal_power(tmp_path: Path) -> None:
    loop = bed_loops.from_file(written(tmp_path / "a.wav", noise(40_000)))
    loudness = momentary_lufs(loop)
    assert np.ptp(loudness) < 1.5


def test_what_sounds_after_the_end_is_the_beginning(tmp_path: Path) -> None:
    """1 kHz, then 3 kHz: the loop begins in 3 kHz, as the sound ends, and turns to 1 kHz."""
    both = np.concatenate([sine(1000, 5000), sine(3000, 15_000)])
    loop = bed_loops.from_file(written(tmp_path / "a.wav", both))
    assert share(loop[: sample_count(300)], 2900, 3100) > 0.9
    assert share(loop[sample_count(2700) : sample_count(3000)], 900, 1100) > 0.9
    assert len(loop) == pytest.approx(sample_count(17_000), abs=5)


@pytest.mark.parametrize(("length_ms", "seam_ms"), [(1500, 500), (6000, 2000), (30_000, 3000)])
def test_the_seam_takes_3_s_and_at_most_a_third(
    length_ms: int, seam_ms: int, tmp_path: Path
) -> None:
    loop = bed_loops.from_file(written(tmp_path / "a.wav", noise(length_ms)))
    assert len(loop) == pytest.approx(sample_count(length_ms - seam_ms), abs=10)


def test_silence_at_both_ends_is_cut_off(tmp_path: Path) -> None:
    hush = noise(3000, rms=0.0001)
    whole = np.concatenate([silence(15_000), hush, noise(12_000), hush, silence(11_000)])
    loop = bed_loops.from_file(written(tmp_path / "a.wav", whole))
    assert len(loop) == pytest.approx(sample_count(9000), abs=60)


def test_a_soft_place_in_the_middle_stays(tmp_path: Path) -> None:
    whole = np.concatenate([noise(6000), silence(2000), noise(6000)])
    loop = bed_loops.from_file(written(tmp_path / "a.wav", whole))
    assert len(loop) == pytest.approx(sample_count(11_000), abs=10)


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_pitch_and_length_are_kept_at_any_rate(rate_hz: int, tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", sine(1000, 6000, rate_hz), rate_hz)
    loop = bed_loops.from_file(path)
    assert len(loop) == pytest.approx(sample_count(4000), abs=10)
    assert share(loop, 990, 1010) > 0.99


def test_channels_are_mixed_into_one(tmp_path: Path) -> None:
    pitches_hz = [300 * n for n in range(1, 9)]
    channels = np.stack([sine(pitch_hz, 5000) for pitch_hz in pitches_hz], axis=1)
    loop = bed_loops.from_file(written(tmp_path / "a.wav", channels))
    for pitch_hz in pitches_hz:
        assert share(loop, pitch_hz - 10, pitch_hz + 10) == pytest.approx(1 / 8, abs=0.01)


@pytest.mark.parametrize("file_name", ["a.mp3", "a.ogg", "a.flac"])
def test_a_compressed_file_is_read_on_without_gaps(file_name: str, tmp_path: Path) -> None:
    """It is read in blocks of a second; a lost or doubled sample would spread the tone."""
    path = written(tmp_path / file_name, sine(1000, 30_000, 44_100), 44_100)
    loop = bed_loops.from_file(path)[sample_count(3500) : sample_count(26_000)]
    windowed = loop * np.hanning(len(loop)).astype(np.float32)
    assert share(windowed, 995, 1005) > 1 - 1e-3


@pytest.mark.parametrize("rms", [0.002, 0.9])
def test_soft_and_loud_recordings_come_to_the_same_level(rms: float, tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", noise(8000, rms=rms), subtype="FLOAT")
    assert integrated_lufs(bed_loops.from_file(path)) == pytest.approx(LOOP_LUFS, abs=0.05)


def test_the_level_of_a_long_sound_is_measured_over_all_of_it(tmp_path: Path) -> None:
    changing = np.concatenate([noise(25_000, 8000), noise(31_234, 8000, rms=0.2)])
    loop = bed_loops.from_file(written(tmp_path / "a.wav", changing, 8000))
    assert integrated_lufs(loop) == pytest.approx(LOOP_LUFS, abs=0.05)


def test_a_sound_that_jumps_out_is_levelled_by_its_loudest_moment(tmp_path: Path) -> None:
    whole = noise(40_000, rms=0.01)
    whole[960_000:979_200] *= 20  # 400 ms, 26 dB louder
    loop = bed_loops.from_file(written(tmp_path / "a.wav", whole))
    assert loudest_momentary_lufs(loop) == pytest.approx(LOOP_LUFS + 8, abs=0.1)
    assert integrated_lufs(loop) < LOOP_LUFS - 3


def test_peaks_are_limited_at_the_seam_too(tmp_path: Path) -> None:
    whole = noise(20_000, rms=0.005)
    whole[::24_000] = 0.9
    whole[-144_000 - 3 : -144_000 + 3] = 0.9  # here the loop comes to begin
    loop = bed_loops.from_file(written(tmp_path / "a.wav", whole))
    assert true_peak_dbtp(np.roll(loop, len(loop) // 2)) <= -3 + 1e-4
    assert true_peak_dbtp(loop) > -3.5


def test_an_offset_is_removed(tmp_path: Path) -> None:
    loop = bed_loops.from_file(written(tmp_path / "a.wav", noise(10_000) + 0.3))
    assert abs(loop.mean()) < 0.01 * loop.std()


def test_no_more_than_the_most_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bed_loops, "_MOST_MS", 10_000)
    whole = np.concatenate([sine(500, 10_000), sine(1500, 10_000)])
    loop = bed_loops.from_file(written(tmp_path / "a.wav", whole))
    assert len(loop) == pytest.approx(sample_count(7000), abs=10)
    assert share(loop, 1400, 1600) < 1e-6


@pytest.mark.slow
def test_the_most_is_10_minutes(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", 4000, 1) as file:
        for pitch_hz in [500] * 10 + [1500]:
            file.write(sine(pitch_hz, 60_000, 4000))
    loop = bed_loops.from_file(path)
    assert len(loop) == pytest.approx(sample_count(10 * 60_000 - 3000), abs=10)
    window = np.hanning(sample_count(3000)).astype(np.float32)
    last_start = len(loop) - len(window)
    starts = [*range(0, last_start, len(window)), last_start]
    parts = [loop[start:][: len(window)] for start in starts]
    for part in parts:
        assert share(part * window, 1400, 1600) < 1e-6
    power = np.concatenate([block_power(part, MOMENTARY_MS) for part in parts])
    assert gated_lufs(power) == pytest.approx(LOOP_LUFS, abs=0.05)


def test_a_large_file_is_never_whole_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bed_loops, "_MOST_MS", 30_000)
    path = tmp_path / "a.wav"
    second = noise(1000, 192_000)[:, np.newaxis].repeat(8, axis=1)
    with soundfile.SoundFile(path, "w", 192_000, 8, "PCM_16") as file:
        for _ in range(20):
            file.write(second)
    in_memory_bytes = 20 * second.size * np.dtype(np.float32).itemsize
    del second
    tracemalloc.start()
    try:
        bed_loops.from_file(path)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < in_memory_bytes / 5


def test_the_same_file_makes_the_same_loop(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ogg", noise(5000))
    assert bed_loops.from_file(path).tobytes() == bed_loops.from_file(path).tobytes()


# Files that cannot be used


def refusal(path: Path) -> str:
    with pytest.raises(BedError) as caught:
        bed_loops.from_file(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "; " in message  # what is wrong; what to do
    return message.removeprefix(f"{path}: ")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "rain.wav").startswith("there is no such file; check its name")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith("is a folder; name a sound file")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rain.wav"
    path.touch()
    assert refusal(path).startswith("the file is empty; ")


@pytest.mark.parametrize(
    ("file_name", "data"),
    [
        ("rain.m4a", b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(4000)),
        ("text.wav", b"This is not a sound.\n" * 200),
        ("picture.ogg", b"\x89PNG\r\n\x1a\n" + bytes(4000)),
        ("samples.RAW", bytes(4000)),
    ],
)
def test_other_kinds_of_files_are_refused(file_name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / file_name
    path.write_bytes(data)
    expected = "this kind of file cannot be read here; save it as WAV, MP3, FLAC or OGG"
    assert refusal(path) == expected


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38])
def test_samples_that_are_no_sound_are_refused(value: float, tmp_path: Path) -> None:
    whole = noise(3000)
    whole[70_000] = value
    path = written(tmp_path / "a.wav", whole, subtype="FLOAT")
    assert refusal(path).startswith("the file is damaged; ")


def test_infinities_of_both_signs_are_refused(tmp_path: Path) -> None:
    channels = np.stack([np.full(48_000, np.inf), np.full(48_000, -np.inf)], axis=1)
    path = written(tmp_path / "a.wav", channels, subtype="FLOAT")
    assert refusal(path).startswith("the file is damaged; ")


def test_half_a_flac_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.flac", noise(8000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refusal(path).startswith("the file is damaged; ")


@pytest.mark.parametrize("file_name", ["a.wav", "a.mp3", "a.ogg"])
def test_of_half_a_download_what_is_there_is_used(file_name: str, tmp_path: Path) -> None:
    path = written(tmp_path / file_name, noise(16_000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    loop = bed_loops.from_file(path)
    assert len(loop) == pytest.approx(sample_count(5000), abs=sample_count(700))
    assert_seamless(loop)


@pytest.mark.parametrize(
    "sound",
    [
        silence(0),
        silence(3000),
        noise(3000, rms=0.0001),
        np.full(144_000, 0.3),
    ],
    ids=["nothing", "silence", "hush", "offset"],
)
def test_a_file_without_sound_is_refused(sound: Sound, tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", sound, subtype="FLOAT")
    assert refusal(path).startswith("there is no sound to be heard in it; ")


def test_less_than_a_second_of_sound_is_refused(tmp_path: Path) -> None:
    whole = np.concatenate([silence(3000), noise(900), silence(3000)])
    assert refusal(written(tmp_path / "a.wav", whole)).startswith("its sound is shorter than 1 s; ")


def test_every_refusal_of_the_library_is_kept_as_the_cause(tmp_path: Path) -> None:
    path = tmp_path / "text.wav"
    path.write_text("This is not a sound.")
    with pytest.raises(BedError) as caught:
        bed_loops.from_file(path)
    assert isinstance(caught.value.__cause__, soundfile.LibsndfileError)
