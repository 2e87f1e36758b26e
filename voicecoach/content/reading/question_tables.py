"""What a programme asks: the keys of programme.yaml and of its words, and what is asked by a
programme that does not say. No I/O."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from voicecoach import limits
from voicecoach.content.programme import Programme
from voicecoach.content.questions import (
    ABOUT_BIRTH,
    BIRTH,
    CHOICES,
    DAILY,
    SIGN_GROUPS,
    START,
    DayZero,
    Question,
    QuestionWords,
)
from voicecoach.content.reading.key_tables import (
    Key,
    Row,
    Table,
    all_optional,
    list_of,
    needed,
    optional,
    table,
)
from voicecoach.content.reading.value_kinds import IDENTIFIER, one_of, text

_SHOWN = text(most=limits.CHARACTERS_OF_A_TITLE)
_QUESTION = optional("question", _SHOWN, "How it is asked.")
_DAY_ZERO = table(
    needed("question", _SHOWN, "How she is asked for that day."),
    needed("name", _SHOWN, "What happened on it, such as: the operation."),
)
_LISTED = list_of(_SHOWN)
_SIGNS = {
    "now": "Signs to call about at once.",
    "today": "Signs to call about today.",
    "book": "Signs to make an appointment about.",
    "mood": "Signs of a low or anxious mood.",
}


_OF_RULES = (
    "a list of signs is asked about where `check_in` of programme.yaml has a rule for it: `when:"
    " red-flag` for now and today, `when: book` for book, `when: mood` for mood"
)


def structure_keys() -> tuple[Key, ...]:
    """The keys of programme.yaml."""
    asked = one_of("question", tuple(Question))
    return (
        optional("day_zero", IDENTIFIER, "birth, start, or a name of yours for what day 0 is."),
        optional("questions", list_of(asked), "What init asks her about herself."),
    )


def what_is_asked(row: Row, programme: Programme) -> tuple[str, tuple[Question, ...]]:
    """The day zero and the questions of ``programme``, whose file says ``row``.

    A programme that names neither is one of before, when every client was asked about a birth: it
    asks as it did if it has contractions, or sessions for some answers about a birth.
    """
    meant_for = {question for each in programme.sessions for question in each.meant_for}
    may_be_after_birth = bool(programme.training_steps) or bool(meant_for & ABOUT_BIRTH)
    named = row.get("questions", ())
    if len(set(named)) < len(named):
        row.fields.refuse("questions", "a question is named twice")
    is_old = "day_zero" not in row and "questions" not in row
    asked = set(Question if is_old and may_be_after_birth else named)
    if is_old and not may_be_after_birth:
        asked = meant_for | ({Question.POSITION} if _listens_differently(programme) else set())
    day_zero = row.get("day_zero", BIRTH if may_be_after_birth else START)
    return day_zero, tuple(each for each in Question if each in asked)


def _listens_differently(programme: Programme) -> bool:
    return any(session.opening_for for session in programme.sessions)


def _answers(choices: type[StrEnum]) -> Key:
    each = table(*(needed(choice.value, _SHOWN, "How this answer is shown.") for choice in choices))
    return optional("answers", each, "How each of its answers is shown.")


def _words_of(name: str) -> Table:
    choices = CHOICES.get(Question(name)) if name in tuple(Question) else None
    return table(_QUESTION, *([] if choices is None else [_answers(choices)]))


def _questions(names: Collection[str]) -> Key:
    each = (optional(name, _words_of(name), "In words of your own.") for name in names)
    return optional("questions", table(*each), "Where our words for a question do not fit.")


def _signs(groups: Collection[str]) -> Key:
    lists = table(*(needed(group, _LISTED, _SIGNS[group]) for group in groups))
    return needed(
        "signs",
        replace(lists, if_unknown=_OF_RULES),
        "What a check-in asks about before anything else, by whom to call.",
    )


_DAY_ZERO_KEY = needed("day_zero", _DAY_ZERO, "How she is asked for the day that is day 0.")
ANY_WORDS = all_optional(
    (_DAY_ZERO_KEY, _questions((*Question, *DAILY)), _signs(tuple(SIGN_GROUPS)))
)
"""What a file of words may say, whatever its programme."""


def words_of(programme: Programme) -> tuple[Key, ...]:
    """What the words of ``programme`` say of what it asks. They must name a day zero of its own,
    and danger signs where ours, which are those after a birth, cannot be meant."""
    day_zero = replace(_DAY_ZERO_KEY, is_needed=programme.day_zero not in (BIRTH, START))
    groups = programme.sign_groups
    signs = [replace(_signs(groups), is_needed=not programme.is_after_birth)] if groups else []
    names = dict.fromkeys((*programme.questions, *programme.daily_questions))
    return (day_zero, _questions(names), *signs)


def read_questions(row: Row) -> dict[str, QuestionWords]:
    """The programme's own words for what it asks, by question."""
    rows = row["questions"].values if "questions" in row else {}
    return {
        name: QuestionWords(
            question=words.get("question", ""),
            answers=words["answers"].values if "answers" in words else {},
        )
        for name, words in rows.items()
    }


def read_day_zero(row: Row) -> DayZero | None:
    """How she is asked for day 0; ``None``: in our words."""
    return DayZero(**row["day_zero"].values) if "day_zero" in row else None


def read_signs(row: Row) -> dict[str, tuple[str, ...]]:
    """The danger signs by group; empty: ours."""
    return dict(row["signs"].values) if "signs" in row else {}
