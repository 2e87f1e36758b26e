"""Another reader of loudness, to check ours by: the ebur128 filter of ffmpeg, where it is found."""

import re
import shutil
import subprocess
from dataclasses import dataclass

import numpy as np
import pytest

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What ffmpeg reads of a sound; the series have a value for every 100 ms, at its end."""

    momentary_lufs: np.ndarray
    short_term_lufs: np.ndarray
    integrated_lufs: float
    range_lu: float


def read(sound: Samples) -> Reading:
    """Measures ``sound``. ffmpeg reads nothing of less than 400 ms."""
    metadata = "ebur128=metadata=1,ametadata=mode=print:file=-"
    output = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-nostdin", "-f", "f32le", "-ar", str(SAMPLE_RATE_HZ)),
            *("-ac", "1", "-i", "pipe:", "-af", metadata, "-f", "null", "-"),
        ],
        input=sound.astype("<f4").tobytes(),
        capture_output=True,
        check=True,
    ).stdout.decode()

    def series(key: str) -> np.ndarray:
        values = re.findall(rf"lavfi\.r128\.{key}=(\S+)", output)
        return np.array(values, dtype=float)

    return Reading(
        momentary_lufs=series("M"),
        short_term_lufs=series("S"),
        integrated_lufs=float(series("I")[-1]),
        range_lu=float(series("LRA")[-1]),
    )
