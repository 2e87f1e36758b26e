"""Every recording comes to one loudness, keeps its peaks below the ceiling, and ends in silence."""

import functools

import numpy as np
import pytest
from ebur128 import needs_ffmpeg, read
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.audio.loudness import Samples, integrated_lufs, k_weighted, lufs
from voicecoach.audio.recordings import RECORDING_CEILING_DBTP, levelled, true_peak_dbtp
from voicecoach.audio.signal import SAMPLE_RATE_HZ, SPEECH_LUFS, Recording, sample_count

TIMES_OVER = 20
TOLERANCE_LU = 0.1
PEAK_TOLERANCE_DB = 0.05

unhurried = settings(deadline=None, max_examples=40)

levels = st.floats(-45, 0)
seeds = st.integers(0, 5)
lengths = st.integers(400, 3000)
short_lengths = st.integers(60, 399)


@functools.cache
def voice(length_ms: int, seed: int) -> Samples:
    """Something like a voice: a buzz with formants and some breath, in syllables of uneven
    strength, up to its very ends. Its peak is 1."""
    random = np.random.default_rng(seed)
    time_s = np.arange(sample_count(length_ms)) / SAMPLE_RATE_HZ
    pitch_hz = random.uniform(150, 230)
    strengths = [
        1 / n * (1 + 2 * np.exp(-(((n * pitch_hz - 600) / 250) ** 2))) for n in range(1, 16)
    ]
    phases = random.uniform(0, 6.3, 15)
    buzz = sum(
        strength * np.sin(2 * np.pi * n * pitch_hz * time_s + phase)
        for n, (strength, phase) in enumerate(zip(strengths, phases, strict=True), start=1)
    )
    breath = 0.1 * random.standard_normal(len(time_s))
    knots_s = np.arange(0, length_ms / 1000 + 0.2, 0.12)
    syllables = np.interp(time_s, knots_s, random.uniform(0.15, 1, len(knots_s)))
    sound = (buzz + breath) * syllables
    return (sound / np.abs(sound).max()).astype(np.float32)


def peaky(length_ms: int) -> Samples:
    """A soft voice with hard knocks in it, 20 dB above."""
    sound = 0.1 * voice(length_ms, 1)
    for at_ms in range(150, length_ms - 50, 300):
        knock = np.hanning(sample_count(3)).astype(np.float32)
        sound[sample_count(at_ms) :][: len(knock)] += knock
    return sound / np.abs(sound).max()


def recording_of(sound: Samples, peak_dbfs: float = 0.0) -> Recording:
    samples = np.rint(sound * 10 ** (peak_dbfs / 20) * 32767).astype("<i2")
    return Recording(samples=samples.tobytes())


def sound_of(recording: Recording) -> Samples:
    return np.frombuffer(recording.samples, dtype="<i2").astype(np.float32) / 32767


