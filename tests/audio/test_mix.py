"""Words, tones and bed in one track: at their time, at their level, without a seam."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.audio import mix, tones
from voicecoach.audio.bed import LOOP_LUFS, Loop
from voicecoach.audio.loudness import (
    Samples,
    integrated_lufs,
    k_weighted,
    loudest_momentary_lufs,
    lufs,
    repeated_lufs,
)
from voicecoach.audio.recordings import levelled, true_peak_dbtp
from voicecoach.audio.signal import DAY, NIGHT, SAMPLE_RATE_HZ, Preset, Recording, sample_count
from voicecoach.content.translation import Guidance
from voicecoach.script.script import Cue, Say, SpeechCue, Tone, Where
from voicecoach.script.timeline import Event, Timeline

HERE = Where(block=0)
BOTH = pytest.mark.parametrize("preset", [DAY, NIGHT], ids=["day", "night"])
ROUNDING = 1.5 / 32768
ROUNDING_DB = 0.01


def voice(length_ms: int) -> Samples:
    """Something that buzzes like a voice, faded at its ends."""
    time_s = np.arange(sample_count(length_ms)) / SAMPLE_RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 190 * n * time_s) / n for n in range(1, 12))
    fade = np.clip(np.minimum(time_s, time_s[::-1]) / 0.015, 0, 1)
    return (buzz * fade).astype(np.float32)


def recorded(length_ms: int, sound: Samples | None = None) -> Recording:
    """``sound``, or a voice, as the cache keeps it."""
    sound = voice(length_ms) if sound is None else sound
    samples = np.rint(0.9 * sound / np.abs(sound).max() * 32767).astype("<i2")
    return levelled(Recording(samples=samples.tobytes()))


def full_scale(length_ms: int) -> Recording:
    """As loud as samples go: no recording of the cache is, but the mix must stand it."""
    samples = (32767 * np.sign(voice(length_ms))).astype("<i2")
    return Recording(samples=samples.tobytes())


def loop_of(sound: Samples) -> Loop:
    """``sound`` as a loop of the cache, at its level."""
    gain_db = LOOP_LUFS - integrated_lufs(sound)
    return np.rint(np.clip(sound * 10 ** (gain_db / 20), -1, 1) * 32767).astype(np.int16)


def even_loop(length_ms: int = 1700) -> Loop:
    return loop_of(np.random.default_rng(1).standard_normal(sample_count(length_ms)) * 0.1)


def peaky_loop() -> Loop:
    """A loop that is mostly soft and has peaks at full scale."""
    sound = np.random.default_rng(2).standard_normal(sample_count(2300)) * 300
    sound[:: sample_count(170)] = 32767
    sound[7 :: sample_count(170)] = -32768
    return sound.astype(np.int16)


def say(text: str, start_ms: int, length_ms: int) -> Event:
    sound = Say(text=text, cue=SpeechCue.SAY, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def tone(cue: Cue, start_ms: int, length_ms: int) -> Event:
    sound = Tone(cue=cue, length_ms=length_ms, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is to be mixed; ``with_`` of another loop or preset is another scene."""

    events: tuple[Event, ...]
    duration_ms: int = 3000
    preset: Preset = DAY
    loop: Loop | None = None
    recordings: dict[str, Recording] = field(default_factory=dict)

    @property
    def timeline(self) -> Timeline:
        return Timeline(
            session="test",
            title="",
            guidance=Guidance.FULL,
            duration_ms=self.duration_ms,
            blocks=(),
            events=tuple(sorted(self.events, key=lambda event: event.start_ms)),
            chapters=(),
            misfits=(),
        )

    def blocks(self) -> Iterator[Samples]:
        lengths = {
            e.sound.text: e.end_ms - e.start_ms for e in self.events if isinstance(e.sound, Say)
        }

        def recording_of(text: str) -> Recording:
            return self.recordings.get(text) or recorded(lengths[text])

        for block in mix.mix(self.timeline, recording_of, self.preset, self.loop):
            assert (block.frame_rate, block.channels, block.sample_width) == (SAMPLE_RATE_HZ, 1, 2)
            yield np.frombuffer(block.raw_data, "<i2").astype(np.float32) / 32767

    def mixed(self) -> Samples:
        return np.concatenate(list(self.blocks()))


def mixed(
    *events: Event,
    duration_ms: int = 3000,
    preset: Preset = DAY,
    loop: Loop | None = None,
    **recordings: Recording,
) -> Samples:
    scene = Scene(
        events=events, duration_ms=duration_ms, preset=preset, loop=loop, recordings=recordings
    )
    return scene.mixed()


