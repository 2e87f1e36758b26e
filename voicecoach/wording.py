"""Templates and paragraphs of a translation -> the sentences that are spoken or shown. No I/O."""

import re

from voicecoach.programme import Contractions, Translation

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def sentences(text: str) -> tuple[str, ...]:
    """Splits a paragraph after each ``.``, ``!`` or ``?`` that is followed by white space."""
    return tuple(_SENTENCE_END.split(text.strip()))


def number_word(number: int, words: Translation) -> str:
    """``number`` as a word. Every number of a dose has one: the reader of content sees to it."""
    return words.numbers[number]


def spoken(template: str, words: Translation, dose: Contractions | None) -> str:
    """``template`` with the numbers of ``dose`` as words, first letter as it stands."""
    if dose is None:
        return template
    low, high = dose.intensity.low_percent, dose.intensity.high_percent
    intensity = number_word(high, words)
    if low != high:
        intensity = words.number_range.format(low=number_word(low, words), high=intensity)
    return template.format(
        hold=number_word(dose.hold_ms // 1000, words),
        reps=number_word(dose.reps, words),
        sets=number_word(dose.sets, words),
        intensity=intensity,
    )


def shown(template: str, dose: Contractions | None) -> str:
    """``template`` with the numbers of ``dose`` in digits, for titles."""
    if dose is None:
        return template
    low, high = dose.intensity.low_percent, dose.intensity.high_percent
    return template.format(
        hold=dose.hold_ms // 1000,
        reps=dose.reps,
        sets=dose.sets,
        intensity=str(high) if low == high else f"{low}–{high}",
    )


def estimate_ms(text: str, rate_wpm: int) -> int:
    """About how long ``text`` takes to say at ``rate_wpm`` words a minute.

    Measured with eSpeak NG, Dutch and English: 90 ms a character at 120 words a minute.
    """
    return 90 * len(text) * 120 // rate_wpm
