"""A programme and a clinical state -> the sessions of each day, with their doses. No I/O."""

from collections.abc import Mapping
from dataclasses import replace

from voicecoach.content.clinical_state import Situation
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Dose
from voicecoach.content.programme import Programme
from voicecoach.content.session import Clock, Path, Session
from voicecoach.content.translation import Guidance
from voicecoach.planning.course import Course, CourseDay, Turns
from voicecoach.planning.openings import Openings, parts_in_full, parts_in_short
from voicecoach.planning.parts import refuse_to_leave_out, without
from voicecoach.planning.planned import PlannedDay, PlannedSession
from voicecoach.planning.prescribed_sessions import PrescribedDay, PrescribedSessions


class Planner:
    """Plans days for a woman in one situation."""

    def __init__(
        self, programme: Programme, situation: Situation, guidance: Guidance | None
    ) -> None:
        self._programme = programme
        self._situation = situation
        self._guidance = guidance
        self._course = Course(programme, situation)
        answers = situation.answers()
        refuse_to_leave_out(situation.leave_out, programme)
        self._of_all = {s.id: s for s in without(programme.sessions, situation.leave_out)}
        self._sessions = {
            id_: session for id_, session in self._of_all.items() if session.is_meant_for(answers)
        }
        self._for_her = PrescribedSessions(programme.exercises, self._of_all, answers)
        self._days: dict[int, PrescribedDay] = {}
        self._turns = Turns(
            self._sessions.values(), self._course, lambda each, day: self._times(each, day) > 0
        )
        self._training = {
            id_
            for id_, session in self._of_all.items()
            if session.asks_for_contractions(programme.exercises)
        }
        self._moving = {
            id_
            for id_, session in self._of_all.items()
            if any(
                programme.exercises[block.exercise].kind != Breathing.kind
                for block in session.exercise_blocks
            )
        }
        """The sessions in which more is done than to breathe."""
        self._steps = programme.training_steps
        self._openings = Openings(programme, self._course, self.times_on, self._doses)
        self._prescribed: dict[tuple[object, ...], PlannedSession] = {}
        """What differs in nothing that decides its doses is the same session."""

    def course_on(self, day: int) -> CourseDay:
        """Where she is on ``day``."""
        return self._course.on(day)

    def day(self, day: int) -> PlannedDay:
        """The plan of ``day``."""
        today = self._course.on(day)
        of_day = self._day(day)
        sessions = {id_: self._each_time(id_, n, today, of_day) for id_, n in of_day.times.items()}
        rounds = range(max(map(len, sessions.values()), default=0))
        return PlannedDay(
            day=day,
            phase=self._programme.phase_on(today.training_day).id,
            course=today,
            prescribed=of_day.prescribed,
            sessions=tuple(dict.fromkeys(each for done in sessions.values() for each in done)),
            listening=tuple(done[n] for n in rounds for done in sessions.values() if n < len(done)),
        )

    def is_for_her(self, exercise: str) -> bool:
        """Whether any session has ``exercise`` for whoever answers as she does."""
        return self._for_her.has_any(exercise)

    def _each_time(
        self, id_: str, times: int, today: CourseDay, of_day: PrescribedDay
    ) -> list[PlannedSession]:
        """A session as it is done each time ``today``: the first times may open in full."""
        full = self._openings.full_times(id_, today.day)
        return [self._prescribe(id_, today, of_day, is_short=n >= full) for n in range(times)]

    def _doses(self, id_: str, day: int) -> tuple[Dose, ...]:
        session = self._prescribe(id_, self._course.on(day), self._day(day), is_short=False)
        return tuple(part.dose for part in session.parts if isinstance(part, Prescription))

    def times_on(self, day: int) -> Mapping[str, int]:
        """How often each session of ``day`` is done, in the order of the programme."""
        return self._day(day).times

    def _day(self, day: int) -> PrescribedDay:
        if day not in self._days:
            self._days[day] = self._find_day(day)
        return self._days[day]

    def _find_day(self, day: int) -> PrescribedDay:
        today = self._course.on(day)
        turn = self._turns.on(day)
        times = {
            id_: int(id_ == turn) if session.waits_its_turn else self._times(session, today)
            for id_, session in self._sessions.items()
        }
        for id_, session in self._sessions.items():
            if session.instead_of and (times[id_] or self._is_due(session, today)):
                times |= dict.fromkeys(session.instead_of, 0)
        times = {id_: n for id_, n in times.items() if n and id_ in self._sessions}
        found = self._for_her.on(today, times)
        if any(self._of_all[id_].is_exercise for id_ in found.times):
            return found
        hers = self._sessions.values()
        fills = [s.id for s in hers if s.fills_empty_days and self._is_permitted(s, today)]
        return replace(found, times={**found.times, **dict.fromkeys(fills, 1)})

    def _is_due(self, session: Session, today: CourseDay) -> bool:
        """Whether a session of contractions would be done today, had nothing held her back."""
        return session.id in self._training and session.times_on(today.permitted_day) > 0

    def _times(self, session: Session, today: CourseDay) -> int:
        if not self._is_permitted(session, today):
            return 0
        if session.id in self._training:
            return _times_of_contractions(self._steps, session, today)
        if today.day == self._course.started_day and session.is_made_up_for(today.day):
            return 1
        if session.clock is not Clock.TRAINING:
            return session.times_on(today.on_clock(session.clock))
        return self._times_on_training_day(session, today)

    def _is_permitted(self, session: Session, today: CourseDay) -> bool:
        """Whether her path has it: on a day of rest, or after a stop, breathing and talks alone."""
        rests = bool(self._steps) and not today.may_contract
        is_for_breathing = rests or today.path is not Path.TRAINING
        moves = session.id in self._moving and session.id not in self._training
        return today.path in session.paths and not (moves and is_for_breathing)

    def _times_on_training_day(self, session: Session, today: CourseDay) -> int:
        """What is done on a single day is done when the clock first reaches it; what is done on
        some days of a week is so on those of the calendar, also if the clock stands."""
        clock, times = today.training_day, 0
        for span in session.schedule:
            if span.first_day < span.last_day:
                times += span.times_on(clock, spread_by=today.day)
            elif today.reached_before < span.first_day <= clock:
                times += span.times_a_day
        return times

    def _is_first_time(self, session_id: str, day: int) -> bool:
        """Whether the session was never done before ``day``: her clock may have run past the days
        on which it is new for others."""
        days_before = range(day - 1, self._course.started_day - 1, -1)
        return not any(session_id in self.times_on(earlier) for earlier in days_before)

    def _prescribe(
        self, id_: str, today: CourseDay, of_day: PrescribedDay, *, is_short: bool
    ) -> PlannedSession:
        session = self._of_all[id_]
        guidance = self._guidance_of(session, today)
        days = _days_of_doses(
            today,
            is_on_ladder=not self._steps or session.id in self._training,
            moves=session.id in self._moving,
        )
        key = (id_, guidance, is_short, *days, of_day.prescribed, of_day.leave_out)
        if key not in self._prescribed:
            [done] = without([session], of_day.leave_out, is_prescribed=True)
            parts_as_opened = parts_in_short if is_short else parts_in_full
            parts = parts_as_opened(self._programme, done, self._situation, days, of_day.prescribed)
            self._prescribed[key] = PlannedSession(id=id_, guidance=guidance, parts=parts)
        return self._prescribed[key]

    def _guidance_of(self, session: Session, today: CourseDay) -> Guidance:
        if not session.is_exercise:
            return Guidance.FULL
        if self._guidance is not None:
            return self._guidance
        new_until = session.first_day + self._programme.full_guidance_days
        is_new = today.on_clock(session.clock) < new_until
        is_full = is_new or self._is_first_time(session.id, today.day)
        return Guidance.FULL if is_full else Guidance.BRIEF


