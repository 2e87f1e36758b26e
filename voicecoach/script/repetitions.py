"""A repetition: its moves, with what is said and heard in each. No I/O."""

from collections.abc import Iterator
from itertools import cycle

from voicecoach.content.kinds.dose import Cue, Move, Sets
from voicecoach.content.translation import Guidance
from voicecoach.planning.wording import number_word
from voicecoach.script.script import (
    TONE_LENGTH_MS,
    WORDS_START_AFTER_TONE_MS,
    Overflow,
    Part,
    Placement,
    Say,
    Slot,
    SpeechCue,
    Where,
    tone,
)

_COUNT_OFFSET_MS = 70
_MOST_COUNTED_ONE_BY_ONE = 10
_LONG_HOLD_MS = 6000
_LONGEST_SILENCE_MS = 10_300
"""No rest may seem silent for more than 12 s; the end of a ring is hardly heard."""
_FEWEST_WORDS_MS = 2000
"""The fewest words that tell her where to go take about so long."""
_LAST_REP_MS = 2000
_LEAST_STRETCH_WITH_A_HALF_MS = 20_000
_REMINDER_OFFSET_MS, _REMINDER_MS, _APART_MS = 5000, 10_000, 4000
"""In a stretch a reminder is said so often, and so far from other words."""


def repetition(dose: Sets, part: Part, where: Where) -> Iterator[Slot]:
    """The moves of a repetition, each exactly as long as its dose."""
    for move in dose.moves:
        yield Slot(
            length_ms=move.length_ms,
            placements=(
                Placement(sound=tone(move.cue, where), offset_ms=0),
                *sorted(_said_in(move, dose, part, where), key=lambda each: each.offset_ms),
            ),
            overflow=Overflow.DROP_WORDS,
        )


def _said_in(move: Move, dose: Sets, part: Part, where: Where) -> Iterator[Placement]:
    """The words within a move, and its ticks."""
    is_spoken = part.speaks_in(where.rep, dose.reps)
    is_long_hold = move.cue is Cue.TIGHTEN and move.length_ms >= _LONG_HOLD_MS
    if is_long_hold and is_spoken and where.rep in (1, dose.reps // 2 + 1):
        reminder = Say(text=part.words.cues.holding, cue=SpeechCue.BREATHE, where=where)
        yield Placement(sound=reminder, offset_ms=1000 + _COUNT_OFFSET_MS)
    during = part.own.cues.get("during") if is_spoken and move.cue is Cue.TIGHTEN else None
    if during is not None:
        told = Say(text=during, cue=SpeechCue.LEAD_IN, where=where)
        yield Placement(sound=told, offset_ms=WORDS_START_AFTER_TONE_MS)
    said = _move_words(move, dose, part, where)
    if said is not None:
        cue = Say(text=said, cue=SpeechCue.MOVE, where=where)
        yield Placement(sound=cue, offset_ms=WORDS_START_AFTER_TONE_MS)
    if move.is_reminded:
        yield from _sparse_words(move, part, where)
    # Nothing is said where the tone of a cough is to be heard.
    if move.is_counted and is_spoken and during is None and move.cough_ms is None:
        yield from _counts(move, part, where, is_first_said=said is not None)
    for second in range(1, move.length_ms // 1000 if move.is_counted else 1):
        tick = Cue.COUGH if second * 1000 == move.cough_ms else Cue.HOLD
        yield Placement(sound=tone(tick, where), offset_ms=second * 1000)


def _counts(move: Move, part: Part, where: Where, *, is_first_said: bool) -> Iterator[Placement]:
    """The seconds of a move, each said at its start, up to the last. Where something else is said
    in the first, the count goes on from there. A single second is not counted, and of a long move
    every third, but not the last: "fifteen" takes as long as its second."""
    seconds = move.length_ms // 1000
    numbers = range(2 if is_first_said else 1, seconds + 1 if seconds > 1 else 1)
    if seconds > _MOST_COUNTED_ONE_BY_ONE:
        numbers = range(3, seconds, 3)
    for number in numbers:
        at_ms = (number - 1) * 1000 + _COUNT_OFFSET_MS
        yield Placement(
            sound=Say(
                text=f"{number_word(number, part.words)}.",
                cue=SpeechCue.COUNT,
                where=where,
                optional=True,
            ),
            offset_ms=max(at_ms, WORDS_START_AFTER_TONE_MS),
        )


def _move_words(move: Move, dose: Sets, part: Part, where: Where) -> str | None:
    """What is said at the start of a move. Without a rest, the side and the last repetition
    are named there."""
    if move.says is None or not part.speaks_in(where.rep, dose.reps):
        return None
    is_first_move = move == dose.moves[0]
    if is_first_move and not dose.rest_ms and where.rep != 1:
        if where.side is not None:
            return part.words.sides[where.side].cue
        if where.rep == dose.reps and move.length_ms >= _LAST_REP_MS:
            return part.words.cues.last_rep
    return part.own.cues.get(move.says)


def _sparse_words(move: Move, part: Part, where: Where) -> Iterator[Placement]:
    """Signs against silence, half-way, and a reminder now and then, each in turn."""
    yield from signs(move.length_ms, where, TONE_LENGTH_MS[move.cue])
    if part.guidance is Guidance.TONES:
        return
    half_ms = move.length_ms // 2 if move.length_ms >= _LEAST_STRETCH_WITH_A_HALF_MS else None
    times_ms = range(_REMINDER_OFFSET_MS, move.length_ms - _REMINDER_OFFSET_MS, _REMINDER_MS)
    said = [(half_ms, part.words.cues.halfway)] if half_ms is not None else []
    if part.guidance is Guidance.FULL:
        apart = (at for at in times_ms if half_ms is None or abs(at - half_ms) >= _APART_MS)
        said += list(zip(apart, cycle(part.own.reminders), strict=False))
    for at_ms, text in sorted(said):
        say = Say(text=text, cue=SpeechCue.BREATHE, where=where)
        yield Placement(sound=say, offset_ms=at_ms)


def signs(rest_ms: int, where: Where, tone_ms: int) -> list[Placement]:
    """The tones of a silence that begins with a tone of ``tone_ms``: the fewest, evenly spaced,
    that keep every silence within _LONGEST_SILENCE_MS."""
    # n tones leave n + 1 silences: silent_ms = (n + 1) * silence + n * tone. The smallest n with
    # silence <= _LONGEST_SILENCE_MS is a division rounded up, which -(-a // b) is.
    sign = tone(Cue.REST, where)
    silent_ms = rest_ms - tone_ms
    count = max(0, -(-(silent_ms + sign.length_ms) // (_LONGEST_SILENCE_MS + sign.length_ms)) - 1)
    step_ms = (silent_ms + sign.length_ms) // (count + 1)
    first_ms = tone_ms + step_ms - sign.length_ms
    return [Placement(sound=sign, offset_ms=first_ms + n * step_ms) for n in range(count)]


def signs_after_words(time_ms: int, where: Where, tones_ms: int) -> list[Placement]:
    """The tones of a time that begins with tones and words of unknown length: as late as they may
    be, clear of the words, and at the same moments in every language."""
    sign = tone(Cue.REST, where)
    first_ms = tones_ms + _FEWEST_WORDS_MS + _LONGEST_SILENCE_MS
    last_ms = time_ms - sign.length_ms
    offsets_ms = range(first_ms, time_ms, sign.length_ms + _LONGEST_SILENCE_MS)
    return [Placement(sound=sign, offset_ms=min(at_ms, last_ms)) for at_ms in offsets_ms]
