"""What a client reported about herself, and how the plan sees her because of it. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from voicecoach.content.clinical_state import (
    CheckIn,
    Delivery,
    Floor,
    Perineum,
    Position,
    Situation,
)
from voicecoach.content.sport import Ability
from voicecoach.content.translation import Guidance
from voicecoach.dates import day_after
from voicecoach.messages import USUAL, Message
from voicecoach.profile.merging import one_a_day

TIMES_OF_DAY = (time(7, 30), time(13), time(21))
"""When she listens, where she chose nothing: around three feeds (editorial)."""
MOST_SESSIONS_A_DAY, MOST_STEPS = 3, 99
"""So many steps no ladder has."""
MOST_LISTED = 24
"""So many voices and times of day she can list: a time for each hour, and nobody needs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The answers of ``init``. ``None`` where there is no answer: then the programme says what
    holds for everybody."""

    birth_date: date
    """Day 0: of the birth, or of what else the programme counts from."""
    is_after_birth: bool = True
    """Whether day 0 is that of a birth."""
    language: str = USUAL
    country: str | None = None
    """Where she lives, which decides whom she can call; ``None`` is guessed from the language."""
    name: str | None = None
    delivery: Delivery | None = None
    face_up: bool | None = None
    """Whether the baby was born face up."""
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
    """The first that can be used speaks; with none, the usual one."""
    natural_voice: bool | None = None
    """Whether she wants one; ``None``: she was not asked yet."""
    cleared_on: date | None = None
    """When a clinician allowed contractions."""
    first_cleared_on: date | None = None
    """The first of several clearances, from which counts how often she trains."""
    cleared_to: int | None = None
    """The last step, from 1, that she allowed."""
    long_holds: bool = False
    """Whether she chose the optional long holds, at a low effort."""
    checked_on: date | None = None
    """When a pelvic physiotherapist checked how she contracts."""
    started: date
    """Her steps count from here."""
    sport: tuple[tuple[str, Ability], ...] = ()
    sport_on: date | None = None
    """What she told of sport, by id of what she tried, and when."""
    leave_out: tuple[str, ...] = ()
    """Ids of the optional exercises that she leaves out."""
    times_of_day: tuple[time, ...] = TIMES_OF_DAY
    """When she listens, in order."""

    def day_of(self, day: date) -> int:
        """Days from day 0 to ``day``."""
        return (day - self.birth_date).days

    def today_day(self, today: date) -> int:
        """The day, counted from day 0, that ``today`` is."""
        return self.day_of(today)

    def message(self, key: str, **values: object) -> Message:
        """The message ``key``, which is about a birth, or the same about the day 0 of another
        programme."""
        other = f"errors.of_day_zero.{key.removeprefix('errors.')}"
        return Message(key if self.is_after_birth else other, **values)

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
            cleared_day=self._day_if_told(self.cleared_on),
            first_cleared_day=self._day_if_told(self.first_cleared_on),
            cleared_to=self.cleared_to,
            long_holds=self.long_holds,
            has_profile=True,
            face_up=self.face_up,
            checked_day=self._day_if_told(self.checked_on),
            catheter_out_day=self._day_if_told(self.catheter_out_on),
            sport=self.sport,
            sport_day=self._day_if_told(self.sport_on),
            leave_out=self.leave_out,
            check_ins=one_a_day(check_ins),
        )

    def _day_if_told(self, day: date | None) -> int | None:
        return None if day is None else self.day_of(day)

    def faults(self, today: date, *, is_kept: bool = False) -> Iterator[tuple[str, str]]:
        """What cannot be so on ``today``: the name of the field, and what is wrong with it.

        What ``is_kept`` in a file may be dated tomorrow: it may have been written further east, or
        before a clock was set right.
        """
        latest = day_after(today) if is_kept else today
        if self.birth_date > latest:
            born = self.message("errors.birth_in_future", birth_date=self.birth_date, today=today)
            yield "birth_date", born
        for name in ("catheter_out_on", "cleared_on", "checked_on", "started", "sport_on"):
            day = getattr(self, name)
            if day is None:
                continue
            if day < self.birth_date:
                yield name, self.message("errors.before_birth", day=day, birth_date=self.birth_date)
            elif day > (first_start(self.birth_date, latest) if name == "started" else latest):
                yield name, Message("errors.in_future", day=day, today=today)
        if self.has_catheter and self.catheter_out_on is not None:
            yield "catheter_out_on", Message("errors.catheter_still_in")
        if list(self.times_of_day) != sorted(set(self.times_of_day)) or not self.times_of_day:
            yield "times_of_day", Message("errors.times_in_order")
        for name in ("voices", "times_of_day"):
            if len(getattr(self, name)) > MOST_LISTED:
                yield name, too_many(len(getattr(self, name)))


def too_many(count: int) -> str:
    """What is said of a list of ``count`` items, which are more than MOST_LISTED."""
    return Message("errors.too_many", count=count, most=MOST_LISTED)


def first_start(birth_date: date, today: date) -> date:
    """The day on which she begins who says nothing: today, or the day after day 0."""
    return max(today, day_after(birth_date))


def parse_voice(text: str) -> str:
    """A voice as the command line names it. Raises ValueError."""
    if not all(text.strip().partition(":")):
        raise ValueError(Message("errors.no_voice_form", text=text[:40]))
    return text.strip()


_LONGEST_AGO = timedelta(days=2 * 365)

Told = Mapping[str, Any]
"""Fields of a profile and their values."""


def new_profile(told: Told, today: date) -> Profile:
    """A profile of ``told``. Who does not say when she began, begins today: nobody begins with the
    long holds of a later week. Without a day 0, her first day is day 1."""
    if "birth_date" not in told:
        started = told.get("started") or today
        return Profile(**{**told, "birth_date": started - timedelta(days=1), "started": started})
    return Profile(**{"started": first_start(told["birth_date"], today), **told})


def changed(profile: Profile, told: Told, today: date) -> Profile:
    """``profile`` with ``told`` in place of what it said.

    Where that ends what kept her from contractions, her steps count from today: a catheter comes
    out today, a floor that is no longer tense begins today. A clearance has its own day.
    """
    after = _recleared(profile, replace(profile, **told), told)
    first = profile.first_cleared_on or profile.cleared_on
    if "cleared_on" in told:
        is_later = first is not None and after.cleared_on is not None and after.cleared_on > first
        after = replace(after, first_cleared_on=first if is_later else None)
    if "catheter_out_on" not in told and (after.has_catheter or profile.has_catheter):
        after = replace(after, catheter_out_on=None if after.has_catheter else today)
    is_freed = _is_held_back(profile) and not _is_held_back(after)
    is_cleared_only = (after.floor, after.perineum) == (profile.floor, profile.perineum)
    if "started" not in told and is_freed and not is_cleared_only:
        after = replace(after, started=first_start(after.birth_date, today))
    return _mended(profile, after, told, today)


def _recleared(before: Profile, after: Profile, told: Told) -> Profile:
    """``after``, where a later clearance after a third- or fourth-degree tear names no step without
    the step of an earlier one. Elsewhere that step is a limit, which stays; so does the first."""
    if after.perineum is not Perineum.OASI or after.cleared_on is None or "cleared_to" in told:
        return after
    is_anew = before.cleared_on is None or after.cleared_on > before.cleared_on
    return replace(after, cleared_to=None) if is_anew and after.cleared_to != 1 else after


def _mended(before: Profile, after: Profile, told: Told, today: date) -> Profile:
    """``after``, where what could not be so ``before`` and still cannot becomes what allows least:
    a clock that was wrong is wrong in every day that was taken from it."""
    least: dict[str, Any] = {}
    if {"birth_date", "has_catheter"} & told.keys():
        least["catheter_out_on"] = max(today, after.birth_date)
    if "birth_date" in told:
        least |= {"started": first_start(after.birth_date, today), "cleared_on": None}
        least["sport_on"] = None
    was, is_ = ({name for name, _ in each.faults(today, is_kept=True)} for each in (before, after))
    suspect = least.keys() if "birth_date" in was else was
    wrong = suspect & is_ & least.keys() - told.keys()
    return replace(after, **{name: least[name] for name in wrong})


def faults(
    profile: Profile, told: Told, today: date, *, is_kept: bool = False
) -> Iterator[tuple[str, str]]:
    """What cannot be so, by field, once she has ``told``; see :meth:`Profile.faults`. Only what
    she tells just now, and ``is_kept`` in no file yet, cannot be of tomorrow."""
    kept = list(profile.faults(today, is_kept=True))
    yield from kept
    if not is_kept:
        for fault in profile.faults(today):
            if fault[0] in told and fault not in kept:
                yield fault
    if "birth_date" in told and profile.birth_date < today - _LONGEST_AGO:
        message = profile.message("errors.birth_long_ago", birth_date=profile.birth_date)
        yield "birth_date", message


def first_birth_date(today: date) -> date:
    """The earliest day 0 that is taken."""
    return today - _LONGEST_AGO


def _is_held_back(profile: Profile) -> bool:
    """Whether her floor or her tear keeps her from contractions."""
    is_torn = profile.perineum is Perineum.OASI and profile.cleared_on is None
    return is_torn or profile.floor is Floor.OVER_TENSE
