"""The shape of all sound in the program: one channel at one rate. Knows no library."""

from dataclasses import dataclass

SAMPLE_RATE_HZ = 22_050
"""Rate of every recording, tone, bed and track."""
BIT_RATE_KBPS = 64
"""Constant bit rate of the encoded sound."""
WAV_HEADER_BYTES = 44


def sample_count(duration_ms: int) -> int:
    """How many samples begin within ``duration_ms``."""
    return duration_ms * SAMPLE_RATE_HZ // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One utterance, spoken, without silence at either end."""

    samples: bytes
    """16-bit little-endian samples, one channel, at SAMPLE_RATE_HZ."""


def length_ms(sample_count: int) -> int:
    """How long ``sample_count`` samples last, rounded up to whole milliseconds."""
    return -(-sample_count * 1000 // SAMPLE_RATE_HZ)