def part(sound: Samples, start_ms: int, end_ms: int) -> Samples:
    return sound[sample_count(start_ms) : sample_count(end_ms)]


def level_dbfs(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(sound.astype(float) ** 2)))


def weighed_lufs(sound: Samples) -> float:
    return lufs(float(np.mean(k_weighted(sound).astype(float) ** 2)))


# --- time ---


@pytest.mark.parametrize("duration_ms", [1, 3000, 5944, 5945, 12_345])
def test_the_track_is_as_long_as_the_timeline(duration_ms: int) -> None:
    assert len(mixed(duration_ms=duration_ms)) == sample_count(duration_ms)


@pytest.mark.parametrize("start_ms", [0, 1000, 1037])
def test_words_stand_at_their_time(start_ms: int) -> None:
    track = mixed(say("a", start_ms, 500))
    alone = np.frombuffer(recorded(500).samples, "<i2") / 32767
    assert np.abs(part(track, start_ms, start_ms + 500) - alone).max() < ROUNDING
    assert not part(track, 0, start_ms).any()
    assert not part(track, start_ms + 501, 3000).any()


@pytest.mark.parametrize("start_ms", [0, 800, 1037])
@pytest.mark.parametrize("cue", [Cue.TIGHTEN, Cue.RELEASE, Cue.HOLD])
@BOTH
def test_a_tone_stands_at_its_time(cue: Cue, start_ms: int, preset: Preset) -> None:
    track = mixed(tone(cue, start_ms, 700), preset=preset)
    alone = tones.render(cue, 700, preset)
    assert np.abs(part(track, start_ms, start_ms + 700) - alone).max() < ROUNDING
    assert not part(track, 0, start_ms).any()
    assert not part(track, start_ms + 700, 3000).any()


def test_what_sounds_together_is_added_up() -> None:
    first, second = tone(Cue.TIGHTEN, 300, 700), tone(Cue.SET, 600, 1100)
    together = mixed(first, second)
    assert np.abs(together - (mixed(first) + mixed(second))).max() < 2 * ROUNDING


def test_a_sound_that_is_still_ringing_at_the_end_goes_no_further() -> None:
    assert len(mixed(tone(Cue.DONE, 2000, 3000), duration_ms=3000)) == sample_count(3000)


# --- level ---


@BOTH
def test_words_are_as_loud_as_the_preset_says(preset: Preset) -> None:
    track = mixed(say("a", 1000, 900), preset=preset)
    assert repeated_lufs(part(track, 1000, 1900)) == pytest.approx(preset.speech_lufs, abs=0.1)


@BOTH
@pytest.mark.parametrize("cue", [Cue.TIGHTEN, Cue.RELEASE, Cue.SET])
def test_a_tone_is_as_far_under_the_voice_as_the_preset_says(cue: Cue, preset: Preset) -> None:
    track = mixed(tone(cue, 500, 1800), preset=preset)
    assert preset.speech_lufs - loudest_momentary_lufs(track) == pytest.approx(
        preset.tone_below_lu, abs=0.05
    )


@BOTH
def test_a_tone_steps_back_under_words_and_comes_back(preset: Preset) -> None:
    glide, words = tone(Cue.INHALE, 0, 6000), say("a", 2500, 800)
    alone = mixed(glide, duration_ms=6000, preset=preset)
    under = mixed(glide, words, duration_ms=6000, preset=preset) - mixed(
        words, duration_ms=6000, preset=preset
    )
    stepped_back_db = preset.tone_below_lu - preset.tone_under_words_lu
    for start_ms, end_ms, expected_db in (
        (2300, 2490, 0),
        (2570, 3230, stepped_back_db),
        (3560, 3800, 0),
    ):
        change_db = level_dbfs(part(under, start_ms, end_ms)) - level_dbfs(
            part(alone, start_ms, end_ms)
        )
        assert change_db == pytest.approx(expected_db, abs=0.1)


@BOTH
def test_where_a_tone_is_loudest_it_is_still_well_under_the_words(preset: Preset) -> None:
    glide, words = tone(Cue.EXHALE, 0, 4000), say("a", 400, 2000)
    under = mixed(glide, words, duration_ms=4000, preset=preset) - mixed(
        words, duration_ms=4000, preset=preset
    )
    below_lu = preset.speech_lufs - loudest_momentary_lufs(part(under, 460, 2340))
    assert below_lu >= preset.tone_under_words_lu - 0.2


def test_a_tick_is_soft_enough_to_stay_as_it_is_under_words() -> None:
    tick, words = tone(Cue.HOLD, 1000, 120), say("a", 900, 800)
    under = mixed(tick, words) - mixed(words)
    assert np.abs(under - mixed(tick)).max() < 2 * ROUNDING


