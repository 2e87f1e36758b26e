"""Finds the tones of a timeline in its track, by matching them at the least squared error.

For a tone w and the track x at a shift, the squared error is ``|x|² - 2 x·w + |w|²``. Only its
first two terms depend on the shift, and both are correlations, which FFTs compute for all shifts
at once. Samples under words are masked out of all three.
"""

import functools
import math

import numpy as np
import numpy.typing as npt

from voicecoach.audio import tones
from voicecoach.audio.loudness import Samples
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset
from voicecoach.authoring.listening.clicks import windowed_sinc
from voicecoach.script.script import Cue, Say, Tone
from voicecoach.script.timeline import Event, Timeline

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
    low = np.convolve(sound, windowed_sinc(corner_hz=2000), "same")[::_NARROWING]
    narrow: _Wave = np.diff(low.astype(np.float64), prepend=0.0)
    return narrow


def _narrow_sample(time_ms: float) -> int:
    return round(time_ms * SAMPLE_RATE_HZ / 1000 / _NARROWING)
