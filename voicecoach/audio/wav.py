"""WAV files of 16-bit samples: reading, writing, resampling and trimming silence."""

import wave
from io import BytesIO
from typing import IO

import numpy as np
import soxr

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Recording, sample_count
from voicecoach.errors import SpeechError

_SILENCE_BELOW_PEAK = 100
"""Samples this many times below the peak (-40 dB) are silence: below the softest "f" of eSpeak
(-37 dB), above the echo it leaves (-45 dB)."""
_KEEP_BEFORE_MS = 10
_KEEP_AFTER_MS = 30
_LEAST_PEAK = 300
_LEAST_MS = 60


def parse(data: bytes, *, name: str) -> Recording:
    """Reads the WAV file ``data``; errors call it ``name``.

    Raises SpeechError unless it is 16-bit mono at our rate.
    """
    try:
        with wave.open(BytesIO(data), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            count = file.getnframes()
            samples = file.readframes(count)
    except (EOFError, wave.Error) as error:
        raise SpeechError(f"{name}: not a readable WAV file ({error})") from error
    if shape != (1, 2, SAMPLE_RATE_HZ):
        raise SpeechError(f"{name}: not 16-bit mono at {SAMPLE_RATE_HZ} Hz")
    if len(samples) != 2 * count:
        raise SpeechError(f"{name}: a part of the recording is missing")
    return Recording(samples=samples)


def write(recording: Recording, file: IO[bytes]) -> None:
    """Writes ``recording`` as a WAV file with a header of WAV_HEADER_BYTES bytes."""
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE_HZ)
        out.writeframes(recording.samples)


def trimmed(recording: Recording) -> Recording:
    """``recording`` without the silence at both ends.

    Raises SpeechError if it holds no sound.
    """
    level = np.abs(np.frombuffer(recording.samples, dtype="<i2").astype(np.int32))
    peak = int(level.max(initial=0))
    sounding = np.flatnonzero(level > peak // _SILENCE_BELOW_PEAK)
    if peak < _LEAST_PEAK or sounding[-1] - sounding[0] < sample_count(_LEAST_MS):
        raise SpeechError("the recording holds no sound")
    start = max(0, int(sounding[0]) - sample_count(_KEEP_BEFORE_MS))
    end = int(sounding[-1]) + 1 + sample_count(_KEEP_AFTER_MS)
    return Recording(samples=recording.samples[2 * start : 2 * end])


def resampled(sound: Samples, rate_hz: int) -> Samples:
    """``sound``, of one channel at ``rate_hz``, at SAMPLE_RATE_HZ."""
    if rate_hz == SAMPLE_RATE_HZ:
        return sound
    samples: Samples = soxr.resample(sound, rate_hz, SAMPLE_RATE_HZ, "HQ")
    return samples


def wav_file(sound: Samples) -> bytes:
    """A WAV file of ``sound``, one channel at SAMPLE_RATE_HZ, full scale at 1."""
    file = BytesIO()
    samples = np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    write(Recording(samples=samples), file)
    return file.getvalue()