@given(
    st.lists(st.integers(100, 1500), min_size=1, max_size=4),
    st.lists(st.integers(100, 900), min_size=4, max_size=4),
    st.integers(-700, 1500),
)
@settings(deadline=None, max_examples=30)
def test_a_tone_steps_back_and_returns_smoothly_whatever_is_said(
    lengths_ms: list[int], gaps_ms: list[int], start_ms: int
) -> None:
    """Words of any length, before, in and after it: it is never louder than it was, never softer
    than under words, and its height never jumps."""
    words = []
    for number, (length_ms, gap_ms) in enumerate(zip(lengths_ms, gaps_ms, strict=False)):
        words.append(say(str(number), max(0, 1000 + start_ms), length_ms))
        start_ms += length_ms + gap_ms
    gain = glide_gain(*words)
    assert gain.max() <= 1.01
    assert gain.min() >= 10 ** (tones.under_words_db(Cue.INHALE, DAY) / 20) - 0.01
    assert np.abs(np.diff(gain)).max() <= 0.05


def glide_gain(*words: Event) -> np.ndarray:
    """What is left of a glide under ``words``, every 2 ms of its louder half."""
    glide = tone(Cue.INHALE, 1000, 3000)
    silent = {
        event.sound.text: Recording(samples=bytes(2 * sample_count(event.end_ms - event.start_ms)))
        for event in words
        if isinstance(event.sound, Say)
    }
    before = tones.render(Cue.INHALE, 3000, DAY)
    track = Scene(events=(glide, *words), duration_ms=4000, recordings=silent).mixed()
    after = part(track, 1000, 4000)
    frame = sample_count(2)
    louder = slice(sample_count(1000), sample_count(1000) + frame * 800)
    energy, kept = (
        np.sum((after[louder] * before[louder]).reshape(-1, frame), axis=1),
        np.sum((before[louder] ** 2).reshape(-1, frame), axis=1),
    )
    return energy / kept


def test_a_tone_is_unchanged_until_words_begin() -> None:
    track = mixed(tone(Cue.RELEASE, 0, 1800), say("a", 300, 900))
    alone = tones.render(Cue.RELEASE, 1800, DAY)
    assert np.abs(part(track, 0, 300) - part(alone, 0, 300)).max() < ROUNDING


# --- the bed ---


@BOTH
def test_the_bed_lies_as_far_under_the_voice_as_the_preset_says(preset: Preset) -> None:
    track = mixed(duration_ms=20_000, preset=preset, loop=even_loop())
    bed_lufs = integrated_lufs(part(track, 5000, 13_000))
    assert preset.speech_lufs - bed_lufs == pytest.approx(preset.bed_below_lu, abs=0.2)


def test_the_loop_begins_with_the_track_and_follows_itself() -> None:
    loop = even_loop(2900)
    track = mixed(duration_ms=20_000, loop=loop)
    full = slice(sample_count(5000), sample_count(13_000))
    place = np.arange(len(track))[full] % len(loop)
    expected = loop[place] * (10 ** ((DAY.speech_lufs - DAY.bed_below_lu - LOOP_LUFS) / 20) / 32768)
    assert np.abs(track[full] - expected).max() < ROUNDING


def test_the_bed_comes_out_of_silence_and_goes_back_into_it() -> None:
    track = mixed(duration_ms=20_000, loop=even_loop())
    beginning, end = (weighed_lufs(part(track, at_ms, at_ms + 100)) for at_ms in (0, 19_900))
    middle = weighed_lufs(part(track, 5000, 13_000))
    assert max(beginning, end) < middle - 20


def test_the_bed_is_softer_under_words_and_does_not_pump() -> None:
    """6 dB softer while words last and in short pauses between them; back in long ones."""
    words = (say("a", 6000, 1500), say("b", 8300, 1500), say("c", 14_000, 1000))
    silent = {text: Recording(samples=bytes(2 * sample_count(1000))) for text in "abc"}
    track = mixed(*words, duration_ms=24_000, loop=even_loop(), **silent)
    levels_db = {
        name: weighed_lufs(part(track, start_ms, end_ms))
        for name, start_ms, end_ms in (
            ("before", 4500, 5400),
            ("words", 6000, 7500),
            ("short pause", 7500, 8300),
            ("long pause", 10_500, 13_400),
        )
    }
    assert levels_db["words"] - levels_db["before"] == pytest.approx(-6, abs=1)
    assert levels_db["short pause"] == pytest.approx(levels_db["words"], abs=1)
    assert levels_db["long pause"] == pytest.approx(levels_db["before"], abs=1)


