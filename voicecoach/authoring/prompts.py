"""Scripts -> every distinct utterance in them, for a person who records them herself. No I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from voicecoach.authoring.check.cases import who_hear_different_words
from voicecoach.content.clinical_state import ANYONE, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.planning.plan import plan_weeks
from voicecoach.planning.wording import estimate_ms
from voicecoach.script import timeline, writer
from voicecoach.script.script import Chapter, Say, Script, Slot, Where
from voicecoach.speech.recorded.folder import stem_of

COMMON = ""
"""The group of what several exercises say."""
STEP_MS = 100
"""Lengths of utterances are limited in steps of this."""
_KEPT_MS = 100
"""What is kept of the quiet around a recording, and room for how exactly people speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An utterance to be recorded."""

    text: str
    stem: str
    """The name of its file, without the ending that tells the kind of file."""
    group: str
    """The title of the exercise or talk it belongs to; COMMON for several exercises."""
    longest_ms: int | None
    """The longest it may take; ``None`` where that does not matter. While no prompt takes longer
    than this, all fit wherever they are said."""


def to_say_ms(longest_ms: int) -> int:
    """How long a person should take at most for what may last ``longest_ms``."""
    return max(STEP_MS, longest_ms - _KEPT_MS)


def of_weeks(programme: Programme, words: Translation, weeks: Iterable[int]) -> tuple[Prompt, ...]:
    """What a person has to record to speak ``weeks`` to any woman, at every level of guidance."""
    weeks = tuple(weeks)
    scripts = dict.fromkeys(
        script
        for situation in dict.fromkeys(
            (ANYONE, *(case.situation for case in who_hear_different_words(programme)))
        )
        for guidance in (None, *Guidance)
        for script in scripts_of(programme, words, weeks, guidance, situation)
    )
    return prompts(scripts, words)


def scripts_of(
    programme: Programme,
    words: Translation,
    weeks: Iterable[int],
    guidance: Guidance | None = None,
    situation: Situation = ANYONE,
) -> tuple[Script, ...]:
    """The scripts of ``weeks``, sessions that sound the same once; ``guidance`` as in
    :func:`voicecoach.planning.plan.plan_day`."""
    days = plan_weeks(programme, weeks, guidance, situation)
    sessions = dict.fromkeys(session for day in days for session in day.sessions)
    return tuple(writer.write(session, words) for session in sessions)


def prompts(scripts: Iterable[Script], words: Translation) -> tuple[Prompt, ...]:
    """The distinct utterances of ``scripts``: first what several exercises say, then group by
    group, in the order of their first use."""
    scripts = tuple(scripts)
    groups, lengths_ms = _groups(scripts, words), longest_ms(word_slots(scripts))
    places = {group: n for n, group in enumerate(dict.fromkeys((COMMON, *groups.values())))}
    return tuple(
        Prompt(text=text, stem=stem_of(text), group=group, longest_ms=lengths_ms.get(text))
        for text, group in sorted(groups.items(), key=lambda item: places[item[1]])
    )


def _groups(scripts: Iterable[Script], words: Translation) -> dict[str, str]:
    """The group of each text. What an exercise says belongs to it, even if a talk says it too; what
    several talks say belongs to the first."""
    talks: dict[str, str] = {}
    exercises: dict[str, set[str]] = {}
    for script in scripts:
        for say in script.says:
            block = script.blocks[say.where.block]
            saying = exercises.setdefault(say.text, set())
            if block.dose is None:
                talks.setdefault(say.text, words.talks[block.exercise].title)
            else:
                saying.add(words.exercises[block.exercise].title)
    return {
        text: COMMON if len(titles) > 1 else next(iter(titles or [talks.get(text, COMMON)]))
        for text, titles in exercises.items()
    }


def word_slots(scripts: Iterable[Script]) -> tuple[Script, ...]:
    """The distinct slots of ``scripts`` in which something is said, each as a script of its own
    that holds nothing but the words.

    Without optional words for which their neighbours are expected to leave no place, and without
    slots that not even words of STEP_MS would fit into: none of these sets a target.
    """
    alone = dict.fromkeys(
        _words_alone(item, script.rate_wpm)
        for script in scripts
        for item in script.items
        if isinstance(item, Slot)
    )
    return tuple(
        slot for slot in alone if slot.texts and fits(slot, dict.fromkeys(slot.texts, STEP_MS))
    )


def _words_alone(slot: Slot, rate_wpm: int) -> Script:
    words = [
        (placement, replace(placement.sound, where=Where(block=index)))
        for index, placement in enumerate(slot.placements)
        if isinstance(placement.sound, Say)
    ]
    placements = tuple(replace(placement, sound=say) for placement, say in words)
    alone = _script_of(replace(slot, placements=placements), rate_wpm)
    expected = timeline.lay_out(alone, lambda text: estimate_ms(text, rate_wpm))
    spoken = {event.sound for event in expected.events}
    kept = tuple(
        p
        for p, (_, say) in zip(placements, words, strict=True)
        if say in spoken or not say.optional
    )
    return _script_of(replace(slot, placements=kept), rate_wpm)


def _script_of(slot: Slot, rate_wpm: int) -> Script:
    items = (Chapter(title=""), slot)
    return Script(
        session="", title="", guidance=Guidance.FULL, rate_wpm=rate_wpm, blocks=(), items=items
    )


def fits(slot: Script, lengths_ms: Mapping[str, int]) -> bool:
    """Whether words of such lengths are all spoken in ``slot``, and it stays as long as it is."""
    laid_out = timeline.lay_out(slot, lengths_ms.__getitem__)
    return not laid_out.misfits and len(laid_out.events) == len(slot.says)


def longest_ms(slots: Iterable[Script]) -> dict[str, int]:
    """How long each text of ``slots`` may take: where none takes longer, all fit, and one that took
    STEP_MS more than that would not.

    Words that share a slot share its room. It is given out step by step, each to the text that has
    least of what it is expected to need.
    """
    slots_of: dict[str, list[Script]] = {}
    expected_ms: dict[str, int] = {}
    for slot in slots:
        for text in slot.texts:
            slots_of.setdefault(text, []).append(slot)
            expected_ms.setdefault(text, estimate_ms(text, slot.rate_wpm))
    lengths_ms = dict.fromkeys(slots_of, STEP_MS)
    waiting = [(0.0, number, text) for number, text in enumerate(slots_of)]
    heapify(waiting)
    while waiting:
        _, number, text = heappop(waiting)
        longer = {**lengths_ms, text: lengths_ms[text] + STEP_MS}
        if all(fits(slot, longer) for slot in slots_of[text]):
            lengths_ms = longer
            heappush(waiting, (lengths_ms[text] / max(1, expected_ms[text]), number, text))
    return lengths_ms
