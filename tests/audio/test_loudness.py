"""Loudness is what BS.1770 and EBU Tech 3341 and 3342 say it is, at our rate, in one channel."""

import functools

import numpy as np
import pytest
from ebur128 import Reading, needs_ffmpeg, read

from voicecoach.audio import loudness
from voicecoach.audio.loudness import (
    Samples,
    block_power,
    integrated_lufs,
    k_weighted,
    loudest_momentary_lufs,
    lufs,
    range_lu,
    repeated_lufs,
)
from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count

MONO_LU = -3.01
"""A sine in one channel, beside the same in two, for which EBU writes its test signals."""
SOFTEST_COMPARED_LUFS = -60
Levels = tuple[tuple[float, float], ...]


def sine(length_ms: int, level_dbfs: float, hz: float = 1000) -> Samples:
    time_s = np.arange(sample_count(length_ms)) / SAMPLE_RATE_HZ
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


def silence(length_ms: int) -> Samples:
    return np.zeros(sample_count(length_ms), dtype=np.float32)


def steps(*levels: tuple[float, float]) -> Samples:
    """A sine in steps of ``(length in s, level in dBFS)``, as in the EBU's test signals."""
    return np.concatenate([sine(round(length_s * 1000), level) for length_s, level in levels])


def speech_like(seed: int, length_s: int = 60) -> Samples:
    """Bursts of coloured noise in syllables, soft ones and loud ones, and silences up to 6 s."""
    random = np.random.default_rng(seed)
    parts: list[Samples] = []
    while sum(map(len, parts)) < length_s * SAMPLE_RATE_HZ:
        count = sample_count(int(random.integers(150, 3000)))
        spectrum = np.fft.rfft(random.standard_normal(count))
        hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
        noise = np.fft.irfft(spectrum * hz / (150**2 + hz**2), count)
        syllables = 0.55 - 0.45 * np.cos(2 * np.pi * 4.3 * np.arange(count) / SAMPLE_RATE_HZ)
        level = 10 ** (random.uniform(-36, -12) / 20)
        parts.append((noise * syllables * level / np.std(noise)).astype(np.float32))
        parts.append(silence(int(random.integers(100, 6000))))
    return np.concatenate(parts)[: length_s * SAMPLE_RATE_HZ]


def spoken_like(seed: int) -> Samples:
    """2 s of a hum whose syllables are of uneven strength, without a pause."""
    knots = np.random.default_rng(seed).uniform(0.1, 1, 18)
    strength = np.interp(np.arange(sample_count(2000)), np.arange(18) * sample_count(120), knots)
    return (sine(2000, -10, hz=300) * strength).astype(np.float32)


@functools.cache
def ffmpeg_reads(seed: int) -> Reading:
    return read(speech_like(seed))


SEEDS = pytest.mark.parametrize("seed", range(4))


# --- against the standards ---


def test_a_sine_of_997_hz_at_full_scale_reads_minus_3_01_lufs() -> None:
    assert integrated_lufs(sine(5000, 0, hz=997)) == pytest.approx(-3.01, abs=0.03)


@pytest.mark.parametrize("level_dbfs", [-60, -33, -19, -6])
def test_a_decibel_is_a_loudness_unit(level_dbfs: float) -> None:
    assert integrated_lufs(sine(2000, level_dbfs, hz=997)) == pytest.approx(
        level_dbfs - 3.01, abs=0.03
    )


@pytest.mark.parametrize(
    ("hz", "weight_db"),
    [(20, -13.5), (38, -6.0), (100, -1.1), (500, 0.0), (997, 0.69), (2000, 3.1), (4000, 4.0)],
)
def test_bass_weighs_less_and_treble_more(hz: float, weight_db: float) -> None:
    weighed_db = 10 * np.log10(2 * np.mean(k_weighted(sine(2000, 0, hz=hz)) ** 2))
    assert weighed_db == pytest.approx(weight_db, abs=0.35)


@pytest.mark.parametrize(
    "levels",
    [
        ((20, -23),),
        ((10, -36), (60, -23), (10, -36)),
        ((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)),
        ((20, -26), (20.1, -20), (20, -26)),
    ],
    ids=["one", "two levels", "three levels", "loud in the middle"],
)
def test_the_signals_of_ebu_tech_3341_read_minus_23(levels: Levels) -> None:
    """Within 0.1 LU, as the EBU asks."""
    assert integrated_lufs(steps(*levels)) - MONO_LU == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize(
    ("levels", "expected_lu"),
    [
        (((20, -20), (20, -30)), 10),
        (((20, -20), (20, -15)), 5),
        (((20, -40), (20, -20)), 20),
        (((20, -50), (20, -35), (20, -20), (20, -35), (20, -50)), 15),
    ],
)
def test_the_signals_of_ebu_tech_3342_have_their_range(levels: Levels, expected_lu: float) -> None:
    assert range_lu(steps(*levels)) == pytest.approx(expected_lu, abs=0.2)


# --- against ffmpeg ---


@SEEDS
@needs_ffmpeg
def test_integrated_loudness_agrees_with_ffmpeg(seed: int) -> None:
    theirs = ffmpeg_reads(seed).integrated_lufs
    assert integrated_lufs(speech_like(seed)) == pytest.approx(theirs, abs=0.1)


