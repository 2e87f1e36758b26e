"""What is planned for a client, and why a day differs from the calendar. No I/O."""

from collections.abc import Iterable
from dataclasses import replace

from voicecoach.content.clinical_state import ANYONE, CheckIn, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import Session
from voicecoach.content.translation import Guidance
from voicecoach.dates import days_of_week, days_text, runs, week_of
from voicecoach.errors import NotInProgrammeError
from voicecoach.messages import Message, Words
from voicecoach.planning import gates
from voicecoach.planning.course import Course, CourseDay
from voicecoach.planning.gates import Reason
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.planning.planner import Planner
from voicecoach.planning.reported import QUESTIONS, decisive_signs, says, silent_days

_ASKED_EVERY_DAYS = 7
"""What decides whether a client goes on is asked at least once in so many days."""
_MOST_RUNS = 12
"""So many runs of days an error lists."""


def last_week(programme: Programme) -> int:
    """The last week in which the programme has a session."""
    return week_of(programme.last_day)


def all_weeks(programme: Programme) -> range:
    """Every week of the programme."""
    return range(1, last_week(programme) + 1)


def weeks_from(programme: Programme, week: int) -> range:
    """``week`` and the next, as far as the programme goes."""
    return range(week, min(week + 1, last_week(programme)) + 1)


def weeks_asked(programme: Programme, asked: range | str) -> range:
    """The weeks ``asked`` for; ``"all"`` are all the programme has.

    Raises NotInProgrammeError for a week it lacks.
    """
    if isinstance(asked, str):
        return all_weeks(programme)
    last = last_week(programme)
    if asked[-1] > last:
        raise NotInProgrammeError(
            Message("errors.no_week", week=asked[-1], last=last, last_day=programme.last_day)
        )
    return asked


def plan_day(
    programme: Programme,
    day: int,
    guidance: Guidance | None = None,
    situation: Situation = ANYONE,
) -> PlannedDay:
    """The plan of ``day``; a day on which nothing is scheduled has no sessions.

    ``guidance`` is that of every session; with ``None`` each goes from full to brief after its
    first days.
    """
    return Planner(programme, situation, guidance).day(day)


def plan_weeks(
    programme: Programme,
    weeks: Iterable[int],
    guidance: Guidance | None = None,
    situation: Situation = ANYONE,
) -> tuple[PlannedDay, ...]:
    """The plan of every day of ``weeks``; ``guidance`` as in :func:`plan_day`."""
    planner = Planner(programme, situation, guidance)
    return tuple(planner.day(day) for week in weeks for day in days_of_week(week))


def first_change(
    programme: Programme, before: Situation, after: Situation, first_day: int
) -> PlannedDay | None:
    """The first day, from ``first_day`` on, whose sessions for ``after`` differ from those for
    ``before``; ``None`` where none does."""
    was, now = (Planner(programme, situation, None) for situation in (before, after))
    if replace(before, check_ins=()) == replace(after, check_ins=()):
        # Only by the course do check-ins change anything: up to where it differs, nothing does.
        all_days = range(1, programme.last_day + 1)
        differing = (day for day in all_days if was.course_on(day) != now.course_on(day))
        first_day = max(first_day, next(differing, programme.last_day + 1))
    days = ((was.day(day), now.day(day)) for day in range(first_day, programme.last_day + 1))
    return next((now for was, now in days if was.listening != now.listening), None)


def plan_session(
    programme: Programme,
    session_id: str,
    day: int,
    guidance: Guidance | None = None,
    situation: Situation = ANYONE,
) -> PlannedSession:
    """The session ``session_id`` with the doses of ``day``; ``guidance`` as in :func:`plan_day`.

    Raises NotInProgrammeError where there is no such session, or not on that day.
    """
    _session(programme, session_id)
    is_in_programme = day <= programme.last_day  # the day may be any number that was typed
    planned = plan_day(programme, day, guidance, situation).sessions if is_in_programme else ()
    found = next((session for session in planned if session.id == session_id), None)
    if found is None:
        days = _days_of(programme, session_id, situation)
        listed = ", ".join(days_text(first, last) for first, last in runs(days)[:_MOST_RUNS])
        raise NotInProgrammeError(
            Message(
                "errors.session_on_other_days",
                session=session_id,
                day=day,
                days=listed or "no day",
            )
        )
    return found


