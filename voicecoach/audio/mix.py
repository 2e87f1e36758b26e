"""Timeline -> AudioSegments: words, tones and bed in one track. The only importer of pydub."""

import functools
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from voicecoach.audio import dynamics, tones
from voicecoach.audio.bed import Bed, Loop
from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset, Recording, sample_count
from voicecoach.script.script import Cue, Say, Tone
from voicecoach.script.timeline import Event, Timeline

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub looks for ffmpeg, which we never call
    from pydub import AudioSegment

CEILING_DBTP = -2.0
"""True peak of a track before it is encoded, which may raise it by half a decibel or so."""
_DUCK_RAMP_MS = 60
_RETURN_RAMP_MS = 250
_SHORTEST_RETURN_MS = 900
"""In a pause between words that is shorter, a tone stays where it is."""
_BLOCK_SAMPLES = 1 << 17
"""Six seconds: half a megabyte, so that a block stays near the processor while it is mixed."""

_Placed = tuple[int, Samples]
"""The sample at which a sound starts, and the sound."""


def mix(
    timeline: Timeline,
    recording_of: Callable[[str], Recording],
    preset: Preset,
    loop: Loop | None = None,
) -> Iterator[AudioSegment]:
    """The track of ``timeline`` in blocks that follow each other without a seam.

    ``recording_of`` answers the recording of an utterance, at SPEECH_LUFS; ``loop`` is the bed.
    Samples have 16 bits, one channel. Only a block is in memory at a time, however long the session
    is. Each is mixed with as much before and after it as the limiter looks at.
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
    """Every sound of ``timeline`` and the sample at which it starts, in order of start."""
    speech = [event for event in timeline.events if isinstance(event.sound, Say)]
    for event in timeline.events:
        match event.sound:
            case Say(text=text):
                yield sample_count(event.start_ms), _voice(recording_of(text), preset)
            case Tone(cue=cue, length_ms=length_ms):
                sound = _ducked(cue, length_ms, preset, _words_over(event, speech))
                yield sample_count(event.start_ms), sound


def _add(block: Samples, sound: Samples, offset: int) -> None:
    """Adds to ``block`` what falls into it of ``sound``, which starts at ``offset``."""
    first = max(0, -offset)
    place = block[max(0, offset) : max(0, offset + len(sound))]
    place += sound[first : first + len(place)]


@functools.lru_cache(maxsize=128)
def _voice(recording: Recording, preset: Preset) -> Samples:
    sound = np.frombuffer(recording.samples, dtype="<i2").astype(np.float32)
    return sound * np.float32(10 ** (preset.speech_gain_db / 20) / 32768)


def _words_over(tone: Event, speech: list[Event]) -> tuple[tuple[int, int], ...]:
    """Start and end of the words spoken while ``tone`` sounds, in ms after its start."""
    return tuple(
        (event.start_ms - tone.start_ms, event.end_ms - tone.start_ms)
        for event in speech
        if event.start_ms < tone.end_ms and event.end_ms > tone.start_ms
    )


@functools.lru_cache(maxsize=64)
def _ducked(
    cue: Cue, length_ms: int, preset: Preset, words: tuple[tuple[int, int], ...]
) -> Samples:
    """A tone that steps back while there are words over it, as one repetition is like the next."""
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