# --- seams ---


def lively() -> tuple[Event, ...]:
    return (
        tone(Cue.INHALE, 0, 3000),
        say("a", 400, 700),
        tone(Cue.RELEASE, 1200, 1800),
        say("b", 1500, 900),
        tone(Cue.HOLD, 2900, 120),
        tone(Cue.DONE, 3300, 3000),
    )


@pytest.mark.parametrize("block_samples", [661, 1001, 22_050, 40_000])
@pytest.mark.parametrize("with_bed", ["no bed", "bed"])
def test_blocks_join_without_a_seam(
    monkeypatch: pytest.MonkeyPatch, block_samples: int, with_bed: str
) -> None:
    scene = Scene(
        events=lively(), duration_ms=6300, loop=even_loop() if with_bed == "bed" else None
    )
    monkeypatch.setattr(mix, "_BLOCK_SAMPLES", 1 << 20)
    at_once = scene.mixed()
    monkeypatch.setattr(mix, "_BLOCK_SAMPLES", block_samples)
    blocks = list(scene.blocks())
    assert len(blocks) == -(-len(at_once) // block_samples)
    assert np.abs(np.concatenate(blocks) - at_once).max() < ROUNDING


@pytest.mark.parametrize("block_samples", [661, 5000, 22_050])
def test_blocks_join_without_a_seam_where_peaks_are_held_down(
    monkeypatch: pytest.MonkeyPatch, block_samples: int
) -> None:
    scene = Scene(
        events=lively(),
        duration_ms=6300,
        loop=peaky_loop(),
        recordings={"a": full_scale(700), "b": full_scale(900)},
    )
    monkeypatch.setattr(mix, "_BLOCK_SAMPLES", 1 << 20)
    at_once = scene.mixed()
    assert true_peak_dbtp(at_once) > mix.CEILING_DBTP - 0.5, "the limiter has work to do"
    monkeypatch.setattr(mix, "_BLOCK_SAMPLES", block_samples)
    assert np.abs(scene.mixed() - at_once).max() < ROUNDING


# --- peaks ---


@BOTH
def test_nothing_laid_on_top_of_anything_peaks_over_the_ceiling(preset: Preset) -> None:
    track = mixed(
        say("a", 0, 1000),
        tone(Cue.TIGHTEN, 0, 700),
        tone(Cue.SET, 100, 1100),
        tone(Cue.DONE, 100, 3000),
        say("b", 1200, 700),
        preset=preset,
        loop=peaky_loop(),
        a=full_scale(1000),
        b=full_scale(700),
    )
    assert mix.CEILING_DBTP == -2
    assert true_peak_dbtp(track) <= mix.CEILING_DBTP + ROUNDING_DB


@BOTH
def test_a_voice_of_the_cache_keeps_its_wave_under_tones_and_bed(preset: Preset) -> None:
    """A recording leaves room for what sounds with it: the limiter has nothing to do."""
    events = (say("a", 500, 1500), tone(Cue.RELEASE, 200, 1800), tone(Cue.HOLD, 1000, 120))
    track = mixed(*events, preset=preset)
    parts = [mixed(event, preset=preset) for event in (events[0], events[2])]
    ducked = mixed(*events[:2], preset=preset) - mixed(events[0], preset=preset)
    assert np.abs(track - (sum(parts) + ducked)).max() < 4 * ROUNDING


# --- memory ---


def test_a_long_session_takes_no_more_memory_than_a_short_one() -> None:
    def most_bytes(minutes: int) -> int:
        second_ms = range(0, minutes * 60_000 - 5000, 4000)
        events = [say("a", at_ms, 900) for at_ms in second_ms]
        events += [tone(Cue.TIGHTEN, at_ms + 1000, 700) for at_ms in second_ms]
        scene = Scene(
            events=tuple(events),
            duration_ms=minutes * 60_000,
            loop=even_loop(),
            recordings={"a": recorded(900)},
        )
        tracemalloc.start()
        for _ in scene.blocks():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    most_bytes(1)  # fills the caches
    assert most_bytes(20) < 1.2 * most_bytes(2)


def test_blocks_are_mixed_as_they_are_asked_for() -> None:
    asked: list[str] = []

    def recording_of(text: str) -> Recording:
        asked.append(text)
        return recorded(500)

    minute = Scene(events=(say("a", 0, 500), say("b", 50_000, 500)), duration_ms=60_000).timeline
    blocks = mix.mix(minute, recording_of, DAY)
    next(blocks)
    assert asked[:1] == ["a"]
    assert len(list(blocks)) > 5
    assert asked == ["a", "b"]
