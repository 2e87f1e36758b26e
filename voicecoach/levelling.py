"""Recording -> Recording at the one loudness of all speech, without clicks at its ends."""

import numpy as np

from voicecoach.limiter import limited
from voicecoach.loudness import Samples, repeated_lufs
from voicecoach.pcm import Recording, sample_count
from voicecoach.preset import SPEECH_LUFS

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
