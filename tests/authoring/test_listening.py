"""What is heard in a track: every measure against a track of which the truth is known."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.audio import mix, tones
from voicecoach.audio.loudness import Samples, integrated_lufs
from voicecoach.audio.signal import DAY, NIGHT, SAMPLE_RATE_HZ, Preset, sample_count
from voicecoach.authoring import listening, tone_search
from voicecoach.authoring.listening import Figures
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.translation import Guidance
from voicecoach.errors import StorageError
from voicecoach.script.script import TONE_LENGTH_MS, Cue, Say, ScriptBlock, SpeechCue, Tone, Where
from voicecoach.script.timeline import Event, Timeline

HERE = Where(block=0)
HOLD_MS = 2000
DOSE = Contractions(
    intensity=Intensity(low_percent=30, high_percent=50),
    hold_ms=HOLD_MS,
    rest_ms=4000,
    reps=2,
    sets=1,
    set_rest_ms=0,
)
DECODER_SHIFT_SAMPLES = 1105


def tone(cue: Cue, start_ms: int, length_ms: int | None = None) -> Event:
    length_ms = TONE_LENGTH_MS[cue] if length_ms is None else length_ms
    sound = Tone(cue=cue, length_ms=length_ms, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def say(start_ms: int, length_ms: int) -> Event:
    sound = Say(text="a", cue=SpeechCue.SAY, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def timeline_of(*events: Event, duration_ms: int = 14_000) -> Timeline:
    return Timeline(
        session="test",
        title="",
        guidance=Guidance.FULL,
        duration_ms=duration_ms,
        blocks=(ScriptBlock(exercise="test", dose=DOSE),),
        events=tuple(sorted(events, key=lambda event: event.start_ms)),
        chapters=(),
        misfits=(),
    )


CONTRACTIONS = timeline_of(
    say(500, 1200),
    tone(Cue.TIGHTEN, 2000),
    tone(Cue.HOLD, 3000),
    tone(Cue.RELEASE, 4000),
    say(4300, 800),
    say(7000, 850),
    tone(Cue.TIGHTEN, 8000),
    tone(Cue.HOLD, 9000),
    tone(Cue.RELEASE, 10_000),
)


def voice(length_ms: int, level_lufs: float) -> Samples:
    """Something that hums and hisses like a voice, faded like a recording."""
    time_s = np.arange(sample_count(length_ms)) / SAMPLE_RATE_HZ
    hum = sum(np.sin(2 * np.pi * 180 * n * time_s) / n for n in range(1, 12))
    hiss = 0.2 * np.random.default_rng(1).standard_normal(len(time_s))
    fade = np.minimum(1, np.minimum(time_s, time_s[::-1]) / 0.02)
    sound = ((hum + hiss) * fade).astype(np.float32)
    return sound * np.float32(10 ** ((level_lufs - integrated_lufs(sound)) / 20))


def add(track: Samples, sound: Samples, start_ms: int) -> None:
    place = track[sample_count(start_ms) :][: len(sound)]
    place += sound[: len(place)]


def track_of(timeline: Timeline, preset: Preset = DAY, speech_lufs: float | None = None) -> Samples:
    """``timeline`` as sound, as late as a decoder without delay information makes it."""
    track = np.zeros(sample_count(timeline.duration_ms), dtype=np.float32)
    for event in timeline.events:
        match event.sound:
            case Say():
                length_ms = event.end_ms - event.start_ms
                level_lufs = preset.speech_lufs if speech_lufs is None else speech_lufs
                add(track, voice(length_ms, level_lufs), event.start_ms)
            case Tone(cue=cue, length_ms=length_ms):
                add(track, tones.render(cue, length_ms, preset), event.start_ms)
    return np.pad(track, (DECODER_SHIFT_SAMPLES, 0))


def moved(timeline: Timeline, index: int, by_ms: int) -> Timeline:
    """``timeline`` with one event at another time."""
    events = list(timeline.events)
    event = events[index]
    events[index] = replace(event, start_ms=event.start_ms + by_ms, end_ms=event.end_ms + by_ms)
    return replace(timeline, events=tuple(events))


def without(timeline: Timeline, index: int) -> Timeline:
    kept = [event for place, event in enumerate(timeline.events) if place != index]
    return replace(timeline, events=tuple(kept))


def heard(really: Timeline, preset: Preset = DAY) -> Figures:
    """The figures of a track that should sound like CONTRACTIONS and is like ``really``."""
    return listening.measure(track_of(really, preset), CONTRACTIONS, preset)


def noise(length: int, rms_dbfs: float, *, dark: bool) -> Samples:
    """A bed that fades in and out: white noise, or dark."""
    spectrum = np.fft.rfft(np.random.default_rng(2).standard_normal(length))
    hz = np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ)
    spectrum[(hz < 60) | (dark & (hz > 3000))] = 0
    sound = np.fft.irfft(spectrum / np.maximum(hz, 60) if dark else spectrum, length)
    level = 10 ** (rms_dbfs / 20) / np.std(sound)
    time_s = np.arange(length) / SAMPLE_RATE_HZ
    fade = np.clip(np.minimum(time_s, time_s[::-1]) - 0.1, 0, 1)
    return (sound * level * fade).astype(np.float32)


def steady(length_s: int) -> Samples:
    """A sine of -20 dBFS RMS."""
    time_s = np.arange(length_s * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    return (0.1 * math.sqrt(2) * np.sin(2 * np.pi * 997 * time_s)).astype(np.float32)


# --- times ---


@pytest.mark.parametrize("preset", [DAY, NIGHT])
def test_a_track_as_written_has_no_errors(preset: Preset) -> None:
    figures = heard(CONTRACTIONS, preset)
    assert figures.tone_error_ms == pytest.approx(0, abs=0.1)
    assert figures.hold_error_ms == pytest.approx(0, abs=0.1)
    assert (figures.tones_found, figures.holds) == (6, 2)


def test_the_constant_shift_of_a_decoder_is_no_error() -> None:
    for shift in (0, 600, 1105):
        track = track_of(CONTRACTIONS)[DECODER_SHIFT_SAMPLES - shift :]
        figures = listening.measure(track, CONTRACTIONS, DAY)
        assert figures.tone_error_ms == pytest.approx(0, abs=0.1)
        assert figures.speech_lufs == pytest.approx(DAY.speech_lufs, abs=0.3)


@pytest.mark.parametrize("by_ms", [-40, -7, 7, 60])
def test_a_tick_that_is_moved_is_off_by_that_much(by_ms: int) -> None:
    figures = heard(moved(CONTRACTIONS, 2, by_ms))
    assert figures.tone_error_ms == pytest.approx(abs(by_ms), abs=0.1)
    assert figures.hold_error_ms == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("by_ms", [-30, 30])
def test_a_hold_that_is_too_short_or_too_long_is_off_by_that_much(by_ms: int) -> None:
    figures = heard(moved(CONTRACTIONS, 3, by_ms))
    assert figures.hold_error_ms == pytest.approx(30, abs=0.1)


def test_the_dose_is_the_law_not_the_timeline() -> None:
    """A track that follows a timeline with a hold of another length than its dose."""
    wrong = moved(CONTRACTIONS, 3, -30)
    figures = listening.measure(track_of(wrong), wrong, DAY)
    assert figures.tone_error_ms == pytest.approx(0, abs=0.1)
    assert figures.hold_error_ms == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize("index", [1, 2, 3])
def test_a_tone_that_is_missing_is_infinitely_wrong(index: int) -> None:
    figures = heard(without(CONTRACTIONS, index))
    assert figures.tone_error_ms == math.inf
    assert figures.tones_found == 5


def test_a_hold_whose_tone_is_missing_is_infinitely_wrong() -> None:
    figures = heard(without(CONTRACTIONS, 3))
    assert figures.hold_error_ms == math.inf
    assert figures.holds == 1


def test_a_tone_far_too_soft_is_missing() -> None:
    track = track_of(without(CONTRACTIONS, 1))
    shift_ms = 1000 * DECODER_SHIFT_SAMPLES // SAMPLE_RATE_HZ
    add(track, tones.render(Cue.TIGHTEN, 700, DAY) * np.float32(0.3), 2000 + shift_ms)
    assert listening.measure(track, CONTRACTIONS, DAY).tones_found == 5


def test_a_tone_whose_beginning_words_cover_is_not_sought() -> None:
    covered = timeline_of(
        tone(Cue.TIGHTEN, 1000), say(1900, 700), tone(Cue.HOLD, 2000), tone(Cue.RELEASE, 3000)
    )
    figures = listening.measure(track_of(covered), covered, DAY)
    assert figures.tones_found == 2
    assert figures.tone_error_ms == pytest.approx(0, abs=0.1)


def test_a_tick_is_sought_though_a_count_follows_after_70_ms() -> None:
    counted = timeline_of(
        tone(Cue.TIGHTEN, 1000), tone(Cue.HOLD, 2000), say(2070, 500), tone(Cue.RELEASE, 3000)
    )
    figures = listening.measure(track_of(counted), counted, DAY)
    assert figures.tones_found == 3
    assert figures.tone_error_ms == pytest.approx(0, abs=0.5)


def test_a_tone_under_another_that_is_louder_is_not_sought() -> None:
    both = timeline_of(tone(Cue.SET, 1000), tone(Cue.HOLD, 1100), tone(Cue.DONE, 5000))
    assert listening.measure(track_of(both), both, DAY).tones_found == 2


@pytest.mark.parametrize("dark", [True, False])
def test_breaths_with_words_in_a_bed_are_found_to_the_millisecond(*, dark: bool) -> None:
    breaths = timeline_of(
        tone(Cue.INHALE, 1000, 4000), say(1400, 600), tone(Cue.EXHALE, 5000, 6000), say(5400, 600)
    )
    track = track_of(breaths)
    track += noise(len(track), -42, dark=dark)
    figures = listening.measure(track, breaths, DAY)
    assert figures.tones_found == 2
    assert figures.tone_error_ms == pytest.approx(0, abs=1)


def test_a_glide_that_stays_back_between_two_utterances_is_found() -> None:
    """As the mix lets it: softer from the first word to the end of the last."""
    words = (say(1400, 970), say(3200, 3000))
    breath = timeline_of(*words, tone(Cue.DONE, 9000), tone(Cue.EXHALE, 1000, 6000))
    track = track_of(timeline_of(*words, tone(Cue.DONE, 9000)))
    glide = tones.render(Cue.EXHALE, 6000, DAY).copy()
    under_words = 10 ** (tones.under_words_db(Cue.EXHALE, DAY) / 20)
    glide[sample_count(400) : sample_count(5300)] *= np.float32(under_words)
    add(track, glide, 1000 + 1000 * DECODER_SHIFT_SAMPLES // SAMPLE_RATE_HZ)
    assert listening.measure(track, breath, DAY).tones_found == 2


def test_without_tones_and_words_there_is_nothing_to_tell() -> None:
    silent = timeline_of()
    figures = listening.measure(track_of(silent), silent, DAY)
    assert (figures.tone_error_ms, figures.hold_error_ms, figures.speech_lufs) == (None, None, None)
    assert (figures.tones_found, figures.holds, figures.clicks) == (0, 0, 0)


def test_half_a_track_is_no_crash_but_a_finding() -> None:
    track = track_of(CONTRACTIONS)
    figures = listening.measure(track[: len(track) // 2], CONTRACTIONS, DAY)
    assert figures.tone_error_ms == math.inf


# --- loudness and silence ---


@pytest.mark.parametrize("too_loud_lu", [-3, 0, 2])
def test_the_voice_is_measured_by_itself(too_loud_lu: float) -> None:
    level_lufs = DAY.speech_lufs + too_loud_lu
    track = track_of(CONTRACTIONS, speech_lufs=level_lufs)
    figures = listening.measure(track, CONTRACTIONS, DAY)
    assert figures.speech_lufs == pytest.approx(level_lufs, abs=0.3)


def test_the_share_of_speech_is_that_of_the_timeline() -> None:
    assert heard(CONTRACTIONS).speech_share == pytest.approx(2850 / 14_000)


def test_loudness_and_peak_are_those_of_the_whole_track() -> None:
    figures = listening.measure(steady(14), timeline_of(), DAY)
    assert figures.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert figures.true_peak_dbtp == pytest.approx(-17.0, abs=0.1)
    assert figures.range_lu == pytest.approx(0, abs=0.1)


def test_the_longest_silence_is_found_wherever_it_is() -> None:
    for start_ms in (0, 2500, 7000):
        track = steady(20)
        track[sample_count(start_ms) : sample_count(start_ms + 13_000)] *= np.float32(0.001)
        figures = listening.measure(track, timeline_of(), DAY)
        assert figures.longest_silence_ms == pytest.approx(13_000, abs=60)


@pytest.mark.parametrize(("level_dbfs", "is_silent"), [(-58, False), (-62, True)])
def test_silence_is_what_lies_below_60_dbfs(*, level_dbfs: float, is_silent: bool) -> None:
    track = steady(5) * np.float32(10 ** ((level_dbfs + 20) / 20))
    silence_ms = listening.measure(track, timeline_of(), DAY).longest_silence_ms
    assert (silence_ms == 5000) is is_silent
    assert (silence_ms == 0) is not is_silent


# --- clicks, after the encoder ---


@dataclass(frozen=True)
class Pcm:
    """What the encoder takes."""

    raw_data: bytes
    frame_rate: int = SAMPLE_RATE_HZ
    channels: int = 1


def through_mp3(track: Samples, folder: Path) -> Samples:
    samples = np.rint(np.clip(track[DECODER_SHIFT_SAMPLES:], -1, 1) * 32767).astype("<i2")
    path = folder / "track.mp3"
    path.write_bytes(mix.encode([Pcm(samples.tobytes())]))
    return listening.decode(path)


CLICK_AT = sample_count(6000)


def jump(track: Samples) -> None:
    track[CLICK_AT] += 0.02


def step(track: Samples) -> None:
    fall = np.exp(-np.arange(len(track) - CLICK_AT) / 4000)
    track[CLICK_AT:] += (0.02 * fall).astype(np.float32)


def tone_cut_off(track: Samples) -> None:
    whole = tones.render(Cue.REST, 1200, DAY)
    part = whole[: len(whole) // 3 + 11]
    track[CLICK_AT - len(part) : CLICK_AT] += part


def hard_start(track: Samples) -> None:
    time_s = np.arange(len(track) - CLICK_AT) / SAMPLE_RATE_HZ
    track[CLICK_AT:] += (10**-1.5 * np.sin(2 * np.pi * 440 * time_s) * np.exp(-time_s)).astype("f4")


FAULTS = [jump, step, tone_cut_off, hard_start]


@pytest.mark.parametrize("preset", [DAY, NIGHT])
def test_a_track_as_written_has_no_clicks(preset: Preset, tmp_path: Path) -> None:
    track = through_mp3(track_of(CONTRACTIONS, preset), tmp_path)
    assert listening.measure(track, CONTRACTIONS, preset).clicks == 0


@pytest.mark.parametrize("dark", [True, False])
def test_a_bed_has_no_clicks(*, dark: bool, tmp_path: Path) -> None:
    track = track_of(CONTRACTIONS)
    track += noise(len(track), -42, dark=dark)
    figures = listening.measure(through_mp3(track, tmp_path), CONTRACTIONS, DAY)
    assert figures.clicks == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_click_is_heard(fault: Callable[[Samples], None], tmp_path: Path) -> None:
    track = track_of(CONTRACTIONS)
    fault(track)
    assert listening.measure(through_mp3(track, tmp_path), CONTRACTIONS, DAY).clicks == 1


def test_a_jump_is_heard_in_a_dark_bed(tmp_path: Path) -> None:
    track = track_of(CONTRACTIONS)
    track += noise(len(track), -42, dark=True)
    jump(track)
    assert listening.measure(through_mp3(track, tmp_path), CONTRACTIONS, DAY).clicks == 1


def test_the_seam_of_a_loop_is_heard(tmp_path: Path) -> None:
    track = track_of(CONTRACTIONS)
    bed = noise(len(track), -42, dark=True)
    bed[CLICK_AT:] *= -1
    figures = listening.measure(through_mp3(track + bed, tmp_path), CONTRACTIONS, DAY)
    assert figures.clicks == 1


def test_clicks_far_from_each_other_are_counted() -> None:
    track = track_of(CONTRACTIONS)
    for at_ms in (5800, 6000, 6200):
        track[sample_count(at_ms)] += 0.02
    track[sample_count(6205)] += 0.02
    assert listening.measure(track, CONTRACTIONS, DAY).clicks == 3


def test_a_word_that_is_cut_off_hard_ends_in_a_click(tmp_path: Path) -> None:
    track = track_of(CONTRACTIONS)
    time_s = np.arange(sample_count(1200)) / SAMPLE_RATE_HZ
    vowel = 0.2 * np.cos(2 * np.pi * 180 * time_s) * np.minimum(1, time_s / 0.02)
    start = sample_count(500) + DECODER_SHIFT_SAMPLES
    track[start : start + len(vowel)] = vowel
    assert listening.measure(through_mp3(track, tmp_path), CONTRACTIONS, DAY).clicks == 1


def test_a_low_voice_that_begins_is_no_click() -> None:
    """100 pulses a second, with nothing above 5 kHz between them."""
    for last_ms, clicks in ((1700, 0), (505, 1)):
        voice = np.zeros(sample_count(2000), dtype="f4")
        voice[sample_count(501) : sample_count(last_ms) : SAMPLE_RATE_HZ // 100] = 0.02
        assert tone_search.count_clicks(voice, [(500, 1900)]) == clicks


# --- files ---


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    path = tmp_path / "track.mp3"
    path.write_text("nothing to hear")
    for name in (path, tmp_path / "missing.mp3"):
        with pytest.raises(StorageError, match=name.name):
            listening.decode(name)


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 1), (SAMPLE_RATE_HZ, 2)])
def test_sound_of_another_shape_is_refused(rate_hz: int, channels: int, tmp_path: Path) -> None:
    path = tmp_path / "track.wav"
    soundfile.write(path, np.zeros((1000, channels)), rate_hz)
    with pytest.raises(StorageError, match="one channel"):
        listening.decode(path)
