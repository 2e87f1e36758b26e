"""Whether a recording can be what it should say, by its length alone."""

from voicecoach.errors import SpeechError
from voicecoach.pcm import SAMPLE_RATE_HZ
from voicecoach.speech.recording import Recording

_LEAST_MS_A_CHARACTER, _MOST_MS_A_CHARACTER = 20, 400
"""People read aloud at 60 to 90 ms a character; eSpeak at its slowest rate takes 200."""
_MOST_MS_BESIDE = 3000
"""For pauses and hesitation, which weigh most in short texts."""


def check_length(recording: Recording, text: str) -> None:
    """Raises SpeechError where ``recording`` is too short or too long to be ``text``."""
    length_s = len(recording.samples) / 2 / SAMPLE_RATE_HZ
    least_s = _LEAST_MS_A_CHARACTER * len(text) / 1000
    most_s = (_MOST_MS_A_CHARACTER * len(text) + _MOST_MS_BESIDE) / 1000
    if not least_s <= length_s <= most_s:
        few = "short" if length_s < least_s else "long"
        raise SpeechError(f"{length_s:.1f} s of sound is too {few} for so many words")
