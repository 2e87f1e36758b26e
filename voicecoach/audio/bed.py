"""A bed: a quiet looped sound under the whole session, ducked while words are spoken."""

from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset

LOOP_LUFS = -26.0
"""Loudness of a loop in the cache; low enough that no peak clips."""
_DUCK_DB = -6.0
_DUCK_RAMP_MS = 500
"""Slow enough that the bed follows the voice without pumping."""
_SHORTEST_RETURN_MS = 2 * _DUCK_RAMP_MS + 1000
"""In shorter pauses between words the bed stays ducked."""
_FADE_IN_MS = 4000
_FADE_OUT_MS = 6000

Loop = npt.NDArray[np.int16]
"""A seamless loop at LOOP_LUFS: 16-bit samples, one channel, at SAMPLE_RATE_HZ."""
_Curve = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Times in ms and the gain at each, linear in between."""


class Bed:
    """The bed of one session."""

    def __init__(
        self, loop: Loop, preset: Preset, speech_ms: Sequence[tuple[int, int]], duration_ms: int
    ) -> None:
        """``speech_ms`` has the start and end of each utterance, in order."""
        level_db = preset.speech_lufs - preset.bed_below_lu - LOOP_LUFS
        self._loop = loop
        self._gain = _product(_duck(speech_ms), _fade(duration_ms))
        self._scale = 10 ** (level_db / 20) / 32768

    def add_to(self, block: Samples, first: int) -> None:
        """Adds the bed, in place, to ``block``, which begins at sample ``first`` of the track."""
        part = self._part(first, len(block)).astype(np.float32)
        part *= self._gain_over(first, len(block))
        block += part

    def _part(self, first: int, count: int) -> Loop:
        """``count`` samples of the repeated loop, from sample ``first`` on."""
        start = first % len(self._loop)
        if start + count <= len(self._loop):
            return self._loop[start : start + count]
        return self._loop.take(np.arange(start, start + count), mode="wrap")

    def _gain_over(self, first: int, count: int) -> Samples | np.float32:
        """The gain at each sample; a single number if it is constant."""
        times_ms, gains = self._gain
        span_ms = np.array([first, first + count - 1]) * (1000 / SAMPLE_RATE_HZ)
        before, after = np.searchsorted(times_ms, span_ms, side="right")
        at_ends = np.interp(span_ms, times_ms, gains)
        if before == after and at_ends[0] == at_ends[1]:
            return np.float32(at_ends[0] * self._scale)
        time_ms = np.arange(first, first + count) * (1000 / SAMPLE_RATE_HZ)
        gain: Samples = (np.interp(time_ms, times_ms, gains) * self._scale).astype(np.float32)
        return gain


def stored(sound: Samples) -> bytes:
    """The loop ``sound`` as it is kept in a file. Overwrites ``sound``, to save memory."""
    np.rint(np.multiply(sound, 32767, out=sound), out=sound)
    return np.clip(sound, -32768, 32767, out=sound).astype("<i2").tobytes()


def opened(data: bytes) -> Loop:
    """The loop that :func:`stored` turned into ``data``."""
    return np.frombuffer(data, dtype="<i2")


def _duck(speech_ms: Sequence[tuple[int, int]]) -> _Curve:
    """The gain around words: down before they begin, up after they end, except in short pauses."""
    if not speech_ms:
        return np.zeros(1), np.ones(1)
    turns = [
        (before_end, after_start)
        for (_, before_end), (after_start, _) in pairwise(speech_ms)
        if after_start - before_end >= _SHORTEST_RETURN_MS
    ]
    edges = [speech_ms[0][0], *chain.from_iterable(turns), speech_ms[-1][1]]
    down = 10 ** (_DUCK_DB / 20)
    points: list[tuple[int, float]] = []
    for start_ms, end_ms in zip(edges[::2], edges[1::2], strict=True):
        points += [
            (start_ms - _DUCK_RAMP_MS, 1.0),
            (start_ms, down),
            (end_ms, down),
            (end_ms + _DUCK_RAMP_MS, 1.0),
        ]
    return _curve(points)


def _fade(duration_ms: int) -> _Curve:
    fade_in_ms = min(_FADE_IN_MS, duration_ms // 3)
    fade_out_ms = min(_FADE_OUT_MS, duration_ms // 3)
    return _curve([(0, 0.0), (fade_in_ms, 1.0), (duration_ms - fade_out_ms, 1.0), (duration_ms, 0)])


def _product(one: _Curve, other: _Curve) -> _Curve:
    times_ms = np.union1d(one[0], other[0])
    return times_ms, np.interp(times_ms, *one) * np.interp(times_ms, *other)


def _curve(points: list[tuple[int, float]]) -> _Curve:
    times_ms, gains = zip(*points, strict=True)
    return np.array(times_ms, dtype=np.float64), np.array(gains, dtype=np.float64)
