"""Whether a recording can be what it should say, by its length alone."""

from voicecoach.errors import SpeechError

_LEAST_MS_A_CHARACTER, _MOST_MS_A_CHARACTER = 20, 400
"""People read aloud at 60 to 90 ms a character; eSpeak at its slowest rate takes 200."""
_MOST_MS_BESIDE = 3000
"""For pauses and hesitation, which weigh most in short texts."""


def check_length(length_ms: int, text: str) -> None:
    """Raises SpeechError where what lasts ``length_ms`` is too short or too long to be ``text``."""
    least_ms = _LEAST_MS_A_CHARACTER * len(text)
    most_ms = _MOST_MS_A_CHARACTER * len(text) + _MOST_MS_BESIDE
    if not least_ms <= length_ms <= most_ms:
        few = "short" if length_ms < least_ms else "long"
        raise SpeechError(f"{length_ms / 1000:.1f} s of sound is too {few} for so many words")