def first_day(programme: Programme, session_id: str, situation: Situation = ANYONE) -> int:
    """The first day on which ``session_id`` is done.

    Raises NotInProgrammeError where there is no such session, or it is never done.
    """
    _session(programme, session_id)
    days = _days_of(programme, session_id, situation)
    if not days:
        raise NotInProgrammeError(Message("errors.session_not_for_you", session=session_id))
    return days[0]


def _days_of(programme: Programme, session_id: str, situation: Situation) -> list[int]:
    planner = Planner(programme, situation, Guidance.FULL)
    return [d for d in range(1, programme.last_day + 1) if session_id in planner.times_on(d)]


def _session(programme: Programme, session_id: str) -> Session:
    found = next((s for s in programme.sessions if s.id == session_id), None)
    if found is None:
        known = ", ".join(session.id for session in programme.sessions)
        raise NotInProgrammeError(Message("errors.no_session", session=session_id, known=known))
    return found


def days_to_ask_about(programme: Programme, situation: Situation, today: int) -> range:
    """The days before ``today`` about which to ask whether she practised, because she has told
    nothing of them: as many as the programme says, or more. None while contractions are forbidden.
    """
    days = silent_days(programme, situation, today)
    return range(0) if days and gates.is_shut(programme, situation) else days


def unasked(programme: Programme, situation: Situation, day: int) -> tuple[str, ...]:
    """The questions that ``day`` has not answered, where no other day of the week before answered
    all that decides whether the client goes on: whether the signs that sent her back are gone,
    whether she feels her pelvic floor, whether letting go works. By name of the answer in a
    check-in. None on a day that could not count: one without contractions for who has a step.
    """
    signs = tuple(dict.fromkeys(decisive_signs(programme, situation, day)))
    if not signs:
        return ()
    course = Course(programme, situation)
    today = course.on(max(day, 1))
    if not _could_count(today):
        return ()
    names = list(dict.fromkeys(QUESTIONS[sign] for sign in signs))
    if today.has_contractions:  # then it may be a good day
        names = ["done", *names] if {"pain", "heaviness"} & set(names) else ["done", "pain", *names]

    def left_out(check_in: CheckIn) -> list[str]:
        told = {QUESTIONS[sign]: says(check_in, sign, programme.training) for sign in signs}
        given = {name: told.get(name, getattr(check_in, name)) for name in names}
        return [name for name, answer in given.items() if answer is None]

    def is_told(check_in: CheckIn) -> bool:
        has_sign = any(says(check_in, sign, programme.training) for sign in signs)
        return has_sign or not left_out(check_in)

    first_day = day - _ASKED_EVERY_DAYS + 1
    week = [each for each in situation.check_ins if first_day <= each.day < day]
    if any(is_told(each) for each in week if _could_count(course.on(max(each.day, 1)))):
        return ()
    of_day = [each for each in situation.check_ins if each.day == day]
    return tuple(left_out(*of_day or [CheckIn(day=day)]))


def _could_count(day: CourseDay) -> bool:
    """Whether what is told of ``day`` could move her on."""
    return day.has_contractions or not (day.may_contract or day.reason is Reason.RESTS)


def is_referral_due(programme: Programme, situation: Situation, day: int) -> bool:
    """Whether the check-in of ``day`` is to be answered with the advice to see a physiotherapist:
    the first of each week, for whoever has not felt her pelvic floor for long."""
    tomorrow = Course(programme, situation).on(max(day, 0) + 1)
    if tomorrow.reason is not Reason.NOT_FELT_LONG:
        return False
    week_began = day - (tomorrow.day - tomorrow.since_day) % 7
    return not any(week_began <= each.day < day for each in situation.check_ins)


def note(today: CourseDay, words: Words) -> str | None:
    """Why ``today`` is not as the calendar alone would have it; ``None`` where it is."""
    if today.reason is None:
        return None
    is_later = today.reason is Reason.LATE_START and today.day < today.since_day
    key = "later" if is_later else today.reason.name.lower()
    return words(f"notes.{key}", day=today.since_day)
