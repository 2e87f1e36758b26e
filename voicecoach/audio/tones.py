"""The score: what each cue sounds like, in the key of D (by night a fourth lower, in A).

Contractions are struck, like a soft mallet on wood and metal: tighten rises (A4 to D5), release
falls and rings longest (D5, A4, D4). Breaths are swells without a strike: the inhale glides up (D4
to A4) and grows, the exhale glides down and fades, and each turn is soft but audible. The tick of a
hold is short and faint; the tone of a rest is slow and even; a new set is an open chord; the end is
a broken chord of D, downwards. A movement leaps up an octave (D4, D5), and its way back down. The
other side rings like a doorbell (F#5, B4). A stretch or an activity begins with slow steps up (D4,
F#4, A4) and ends with slow steps down that do not come home (B4, A4, F#4). A cough is asked for by
two short knocks (F#4). Every tone starts and ends at zero, so that nothing clicks.
"""

import functools

import numpy as np
import numpy.typing as npt

from voicecoach.audio.loudness import Samples, loudest_momentary_lufs
from voicecoach.audio.signal import SAMPLE_RATE_HZ, Preset, sample_count
from voicecoach.content.kinds.dose import Cue

D4, F4_SHARP, A4, B4, D5 = 293.66, 369.99, 440.00, 493.88, 587.33
F5_SHARP, A5 = 739.99, 880.00

_ATTACK_MS = 12
"""Attack of every struck tone; the same for tighten and release, so that holds are heard exact."""
_FADE_SHARE = 0.25
"""Fade at the end of a struck tone."""
_TURN_MS, _TURN_SHARE = 250, 0.3
"""A swell first rises to this share of its strength in this time, so that its start is audible, and
falls from it as fast at its end."""

_MALLET = ((1.0, 1.0, 1.0), (2.0, 0.30, 0.55), (3.0, 0.10, 0.35), (4.2, 0.04, 0.2))
"""Partials of a struck note: multiple of its pitch, strength, decay time as a share."""
_BREATH = ((1.0, 1.0), (2.0, 0.25), (3.0, 0.06))
"""Partials of a breath: multiple of its pitch, strength."""


_SCORE: dict[Cue, tuple[list[tuple[int, float]], float]] = {
    Cue.TIGHTEN: ([(0, A4), (130, D5)], 260),
    Cue.RELEASE: ([(0, D5), (130, A4), (260, D4)], 520),
    Cue.HOLD: ([(0, A5)], 35),
    Cue.SET: ([(0, D4), (0, A4), (0, F5_SHARP)], 380),
    Cue.DONE: ([(0, D5), (280, A4), (560, F4_SHARP), (840, D4)], 900),
    Cue.MOVE: ([(0, D4), (150, D5)], 170),
    Cue.RETURN: ([(0, D5), (150, D4)], 170),
    Cue.SIDE: ([(0, F5_SHARP), (350, B4)], 240),
    Cue.START: ([(0, D4), (320, F4_SHARP), (640, A4)], 420),
    Cue.END: ([(0, B4), (320, A4), (640, F4_SHARP)], 420),
    Cue.COUGH: ([(0, F4_SHARP), (170, F4_SHARP)], 60),
}
"""The notes of each struck tone, (start in ms, pitch in Hz), and their decay in ms."""
_SWELLS = {
    Cue.REST: (A4, A4, 0.3, 0.7),
    Cue.INHALE: (D4, A4, 0.7, 0.15),
    Cue.EXHALE: (A4, D4, 0.15, 0.5),
}
"""First and last pitch of each swell, and the shares of it in which it grows and fades."""


@functools.lru_cache(maxsize=64)
def render(cue: Cue, length_ms: int, preset: Preset) -> Samples:
    """The samples of ``cue``'s tone, ``length_ms`` long, at its level in ``preset``."""
    if cue in _SCORE:
        notes, decay_ms = _SCORE[cue]
        sound = _struck(length_ms, notes, preset, decay_ms=decay_ms)
    else:
        from_hz, to_hz, rising, falling = _SWELLS[cue]
        sound = _swell(length_ms, from_hz, to_hz, preset, rising=rising, falling=falling)
    return _levelled(sound, preset.speech_lufs - _below_voice_lu(cue, preset))


