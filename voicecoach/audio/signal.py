"""The format and levels of all sound in the program. Imports no library."""

from dataclasses import dataclass

SAMPLE_RATE_HZ = 22_050
"""Rate of every recording, tone, bed and track."""
BIT_RATE_KBPS = 64
"""Constant bit rate of the encoded sound."""
WAV_HEADER_BYTES = 44


def sample_count(duration_ms: int) -> int:
    """The number of samples that begin within ``duration_ms``."""
    return duration_ms * SAMPLE_RATE_HZ // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One spoken utterance, without silence at either end."""

    samples: bytes
    """16-bit little-endian samples, one channel, at SAMPLE_RATE_HZ."""


def length_ms(sample_count: int) -> int:
    """The duration of ``sample_count`` samples, rounded up to whole milliseconds."""
    return -(-sample_count * 1000 // SAMPLE_RATE_HZ)


SPEECH_LUFS = -19.0
"""Loudness of every recording in the cache: one channel, equal to -16 LUFS in two, at which spoken
word is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The levels of a pack. Levels in LU are distances below the voice: of the greatest momentary
    loudness (400 ms) of a tone, and of the integrated loudness of a bed."""

    speech_lufs: float
    tone_below_lu: float
    tick_below_lu: float
    tone_under_words_lu: float
    """Level of a tone while words are spoken over it."""
    bed_below_lu: float
    transposition: float
    """Factor on the pitch of every tone."""
    overtones: float
    """Factor on the strength of all partials but the first."""

    @property
    def speech_gain_db(self) -> float:
        """The gain that brings a recording at SPEECH_LUFS to the level of this preset."""
        return self.speech_lufs - SPEECH_LUFS


DAY = Preset(
    speech_lufs=SPEECH_LUFS,
    tone_below_lu=6.6,
    tick_below_lu=16.0,
    tone_under_words_lu=14.5,
    bed_below_lu=20.0,
    transposition=1.0,
    overtones=1.0,
)
NIGHT = Preset(
    speech_lufs=-23.0,
    tone_below_lu=7.2,
    tick_below_lu=17.0,
    tone_under_words_lu=15.0,
    bed_below_lu=21.0,
    transposition=3 / 4,
    overtones=0.8,
)
"""Softer, and a fourth lower: low enough to soothe, high enough for a phone's speaker."""
