"""The clients for whom a programme is checked, and what a remark is. No I/O."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from voicecoach.content.clinical_state import (
    ANYONE,
    QUESTIONS,
    UNKNOWN,
    Delivery,
    Floor,
    Perineum,
    Position,
    Situation,
)
from voicecoach.content.programme import Programme
from voicecoach.content.questions import Question
from voicecoach.content.session import Clock, Path, Session
from voicecoach.content.sport import Ability, SportQuestions
from voicecoach.planning.course import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A problem in valid content."""

    where: str
    message: str
    """The problem; after the last semicolon, what to do."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


_LATE_BY = 25
"""The days after the first training day on which the case of a late start begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A kind of client that the programme can be for."""

    label: str
    """What distinguishes the case; empty for a client about whom nothing is known."""
    situation: Situation


def whose_doses_differ(programme: Programme) -> tuple[Case, ...]:
    """A case for every distinct set of exercises and course in the programme, the simplest
    first."""
    return (*whose_answers_matter(programme), *_special_courses(programme))


def whose_answers_matter(programme: Programme) -> tuple[Case, ...]:
    """As above, for clients who began on the first day and are held up by nothing but an answer."""
    cases: dict[object, Case] = {}
    for situation in sorted(_every_answer(programme), key=_answers_given):
        path = Course(programme, situation).on(1).path
        ids = frozenset(s.id for s in _exercises_on(programme, path, situation))
        cases.setdefault((ids, path), Case(label=_label(situation), situation=situation))
    long_holds = Case(label="who chose long holds", situation=replace(ANYONE, long_holds=True))
    return (*cases.values(), *([long_holds] if _has_long_holds(programme) else []))


def who_hear_different_words(programme: Programme) -> tuple[Case, ...]:
    """Cases that together cover every session in every position."""
    situations = [ANYONE, *(case.situation for case in whose_answers_matter(programme))]
    for session in programme.sessions:
        positions = [None, *(Position(position) for position in session.opening_for)]
        situations += [replace(_meant(session), position=each) for each in positions]
        if session.meant_for.get("position"):
            situations.append(_meant(session))
        if session.clock is Clock.SPORT and programme.sport is not None:
            situations.append(_ready_for(programme.sport))
    once = dict.fromkeys(situations)
    return tuple(Case(label=_label(situation), situation=situation) for situation in once)


def _every_answer(programme: Programme) -> list[Situation]:
    """All combinations of the answers on which the programme or the course depends."""
    used = {question for session in programme.sessions for question in session.meant_for}
    if programme.training_steps:
        used |= {"floor", "perineum"} & set(programme.questions)
    asked = [question for question in QUESTIONS if question in used]
    possible = [(None, *QUESTIONS[question]) for question in asked]
    return [_situation(dict(zip(asked, each, strict=True))) for each in product(*possible)]


def _exercises_on(programme: Programme, path: Path, situation: Situation) -> Iterator[Session]:
    """The sessions with an exercise for a client who stays on ``path``."""
    answers = situation.answers()
    for session in programme.sessions:
        if session.is_exercise and path in session.paths and session.is_meant_for(answers):
            yield session


def _special_courses(programme: Programme) -> list[Case]:
    first = programme.first_training_day
    if first is None:
        return []
    late = first + _LATE_BY
    oasi = replace(ANYONE, perineum=Perineum.OASI)
    cases = [Case(label=f"who begins on day {late}", situation=replace(ANYONE, started_day=late))]
    catheter = [
        Case(label="with a catheter", situation=replace(ANYONE, has_catheter=True)),
        Case(
            label=f"whose catheter is out on day {late}",
            situation=replace(ANYONE, catheter_out_day=late),
        ),
    ]
    tear = [
        Case(
            label=f"with perineum: oasi, cleared on day {late}",
            situation=replace(oasi, cleared_day=late),
        ),
    ]
    cases += catheter if Question.CATHETER in programme.questions else []
    return cases + (tear if Question.PERINEUM in programme.questions else [])


def _ready_for(sport: SportQuestions) -> Situation:
    """Of a client who told, on the first day that counts, that all that sport asks for works."""
    told = tuple((id_, Ability.YES) for id_ in sport.tests)
    return replace(ANYONE, sport=told, sport_day=sport.from_day)


def _has_long_holds(programme: Programme) -> bool:
    return any(each.long_holds_of is not None for each in programme.exercises.values())


def _meant(session: Session) -> Situation:
    """The simplest situation for which ``session`` is meant."""
    wanted = {
        question: None if UNKNOWN in answers else answers[0]
        for question, answers in session.meant_for.items()
    }
    return _situation(wanted)


def _situation(answers: dict[str, str | None]) -> Situation:
    kinds: dict[str, Any] = {
        "delivery": Delivery,
        "perineum": Perineum,
        "floor": Floor,
        "position": Position,
        "sessions_a_day": int,
    }
    given = {key: kinds[key](value) for key, value in answers.items() if value is not None}
    return replace(ANYONE, **given)


def _answers_given(situation: Situation) -> int:
    return sum(answer is not None for answer in situation.answers().values())


def _label(situation: Situation) -> str:
    given = {key: answer for key, answer in situation.answers().items() if answer is not None}
    return "with " + ", ".join(f"{key}: {each}" for key, each in given.items()) if given else ""
