"""Scripts -> their distinct utterances, for a person who records them, as a CSV table or a page."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from io import StringIO
from itertools import groupby

from voicecoach import messages
from voicecoach.authoring.cases import who_hear_different_words
from voicecoach.content.clinical_state import ANYONE, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.translation import Guidance, Translation
from voicecoach.messages import Words, template
from voicecoach.planning.plan import plan_weeks
from voicecoach.planning.wording import estimate_ms
from voicecoach.script import timeline, writer
from voicecoach.script.script import Chapter, Say, Script, Slot, Where
from voicecoach.speech.recorded_folder import stem_of

COMMON = ""
"""The group of utterances that several exercises share."""
STEP_MS = 100
"""The step in which limits of lengths are searched."""
_KEPT_MS = 100
"""The quiet that trimming keeps around a recording, and a margin for inexact speaking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An utterance to be recorded."""

    text: str
    stem: str
    """The name of its file, without suffix."""
    group: str
    """The title of its exercise or talk; COMMON for several exercises."""
    longest_ms: int | None
    """The longest it may take; ``None`` if unlimited. If no prompt takes longer than this, all fit
    everywhere."""


def to_say_ms(longest_ms: int) -> int:
    """The speaking time to recommend for a recording that may last ``longest_ms``."""
    return max(STEP_MS, longest_ms - _KEPT_MS)


def of_weeks(programme: Programme, words: Translation, weeks: Iterable[int]) -> tuple[Prompt, ...]:
    """All prompts that ``weeks`` need for any client, at every level of guidance."""
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
    """The distinct scripts of ``weeks``; ``guidance`` as in
    :func:`voicecoach.planning.plan.plan_day`."""
    days = plan_weeks(programme, weeks, guidance, situation)
    sessions = dict.fromkeys(session for day in days for session in day.sessions)
    return tuple(writer.write(session, words) for session in sessions)


def prompts(scripts: Iterable[Script], words: Translation) -> tuple[Prompt, ...]:
    """The distinct utterances of ``scripts``: first those that several exercises share, then by
    group, in the order of first use."""
    scripts = tuple(scripts)
    groups, lengths_ms = _groups(scripts, words), longest_ms(word_slots(scripts))
    places = {group: n for n, group in enumerate(dict.fromkeys((COMMON, *groups.values())))}
    return tuple(
        Prompt(text=text, stem=stem_of(text), group=group, longest_ms=lengths_ms.get(text))
        for text, group in sorted(groups.items(), key=lambda item: places[item[1]])
    )


def _groups(scripts: Iterable[Script], words: Translation) -> dict[str, str]:
    """The group of each text. A text of an exercise and a talk belongs to the exercise; one of
    several talks to the first of them."""
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
    """The distinct slots of ``scripts`` that have words, each as a script with only its words.

    Leaves out optional words that are not expected to fit beside others, and slots too short even
    for words of STEP_MS: neither sets a limit.
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
    """Whether all words of ``slot`` fit at ``lengths_ms``, by text, without making it grow."""
    laid_out = timeline.lay_out(slot, lengths_ms.__getitem__)
    return not laid_out.misfits and len(laid_out.events) == len(slot.says)


def longest_ms(slots: Iterable[Script]) -> dict[str, int]:
    """The longest each text of ``slots`` may take: if none takes longer, all fit, and a text that
    took STEP_MS more would not.

    Words in the same slot share its length. It is allotted in steps, each to the text that has the
    smallest share of its expected length so far.
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


COLUMNS = ("group", "file", "text", "longest_s")
_COMMON_GROUP = "cues"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NO_FORMULA = "'"


def csv_file(prompts: Iterable[Prompt]) -> bytes:
    """A CSV file with COLUMNS as its header and a line for each of ``prompts``.

    UTF-8 with a byte order mark, without which Excel assumes another encoding. A cell that a
    spreadsheet would read as a formula gets a leading apostrophe (OWASP, CSV injection).
    """
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for prompt in prompts:
        group = _COMMON_GROUP if prompt.group == COMMON else prompt.group
        cells = (group, prompt.stem, prompt.text, _seconds(prompt.longest_ms))
        writer.writerow(map(_without_formula, cells))
    return out.getvalue().encode("utf-8-sig")


def _seconds(length_ms: int | None) -> str:
    return "" if length_ms is None else f"{to_say_ms(length_ms) / 1000:.1f}"


def _without_formula(cell: str) -> str:
    return _NO_FORMULA + cell if cell.startswith(_FORMULA_STARTS) else cell


_TEMPLATE = "prompts.html"


def html_page(prompts: Sequence[Prompt], words: Translation) -> str:
    """A self-contained HTML page without scripts, with each of ``prompts`` under its group.

    Its headings are in the language of ``words``, or else in English.
    """
    ours = messages.words(words.language)
    groups = [
        (ours("prompts.common") if group == COMMON else group, list(members))
        for group, members in groupby(prompts, key=lambda prompt: prompt.group)
    ]
    return template(_TEMPLATE).render(
        h=ours.section("prompts"),
        language=ours.language,
        direction=ours.direction,
        words=words,
        count=ours("prompts.count", count=len(prompts)),
        groups=groups,
        longest=lambda prompt: _shown_seconds(prompt.longest_ms, ours),
    )


def _shown_seconds(length_ms: int | None, ours: Words) -> str:
    seconds = _seconds(length_ms).replace(".", ours("decimal_mark"))
    return f"{seconds} s" if seconds else ours("prompts.free")
