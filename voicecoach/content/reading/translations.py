"""nl.yaml, en.yaml … -> Translation: all the words of a programme in one language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from voicecoach import letters, messages, strict_yaml
from voicecoach.content.exercise import Exercise
from voicecoach.content.kinds.dose import Dose, Intensity, Length
from voicecoach.content.programme import Programme
from voicecoach.content.reading import question_tables, word_tables
from voicecoach.content.reading.fields import Fields
from voicecoach.content.reading.key_tables import Row
from voicecoach.content.session import CircuitBlock, Session
from voicecoach.content.translation import (
    Cues,
    ExerciseWords,
    Guidance,
    Labels,
    SpokenLabel,
    Talk,
    Translation,
    WordRules,
)
from voicecoach.errors import ContentError, Problem

_LONGEST_CLOSING_MS = 60_000
_MOST_LISTED = 20


def missing(numbers: Iterable[int], programme: Programme) -> str | None:
    """Which of the numbers that ``programme`` speaks are not among ``numbers``; ``None`` where
    all are."""
    of_doses = _spoken_in_doses(programme)
    lacking = sorted((of_doses | _minutes_left(programme)).difference(numbers))
    if not lacking:
        return None
    listed = ", ".join(map(str, lacking[:_MOST_LISTED]))
    more = len(lacking) - _MOST_LISTED
    listed += f" and {more} more" if more > 0 else ""
    of = "the doses" if of_doses.intersection(lacking) else "minutes that are left in a session"
    return f"words are missing for these numbers of {of}: {listed}"


def _minutes_left(programme: Programme) -> set[int]:
    most = (
        _most_minutes_left(session, programme.exercises)
        for session in programme.sessions
        if session.tells_time_left(programme.exercises)
    )
    return set(range(1, max(most, default=0) + 1))


def _spoken_in_doses(programme: Programme) -> set[int]:
    spoken: set[int] = set()
    for exercise in programme.exercises.values():
        for step in exercise.steps:
            spoken |= spoken_in(step.prescription.dose)
    for session in programme.sessions:
        sets = [block.sets for block in session.exercise_blocks if block.sets]
        sets += [each.rounds for each in session.blocks if isinstance(each, CircuitBlock)]
        spoken.update(range(1, max(sets, default=0) + 1))
    return spoken


def spoken_in(dose: Dose) -> set[int]:
    """The numbers that ``dose`` needs words for."""
    spoken = set(range(1, dose.counts_to + 1))
    for number in dose.numbers.values():
        match number:
            case Intensity():
                spoken |= {number.low_percent, number.high_percent}
            case Length():
                spoken.add(number.minutes or number.seconds)
            case int():
                spoken.add(number)
    return spoken


def _most_minutes_left(session: Session, exercises: Mapping[str, Exercise]) -> int:
    """The most minutes that are announced in ``session``, what it says at its end included."""
    doses_ms = session.longest_doses_ms(exercises)
    return -(-(doses_ms + _LONGEST_CLOSING_MS) // 60_000)


_NAMES_AND_NUMBERS = ("pronunciation", "numbers", "number_range", "lengths", "sides")
_SPOKEN = (*_NAMES_AND_NUMBERS, "starting_positions", "cues", "exercises", "talks", "check_in")
"""The keys whose texts are spoken."""


def read(path: Path, language: str, programme: Programme) -> Translation:
    """Reads the words of ``programme`` in ``language`` from the file ``path``.

    Raises ContentError with every problem of the file: unknown keys, wrong types, words that are
    missing or that the programme does not have.
    """
    problems: list[Problem] = []
    root = strict_yaml.read(path)
    words = read_words(Fields(root, problems, programme.sources), language, programme)
    if problems:
        raise ContentError(problems)
    spoken = (node for key, node in root.items.items() if key in _SPOKEN)
    said = messages.words(language)
    script = said("script") if said.language == language else ""
    found = chain.from_iterable(_unsayable(node, script) for node in spoken)
    return replace(words, unsayable=tuple(found))


def _unsayable(node: strict_yaml.Node, script: str) -> Iterator[Problem]:
    if isinstance(node, strict_yaml.Scalar):
        for odd in node.oddities:
            if not letters.is_sayable(odd.char, script):
                message = f"no voice can say {letters.about(odd.char)}; use other letters"
                yield odd.place.problem(message)
    elif isinstance(node, strict_yaml.Sequence):
        for item in node.items:
            yield from _unsayable(item, script)
    else:
        for key, below in node.items.items():
            if key != "title":  # which is shown
                yield from _unsayable(below, script)


def read_words(fields: Fields, language: str, programme: Programme) -> Translation:
    """Reads the words of ``programme`` in ``language`` from ``fields``, which gather the faults."""
    row = word_tables.words_of(programme, language).read_row(fields)
    return Translation(
        language=language,
        language_tag=row["language_tag"],
        title=row["title"],
        folder=row["folder"],
        artist=row["artist"],
        voice=row["voice"],
        rate_wpm={each: row["rate_wpm"].number(each) for each in Guidance},
        rate_sources=row["rate_wpm"].sources,
        pronunciation={v: _respelt(words) for v, words in row["pronunciation"].values.items()},
        numbers=_numbers(row["numbers"], programme),
        number_range=row["number_range"],
        labels=Labels(**row["labels"].values),
        phases=row["phases"].values,
        cues=Cues(**row["cues"].values),
        exercises={id_: _exercise(words) for id_, words in row["exercises"].values.items()},
        sessions=row["sessions"].values,
        talks={id_: Talk(**talk.values) for id_, talk in row["talks"].values.items()},
        lengths=row["lengths"].values if "lengths" in row else {},
        sides=_spoken_labels(row, "sides"),
        starting_positions=_spoken_labels(row, "starting_positions"),
        advice=row["check_in"].values if "check_in" in row else {},
        sport=dict(row["sport"].values) if "sport" in row else {},
        day_zero=question_tables.read_day_zero(row),
        questions=question_tables.read_questions(row),
        signs=question_tables.read_signs(row),
        without_catheter=row["without_catheter"].values if "without_catheter" in row else {},
        check=_word_rules(row["check"]) if "check" in row else WordRules(),
    )


def _respelt(row: Row) -> dict[str, str]:
    """What to say in place of a word, in any spelling of it."""
    respelt: dict[str, str] = {}
    for key, text in row.values.items():
        word = " ".join(key.lower().split())
        if word in respelt:
            row.fields.refuse(key, "this word stands here twice")
        respelt[word] = text
    return respelt


def _numbers(row: Row, programme: Programme) -> dict[int, str]:
    words = {int(key): text for key, text in row.values.items()}
    fault = missing(words, programme)
    if fault is not None:
        row.fields.refuse_at(row.fields.place, fault)
    return words


def _exercise(row: Row) -> ExerciseWords:
    own = dict(row.values)
    title, introduction, reminders = (
        own.pop("title"),
        own.pop("introduction"),
        own.pop("reminders", ()),
    )
    return ExerciseWords(title=title, introduction=introduction, cues=own, reminders=reminders)


def _spoken_labels(row: Row, key: str) -> dict[str, SpokenLabel]:
    rows = row[key].values if key in row else {}
    return {id_: SpokenLabel(**each.values) for id_, each in rows.items()}


def _word_rules(row: Row) -> WordRules:
    forbidden = row["forbidden"].values if "forbidden" in row else {}
    return WordRules(
        let_go_sooner=row.get("let_go_sooner", ()),
        forbidden=forbidden,
        facts=row.get("facts", ()),
        nouns=row.get("nouns", ()),
    )
