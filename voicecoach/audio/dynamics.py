"""Recordings at one loudness, and a limiter that turns peaks down instead of clipping them."""

import numpy as np
import numpy.typing as npt

from voicecoach.audio.loudness import Samples, repeated_lufs
from voicecoach.audio.signal import SPEECH_LUFS, Recording, sample_count

REACH_MS = 30
"""How far before and after a peak the sound is turned down at most."""
_TURN_MS = 12
"""The gain goes down within this time before a peak and comes back within it afterwards."""
_PHASES = 4
_TAPS = 24
_NEAR_PEAK = 0.7
"""Between samples below this share of the ceiling no peak of our sounds reaches it."""


def limited(sound: Samples, ceiling_dbtp: float) -> Samples:
    """``sound`` with a true peak of at most ``ceiling_dbtp``; itself where it has no higher.

    A sample is changed only by peaks less than REACH_MS away, so that a long sound may be limited
    in parts that overlap by that much.
    """
    ceiling = 10 ** (ceiling_dbtp / 20)
    near, peaks = _peaks(sound, _NEAR_PEAK * ceiling)
    over = peaks > ceiling
    if not over.any():
        return sound
    needed = np.ones(len(sound), dtype=np.float32)
    needed[near[over]] = ceiling / peaks[over]
    quieter: Samples = sound * _turned(needed, sample_count(_TURN_MS))
    return quieter


def true_peak_dbtp(sound: Samples) -> float:
    """The true peak of ``sound`` in dB below full scale; minus infinity for silence."""
    highest = float(np.abs(sound).max(initial=0))
    if not highest:
        return -np.inf
    _, peaks = _peaks(sound, _NEAR_PEAK * highest)
    return float(20 * np.log10(peaks.max()))


def _peaks(sound: Samples, least: float) -> tuple[npt.NDArray[np.intp], Samples]:
    """Where samples stand above ``least``, and the highest value around each."""
    near = np.flatnonzero(np.abs(sound) > least)
    if not len(near):
        return near, np.empty(0, dtype=np.float32)
    half = _TAPS // 2
    padded = np.pad(sound, (half, half))
    around = padded[near[:, None] + np.arange(_TAPS + 1)]  # the sample itself is in the middle
    after = np.abs(around[:, 1:] @ _INTERPOLATION)
    before = np.abs(around[:, :-1] @ _INTERPOLATION)
    between = np.maximum(after.max(axis=1), before.max(axis=1))
    peaks: Samples = np.maximum(between, np.abs(sound[near])).astype(np.float32)
    return near, peaks


def _interpolation() -> Samples:
    """Windowed-sinc filters, one column for each phase between two samples: the weights of the
    _TAPS samples around the gap, of which the one before the gap stands at _TAPS / 2 - 1."""
    phases = np.arange(1, _PHASES) / _PHASES
    distance = np.arange(_TAPS)[:, None] - (_TAPS // 2 - 1) - phases
    window = np.cos(np.pi * distance / (_TAPS + 1)) ** 2
    filters = np.sinc(distance) * window
    columns: Samples = (filters / filters.sum(axis=0)).astype(np.float32)
    return columns


_INTERPOLATION = _interpolation()


def _turned(needed: Samples, reach: int) -> Samples:
    """A smooth gain that is at most ``needed`` everywhere: its least value within ``reach``,
    then the mean of that, twice, over as much."""
    least = np.pad(needed, 2 * reach, constant_values=1)
    width = 1
    while width < 2 * reach + 1:  # the least of ever wider spans, each from its first sample on
        step = min(width, 2 * reach + 1 - width)
        least = np.minimum(least[:-step], least[step:])
        width += step
    return _running_mean(_running_mean(least, reach + 1), reach + 1).astype(np.float32)


def _running_mean(values: npt.NDArray[np.floating], width: int) -> npt.NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    mean: npt.NDArray[np.float64] = (total[width:] - total[:-width]) / width
    return mean


CEILING_DBTP = -3.0
"""True peak of a recording: leaves room for the tone or bed that sounds under it."""
_NEAR_ENOUGH_LU = 0.05
_MOST_TURNS = 6
_FADE_IN_MS = 5
_FADE_OUT_MS = 20


def levelled(recording: Recording) -> Recording:
    """``recording`` at SPEECH_LUFS (under 0.4 s by its weighted RMS), faded at both ends, its true
    peak limited to CEILING_DBTP. A voice with very high peaks comes out a little softer."""
    sound = np.frombuffer(recording.samples, dtype="<i2").astype(np.float32)
    sound *= _fades(len(sound)) / np.float32(32768)
    gain_db = SPEECH_LUFS - repeated_lufs(sound)
    loud = _amplified(sound, gain_db)
    peaks_held = limited(loud, CEILING_DBTP)
    for _ in range(_MOST_TURNS):
        if peaks_held is loud:
            break
        missing_db = SPEECH_LUFS - repeated_lufs(peaks_held)
        if missing_db < _NEAR_ENOUGH_LU:
            break
        gain_db += missing_db
        loud = _amplified(sound, gain_db)
        peaks_held = limited(loud, CEILING_DBTP)
    return Recording(samples=np.rint(peaks_held * 32767).astype("<i2").tobytes())


def _amplified(sound: Samples, gain_db: float) -> Samples:
    return sound * np.float32(10 ** (gain_db / 20))


def _fades(count: int) -> Samples:
    """Raised cosines, within the near-silence that a recording keeps at its ends."""
    gain = np.ones(count, dtype=np.float32)
    for part, fade_ms in ((gain, _FADE_IN_MS), (gain[::-1], _FADE_OUT_MS)):
        length = min(sample_count(fade_ms), count)
        part[:length] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)
    return gain
