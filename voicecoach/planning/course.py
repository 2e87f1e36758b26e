"""Programme + situation -> where a client is on each day, and why. No I/O.

Three things apart: whether she may contract (:mod:`gates`), which step she is on (:mod:`ladder`,
:mod:`standing`), and how often, which counts from the first permitted day and is never moved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.clinical_state import Situation
from voicecoach.content.programme import Programme
from voicecoach.content.session import Clock, Path, Session
from voicecoach.planning import sport
from voicecoach.planning.gates import Detour, Gates, Reason
from voicecoach.planning.ladder import BELOW, ladder
from voicecoach.planning.prescribed import asks_for_contractions, of_programme
from voicecoach.planning.reported import leaks_alone_before
from voicecoach.planning.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDay:
    """Where a client is on a day."""

    day: int
    path: Path
    may_contract: bool
    step: int | None
    """The step of the ladder, from 1; ``None`` on a day without contractions for her."""
    day_since_start: int
    """Day 1 is the day on which she began."""
    day_on_path: int
    """Day 1 is the first on which she is on ``path``."""
    day_of_sport: int
    """Day 1 is the day after she told that all that sport asks for works; 0 before."""
    training_day: int
    """The day of the training clock."""
    reached_before: int
    """The latest training day of all days before."""
    step_day: int
    """The training day on which her step begins: its doses are hers."""
    calendar_step_day: int
    """The same for the furthest step she could be on had nothing sent her back; that of her own
    step where nothing did."""
    was_moved: bool
    """Whether bad news ever sent her back, or made her begin again."""
    keeps_calendar: bool
    """Whether nothing moved her, and no clearance is the reason for her step."""
    trains_daily: bool
    """Whether she trains each day while leaking lasts, whatever the schedule has."""
    permitted_day: int
    """The day of a clock that runs on from the first permitted day, whatever she reports."""
    has_contractions: bool
    """Whether it is a day for contractions, and they are permitted."""
    reason: Reason | None
    since_day: int
    """The day from which ``reason`` holds."""
    prescribed: tuple[ClientPrescription, ...]
    """What is prescribed for her and she may do."""
    lowered: tuple[str, ...]
    """The exercises of those since which anything sent her back: then the lower of what is
    prescribed and of her step holds."""
    prescribed_day: int
    """The training day on which she stands still meanwhile."""

    def on_clock(self, clock: Clock) -> int:
        """The day that a schedule counted by ``clock`` goes by."""
        match clock:
            case Clock.BIRTH:
                return self.day
            case Clock.START:
                return self.day_since_start
            case Clock.TRAINING:
                return self.training_day
            case Clock.PERMITTED:
                return self.permitted_day
            case Clock.PATH:
                return self.day_on_path
            case Clock.SPORT:
                return self.day_of_sport


class Course:
    """The way of a client through a programme, day by day."""

    def __init__(self, programme: Programme, situation: Situation) -> None:
        self.started_day = max(1, situation.started_day)
        self._programme = programme
        self._situation = situation
        self._training = [
            each for each in programme.sessions if each.asks_for_contractions(programme.exercises)
        ]
        self._ready_for_sport_on = sport.ready_on(programme, situation)
        self._days: list[CourseDay] = []
        self._walk = None
        self._gates = Gates(programme, situation)
        if programme.training_steps:
            self._ladder = ladder(programme, situation)
            self._rules = programme.training
            self._walk = Standing(programme, situation, self._ladder, self._gates)
            self._check_ins = {each.day: each for each in situation.check_ins}
            for day in sorted(day for day in self._check_ins if day < 1):
                self._walk.take(self._check_ins[day])

    def on(self, day: int) -> CourseDay:
        """Where she is on ``day`` (from 1)."""
        while len(self._days) < day:
            self._days.append(self._day(len(self._days) + 1))
        return self._days[day - 1]

    def _trains_on(self, permitted_day: int, *, daily: bool) -> bool:
        """Whether any contractions are scheduled on this day of the permitted clock; on any day of
        a week that has some, if ``daily``."""
        if daily:
            return any(session.spans_of(permitted_day) for session in self._training)
        return any(session.times_on(permitted_day) for session in self._training)

    def _day(self, day: int) -> CourseDay:
        if self._walk is None:
            detour = self._gates.stopped_on(day)
            return self._made(day, clock=day, permitted_day=day, step=BELOW, detour=detour)
        walk, first = self._walk, self._ladder.days[0]
        begins, is_open = self._gates.begins, day >= self._gates.opens
        shut = self._gates.shut_on(day)
        walk.prescribe(day, self._contractions_prescribed(day))
        walk.wake(day, may_train=is_open and shut is None)
        detour = shut or walk.detour(day)
        waiting = min(day - self.started_day + 1, first - 1)
        permitted_day = day - begins + first if day >= begins else waiting
        is_training = is_open and (detour is None or detour.path is Path.TRAINING)
        # On a day of rest she keeps her step, but the day counts as one below the ladder.
        step = walk.step if is_training and not walk.rests else BELOW
        clock = waiting if step == BELOW else walk.training_day
        today = self._made(
            day,
            clock=clock,
            permitted_day=permitted_day,
            step=step,
            detour=detour or self._gates.moved_on(day),
            trains_daily=leaks_alone_before(self._situation, day, self._rules),
        )
        walk.sleep(self._check_ins.get(day), step=step, has_contractions=today.has_contractions)
        return today

    def _contractions_prescribed(self, day: int) -> tuple[ClientPrescription, ...]:
        found = of_programme(self._programme, self._situation, day)
        return tuple(each for each in found if asks_for_contractions(self._programme, each))

    def _made(
        self,
        day: int,
        *,
        clock: int,
        permitted_day: int,
        step: int,
        detour: Detour | None,
        trains_daily: bool = False,
    ) -> CourseDay:
        walk = self._walk
        before = self._days[-1] if self._days else None
        path = Path.TRAINING if detour is None else detour.path
        is_new_path = before is None or before.path is not path or day == self.started_day
        step_day = calendar_step_day = clock
        if step != BELOW:
            days = self._ladder.days
            step_day = calendar_step_day = days[step]
            if walk is not None and walk.was_moved:
                calendar_step_day = days[max(step, self._ladder.step_on(permitted_day))]
        prescribed = of_programme(self._programme, self._situation, day)
        contracting = self._contractions_prescribed(day)
        if step == BELOW:
            prescribed = tuple(each for each in prescribed if each not in contracting)
        is_daily = any(each.times_a_day for each in contracting)
        ready_on = self._ready_for_sport_on
        is_moved = path is not Path.TRAINING or clock != day
        return CourseDay(
            day=day,
            path=path,
            may_contract=step != BELOW,
            step=None if step == BELOW else step + 1,
            day_since_start=day - self.started_day + 1,
            day_on_path=1 if before is None or is_new_path else before.day_on_path + 1,
            day_of_sport=0 if ready_on is None else max(0, day - ready_on),
            training_day=clock,
            reached_before=max(before.reached_before, before.training_day) if before else 0,
            step_day=step_day,
            calendar_step_day=calendar_step_day,
            was_moved=walk is not None and walk.was_moved,
            keeps_calendar=(
                walk is not None and walk.keeps_calendar and self._gates.opens == self._gates.begins
            ),
            trains_daily=trains_daily,
            permitted_day=permitted_day,
            has_contractions=(
                step != BELOW and (is_daily or self._trains_on(permitted_day, daily=trains_daily))
            ),
            reason=detour.reason if detour and is_moved else None,
            since_day=detour.since_day if detour else day,
            prescribed=prescribed,
            lowered=tuple(each.exercise for each in prescribed if walk and walk.is_lowered(each)),
            prescribed_day=(walk.prescribed_day if walk else None) or clock,
        )


IsDue = Callable[[Session, CourseDay], bool]
"""Whether the schedule has a session on a day."""


class Turns:
    """Gives each talk that is due a day of its own: what is about the training comes first, the
    others in the order in which they were due."""

    def __init__(self, sessions: Iterable[Session], course: Course, is_due: IsDue) -> None:
        sessions = tuple(sessions)
        self._talks = [session for session in sessions if session.waits_its_turn]
        self._of_a_path = [
            each for each in sessions if each.clock is Clock.PATH and not each.is_exercise
        ]
        self._course = course
        self._is_due = is_due
        self._waiting: list[Session] = []
        self._given: list[str | None] = []

    def on(self, day: int) -> str | None:
        """The id of the talk whose turn it is on ``day`` (from 1); ``None`` where there is none."""
        while len(self._given) < day:
            self._given.append(self._next(self._course.on(len(self._given) + 1)))
        return self._given[day - 1]

    def _next(self, today: CourseDay) -> str | None:
        due = (talk for talk in self._talks if self._is_due(talk, today))
        self._waiting += [talk for talk in due if talk not in self._waiting]
        if any(self._is_due(talk, today) for talk in self._of_a_path):
            return None
        fitting = [talk for talk in self._waiting if _fits(talk, today)]
        if not fitting:
            return None
        first = min(fitting, key=lambda talk: talk.clock is not Clock.TRAINING)
        self._waiting.remove(first)
        return first.id


def _fits(talk: Session, today: CourseDay) -> bool:
    """Whether ``talk`` may be heard ``today``. What is only for clients who train waits for a day
    with contractions: nobody in pain hears of running."""
    if talk.paths == (Path.TRAINING,):
        return today.may_contract
    is_about_training = talk.clock is Clock.TRAINING
    return today.path in talk.paths and (today.path is Path.TRAINING or not is_about_training)
