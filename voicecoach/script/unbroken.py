"""A dose that has no sets, breathing or an activity, and its words -> items of a script. No I/O."""

from collections.abc import Iterator

from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Cue
from voicecoach.content.translation import Guidance
from voicecoach.planning.wording import fill
from voicecoach.script.script import (
    TONE_LENGTH_MS,
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
    tone,
)

_MINUTE_MS = 60_000
_LEAD_IN_PAUSE_MS = 150
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
    half = dose.breaths // 2
    is_half = number == half and dose.breaths >= _LEAST_BREATHS_WITH_A_HALF
    if is_last:
        said_in = [words.cues.last_breath]
    if is_half:
        said_out.append(words.cues.halfway)
    elif number % _REMINDER_EVERY == 0 and guidance is Guidance.FULL:
        is_after_half = half < number and half % _REMINDER_EVERY == 0
        place = number // _REMINDER_EVERY - 1 - is_after_half  # nothing is left out for the half
        said_out.append(own.reminders[place % len(own.reminders)])
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


def activity(dose: Activity, part: Part) -> Iterator[Item]:
    """All of it: a start, the minutes that are left, and an end; between them the bed alone."""
    where = Where(block=part.block, rep=1)
    placements = [Placement(sound=tone(Cue.START, where), offset_ms=0)]
    for minutes in dose.minutes_told:
        at_ms = dose.length_ms - minutes * _MINUTE_MS
        sign = tone(Cue.REST, where)
        if at_ms >= TONE_LENGTH_MS[Cue.START]:
            placements.append(Placement(sound=sign, offset_ms=at_ms))
            placements += [
                Placement(sound=say, offset_ms=at_ms + sign.length_ms)
                for say in _spoken(_left(minutes, part), SpeechCue.ANNOUNCE, part)
            ]
    for say in _spoken(part.own.cues["start"], SpeechCue.LEAD_IN, part):
        yield from (say, Pause(length_ms=_LEAD_IN_PAUSE_MS))
    yield Slot(length_ms=dose.length_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS)
    yield tone(Cue.END, where)
    yield from _spoken(part.own.cues["end"], SpeechCue.LET_GO, part)


def _left(minutes: int, part: Part) -> str:
    if minutes == 1:
        return part.own.cues["minute_left"]
    return fill(part.own.cues["minutes_left"], part.words, minutes=minutes)


def _spoken(text: str, cue: SpeechCue, part: Part) -> list[Say]:
    if part.guidance is Guidance.TONES:
        return []
    return [Say(text=text, cue=cue, where=Where(block=part.block, rep=1))]
