"""Programme + situation -> where she is today, and from when contractions, in a few sentences.
No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from voicecoach.content.programme import Programme
from voicecoach.dates import shown_day
from voicecoach.planning import plan
from voicecoach.planning.plan import note
from voicecoach.planning.planner import PlannedDay
from voicecoach.profile.client import Hers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The sentences."""

    born_today: str
    today: str
    past: str
    begin: str
    """Contractions have not begun."""
    until_then: str
    now: str
    again: str
    """None today, but before and later."""
    next: str


_WORDS: Mapping[str, _Words] = {
    "nl": _Words(
        born_today="Vandaag is de dag van de bevalling. Rust uit. Morgen is dag 1.",
        today="Vandaag is dag {day}, in week {week}.",
        past="Vandaag is dag {day}. Het programma loopt tot en met dag {last}.",
        begin="Aanspannen kan vanaf dag {day}, {date}, als het goed voelt.",
        until_then="Tot die tijd rust je, en adem je.",
        now="Aanspannen hoort erbij, als het goed voelt. Doet het pijn? Stop dan voor vandaag.",
        again="Vandaag span je niet aan. Op dag {day}, {date}, weer wel.",
        next="Maak nu je sessies: voicecoach build",
    ),
    "en": _Words(
        born_today="Today is the day you gave birth. Rest. Tomorrow is day 1.",
        today="Today is day {day}, in week {week}.",
        past="Today is day {day}. The programme runs to day {last}.",
        begin="You can tighten from day {day}, {date}, if it feels right.",
        until_then="Until then you rest, and breathe.",
        now="Tightening is part of it, if it feels right. Does it hurt? Then stop for today.",
        again="Today you do not tighten. On day {day}, {date}, you do again.",
        next="Now make your sessions: voicecoach build",
    ),
}


def outlook(programme: Programme, hers: Hers) -> list[str]:
    """The sentences, in her language; the last says which command comes next."""
    words = _WORDS.get(hers.profile.language, _WORDS["en"])
    if hers.day > programme.last_day:
        return [words.past.format(day=hers.day, last=programme.last_day)]
    day = max(hers.day, 1)
    days = plan.plan_weeks(programme, plan.all_weeks(programme), situation=hers.situation)
    lines = [
        words.today.format(day=day, week=hers.week) if hers.day > 0 else words.born_today,
        *_about_contractions(days, day, hers, words),
        words.next,
    ]
    return [line for line in lines if line]


def _about_contractions(
    days: Sequence[PlannedDay], day: int, hers: Hers, words: _Words
) -> list[str]:
    today = days[day - 1]
    reason = note(today.course, hers.profile.language) or ""
    with_contractions = [each.day for each in days if each.contraction_count]
    coming = next((each for each in with_contractions if each >= day), None)
    if coming is None:
        return [reason]
    if coming == day:
        return [reason, words.now]
    when = {
        "day": coming,
        "date": shown_day(hers.profile.birth_date + timedelta(days=coming), hers.profile.language),
    }
    if with_contractions[0] < day:
        return [reason, words.again.format(**when)]
    return [reason, words.begin.format(**when), words.until_then]
