"""Peaks are turned down for a moment, and nothing else is touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.audio.loudness import Samples
from voicecoach.audio.recordings import REACH_MS, limited, true_peak_dbtp
from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count

CEILING_DBTP = -2.0
ROUNDING_DB = 0.01
HIGHEST_HZ = 8000
"""No sound of ours has anything to speak of above this."""


def sine(hz: float, length_ms: int, peak: float, phase: float = 0.0) -> Samples:
    turns = np.arange(sample_count(length_ms)) * hz / SAMPLE_RATE_HZ
    return (peak * np.sin(2 * np.pi * turns + phase)).astype(np.float32)


def with_peaks(*at_ms: int, length_ms: int = 1000, peak: float = 2.0) -> Samples:
    """A soft hum with short loud moments in it, of which the last is the loudest."""
    sound = sine(200, length_ms, 0.2)
    time_ms = np.arange(len(sound)) * 1000 / SAMPLE_RATE_HZ
    for number, peak_ms in enumerate(at_ms, start=1):
        shape = np.exp(-(((time_ms - peak_ms) / 1.5) ** 2)) * peak * number / len(at_ms)
        sound += (shape * np.cos(2 * np.pi * 0.9 * (time_ms - peak_ms))).astype(np.float32)
    return sound


def gain_of(quieter: Samples, sound: Samples) -> np.ndarray:
    """The gain that made ``quieter`` of ``sound``, where there is enough sound to tell."""
    heard = np.abs(sound) > 1e-2
    at = np.flatnonzero(heard)
    return np.interp(np.arange(len(sound)), at, (quieter[heard] / sound[heard]).astype(float))


def finest_peak_db(sound: Samples, times: int = 32) -> float:
    """The peak of the wave between the samples, found another way: by many more samples."""
    spectrum = np.fft.rfft(np.pad(sound.astype(float), 1000))
    count = len(sound) + 2000
    fine = np.fft.irfft(spectrum, count * times) * times
    return float(20 * np.log10(np.abs(fine).max()))


unhurried = settings(deadline=None)

sounds = st.lists(
    st.tuples(st.floats(30, HIGHEST_HZ), st.floats(0.01, 2), st.floats(0, 6.3)),
    min_size=1,
    max_size=6,
)


def mixture(partials: list[tuple[float, float, float]]) -> Samples:
    """Sines, each swelling and fading at its own pace."""
    sound = np.zeros(sample_count(250), dtype=np.float32)
    for hz, peak, phase in partials:
        sound += sine(hz, 250, peak, phase) * sine(2 + hz % 5, 250, 1.0, phase / 2)
    return sound


# --- the true peak ---


def test_the_true_peak_is_that_of_the_wave_between_the_samples() -> None:
    """A sine of a quarter of the rate, sampled 45° off its peaks: every sample reads -3 dB."""
    sound = sine(SAMPLE_RATE_HZ / 4, 500, 1.0, phase=np.pi / 4)
    inside = sound[1000:-1000]
    assert 20 * np.log10(np.abs(inside).max()) == pytest.approx(-3.01, abs=0.01)
    faded = sound * np.hanning(len(sound)).astype(np.float32)
    assert true_peak_dbtp(faded) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("hz", [100, 440, 997, 2500, 4000])
@pytest.mark.parametrize("phase", [0.0, 0.3, 0.8])
def test_the_true_peak_of_a_sine_is_its_height(hz: float, phase: float) -> None:
    sound = sine(hz, 500, 0.5, phase) * np.hanning(sample_count(500)).astype(np.float32)
    assert true_peak_dbtp(sound) == pytest.approx(-6.02, abs=0.12)


@unhurried
@given(sounds)
def test_the_true_peak_is_never_below_that_of_the_samples(
    partials: list[tuple[float, float, float]],
) -> None:
    sound = mixture(partials)
    highest = np.abs(sound).max()
    if highest > 0:
        assert true_peak_dbtp(sound) >= 20 * np.log10(highest) - 1e-5


def test_silence_has_no_peak() -> None:
    assert true_peak_dbtp(np.zeros(1000, dtype=np.float32)) == -np.inf
    assert true_peak_dbtp(np.zeros(0, dtype=np.float32)) == -np.inf


# --- the ceiling ---


@unhurried
@given(sounds, st.sampled_from([-1.0, -2.0, -3.0, -12.0]))
def test_no_peak_is_over_the_ceiling(
    partials: list[tuple[float, float, float]], ceiling_dbtp: float
) -> None:
    assert true_peak_dbtp(limited(mixture(partials), ceiling_dbtp)) <= ceiling_dbtp + ROUNDING_DB


@unhurried
@given(sounds)
def test_a_finer_measure_finds_no_peak_over_the_ceiling_to_speak_of(
    partials: list[tuple[float, float, float]],
) -> None:
    """Four times oversampling, as BS.1770 has it, can miss 0.36 dB at 8 kHz."""
    shape = np.hanning(sample_count(250)).astype(np.float32)
    quieter = limited(mixture(partials) * shape, CEILING_DBTP)
    if np.abs(quieter).max() > 0:
        assert finest_peak_db(quieter) <= CEILING_DBTP + 0.4


@pytest.mark.parametrize("at_ms", [0, 1, 500, 999])
def test_a_peak_at_either_end_is_held_down_as_well(at_ms: int) -> None:
    quieter = limited(with_peaks(at_ms), CEILING_DBTP)
    assert true_peak_dbtp(quieter) <= CEILING_DBTP + ROUNDING_DB


@pytest.mark.parametrize("length", [1, 2, 30, 600])
def test_a_sound_may_be_as_short_as_it_likes(length: int) -> None:
    sound = np.full(length, 1.5, dtype=np.float32)
    quieter = limited(sound, CEILING_DBTP)
    assert len(quieter) == length
    assert true_peak_dbtp(quieter) <= CEILING_DBTP + ROUNDING_DB


def test_a_peak_is_turned_down_no_more_than_it_needs() -> None:
    quieter = limited(with_peaks(500), CEILING_DBTP)
    assert true_peak_dbtp(quieter) == pytest.approx(CEILING_DBTP, abs=0.3)


# --- what is left alone ---


def test_a_sound_without_high_peaks_comes_back_as_it_is() -> None:
    sound = sine(440, 500, 10 ** ((CEILING_DBTP - 0.1) / 20))
    assert limited(sound, CEILING_DBTP) is sound


def test_silence_comes_back_as_it_is() -> None:
    for sound in (np.zeros(1000, dtype=np.float32), np.zeros(0, dtype=np.float32)):
        assert limited(sound, CEILING_DBTP) is sound


def test_what_is_limited_is_a_new_sound() -> None:
    sound = with_peaks(500)
    before = sound.copy()
    assert limited(sound, CEILING_DBTP) is not sound
    assert np.array_equal(sound, before)


def test_a_sample_out_of_reach_of_every_peak_is_untouched() -> None:
    """The loud moment itself lasts 3 ms to either side."""
    sound = with_peaks(500)
    quieter = limited(sound, CEILING_DBTP)
    changed = np.flatnonzero(quieter != sound)
    over = np.flatnonzero(np.abs(sound) > 10 ** (CEILING_DBTP / 20))
    assert changed[0] > over[0] - 2 - sample_count(REACH_MS)
    assert changed[-1] < over[-1] + 2 + sample_count(REACH_MS)
    assert changed[0] < over[0] < changed[-1]


@unhurried
@given(st.lists(st.integers(0, 999), min_size=1, max_size=5), st.integers(200, 800))
def test_limiting_in_parts_that_overlap_is_limiting_at_once(
    peaks_ms: list[int], cut_ms: int
) -> None:
    sound = with_peaks(*sorted(peaks_ms))
    at_once = limited(sound, CEILING_DBTP)
    cut, reach = sample_count(cut_ms), sample_count(REACH_MS)
    first = limited(sound[: cut + reach], CEILING_DBTP)[:cut]
    second = limited(sound[cut - reach :], CEILING_DBTP)[reach:]
    assert np.abs(np.concatenate([first, second]) - at_once).max() < 1e-6


# --- nothing clicks ---


@pytest.mark.parametrize("peak", [0.9, 1.5, 4.0])
@pytest.mark.parametrize("peaks_ms", [(500,), (480, 500, 530), (100, 300, 310, 900)])
def test_the_gain_has_no_steps(peaks_ms: tuple[int, ...], peak: float) -> None:
    """It takes 12 ms to go down and 12 ms to come back, like a hand on a knob."""
    sound = with_peaks(*peaks_ms, peak=peak)
    gain = gain_of(limited(sound, CEILING_DBTP), sound)
    steepest = (1 - gain.min()) / sample_count(12)
    assert gain.max() <= 1 + 1e-6
    assert np.abs(np.diff(gain)).max() <= 1.2 * steepest + 1e-6


def test_a_loud_moment_is_turned_down_and_not_cut_off() -> None:
    """Clipping flattens a wave; here its shape stays, so that no overtones are born."""
    loud = sine(300, 400, 2.0) * np.hanning(sample_count(400)).astype(np.float32)
    quieter = limited(loud, CEILING_DBTP)
    spectrum = np.abs(np.fft.rfft(quieter * np.hanning(len(quieter)))) ** 2
    hz = np.fft.rfftfreq(len(quieter), 1 / SAMPLE_RATE_HZ)
    assert spectrum[hz > 600].sum() < 1e-7 * spectrum.sum()
