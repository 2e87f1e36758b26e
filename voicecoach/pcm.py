"""The shape of all sound in the program: one channel at one rate. Knows no library."""

SAMPLE_RATE_HZ = 22_050
"""Rate of every recording, tone, bed and track."""


def sample_count(duration_ms: int) -> int:
    """How many samples begin within ``duration_ms``."""
    return duration_ms * SAMPLE_RATE_HZ // 1000
