"""Samples of a person's voice -> where the words are, and what is wrong with the recording.

Human recordings have the noise of a room in them. So all is measured against that noise, in short
frames that are weighted as the ear weighs sound: rumble below the voice counts little.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from voicecoach.audio.loudness import Power, Samples, block_power, lufs
from voicecoach.audio.signal import sample_count
from voicecoach.speech.recorded.inspection import Fault

Levels = npt.NDArray[np.float64]
"""How loud each frame is, in LUFS."""

_FRAME_MS, _HOP_MS = 10, 5
_LOUDEST_MS = 50
"""Shorter than a vowel, longer than a click."""
_PAUSE_MS = 200
"""What is steady for this long, and softer than all else, is the noise of the room; vowels are
shorter. People wait longer than this before and after their words, where they are not cut."""
_STEADY_LU = 5.0
"""How much louder than usual noise gets at most within a pause; the hum of mains, 4."""
_SOFTER_LU, _MOST_SOFTER_FRAMES = 6.0, 6
"""What has more of what is softer than itself is no noise, but a part of a word."""
_SILENT_LUFS = -80.0
"""Softer is no sound, but what codecs and noise gates leave, and counts for nothing here."""

_LEAST_PEAK = 0.001
"""-60 dBFS: a microphone that was not switched on."""
_ABOVE_FLOOR_LU = 8.0
"""What is this much above the noise is a word: 10 ms of steady noise vary by 3."""
_FADING_ABOVE_FLOOR_LU = 4.0
"""What is this much above it, next to a word, is its soft beginning or end."""
_BELOW_LOUDEST_LU = 45.0
"""What is this far below the loudest is silence, were there no noise: below the softest "f" of
eSpeak (-38)."""
_LONGEST_CLICK_MS, _FAR_MS = 40, 200
"""What is shorter, and farther than this from other sound, is a button; the "t" at the end of a
word comes within 120 ms of its vowel."""
_LEAST_MS = 60
_KEEP_BEFORE_MS, _KEEP_AFTER_MS = 10, 30
_KEEP_IN_NOISE_MS = 100
"""Before and after, where noise hides soft beginnings and ends: an "f" lasts as long."""

_QUIET_LUFS = -40.0
"""The hiss of a phone's own microphone, at -70, then comes as near as NOISY_LU allows."""
_NOISY_LU = 30.0
"""Between recordings there is silence, so noise comes and goes with the words; at 30 below them
that begins to be heard on headphones."""
_SPEECH_GATE_LU = 20.0
"""Speech is as loud as the mean of what is at most this far below its loudest."""
_CUT_BELOW_LOUDEST_LU = 30.0
"""Words that reach the edge and are louder there are cut off; softer, it is their echo."""
_TOP = 0.995
_MOST_AT_TOP = 0.0015
"""Share of the sounding samples that reach the top of the highest wave: 0.0005 at most in clean
speech, where one wave is the highest; 0.0017 at least in speech that was 3 dB too loud."""
_SOUNDING_BELOW_PEAK = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
    """Where words are in a recording, and how loud it is there and elsewhere."""

    frames_lufs: Levels
    first: int
    """First frame of the words."""
    last: int
    """Last frame of the words."""
    floor_lufs: float
    """How loud the noise of the room is; minus infinity where there is no pause to tell."""
    loudest_lufs: float
    words_lufs: float

    @property
    def is_noisy(self) -> bool:
        """Whether noise is heard behind the words."""
        return self.words_lufs - self.floor_lufs < _NOISY_LU


def trimmed(sound: Samples) -> Samples:
    """``sound``, at SAMPLE_RATE_HZ, without the room at both ends; empty where it holds no words.

    The soft beginnings and ends of words stay, as far as they are above the noise, and a little
    of what is around them.
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
    """What is wrong with a recording: ``sound`` at SAMPLE_RATE_HZ, and ``original`` as the file has
    it, at any rate. Nothing where it holds no words."""
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
    """Whether many waves of ``sound``, at any rate, end at one height, as if cut off."""
    level = np.abs(sound)
    peak = level.max(initial=0)
    sounding = np.count_nonzero(level > peak / _SOUNDING_BELOW_PEAK)
    return bool(np.count_nonzero(level >= peak * _TOP) > _MOST_AT_TOP * sounding)


def _measured(sound: Samples) -> _Speech | None:
    """Where the words of ``sound`` are; ``None`` where there are none."""
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
    """How loud the noise is, measured in the softest pause; minus infinity where there is none."""
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
    """The frames that are ``sounding``, but for short sounds far from others."""
    frames = np.flatnonzero(sounding)
    gaps = np.flatnonzero(np.diff(frames) * _HOP_MS > _FAR_MS) + 1
    groups = np.split(frames, gaps)
    long = [g for g in groups if len(g) and (g[-1] - g[0]) * _HOP_MS >= _LONGEST_CLICK_MS]
    return np.concatenate([frames[:0], *long])


def _means(power: Power, count: int) -> Power:
    """The mean of each ``count`` frames in a row; of all, where there are fewer."""
    count = min(count, len(power))
    return np.convolve(power, np.full(count, 1 / count), "valid")


def _lufs(power: Power) -> Levels:
    with np.errstate(divide="ignore"):
        return np.asarray(lufs(1.0) + 10 * np.log10(power))
