"""What is planned for a client, and why a day differs from the calendar. No I/O."""

from collections.abc import Iterable, Mapping

from voicecoach.content.clinical_state import ANYONE, Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import Session
from voicecoach.content.translation import Guidance
from voicecoach.dates import days_of_week, days_text, runs, week_of
from voicecoach.errors import NotInProgrammeError
from voicecoach.planning.course import CourseDay, Reason
from voicecoach.planning.planner import PlannedDay, PlannedSession, Planner

_MOST_RUNS = 12
"""So many runs of days an error lists."""


def last_week(programme: Programme) -> int:
    """The last week in which the programme has a session."""
    return week_of(programme.last_day)


def all_weeks(programme: Programme) -> range:
    """Every week of the programme."""
    return range(1, last_week(programme) + 1)


def weeks_asked(programme: Programme, asked: range | str) -> range:
    """The weeks ``asked`` for; ``"all"`` are all the programme has.

    Raises NotInProgrammeError for a week it lacks.
    """
    if isinstance(asked, str):
        return all_weeks(programme)
    last = last_week(programme)
    if asked[-1] > last:
        raise NotInProgrammeError(
            f"week {asked[-1]}: the programme runs from week 1 to week {last} (day"
            f" {programme.last_day}); ask for one of those"
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
    planned = plan_day(programme, day, guidance, situation).sessions
    found = next((session for session in planned if session.id == session_id), None)
    if found is None:
        days = _days_of(programme, session_id, situation)
        listed = ", ".join(days_text(first, last) for first, last in runs(days)[:_MOST_RUNS])
        raise NotInProgrammeError(
            f"session {session_id!r} is not done on day {day}; it is on: {listed or 'no day'}"
        )
    return found


def first_day(programme: Programme, session_id: str, situation: Situation = ANYONE) -> int:
    """The first day on which ``session_id`` is done.

    Raises NotInProgrammeError where there is no such session, or it is never done.
    """
    _session(programme, session_id)
    days = _days_of(programme, session_id, situation)
    if not days:
        raise NotInProgrammeError(
            f"session {session_id!r} is not done on any day by a woman in this situation"
        )
    return days[0]


def _days_of(programme: Programme, session_id: str, situation: Situation) -> list[int]:
    planner = Planner(programme, situation, Guidance.FULL)
    return [d for d in range(1, programme.last_day + 1) if session_id in planner.times_on(d)]


def _session(programme: Programme, session_id: str) -> Session:
    found = next((s for s in programme.sessions if s.id == session_id), None)
    if found is None:
        known = ", ".join(session.id for session in programme.sessions)
        raise NotInProgrammeError(f"no session {session_id!r}; there are: {known}")
    return found


_DUTCH: Mapping[Reason, str] = {
    Reason.LATE_START: "Je begon op dag {day}. Vanaf daar tellen je stappen.",
    Reason.WAITS_FOR_CLEARANCE: "Nog niet aanspannen: eerst moet je arts of bekkenfysiotherapeut"
    " dat goedvinden.",
    Reason.WAITS_FOR_CATHETER: "Nog niet aanspannen: eerst moet je blaaskatheter eruit zijn.",
    Reason.OVER_TENSE: "Ademen en loslaten, omdat je bekkenbodem gespannen is.",
    Reason.STOPPED: "Niet aanspannen sinds dag {day}. Bel eerst, en wacht tot het weer mag.",
    Reason.UNREAD: "Niet aanspannen: een regel van je check-ins is niet te lezen."
    " Herstel die eerst.",
    Reason.STEPPED_BACK: "Een stap terug sinds dag {day}. Na drie goede dagen op rij ga je verder.",
    Reason.NOT_FELT: "Ademen sinds dag {day}, tot je je bekkenbodem weer voelt.",
    Reason.CANNOT_LET_GO: "Ademen en loslaten sinds dag {day}, tot loslaten weer lukt.",
    Reason.BEGAN_AGAIN: "Opnieuw begonnen op dag {day}, bij de eerste stap.",
}
_ENGLISH: Mapping[Reason, str] = {
    Reason.LATE_START: "You began on day {day}. Your steps count from there.",
    Reason.WAITS_FOR_CLEARANCE: "No contractions yet: first your doctor or pelvic physiotherapist"
    " has to agree.",
    Reason.WAITS_FOR_CATHETER: "No contractions yet: first your catheter has to be out.",
    Reason.OVER_TENSE: "Breathing and letting go, because your pelvic floor is tense.",
    Reason.STOPPED: "No contractions since day {day}. Call first, and wait until you may.",
    Reason.UNREAD: "No contractions: a line of your check-ins cannot be read. Mend it first.",
    Reason.STEPPED_BACK: "One step back since day {day}. After three good days in a row you go on.",
    Reason.NOT_FELT: "Breathing since day {day}, until you feel your pelvic floor again.",
    Reason.CANNOT_LET_GO: "Breathing and letting go since day {day}, until letting go works again.",
    Reason.BEGAN_AGAIN: "Began again on day {day}, at the first step.",
}
_NOTES = {"nl": _DUTCH, "en": _ENGLISH}


_LATER = {
    "nl": "Aanspannen begint op dag {day}. Tot dan adem je.",
    "en": "Contractions begin on day {day}. Until then you breathe.",
}
"""For the days before a late start."""


def note(today: CourseDay, language: str) -> str | None:
    """Why ``today`` is not as the calendar alone would have it; ``None`` where it is.

    In English where there are no words in ``language``.
    """
    if today.reason is None:
        return None
    if today.reason is Reason.LATE_START and today.day < today.since_day:
        return _LATER.get(language, _LATER["en"]).format(day=today.since_day)
    return _NOTES.get(language, _ENGLISH)[today.reason].format(day=today.since_day)
