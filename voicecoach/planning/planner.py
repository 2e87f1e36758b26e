"""A programme and a clinical state -> the sessions of each day, with their doses. No I/O."""

from dataclasses import dataclass, replace

from voicecoach.content.clinical_state import Situation
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.contractions import Contractions
from voicecoach.content.programme import Programme
from voicecoach.content.session import Clock, Session, TalkBlock
from voicecoach.content.translation import Guidance
from voicecoach.planning import schedule
from voicecoach.planning.course import Course, CourseDay, Turns
from voicecoach.planning.parts import parts_of, refuse_to_leave_out, without

CONTRACTIONS, EXPLANATION = "contractions", "explanation"
"""Kinds of sessions, as plans and manifests name them; the others are the kinds of exercise."""


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
    def kind(self) -> str:
        """What is done in it: contractions if there are any, else the kind of exercise that takes
        longest, or only an explanation."""
        if self.all_contractions:
            return CONTRACTIONS
        doses = [part.dose for part in self.parts if isinstance(part, Prescription)]
        if not doses:
            return EXPLANATION
        return max(doses, key=lambda dose: dose.duration_ms).kind

    @property
    def exercises(self) -> tuple[str, ...]:
        """The ids of its exercises, each once."""
        parts = (part for part in self.parts if isinstance(part, Prescription))
        return tuple(dict.fromkeys(part.exercise for part in parts))

    @property
    def contractions(self) -> Contractions | None:
        """The first dose of contractions; ``None`` where the session has none."""
        return next(iter(self.all_contractions), None)

    @property
    def all_contractions(self) -> tuple[Contractions, ...]:
        """Every dose of contractions, in order."""
        doses = (part.dose for part in self.parts if isinstance(part, Prescription))
        return tuple(each for dose in doses for each in dose.contractions)

    @property
    def contraction_count(self) -> int:
        """How many contractions it asks for."""
        return sum(dose.count for dose in self.all_contractions)

    @property
    def under_tension_ms(self) -> int:
        """All holds together."""
        return sum(dose.under_tension_ms for dose in self.all_contractions)

    @property
    def intensity_percent(self) -> int:
        """The highest intensity, of her greatest strength; 0 where there are no contractions."""
        return max((dose.highest_percent for dose in self.all_contractions), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What a day asks for."""

    day: int
    phase: str
    """Id of the phase that she is in."""
    course: CourseDay
    """Where she is, and why."""
    sessions: tuple[PlannedSession, ...]
    """Each session once, in the order of the programme."""
    listening: tuple[PlannedSession, ...]
    """The sessions as they are listened to, each as often as it is done: first every session
    once, then those that are done a second time, and so on."""

    @property
    def contraction_count(self) -> int:
        """How many contractions it asks for."""
        return sum(session.contraction_count for session in self.listening)


def without_contractions(day: PlannedDay) -> PlannedDay:
    """``day`` with the sessions that ask for no contractions."""
    return replace(
        day,
        sessions=tuple(each for each in day.sessions if each.kind != CONTRACTIONS),
        listening=tuple(each for each in day.listening if each.kind != CONTRACTIONS),
    )


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
        self._sessions = {
            session.id: session
            for session in without(programme.sessions, situation.leave_out)
            if session.is_meant_for(answers)
        }
        self._times_on: dict[int, dict[str, int]] = {}
        self._turns = Turns(
            self._sessions.values(), self._course, lambda each, day: self._times(each, day) > 0
        )
        self._training = {
            id_
            for id_, session in self._sessions.items()
            if session.asks_for_contractions(programme.exercises)
        }
        self._moving = {
            id_
            for id_, session in self._sessions.items()
            if any(
                programme.exercises[block.exercise].kind != Breathing.kind
                for block in session.exercise_blocks
            )
        }
        """The sessions in which more is done than to breathe."""
        self._prescribed: dict[tuple[str, Guidance, int, int], PlannedSession] = {}
        """What differs in nothing that decides its doses is the same session."""

    def day(self, day: int) -> PlannedDay:
        """The plan of ``day``."""
        today = self._course.on(day)
        times = self.times_on(day)
        sessions = {id_: self._prescribe(self._sessions[id_], today) for id_ in times}
        rounds = range(1, max(times.values(), default=0) + 1)
        return PlannedDay(
            day=day,
            phase=self._programme.phase_on(today.training_day).id,
            course=today,
            sessions=tuple(sessions.values()),
            listening=tuple(
                session for n in rounds for id_, session in sessions.items() if times[id_] >= n
            ),
        )

    def times_on(self, day: int) -> dict[str, int]:
        """How often each session of ``day`` is done, in the order of the programme."""
        if day not in self._times_on:
            self._times_on[day] = self._find_times(day)
        return self._times_on[day]

    def _find_times(self, day: int) -> dict[str, int]:
        today = self._course.on(day)
        turn = self._turns.on(day)
        times = {
            id_: int(id_ == turn) if session.waits_its_turn else self._times(session, today)
            for id_, session in self._sessions.items()
        }
        for id_, session in self._sessions.items():
            if session.instead_of and (times[id_] or self._is_due(session, today)):
                times |= dict.fromkeys(session.instead_of, 0)
        if not any(n and self._sessions[id_].is_exercise for id_, n in times.items()):
            times |= {
                id_: 1
                for id_, session in self._sessions.items()
                if session.fills_empty_days and today.path in session.paths
            }
        return {id_: n for id_, n in times.items() if n and id_ in self._sessions}

    def _is_due(self, session: Session, today: CourseDay) -> bool:
        """Whether a session of contractions would be done today, had nothing held her back."""
        return session.id in self._training and session.times_on(today.permitted_day) > 0

    def _times(self, session: Session, today: CourseDay) -> int:
        if today.path not in session.paths:
            return 0
        if session.id in self._training:
            return schedule.times_of_contractions(self._programme, session, today)
        if session.id in self._moving and self._programme.training_steps and not today.may_contract:
            return 0  # a day of rest is for breathing
        if today.day == self._course.started_day and session.is_made_up_for(today.day):
            return 1
        if session.clock is not Clock.TRAINING:
            return session.times_on(today.on_clock(session.clock))
        return self._times_on_training_day(session, today)

    def _times_on_training_day(self, session: Session, today: CourseDay) -> int:
        """What is done on a single day is done when the clock first reaches it; what is done on
        some days of a week is so on those of the calendar, also if the clock stands."""
        reached = sum(
            span.times_a_day
            for span in session.schedule
            if span.first_day == span.last_day
            and today.reached_before < span.first_day <= today.training_day
        )
        lasting = sum(
            span.times_on(today.training_day, spread_by=today.day)
            for span in session.schedule
            if span.first_day < span.last_day
        )
        return reached + lasting

    def _is_first_time(self, session_id: str, day: int) -> bool:
        """Whether the session was never done before ``day``: her clock may have run past the days
        on which it is new for others."""
        days_before = range(day - 1, self._course.started_day - 1, -1)
        return not any(session_id in self.times_on(earlier) for earlier in days_before)

    def _prescribe(self, session: Session, today: CourseDay) -> PlannedSession:
        guidance = self._guidance_of(session, today)
        days = schedule.days_of_doses(
            self._programme,
            today,
            is_on_ladder=session.id in self._training,
            moves=session.id in self._moving,
        )
        key = (session.id, guidance, *days)
        if key not in self._prescribed:
            parts = tuple(
                part
                for block in session.parts_in(self._situation.position)
                for part in parts_of(self._programme, block, self._situation, days)
            )
            self._prescribed[key] = PlannedSession(id=session.id, guidance=guidance, parts=parts)
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
