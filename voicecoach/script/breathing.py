"""A dose of breathing and its words -> the items of a script. No I/O."""

from collections.abc import Iterator

from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Cue
from voicecoach.content.translation import Guidance
from voicecoach.script.script import (
    Item,
    Overflow,
    Part,
    Pause,
    Placement,
    Say,
    Slot,
    SpeechCue,
    Tone,
    Where,
)

_WORDS_OFFSET_MS = 400
_REMINDER_OFFSET_MS = 2200
_REMINDER_EVERY = 4
_LEAST_BREATHS_WITH_A_HALF = 8


def breaths(dose: Breathing, part: Part) -> Iterator[Item]:
    """All breaths: an inhale and an exhale each, with their words."""
    for number in range(1, dose.breaths + 1):
        where = Where(block=part.block, rep=number)
        said_in, said_out = _said(number, dose, part)
        yield _breath(Cue.INHALE, dose.inhale_ms, said_in, where)
        if dose.pause_full_ms:
            yield Pause(length_ms=dose.pause_full_ms)
        yield _breath(Cue.EXHALE, dose.exhale_ms, said_out, where)
        if dose.pause_empty_ms:
            yield Pause(length_ms=dose.pause_empty_ms)


def _said(number: int, dose: Breathing, part: Part) -> tuple[list[str], list[str]]:
    """The words of the ``number``-th inhale and exhale."""
    own, words, guidance = part.own, part.words, part.guidance
    said_in, said_out = [own.cues["inhale"]], [own.cues["exhale"]]
    is_last = number == dose.breaths and dose.breaths > 1
    is_half = number == dose.breaths // 2 and dose.breaths >= _LEAST_BREATHS_WITH_A_HALF
    if is_last:
        said_in = [words.cues.last_breath]
    if is_half:
        said_out.append(words.cues.halfway)
    elif number % _REMINDER_EVERY == 0 and guidance is Guidance.FULL:
        said_out.append(own.reminders[(number // _REMINDER_EVERY - 1) % len(own.reminders)])
    match guidance:
        case Guidance.FULL:
            return said_in, said_out
        case Guidance.BRIEF:
            if number == 1 or is_last:
                return said_in, said_out
            return [], said_out[1:] if is_half else []
        case Guidance.TONES:
            return [], []


def _breath(cue: Cue, length_ms: int, texts: list[str], where: Where) -> Slot:
    glide = Tone(cue=cue, length_ms=length_ms, where=where)
    offsets_ms = (_WORDS_OFFSET_MS, _REMINDER_OFFSET_MS)
    placements = [Placement(sound=glide, offset_ms=0)]
    for text, offset_ms in zip(texts, offsets_ms, strict=False):
        say = Say(text=text, cue=SpeechCue.BREATHE, where=where)
        placements.append(Placement(sound=say, offset_ms=offset_ms))
    return Slot(length_ms=length_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS)
