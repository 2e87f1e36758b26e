"""What a woman told of herself, and how the plan sees her on account of it. No I/O, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time

from voicecoach.content.clinical_state import (
    CheckIn,
    Delivery,
    Floor,
    Perineum,
    Position,
    Situation,
)
from voicecoach.content.translation import Guidance
from voicecoach.dates import day_after

TIMES_OF_DAY = (time(7, 30), time(13), time(21))
"""When she listens, where she chose nothing: around three feeds (editorial)."""
MOST_SESSIONS_A_DAY = 3
MOST_LISTED = 24
"""So many voices and times of day she can list: a time for each hour, and nobody needs more."""
LANGUAGES = ("nl", "en")
"""In which the program speaks to her."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The answers of ``init``. ``None`` where she did not say: then the programme says to her
    what holds for everybody."""

    birth_date: date
    """Of the child: day 0."""
    language: str = "nl"
    name: str | None = None
    delivery: Delivery | None = None
    perineum: Perineum | None = None
    has_catheter: bool = False
    catheter_out_on: date | None = None
    floor: Floor | None = None
    position: Position | None = None
    sessions_a_day: int | None = None
    """1 to 3; ``None`` leaves it to the programme."""
    guidance: Guidance | None = None
    """``None``: from much to little, as the programme has it."""
    voices: tuple[str, ...] = ()
    """The first that can be used speaks; with none, the programme's own."""
    cleared_on: date | None = None
    """When a clinician allowed contractions."""
    started: date
    """Her steps count from here."""
    times_of_day: tuple[time, ...] = TIMES_OF_DAY
    """When she listens, in order."""

    def day_of(self, day: date) -> int:
        """Days from the birth to ``day``."""
        return (day - self.birth_date).days

    def today_day(self, today: date) -> int:
        """The day since the birth that ``today`` is."""
        return self.day_of(today)

    def situation(self, check_ins: Sequence[CheckIn] = ()) -> Situation:
        """What the plan has to know. Several check-ins of a day become one."""
        return Situation(
            delivery=self.delivery,
            perineum=self.perineum,
            floor=self.floor,
            position=self.position,
            has_catheter=self.has_catheter,
            sessions_a_day=self.sessions_a_day,
            started_day=self.day_of(self.started),
            cleared_day=None if self.cleared_on is None else self.day_of(self.cleared_on),
            catheter_out_day=(
                None if self.catheter_out_on is None else self.day_of(self.catheter_out_on)
            ),
            check_ins=_one_a_day(check_ins),
        )

    def faults(self, today: date, *, is_kept: bool = False) -> Iterator[tuple[str, str]]:
        """What cannot be so on ``today``: the name of the field, and what is wrong with it.

        What ``is_kept`` in a file may be dated tomorrow: it may have been written further east, or
        before a clock was set right.
        """
        latest = day_after(today) if is_kept else today
        if self.birth_date > latest:
            yield (
                "birth_date",
                f"{self.birth_date} lies in the future (today is {today}): write the day on which"
                " your child was born",
            )
        for name in ("catheter_out_on", "cleared_on", "started"):
            day = getattr(self, name)
            if day is None:
                continue
            if day < self.birth_date:
                yield name, f"{day} lies before the birth ({self.birth_date})"
            elif day > (first_start(self.birth_date, latest) if name == "started" else latest):
                yield name, f"{day} lies in the future (today is {today})"
        if self.has_catheter and self.catheter_out_on is not None:
            yield "catheter_out_on", "a catheter that is still in has not come out on a day"
        if list(self.times_of_day) != sorted(set(self.times_of_day)) or not self.times_of_day:
            yield "times_of_day", "times of day stand in order, each once"
        for name in ("voices", "times_of_day"):
            if len(getattr(self, name)) > MOST_LISTED:
                yield name, too_many(len(getattr(self, name)))


def too_many(count: int) -> str:
    """What is said of a list of ``count`` items, which are more than MOST_LISTED."""
    return f"a list of {count} items, where at most {MOST_LISTED} can be"


def first_start(birth_date: date, today: date) -> date:
    """The day on which she begins who says nothing: today, or the day after the birth."""
    return max(today, day_after(birth_date))


def _one_a_day(check_ins: Sequence[CheckIn]) -> tuple[CheckIn, ...]:
    """In order of day: of each question the latest answer; a red flag stays."""
    merged: dict[int, CheckIn] = {}
    for each in check_ins:
        merged[each.day] = _merged(merged[each.day], each) if each.day in merged else each
    return tuple(merged[day] for day in sorted(merged))


def _merged(earlier: CheckIn, later: CheckIn) -> CheckIn:
    answers = {
        field.name: getattr(later, field.name)
        for field in fields(CheckIn)
        if getattr(later, field.name) is not None
    }
    for stays in ("red_flag", "is_unread"):
        answers[stays] = getattr(earlier, stays) or getattr(later, stays)
    return replace(earlier, **answers)


def parse_voice(text: str) -> str:
    """A voice as the command line names it. Raises ValueError."""
    if not all(text.strip().partition(":")):
        raise ValueError(f"a voice is wanted as espeak:nl+f3 (ENGINE:NAME), not {text[:40]!r}")
    return text.strip()
