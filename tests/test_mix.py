"""Words and tones in one track: at their time, at their level, without a seam."""

import numpy as np
import pytest

from voicecoach import mix, tones
from voicecoach.script import Cue, Say, SpeechCue, Tone, Where
from voicecoach.speech.recording import SAMPLE_RATE_HZ, Recording
from voicecoach.timeline import Event, Timeline

HERE = Where(block=0)


def sine(length_ms: int, level: float) -> Recording:
    """A recording of a plain tone, which stands for a voice where only its level counts."""
    time_s = np.arange(length_ms * SAMPLE_RATE_HZ // 1000) / SAMPLE_RATE_HZ
    wave = level * np.sin(2 * np.pi * 200 * time_s) * 32767
    return Recording(samples=wave.astype("<i2").tobytes())


def say(text: str, start_ms: int, length_ms: int) -> Event:
    sound = Say(text=text, cue=SpeechCue.SAY, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def tone(cue: Cue, start_ms: int, length_ms: int) -> Event:
    sound = Tone(cue=cue, length_ms=length_ms, where=HERE)
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def mixed(*events: Event, duration_ms: int = 3000, level: float = 0.3) -> np.ndarray:
    lengths = {e.sound.text: e.end_ms - e.start_ms for e in events if isinstance(e.sound, Say)}
    timeline = Timeline(
        session="test",
        title="",
        duration_ms=duration_ms,
        blocks=(),
        events=events,
        chapters=(),
        misfits=(),
    )
    blocks = mix.mix(timeline, lambda text: sine(lengths[text], level))
    samples = b"".join(block.raw_data for block in blocks)
    return np.frombuffer(samples, "<i2").astype(float) / 32767


def level_dbfs(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(sound**2)))


def part(sound: np.ndarray, start_ms: int, end_ms: int) -> np.ndarray:
    return sound[start_ms * SAMPLE_RATE_HZ // 1000 : end_ms * SAMPLE_RATE_HZ // 1000]


def test_the_track_is_as_long_as_the_timeline() -> None:
    assert len(mixed(duration_ms=3000)) == 3 * SAMPLE_RATE_HZ


def test_a_sound_stands_at_its_time() -> None:
    track = mixed(say("a", 1000, 500))
    sounding = np.flatnonzero(np.abs(track) > 0.01)
    assert sounding[0] / SAMPLE_RATE_HZ == pytest.approx(1.0, abs=0.001)
    assert sounding[-1] / SAMPLE_RATE_HZ == pytest.approx(1.5, abs=0.001)


@pytest.mark.parametrize("recorded_level", [0.01, 0.3, 0.99])
def test_every_recording_comes_to_the_same_level(recorded_level: float) -> None:
    track = mixed(say("a", 1000, 500), level=recorded_level)
    assert level_dbfs(part(track, 1000, 1500)) == pytest.approx(mix.SPEECH_LEVEL_DBFS, abs=0.5)


def test_a_tone_steps_back_under_words_and_comes_back() -> None:
    alone = mixed(tone(Cue.REST, 0, 3000))
    words = mixed(say("a", 1000, 800))
    both = mixed(tone(Cue.REST, 0, 3000), say("a", 1000, 800))
    under = both - words
    before = level_dbfs(part(under, 900, 1000)) - level_dbfs(part(alone, 900, 1000))
    during = level_dbfs(part(under, 1100, 1700)) - level_dbfs(part(alone, 1100, 1700))
    after = level_dbfs(part(under, 1900, 2000)) - level_dbfs(part(alone, 1900, 2000))
    assert before == pytest.approx(0, abs=0.1)
    assert during == pytest.approx(-7, abs=0.3)
    assert after == pytest.approx(0, abs=0.1)


def test_a_tone_is_unchanged_until_words_begin() -> None:
    track = mixed(tone(Cue.RELEASE, 0, 1800), say("a", 300, 900))
    alone = tones.render(Cue.RELEASE, 1800)
    length = 300 * SAMPLE_RATE_HZ // 1000
    assert np.abs(track[:length] - alone[:length]).max() < 1e-4


def test_blocks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    events = (tone(Cue.INHALE, 0, 3000), say("a", 400, 700), tone(Cue.RELEASE, 1200, 1800))
    whole = mixed(*events)
    monkeypatch.setattr(mix, "_BLOCK_SAMPLES", 1001)
    assert np.array_equal(mixed(*events), whole)


def test_nothing_is_clipped() -> None:
    track = mixed(say("a", 0, 1000), tone(Cue.TIGHTEN, 0, 700), level=1.0)
    assert np.abs(track).max() < 0.9
