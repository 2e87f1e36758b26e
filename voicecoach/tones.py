"""The cue tones: what each sounds like, in the key of D.

Contractions are struck, like a soft mallet on wood and metal: tighten rises (A4 to D5), release
falls and rings longest (D5, A4, D4). Breaths are swells without a strike: in glides up (D4 to
A4), out glides down. A tick of the hold is short and high, a sign of life in a rest low and slow,
a new set a chord struck at once, the end the same chord, broken downwards.
"""

import functools

import numpy as np
import numpy.typing as npt

from voicecoach.script import Cue
from voicecoach.speech.recording import SAMPLE_RATE_HZ

Samples = npt.NDArray[np.float32]
"""Sound pressure over time: one channel at SAMPLE_RATE_HZ, full scale at 1."""

D4, F4_SHARP, A4, D5, A5 = 293.66, 369.99, 440.00, 587.33, 880.00

_ATTACK_MS = 12
"""Attack of everything struck; the same for tighten and release, so that they time alike."""
_FADE_MS = 60

_MALLET = ((1.0, 1.0, 1.0), (2.0, 0.30, 0.55), (3.0, 0.10, 0.35), (4.2, 0.04, 0.2))
"""Partials of a struck note: multiple of its pitch, strength, decay time as a share."""

_LEVEL_DBFS = {
    Cue.INHALE: -29.0,
    Cue.EXHALE: -29.0,
    Cue.TIGHTEN: -27.0,
    Cue.HOLD: -36.0,
    Cue.RELEASE: -27.0,
    Cue.REST: -32.0,
    Cue.SET: -28.0,
    Cue.DONE: -28.0,
}
"""Loudest 100 ms of each tone, as RMS; the voice stands at -20 dBFS."""


@functools.lru_cache(maxsize=64)
def render(cue: Cue, length_ms: int) -> Samples:
    """The tone of ``cue``, ``length_ms`` long, starting and ending in silence."""
    match cue:
        case Cue.TIGHTEN:
            sound = _struck(length_ms, [(0, A4), (130, D5)], decay_ms=260)
        case Cue.RELEASE:
            sound = _struck(length_ms, [(0, D5), (170, A4), (340, D4)], decay_ms=520)
        case Cue.HOLD:
            sound = _struck(length_ms, [(0, A5)], decay_ms=35)
        case Cue.REST:
            sound = _swell(length_ms, D4, D4, attack_share=0.3)
        case Cue.SET:
            sound = _struck(length_ms, [(0, D4), (0, F4_SHARP), (0, A4)], decay_ms=380)
        case Cue.DONE:
            notes = [(0, D5), (280, A4), (560, F4_SHARP), (840, D4)]
            sound = _struck(length_ms, notes, decay_ms=900)
        case Cue.INHALE:
            sound = _swell(length_ms, D4, A4, attack_share=0.7)
        case Cue.EXHALE:
            sound = _swell(length_ms, A4, D4, attack_share=0.2)
    return _levelled(sound, _LEVEL_DBFS[cue])


def _struck(length_ms: int, notes: list[tuple[int, float]], *, decay_ms: float) -> Samples:
    """Mallet notes ``(start in ms, pitch in Hz)``; each falls to 1/e in ``decay_ms``."""
    sound = np.zeros(_samples(length_ms), dtype=np.float32)
    for start_ms, pitch_hz in notes:
        for multiple, strength, decay_share in _MALLET:
            partial = _partial(pitch_hz * multiple, decay_ms * decay_share) * strength
            place = sound[_samples(start_ms) :][: len(partial)]
            place += partial[: len(place)]
    return _faded(sound, _samples(_FADE_MS))


@functools.cache
def _partial(pitch_hz: float, decay_ms: float) -> Samples:
    """A decaying sine with the attack of a mallet, as long as it can be heard (-60 dB)."""
    count = _samples(round(7 * decay_ms))
    decay_samples = decay_ms * SAMPLE_RATE_HZ / 1000
    decay = np.exp(np.arange(count, dtype=np.float32) / np.float32(-decay_samples))
    sine = _sine(np.arange(count) * (pitch_hz / SAMPLE_RATE_HZ))
    partial: Samples = sine * decay * _rise(count, _samples(_ATTACK_MS))
    return partial


def _swell(length_ms: int, from_hz: float, to_hz: float, *, attack_share: float) -> Samples:
    """A glide between two pitches, evenly in musical intervals, loudest at ``attack_share``."""
    count = _samples(length_ms)
    pitch_hz = np.geomspace(from_hz, to_hz, count)
    cycles = np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    sound = _sine(cycles) + 0.25 * _sine(2 * cycles) + 0.06 * _sine(3 * cycles)
    peak = int(count * attack_share)
    return _faded(sound * _rise(count, peak), count - peak)


def _sine(cycles: npt.NDArray[np.floating]) -> Samples:
    """The sine of a phase counted in whole turns. Only the part of the last turn is passed on, so
    that single precision, which is three times faster, is precise enough."""
    last_turn = (cycles - np.floor(cycles)).astype(np.float32)
    sine: Samples = np.sin(last_turn * np.float32(2 * np.pi))
    return sine


def _rise(count: int, attack: int) -> Samples:
    """A raised-cosine attack of ``attack`` samples, then 1."""
    gain = np.ones(count, dtype=np.float32)
    attack = min(attack, count)
    gain[:attack] = 0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / attack)
    return gain


def _faded(sound: Samples, fade: int) -> Samples:
    return sound * _rise(len(sound), fade)[::-1]


def _levelled(sound: Samples, level_dbfs: float) -> Samples:
    window = min(len(sound), _samples(100))
    energy = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    loudest = np.sqrt((energy[window:] - energy[:-window]).max() / window)
    levelled: Samples = (sound * (10 ** (level_dbfs / 20) / loudest)).astype(np.float32)
    return levelled


def _samples(duration_ms: int) -> int:
    return duration_ms * SAMPLE_RATE_HZ // 1000
