"""Finds clicks, unintended transients, in a track."""

import numpy as np
import numpy.typing as npt

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, sample_count

Levels = npt.NDArray[np.float32]
"""RMS of consecutive frames, in dBFS."""


def level_dbfs(sound: Samples, frame_ms: int) -> Levels:
    """RMS of each whole frame of ``sound`` in dBFS, at least -140."""
    length = sample_count(frame_ms)
    frames = sound[: len(sound) // length * length].reshape(-1, length)
    power = np.einsum("ij,ij->i", frames, frames) / length
    level: Levels = 10 * np.log10(power + np.float32(1e-14))
    return level


def windowed_sinc(*, corner_hz: float, high: bool = False) -> Samples:
    """A windowed-sinc low-pass, or high-pass, that reaches -80 dB 1.3 kHz from its corner.

    It is 2 ms long, short enough to preserve a click.
    """
    corner = 2 * corner_hz / SAMPLE_RATE_HZ
    distance = np.arange(47) - 23
    low_pass = corner * np.sinc(corner * distance)
    weights: Samples = ((distance == 0) - low_pass if high else low_pass).astype(np.float32)
    return weights * np.kaiser(len(weights), 8).astype(np.float32)


_Flags = npt.NDArray[np.bool_]

_FRAME_MS = 2
_ABOVE_HZ = 5000
_ABOVE_DBFS = -86.0
"""In this band our tones stay below -99 dBFS; a jump of 0.002, or a 440 Hz sine at -30 dBFS that
starts without a fade, exceeds -80."""
_ABOVE_MEDIAN_DB = 12.0
"""No frame of our beds is more than 9.5 dB above its neighbours."""
_MEDIAN_STEP_FRAMES = 25
_MEDIAN_REACH_FRAMES = 150
_TOGETHER_FRAMES = 25
"""An MP3 smears a click over up to 46 ms."""
_BESIDE_WORDS_MS = 50
"""How far an MP3 smears words above 5 kHz: measured, 36 ms to either side."""
_EDGE_FRAMES = 2
_BESIDE_EDGE_FRAMES = (4, 16)
_EDGE_ABOVE_DBFS = -60.0
_EDGE_ABOVE_BOTH_SIDES_DB = 12.0


def count(track: Samples, spoken_ms: list[tuple[float, float]]) -> int:
    """The number of unintended transients in ``track``; ``spoken_ms`` has the start and end of all
    words.

    Above 5 kHz tones are negligible and a bed is even, so outside words a frame that stands out in
    this band is part of a click. Words are full of such frames. At their edges, which are faded, a
    frame is a click if it is above the frames both before and after it, unlike a plosive or an "s";
    this finds about half of all words that are cut off hard. Clicks within words are not found, nor
    those masked by the hiss of a bed (most in waves, nearly all in rain).
    """
    levels = level_dbfs(
        np.convolve(track, windowed_sinc(corner_hz=_ABOVE_HZ, high=True), "same"), _FRAME_MS
    )
    outside = np.ones(len(levels), dtype=np.bool_)
    for start_ms, end_ms in spoken_ms:
        first = _frame(start_ms - _BESIDE_WORDS_MS)
        outside[first : _frame(end_ms + _BESIDE_WORDS_MS) + 1] = False
    is_click = outside & _stands_out(np.where(outside, levels, np.float32(np.nan)))
    for edge_ms in (edge_ms for span in spoken_ms for edge_ms in span):
        edge = _frame(edge_ms)
        is_click[edge : edge + 1] |= _clicks_at(edge, levels)
    at = np.flatnonzero(is_click)
    return int(len(at) and 1 + np.sum(np.diff(at) > _TOGETHER_FRAMES))


def _frame(time_ms: float) -> int:
    return max(0, round(time_ms * SAMPLE_RATE_HZ / 1000)) // sample_count(_FRAME_MS)


def _stands_out(levels: Levels) -> _Flags:
    """The frames that are loud, and louder than the median of those around them, NaN left out."""
    step, reach = _MEDIAN_STEP_FRAMES, _MEDIAN_REACH_FRAMES
    padded = np.pad(levels, (reach, reach + step), constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + step)[::step]
    middle = np.isfinite(around).sum(axis=1) // 2
    in_order = np.sort(around, axis=1)  # NaN comes last
    median_dbfs = np.repeat(in_order[np.arange(len(middle)), middle], step)[: len(levels)]
    stands_above = levels > median_dbfs + _ABOVE_MEDIAN_DB
    stands_out: _Flags = stands_above & (levels > _ABOVE_DBFS)
    return stands_out


def _clicks_at(edge: int, levels: Levels) -> bool:
    """Whether there is a click within 4 ms of frame ``edge``, where words begin or end."""
    near, far = _BESIDE_EDGE_FRAMES
    peak_dbfs = levels[max(0, edge - _EDGE_FRAMES) : edge + _EDGE_FRAMES + 1].max(initial=-140)
    before, after = (
        levels[max(0, edge - far) : edge - near],
        levels[edge + near : edge + far],
    )
    if not (len(before) and len(after)):
        return False
    beside_dbfs = max(np.median(before), np.median(after))
    return bool(
        peak_dbfs > _EDGE_ABOVE_DBFS and peak_dbfs > beside_dbfs + _EDGE_ABOVE_BOTH_SIDES_DB
    )
