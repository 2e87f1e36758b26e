"""Timeline -> AudioSegments: words, tones and bed in one track. The only importer of pydub."""

import functools
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from voicecoach.audio import dynamics, tones
from voicecoach.audio.bed import Bed, Loop
from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset, Recording, sample_count
from voicecoach.content.kinds.dose import Cue
from voicecoach.script.script import Say, Tone
from voicecoach.script.timeline import Event, Timeline

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub looks for ffmpeg, which we never call
    from pydub import AudioSegment

CEILING_DBTP = -2.0
"""True peak of a track before encoding, which may raise it by about half a decibel."""
_DUCK_RAMP_MS = 60
_RETURN_RAMP_MS = 250
_SHORTEST_RETURN_MS = 900
"""In shorter pauses between words a tone stays ducked."""
_BLOCK_SAMPLES = 1 << 17
"""Six seconds: half a megabyte, so that a block stays in the processor's cache."""

_Placed = tuple[int, Samples]
"""The sample at which a sound starts, and the sound."""


def mix(
    timeline: Timeline,
    recording_of: Callable[[str], Recording],
    preset: Preset,
    loop: Loop | None = None,
) -> Iterator[AudioSegment]:
    """The track of ``timeline`` in contiguous blocks of 16-bit samples, one channel.

    ``recording_of`` returns the recording of an utterance's text, at SPEECH_LUFS; ``loop`` is the
    bed. Only one block is in memory at a time, however long the session is. Each is mixed with as
    much sound before and after it as the limiter reaches.
    """
    bed = None if loop is None else Bed(loop, preset, _spoken_ms(timeline), timeline.duration_ms)
    sounds = _sounds(timeline, recording_of, preset)
    waiting = next(sounds, None)
    sounding: list[_Placed] = []
    end = sample_count(timeline.duration_ms)
    margin = sample_count(dynamics.REACH_MS)
    for block_start in range(0, end, _BLOCK_SAMPLES):
        first = block_start - margin
        last = min(block_start + _BLOCK_SAMPLES, end) + margin
        block = np.zeros(last - first, dtype=np.float32)
        while waiting is not None and waiting[0] < last:
            sounding.append(waiting)
            waiting = next(sounds, None)
        for start, sound in sounding:
            _add(block, sound, start - first)
        sounding = [each for each in sounding if each[0] + len(each[1]) > last - 2 * margin]
        if bed is not None:
            bed.add_to(block, first)
        yield _segment(dynamics.limited(block, CEILING_DBTP)[margin:-margin])


def _spoken_ms(timeline: Timeline) -> list[tuple[int, int]]:
    return [(e.start_ms, e.end_ms) for e in timeline.events if isinstance(e.sound, Say)]


def _segment(sound: Samples) -> AudioSegment:
    return AudioSegment(
        data=np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes(),
        sample_width=2,
        frame_rate=SAMPLE_RATE_HZ,
        channels=1,
    )


def _sounds(
    timeline: Timeline, recording_of: Callable[[str], Recording], preset: Preset
) -> Iterator[_Placed]:
    """Every sound of ``timeline`` with its first sample, in order of start."""
    speech = [event for event in timeline.events if isinstance(event.sound, Say)]
    for event in timeline.events:
        match event.sound:
            case Say(text=text):
                yield sample_count(event.start_ms), _voice(recording_of(text), preset)
            case Tone(cue=cue, length_ms=length_ms):
                sound = _ducked(cue, length_ms, preset, _words_over(event, speech))
                yield sample_count(event.start_ms), sound


def _add(block: Samples, sound: Samples, offset: int) -> None:
    """Adds the part of ``sound``, which starts at ``offset``, that overlaps ``block``."""
    first = max(0, -offset)
    place = block[max(0, offset) : max(0, offset + len(sound))]
    place += sound[first : first + len(place)]


@functools.lru_cache(maxsize=128)
def _voice(recording: Recording, preset: Preset) -> Samples:
    sound = np.frombuffer(recording.samples, dtype="<i2").astype(np.float32)
    return sound * np.float32(10 ** (preset.speech_gain_db / 20) / 32768)


def _words_over(tone: Event, speech: list[Event]) -> tuple[tuple[int, int], ...]:
    """Start and end of each utterance spoken while ``tone`` sounds, in ms after its start."""
    return tuple(
        (event.start_ms - tone.start_ms, event.end_ms - tone.start_ms)
        for event in speech
        if event.start_ms < tone.end_ms and event.end_ms > tone.start_ms
    )


@functools.lru_cache(maxsize=64)
def _ducked(
    cue: Cue, length_ms: int, preset: Preset, words: tuple[tuple[int, int], ...]
) -> Samples:
    """A tone that is softer under ``words``; cached, because repetitions are alike."""
    sound = tones.render(cue, length_ms, preset)
    if not words:
        return sound
    under_words_db = tones.under_words_db(cue, preset)
    points: list[tuple[float, float]] = []
    for start_ms, end_ms in words:
        middle_ms = (start_ms + end_ms) / 2
        if points and start_ms - points[-1][0] < _SHORTEST_RETURN_MS - _RETURN_RAMP_MS:
            points[-2:] = []
        else:
            points += [
                (start_ms, 0.0),
                (min(start_ms + _DUCK_RAMP_MS, middle_ms), under_words_db),
            ]
        points += [(end_ms, under_words_db), (end_ms + _RETURN_RAMP_MS, 0.0)]
    at_ms, gain_db = zip(*points, strict=True)
    time_ms = np.arange(len(sound)) * (1000 / SAMPLE_RATE_HZ)
    ducked: Samples = (sound * 10 ** (np.interp(time_ms, at_ms, gain_db) / 20)).astype(np.float32)
    return ducked
