"""What a programme may ask a client about herself, by the names in programme.yaml. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voicecoach.content.clinical_state import Delivery, Floor, Perineum, Position, Sign

BIRTH = "birth"
START = "start"
"""The day zero of a programme that begins when its client does: her first day is day 1."""


class Question(StrEnum):
    """A question of ``init``, which a programme asks if it names it."""

    DELIVERY = "delivery"
    PERINEUM = "perineum"
    CATHETER = "catheter"
    FLOOR = "floor"
    POSITION = "position"
    SESSIONS_A_DAY = "sessions_a_day"
    CLEARED_ON = "cleared_on"
    """Asked of those whose tear makes contractions wait for a clinician's word."""
    PAIN_TODAY = "pain_today"
    FELT_TODAY = "felt_today"

    @property
    def field(self) -> str:
        """The field of a profile, or of a check-in of today, that the answer fills."""
        return _FIELDS.get(self, self.value)


_FIELDS = {
    Question.CATHETER: "has_catheter",
    Question.PAIN_TODAY: "pain",
    Question.FELT_TODAY: "felt",
}
TODAY = (Question.PAIN_TODAY, Question.FELT_TODAY)
"""What is asked of today: answers of a check-in."""
GATES = (Question.FLOOR, Question.PERINEUM, Question.CATHETER)
"""Whose answers can forbid contractions."""
ABOUT_BIRTH = frozenset({"delivery", "perineum", "floor"})
"""Answers for which only a programme after a birth has sessions."""
CHOICES: Mapping[Question, type[StrEnum]] = {
    Question.DELIVERY: Delivery,
    Question.PERINEUM: Perineum,
    Question.FLOOR: Floor,
    Question.POSITION: Position,
}
"""The questions with answers to choose from."""

DAILY = ("done", "pain", "heaviness", "leaks", "felt", "let_go")
"""The questions of a check-in, besides the danger signs, in order."""
OF_A_CHECK = frozenset({"face_up", "checked_on"})
"""The fields of a profile that decide whether more effort waits for a pelvic physiotherapist."""
FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "heaviness": ("eases", "bulge", "grows"),
    "leaks": ("leaks_more", "easier"),
}
"""What is asked after a yes to a question of DAILY."""
ANSWERS_ABOUT: Mapping[Sign, tuple[str, ...]] = {
    Sign.PAIN: ("pain",),
    Sign.HEAVINESS: ("heaviness",),
    Sign.TROUBLE: ("pain", "heaviness", "leaks"),
    Sign.LEAKS: ("leaks",),
    Sign.LEAKS_LATE: ("leaks",),
    Sign.LEAKS_MORE: ("leaks",),
    Sign.EASIER: ("leaks",),
    Sign.NOT_FELT: ("felt",),
    Sign.CANNOT_LET_GO: ("let_go",),
    Sign.GOOD: ("pain",),
}
"""The answers of DAILY that tell whether there is a sign; whether she practised is always asked."""
SIGN_GROUPS: Mapping[str, Sign] = {
    "now": Sign.RED_FLAG,
    "today": Sign.RED_FLAG,
    "book": Sign.BOOK,
    "mood": Sign.MOOD,
}
"""The groups of danger signs, by whom to call, and the sign that each is to a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayZero:
    """How a client is asked for the day that a programme counts from, and what it is called."""

    question: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    """A programme's own words for a question; empty where ours will do."""

    question: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    """By answer, in the order in which they are offered."""