def under_words_db(cue: Cue, preset: Preset) -> float:
    """The gain of ``cue``'s tone while words are spoken, in dB, 0 or less."""
    return min(0.0, _below_voice_lu(cue, preset) - preset.tone_under_words_lu)


def _below_voice_lu(cue: Cue, preset: Preset) -> float:
    return preset.tick_below_lu if cue is Cue.HOLD else preset.tone_below_lu


def _struck(
    length_ms: int, notes: list[tuple[int, float]], preset: Preset, *, decay_ms: float
) -> Samples:
    """Mallet notes ``(start in ms, pitch in Hz)``; each falls to 1/e in ``decay_ms``."""
    sound = np.zeros(sample_count(length_ms), dtype=np.float32)
    for start_ms, pitch_hz in notes:
        for multiple, strength, decay_share in _MALLET:
            partial_hz = pitch_hz * preset.transposition * multiple
            partial = _partial(partial_hz, decay_ms * decay_share)
            place = sound[sample_count(start_ms) :][: len(partial)]
            place += partial[: len(place)] * _strength(multiple, strength, preset)
    return sound * _fall(len(sound), int(len(sound) * _FADE_SHARE))


@functools.cache
def _partial(pitch_hz: float, decay_ms: float) -> Samples:
    """A decaying sine with the attack of a mallet, as long as it is audible (-60 dB)."""
    count = sample_count(round(7 * decay_ms))
    decay_samples = decay_ms * SAMPLE_RATE_HZ / 1000
    decay = np.exp(np.arange(count, dtype=np.float32) / np.float32(-decay_samples))
    sine = _sine(np.arange(count) * (pitch_hz / SAMPLE_RATE_HZ))
    return np.asarray(sine * decay * _rise(count, sample_count(_ATTACK_MS)))


def _swell(
    length_ms: int, from_hz: float, to_hz: float, preset: Preset, *, rising: float, falling: float
) -> Samples:
    """A glide between two pitches at a constant musical rate. It grows for the share ``rising`` of
    its length, and fades for the share ``falling``."""
    count = sample_count(length_ms)
    pitch_hz = np.geomspace(from_hz, to_hz, count) * preset.transposition
    cycles = np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    sound = np.zeros(count, dtype=np.float32)
    for multiple, strength in _BREATH:
        sound += _sine(multiple * cycles) * _strength(multiple, strength, preset)
    turn = sample_count(_TURN_MS)
    grown = _TURN_SHARE + (1 - _TURN_SHARE) * _rise(count, int(count * rising))
    faded = _TURN_SHARE + (1 - _TURN_SHARE) * _fall(count, int(count * falling))
    return np.asarray(sound * grown * faded * _rise(count, turn) * _fall(count, turn))


def _strength(multiple: float, strength: float, preset: Preset) -> np.float32:
    return np.float32(strength if multiple == 1 else strength * preset.overtones)


def _sine(cycles: npt.NDArray[np.floating]) -> Samples:
    """The sine of a phase in cycles. Whole cycles are dropped first, so that single precision,
    which is three times faster, is enough."""
    last_turn = (cycles - np.floor(cycles)).astype(np.float32)
    return np.asarray(np.sin(last_turn * np.float32(2 * np.pi)))


def _rise(count: int, attack: int) -> Samples:
    """A raised-cosine attack of ``attack`` samples, then 1."""
    gain = np.ones(count, dtype=np.float32)
    attack = min(attack, count)
    gain[:attack] = 0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / attack)
    return gain


def _fall(count: int, fade: int) -> Samples:
    """1, then a raised-cosine fade of ``fade`` samples."""
    return _rise(count, fade)[::-1]


def _levelled(sound: Samples, loudest_lufs: float) -> Samples:
    gain_db = loudest_lufs - loudest_momentary_lufs(sound)
    return sound * np.float32(10 ** (gain_db / 20))
