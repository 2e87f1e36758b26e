"""Programme -> remarks on its words and its sources. No I/O."""

import re
from collections.abc import Iterable, Iterator

from voicecoach.authoring.cases import Remark
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.programme import Programme
from voicecoach.content.session import CircuitBlock, Clock, ExerciseBlock, Session, TalkBlock
from voicecoach.content.translation import Translation, WordRules
from voicecoach.planning.planned import PlannedSession
from voicecoach.planning.wording import sentences, without_numbers

_DISLIKED_NL = "vrouwen vinden het een naar woord (bron: cfa); zeg “span aan”"
_DISLIKED_EN = "women dislike the word (source: cfa); say “tighten”"
_HARD_NL = "oefenen mag nooit geforceerd zijn (bron: article); noem hoeveel kracht er nodig is"
_HARD_EN = "practice is never forced (source: article); say how much strength it takes"

_RULES = {
    "nl": WordRules(
        let_go_sooner=("eerder loslaten mag", "mag eerder loslaten", "mag je eerder loslaten"),
        forbidden={
            "knijp*": _DISLIKED_NL,
            "geknepen": _DISLIKED_NL,
            "pers": "persen duwt de bekkenbodem omlaag; zeg “span aan”",
            "persen": "persen duwt de bekkenbodem omlaag; zeg “aanspannen”",
            "zo hard mogelijk": _HARD_NL,
            "zo hard als je kunt": _HARD_NL,
            "zo hard als je kan": _HARD_NL,
            "pijn hoort erbij": "pijn betekent stoppen (bron: article); zeg dat",
            "alsof je je plas ophoudt": "“alsof je een windje ophoudt” lukt meer vrouwen (bron:"
            " benami2018); zeg dat",
        },
    ),
    "en": WordRules(
        let_go_sooner=("let go sooner", "let go earlier"),
        forbidden={
            "clench*": _DISLIKED_EN,
            "squeez*": _DISLIKED_EN,
            "bear down": "bearing down moves the pelvic floor down; say “tighten”",
            "as hard as you can": _HARD_EN,
            "as hard as possible": _HARD_EN,
            "no pain no gain": "pain means stop (source: article); say so",
            "no pain, no gain": "pain means stop (source: article); say so",
            "as if you are stopping urine": "“as if you are holding in wind” works for more women"
            " (source: benami2018); say that",
        },
    ),
}

_ABOUT_THE_FLOOR = (
    *("knijp*", "geknepen", "pers", "persen", "alsof je je plas ophoudt"),
    *("clench*", "squeez*", "bear down", "as if you are stopping urine"),
)
"""Rules that mean nothing where nobody is asked to contract."""


def rules_for(programme: Programme, words: Translation) -> WordRules:
    """The rules of the language and of ``programme``."""
    general = _RULES.get(words.language, WordRules())
    has_floor = programme.is_after_birth or bool(programme.training_steps)
    forbidden = {
        phrase: why
        for phrase, why in general.forbidden.items()
        if has_floor or phrase not in _ABOUT_THE_FLOOR
    }
    return WordRules(
        let_go_sooner=(*general.let_go_sooner, *words.check.let_go_sooner),
        forbidden={**forbidden, **words.check.forbidden},
    )


MOST_WORDS = 12
"""The most words of a sentence that can be followed by ear (clinical facts: our own choice)."""
LONG_HOLD_MS = 10_000
"""Longer holds are debated: the words must say that letting go sooner is fine (clinical facts)."""


def unsayable_remarks(words: Translation) -> Iterator[Remark]:
    """Texts with characters that no voice can say."""
    for problem in words.unsayable:
        where, _, _ = str(problem).rpartition(f": {problem.message}")
        yield Remark(where=where, message=problem.message)


def sentence_remarks(programme: Programme, words: Translation) -> Iterator[Remark]:
    """Sentences that are too long to follow, and words to avoid."""
    forbidden = [
        (phrase_pattern(phrase), phrase, why)
        for phrase, why in rules_for(programme, words).forbidden.items()
    ]
    range_words = words.number_range if _has_range(programme) else "{high}"
    for where, text in spoken_texts(words):
        place = f"{words.language}, {where}"
        for sentence in sentences(text):
            filled = sentence.replace("{intensity}", range_words)
            count = _word_count(without_numbers(filled, "n"))
            if count > MOST_WORDS:
                message = f"“{sentence}” has {count} words, but at most {MOST_WORDS} can be"
                yield Remark(where=place, message=f"{message} followed by ear; make it two")
            for pattern, phrase, why in forbidden:
                if pattern.search(sentence):
                    yield Remark(where=place, message=f"“{phrase}” in “{sentence}”: {why}")


def long_hold_remarks(
    programme: Programme, words: Translation, planned: Iterable[PlannedSession]
) -> Iterator[Remark]:
    """Sessions with holds over ten seconds that never say that letting go sooner is fine."""
    rules = rules_for(programme, words)
    longest_ms: dict[str, int] = {}
    for session in planned:
        for dose in session.all_contractions:
            if dose.hold_ms > LONG_HOLD_MS and not _tells_to_let_go(session, words, rules):
                longest_ms[session.id] = max(longest_ms.get(session.id, 0), dose.hold_ms)
    for id_, hold_ms in longest_ms.items():
        if rules.let_go_sooner:
            cure = f"add a sentence to its condition with the words “{rules.let_go_sooner[0]}”"
        else:
            cure = "name the words that say so under check: let_go_sooner: […]"
        yield Remark(
            where=f"{words.language}, session {id_}",
            message=f"holds of {hold_ms / 1000:g} s, and nothing before them says that letting go"
            f" sooner is fine; {cure}",
        )


