"""Script + the lengths of its utterances -> Timeline: every sound at its absolute time. No I/O.

Enforces the law of the dose: a hold is exact; a rest is exact if its words fit and otherwise grows;
words never overlap words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicecoach.content.translation import Guidance
from voicecoach.script.script import (
    WORDS_END_BEFORE_TONE_MS,
    WORDS_START_AFTER_TONE_MS,
    Anchor,
    Chapter,
    Overflow,
    Pause,
    Placement,
    Say,
    Script,
    ScriptBlock,
    Slot,
    TimedChapter,
    Tone,
)

WORD_GAP_MS = 100
"""The shortest silence between two utterances in a slot."""
_COUNT_EVERY_MS = 1000
_COUNT_GAP_MS = 50
"""The shortest silence after a count; a tick is in it."""
_MOST_REPLACED_COUNTS = 3
"""The most counts that a reminder in a hold may replace, as it is meant to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A sound and its time; ``end_ms`` includes a tone's ring."""

    start_ms: int
    end_ms: int
    sound: Say | Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Words that were too long for their slot."""

    say: Say
    too_long_ms: int
    """How much the slot grew; 0 if the words were left out instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A session second by second. ``events`` are in order of their start."""

    session: str
    title: str
    guidance: Guidance
    duration_ms: int
    blocks: tuple[ScriptBlock, ...]
    events: tuple[Event, ...]
    chapters: tuple[TimedChapter, ...]
    misfits: tuple[Misfit, ...]
    unspoken: tuple[Say, ...] = ()
    """Optional words that were left out because they, or those before them, were too long. Words
    that gave way to a reminder are not listed."""


def lay_out(script: Script, length_ms_of: Callable[[str], int]) -> Timeline:
    """Places every sound of ``script``; ``length_ms_of`` returns the length of an utterance's text.

    >>> timeline = lay_out(script, lambda text: 80 * len(text))
    """
    now_ms = 0
    events: list[Event] = []
    chapter_starts: list[tuple[str, int]] = []
    misfits: list[Misfit] = []
    unspoken: list[Say] = []
    for item in script.items:
        match item:
            case Chapter():
                # two chapters at one moment: the later one is the more specific
                if chapter_starts and chapter_starts[-1][1] == now_ms:
                    chapter_starts.pop()
                chapter_starts.append((item.title, now_ms))
            case Pause():
                now_ms += item.length_ms
            case Say():
                events.append(_event(item, now_ms, length_ms_of(item.text)))
                now_ms = events[-1].end_ms
            case Tone():
                events.append(_event(item, now_ms, item.length_ms))
                now_ms = events[-1].end_ms
            case Slot():
                placed, length_ms, misfit = _fill(item, now_ms, length_ms_of)
                events += placed
                misfits += misfit
                unspoken += _unspoken(item, [event.sound for event in placed])
                now_ms += length_ms
    return Timeline(
        session=script.session,
        title=script.title,
        guidance=script.guidance,
        duration_ms=now_ms,
        blocks=script.blocks,
        events=tuple(sorted(events, key=lambda event: event.start_ms)),
        chapters=_chapters(chapter_starts, now_ms),
        misfits=tuple(misfits),
        unspoken=tuple(unspoken),
    )


def _event(sound: Say | Tone, start_ms: int, length_ms: int) -> Event:
    return Event(start_ms=start_ms, end_ms=start_ms + length_ms, sound=sound)


def _chapters(starts: list[tuple[str, int]], duration_ms: int) -> tuple[TimedChapter, ...]:
    """Each chapter ends where the next begins; the first also covers the silence before it."""
    ends = [start_ms for _, start_ms in starts[1:]] + [duration_ms]
    return tuple(
        TimedChapter(title=title, start_ms=start_ms if index else 0, end_ms=end_ms)
        for index, ((title, start_ms), end_ms) in enumerate(zip(starts, ends, strict=True))
    )


def _fill(
    slot: Slot, start_ms: int, length_ms_of: Callable[[str], int]
) -> tuple[list[Event], int, list[Misfit]]:
    """The events of ``slot``, its length in ms, and the words that did not fit."""
    tones = [
        _event(p.sound, start_ms + p.offset_ms, p.sound.length_ms)
        for p in slot.placements
        if isinstance(p.sound, Tone)
    ]
    words = [(p, p.sound) for p in slot.placements if isinstance(p.sound, Say)]
    lengths = [length_ms_of(say.text) for _, say in words]
    if slot.overflow is Overflow.GROW:
        spoken, length_ms, misfits = _fill_growing(slot, words, lengths)
    else:
        length_ms = slot.length_ms
        spoken, misfits = _fill_thinned(slot, words, lengths)
    speech = [_event(say, start_ms + at_ms, length) for say, at_ms, length in spoken]
    return tones + speech, length_ms, misfits


_PlacedWords = list[tuple[Placement, Say]]
_Spoken = list[tuple[Say, int, int]]


def _fill_thinned(
    slot: Slot, words: _PlacedWords, lengths: list[int]
) -> tuple[_Spoken, list[Misfit]]:
    """As :func:`_fill_exactly`; counts that do not all fit are thinned evenly: every second, every
    third … is said, the last of each among them. The first, which begins later in its second than
    the others, is left out where it would delay the next."""
    timed = zip(words, lengths, strict=True)
    counts = [(each.offset_ms, length_ms) for (each, say), length_ms in timed if say.optional]
    longest_ms = max((length_ms for _, length_ms in counts), default=0)
    apart_ms = max([_COUNT_EVERY_MS, *(after[0] - each[0] for each, after in pairwise(counts))])
    step = -(-(longest_ms + WORD_GAP_MS) // apart_ms)
    delays = [
        at_ms + length_ms + _COUNT_GAP_MS > next_ms
        for (at_ms, length_ms), (next_ms, _) in pairwise(counts)
    ]
    if step <= 1 and not any(delays):
        return _fill_exactly(slot, words, lengths)
    kept, number = [], 0
    for (placement, say), length_ms in zip(words, lengths, strict=True):
        number += say.optional
        is_kept = not any(delays[number - 1 : number]) if step <= 1 else number % step == 0
        if not say.optional or is_kept:
            kept.append(((placement, say), length_ms))
    return _fill_exactly(slot, [each for each, _ in kept], [length_ms for _, length_ms in kept])


def _fill_exactly(
    slot: Slot, words: _PlacedWords, lengths: list[int]
) -> tuple[_Spoken, list[Misfit]]:
    """The words that fit into ``slot`` without changing its length, each with its start, in ms
    from the start of the slot, and its length; and those left out that are not optional."""
    spoken: _Spoken = []
    misfits = []
    free_from_ms = 0
    for (placement, say), length_ms in zip(words, lengths, strict=True):
        at_ms = max(placement.offset_ms, free_from_ms)
        is_late = say.optional and at_ms > placement.offset_ms
        if is_late or at_ms + length_ms > slot.length_ms - WORDS_END_BEFORE_TONE_MS:
            if not say.optional:
                misfits.append(Misfit(say=say, too_long_ms=0))
        else:
            spoken.append((say, at_ms, length_ms))
            gap_ms = _COUNT_GAP_MS if say.optional else WORD_GAP_MS
            free_from_ms = at_ms + length_ms + gap_ms
    return spoken, misfits


def _unspoken(slot: Slot, heard: Sequence[Say | Tone]) -> list[Say]:
    """The words of ``slot`` for :attr:`Timeline.unspoken`."""
    says = [p.sound for p in slot.placements if isinstance(p.sound, Say)]
    left_out: list[Say] = []
    gave_way: list[Say] = []
    reminder_was_last = False
    for say in says:
        if say in heard:
            reminder_was_last = not say.optional
        elif say.optional:
            # counts right after a reminder gave way to it; later ones did not fit
            (gave_way if reminder_was_last else left_out).append(say)
    if len(gave_way) > _MOST_REPLACED_COUNTS:
        left_out += gave_way
    return left_out


def _fill_growing(
    slot: Slot, words: _PlacedWords, lengths: list[int]
) -> tuple[_Spoken, int, list[Misfit]]:
    """All words of ``slot``, each with its start, in ms from the start of the slot, and its length;
    the length of the slot; and its words if it had to grow.

    Words anchored at the start are laid from the start on, those anchored at the end from the end
    back, in reverse order. The slot grows until both sequences fit.
    """
    from_start: _Spoken = []
    free_from_ms = 0
    for (placement, say), length_ms in zip(words, lengths, strict=True):
        if placement.anchor is Anchor.START:
            at_ms = max(placement.offset_ms, free_from_ms)
            from_start.append((say, at_ms, length_ms))
            free_from_ms = at_ms + length_ms + WORD_GAP_MS
    to_end: _Spoken = []  # with the distance of each start from the end, which may still move
    taken_ms = 0
    for (placement, say), length_ms in reversed(list(zip(words, lengths, strict=True))):
        if placement.anchor is Anchor.END:
            before_end_ms = max(placement.offset_ms, taken_ms) + length_ms
            to_end.append((say, before_end_ms, length_ms))
            taken_ms = before_end_ms + WORD_GAP_MS
    if to_end:
        needed_ms = max(free_from_ms, WORDS_START_AFTER_TONE_MS) + to_end[-1][1]
    else:
        needed_ms = free_from_ms - WORD_GAP_MS + WORDS_END_BEFORE_TONE_MS
    length_ms = max(slot.length_ms, needed_ms)
    spoken = from_start + [(say, length_ms - before_end, ms) for say, before_end, ms in to_end]
    grown_ms = length_ms - slot.length_ms
    misfits = [Misfit(say=say, too_long_ms=grown_ms) for say, _, _ in spoken if grown_ms]
    return spoken, length_ms, misfits
