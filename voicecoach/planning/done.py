"""What a client told of her days -> a quiet view of her weeks. No I/O."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from voicecoach.content.clinical_state import CheckIn, Sign, Situation
from voicecoach.content.programme import Programme
from voicecoach.dates import week_of
from voicecoach.messages import Words
from voicecoach.planning.course import Course


class Felt(StrEnum):
    """How a day felt; of what was told, the gravest."""

    CALL = "call"
    """There was something to call about."""
    PAIN = "pain"
    HEAVY = "heavy"
    LEAKS = "leaks"
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneDay:
    """A day of which something was told."""

    day: int
    on: date
    done: bool | None
    """``None`` where it was not told."""
    felt: Felt | None
    """``None`` where nothing of it was told."""
    step: int | None
    """Of the ladder, from 1; ``None`` on a day without contractions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneWeek:
    """A week of which something was told."""

    week: int
    days: tuple[DoneDay, ...]

    @property
    def days_done(self) -> int:
        """On how many days she practised."""
        return sum(day.done is True for day in self.days)

    @property
    def felt(self) -> dict[str, int]:
        """On how many days it felt how."""
        counted = Counter(day.felt for day in self.days)
        return {each.value: counted[each] for each in Felt if counted[each]}

    @property
    def step(self) -> int | None:
        """The step on the last of its days that has one."""
        return next((day.step for day in reversed(self.days) if day.step is not None), None)


def weeks_done(
    programme: Programme, situation: Situation, birth_date: date, today: int
) -> tuple[DoneWeek, ...]:
    """The weeks of which something was told, up to ``today``, in order."""
    course = Course(programme, situation)
    told = [each for each in situation.check_ins if 1 <= each.day <= today]
    days = (
        DoneDay(
            day=each.day,
            on=birth_date + timedelta(days=each.day),
            done=each.done,
            felt=_felt(each),
            step=course.on(each.day).step,
        )
        for each in sorted(told, key=lambda each: each.day)
    )
    by_week = groupby(days, key=lambda day: week_of(day.day))
    return tuple(DoneWeek(week=week, days=tuple(found)) for week, found in by_week)


def as_text(
    weeks: tuple[DoneWeek, ...], said: Words, *, has_training: bool = True
) -> Iterator[str]:
    """A line for each week, to show or print; without the step where the programme has no
    training."""
    if not weeks:
        yield said("done.nothing")
        return
    yield said("done.heading")
    for each in weeks:
        felt = [said(f"done.felt.{name}", count=count) for name, count in each.felt.items()]
        told = [said("done.days", count=each.days_done), *felt]
        if each.step is not None:
            told.append(said("done.step", step=each.step))
        elif has_training:
            told.append(said("done.no_step"))
        yield said(
            "done.week",
            week=each.week,
            days=_span(each.days[0].on, each.days[-1].on, said),
            told="; ".join(told),
        )


def _span(first: date, last: date, said: Words) -> str:
    if first == last:
        return said.day(first)
    return said("done.span", first=said.day(first), last=said.day(last))


def as_data(weeks: tuple[DoneWeek, ...]) -> dict[str, object]:
    """The same for machines."""
    return {
        "weeks": [
            {
                "week": each.week,
                "days_done": each.days_done,
                "days_told": len(each.days),
                "felt": each.felt,
                "step": each.step,
                "days": [
                    {
                        "day": day.day,
                        "date": str(day.on),
                        "done": day.done,
                        "felt": day.felt,
                        "step": day.step,
                    }
                    for day in each.days
                ],
            }
            for each in weeks
        ]
    }


def _felt(told: CheckIn) -> Felt | None:
    answers = {
        Felt.CALL: told.red_flag,
        Felt.PAIN: told.pain,
        Felt.HEAVY: told.is_heavy,
        Felt.LEAKS: told.leaks,
        Felt.GOOD: Sign.GOOD in told.signs,
    }
    return next((felt for felt, is_so in answers.items() if is_so), None)
