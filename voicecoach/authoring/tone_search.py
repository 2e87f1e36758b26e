"""Where the tones of a timeline are really heard in its track, and clicks that nobody wrote."""

import functools
import math

import numpy as np
import numpy.typing as npt

from voicecoach.audio import tones
from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset, sample_count
from voicecoach.content.kinds.dose import Cue
from voicecoach.script.script import Say, Tone
from voicecoach.script.timeline import Event, Timeline

Levels = npt.NDArray[np.float32]
"""RMS of consecutive frames, in dBFS."""


def level_dbfs(sound: Samples, frame_ms: int) -> Levels:
    """RMS of each whole frame of ``sound`` in dBFS, at least -140."""
    length = sample_count(frame_ms)
    frames = sound[: len(sound) // length * length].reshape(-1, length)
    power = np.einsum("ij,ij->i", frames, frames) / length
    return np.asarray(10 * np.log10(power + np.float32(1e-14)))


def windowed_sinc(*, corner_hz: float, high: bool = False) -> Samples:
    """A windowed-sinc low-pass, or high-pass, that reaches -80 dB 1.3 kHz from its corner.

    It is 2 ms long, short enough to preserve a click.
    """
    corner = 2 * corner_hz / SAMPLE_RATE_HZ
    distance = np.arange(47) - 23
    low_pass = corner * np.sinc(corner * distance)
    weights: Samples = ((distance == 0) - low_pass if high else low_pass).astype(np.float32)
    return weights * np.kaiser(len(weights), 8).astype(np.float32)


_FrameFlags = npt.NDArray[np.bool_]

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


def count_clicks(track: Samples, spoken_ms: list[tuple[float, float]]) -> int:
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
    for start_ms, end_ms in spoken_ms:
        for edge_ms in (start_ms, end_ms):
            edge, begins = _frame(edge_ms), edge_ms == start_ms
            is_click[edge : edge + 1] |= _clicks_at(edge, levels, begins=begins)
    at = np.flatnonzero(is_click)
    return int(len(at) and 1 + np.sum(np.diff(at) > _TOGETHER_FRAMES))


def _frame(time_ms: float) -> int:
    return max(0, round(time_ms * SAMPLE_RATE_HZ / 1000)) // sample_count(_FRAME_MS)


def _stands_out(levels: Levels) -> _FrameFlags:
    """The frames that are loud, and louder than the median of those around them, NaN left out."""
    step, reach = _MEDIAN_STEP_FRAMES, _MEDIAN_REACH_FRAMES
    padded = np.pad(levels, (reach, reach + step), constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + step)[::step]
    middle = np.isfinite(around).sum(axis=1) // 2
    in_order = np.sort(around, axis=1)  # NaN comes last
    median_dbfs = np.repeat(in_order[np.arange(len(middle)), middle], step)[: len(levels)]
    stands_above = levels > median_dbfs + _ABOVE_MEDIAN_DB
    return np.asarray(stands_above & (levels > _ABOVE_DBFS))


def _clicks_at(edge: int, levels: Levels, *, begins: bool) -> bool:
    """Whether there is a click within 4 ms of frame ``edge``, where words begin or end. A low voice
    is a row of pulses, with frames between them that are soft: where it ``begins``, its first pulse
    is no click unless it is above those that follow."""
    near, far = _BESIDE_EDGE_FRAMES
    peak_dbfs = levels[max(0, edge - _EDGE_FRAMES) : edge + _EDGE_FRAMES + 1].max(initial=-140)
    before, after = (
        levels[max(0, edge - far) : edge - near],
        levels[edge + near : edge + far],
    )
    if not (len(before) and len(after)):
        return False
    beside_dbfs = max(np.median(before), np.max(after) if begins else np.median(after))
    return bool(
        peak_dbfs > _EDGE_ABOVE_DBFS and peak_dbfs > beside_dbfs + _EDGE_ABOVE_BOTH_SIDES_DB
    )


_Wave = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]

_SEARCH_MS = 120
"""How far before and after its time a tone is searched; decoders delay by 0 to 52 ms."""
_LEAD_MS = 40
"""Silence before a tone that is matched with it, so that its start is distinct."""
_NARROWING = 4
"""The factor by which the sample rate is reduced for the search."""
_BEGINNING_MS = 50
"""A tone is searched only if its first part, of this length, is free of words."""
_CLEAR_OF_WORDS_MS, _BLUR_MS = 60, 10
"""Margins around words that are masked out. The first keeps words from disturbing the search for a
tone that is shifted; the second, for its beginning, only excludes what an MP3 smears."""
_LEAST_GAIN, _LEAST_GAIN_BESIDE_WORDS = 0.5, 0.3
"""The least share of its strength at which a tone counts as found. Under words a tone is ducked to
0.4, also between two utterances."""
_MOST_COVER = 0.5
"""A tone is not searched if other tones have more than this share of its energy."""


