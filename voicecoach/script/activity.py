"""A dose of an activity and its words -> the items of a script. No I/O."""

from collections.abc import Iterator

from voicecoach.content.kinds.activity import Activity
from voicecoach.content.kinds.dose import Cue
from voicecoach.content.translation import Guidance
from voicecoach.planning.wording import number_word
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
    Where,
    tone,
)

_MINUTE_MS = 60_000
_LEAD_IN_PAUSE_MS = 150


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
                for say in _said(_left(minutes, part), SpeechCue.ANNOUNCE, part)
            ]
    for say in _said(part.own.cues["start"], SpeechCue.LEAD_IN, part):
        yield from (say, Pause(length_ms=_LEAD_IN_PAUSE_MS))
    yield Slot(length_ms=dose.length_ms, placements=tuple(placements), overflow=Overflow.DROP_WORDS)
    yield tone(Cue.END, where)
    yield from _said(part.own.cues["end"], SpeechCue.LET_GO, part)


def _left(minutes: int, part: Part) -> str:
    if minutes == 1:
        return part.own.cues["minute_left"]
    return part.own.cues["minutes_left"].format(minutes=number_word(minutes, part.words))


def _said(text: str, cue: SpeechCue, part: Part) -> list[Say]:
    if part.guidance is Guidance.TONES:
        return []
    return [Say(text=text, cue=cue, where=Where(block=part.block, rep=1))]
