"""Recordings: WAV files, trimming silence, one loudness for all; and the limiter of true peaks."""

import wave
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import soxr

from voicecoach.audio.loudness import Samples, repeated_lufs
from voicecoach.audio.signal import SAMPLE_RATE_HZ, SPEECH_LUFS, Recording, sample_count
from voicecoach.errors import SpeechError

_SILENCE_BELOW_PEAK = 100
"""Samples this many times below the peak (-40 dB) are silence: below the softest "f" of eSpeak
(-37 dB), above the echo it leaves (-45 dB)."""
_KEEP_BEFORE_MS = 10
_KEEP_AFTER_MS = 30
_BLOCK_VALUES = 1 << 19
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


def blocks_of(file: Any) -> Iterator[Samples]:
    """The sound of an open ``soundfile.SoundFile`` in blocks of at most a second, of shape (frames,
    channels)."""
    # or soundfile seeks after every block, after which an MP3 continues with a click
    file.seekable = lambda: False
    frames = min(file.samplerate, _BLOCK_VALUES // file.channels)
    while len(block := file.read(frames, "float32", always_2d=True)):
        yield block


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


REACH_MS = 30
"""The furthest before and after a peak that the limiter changes the sound."""
_TURN_MS = 12
"""Time the gain takes to go down before a peak, and to come back after it."""
_PHASES = 4
_TAPS = 24
_NEAR_PEAK = 0.7
"""Peaks between samples are computed only next to samples above this share of the ceiling: below
it, no peak between samples of our sounds reaches the ceiling."""


def limited(sound: Samples, ceiling_dbtp: float) -> Samples:
    """``sound`` with a true peak of at most ``ceiling_dbtp``; ``sound`` itself if it has no higher.

    Only peaks less than REACH_MS away change a sample, so a long sound can be limited in parts
    that overlap by that much.
    """
    ceiling = 10 ** (ceiling_dbtp / 20)
    near, peaks = _peaks(sound, _NEAR_PEAK * ceiling)
    over = peaks > ceiling
    if not over.any():
        return sound
    needed = np.ones(len(sound), dtype=np.float32)
    needed[near[over]] = ceiling / peaks[over]
    return np.asarray(sound * _smooth_gain(needed, sample_count(_TURN_MS)))


def true_peak_dbtp(sound: Samples) -> float:
    """The true peak of ``sound`` in dB relative to full scale; minus infinity for silence."""
    highest = float(np.abs(sound).max(initial=0))
    if not highest:
        return -np.inf
    _, peaks = _peaks(sound, _NEAR_PEAK * highest)
    return float(20 * np.log10(peaks.max()))


def _peaks(sound: Samples, least: float) -> tuple[npt.NDArray[np.intp], Samples]:
    """The indices of samples above ``least``, and the true peak around each."""
    near = np.flatnonzero(np.abs(sound) > least)
    if not len(near):
        return near, np.empty(0, dtype=np.float32)
    half = _TAPS // 2
    padded = np.pad(sound, (half, half))
    around = padded[near[:, None] + np.arange(_TAPS + 1)]  # one row per near sample, in its middle
    after = np.abs(around[:, 1:] @ _INTERPOLATION)
    before = np.abs(around[:, :-1] @ _INTERPOLATION)
    between = np.maximum(after.max(axis=1), before.max(axis=1))
    peaks: Samples = np.maximum(between, np.abs(sound[near])).astype(np.float32)
    return near, peaks


def _interpolation() -> Samples:
    """Windowed-sinc filters of shape (_TAPS, _PHASES - 1), a column for each phase between two
    samples: the weights of the _TAPS samples around the gap; row _TAPS / 2 - 1 is the one before
    it."""
    phases = np.arange(1, _PHASES) / _PHASES
    distance = np.arange(_TAPS)[:, None] - (_TAPS // 2 - 1) - phases
    window = np.cos(np.pi * distance / (_TAPS + 1)) ** 2
    filters = np.sinc(distance) * window
    return np.asarray(filters / filters.sum(axis=0), dtype=np.float32)


_INTERPOLATION = _interpolation()


def _smooth_gain(needed: Samples, reach: int) -> Samples:
    """A smooth gain that is at most ``needed`` everywhere.

    It is the running minimum over ``reach`` samples to either side, averaged twice. Each mean
    spans ``reach`` + 1 samples, so both together see only minima that include the sample itself,
    and the gain at a peak is never above what that peak needs.
    """
    least = np.pad(needed, 2 * reach, constant_values=1)
    width = 1
    while width < 2 * reach + 1:  # doubling: least[i] is the minimum of ``width`` samples from i
        step = min(width, 2 * reach + 1 - width)
        least = np.minimum(least[:-step], least[step:])
        width += step
    return _running_mean(_running_mean(least, reach + 1), reach + 1).astype(np.float32)


def _running_mean(values: npt.NDArray[np.floating], width: int) -> npt.NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.asarray((total[width:] - total[:-width]) / width)


RECORDING_CEILING_DBTP = -3.0
"""True peak of a recording; leaves room for a tone or bed under it."""
_NEAR_ENOUGH_LU = 0.05
_MOST_ROUNDS = 6
_FADE_IN_MS = 5
_FADE_OUT_MS = 20


def levelled(recording: Recording) -> Recording:
    """``recording`` at SPEECH_LUFS, faded at both ends, its true peak at most
    RECORDING_CEILING_DBTP.

    Under 0.4 s its K-weighted RMS counts. A voice with very high peaks comes out a little softer.
    """
    sound = np.frombuffer(recording.samples, dtype="<i2").astype(np.float32)
    sound *= _fades(len(sound)) / np.float32(32768)
    gain_db = SPEECH_LUFS - repeated_lufs(sound)
    loud = _amplified(sound, gain_db)
    peaks_held = limited(loud, RECORDING_CEILING_DBTP)
    for _ in range(_MOST_ROUNDS):  # limiting costs loudness, so the gain is raised and tried again
        if peaks_held is loud:
            break
        missing_db = SPEECH_LUFS - repeated_lufs(peaks_held)
        if missing_db < _NEAR_ENOUGH_LU:
            break
        gain_db += missing_db
        loud = _amplified(sound, gain_db)
        peaks_held = limited(loud, RECORDING_CEILING_DBTP)
    return Recording(samples=np.rint(peaks_held * 32767).astype("<i2").tobytes())


def _amplified(sound: Samples, gain_db: float) -> Samples:
    return sound * np.float32(10 ** (gain_db / 20))


def _fades(count: int) -> Samples:
    """A gain of ``count`` samples: raised-cosine fades, within the near-silence at either end."""
    gain = np.ones(count, dtype=np.float32)
    for part, fade_ms in ((gain, _FADE_IN_MS), (gain[::-1], _FADE_OUT_MS)):
        length = min(sample_count(fade_ms), count)
        part[:length] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)
    return gain
