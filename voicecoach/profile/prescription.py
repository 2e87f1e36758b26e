"""What a clinician prescribed for a client, by date: the entries of prescription.yaml. No I/O."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from voicecoach import limits, yaml_faults
from voicecoach.content.client_prescription import ClientPrescription
from voicecoach.content.kinds.dose import Intensity
from voicecoach.content.reading.fields import MAX_SECONDS, RANGE
from voicecoach.messages import Message

LONGEST_BY = 150
LONGEST_WHY = 1000
MOST = {
    "hold_s": MAX_SECONDS,
    "reps": limits.REPS.number,
    "sets": limits.SETS.number,
    "times_a_day": limits.TIMES_A_DAY.number,
}
"""The most of each whole number of an entry, in the order in which they are asked for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An exercise as it is prescribed, with the names of its numbers in the file."""

    exercise: str
    programme: str | None = None
    hold_s: int | None = None
    reps: int | None = None
    sets: int | None = None
    intensity_percent: Intensity | None = None
    times_a_day: int | None = None
    starting_position: str | None = None
    leave_out: tuple[str, ...] = ()
    from_date: date
    until: date
    """Included, as is ``from_date``."""
    by: str
    """Who prescribes it, as typed."""
    why: str | None = None
    """For her file alone: nothing that she hears or sees says it."""
    beyond_limits: str | None = None
    """Why it may go beyond the limits of the programme."""
    line: int | None = field(default=None, compare=False)
    """Where it begins in the file that it was read from."""

    def on_days(self, day_of: Callable[[date], int]) -> ClientPrescription:
        """What the plan has to know; ``day_of`` counts the days since the birth."""
        return ClientPrescription(
            exercise=self.exercise,
            programme=self.programme,
            first_day=day_of(self.from_date),
            last_day=day_of(self.until),
            hold_ms=None if self.hold_s is None else self.hold_s * 1000,
            reps=self.reps,
            sets=self.sets,
            intensity=self.intensity_percent,
            times_a_day=self.times_a_day,
            starting_position=self.starting_position,
            leave_out=self.leave_out,
            by=self.by,
            beyond_limits=self.beyond_limits,
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """What cannot be so: the key, and what is wrong with it."""
        if self.until < self.from_date:
            yield "until", Message("errors.until_before_from", first=self.from_date)
        if self.exercise in self.leave_out:
            yield "leave_out", Message("errors.leaves_itself_out", exercise=self.exercise)
        for key in ("by", "why", "beyond_limits"):
            strange = yaml_faults.STRANGE.search(getattr(self, key) or "")
            if strange is not None:
                yield key, yaml_faults.about(strange[0])
        numbers = (self.hold_s, self.reps, self.sets, self.intensity_percent, self.times_a_day)
        if not any((*numbers, self.starting_position, self.leave_out)):
            yield "exercise", Message("errors.prescribes_nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescriptions:
    """All that was prescribed for a client."""

    current: tuple[Entry, ...] = ()
    """The latest of each exercise, which may be over."""
    earlier: tuple[Entry, ...] = ()
    """What was done before those: the plan of the days since follows from it."""

    def on_days(self, day_of: Callable[[date], int]) -> tuple[ClientPrescription, ...]:
        """What the plan has to know of all; see :meth:`Entry.on_days`."""
        return tuple(each.on_days(day_of) for each in (*self.current, *self.earlier))

    def replaced(self, entry: Entry) -> "Prescriptions":
        """With ``entry`` in place of the one of its exercise, which holds up to the day before."""
        others = tuple(each for each in self.current if each.exercise != entry.exercise)
        before = tuple(each for each in self.current if each.exercise == entry.exercise)
        return Prescriptions(
            current=(*others, entry),
            earlier=tuple(_until(entry.from_date - _DAY, (*self.earlier, *before), entry.exercise)),
        )

    def ended(self, on: date, exercise: str | None) -> "Prescriptions":
        """As if those of ``exercise``, or all, held up to the day before ``on``."""
        return Prescriptions(
            current=tuple(_until(on - _DAY, self.current, exercise)),
            earlier=tuple(_until(on - _DAY, self.earlier, exercise)),
        )

    def running(self, on: date) -> tuple[Entry, ...]:
        """Those that are not over before ``on``."""
        return tuple(each for each in (*self.current, *self.earlier) if each.until >= on)


def _until(last: date, entries: Iterable[Entry], exercise: str | None) -> Iterator[Entry]:
    """``entries``, those of ``exercise`` or all, cut so that none is of a day after ``last``."""
    for each in entries:
        if exercise not in (None, each.exercise):
            yield each
        elif each.from_date <= last:
            yield replace(each, until=min(each.until, last))


def percent_text(intensity: Intensity | None) -> str | None:
    """An intensity as it is written: 30, or 30-40."""
    if intensity is None:
        return None
    low, high = intensity.low_percent, intensity.high_percent
    return str(low) if low == high else f"{low}-{high}"


def parse_percent(text: str) -> Intensity:
    """The intensity that is written as 30 or 30-40. Raises ValueError."""
    match = RANGE.fullmatch(text.strip())
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= low <= high <= 100:
        raise ValueError(Message("errors.no_percent_form", text=text[:20]))
    return Intensity(low_percent=low, high_percent=high)
