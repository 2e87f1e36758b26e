"""Programme -> the sessions of each day and week, with the doses of that day. No I/O.

Day 0 is the day of birth; week N is days 7(N−1)+1 to 7N.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voicecoach.errors import NotInProgrammeError
from voicecoach.programme import (
    Breathing,
    Contractions,
    ExerciseBlock,
    Prescription,
    Programme,
    Session,
    TalkBlock,
)
from voicecoach.words import Guidance


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session with the doses of a day: what it takes to write its script.

    Two days that ask for the same are equal here, and so is their sound.
    """

    id: str
    guidance: Guidance
    """FULL where there is nothing to guide."""
    parts: tuple[TalkBlock | Prescription, ...]

    @property
    def contractions(self) -> Contractions | None:
        """The first dose of contractions; ``None`` where the session has none."""
        return next(iter(self.all_contractions), None)

    @property
    def all_contractions(self) -> tuple[Contractions, ...]:
        """Every dose of contractions, in order."""
        doses = (part.dose for part in self.parts if isinstance(part, Prescription))
        return tuple(dose for dose in doses if isinstance(dose, Contractions))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What a day asks for."""

    day: int
    phase: str
    """Id of the phase the day lies in."""
    sessions: tuple[PlannedSession, ...]
    """Each session once, in the order of the programme."""
    listening: tuple[PlannedSession, ...]
    """The sessions as they are listened to, each as often as it is done: first every session
    once, then those that are done a second time, and so on."""


def week_of(day: int) -> int:
    """The week in which ``day`` lies."""
    return (day - 1) // 7 + 1


def days_of_week(week: int) -> range:
    """The seven days of ``week`` (from 1)."""
    return range(7 * (week - 1) + 1, 7 * week + 1)


def last_week(programme: Programme) -> int:
    """The last week in which the programme has a session."""
    return week_of(programme.last_day)


def weeks_asked(programme: Programme, asked: range | str) -> range:
    """The weeks ``asked`` for; ``"all"`` are all the programme has.

    Raises NotInProgrammeError for a week it lacks.
    """
    last = last_week(programme)
    if isinstance(asked, str):
        return range(1, last + 1)
    if asked[-1] > last:
        raise NotInProgrammeError(
            f"week {asked[-1]}: the programme runs from week 1 to week {last} (day"
            f" {programme.last_day}); ask for one of those"
        )
    return asked


def plan_day(programme: Programme, day: int, guidance: Guidance | None = None) -> PlannedDay:
    """The plan of ``day``; a day on which nothing is scheduled has no sessions.

    ``guidance`` is that of every session; with ``None`` each goes from full to brief after its
    first days.
    """
    times = {s.id: s.times_on(day) for s in programme.sessions if s.times_on(day)}
    sessions = {
        s.id: _prescribe(programme, s, day, guidance) for s in programme.sessions if s.id in times
    }
    rounds = range(1, max(times.values(), default=0) + 1)
    return PlannedDay(
        day=day,
        phase=programme.phase_on(day).id,
        sessions=tuple(sessions.values()),
        listening=tuple(
            session for n in rounds for id_, session in sessions.items() if times[id_] >= n
        ),
    )


def plan_weeks(
    programme: Programme, weeks: Iterable[int], guidance: Guidance | None = None
) -> tuple[PlannedDay, ...]:
    """The plan of every day of ``weeks``; ``guidance`` as in :func:`plan_day`."""
    days = (day for week in weeks for day in days_of_week(week))
    return tuple(plan_day(programme, day, guidance) for day in days)


def plan_session(
    programme: Programme, session_id: str, day: int, guidance: Guidance | None = None
) -> PlannedSession:
    """The session ``session_id`` with the doses of ``day``; ``guidance`` as in :func:`plan_day`.

    Raises NotInProgrammeError where there is no such session, or not on that day.
    """
    session = _session(programme, session_id)
    if not session.times_on(day):
        spans = ", ".join(f"{s.first_day}-{s.last_day}" for s in session.schedule)
        raise NotInProgrammeError(
            f"session {session_id!r} is not done on day {day}; its days: {spans}"
        )
    return _prescribe(programme, session, day, guidance)


def first_day(programme: Programme, session_id: str) -> int:
    """The first day on which ``session_id`` is done. Raises NotInProgrammeError for no such."""
    return _session(programme, session_id).first_day


def _session(programme: Programme, session_id: str) -> Session:
    found = next((s for s in programme.sessions if s.id == session_id), None)
    if found is None:
        known = ", ".join(session.id for session in programme.sessions)
        raise NotInProgrammeError(f"no session {session_id!r}; there are: {known}")
    return found


def _prescribe(
    programme: Programme, session: Session, day: int, guidance: Guidance | None
) -> PlannedSession:
    parts = tuple(
        part if isinstance(part, TalkBlock) else _prescription(programme, part, day)
        for part in session.parts
    )
    if guidance is None:
        is_new = day < session.first_day + programme.full_guidance_days
        guidance = Guidance.FULL if is_new else Guidance.BRIEF
    if all(isinstance(part, TalkBlock) for part in parts):
        guidance = Guidance.FULL
    return PlannedSession(id=session.id, guidance=guidance, parts=parts)


def _prescription(programme: Programme, block: ExerciseBlock, day: int) -> Prescription:
    prescription = programme.exercises[block.exercise].prescription_on(day)
    dose = prescription.dose
    if isinstance(dose, Breathing) and block.breaths is not None:
        key, dose = "breaths", replace(dose, breaths=block.breaths)
    elif isinstance(dose, Contractions) and block.sets is not None:
        key, dose = "sets", replace(dose, sets=block.sets)
    else:
        return prescription
    sources = {**dict(prescription.sources), key: block.override_source}
    return replace(prescription, dose=dose, sources=tuple(sources.items()))