@SEEDS
@needs_ffmpeg
def test_momentary_and_short_term_loudness_agree_with_ffmpeg(seed: int) -> None:
    """At every tenth of a second in which anything is heard."""
    sound, theirs = speech_like(seed), ffmpeg_reads(seed)
    for length_ms, series in ((400, theirs.momentary_lufs), (3000, theirs.short_term_lufs)):
        our_lufs = np.array([lufs(power) for power in block_power(sound, length_ms)])
        their_lufs = series[length_ms // 100 - 1 :][: len(our_lufs)]
        assert len(our_lufs) == len(their_lufs)
        heard = their_lufs > SOFTEST_COMPARED_LUFS
        assert heard.sum() > 100
        assert np.abs(our_lufs - their_lufs)[heard].max() < 0.1


@SEEDS
@needs_ffmpeg
def test_loudness_range_agrees_with_ffmpeg(seed: int) -> None:
    assert range_lu(speech_like(seed)) == pytest.approx(ffmpeg_reads(seed).range_lu, abs=0.3)


@needs_ffmpeg
def test_what_is_said_over_and_over_is_as_loud_as_ffmpeg_reads_it() -> None:
    sound = speech_like(5, length_s=3)
    assert repeated_lufs(sound) == pytest.approx(read(np.tile(sound, 10)).integrated_lufs, abs=0.1)


# --- what a pause, a short sound, silence and a long sound do ---


@SEEDS
def test_a_silence_may_be_as_long_as_it_likes(seed: int) -> None:
    first, last = np.array_split(speech_like(seed, length_s=20), 2)
    short, long = (
        np.concatenate([first, silence(length_ms), last, silence(length_ms)])
        for length_ms in (1000, 90_000)
    )
    assert integrated_lufs(long) == pytest.approx(integrated_lufs(short), abs=0.001)


def test_a_sound_more_than_10_lu_softer_than_the_rest_is_not_counted() -> None:
    loud, soft = sine(10_000, -20), sine(10_000, -40)
    assert integrated_lufs(np.concatenate([loud, soft])) == pytest.approx(
        integrated_lufs(loud), abs=0.15
    )


@pytest.mark.parametrize("length_ms", [60, 150, 399])
@pytest.mark.parametrize("measure", [integrated_lufs, repeated_lufs])
def test_a_sound_shorter_than_a_block_is_measured_as_one(measure, length_ms: int) -> None:
    assert measure(sine(length_ms, -20, hz=997)) == pytest.approx(-23.01, abs=0.1)


@pytest.mark.parametrize("length_ms", [400, 450, 990, 5000])
@pytest.mark.parametrize("measure", [integrated_lufs, repeated_lufs])
def test_an_even_sound_is_as_loud_short_or_long(measure, length_ms: int) -> None:
    assert measure(sine(length_ms, -20, hz=997)) == pytest.approx(-23.01, abs=0.05)


@pytest.mark.parametrize("length_ms", [100, 400, 10_000])
def test_silence_has_no_loudness_and_no_range(length_ms: int) -> None:
    assert integrated_lufs(silence(length_ms)) == -np.inf
    assert repeated_lufs(silence(length_ms)) == -np.inf
    assert loudest_momentary_lufs(silence(length_ms)) == -np.inf
    assert range_lu(silence(length_ms)) == 0


def test_what_lies_below_minus_70_lufs_is_silence() -> None:
    assert integrated_lufs(sine(2000, -75)) == -np.inf
    assert range_lu(sine(10_000, -75)) == 0


def test_the_loudest_moment_of_a_long_even_sound_is_its_loudness() -> None:
    assert loudest_momentary_lufs(sine(3000, -20, hz=997)) == pytest.approx(-23.01, abs=0.05)


def test_a_short_sound_is_a_softer_moment_by_what_it_lacks_of_400_ms() -> None:
    loudest = loudest_momentary_lufs(sine(100, -20, hz=997))
    assert loudest == pytest.approx(-23.01 + 10 * np.log10(100 / 400), abs=0.1)


@pytest.mark.parametrize("length_ms", [410, 437, 622, 955, 1103, 1621, 1999])
def test_what_is_said_over_and_over_reads_as_if_it_were(length_ms: int) -> None:
    for sound in map(spoken_like, range(6)):
        word = sound[: sample_count(length_ms)]
        assert repeated_lufs(word) == pytest.approx(integrated_lufs(np.tile(word, 40)), abs=0.1)


@pytest.mark.parametrize("extra", [-1, 0, 1, 400])
def test_it_does_not_matter_where_the_chunks_of_a_long_sound_end(
    monkeypatch: pytest.MonkeyPatch, extra: int
) -> None:
    sound = speech_like(7, length_s=4)
    in_chunks = k_weighted(sound)
    monkeypatch.setattr(loudness, "_CHUNK", len(sound) // 2 + extra)
    in_two = k_weighted(sound)
    monkeypatch.setattr(loudness, "_CHUNK", len(sound))
    at_once = k_weighted(sound)
    for weighed in (in_chunks, in_two):
        assert np.abs(weighed - at_once).max() < 1e-5 * np.abs(at_once).max()


def test_weighing_changes_neither_the_sound_nor_its_length() -> None:
    sound = speech_like(8, length_s=3)[:-17]
    before = sound.copy()
    assert len(k_weighted(sound)) == len(sound)
    assert np.array_equal(sound, before)
