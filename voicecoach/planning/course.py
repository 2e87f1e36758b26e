"""Programme + situation -> where a woman is on each day: her path, her training day, and why.

The calendar gives the earliest day. The training clock counts as if she had begun with contractions
on that day: it stands still until she may begin, a check-in can hold it back, and it never
overtakes the calendar. No I/O.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.content.clinical_state import CheckIn, Floor, Perineum, Situation
from voicecoach.content.programme import Effect, Programme, Rule
from voicecoach.content.session import Clock, Path
from voicecoach.planning.tally import Tally


class Reason(StrEnum):
    """Why a day is not as the calendar alone would have it."""

    LATE_START = "late-start"
    WAITS_FOR_CLEARANCE = "waits-for-clearance"
    WAITS_FOR_CATHETER = "waits-for-catheter"
    OVER_TENSE = "over-tense"
    STOPPED = "stopped"
    UNREAD = "unread"
    """A check-in cannot be read; it may have told something that stops contractions."""
    STEPPED_BACK = "stepped-back"
    NOT_FELT = "not-felt"
    CANNOT_LET_GO = "cannot-let-go"
    BEGAN_AGAIN = "began-again"


_TURNS = {Effect.RELEASE: Reason.CANNOT_LET_GO, Effect.BREATHING: Reason.NOT_FELT}
"""What she stands still for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDay:
    """Where she is on a day."""

    day: int
    path: Path
    day_since_start: int
    """Day 1 is the day on which she began."""
    training_day: int
    """The day of the training clock."""
    reason: Reason | None
    since_day: int
    """The day from which ``reason`` holds."""

    def on_clock(self, clock: Clock) -> int:
        """The day that a schedule counted by ``clock`` goes by."""
        return {
            Clock.BIRTH: self.day,
            Clock.START: self.day_since_start,
            Clock.TRAINING: self.training_day,
        }[clock]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Days from ``first_day`` on that are reckoned alike."""

    first_day: int
    path: Path = Path.TRAINING
    shift: int = 0
    """How far the training clock lies behind the calendar."""
    last_training_day: int | None = None
    """Where the training clock waits; ``None`` where it goes on."""
    reason: Reason | None = None
    since_day: int | None = None
    """From when ``reason`` holds, where that is not ``first_day``."""


class Course:
    """The way of a woman through a programme, day by day."""

    def __init__(self, programme: Programme, situation: Situation) -> None:
        self.started_day = max(1, situation.started_day)
        steps = programme.training_steps
        self._stretches = (
            _Walk(steps, programme.rules, situation).stretches if steps else [_Stretch(first_day=1)]
        )

    def on(self, day: int) -> CourseDay:
        """Where she is on ``day`` (from 1)."""
        stretch = _at(self._stretches, day)
        training_day = _training_day(stretch, day)
        is_moved = training_day != day or stretch.path is not Path.TRAINING
        return CourseDay(
            day=day,
            path=stretch.path,
            day_since_start=day - self.started_day + 1,
            training_day=training_day,
            reason=stretch.reason if is_moved else None,
            since_day=stretch.since_day or stretch.first_day,
        )


class _Walk:
    """Goes through the gates and the check-ins in order of day, and leaves the stretches."""

    def __init__(
        self, steps: tuple[int, ...], rules: tuple[Rule, ...], situation: Situation
    ) -> None:
        self._steps = steps
        self._rules = rules
        self._tally = Tally(rules)
        self._situation = situation
        self._open: set[Reason] = set()
        """What has to be better before she goes on."""
        self.stretches: list[_Stretch] = []
        barred = _barred(situation)
        if barred is not None:
            self._put(
                _Stretch(
                    first_day=1,
                    path=barred[0],
                    reason=barred[1],
                    last_training_day=self._steps[0] - 1,
                )
            )
            return
        self._begins, self._waits_for = _beginning(steps[0], situation)
        self._wait_and_begin(1)
        for check_in in sorted(situation.check_ins, key=lambda each: each.day):
            if self._take(check_in) is Effect.STOP:
                break
        unread = [each.day for each in situation.check_ins if each.is_unread]
        if unread:
            self._hold_back(max(min(unread), 1))

    def _put(self, stretch: _Stretch) -> None:
        """Has ``stretch`` hold from its first day on, whatever was to come."""
        earlier = [each for each in self.stretches if each.first_day < stretch.first_day]
        self.stretches = [*earlier, stretch]

    def _wait_and_begin(self, day: int) -> None:
        """From ``day`` on she waits until she may begin, and then begins."""
        first = self._steps[0]
        if day == 1 and self._begins == first:
            self._put(_Stretch(first_day=1))
            return
        begins = max(day, self._begins)
        if day < begins:
            self._put(
                _Stretch(
                    first_day=day,
                    last_training_day=first - 1,
                    reason=self._waits_for,
                    since_day=begins,
                )
            )
        reason = Reason.LATE_START if day == 1 else Reason.BEGAN_AGAIN
        self.stretches = [each for each in self.stretches if each.first_day < begins]
        self.stretches.append(_Stretch(first_day=begins, shift=begins - first, reason=reason))

    def _take(self, check_in: CheckIn) -> Effect | None:
        """Applies the rule that ``check_in`` fulfils, and answers its effect."""
        rule = self._tally.take(check_in)
        self._open -= {Reason.NOT_FELT} if check_in.felt is True else set()
        self._open -= {Reason.CANNOT_LET_GO} if check_in.let_go is True else set()
        self._open |= {_TURNS[r.effect] for r in self._rules if _turns(r, rule, check_in)}
        if rule is not None and rule.effect is Effect.STOP:
            if self._stop(check_in.day) is Effect.STOP:
                return Effect.STOP
            rule = None  # she was cleared since; what else she told still holds
        self._follow_what_is_open(check_in.day + 1)
        if rule is not None and rule.effect is Effect.STEP_BACK:
            self._step_back(check_in.day)
        elif rule is not None and rule.effect is Effect.STEP_ON:
            self._step_on(check_in.day + 1)
        return None if rule is None else rule.effect

    def _stop(self, day: int) -> Effect | None:
        """Stops contractions at once, unless she was cleared on a later day."""
        cleared_day = self._situation.cleared_day
        if cleared_day is not None and cleared_day > day:
            return None
        self._turn(max(day, 1), Path.BREATHING, Reason.STOPPED)
        return Effect.STOP

    def _hold_back(self, day: int) -> None:
        """No contractions from ``day`` on, whatever else was told and whoever cleared her since;
        what stops her anyway stays the reason."""
        stops = [each for each in self.stretches if each.reason is Reason.STOPPED]
        if _at(self.stretches, day) not in stops:
            self._turn(day, Path.BREATHING, Reason.UNREAD)
            self.stretches += stops

    def _follow_what_is_open(self, day: int) -> None:
        """Whoever stood still begins again at the first step once all is better."""
        if Reason.CANNOT_LET_GO in self._open:
            self._turn(day, Path.RELEASE, Reason.CANNOT_LET_GO)
        elif Reason.NOT_FELT in self._open:
            self._turn(day, Path.BREATHING, Reason.NOT_FELT)
        elif _at(self.stretches, day).reason in (Reason.NOT_FELT, Reason.CANNOT_LET_GO):
            self._wait_and_begin(day)

    def _turn(self, day: int, path: Path, reason: Reason) -> None:
        if _at(self.stretches, day).reason is not reason:
            waiting = self._steps[0] - 1
            self._put(_Stretch(first_day=day, path=path, last_training_day=waiting, reason=reason))

    def _step_back(self, day: int) -> None:
        """To the step before the one of ``day``, from the next day on."""
        stretch = _at(self.stretches, day)
        step = self._step_on_training_day(_training_day(stretch, day))
        if stretch.path is Path.TRAINING and step >= 0:
            self._hold(day + 1, stretch.shift, self._steps[step] - 1)

    def _step_on(self, day: int) -> None:
        """To the next step, for whoever was held back."""
        stretch = _at(self.stretches, day)
        if stretch.reason is not Reason.STEPPED_BACK or stretch.last_training_day is None:
            return
        after_next = self._step_on_training_day(stretch.last_training_day) + 2
        last = self._steps[after_next] - 1 if after_next < len(self._steps) else None
        if last is not None and day - stretch.shift > last:
            self._hold(day, stretch.shift, last)
            return
        reason = Reason.LATE_START if stretch.shift else None
        began = stretch.shift + self._steps[0]
        self._put(_Stretch(first_day=day, shift=stretch.shift, reason=reason, since_day=began))

    def _hold(self, day: int, shift: int, last_training_day: int) -> None:
        self._put(
            _Stretch(
                first_day=day,
                shift=shift,
                last_training_day=last_training_day,
                reason=Reason.STEPPED_BACK,
            )
        )

    def _step_on_training_day(self, training_day: int) -> int:
        """The index of the step; -1 before the first."""
        return bisect_right(self._steps, training_day) - 1


def _turns(rule: Rule, fulfilled: Rule | None, check_in: CheckIn) -> bool:
    """Whether ``rule`` takes her off the training path, also where another one decides."""
    is_told = rule.days == 1 and rule.when in check_in.signs
    return rule.effect in _TURNS and (is_told or rule is fulfilled)


def _at(stretches: list[_Stretch], day: int) -> _Stretch:
    """The stretch of ``day``; before day 1, the first."""
    return stretches[max(bisect_right(stretches, day, key=lambda each: each.first_day), 1) - 1]


def _training_day(stretch: _Stretch, day: int) -> int:
    training_day = day - stretch.shift
    if stretch.last_training_day is None:
        return training_day
    return min(training_day, stretch.last_training_day)


def _barred(situation: Situation) -> tuple[Path, Reason] | None:
    """Which path she is on for as long as no contractions are for her."""
    if situation.floor is Floor.OVER_TENSE:
        return Path.RELEASE, Reason.OVER_TENSE
    if situation.has_catheter:
        return Path.BREATHING, Reason.WAITS_FOR_CATHETER
    if situation.perineum is Perineum.OASI and situation.cleared_day is None:
        return Path.BREATHING, Reason.WAITS_FOR_CLEARANCE
    return None


def _beginning(first: int, situation: Situation) -> tuple[int, Reason | None]:
    """Her first day with contractions, and what she waits for until then."""
    days = {
        Reason.LATE_START: situation.started_day,
        Reason.WAITS_FOR_CATHETER: situation.catheter_out_day or 0,
        Reason.WAITS_FOR_CLEARANCE: situation.cleared_day or 0,
    }
    reason = max(days, key=lambda each: days[each])
    return (days[reason], reason) if days[reason] > first else (first, None)
