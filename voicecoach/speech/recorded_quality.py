"""Finds the words in a person's recording, and what is wrong with it.

Recordings of people have room noise, so levels are measured relative to that noise, in short
K-weighted frames, in which rumble below the voice counts little.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from voicecoach.audio.loudness import Power, Samples, block_power, lufs
from voicecoach.audio.signal import sample_count
from voicecoach.speech.recorded_folder import Fault

Levels = npt.NDArray[np.float64]
"""Loudness of each frame, in LUFS."""

_FRAME_MS, _HOP_MS = 10, 5
_LOUDEST_MS = 50
"""Shorter than a vowel, longer than a click."""
_PAUSE_MS = 200
"""The softest span of this length, if steady, is room noise; vowels are shorter. In uncut
recordings people pause for longer than this before and after their words."""
_STEADY_LU = 5.0
"""How far noise rises above its mean within a pause, at most; mains hum reaches 4."""
_SOFTER_LU, _MOST_SOFTER_FRAMES = 6.0, 6
"""A span with more frames much softer than itself is not noise, but part of a word."""
_SILENT_LUFS = -80.0
"""Softer frames are residue of codecs and noise gates, and are ignored."""

_LEAST_PEAK = 0.001
"""-60 dBFS: below this, the microphone was not switched on."""
_ABOVE_FLOOR_LU = 8.0
"""Frames this far above the noise are words: 10 ms of steady noise vary by 3."""
_FADING_ABOVE_FLOOR_LU = 4.0
"""Frames this far above the noise next to a word are its soft beginning or end."""
_BELOW_LOUDEST_LU = 45.0
"""Without noise, frames this far below the loudest are silence: below the softest "f" of eSpeak
(-38)."""
_LONGEST_CLICK_MS, _FAR_MS = 40, 200
"""A shorter sound, further than this from other sound, is the click of a button; the "t" at the
end of a word comes within 120 ms of its vowel."""
_LEAST_MS = 60
_KEEP_BEFORE_MS, _KEEP_AFTER_MS = 10, 30
_KEEP_IN_NOISE_MS = 100
"""Kept before and after words, as noise may hide a soft beginning or end: the length of an "f"."""

_QUIET_LUFS = -40.0
"""At this level the hiss of a phone's microphone, -70, is just within NOISY_LU."""
_NOISY_LU = 30.0
"""Noise comes and goes with the words, because there is silence between recordings; from 30 below
the words this is audible on headphones."""
_SPEECH_GATE_LU = 20.0
"""The loudness of speech is the mean of frames at most this far below its loudest."""
_CUT_BELOW_LOUDEST_LU = 30.0
"""Sound at the edge that is louder than this is a cut-off word; softer sound is its echo."""
_TOP = 0.995
_MOST_AT_TOP = 0.0015
"""Share of the sounding samples at the maximum: at most 0.0005 in clean speech, where only one wave
reaches it; at least 0.0017 in speech that was 3 dB too loud."""
_SOUNDING_BELOW_PEAK = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
    """The place of the words in a recording, and the loudness of words and noise."""

    frames_lufs: Levels
    first: int
    """First frame of the words."""
    last: int
    """Last frame of the words."""
    floor_lufs: float
    """Loudness of the room noise; minus infinity if there is no pause to measure."""
    loudest_lufs: float
    words_lufs: float

    @property
    def is_noisy(self) -> bool:
        """Whether noise is heard behind the words."""
        return self.words_lufs - self.floor_lufs < _NOISY_LU


def trimmed(sound: Samples) -> Samples:
    """``sound``, at SAMPLE_RATE_HZ, without room noise at both ends; empty if it has no words.

    Keeps the soft beginnings and ends of words, as far as they are above the noise, with a small
    margin.
    """
    speech = _measured(sound)
    if speech is None:
        return sound[:0]
    before_ms, after_ms = _KEEP_BEFORE_MS, _KEEP_AFTER_MS
    if speech.is_noisy:
        before_ms = after_ms = _KEEP_IN_NOISE_MS
    start_ms = max(0, speech.first * _HOP_MS - before_ms)
    end_ms = speech.last * _HOP_MS + _FRAME_MS + after_ms
    return sound[sample_count(start_ms) : sample_count(end_ms)]


