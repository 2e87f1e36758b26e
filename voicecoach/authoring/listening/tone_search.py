"""Where the tones of a timeline are really heard in its track."""

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
"""A tone is sought this far around its time; decoders shift all by 0 to 52 ms."""
_LEAD_MS = 40
"""The silence before a tone that is looked at with it."""
_NARROWING = 4
"""Tones are sought at this part of the rate."""
_BEGINNING_MS = 50
"""A tone is sought if it sounds alone for at least so long."""
_CLEAR_OF_WORDS_MS, _BLUR_MS = 60, 10
"""So far from words a tone is looked at, that they do not disturb the search for one that is
moved; but its beginning is, as long as the words do not blur into it."""
_LEAST_GAIN, _LEAST_GAIN_BESIDE_WORDS = 0.5, 0.3
"""A tone at less of its strength is not heard as that tone. One with words over it steps back, to
0.4, and stays there between two utterances."""
_MOST_COVER = 0.5
"""The greatest energy of another tone, as a share of its own, under which one is still sought."""


def find(track: Samples, timeline: Timeline, preset: Preset) -> dict[Event, float]:
    """When each tone that can be heard for itself begins in ``track``, in ms; infinite where it is
    not heard within 120 ms of its time.

    A tone is not sought where it cannot be heard for itself: where words sound within the first
    50 ms of it (ticks under a long reminder in a hold), or another tone is nearly as loud.
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
    """Where least of the ``narrow`` track is left when ``tone`` is taken out, words and what is
    around them left aside."""
    first = _narrow_sample(tone.start_ms - _LEAD_MS - _SEARCH_MS)
    size = len(own) + _narrow_sample(2 * _SEARCH_MS)
    place = np.zeros(size)
    within = narrow[max(0, first) : max(0, first + size)]
    place[max(0, -first) :][: len(within)] = within
    fft_size = 1 << (size - 1).bit_length()

    def sliding(wave: _Wave | _Flags, over: _Wave, fineness: int = 1) -> _Wave:
        """The product of both for every shift, in parts of a sample."""
        product = np.fft.rfft(over, fft_size) * np.fft.rfft(wave, fft_size).conj()
        fine: _Wave = np.fft.irfft(product, fft_size * fineness) * fineness
        return fine[: (size - len(own)) * fineness]

    shared = sliding(own, place, _NARROWING)
    energy = sliding(heard, place**2)  # jumps where words come in, so it takes straight lines
    energy = np.interp(np.arange(len(shared)) / _NARROWING, np.arange(len(energy)), energy)
    best = int(np.argmin(energy - 2 * shared))
    least_gain = _LEAST_GAIN if heard.all() else _LEAST_GAIN_BESIDE_WORDS
    if shared[best] < least_gain * (own @ own):
        return math.inf
    return (first * _NARROWING + best) * 1000 / SAMPLE_RATE_HZ + _LEAD_MS


def _is_covered(
    tone: Event, own: _Wave, heard: _Flags, every_tone: list[Event], preset: Preset
) -> bool:
    """Whether words, or another tone, keep ``tone`` from being heard for itself."""
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
    """What is sought of ``tone``, the silence before it included, and which of its samples are
    heard without words; those under words are 0."""
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
    """``sound`` at a quarter of its rate, which is enough for a tone, and with its bass cut by
    6 dB an octave, so that a dark bed weighs no more than it matters."""
    low = np.convolve(sound, windowed_sinc(corner_hz=2000), "same")[::_NARROWING]
    narrow: _Wave = np.diff(low.astype(np.float64), prepend=0.0)
    return narrow


def _narrow_sample(time_ms: float) -> int:
    return round(time_ms * SAMPLE_RATE_HZ / 1000 / _NARROWING)
