"""The tones: told apart with eyes closed, soft beside the voice, in one key, and never a click."""

from itertools import combinations

import numpy as np
import pytest
from ebur128 import needs_ffmpeg, read
from looping import for_each

from voicecoach.audio import tones
from voicecoach.audio.loudness import Samples, loudest_momentary_lufs
from voicecoach.audio.signal import DAY, NIGHT, SAMPLE_RATE_HZ, Preset, sample_count
from voicecoach.script.script import TONE_LENGTH_MS, Cue

LENGTH_MS = {**TONE_LENGTH_MS, Cue.INHALE: 4000, Cue.EXHALE: 6000}
MOVEMENT = (Cue.MOVE, Cue.RETURN, Cue.SIDE, Cue.START, Cue.END, Cue.COUGH)
STRUCK = (Cue.TIGHTEN, Cue.HOLD, Cue.RELEASE, Cue.SET, Cue.DONE, *MOVEMENT)
ONE_NOTE_FIRST = (Cue.TIGHTEN, Cue.HOLD, Cue.RELEASE, Cue.DONE, *MOVEMENT)
SWELLS = (Cue.INHALE, Cue.EXHALE, Cue.REST)
LOUD = tuple(cue for cue in Cue if cue is not Cue.HOLD)

BY_DAY_AND_NIGHT = for_each("preset", lambda: (DAY, NIGHT))
EVERY_TONE = for_each("cue", lambda: Cue)

A4_HZ = 440
HIGHEST_HZ = {
    **dict.fromkeys((Cue.TIGHTEN, Cue.RELEASE, Cue.DONE), 587.33),
    **dict.fromkeys((Cue.REST, Cue.INHALE, Cue.EXHALE), 440.0),
    Cue.SET: 739.99,
    Cue.HOLD: 880.0,
    **dict.fromkeys((Cue.MOVE, Cue.RETURN), 587.33),
    Cue.START: 440.0,
    Cue.END: 493.88,
    Cue.SIDE: 739.99,
    Cue.COUGH: 369.99,
}
"""The highest note of each tone by day."""
SHARP_HZ = 4000
OCTAVE = 12
D_MAJOR = frozenset({0, 2, 4, 5, 7, 9, 11})
"""Semitones above D."""
D_ABOVE_A = 5
FOURTH = 5
IN_TUNE_CENTS = 12
A_PEAK_DB = 22
"""What stands this far below the strongest partial has no pitch of its own to the ear."""


def rendered(cue: Cue, preset: Preset = DAY) -> Samples:
    return tones.render(cue, LENGTH_MS[cue], preset)


def below_voice_lu(cue: Cue, preset: Preset) -> float:
    return preset.speech_lufs - loudest_momentary_lufs(rendered(cue, preset))


def part(sound: Samples, start_ms: int, length_ms: int) -> Samples:
    return sound[sample_count(start_ms) : sample_count(start_ms + length_ms)]


