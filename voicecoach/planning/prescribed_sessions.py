"""The sessions of a day -> those of a client for whom something was prescribed. No I/O.

A prescription of contractions takes the place of the sessions of its exercise. While it is of an
exercise that her step does not have, it takes that of all her contractions. One that only leaves
something out takes the place of nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.exercise import Exercise
from voicecoach.content.kinds.dose import Sets
from voicecoach.content.session import Session
from voicecoach.planning.course import CourseDay
from voicecoach.planning.parts import without
from voicecoach.planning.prescribed import Schedule, lowered

_SPREAD = "sessions_a_day"
"""The question that only decides over how many sessions the sets of a day are spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescribedDay:
    """What of a day is prescribed."""

    times: Mapping[str, int]
    """How often each session is done, by id."""
    prescribed: tuple[ClientPrescription, ...] = ()
    """As it is done: lowered where anything sent her back."""
    leave_out: frozenset[str] = frozenset()
    """Exercises that are not done."""


class PrescribedSessions:
    """Works out the days of a client."""

    def __init__(
        self,
        exercises: Mapping[str, Exercise],
        sessions: Mapping[str, Session],
        answers: Mapping[str, str | None],
    ) -> None:
        """``sessions`` are all of a programme, by id, also those that are not for her."""
        self._exercises = exercises
        self._of_all = sessions
        self._answers = answers
        self._schedule = Schedule(exercises, sessions.values())

    def on(self, today: CourseDay, times: Mapping[str, int]) -> PrescribedDay:
        """The day that has the sessions of ``times``, by id, for everybody."""
        if not today.prescribed:
            return PrescribedDay(times=times)
        leave_out = frozenset(id_ for each in today.prescribed for id_ in each.leave_out)
        contracting = [
            p
            for p in today.prescribed
            if self._exercises[p.exercise].asks_for_contractions
            and not p.only_leaves_out
            and self.has_any(p.exercise)
        ]
        others = [each for each in today.prescribed if each not in contracting]
        found = {id_: n for id_, n in times.items() if not self._is_dropped(id_, leave_out)}
        for each in others:
            found |= self._of_exercise(each, today, found)
        if contracting:
            found, contracting = self._of_contractions(contracting, today, found, times)
        order = {id_: found[id_] for id_ in self._of_all if found.get(id_)}
        return PrescribedDay(times=order, prescribed=(*others, *contracting), leave_out=leave_out)

    def _is_dropped(self, session_id: str, leave_out: frozenset[str]) -> bool:
        """Whether nothing is left of a session but what leads to it, or of the one whose place it
        takes."""
        session = self._of_all[session_id]
        left = next(iter(without([session], leave_out, is_prescribed=True)), None)
        if left is None or (
            self._contracts(session_id) and not left.asks_for_contractions(self._exercises)
        ):
            return True
        others = [other for other in session.instead_of if other in self._of_all]
        return bool(others) and all(self._is_dropped(other, leave_out) for other in others)

    def _of_exercise(
        self, prescribed: ClientPrescription, today: CourseDay, times: Mapping[str, int]
    ) -> dict[str, int]:
        """An exercise without contractions as often as is prescribed, in the first of her sessions
        that have it at this time, or ever."""
        if prescribed.times_a_day is None:
            return {}
        having = list(self._having(prescribed.exercise, contracting=False))
        hers = [s for s in having if s.is_meant_for(self._answers) and today.path in s.paths]
        now = [s for s in hers if s.spans_of(today.on_clock(s.clock))]
        ids = [s.id for s in having if s.id in times or s in now] or [s.id for s in hers[:1]]
        return {id_: prescribed.times_a_day if n == 0 else 0 for n, id_ in enumerate(ids)}

    def has_any(self, exercise: str) -> bool:
        """Whether any session has the exercise for whoever answers as she does."""
        kinds = (True, False) if not self._exercises[exercise].asks_for_contractions else (True,)
        return any(next(self._having(exercise, contracting=kind), None) for kind in kinds)

    def _of_contractions(
        self,
        prescribed: list[ClientPrescription],
        today: CourseDay,
        found: Mapping[str, int],
        times: Mapping[str, int],
    ) -> tuple[dict[str, int], list[ClientPrescription]]:
        daily = {each.exercise for each in prescribed if each.times_a_day}
        replaced = {
            id_ for p in prescribed for id_ in (p.exercise, *self._schedule.stand_ins(p.exercise))
        }
        others = {
            id_: n
            for id_, n in found.items()
            if not self._contracts(id_)
            or (
                not self._has(id_, replaced)
                and not any(self._has(other, daily) for other in self._of_all[id_].instead_of)
                and self._of_all[id_].spans_of(today.prescribed_day)
            )
        }
        done = []
        for each in prescribed:
            as_done, sessions = self._as_done(each, today, times)
            if sessions:
                others |= sessions
                done.append(as_done)
        return others, done

    def _as_done(
        self, prescribed: ClientPrescription, today: CourseDay, times: Mapping[str, int]
    ) -> tuple[ClientPrescription, dict[str, int]]:
        """A prescription as it is done, and its sessions."""
        exercise = prescribed.exercise
        is_on_step = self._schedule.has(exercise, today.training_day)
        wanted = {exercise} if is_on_step else self._schedule.stand_ins(exercise)
        own = {id_: n for id_, n in times.items() if self._has(id_, wanted)}
        own = {id_: n for id_, n in own.items() if self._contracts(id_)}
        carrier = self._carrier(prescribed, today)
        usual = max(span.times_a_day for span in carrier.schedule)
        is_usual = is_on_step or self._schedule.has(exercise, today.prescribed_day)
        n = prescribed.times_a_day or (sum(own.values()) if is_usual else usual)
        if exercise in today.lowered:
            doses = self._schedule.doses(exercise, today.step_day)
            of_step = own or self._a_day_of_step(wanted, today)
            sets = sum(times * self._sets(id_, wanted, today) for id_, times in of_step.items())
            if not doses or not sets or not n:  # her step has neither it nor what is done instead
                return prescribed, {}
            if prescribed.times_a_day or not is_on_step:  # no more than without what lowered it
                in_session = self._block_sets(carrier, exercise) or self._dose_sets(exercise, today)
                sets = min(sets, n * (prescribed.sets or in_session))
            days = {today.prescribed_day, today.step_day}
            hers = (self._exercises[exercise].prescription_on(day).dose for day in sorted(days))
            doses = (*doses, *(each for dose in hers for each in dose.contractions))
            prescribed = lowered(prescribed, doses, sets, n)
            n = prescribed.times_a_day or n
        if is_on_step and prescribed.sets is None and n == sum(own.values()):
            return prescribed, own
        return prescribed, {self._carrier(prescribed, today).id: n} if n else {}

    def _a_day_of_step(self, exercises: Collection[str], today: CourseDay) -> dict[str, int]:
        """Her sessions of these exercises on a day of her step that has them."""
        return {
            session.id: max(span.times_a_day for span in session.schedule)
            for session in self._of_all.values()
            if self._contracts(session.id)
            and self._has(session.id, exercises)
            and session.is_meant_for(self._answers)
            and session.spans_of(today.training_day)
        }

    def _carrier(self, prescribed: ClientPrescription, today: CourseDay) -> Session:
        """The session in which the exercise is done: that of which the words fit so many sets."""
        nearest = self._nearest(prescribed.exercise, today.prescribed_day)
        own = [each for each in nearest if each.is_meant_for(self._answers)]
        whole = [each for each in nearest if self._block_sets(each, prescribed.exercise) is None]
        for each in (*own, *nearest):
            sets = self._block_sets(each, prescribed.exercise)
            if prescribed.sets in (None, sets or self._dose_sets(prescribed.exercise, today)):
                return each
        return (*whole, *own, *nearest)[0]

    def _nearest(self, exercise: str, training_day: int) -> list[Session]:
        """The first session of the exercise in each way in which a day is spread, at this time of
        training or the nearest to it."""

        def distance(session: Session) -> int:
            spans = session.schedule
            return min(
                max(span.first_day - training_day, training_day - span.last_day, 0)
                for span in spans
            )

        sessions = list(self._having(exercise, contracting=True))
        least = min(map(distance, sessions))
        near = [each for each in sessions if distance(each) == least]
        spreads = dict.fromkeys(s for each in near for s in each.meant_for.get(_SPREAD, ("",)))
        first = (
            next(each for each in near if spread in each.meant_for.get(_SPREAD, (spread,)))
            for spread in spreads
        )
        return list({each.id: each for each in first}.values())

    def _having(self, exercise: str, *, contracting: bool) -> Iterator[Session]:
        """The sessions that have the exercise, for whoever answers as she does but for how a day
        is spread."""
        for session in self._of_all.values():
            meant_for = {k: v for k, v in session.meant_for.items() if k != _SPREAD}
            is_meant = replace(session, meant_for=meant_for).is_meant_for(self._answers)
            is_so = self._contracts(session.id) is contracting
            if is_meant and is_so and self._has(session.id, {exercise}) and session.schedule:
                yield session

    def _contracts(self, session_id: str) -> bool:
        return self._of_all[session_id].asks_for_contractions(self._exercises)

    def _has(self, session_id: str, exercises: Collection[str]) -> bool:
        session = self._of_all.get(session_id)
        blocks = () if session is None else session.exercise_blocks
        return any(block.exercise in exercises for block in blocks)

    def _block_sets(self, session: Session, exercise: str) -> int | None:
        blocks = (each for each in session.exercise_blocks if each.exercise == exercise)
        return next(blocks).sets

    def _dose_sets(self, exercise: str, today: CourseDay) -> int:
        dose = self._exercises[exercise].prescription_on(today.step_day).dose
        return dose.sets if isinstance(dose, Sets) else 1

    def _sets(self, session_id: str, exercises: Collection[str], today: CourseDay) -> int:
        """The sets of these exercises in a session."""
        return sum(
            block.sets or self._dose_sets(block.exercise, today)
            for block in self._of_all[session_id].exercise_blocks
            if block.exercise in exercises and self._exercises[block.exercise].asks_for_contractions
        )