def find(track: Samples, timeline: Timeline, preset: Preset) -> dict[Event, float]:
    """The start of each unmasked tone in ``track``, in ms; infinite if it is not found within
    120 ms of its time.

    Masked tones are left out: those with words in their first 50 ms (ticks under a long reminder in
    a hold), and those under other tones that are nearly as loud.
    """
    narrow = _narrowed(track)
    speech = [event for event in timeline.events if isinstance(event.sound, Say)]
    every_tone = [event for event in timeline.events if isinstance(event.sound, Tone)]
    found_ms = {}
    for tone in every_tone:
        own, heard = _look(tone, speech, preset)
        if not _is_covered(tone, own, heard, every_tone, preset):
            found_ms[tone] = _found_at_ms(narrow, tone, own, heard)
    return found_ms


def _found_at_ms(narrow: _Wave, tone: Event, own: _Wave, heard: _Flags) -> float:
    """The start of ``tone`` in ms: the shift at which subtracting ``own`` from the ``narrow`` track
    leaves the least energy, counting only the samples that are ``heard``."""
    # the part of the track in which the tone may be, zeros where it lies outside of the track
    first = _narrow_sample(tone.start_ms - _LEAD_MS - _SEARCH_MS)
    size = len(own) + _narrow_sample(2 * _SEARCH_MS)
    place = np.zeros(size)
    within = narrow[max(0, first) : max(0, first + size)]
    place[max(0, -first) :][: len(within)] = within
    fft_size = 1 << (size - 1).bit_length()

    def sliding(wave: _Wave | _Flags, over: _Wave, fineness: int = 1) -> _Wave:
        """The correlation of both at every shift, in steps of 1 / ``fineness`` of a sample: padding
        the spectrum interpolates."""
        product = np.fft.rfft(over, fft_size) * np.fft.rfft(wave, fft_size).conj()
        fine: _Wave = np.fft.irfft(product, fft_size * fineness) * fineness
        return fine[: (size - len(own)) * fineness]

    shared = sliding(own, place, _NARROWING)
    energy = sliding(heard, place**2)  # not band-limited, so linear
    energy = np.interp(np.arange(len(shared)) / _NARROWING, np.arange(len(energy)), energy)
    best = int(np.argmin(energy - 2 * shared))
    least_gain = _LEAST_GAIN if heard.all() else _LEAST_GAIN_BESIDE_WORDS
    if shared[best] < least_gain * (own @ own):
        return math.inf
    return (first * _NARROWING + best) * 1000 / SAMPLE_RATE_HZ + _LEAD_MS


def _is_covered(
    tone: Event, own: _Wave, heard: _Flags, every_tone: list[Event], preset: Preset
) -> bool:
    """Whether words or other tones mask ``tone``."""
    lead = _narrow_sample(_LEAD_MS)
    if not heard[lead : lead + _narrow_sample(_BEGINNING_MS)].all():
        return True
    others = np.zeros(len(own))
    for event in every_tone:
        is_near = event.start_ms < tone.end_ms and event.end_ms > tone.start_ms - _LEAD_MS
        if is_near and event != tone:
            other = _narrow_tone(event.sound, preset)
            offset = _narrow_sample(event.start_ms - tone.start_ms)
            place = others[max(0, offset) : max(0, offset + len(other))]
            place += other[max(0, -offset) :][: len(place)] * heard[max(0, offset) :][: len(place)]
    return bool(others @ others > _MOST_COVER * (own @ own))


def _look(tone: Event, speech: list[Event], preset: Preset) -> tuple[_Wave, _Flags]:
    """The waveform of ``tone`` to search, with _LEAD_MS of silence before it and zeros under words;
    and a flag for each of its samples, false under words."""
    whole = _narrow_tone(tone.sound, preset)
    heard = np.ones(len(whole), dtype=np.bool_)
    for words in speech:
        start_ms, end_ms = words.start_ms - tone.start_ms, words.end_ms - tone.start_ms
        start_ms = max(start_ms - _CLEAR_OF_WORDS_MS, min(start_ms - _BLUR_MS, _BEGINNING_MS))
        end_ms += _CLEAR_OF_WORDS_MS if end_ms > 0 else _BLUR_MS
        first, last = _narrow_sample(start_ms + _LEAD_MS), _narrow_sample(end_ms + _LEAD_MS)
        heard[max(0, first) : max(0, last)] = False
    return whole * heard, heard


def _narrow_tone(tone: Say | Tone, preset: Preset) -> _Wave:
    assert isinstance(tone, Tone)
    return _narrow_cue(tone.cue, tone.length_ms, preset)


@functools.lru_cache(maxsize=64)
def _narrow_cue(cue: Cue, length_ms: int, preset: Preset) -> _Wave:
    lead = np.zeros(_narrow_sample(_LEAD_MS) * _NARROWING, dtype=np.float32)
    return _narrowed(np.concatenate([lead, tones.render(cue, length_ms, preset)]))


def _narrowed(sound: Samples) -> _Wave:
    """``sound`` at a quarter of its rate, which is enough for tones, differentiated (+6 dB per
    octave), so that the bass of a dark bed does not dominate the error."""
    whole = np.convolve(sound, windowed_sinc(corner_hz=2000), "same")
    low = whole[::_NARROWING].astype(np.float64)
    del whole  # as large as the track
    return np.asarray(np.diff(low, prepend=0.0))


def _narrow_sample(time_ms: float) -> int:
    return round(time_ms * SAMPLE_RATE_HZ / 1000 / _NARROWING)
