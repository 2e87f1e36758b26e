"""How often a session was planned before -> how it opens, in full or in short. No I/O."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from voicecoach.content.clinical_state import Situation
from voicecoach.content.exercise import Prescription
from voicecoach.content.kinds.breathing import Breathing
from voicecoach.content.kinds.dose import Dose
from voicecoach.content.programme import Programme, ShortOpening
from voicecoach.content.session import Block, Session, TalkBlock
from voicecoach.dates import week_of
from voicecoach.planning.course import Course
from voicecoach.planning.parts import Prescribed, parts_of

Parts = tuple[TalkBlock | Prescription, ...]
_LONG_AGO_DAYS = 7
_LONG_HOLD_MS = 10_000
"""Of longer holds it is always said that letting go sooner is fine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a session that was planned before."""

    times: int
    last_day: int
    last_full_week: int
    doses: tuple[Dose, ...]


class Openings:
    """Opens a session in full until it is familiar, once a week, and whenever its doses changed or
    it was long ago."""

    def __init__(
        self,
        programme: Programme,
        course: Course,
        times_on: Callable[[int], Mapping[str, int]],
        doses_on: Callable[[str, int], tuple[Dose, ...]],
    ) -> None:
        self._short = short = programme.short_opening
        self._familiar = {
            s.id
            for s in programme.sessions
            if short is not None and s.opening is not None and short.shortens in (None, s.opening)
        }
        self._started_day = course.started_day
        self._times_on = times_on
        self._doses_on = doses_on
        self._known: dict[str, _Known] = {}
        self._full_on: list[dict[str, int]] = []

    def full_times(self, id_: str, day: int) -> int:
        """How many times of the session ``id_`` on ``day`` open in full, counted from the first."""
        if self._short is None or day < self._started_day:
            return self._times_on(day)[id_]
        while len(self._full_on) <= day - self._started_day:
            on = self._started_day + len(self._full_on)
            times = self._times_on(on)
            self._full_on.append({each: self._full(each, n, on) for each, n in times.items()})
        return self._full_on[day - self._started_day][id_]

    def _full(self, id_: str, times: int, day: int) -> int:
        if self._short is None or id_ not in self._familiar:
            return times
        doses, known = self._doses_on(id_, day), self._known.get(id_)
        before = 0 if known is None else known.times
        is_due = (
            known is None
            or known.doses != doses
            or known.last_full_week != week_of(day)
            or day - known.last_day > _LONG_AGO_DAYS
        )
        full = max(int(is_due), min(times, self._short.from_time - 1 - before))
        if any(each.hold_ms > _LONG_HOLD_MS for dose in doses for each in dose.contractions):
            full = times
        week = week_of(day) if full or known is None else known.last_full_week
        self._known[id_] = _Known(
            times=before + times, last_day=day, last_full_week=week, doses=doses
        )
        return full


def parts_in_full(
    programme: Programme,
    session: Session,
    situation: Situation,
    days: tuple[int, int],
    prescribed: Prescribed,
) -> Parts:
    """``session`` with the doses of ``days``, with its opening and conditions in full; a catheter
    that she does not have is not mentioned."""
    condition = None if session.condition is None else TalkBlock(talk=session.condition)
    told = (
        replace(condition, without_catheter=situation.has_catheter is False) if condition else None
    )
    blocks = (told if told and b == condition else b for b in session.parts_in(situation.position))
    return tuple(
        chain.from_iterable(
            parts_of(programme, block, situation, days, prescribed) for block in blocks
        )
    )


def parts_in_short(
    programme: Programme,
    session: Session,
    situation: Situation,
    days: tuple[int, int],
    prescribed: Prescribed,
) -> Parts:
    """``session`` with the doses of ``days``, opened in short: what is said of the way that she
    knows is left out."""
    short = programme.short_opening
    assert short is not None
    is_talk = [isinstance(block, TalkBlock) for block in session.blocks]
    begin = is_talk.index(False) if False in is_talk else 0
    ids = [short.opening_in(situation.position)]
    ids += [short.condition] if session.condition else []
    blocks: list[Block] = [
        *(TalkBlock(talk=talk) for talk in ids),
        *session.blocks[begin:],
        *([TalkBlock(talk=session.closing)] if session.closing else []),
    ]
    parts = chain.from_iterable(
        parts_of(programme, block, situation, days, prescribed) for block in blocks
    )
    return tuple(_familiar(list(parts), short))


def _familiar(
    parts: list[TalkBlock | Prescription], short: ShortOpening
) -> Iterator[TalkBlock | Prescription]:
    """``parts`` without the introductions up to the first exercise that is no breathing; of the
    breathing before contractions, only as much as the short opening has."""
    leads_on = any(isinstance(part, Prescription) and part.dose.contractions for part in parts)
    is_beginning = True
    for part in parts:
        if not isinstance(part, Prescription) or not is_beginning:
            yield part
            continue
        is_beginning = leads_on and isinstance(part.dose, Breathing)
        yield replace(_with_breaths(part, short) if is_beginning else part, is_familiar=True)


def _with_breaths(part: Prescription, short: ShortOpening) -> Prescription:
    assert isinstance(part.dose, Breathing)
    sources = {**dict(part.sources), "breaths": dict(short.sources)["breaths"]}
    dose = replace(part.dose, breaths=short.breaths)
    return replace(part, dose=dose, sources=tuple(sources.items()))
