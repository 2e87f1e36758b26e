"""Timeline -> AudioSegments: words and tones laid into one track. The only importer of pydub."""

import functools
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from voicecoach import tones
from voicecoach.script import Cue, Say, Tone
from voicecoach.speech.recording import SAMPLE_RATE_HZ, Recording
from voicecoach.timeline import Event, Timeline
from voicecoach.tones import Samples

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub looks for ffmpeg, which we never call
    from pydub import AudioSegment

SPEECH_LEVEL_DBFS = -20.0
"""RMS of every recording, its pauses left out."""
_HIGHEST_PEAK_DBFS = -2.0
_PAUSE_BELOW_PEAK_DB = 30.0
_DUCK_DB = -7.0
"""How far a tone steps back while words are spoken."""
_DUCK_RAMP_MS = 60
_BLOCK_SAMPLES = 1 << 17
"""Six seconds: half a megabyte, so that a block stays near the processor while it is mixed."""

_Placed = tuple[int, Samples]
"""The sample at which a sound starts, and the sound."""


def mix(timeline: Timeline, recording_of: Callable[[str], Recording]) -> Iterator[AudioSegment]:
    """The track of ``timeline`` in blocks that follow each other without a seam.

    ``recording_of`` answers the recording of an utterance. Samples have 16 bits, one channel.
    Only a block is in memory at a time, however long the session is.
    """
    sounds = _sounds(timeline, recording_of)
    waiting = next(sounds, None)
    sounding: list[_Placed] = []
    end = _samples(timeline.duration_ms)
    for block_start in range(0, end, _BLOCK_SAMPLES):
        block = np.zeros(min(_BLOCK_SAMPLES, end - block_start), dtype=np.float32)
        while waiting is not None and waiting[0] < block_start + len(block):
            sounding.append(waiting)
            waiting = next(sounds, None)
        for start, sound in sounding:
            _add(block, sound, start - block_start)
        sounding = [each for each in sounding if each[0] + len(each[1]) > block_start + len(block)]
        np.clip(block, -1, 1, out=block)
        np.rint(np.multiply(block, 32767, out=block), out=block)
        yield AudioSegment(
            data=block.astype("<i2").tobytes(),
            sample_width=2,
            frame_rate=SAMPLE_RATE_HZ,
            channels=1,
        )


def _sounds(timeline: Timeline, recording_of: Callable[[str], Recording]) -> Iterator[_Placed]:
    """Every sound of ``timeline`` and the sample at which it starts, in order of start."""
    speech = [event for event in timeline.events if isinstance(event.sound, Say)]
    for event in timeline.events:
        match event.sound:
            case Say(text=text):
                yield _samples(event.start_ms), _levelled(recording_of(text))
            case Tone(cue=cue, length_ms=length_ms):
                sound = _ducked(cue, length_ms, _words_over(event, speech))
                yield _samples(event.start_ms), sound


def _add(block: Samples, sound: Samples, offset: int) -> None:
    """Adds to ``block`` what falls into it of ``sound``, which starts at ``offset``."""
    first = max(0, -offset)
    place = block[max(0, offset) : max(0, offset + len(sound))]
    place += sound[first : first + len(place)]


@functools.lru_cache(maxsize=128)
def _levelled(recording: Recording) -> Samples:
    """The recording at SPEECH_LEVEL_DBFS, softer where its peaks would stand too high."""
    sound = np.frombuffer(recording.samples, dtype="<i2").astype(np.float32) / 32768
    peak = np.abs(sound).max()
    active = sound[np.abs(sound) > peak * 10 ** (-_PAUSE_BELOW_PEAK_DB / 20)]
    gain = 10 ** (SPEECH_LEVEL_DBFS / 20) / np.sqrt(np.mean(active**2))
    highest = 10 ** (_HIGHEST_PEAK_DBFS / 20) / peak
    levelled: Samples = (sound * min(gain, highest)).astype(np.float32)
    return levelled


def _words_over(tone: Event, speech: list[Event]) -> tuple[tuple[int, int], ...]:
    """Start and end of the words spoken while ``tone`` sounds, in ms after its start."""
    return tuple(
        (event.start_ms - tone.start_ms, event.end_ms - tone.start_ms)
        for event in speech
        if event.start_ms < tone.end_ms and event.end_ms > tone.start_ms
    )


@functools.lru_cache(maxsize=64)
def _ducked(cue: Cue, length_ms: int, words: tuple[tuple[int, int], ...]) -> Samples:
    """A tone that steps back while there are words over it, as one repetition is like the next."""
    sound = tones.render(cue, length_ms)
    if not words:
        return sound
    points = [
        point
        for start_ms, end_ms in words
        for point in (
            (start_ms, 0.0),
            (start_ms + _DUCK_RAMP_MS, _DUCK_DB),
            (end_ms - _DUCK_RAMP_MS, _DUCK_DB),
            (end_ms, 0.0),
        )
    ]
    at_ms, gain_db = zip(*points, strict=True)
    time_ms = np.arange(len(sound)) * (1000 / SAMPLE_RATE_HZ)
    ducked: Samples = (sound * 10 ** (np.interp(time_ms, at_ms, gain_db) / 20)).astype(np.float32)
    return ducked


def _samples(duration_ms: int) -> int:
    return round(duration_ms * SAMPLE_RATE_HZ / 1000)
