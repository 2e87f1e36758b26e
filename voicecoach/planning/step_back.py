"""Programme -> the load of a day on each step of the ladder, and what a step back leaves of it.
No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecoach.content.clinical_state import ANYONE, CheckIn
from voicecoach.content.programme import Programme
from voicecoach.planning.planned import PlannedDay
from voicecoach.planning.planner import Planner

_LOOK_DAYS = 7
"""The heaviest of so many days counts: not every session is done on every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a day asks for."""

    contractions: int
    under_tension_ms: int
    intensity_percent: int
    """The highest, of her greatest strength."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBack:
    """What pain on the last day of a step changes."""

    step: int
    """From 1."""
    day: int
    before: Load
    """The heaviest day of the week that ends with it."""
    after: Load
    """The heaviest day of the week that follows."""


def steps_back(programme: Programme) -> list[StepBack]:
    """A step back from each step, for a client who began on the first day, to whom nothing else
    applies, and who told of a good day until then. Measured on the plan that she is given."""
    days = range(1, programme.last_day - _LOOK_DAYS + 1)
    good = tuple(CheckIn(day=day, done=True, pain=False, heaviness=False) for day in days)
    well = replace(ANYONE, long_holds=True, check_ins=good)
    course = Planner(programme, well, None)
    last_days = {step: day for day in days if (step := course.day(day).course.step) is not None}
    found = []
    for step, day in last_days.items():
        in_pain = CheckIn(day=day, done=True, pain=True)
        sent_back = Planner(programme, replace(well, check_ins=(*good[: day - 1], in_pain)), None)
        week_before = [course.day(each) for each in range(max(1, day - _LOOK_DAYS + 1), day + 1)]
        on_step = [each for each in week_before if each.course.step == step]
        week_after = [sent_back.day(day + n) for n in range(1, _LOOK_DAYS + 1)]
        found.append(
            StepBack(step=step, day=day, before=_heaviest(on_step), after=_heaviest(week_after))
        )
    return found


def _heaviest(days: Sequence[PlannedDay]) -> Load:
    return Load(
        contractions=max(day.contraction_count for day in days),
        under_tension_ms=max(sum(s.under_tension_ms for s in day.listening) for day in days),
        intensity_percent=max(
            (session.intensity_percent for day in days for session in day.listening), default=0
        ),
    )
