"""Programme -> every prescription in it, for a physiotherapist to agree with. No I/O."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from voicecoach.authoring.cases import Case, whose_answers_matter
from voicecoach.content.exercise import EDITORIAL, Prescription, Sources, Step
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Phase, Programme
from voicecoach.content.session import Session, Span
from voicecoach.content.translation import Guidance
from voicecoach.planning.plan import all_weeks, plan_weeks
from voicecoach.planning.planned import PlannedDay, PlannedSession

_LONGEST_GAP_DAYS = 7
"""Days of a row that are further apart form separate stretches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The days from first to last, with a session on ``count`` of them."""

    first_day: int
    last_day: int
    count: int

    @property
    def length(self) -> int:
        """The number of its days."""
        return self.last_day - self.first_day + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A prescription and its schedule."""

    days: Stretch
    session: PlannedSession
    prescription: Prescription
    times_a_day: int
    schedule_sources: Sources
    """The sources of the schedule; ``step_from_day`` is the day on which the dose became this."""

    @property
    def contractions_a_day(self) -> int:
        """The number of contractions on each of its days; 0 where there are none."""
        counts = (each.count for each in self.prescription.dose.contractions)
        return self.times_a_day * self.prescription.times_done * sum(counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The prescriptions that apply to the same clients."""

    cases: tuple[Case, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseAsks:
    """A phase, and the most that any client does on one of its days."""

    phase: Phase
    most_contractions_a_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """All that a physiotherapist signs off; the first table is for a client about whom nothing is
    known."""

    tables: tuple[Table, ...]
    phases: tuple[PhaseAsks, ...]
    sessions: tuple[PlannedSession, ...]
    """Each session with an exercise, with each of its doses, opened in full and in short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What is done in a session on a day, however the session opens."""

    session: str
    shown: Contractions | None
    """The dose in its title."""
    prescription: Prescription


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    done: _Done
    times_a_day: int
    span: Span | None
    step: Step


def sign_off(programme: Programme) -> SignOff:
    """Every prescription of ``programme``, for every kind of client."""
    cases_by_rows: dict[tuple[Row, ...], list[Case]] = {}
    most: dict[str, int] = {}
    sessions: dict[PlannedSession, None] = {}
    for case in whose_answers_matter(programme):
        days = _days(programme, case)
        cases_by_rows.setdefault(tuple(_rows(programme, case, days)), []).append(case)
        for plan in days:
            most[plan.phase] = max(most.get(plan.phase, 0), plan.contraction_count)
            for session in plan.sessions:
                if any(isinstance(part, Prescription) for part in session.parts):
                    sessions[session] = None
    order = [session.id for session in programme.sessions]
    return SignOff(
        tables=tuple(Table(cases=tuple(c), rows=rows) for rows, c in cases_by_rows.items()),
        phases=tuple(
            PhaseAsks(phase=phase, most_contractions_a_day=most.get(phase.id, 0))
            for phase in programme.phases
        ),
        sessions=tuple(sorted(sessions, key=lambda each: order.index(each.id))),
    )


def _days(programme: Programme, case: Case) -> list[PlannedDay]:
    planned = plan_weeks(programme, all_weeks(programme), Guidance.FULL, case.situation)
    return [plan for plan in planned if plan.day <= programme.last_day]


def _rows(programme: Programme, case: Case, days: Iterable[PlannedDay]) -> list[Row]:
    by_id = {session.id: session for session in programme.sessions}
    sessions: dict[_Done, PlannedSession] = {}
    found: dict[_Key, list[int]] = {}
    for plan in days:
        times: Counter[_Done] = Counter()
        for session in plan.listening:
            for each in _done_in(session):
                times[each] += 1
                sessions.setdefault(each, session)
        for each, times_a_day in times.items():
            exercise = programme.exercises[each.prescription.exercise]
            key = _Key(
                done=each,
                times_a_day=times_a_day,
                span=_span(by_id[each.session], plan),
                step=exercise.step_on(plan.course.training_day),
            )
            found.setdefault(key, []).append(plan.day)
    rows = [
        Row(
            days=stretch,
            session=sessions[key.done],
            prescription=key.done.prescription,
            times_a_day=key.times_a_day,
            schedule_sources=_schedule_sources(key),
        )
        for key, done in found.items()
        for stretch in _stretches(done)
    ]
    order = list(by_id)
    return sorted(rows, key=lambda row: (row.days.first_day, order.index(row.session.id)))


def _done_in(session: PlannedSession) -> Iterator[_Done]:
    for part in session.parts:
        if isinstance(part, Prescription) and not part.is_repeated:
            done = replace(part, is_familiar=False)
            yield _Done(session=session.id, shown=session.contractions, prescription=done)


def _span(session: Session, plan: PlannedDay) -> Span | None:
    """The span of the schedule with the session on this day; ``None`` if the session fills an empty
    day."""
    day = plan.course.on_clock(session.clock)
    return next((span for span in session.schedule if span.times_on(day)), None)


def _schedule_sources(key: _Key) -> Sources:
    """The sources of a schedule; editorial for what the content leaves open."""
    of_span = key.span.sources if key.span else (("from_day", EDITORIAL),)
    begun = key.step.day_source
    is_moved = key.span is None or key.step.from_day > key.span.first_day
    return (
        ("times_a_day", EDITORIAL),
        *of_span,
        *((("step_from_day", begun),) if begun and is_moved else ()),
    )


def _stretches(days: list[int]) -> Iterator[Stretch]:
    stretch = [days[0]]
    for day in days[1:]:
        if day - stretch[-1] > _LONGEST_GAP_DAYS:
            yield _stretch(stretch)
            stretch = []
        stretch.append(day)
    yield _stretch(stretch)


def _stretch(days: list[int]) -> Stretch:
    return Stretch(first_day=days[0], last_day=days[-1], count=len(days))