def _times_of_contractions(steps: tuple[int, ...], session: Session, today: CourseDay) -> int:
    """What her step has, on the days of the week on which she would train at this time, had nothing
    held her back; so the days of a week never grow by what held her back. ``steps`` are the days on
    which a step of the programme begins."""
    if not today.has_contractions:
        return 0
    follows_calendar = session.clock is Clock.PERMITTED and today.keeps_calendar
    spans = session.spans_of(today.permitted_day if follows_calendar else today.training_day)
    then = session.spans_of(today.permitted_day)
    is_daily = today.trains_daily and not session.instead_of
    if then and not is_daily and not session.times_on(today.permitted_day):
        return 0
    if not then and session.instead_of:
        return 0
    if today.was_moved and _pauses(steps, session, today):
        return 0
    return sum(span.times_a_day for span in spans)


def _pauses(steps: tuple[int, ...], session: Session, today: CourseDay) -> bool:
    """Whether the schedule leaves ``session`` out on a step between hers and that of the calendar,
    and takes it up later: then her day has less without it."""
    days = (day for day in steps if today.step_day <= day <= today.calendar_step_day)
    return any(not session.spans_of(day) and session.last_day > day for day in days)


def _days_of_doses(today: CourseDay, *, is_on_ladder: bool, moves: bool) -> tuple[int, int]:
    """The day whose doses a session has, and the last of those that they do not exceed.

    Sessions on the ladder go by her step, all else by the days since she began; but for
    whoever was sent back what ``moves`` more than the breath, a walk, goes no further than her
    step.
    """
    if is_on_ladder:
        return today.step_day, today.calendar_step_day
    day = max(today.day_since_start, 1)
    if today.was_moved and moves:
        day = min(day, today.step_day)
    return day, day