def spectrum(sound: Samples, size: int = 1 << 16) -> tuple[np.ndarray, np.ndarray]:
    """The frequencies of ``sound`` and the power at each."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size)) ** 2
    return np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ), power


def pitch_hz(sound: Samples, start_ms: int, length_ms: int) -> float:
    """The strongest frequency in a part of ``sound``."""
    hz, power = spectrum(part(sound, start_ms, length_ms))
    return float(hz[np.argmax(power)])


def partials_hz(sound: Samples) -> np.ndarray:
    """Every frequency that stands out in ``sound``."""
    hz, power = spectrum(sound)
    is_peak = (power[1:-1] > power[:-2]) & (power[1:-1] > power[2:])
    is_peak &= power[1:-1] > power.max() * 10 ** (-A_PEAK_DB / 10)
    return hz[1:-1][is_peak]


def envelope(sound: Samples) -> np.ndarray:
    """The height of the wave at each sample, whatever its phase."""
    spectrum = np.fft.fft(sound)
    spectrum[len(sound) // 2 :] = 0
    return np.abs(2 * np.fft.ifft(spectrum))


def attack_ms(sound: Samples) -> float:
    """From a hundredth to nine tenths of the greatest height in the first 60 ms."""
    start = envelope(sound)[: sample_count(60)]
    share = start / start.max()
    first, last = np.argmax(share > 0.01), np.argmax(share > 0.9)
    return float(last - first) * 1000 / SAMPLE_RATE_HZ


def frames(sound: Samples, length_ms: int, hop_ms: int) -> np.ndarray:
    length, hop = sample_count(length_ms), sample_count(hop_ms)
    return np.lib.stride_tricks.sliding_window_view(sound, length)[::hop]


def length_above(sound: Samples, below_peak_db: float) -> float:
    """For how many ms the height of ``sound`` is within ``below_peak_db`` of its greatest."""
    height = envelope(sound)
    return float(np.sum(height > height.max() * 10 ** (-below_peak_db / 20)) * 1e3 / SAMPLE_RATE_HZ)


# --- how loud ---


@BY_DAY_AND_NIGHT
@for_each("cue", lambda: LOUD)
def test_a_tone_stands_6_to_9_lu_under_the_voice(cue: Cue, preset: Preset) -> None:
    assert 6 <= below_voice_lu(cue, preset) <= 9


@BY_DAY_AND_NIGHT
def test_a_tick_is_barely_there(preset: Preset) -> None:
    assert below_voice_lu(Cue.HOLD, preset) >= 14


@BY_DAY_AND_NIGHT
@EVERY_TONE
@needs_ffmpeg
def test_ffmpeg_reads_every_tone_at_its_level(cue: Cue, preset: Preset) -> None:
    """It looks only every 100 ms, so the tone is laid at several places between two looks."""
    sound = rendered(cue, preset)
    places = np.zeros((4, 10 * SAMPLE_RATE_HZ), dtype=np.float32)
    for place, late_ms in zip(places, (1000, 1025, 1050, 1075), strict=True):
        place[sample_count(late_ms) :][: len(sound)] = sound
    loudest = read(places.ravel()).momentary_lufs.max()
    below_lu = preset.speech_lufs - loudest
    expected_lu = preset.tick_below_lu if cue is Cue.HOLD else preset.tone_below_lu
    assert below_lu == pytest.approx(expected_lu, abs=0.2)
    assert below_lu >= 14 if cue is Cue.HOLD else 6 <= below_lu <= 9


@BY_DAY_AND_NIGHT
@for_each("cue", lambda: [Cue.INHALE, Cue.EXHALE])
@for_each("length_ms", lambda: [1500, 3000, 5000, 9000])
def test_a_breath_is_as_loud_short_or_long(cue: Cue, preset: Preset, length_ms: int) -> None:
    loudest = loudest_momentary_lufs(tones.render(cue, length_ms, preset))
    assert preset.speech_lufs - loudest == pytest.approx(preset.tone_below_lu, abs=0.01)


@BY_DAY_AND_NIGHT
@EVERY_TONE
def test_under_words_a_tone_steps_back_as_far_as_the_preset_says(cue: Cue, preset: Preset) -> None:
    stepped_back_db = tones.under_words_db(cue, preset)
    assert stepped_back_db <= 0
    assert below_voice_lu(cue, preset) - stepped_back_db >= preset.tone_under_words_lu - 0.01


@BY_DAY_AND_NIGHT
@EVERY_TONE
def test_no_tone_has_peaks_above_those_of_a_voice(cue: Cue, preset: Preset) -> None:
    """A voice at its loudness peaks some 15 dB above it; a tone beside it must not startle."""
    assert 20 * np.log10(np.abs(rendered(cue, preset)).max()) < preset.speech_lufs + 8


# --- nothing sharp, nothing that clicks ---


@BY_DAY_AND_NIGHT
@EVERY_TONE
def test_a_tone_has_nothing_to_speak_of_above_4_khz(cue: Cue, preset: Preset) -> None:
    """Its very ends included, where silence begins."""
    power = np.abs(np.fft.rfft(rendered(cue, preset), 1 << 18)) ** 2
    sharp = np.fft.rfftfreq(1 << 18, 1 / SAMPLE_RATE_HZ) > SHARP_HZ
    assert power[sharp].sum() < 1e-4 * power.sum()


@BY_DAY_AND_NIGHT
@EVERY_TONE
def test_no_moment_of_a_tone_is_sharp(cue: Cue, preset: Preset) -> None:
    """Nor the one in which it is struck: every 20 ms within 30 dB of its loudest."""
    sound = np.pad(rendered(cue, preset), sample_count(20))
    short = frames(sound, length_ms=20, hop_ms=5)
    energy = np.sum(short.astype(float) ** 2, axis=1)
    heard = short[energy > 1e-3 * energy.max()]
    power = np.abs(np.fft.rfft(heard * np.hanning(heard.shape[1]), 2048, axis=1)) ** 2
    sharp = np.fft.rfftfreq(2048, 1 / SAMPLE_RATE_HZ) > SHARP_HZ
    assert np.max(power[:, sharp].sum(axis=1) / power.sum(axis=1)) < 1e-4


@BY_DAY_AND_NIGHT
@EVERY_TONE
def test_a_tone_starts_and_ends_at_zero_with_zero_slope(cue: Cue, preset: Preset) -> None:
    forwards = rendered(cue, preset)
    peak = np.abs(forwards).max()
    for sound in (forwards, forwards[::-1]):
        assert abs(sound[0]) < 1e-4 * peak
        assert abs(sound[1] - sound[0]) < 1e-4 * peak


@BY_DAY_AND_NIGHT
@EVERY_TONE
def test_a_tone_lasts_as_long_as_the_script_says(cue: Cue, preset: Preset) -> None:
    assert len(rendered(cue, preset)) == sample_count(LENGTH_MS[cue])


@EVERY_TONE
def test_a_tone_is_the_same_every_time(cue: Cue) -> None:
    first = rendered(cue).copy()
    tones.render.cache_clear()
    assert np.array_equal(rendered(cue), first)


# --- told apart ---


@BY_DAY_AND_NIGHT
def test_tighten_rises(preset: Preset) -> None:
    tighten = rendered(Cue.TIGHTEN, preset)
    assert pitch_hz(tighten, 0, 120) < pitch_hz(tighten, 250, 300)


@BY_DAY_AND_NIGHT
def test_release_falls_in_steps(preset: Preset) -> None:
    release = rendered(Cue.RELEASE, preset)
    assert pitch_hz(release, 0, 150) > pitch_hz(release, 700, 800)
    assert len({round(pitch_hz(release, at_ms, 110)) for at_ms in (20, 200, 900)}) == 3


@BY_DAY_AND_NIGHT
def test_release_ends_where_the_breath_ends_on_the_key_note(preset: Preset) -> None:
    key_note_hz = 293.66 * preset.transposition
    assert pitch_hz(rendered(Cue.RELEASE, preset), 900, 800) == pytest.approx(key_note_hz, rel=0.01)
    assert pitch_hz(rendered(Cue.EXHALE, preset), 5600, 400) == pytest.approx(key_note_hz, rel=0.03)


@BY_DAY_AND_NIGHT
def test_release_rings_longest_of_what_is_struck_in_a_repetition(preset: Preset) -> None:
    ring_ms = {
        cue: length_above(rendered(cue, preset), 20) for cue in (Cue.RELEASE, Cue.TIGHTEN, Cue.HOLD)
    }
    assert ring_ms[Cue.RELEASE] > 2 * ring_ms[Cue.TIGHTEN] > 4 * ring_ms[Cue.HOLD]


@BY_DAY_AND_NIGHT
def test_tighten_is_over_before_the_first_tick(preset: Preset) -> None:
    assert LENGTH_MS[Cue.TIGHTEN] < 1000
    assert LENGTH_MS[Cue.HOLD] < 1000


@BY_DAY_AND_NIGHT
def test_tighten_and_release_have_the_same_attack_of_at_most_15_ms(preset: Preset) -> None:
    tighten, release = (attack_ms(rendered(cue, preset)) for cue in (Cue.TIGHTEN, Cue.RELEASE))
    assert 3 <= tighten <= 15
    assert release == pytest.approx(tighten, abs=1.5)


@BY_DAY_AND_NIGHT
@for_each("cue", lambda: ONE_NOTE_FIRST)
def test_what_is_struck_is_there_at_once(cue: Cue, preset: Preset) -> None:
    assert attack_ms(rendered(cue, preset)) <= 15


@BY_DAY_AND_NIGHT
@for_each("cue", lambda: SWELLS)
def test_what_is_no_effort_swells(cue: Cue, preset: Preset) -> None:
    height = envelope(rendered(cue, preset))
    assert height[: sample_count(100)].max() < 0.3 * height.max()


@BY_DAY_AND_NIGHT
def test_breath_in_glides_up_and_grows(preset: Preset) -> None:
    inhale = rendered(Cue.INHALE, preset)
    low, middle, high = (pitch_hz(inhale, at_ms, 300) for at_ms in (300, 1900, 3500))
    assert low < middle < high
    assert np.std(part(inhale, 300, 500)) < np.std(part(inhale, 2800, 500))


@BY_DAY_AND_NIGHT
def test_breath_out_glides_down_and_fades(preset: Preset) -> None:
    exhale = rendered(Cue.EXHALE, preset)
    high, middle, low = (pitch_hz(exhale, at_ms, 300) for at_ms in (300, 2900, 5400))
    assert high > middle > low
    assert np.std(part(exhale, 1000, 500)) > np.std(part(exhale, 5000, 500))


@BY_DAY_AND_NIGHT
def test_breath_out_begins_on_the_pitch_on_which_breath_in_ended(preset: Preset) -> None:
    last_hz = pitch_hz(rendered(Cue.INHALE, preset), 3750, 200)
    assert pitch_hz(rendered(Cue.EXHALE, preset), 50, 300) == pytest.approx(last_hz, rel=0.03)


@BY_DAY_AND_NIGHT
def test_a_new_set_sounds_at_once_and_the_end_step_by_step(preset: Preset) -> None:
    """The same chord, struck and broken."""
    chord = {round(hz) for hz in struck_hz(Cue.SET, preset)}
    steps = [pitch_hz(rendered(Cue.DONE, preset), at_ms, 130) for at_ms in (20, 310, 590, 2000)]
    assert len(chord) >= 3
    assert steps == sorted(steps, reverse=True)


MOST_ALIKE = 0.65
"""The most that the course of two tones may have in common: pitch by pitch, every 50 ms."""


def course(cue: Cue, preset: Preset) -> np.ndarray:
    """The strength of each semitone from C4 on, every 50 ms of the first two seconds."""
    sound = rendered(cue, preset)[: sample_count(2000)]
    sound = np.pad(sound, (0, sample_count(2000) - len(sound)))
    short = frames(sound, length_ms=100, hop_ms=50)
    power = np.abs(np.fft.rfft(short * np.hanning(short.shape[1]), 1 << 15, axis=1)) ** 2
    hz = np.fft.rfftfreq(1 << 15, 1 / SAMPLE_RATE_HZ)
    semitone = np.round(OCTAVE * np.log2(np.maximum(hz, 1) / 261.63)).astype(int)
    bands = [power[:, semitone == band].sum(axis=1) for band in range(-OCTAVE, 3 * OCTAVE)]
    return np.sqrt(np.array(bands)).ravel()


@BY_DAY_AND_NIGHT
def test_any_two_tones_are_told_apart_with_eyes_closed(preset: Preset) -> None:
    courses = {cue: course(cue, preset) for cue in Cue}
    alike = {
        (one, other): courses[one]
        @ courses[other]
        / np.sqrt((courses[one] @ courses[one]) * (courses[other] @ courses[other]))
        for one, other in combinations(Cue, 2)
    }
    assert max(alike.values()) < MOST_ALIKE, max(alike, key=alike.__getitem__)


# --- in one key ---


def struck_hz(cue: Cue, preset: Preset) -> set[float]:
    """Every pitch that stands out while ``cue`` rings, whichever of its notes it comes from."""
    sound = rendered(cue, preset)
    window_ms = min(400, LENGTH_MS[cue])
    starts_ms = range(0, LENGTH_MS[cue] - window_ms + 1, 100)
    parts = [part(sound, start_ms, window_ms) for start_ms in starts_ms]
    heard = [each for each in parts if np.std(each) > 0.1 * np.std(parts[0])]
    return {float(hz) for each in heard for hz in partials_hz(each)}


def semitones_above_d(hz: float) -> float:
    return OCTAVE * np.log2(hz / A4_HZ) - D_ABOVE_A


@BY_DAY_AND_NIGHT
@for_each("cue", lambda: [c for c in STRUCK if c is not Cue.HOLD])
def test_all_struck_notes_lie_in_d_major_by_night_in_the_key_a_fourth_lower(
    cue: Cue, preset: Preset
) -> None:
    pitches = struck_hz(cue, preset)
    assert pitches
    for hz in pitches:
        above_key_note = semitones_above_d(hz) + (FOURTH if preset is NIGHT else 0)
        nearest = round(above_key_note)
        assert nearest % OCTAVE in D_MAJOR, f"{hz:.1f} Hz"
        assert abs(above_key_note - nearest) * 100 < IN_TUNE_CENTS, f"{hz:.1f} Hz"


@BY_DAY_AND_NIGHT
def test_a_tick_is_the_fifth_of_the_key_in_a_high_octave(preset: Preset) -> None:
    expected_hz = 880 * preset.transposition
    assert pitch_hz(rendered(Cue.HOLD, preset), 0, 120) == pytest.approx(expected_hz, rel=0.01)


@EVERY_TONE
def test_night_is_a_fourth_lower(cue: Cue) -> None:
    by_day, by_night = (
        partials_hz(part(rendered(cue, preset), 0, 200))[0] for preset in (DAY, NIGHT)
    )
    assert by_night == pytest.approx(by_day * 3 / 4, rel=0.02)


@EVERY_TONE
def test_night_has_fewer_overtones(cue: Cue) -> None:
    def overtones(preset: Preset) -> float:
        """The share of the power that lies above all notes of the tone."""
        hz, power = spectrum(rendered(cue, preset), size=1 << 17)
        above = hz > 1.5 * HIGHEST_HZ[cue] * preset.transposition
        return float(power[above].sum() / power.sum())

    assert 0 < overtones(NIGHT) < 0.8 * overtones(DAY)
