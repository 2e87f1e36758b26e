"""Samples of any rate -> a WAV file of one channel at our rate."""

from io import BytesIO

import numpy as np
import soxr

from voicecoach.loudness import Samples
from voicecoach.pcm import SAMPLE_RATE_HZ, Recording
from voicecoach.speech import wav


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
    wav.write(Recording(samples=samples), file)
    return file.getvalue()