def found(sound: Samples, original: Samples) -> tuple[Fault, ...]:
    """The faults of a recording; none if it has no words. ``sound`` is at SAMPLE_RATE_HZ,
    ``original`` at the rate of the file."""
    speech = _measured(sound)
    if speech is None:
        return ()
    edge_lufs = speech.loudest_lufs - _CUT_BELOW_LOUDEST_LU
    cut_start = speech.first == 0 and bool(speech.frames_lufs[0] > edge_lufs)
    last = len(speech.frames_lufs) - 1
    cut_end = speech.last == last and bool(speech.frames_lufs[last] > edge_lufs)
    by_fault = {
        Fault.QUIET: speech.words_lufs < _QUIET_LUFS,
        Fault.CLIPPED: is_clipped(original),
        Fault.NOISY: speech.is_noisy,
        Fault.CUT_START: cut_start,
        Fault.CUT_END: cut_end,
    }
    return tuple(fault for fault, is_found in by_fault.items() if is_found)


def is_clipped(sound: Samples) -> bool:
    """Whether ``sound``, at any rate, is clipped: many waves have the same maximum."""
    level = np.abs(sound)
    peak = level.max(initial=0)
    sounding = np.count_nonzero(level > peak / _SOUNDING_BELOW_PEAK)
    return bool(np.count_nonzero(level >= peak * _TOP) > _MOST_AT_TOP * sounding)


def _measured(sound: Samples) -> _Speech | None:
    """The words of ``sound``; ``None`` if there are none."""
    if np.abs(sound).max(initial=0) < _LEAST_PEAK:
        return None
    power = block_power(sound, _FRAME_MS, _HOP_MS)
    frames_lufs = _lufs(power)
    loudest = _means(power, _LOUDEST_MS // _HOP_MS).max()
    floor_lufs = _floor_lufs(frames_lufs)
    loudest_lufs = lufs(float(loudest))
    silence_lufs = loudest_lufs - _BELOW_LOUDEST_LU
    words = _without_clicks(frames_lufs > max(floor_lufs + _ABOVE_FLOOR_LU, silence_lufs))
    if not len(words) or (words[-1] - words[0]) * _HOP_MS < _LEAST_MS:
        return None
    fading = frames_lufs > max(floor_lufs + _FADING_ABOVE_FLOOR_LU, silence_lufs)
    softer = np.flatnonzero(~fading)
    before, after = softer[softer < words[0]], softer[softer > words[-1]]
    gate = loudest * 10 ** (-_SPEECH_GATE_LU / 10)
    return _Speech(
        frames_lufs=frames_lufs,
        first=int(before[-1]) + 1 if len(before) else 0,
        last=int(after[0]) - 1 if len(after) else len(power) - 1,
        floor_lufs=floor_lufs,
        loudest_lufs=loudest_lufs,
        words_lufs=lufs(float(power[power > gate].mean())),
    )


def _floor_lufs(frames_lufs: Levels) -> float:
    """Loudness of the noise in the softest pause; minus infinity if there is no pause."""
    length = _PAUSE_MS // _HOP_MS
    if len(frames_lufs) < length:
        return -np.inf
    pauses = sliding_window_view(np.maximum(frames_lufs, _SILENT_LUFS), length)
    softest = pauses[pauses.max(axis=1).argmin()]
    floor_lufs = float(np.median(softest))
    softer = (frames_lufs > _SILENT_LUFS) & (frames_lufs < floor_lufs - _SOFTER_LU)
    is_noise = softest.max() - floor_lufs <= _STEADY_LU
    is_noise = is_noise and np.count_nonzero(softer) <= _MOST_SOFTER_FRAMES
    return floor_lufs if is_noise else -np.inf


def _without_clicks(sounding: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Indices of the ``sounding`` frames, except short sounds far from others."""
    frames = np.flatnonzero(sounding)
    gaps = np.flatnonzero(np.diff(frames) * _HOP_MS > _FAR_MS) + 1
    groups = np.split(frames, gaps)
    long = [g for g in groups if len(g) and (g[-1] - g[0]) * _HOP_MS >= _LONGEST_CLICK_MS]
    return np.concatenate([frames[:0], *long])


def _means(power: Power, count: int) -> Power:
    """The mean of every ``count`` consecutive frames; of all, if there are fewer."""
    count = min(count, len(power))
    return np.convolve(power, np.full(count, 1 / count), "valid")


def _lufs(power: Power) -> Levels:
    with np.errstate(divide="ignore"):
        return np.asarray(lufs(1.0) + 10 * np.log10(power))