def unused(programme: Programme) -> Iterator[Remark]:
    """Exercises and talks that no session uses, and sources that nothing cites."""
    parts = [part for session in programme.sessions for part in session.all_parts]
    talks = {part.talk for part in parts if isinstance(part, TalkBlock)} | {programme.safety}
    talks.update(() if programme.short_opening is None else programme.short_opening.talks)
    exercises = {part.exercise for part in parts if isinstance(part, ExerciseBlock)}
    exercises |= {
        id_ for id_, each in programme.exercises.items() if each.long_holds_of in exercises
    }
    unused_ids = [
        *(("talk", id_) for id_ in programme.talks if id_ not in talks),
        *(("exercise", id_) for id_ in programme.exercises if id_ not in exercises),
    ]
    for kind, id_ in unused_ids:
        message = "no session uses it; name it in one, or take it out of every file"
        yield Remark(where=f"{kind} {id_}", message=message)
    for session in programme.sessions:
        if session.clock is Clock.SPORT and programme.sport is None:
            message = "it counts from the questions on sport; list those under `sport`"
            yield Remark(where=f"session {session.id}", message=message)
    named = set(_named_sources(programme))
    for id_ in programme.sources:
        if id_ not in named:
            message = "no number and no talk names it; name it there, or take it out"
            yield Remark(where=f"source {id_}", message=message)


def _named_sources(programme: Programme) -> Iterator[str]:
    yield programme.full_guidance_source
    yield from (source for _, source in programme.starting_position_sources)
    numbers = [*(phase.sources for phase in programme.phases)]
    if programme.sport is not None:
        numbers.append(programme.sport.sources)
        yield from (source for ids in programme.sport.tests.values() for source in ids)
    numbers += [] if programme.short_opening is None else [programme.short_opening.sources]
    numbers += [span.sources for session in programme.sessions for span in session.schedule]
    for exercise in programme.exercises.values():
        yield from (step.day_source for step in exercise.steps if step.day_source)
        numbers += [step.prescription.sources for step in exercise.steps]
    yield from (source for each in numbers for _, source in each)
    for session in programme.sessions:
        yield from _override_sources(session)
        yield from filter(None, [session.late_starters_source])
    for ids in programme.talks.values():
        yield from ids
    for rule in programme.rules:
        yield from (*rule.sources, rule.days_source)


def _override_sources(session: Session) -> Iterator[str]:
    yield from (block.override_source for block in session.exercise_blocks)
    for block in session.blocks:
        if isinstance(block, CircuitBlock):
            yield from (source for _, source in block.sources)


def spoken_texts(words: Translation) -> Iterator[tuple[str, str]]:
    """Every spoken text, with its place in the file."""
    for id_, exercise in words.exercises.items():
        where = f"exercises.{id_}"
        yield from _numbered(f"{where}.introduction", exercise.introduction)
        yield from _numbered(f"{where}.reminders", exercise.reminders)
        yield from ((f"{where}.{key}", text) for key, text in exercise.cues.items())
    for key in words.cues.__dataclass_fields__:
        cue = getattr(words.cues, key)
        yield from [(f"cues.{key}", cue)] if isinstance(cue, str) else _numbered(f"cues.{key}", cue)
    for key, text in words.lengths.items():
        yield f"lengths.{key}", text
    for part, labels in (("sides", words.sides), ("starting_positions", words.starting_positions)):
        yield from ((f"{part}.{id_}.cue", label.cue) for id_, label in labels.items())
    for id_, talk in words.talks.items():
        yield from _numbered(f"talks.{id_}.text", talk.text)
    yield from ((f"without_catheter.{key}", text) for key, text in words.without_catheter.items())
    for sign, texts in words.advice.items():
        yield from _numbered(f"check_in.{sign}", texts)


def _numbered(where: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((f"{where}[{index}]", text) for index, text in enumerate(texts))


def _word_count(sentence: str) -> int:
    return sum(bool(re.search(r"\w", word)) for word in sentence.split())


def _has_range(programme: Programme) -> bool:
    numbers = (
        number
        for exercise in programme.exercises.values()
        for step in exercise.steps
        for number in step.prescription.dose.numbers.values()
    )
    return any(isinstance(n, Intensity) and n.low_percent < n.high_percent for n in numbers)


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Finds whole words, in any case and with any white space; ``*`` stands for any ending."""
    spaced = r"\s+".join(map(re.escape, phrase.removesuffix("*").split()))
    end = "" if phrase.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){spaced}{end}", re.IGNORECASE)


def _tells_to_let_go(session: PlannedSession, words: Translation, rules: WordRules) -> bool:
    """Whether the words before the first long hold say, by ``rules``, that letting go is fine."""
    said: list[str] = []
    for part in session.parts:
        if isinstance(part, TalkBlock):
            said += words.talks[part.talk].text
            continue
        said += words.exercises[part.exercise].introduction
        if any(each.hold_ms > LONG_HOLD_MS for each in part.dose.contractions):
            break
    text = " ".join(said)
    return any(phrase_pattern(phrase).search(text) for phrase in rules.let_go_sooner)
