"""What two measures of sound share: a filter that keeps a click short, and levels of frames."""

import numpy as np
import numpy.typing as npt

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count

Levels = npt.NDArray[np.float32]
"""RMS of frames that follow each other, in dBFS."""


def level_dbfs(sound: Samples, frame_ms: int) -> Levels:
    """RMS of each whole frame of ``sound``, at least -140."""
    length = sample_count(frame_ms)
    frames = sound[: len(sound) // length * length].reshape(-1, length)
    power = np.einsum("ij,ij->i", frames, frames) / length
    level: Levels = 10 * np.log10(power + np.float32(1e-14))
    return level


def windowed_sinc(*, corner_hz: float, high: bool = False) -> Samples:
    """A windowed-sinc low-pass, or high-pass, that reaches -80 dB at 1.3 kHz from its corner.

    It is 2 ms long, so that a click stays one.
    """
    corner = 2 * corner_hz / SAMPLE_RATE_HZ
    distance = np.arange(47) - 23
    low_pass = corner * np.sinc(corner * distance)
    weights: Samples = ((distance == 0) - low_pass if high else low_pass).astype(np.float32)
    return weights * np.kaiser(len(weights), 8).astype(np.float32)