def over_and_over(sound: Samples) -> Samples:
    """``sound`` as a part of speech: recordings follow each other."""
    return np.tile(sound, max(TIMES_OVER, 1 + sample_count(4000) // len(sound)))


# --- one loudness ---


@unhurried
@given(levels, lengths, seeds)
def test_a_recording_of_any_level_comes_to_the_same_loudness(
    peak_dbfs: float, length_ms: int, seed: int
) -> None:
    made = sound_of(levelled(recording_of(voice(length_ms, seed), peak_dbfs)))
    assert integrated_lufs(over_and_over(made)) == pytest.approx(SPEECH_LUFS, abs=TOLERANCE_LU)


@unhurried
@given(levels, short_lengths, seeds)
def test_a_recording_too_short_to_be_gated_comes_to_it_by_its_weighted_power(
    peak_dbfs: float, length_ms: int, seed: int
) -> None:
    made = sound_of(levelled(recording_of(voice(length_ms, seed), peak_dbfs)))
    power = float(np.mean(k_weighted(made).astype(float) ** 2))
    assert lufs(power) == pytest.approx(SPEECH_LUFS, abs=TOLERANCE_LU)


@pytest.mark.parametrize("length_ms", [430, 900, 2500])
@needs_ffmpeg
def test_ffmpeg_reads_the_same_loudness(length_ms: int) -> None:
    """But for the 0.05 LU that it reads too much at our rate."""
    made = sound_of(levelled(recording_of(voice(length_ms, 0), -30)))
    theirs = read(over_and_over(made)).integrated_lufs
    assert theirs == pytest.approx(SPEECH_LUFS, abs=TOLERANCE_LU)


def test_speech_of_many_short_recordings_is_as_loud_as_each() -> None:
    spoken = [
        sound_of(levelled(recording_of(voice(length_ms, seed), -6 * seed)))
        for length_ms in (320, 450, 800, 1700)
        for seed in range(6)
    ]
    assert integrated_lufs(np.concatenate(spoken)) == pytest.approx(SPEECH_LUFS, abs=0.3)


def test_what_was_levelled_once_is_as_loud_levelled_again() -> None:
    once = levelled(recording_of(voice(1200, 2), -20))
    twice = sound_of(levelled(once))
    assert integrated_lufs(over_and_over(twice)) == pytest.approx(SPEECH_LUFS, abs=TOLERANCE_LU)


# --- peaks ---


@unhurried
@given(levels, st.integers(60, 3000), seeds)
def test_no_recording_has_a_true_peak_over_the_ceiling(
    peak_dbfs: float, length_ms: int, seed: int
) -> None:
    made = sound_of(levelled(recording_of(voice(length_ms, seed), peak_dbfs)))
    assert true_peak_dbtp(made) <= RECORDING_CEILING_DBTP + PEAK_TOLERANCE_DB


def test_a_very_peaky_recording_is_held_below_the_ceiling() -> None:
    made = sound_of(levelled(recording_of(peaky(2000))))
    assert true_peak_dbtp(made) <= RECORDING_CEILING_DBTP + PEAK_TOLERANCE_DB
    assert true_peak_dbtp(made) == pytest.approx(RECORDING_CEILING_DBTP, abs=0.3)


def test_a_very_peaky_recording_is_as_loud_as_any_other() -> None:
    made = sound_of(levelled(recording_of(peaky(2000))))
    assert integrated_lufs(over_and_over(made)) == pytest.approx(SPEECH_LUFS, abs=TOLERANCE_LU)


def test_a_very_peaky_recording_is_turned_down_and_not_cut_off() -> None:
    """The gain that was used is smooth: nowhere is a wave flattened."""
    before = peaky(2000)
    made = sound_of(levelled(recording_of(before)))
    heard = np.abs(before) > 0.01
    heard[: sample_count(10)] = heard[-sample_count(30) :] = False
    at = np.flatnonzero(heard)
    gain = made[heard] / before[heard]
    slope_a_ms = np.abs(np.diff(gain)) / np.diff(at) * sample_count(1) / gain[1:]
    assert np.quantile(slope_a_ms, 0.999) < 0.5


# --- ends and length ---


@unhurried
@given(levels, st.integers(60, 3000), seeds)
def test_a_recording_starts_and_ends_silent_and_flat(
    peak_dbfs: float, length_ms: int, seed: int
) -> None:
    made = sound_of(levelled(recording_of(voice(length_ms, seed), peak_dbfs)))
    for end in (made[:3], made[-3:]):
        assert np.abs(end).max() < 1e-3
    assert made[0] == made[-1] == 0


@unhurried
@given(levels, st.integers(60, 3000), seeds)
def test_a_recording_keeps_its_length(peak_dbfs: float, length_ms: int, seed: int) -> None:
    recording = recording_of(voice(length_ms, seed), peak_dbfs)
    assert len(levelled(recording).samples) == len(recording.samples)


def test_the_ends_of_a_recording_fade_and_its_middle_does_not() -> None:
    before = voice(1500, 3)
    made = sound_of(levelled(recording_of(before, -20)))
    middle = slice(sample_count(6), -sample_count(21))
    gain = made[middle] @ before[middle] / (before[middle] @ before[middle])
    assert np.abs(made[middle] - gain * before[middle]).max() < 2e-3
